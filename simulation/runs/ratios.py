"""Ratios: one side relative to another over replications, and why there sometimes is none.

Results are given as a share, a multiple or a percent change of other results by these functions alone.
"""

from __future__ import annotations

import numpy as np

from ..languages.speaking import template
from .comparison import estimate

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


def ratio_effects(side: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Relative effect by replication, so that its mean is the ratio of means minus one.

    ``R - 1 + (side - R other) / mean(other)`` with ``R = mean(side) / mean(other)``: the ratio
    linearised around its estimate (delta method), which stays defined where a side is zero.
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
