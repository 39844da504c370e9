"""Ratios of what is measured twice in the same world."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from ..runs.comparison import CONFIDENCE


def paired_log_ratio(values: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """Mean logarithm of ratios world by world, and half of its 95% interval.

    Missing unless all worlds, and at least two, have both values, and positive ones.
    """
    usable = (values > 0) & (reference > 0)
    if np.count_nonzero(usable) < 2 or not usable.all():
        return math.nan, math.nan
    logs = np.log(values / reference)
    half = stats.t.ppf(0.5 + CONFIDENCE / 2, len(logs) - 1) * logs.std(ddof=1) / math.sqrt(len(logs))
    return float(logs.mean()), float(half)
