"""Trends over the size of worlds: a line through values, how sure it is, and where it leads."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from ..languages.speaking import sentence
from ..runs.comparison import CONFIDENCE

Floats = NDArray[np.float64]

LEAST_SIZES, FARTHEST = 3, 10.0
"""Sizes without which there is no trend to follow (two points always lie on a line), and how many times
the largest world run it may be followed to."""
BEND = 0.05
"""Chance at which a straight line is called bent by luck alone."""


@dataclass(frozen=True)
class Trend:
    """Values over x = log10 of persons: the line ``level + slope (x - centre)``, and steps between sizes;
    halves are half-widths of 95% intervals, missing without enough worlds.

    Attributes
    ----------
    bent : bool
        Whether sizes lie further from the line than worlds of one size from one another explain.
    steps, step_halves : array, shape (sizes - 1,)
        Slopes between neighbouring sizes.
    end, end_half, largest : float
        Mean at the largest size, and x there.
    """

    centre: float
    level: float
    level_half: float
    slope: float
    slope_half: float
    bent: bool
    steps: Floats
    step_halves: Floats
    end: float
    end_half: float
    largest: float


def fit_trend(x: Floats, y: Floats) -> Trend:
    """Weighted least squares of worlds' values `y` over the logarithm `x` of size, of which two at least.

    Weights are one over the variance between worlds of one size (`weights_by_size`). The spread around
    the line, ``sum w (y - line)^2 / (N - 2)``, sets the intervals (Student's t). If an F-test finds the
    line bent (lack of fit against spread within sizes, at 5%), its slope is but an average over the
    sizes run, and the spread within sizes sets the intervals, as it always does those of steps.
    """
    sizes, place = np.unique(x, return_inverse=True)
    by_size = weights_by_size(sizes, place, y)
    weight, means = by_size[place], _means(place, y)
    centre, level = np.average(x, weights=weight), np.average(y, weights=weight)
    across = float((weight * (x - centre) ** 2).sum())
    slope = float((weight * (x - centre) * (y - level)).sum()) / across
    missed = float((weight * (y - level - slope * (x - centre)) ** 2).sum())
    within = float((weight * (y - means[place]) ** 2).sum())
    more, again = len(sizes) - 2, len(x) - len(sizes)
    bent = more > 0 < again and bool(
        stats.f.sf(quotient((missed - within) / more, within / again), more, again) < BEND
    )
    luck = _half_unit(within, again)
    half = luck if bent else _half_unit(missed, len(x) - 2)
    of_means = luck / np.sqrt(by_size * np.bincount(place))
    apart = np.diff(sizes)
    return Trend(
        float(centre),
        float(level),
        half / math.sqrt(weight.sum()),
        slope,
        half / math.sqrt(across),
        bent,
        np.diff(means) / apart,
        np.hypot(of_means[1:], of_means[:-1]) / apart,
        float(means[-1]),
        float(of_means[-1]),
        float(sizes[-1]),
    )


def _half_unit(squares: float, freedom: int) -> float:
    """Half-width of the 95% interval of one value of weight 1; missing without freedom."""
    if freedom <= 0:
        return math.nan
    return float(special.stdtrit(freedom, 0.5 + CONFIDENCE / 2)) * math.sqrt(squares / freedom)


def weights_by_size(sizes: Floats, place: NDArray[np.intp], y: Floats) -> Floats:
    """Weight of one world of each size, shape (sizes,): one over the variance between such worlds.

    That variance is taken to be ``c size^-b``, b from 0 to 1 (1 if a world is the mean of independent
    parts) with the greatest likelihood of the variances seen (chi-squared, a degree of freedom less than
    worlds). So sizes run but once have a weight, and two worlds that happen to be alike are not taken to
    be sure. With fewer than two sizes run again b is 0.
    """
    freedom = np.bincount(place) - 1
    squares = np.bincount(place, (y - _means(place, y)[place]) ** 2)
    if np.count_nonzero(freedom) < 2 or not squares.any():
        return np.ones(len(sizes))
    away = sizes - sizes.mean()
    powers = np.linspace(0.0, 1.0, 21)
    raised = 10.0 ** (powers[:, None] * away)
    unlikely = freedom.sum() * np.log((squares * raised).sum(axis=1))
    unlikely -= powers * math.log(10) * (freedom * away).sum()
    return np.asarray(raised[int(unlikely.argmin())])


def _means(place: NDArray[np.intp], y: Floats) -> Floats:
    return np.bincount(place, y) / np.bincount(place)


def quotient(part: float, whole: float) -> float:
    """``part / whole``; nothing of nothing is nothing."""
    return part / whole if whole else math.copysign(math.inf, part) if part else 0.0


def interval_ends(value: float, half: float) -> list[float]:
    """A value with the low and the high end of its interval."""
    return [value, value - half, value + half]


def followed(trend: Trend, x: float) -> list[float]:
    """Value, low and high end at x = log10 of persons; see `scale.foreseen`."""
    if not trend.bent:
        away = x - trend.centre
        return interval_ends(
            trend.level + trend.slope * away, math.hypot(trend.level_half, trend.slope_half * away)
        )
    away = x - trend.largest
    value = trend.end + float(trend.steps[-1]) * away
    half = math.hypot(trend.end_half, float(trend.step_halves[-1]) * away)
    stays = interval_ends(trend.end, trend.end_half)
    return [value, min(stays[1], value - half), max(stays[2], value + half)]


def why_unforeseen(trend: Trend | None, sizes: int, x: float) -> str:
    """Why a trend must not be followed so far; empty if it may be."""
    if trend is None or sizes < LEAST_SIZES:
        return sentence("values at fewer than {least_sizes} sizes", least_sizes=LEAST_SIZES)
    if not math.isfinite(trend.level_half):
        return "no interval"
    if x > trend.largest + math.log10(FARTHEST) + 1e-9:
        return sentence("more than {farthest:g} times the largest world run", farthest=FARTHEST)
    return "the trend grows steeper" if trend.bent and np.argmax(abs(trend.steps[::-1])) == 0 else ""
