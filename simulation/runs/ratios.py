"""Ratios: one side relative to another over replications, and why there sometimes is none.

Results are given as a share, a multiple or a percent change of other results by these functions alone.
"""

from __future__ import annotations

import math

import numpy as np

from ..languages.speaking import template
from .comparison import CONFIDENCE, Estimate, estimate, student

SIGNED = template(
    "a measure that can be negative has no percent changes: a ratio to a loss has the wrong sign"
)
ZERO = template("what it is compared with is zero, so that there is no ratio")
NEAR_ZERO = template(
    "what it is compared with cannot be told from zero (its 95% interval holds it), so that there is no "
    "ratio; run more replications, or test the difference itself"
)


def why_no_ratio(side: np.ndarray, other: np.ndarray) -> str:
    """Why `side` cannot be given relative to `other`.

    A ratio has the sign that it seems to have only if nothing in it is negative, and an interval with
    two ends only if that of its denominator lies above zero (Fieller 1954, JRSS B 16:175).

    Parameters
    ----------
    side, other : float array, shape (replications,)
        Missing values and their partners are left out.

    Returns
    -------
    str
        Empty if it can be given, or if no replication has both values.
    """
    both = np.isfinite(side) & np.isfinite(other)
    if not both.any():
        return ""
    if min(side[both].min(), other[both].min()) < 0:
        return SIGNED
    whole = estimate(other[both])
    if whole.mean == 0:
        return ZERO
    return NEAR_ZERO if whole.low <= 0 else ""  # of one world there is no interval, and `low` is missing


def ratio_estimate(side: np.ndarray, other: np.ndarray) -> Estimate:
    """Ratio of the means less one, with Fieller's interval (1954, JRSS B 16:175).

    It holds every rho for which pairs of worlds cannot tell ``side`` from ``rho other``, that is to say
    Student's interval of the mean of ``side - rho other`` holds zero. With ``R = mean(side) / mean(other)``,
    what is left of it ``e = side - R other``, and ``T`` the square of Student's quantile by the number of
    worlds, its ends are ``R + u`` with ``u`` from::

        u^2 (mean(other)^2 - T var(other)) + 2 u T cov(e, other) - T var(e) = 0

    So zero lies in the interval if and only if it lies in that of the paired difference: a page that gives
    both never says of the one that it is beyond luck and of the other that it is not. The delta method, which
    takes only ``var(e)``, is too narrow in few worlds. Missing if there is no ratio, see `why_no_ratio`.

    Parameters
    ----------
    side, other : float array, shape (replications,)
        Values of the same worlds; missing ones and their partners are left out.

    Returns
    -------
    Estimate
        No interval from a single world.
    """
    both = np.isfinite(side) & np.isfinite(other)
    side, other = np.asarray(side, float)[both], np.asarray(other, float)[both]
    count = len(side)
    if not count or why_no_ratio(side, other):
        return Estimate(math.nan, math.nan, math.nan, 0)
    middle = other.mean()
    ratio = float(side.mean() / middle)
    if count == 1:
        return Estimate(ratio - 1.0, math.nan, math.nan, 1)
    scale = student(count, CONFIDENCE) ** 2 / count
    left, apart = side - ratio * other, other - middle
    spread, shared, whole = (float(part.sum()) / (count - 1) for part in (left**2, left * apart, apart**2))
    square = float(middle**2) - scale * whole  # above zero where there is a ratio
    reach = math.sqrt((scale * shared) ** 2 + square * scale * spread)
    low, high = ((-scale * shared + side_of * reach) / square for side_of in (-1.0, 1.0))
    return Estimate(ratio - 1.0, ratio - 1.0 + low, ratio - 1.0 + high, count)


def ratio_effects(side: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Relative effect by replication, so that its mean is the ratio of means minus one.

    ``R - 1 + (side - R other) / mean(other)`` with ``R = mean(side) / mean(other)``: the ratio
    linearised around its estimate (delta method), which stays defined where a side is zero. For whatever
    wants a number of each world, such as how many worlds it takes; an interval is that of `ratio_estimate`.
    Missing throughout if there is no ratio, see `why_no_ratio`.

    Parameters
    ----------
    side, other : float array, shape (replications,) or (points, replications)
        Of several points, each by itself.

    Returns
    -------
    float array
        Of the same shape.
    """
    if side.ndim > 1:
        return np.array([ratio_effects(*point) for point in zip(side, other, strict=True)])
    both = np.isfinite(side) & np.isfinite(other)
    if not both.any() or why_no_ratio(side, other):
        return np.full(len(side), np.nan)
    ratio = side[both].mean() / other[both].mean()
    return np.where(both, ratio - 1.0 + (side - ratio * other) / other[both].mean(), np.nan)
