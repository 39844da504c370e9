"""Which factors matter: variance-based, density-based and distribution-based indices.

Sobol's indices split the outcome's variance; they need Saltelli's design and all of it (Saltelli et
al. 2010). Delta (Borgonovo 2007; estimator of Plischke et al. 2013) and PAWN (Pianosi and Wagener
2018) compare the outcome's distribution with and without knowing a factor, from any points.
"""

from __future__ import annotations

import math
import warnings
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ...errors import AnalysisError, Problem
from ...languages.speaking import sentence
from ...runs.comparison import NORMAL_975
from ..results import SweepResults

SEED = 20
SOBOL_RESAMPLES, PAWN_RESAMPLES, DELTA_RESAMPLES = 500, 50, 30
FEWEST = 12
"""Points below which a distribution cannot be compared with its parts."""

DELTA = ("delta", "delta_low", "delta_high")


def indices(results: SweepResults, measure: str, arm: str, against: str | None = None) -> pd.DataFrame:
    """How much of an outcome each factor accounts for, with 95% intervals.

    Parameters
    ----------
    results : SweepResults
        A sweep.
    measure, arm, against : str
        The outcome, see `SweepResults.values`; averaged over replicates.

    Returns
    -------
    DataFrame
        One row per factor. Of a Sobol design, columns S1 and ST; of any other, delta and pawn; each with
        ``_low`` and ``_high``. Column `floor` is what a factor without any effect would reach in 95
        of 100 samples of that size (PAWN, which never falls to zero).

    Raises
    ------
    AnalysisError
        If points of a Sobol design are missing, or if there are too few points or no variation.
    """
    return outcome_indices(results, results.outcomes(measure, arm, against), measure)


def outcome_indices(results: SweepResults, outcomes: pd.Series, name: str) -> pd.DataFrame:
    """As `indices`, of any outcome by point, such as a claim's effect; `name` is for messages."""
    if results.is_sobol:
        return sobol_by_group(results, _complete(results, outcomes, name).to_numpy(), name)
    return _given_data(results, outcomes, name)


def sobol_indices(results: SweepResults, measure: str, arm: str, against: str | None = None) -> pd.DataFrame:
    """First and total order by Saltelli's design; see `indices`."""
    return sobol_by_group(results, complete_outcomes(results, measure, arm, against).to_numpy(), measure)


def sobol_by_group(results: SweepResults, outcomes: np.ndarray, measure: str) -> pd.DataFrame:
    """Indices from outcomes in the design's order, whole groups of it."""
    from SALib.analyze import sobol

    _check_varies(results, outcomes, measure)
    names = [factor.key for factor in results.factors]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = sobol.analyze(
        problem, outcomes, calc_second_order=False, num_resamples=SOBOL_RESAMPLES, seed=SEED
    )
    table = pd.DataFrame(index=pd.Index(names, name="factor"))
    for name in ("S1", "ST"):
        table[name] = found[name]
        table[f"{name}_low"], table[f"{name}_high"] = _ends(found[name], found[f"{name}_conf"])
    return table


def _ends(index: Any, half: Any) -> tuple[Any, Any]:
    """Ends of an index's interval, cut to the 0 to 1 that it can be unless it lies beyond them itself."""
    low, high = np.clip(index - half, 0.0, 1.0), np.clip(index + half, 0.0, 1.0)
    return np.minimum(low, index), np.maximum(high, index)


def complete_outcomes(results: SweepResults, measure: str, arm: str, against: str | None) -> pd.Series:
    """Outcomes at all points of a Sobol design, refused if any is missing.

    A hole cannot be filled: each of these indices compares a point with its own neighbours.
    """
    return _complete(results, results.outcomes(measure, arm, against), measure)


def _complete(results: SweepResults, outcomes: pd.Series, measure: str) -> pd.Series:
    if results.incomplete:
        raise AnalysisError(
            results.source,
            [
                Problem(
                    "sweep",
                    sentence("points without all their runs: {few}", few=_few(results.incomplete)),
                    "every point of a Sobol design; resume the sweep, which runs these again",
                )
            ],
        )
    empty = [int(point) for point in results.points.index if point not in outcomes.index]
    if empty:
        raise AnalysisError(
            results.source,
            [
                Problem(
                    measure,
                    sentence("no value at points {few}", few=_few(empty)),
                    "a measure with a value at every point, or a latin hypercube, which can do without some",
                )
            ],
        )
    return outcomes


def given_data_indices(
    results: SweepResults, measure: str, arm: str, against: str | None = None
) -> pd.DataFrame:
    """Delta and PAWN from whatever points there are; see `indices`."""
    return _given_data(results, results.outcomes(measure, arm, against), measure)


def _given_data(results: SweepResults, outcomes: pd.Series, measure: str) -> pd.DataFrame:
    if len(outcomes) < FEWEST:
        raise AnalysisError(
            results.source,
            [
                Problem(
                    measure,
                    sentence("a value at {count} points", count=len(outcomes)),
                    sentence("at least {fewest} points with a value", fewest=FEWEST),
                )
            ],
        )
    y = outcomes.to_numpy()
    _check_varies(results, y, measure)
    rng = np.random.default_rng(SEED)
    x = _spread(results, results.positions(outcomes.index), rng)
    try:
        rows = [_delta(x[:, place], y, rng) | _pawn(x[:, place], y, rng) for place in range(x.shape[1])]
    except np.linalg.LinAlgError:  # points drawn anew are often all of one value
        raise AnalysisError(
            results.source,
            [
                Problem(
                    measure,
                    "the same value at nearly all points",
                    "an outcome that varies with the factors, or more points",
                )
            ],
        ) from None
    table = pd.DataFrame(rows, index=pd.Index([factor.key for factor in results.factors], name="factor"))
    table["floor"] = _pawn_floor(len(y))
    return table


