"""The effect that each kind of test looks at, one value a replication."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..experiments.arms import RAISE, Probe, effective
from ..experiments.compare import values_of
from ..experiments.execution import Results
from ..experiments.paired_merchants import paired_values
from ..scenario.claim import ClaimTest
from ..scenario.scenario import Scenario

TREND_DAYS = 30


@dataclass(frozen=True)
class Effect:
    """Effect by replication, and the two sides that it compares; arrays of shape (replications,)."""

    values: np.ndarray
    side: np.ndarray
    other: np.ndarray
    other_name: str


def effect_of(test: ClaimTest, scenario: Scenario, results: Results) -> Effect:
    """The effect that `test` looks at."""
    arm = scenario.arm(test.arm)
    assert arm is not None
    if test.kind == "level":
        side = values_of(results.runs, arm.name, test.measure)
        return _difference(side, np.full(len(side), test.reference), f"{test.reference:g}", test)
    if test.kind == "trend":
        early, late = ends_of(results.daily, arm.name, test.measure)
        return _difference(late, early, f"first {TREND_DAYS} days", test)
    if test.kind == "elasticity":
        return _elasticities(test, arm.name, results.runs)
    against = scenario.arm(str(test.against))
    assert against is not None
    if test.kind == "merchants":
        days = scenario.world.days
        side = paired_values(results.merchants, arm.name, against.name, test.measure, days)
        return _difference(side, np.full(len(side), test.reference), f"{test.reference:g}", test)
    without = effective(scenario, against, tuple(test.against_without))
    other = Probe(against.name, without).name
    return _difference(
        values_of(results.runs, arm.name, test.measure),
        values_of(results.runs, other, test.measure), other, test,
    )


def ends_of(daily: pd.DataFrame, arm: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean of a daily measure over its first and last 30 days with a value, by replication.

    Missing where there are not twice as many days with a value.
    """
    rows = daily[daily["arm"] == arm]
    early, late = [], []
    for _, run in rows.groupby("replicate"):
        values = run.sort_values("day")[measure].dropna().to_numpy(float)
        enough = len(values) >= 2 * TREND_DAYS
        early.append(values[:TREND_DAYS].mean() if enough else math.nan)
        late.append(values[-TREND_DAYS:].mean() if enough else math.nan)
    return np.array(early), np.array(late)


def elasticity(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Percent change per percent: ``log(after / before) / log(RAISE)``; missing unless positive."""
    defined = (before > 0) & (after > 0)
    ratio = np.divide(after, before, out=np.full(len(before), np.nan), where=defined)
    return np.log(ratio) / math.log(RAISE)


def _elasticities(test: ClaimTest, arm: str, runs: pd.DataFrame) -> Effect:
    base = values_of(runs, arm, test.measure)
    both = [
        elasticity(base, values_of(runs, Probe(arm, (), str(factor)).name, test.measure))
        for factor in (test.factor, test.against_factor)
    ]
    return Effect(both[0] - both[1], both[0], both[1], f"elasticity to {test.against_factor}")


def _difference(side: np.ndarray, other: np.ndarray, name: str, test: ClaimTest) -> Effect:
    return Effect(ratio_effects(side, other) if test.relative else side - other, side, other, name)


def ratio_effects(side: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Relative effect by replication, so that its mean is the ratio of means minus one.

    ``R - 1 + (side - R other) / mean(other)`` with ``R = mean(side) / mean(other)``: the ratio
    linearised around its estimate (delta method), which stays defined where a side is zero.
    Missing if the other side is zero throughout.
    """
    both = np.isfinite(side) & np.isfinite(other)
    if not both.any() or other[both].mean() == 0:
        return np.full(len(side), np.nan)
    ratio = side[both].mean() / other[both].mean()
    return np.where(both, ratio - 1.0 + (side - ratio * other) / other[both].mean(), np.nan)
