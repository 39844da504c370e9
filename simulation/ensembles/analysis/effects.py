"""How an outcome moves with the factors, how sure its summary is, and how many worlds it takes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import special

from ...errors import AnalysisError, Problem
from ...runs.bounds import measure_bounds
from ...runs.comparison import CONFIDENCE, Estimate, estimate, within
from ..results import SweepResults
from .sensitivity import complete_outcomes, delta_index, leading_index, ranking, sobol_by_group

TENTHS = 10
INDEX_NAMES = ("value", "value_low", "value_high")
FRACTIONS = (0.25, 0.5, 0.75, 1.0)
MOST_WORLDS = 1_000_000


def partial_dependence(
    results: SweepResults, measure: str, arm: str, against: str | None = None
) -> pd.DataFrame:
    """Mean of an outcome by tenth of each factor's range, or by choice, over all else that varies.

    Parameters
    ----------
    results : SweepResults
        A sweep.
    measure, arm, against : str
        The outcome, see `SweepResults.values`.

    Returns
    -------
    DataFrame
        Columns factor, place (tenth or choice, from 0), value (mean of the factor's values there, or
        the choice), mean, low, high (t-interval over points; over groups of points that share
        coordinates in a Sobol design), points.
    """
    outcomes = results.outcomes(measure, arm, against)
    positions = results.positions(outcomes.index)
    groups = results.groups(outcomes.index)
    rows = []
    for factor in results.factors:
        bins = len(factor.choices) or TENTHS
        place = np.clip((positions[factor.key].to_numpy(float) * bins).astype(int), 0, bins - 1)
        values = results.points.loc[outcomes.index, factor.key]
        for number in range(bins):
            here = place == number
            if not here.any():
                continue
            found = _mean_of(outcomes[here].groupby(groups[here]).mean(), measure, against)
            value = factor.choices[number] if factor.choices else float(values[here].astype(float).mean())
            rows.append((factor.key, number, value, found.mean, found.low, found.high, int(here.sum())))
    return pd.DataFrame(rows, columns=["factor", "place", "value", "mean", "low", "high", "points"])


def convergence(
    results: SweepResults,
    measure: str,
    arm: str,
    against: str | None = None,
    top: str | None = None,
    found: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Mean outcome and the largest index from a quarter, half, three quarters and all of the points.

    Points of a Sobol design are taken in its order, whole groups at a time; any others in a random one.

    Parameters
    ----------
    results : SweepResults
        A sweep.
    measure, arm, against : str
        The outcome, see `SweepResults.values`.
    top : str, optional
        The factor whose index is followed; by default that with the largest from all points.
    found : DataFrame, optional
        Of `indices`, if they are known: the last row then has the same, although delta is resampled.

    Returns
    -------
    DataFrame
        Columns points, mean, low, high, factor, index (ST or delta), value, value_low, value_high; the
        last three missing where there are too few points.
    """
    parts = _growing_parts(results, measure, arm, against)
    top = top or ranking(results, measure, arm, against)[0]
    rows = []
    for part in parts:
        mean = _mean_of(part.groupby(results.groups(part.index)).mean(), measure, against)
        known = found if len(part) == len(parts[-1]) else None
        index = _index_from(results, part, measure, top) if known is None else _index_in(known, top)
        rows.append(
            {
                "points": len(part),
                "mean": mean.mean,
                "low": mean.low,
                "high": mean.high,
                "factor": top,
                "index": "ST" if results.is_sobol else "delta",
                **index,
            }
        )
    return pd.DataFrame(rows)


def _growing_parts(results: SweepResults, measure: str, arm: str, against: str | None) -> list[pd.Series]:
    """Outcomes at each of `FRACTIONS` of the points, the last at all of them."""
    if results.is_sobol:
        whole = complete_outcomes(results, measure, arm, against)
        order, size = whole.index.to_numpy(), results.base_size
    else:
        whole = results.outcomes(measure, arm, against)
        # A grid's first quarter is a corner of it.
        order, size = np.random.default_rng(1).permutation(whole.index.to_numpy()), 1
    return [whole.loc[order[: max(1, round(share * len(order) / size)) * size]] for share in FRACTIONS]


def _mean_of(outcomes: pd.Series, measure: str, against: str | None) -> Estimate:
    """Mean and interval of an outcome, or of its difference between arms, within what that can be."""
    bounds = measure_bounds(measure)
    return within(estimate(outcomes.to_numpy()), bounds.for_differences if against else bounds)


def _index_in(found: pd.DataFrame, top: str) -> dict[str, float]:
    """The leading index of one factor, as it stands in a table of indices."""
    name = leading_index(found)
    ends = found.loc[[top], [name, f"{name}_low", f"{name}_high"]].to_numpy(float)[0]
    return dict(zip(INDEX_NAMES, ends.tolist(), strict=True))


def _index_from(results: SweepResults, part: pd.Series, measure: str, top: str) -> dict[str, float]:
    """The leading index of one factor from some of the points; missing if they do not allow it."""
    if not results.is_sobol:
        return dict(zip(INDEX_NAMES, delta_index(results, part, top).values(), strict=True))
    try:
        table = sobol_by_group(results, part.to_numpy(), measure)
    except AnalysisError:
        return dict.fromkeys(INDEX_NAMES, math.nan)
    return _index_in(table, top)


def replications_needed(
    results: SweepResults, measure: str, arm: str, against: str | None = None, *, width: float
) -> int:
    """Worlds per point for a 95% interval of at most that width at a point of usual spread.

    The smallest n with ``2 t(n - 1) s / sqrt(n) <= width``, where ``s`` squared is the variance between
    worlds of one point, averaged over points.

    Raises
    ------
    AnalysisError
        If points have a single world each, which tells nothing of its spread.
    """
    found = worlds_for(results.values(measure, arm, against), width)
    if found is None:
        raise AnalysisError(
            results.source,
            [
                Problem(
                    "sweep.replications",
                    "no point with two worlds and a value",
                    "at least 2 worlds per point",
                )
            ],
        )
    return found


def worlds_for(values: pd.DataFrame, width: float) -> int | None:
    """As `replications_needed`, from values by point and replicate; none if they have no spread."""
    variances = values.var(axis=1, ddof=1)
    freedom = values.count(axis=1) - 1
    known = freedom > 0
    if not known.any() or not width > 0:
        return None
    variance = float(np.average(variances[known], weights=freedom[known]))
    low, high = 1, 2
    while _width(variance, high) > width and high < MOST_WORLDS:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _width(variance, middle) <= width else (middle, high)
    return high


def _width(variance: float, worlds: int) -> float:
    return float(2 * special.stdtrit(worlds - 1, 0.5 + CONFIDENCE / 2) * np.sqrt(variance / worlds))