def delta_index(results: SweepResults, outcomes: pd.Series, key: str) -> dict[str, float]:
    """Delta of one factor with its interval, from some points; missing if there are too few."""
    y = outcomes.to_numpy()
    if len(y) < FEWEST or np.ptp(y) == 0.0:
        return dict.fromkeys(DELTA, math.nan)
    rng = np.random.default_rng(SEED)
    x = _spread(results, results.positions(outcomes.index), rng)
    try:
        return _delta(x[:, [factor.key for factor in results.factors].index(key)], y, rng)
    except np.linalg.LinAlgError:  # as above
        return dict.fromkeys(DELTA, math.nan)


def ranking(results: SweepResults, measure: str, arm: str, against: str | None = None) -> list[str]:
    """Factors by their weight, the largest first; in the order of the sweep if none can be told."""
    return outcome_ranking(results, results.outcomes(measure, arm, against), measure)


def outcome_ranking(results: SweepResults, outcomes: pd.Series, name: str) -> list[str]:
    """As `ranking`, of any outcome by point, such as a claim's effect; `name` is for messages."""
    try:
        table = outcome_indices(results, outcomes, name)
    except AnalysisError:
        if not results.is_sobol:
            return [factor.key for factor in results.factors]
        try:  # a Sobol design with holes is still a set of points
            table = _given_data(results, outcomes, name)
        except AnalysisError:
            return [factor.key for factor in results.factors]
    leading = leading_index(table)
    return [str(key) for key in table.sort_values(leading, ascending=False, kind="stable").index]


def leading_index(table: pd.DataFrame) -> str:
    """The column by which factors are ranked: total order, or delta."""
    return "ST" if "ST" in table else "delta"


def _delta(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """Delta with the bias taken off by the bootstrap (Plischke et al. 2013, eq. 30).

    SALib's estimator on our own resamples: its driver also computes two variants that are not
    wanted, which takes three times as long, and gives up on fewer than about 40 points.
    """
    from SALib.analyze.delta import calc_delta
    from threadpoolctl import threadpool_limits

    count = len(y)
    power = 2.0 / (7.0 + np.tanh((1500.0 - count) / 500.0))
    classes = np.linspace(0, count, int(min(np.ceil(count**power), 48)) + 1)
    grid = np.linspace(y.min(), y.max(), 100)
    drawn = np.empty(DELTA_RESAMPLES)
    # Densities are one-dimensional: threads of the linear algebra only wait for one another.
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes in which the outcome does not vary; they count as none
        plain = calc_delta(y, grid, x, classes)
        for place in range(DELTA_RESAMPLES):
            chosen = rng.integers(count, size=count)
            drawn[place] = calc_delta(y[chosen], grid, x[chosen], classes)
    corrected = 2.0 * plain - drawn
    half = NORMAL_975 * corrected.std(ddof=1)
    middle = corrected.mean()
    low, high = _ends(middle, half)
    return {"delta": middle, "delta_low": low, "delta_high": high}


def _pawn(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> dict[str, float]:
    """PAWN: the median over resamples of points, and their middle 95%."""
    count = len(y)
    drawn = []
    for _ in range(PAWN_RESAMPLES):
        chosen = rng.integers(count, size=count)
        drawn.append(_pawn_median(x[chosen], y[chosen]))
    low, middle, high = np.quantile(drawn, (0.025, 0.5, 0.975))
    return {"pawn": middle, "pawn_low": low, "pawn_high": high}


@cache
def _pawn_floor(count: int) -> float:
    """What PAWN of a factor that has nothing to do with the outcome exceeds in 5 of 100 samples.

    Resampled as the index itself is; it rests on ranks only, so any outcome will do.
    """
    rng = np.random.default_rng(SEED)
    drawn = []
    for _ in range(2 * PAWN_RESAMPLES):
        chosen = rng.integers(count, size=count)
        drawn.append(_pawn_median(rng.random(count)[chosen], rng.random(count)[chosen]))
    return float(np.quantile(drawn, 0.95))


def _pawn_median(x: np.ndarray, y: np.ndarray) -> float:
    from SALib.analyze import pawn

    slices = int(np.clip(len(y) // 12, 3, 10))
    problem = {"num_vars": 1, "names": ["x"], "bounds": [[0.0, 1.0]]}
    return float(pawn.analyze(problem, x[:, None], y, S=slices)["median"][0])


def _spread(results: SweepResults, positions: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Positions, with choices spread over the part of the range that each of them takes.

    Both indices cut the range into slices by rank, which needs values that differ.
    """
    columns = []
    for factor in results.factors:
        place = positions[factor.key].to_numpy(float)
        if factor.choices:
            place = place + (rng.random(len(place)) - 0.5) / len(factor.choices)
        columns.append(place)
    return np.column_stack(columns)


def _check_varies(results: SweepResults, outcomes: np.ndarray, measure: str) -> None:
    if np.ptp(outcomes) <= 1e-12 * max(1.0, float(np.abs(outcomes).max())):
        raise AnalysisError(
            results.source,
            [Problem(measure, "the same value at every point", "an outcome that varies with the factors")],
        )


def _few(points: list[int]) -> str:
    shown = ", ".join(str(point) for point in points[:10])
    return shown + (sentence(" and {count} more", count=len(points) - 10) if len(points) > 10 else "")
