"""For a decision: what each arm may cost over the worlds that are possible, and what to know more is worth.

Worlds are the points of a sweep, as likely as one another; arms are the settings that one can choose. Luck
within a world is averaged over its replications.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer

from ...errors import AnalysisError, Problem
from ...languages.speaking import sentence
from ...measures import MEASURES
from ...measures.registry import LOWER
from ...runs.bounds import base_measure
from ..results import SweepResults

KNOTS, FOLDS = 5, 5
FEWEST_WORLDS = 20
PENALTIES = np.logspace(-2, 4, 13)


@dataclass(frozen=True)
class Decision:
    """What is to be chosen, by one measure.

    Attributes
    ----------
    measure : str
        More of it is better, unless it says that less is.
    settings : DataFrame
        One row per arm (index ``arm``), least mean regret first: ``mean``; ``mean_regret`` and
        ``worst_regret``, what the best arm of a world gives more, on average and at worst; ``best_in``, the
        share of worlds in which it is best.
    known_all : float
        Expected value of perfect information: what choosing anew in each world gives more on average than the
        arm of the highest mean.
    known : Series
        The same of knowing one parameter alone, by key, highest first.
    """

    measure: str
    settings: pd.DataFrame
    known_all: float
    known: pd.Series

    @property
    def sentence(self) -> str:
        """The choice in words, to be told."""
        best = self.settings.iloc[0]
        text = sentence(
            "By {measure}, {best} is best in {best_in:.0%} of the worlds and costs {mean:.3g} on average, "
            "{worst:.3g} at worst, against the best choice in each.",
            measure=self.measure,
            best=best.name,
            best_in=best["best_in"],
            mean=best["mean_regret"],
            worst=best["worst_regret"],
        )
        if self.known.empty or self.known.iloc[0] <= 0:
            return sentence("{text} Knowing any one parameter would not change it.", text=text)
        return sentence(
            "{text} To know {key} before choosing would be worth {worth:.3g}, of {everything:.3g} for "
            "knowing everything.",
            text=text,
            key=self.known.index[0],
            worth=self.known.iloc[0],
            everything=self.known_all,
        )


def decide(results: SweepResults, measure: str) -> Decision:
    """Regret of each arm over the worlds of a sweep, and the value of information (see `Decision`).

    The value of knowing one parameter follows Strong, Oakley and Brennan (2014, Medical Decision Making
    34:311): each arm's outcome is regressed on it (penalised splines), in each world the arm is chosen that
    the other worlds foresee to be best at its value, and what that gives is set against the arm of the
    highest mean.

    Raises
    ------
    AnalysisError
        If fewer than `FEWEST_WORLDS` worlds have a value in every arm.
    """
    arms = [arm.name for arm in results.scenario.arms]
    table = pd.DataFrame({arm: results.outcomes(measure, arm) for arm in arms}).dropna()
    if len(table) < FEWEST_WORLDS:
        raise AnalysisError(
            results.source,
            [
                Problem(
                    "sweep",
                    sentence(
                        "{count} points with a value of '{measure}' in every arm",
                        count=len(table),
                        measure=measure,
                    ),
                    sentence("at least {fewest_worlds} to weigh a decision by", fewest_worlds=FEWEST_WORLDS),
                )
            ],
        )
    base = base_measure(measure)
    sign = -1.0 if base and MEASURES[base].better == LOWER else 1.0
    table *= sign
    regret = -table.sub(table.max(axis=1), axis=0)
    settings = pd.DataFrame(
        {
            "mean": sign * table.mean(),
            "mean_regret": regret.mean(),
            "worst_regret": regret.max(),
            "best_in": (regret == 0).mean(),
        }
    )
    positions = results.positions(table.index)
    known = {factor.key: _worth(positions[factor.key].to_numpy(float), table) for factor in results.factors}
    return Decision(
        measure,
        settings.sort_values("mean_regret", kind="stable").rename_axis("arm"),
        float(table.max(axis=1).mean() - table.mean().max()),
        pd.Series(known, dtype=float).sort_values(ascending=False, kind="stable"),
    )


def _worth(position: np.ndarray, table: pd.DataFrame) -> float:
    """What knowing one parameter, at these positions, is worth: never less than nothing."""
    model = make_pipeline(SplineTransformer(n_knots=KNOTS), RidgeCV(PENALTIES))
    folds = KFold(FOLDS, shuffle=True, random_state=1)
    foreseen = cross_val_predict(model, position[:, None], table.to_numpy(float), cv=folds)
    chosen = table.to_numpy(float)[np.arange(len(table)), foreseen.argmax(axis=1)]
    return max(0.0, float(chosen.mean() - table.mean().max()))
