"""Paired comparisons: differences between arms on common random numbers, with intervals."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from ..measures.registry import Bounds
from .bounds import measure_bounds

CONFIDENCE = 0.95
NORMAL_975 = 1.959963984540054


@dataclass(frozen=True)
class Estimate:
    """A mean over replications with its 95% interval (Student's t); missing where undefined."""

    mean: float
    low: float
    high: float
    replications: int

    @property
    def has_interval(self) -> bool:
        """Whether there were replications enough for an interval."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def beyond_luck(self) -> int:
        """The sign of what is beyond luck, that is whose interval leaves zero out; 0 of all else."""
        return int(self.low > 0) - int(self.high < 0)


@dataclass(frozen=True)
class Comparison:
    """One measure of two arms, paired by replication.

    Attributes
    ----------
    difference : Estimate
        Of `arm` minus `against`.
    correlation : float
        Between the arms' values over replications.
    variance_reduction : float
        ``(var(arm) + var(against)) / var(difference)``: how many times more replications
        independent luck would have needed for the same precision. Missing if both vary not at all.
    """

    measure: str
    arm: str
    against: str
    arm_mean: float
    against_mean: float
    difference: Estimate
    correlation: float
    variance_reduction: float


def estimate(values: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Mean and t-interval of `values` (missing ones left out); no interval from a single value.

    ``mean +/- t(n - 1) * s / sqrt(n)``.
    """
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    count = len(values)
    if count == 0:
        return Estimate(math.nan, math.nan, math.nan, 0)
    mean = float(values.mean())
    if count == 1:
        return Estimate(mean, math.nan, math.nan, 1)
    half = student(count, confidence) * float(values.std(ddof=1)) / math.sqrt(count)
    return Estimate(mean, mean - half, mean + half, count)


def student(count: int, confidence: float = CONFIDENCE) -> float:
    """Student's quantile of a two-sided interval from `count` values."""
    return float(special.stdtrit(count - 1, 0.5 + confidence / 2))


def estimate_apart(values: np.ndarray, against: np.ndarray, confidence: float = CONFIDENCE) -> Estimate:
    """Difference of the means of two independent samples with Welch's interval (Welch 1947, Biometrika 34).

    Missing values are left out; there is no interval unless each sample has two, one of which varies.
    `replications` counts both.
    """
    from scipy import stats  # which takes a second to import

    left, right = (np.asarray(sample, float) for sample in (values, against))
    left, right = left[np.isfinite(left)], right[np.isfinite(right)]
    if not len(left) or not len(right):
        return Estimate(math.nan, math.nan, math.nan, len(left) + len(right))
    mean = float(left.mean() - right.mean())
    if min(len(left), len(right)) < 2 or not (left.var() or right.var()):
        return Estimate(mean, math.nan, math.nan, len(left) + len(right))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of samples one of which hardly varies
        interval = stats.ttest_ind(left, right, equal_var=False).confidence_interval(confidence)
    return Estimate(mean, float(interval.low), float(interval.high), len(left) + len(right))


def within(found: Estimate, bounds: Bounds) -> Estimate:
    """`found` with its interval cut to what the quantity can be.

    Student's interval of a share may reach below 0 or beyond 1. What is cut off cannot be the truth, so
    that the rest holds it exactly as often as the whole; the mean, and the ends that lie inside, stay.
    """
    low, high = (float(np.clip(end, bounds.lowest, bounds.highest)) for end in (found.low, found.high))
    return replace(found, low=low, high=high)


def replicate_values(runs: pd.DataFrame, arm: str, measure: str) -> np.ndarray:
    """Values of `measure` in `arm` by replicate, shape (replications,).

    Missing where the arm was not run in that replication, and throughout if the measure is unknown.
    """
    replicates, place = np.unique(runs["replicate"].to_numpy(), return_inverse=True)
    values = np.full(len(replicates), np.nan)
    if measure in runs:
        rows = runs["arm"].to_numpy() == arm  # of arrays: a page asks for thousands of these
        values[place[rows]] = runs[measure].to_numpy(float)[rows]
    return values


def compare(runs: pd.DataFrame, arm: str, against: str, measure: str) -> Comparison:
    """Compare one measure of two arms, replication by replication."""
    left, right = replicate_values(runs, arm, measure), replicate_values(runs, against, measure)
    both = np.isfinite(left) & np.isfinite(right)
    left, right = left[both], right[both]
    correlation = reduction = math.nan
    if len(left) > 1:
        spread = left.var(ddof=1), right.var(ddof=1)
        apart = (left - right).var(ddof=1)
        if spread[0] > 0 and spread[1] > 0:
            correlation = float(np.corrcoef(left, right)[0, 1])
        if apart > 0:
            reduction = float((spread[0] + spread[1]) / apart)
    return Comparison(
        measure,
        arm,
        against,
        float(left.mean()) if len(left) else math.nan,
        float(right.mean()) if len(right) else math.nan,
        within(estimate(left - right), measure_bounds(measure).for_differences),
        correlation,
        reduction,
    )


def compare_all(runs: pd.DataFrame, arms: list[str], measures: list[str]) -> list[Comparison]:
    """Every arm against the first, in every measure."""
    return [compare(runs, arm, arms[0], measure) for arm in arms[1:] for measure in measures]


def wilson_ends(share: float, size: float) -> tuple[float, float]:
    """Wilson's 95% interval of a share among so many independent cases."""
    square = NORMAL_975**2
    middle = (share + square / (2 * size)) / (1 + square / size)
    half = NORMAL_975 / (1 + square / size) * math.sqrt(share * (1 - share) / size + square / (4 * size**2))
    return max(0.0, middle - half), min(1.0, middle + half)
