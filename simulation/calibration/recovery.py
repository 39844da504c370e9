"""Recovery: which parameters would be found again from data that the model itself has made.

Every point of the first wave is a world whose parameters are known. Calibrated to that world's own
figures, each parameter gets a 90% interval: by regression forests that have not seen the world (ABC
random forests: Raynal et al. 2019, Bioinformatics 35:1720; package quantile-forest), from the figures
and from a polynomial's guess at the parameter (semi-automatic summaries: Fearnhead and Prangle 2012,
JRSS B 74:419). Forests are somewhat too sure of themselves; half of the worlds serve to widen their
intervals to the nominal rate (conformalized quantile regression: Romano, Patterson and Candes 2019),
the other half to see whether they hold the truth in nine cases of ten, and the other way round.

An interval that holds the truth but is as wide as the range allowed at first tells nothing: such a
parameter is recovered, but not identified.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from quantile_forest import RandomForestQuantileRegressor
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from .asked import calibration_sweep
from .judging.ranks import LEVELS, evenness, ranks
from .waves.wave import Calibrated, positions_in

Floats = NDArray[np.float64]

LOWER, UPPER = 0.05, 0.95
NOMINAL = UPPER - LOWER
QUANTILES = [LOWER, 0.5, UPPER]
TREES, LEAF, FOLDS = 200, 15, 10
PENALTIES = np.logspace(-1, 4, 11)
NARROW = 2 / 3
"""A parameter counts as identified if its interval is at most this part of the prior's."""
SLACK = 2.0
"""Standard errors by which coverage may differ from nominal."""


def recover(calibrated: Calibrated) -> pd.DataFrame:
    """Coverage and width of the 90% intervals of every free parameter.

    Returns
    -------
    DataFrame
        One row per parameter (index ``key``): ``coverage``, share of worlds whose truth the interval
        holds; ``recovered``, whether that is nine in ten, give or take luck; ``width``, the mean width
        over that of the prior's 90% interval; ``correlation`` of the middle estimate with the truth;
        ``identified``; ``ranks``, how many truths lie in each tenth of what is thought of them, and ``even``,
        the chance of so uneven ones by luck; ``low``, ``middle`` and ``high``, what the facts themselves say
        of it, as positions 0 to 1 in its range.
    """
    wave = calibrated.waves[0]
    places = positions_in(calibrated.scenario, wave.points)
    facts = pd.DataFrame({fact.id: [fact.middle] for fact in calibrated.facts})
    figures = _figures(pd.concat([wave.values[list(facts)], facts], ignore_index=True))
    rows = {
        factor.key: _recovered(figures[:-1], places[factor.key].to_numpy(float), figures[-1:])
        for factor in calibration_sweep(calibrated.scenario).factors
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("key")


def _recovered(seen: Floats, truth: Floats, facts: Floats) -> dict[str, float | bool | list[int]]:
    """One parameter: see `recover`."""
    guess = _guesser()
    folds = KFold(min(FOLDS, len(truth)), shuffle=True, random_state=1)
    guesses = cross_val_predict(guess, seen, truth, cv=folds)
    features = np.column_stack([guesses, seen])
    forest = RandomForestQuantileRegressor(
        n_estimators=TREES,
        min_samples_leaf=LEAF,
        max_features=0.5,
        bootstrap=True,
        oob_score=True,
        random_state=1,
    ).fit(features, truth)
    low, middle, high = forest.predict(features, quantiles=QUANTILES, oob_score=True).T
    half = np.arange(len(truth)) % 2 == 0
    inside, widths, slips = np.zeros(len(truth), bool), np.zeros(len(truth)), []
    for widen in (half, ~half):
        slips.append(conformal_slip(low[widen], high[widen], truth[widen]))
        lower, upper = np.clip(low - slips[-1], 0, 1), np.clip(high + slips[-1], 0, 1)
        inside[~widen] = ((lower <= truth) & (truth <= upper))[~widen]
        widths[~widen] = (upper - lower)[~widen]
    coverage, width = float(inside.mean()), float(widths.mean()) / NOMINAL
    # Luck enters twice: in the half that widens and in the half that is looked at.
    error = (2 * NOMINAL * (1 - NOMINAL) / len(truth)) ** 0.5
    slip = float(np.mean(slips))
    told = np.column_stack([guess.fit(seen, truth).predict(facts), facts])
    told = forest.predict(told, quantiles=QUANTILES)[0]
    recovered = bool(coverage >= NOMINAL - SLACK * error)
    counts, even = evenness(ranks(forest.predict(features, quantiles=LEVELS, oob_score=True), truth))
    return {
        "coverage": coverage,
        "recovered": recovered,
        "width": width,
        "correlation": float(np.corrcoef(middle, truth)[0, 1]) if middle.std() > 0 else 0.0,
        "identified": recovered and width <= NARROW,
        "ranks": counts,
        "even": even,
        "low": float(max(0.0, told[0] - slip)),
        "middle": float(told[1]),
        "high": float(min(1.0, told[2] + slip)),
    }


def conformal_slip(low: Floats, high: Floats, truth: Floats) -> float:
    """By how much to widen intervals so that they hold nine in ten of the truths.

    The ``ceil(0.9 (n + 1)) / n`` quantile of ``max(low - truth, truth - high)``.
    """
    outside = np.maximum(low - truth, truth - high)
    rank = min(1.0, np.ceil(NOMINAL * (len(truth) + 1)) / len(truth))
    return float(np.quantile(outside, rank))


def _guesser() -> Pipeline:
    """A polynomial of the second degree from figures to a parameter."""
    return make_pipeline(
        StandardScaler(), PolynomialFeatures(2, include_bias=False), StandardScaler(), RidgeCV(PENALTIES)
    )


def _figures(values: pd.DataFrame) -> Floats:
    """Figures as regressions take them: logarithms where none is negative, missing ones lowest."""
    columns = []
    for name in values:
        column = values[name].replace([np.inf, -np.inf], np.nan)
        if (column.dropna() >= 0).all() and (column > 0).any():
            column = np.log(column.clip(lower=column[column > 0].min() / 2))
        columns.append(column.fillna(column.min()))
    return np.column_stack(columns).astype(float)
