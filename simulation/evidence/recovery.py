"""Recovery: which parameters would be found again from data that the model itself has made.

Every point of the first wave is a world whose parameters are known. Calibrated to that world's own
figures, by regression forests that have not seen it (ABC random forests: Raynal et al. 2019,
Bioinformatics 35:1720; package quantile-forest), each parameter gets a 90% interval. Over all points
the interval must hold the truth in nine cases of ten, and it must be clearly narrower than the range
that was allowed at first: otherwise the facts do not tell the parameter, however good they are.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from quantile_forest import RandomForestQuantileRegressor

from .calibrate import Calibrated, positions_in, sweep_of

LOWER, UPPER = 0.05, 0.95
NOMINAL = UPPER - LOWER
TREES, LEAF = 300, 5
NARROW = 2 / 3
"""A parameter counts as identified if its interval is at most this part of the prior's."""
SLACK = 2.0
"""Standard errors by which coverage may fall short of nominal."""


def recover(calibrated: Calibrated) -> pd.DataFrame:
    """Coverage and width of the 90% intervals of every free parameter.

    Returns
    -------
    DataFrame
        A row a parameter (index ``key``): ``coverage``, share of worlds whose truth the interval
        holds; ``width``, its mean width over that of the prior's 90% interval; ``correlation`` of the
        middle estimate with the truth; ``identified``; ``low``, ``middle`` and ``high``, what the
        facts themselves say of it, as positions 0 to 1 in its range.
    """
    wave = calibrated.waves[0]
    places = positions_in(calibrated.scenario, wave.points)
    seen = _finite(wave.values)
    facts = _finite(pd.DataFrame(
        {fact.id: [fact.middle] for fact in calibrated.facts}
    ))
    rows = {}
    for factor in sweep_of(calibrated.scenario).factors:
        truth = places[factor.key].to_numpy(float)
        rows[factor.key] = _recovered(seen, truth, facts)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("key")


def _recovered(
    seen: NDArray[np.float64], truth: NDArray[np.float64], facts: NDArray[np.float64]
) -> dict[str, float | bool]:
    forest = RandomForestQuantileRegressor(
        n_estimators=TREES, min_samples_leaf=LEAF, bootstrap=True, oob_score=True, random_state=1
    ).fit(seen, truth)
    quantiles = [LOWER, 0.5, UPPER]
    low, middle, high = forest.predict(seen, quantiles=quantiles, oob_score=True).T
    coverage = float(((low <= truth) & (truth <= high)).mean())
    width = float((high - low).mean()) / NOMINAL
    error = (NOMINAL * (1 - NOMINAL) / len(truth)) ** 0.5
    told = forest.predict(facts, quantiles=quantiles)[0]
    return {
        "coverage": coverage, "width": width,
        "correlation": float(np.corrcoef(middle, truth)[0, 1]) if middle.std() > 0 else 0.0,
        "identified": bool(width <= NARROW and coverage >= NOMINAL - SLACK * error),
        "low": float(told[0]), "middle": float(told[1]), "high": float(told[2]),
    }


def _finite(values: pd.DataFrame) -> NDArray[np.float64]:
    """Values as a forest takes them: a missing one stands below all others, which trees can tell."""
    return values.fillna(-1.0).to_numpy(float)
