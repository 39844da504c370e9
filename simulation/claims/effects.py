"""The effect that a test looks at, one value per replication, and where effects are computed from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from ..measures.paired_merchants import paired_values
from ..runs.bounds import is_signed
from ..runs.comparison import Estimate, estimate, replicate_values
from ..runs.probes import RAISE, Probe, acting
from ..runs.ratios import SIGNED, ratio_effects, ratio_estimate, why_no_ratio
from ..runs.results import Results
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import TESTS, ClaimTest

TREND_DAYS = 30


@dataclass(frozen=True)
class Effect:
    """Effect by replication, and the two sides that it compares.

    Arrays of shape (replications,), or (points, replications) over a sweep. `reason` says why a single
    run has no effect although both sides have values; empty if it has one. `relative` is whether the effect
    is their ratio less one.
    """

    values: np.ndarray
    side: np.ndarray
    other: np.ndarray
    other_name: str
    reason: str = ""
    relative: bool = False

    def estimate(self, point: int | None = None) -> Estimate:
        """Mean and interval over replications, of one run or at a point (by its row) of a sweep."""
        values, side, other = (
            part if point is None else part[point] for part in (self.values, self.side, self.other)
        )
        return ratio_estimate(side, other) if self.relative else estimate(values)


class Outcomes(Protocol):
    """Where effects are computed from: one run, or every point of a sweep.

    Arrays have shape (replications,), or (points, replications) over a sweep; missing where there is
    no value.
    """

    def world(self, wanted: Probe) -> str:
        """Name under which the world of `wanted`, an arm with or without something changed, is kept."""

    def values(self, world: str, measure: str) -> np.ndarray:
        """A measure of whole runs."""

    def ends(self, arm: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of a daily measure; see `trend_ends`."""

    def paired(self, arm: str, against: str, measure: str) -> np.ndarray:
        """A measure of merchants paired between two arms; see `paired_values`."""


@dataclass(frozen=True)
class RunOutcomes:
    """`Outcomes` of one run."""

    scenario: Scenario
    results: Results

    def world(self, wanted: Probe) -> str:
        """The world in which all that can act in the arm is off; it may be the arm itself."""
        return acting(self.scenario, wanted).name

    def values(self, world: str, measure: str) -> np.ndarray:
        """A measure of whole runs, shape (replications,)."""
        return replicate_values(self.results.runs, world, measure)

    def ends(self, arm: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """Both ends of a daily measure, shapes (replications,)."""
        return trend_ends(self.results.daily, arm, measure, self.scenario.run.warm_up_days)

    def paired(self, arm: str, against: str, measure: str) -> np.ndarray:
        """A measure of merchants paired between two arms, shape (replications,)."""
        return paired_values(self.results.merchants, arm, against, measure, self.scenario.world.days)


def measured_effect(test: ClaimTest, scenario: Scenario, results: Results) -> Effect:
    """The effect that `test` looks at, in one run."""
    return effect_from(test, scenario, RunOutcomes(scenario, results))


def effect_from(test: ClaimTest, scenario: Scenario, outcomes: Outcomes) -> Effect:
    """The effect that `test` looks at, wherever outcomes are kept; missing where there is no ratio."""
    arm, against = scenario.arm(test.arm), scenario.arm(test.against) if test.against else None
    assert arm is not None
    effect: Effect = TESTS[test.kind].effect(test, arm.name, against.name if against else "", outcomes)
    return effect


def side_of(test: ClaimTest, arm: str, without: Sequence[str], outcomes: Outcomes) -> tuple[np.ndarray, str]:
    """What `test` looks at in `arm` without some mechanisms, and the name of that world."""
    world = outcomes.world(Probe(arm, tuple(without)))
    return outcomes.values(world, test.measure), world


def trend_ends(
    daily: pd.DataFrame, arm: str, measure: str, left_out: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Mean of a daily measure over its first and last 30 days with a value, by replication.

    Missing where there are not twice as many days with a value. The first `left_out` days have none.
    """
    rows = daily[(daily["arm"] == arm) & (daily["day"] >= left_out)]
    early, late = [], []
    for _, run in rows.groupby("replicate"):
        values = run.sort_values("day")[measure].dropna().to_numpy(float)
        enough = len(values) >= 2 * TREND_DAYS
        early.append(values[:TREND_DAYS].mean() if enough else math.nan)
        late.append(last_days(values) if enough else math.nan)
    return np.array(early), np.array(late)


def last_days(values: np.ndarray) -> float:
    """Mean over the last 30 days with a value, of which `values` holds all; missing without any."""
    return float(values[-TREND_DAYS:].mean()) if len(values) else math.nan


def elasticity(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Percent change per percent: ``log(after / before) / log(RAISE)``; missing unless positive."""
    defined = (before > 0) & (after > 0)
    ratio = np.divide(after, before, out=np.full(before.shape, np.nan), where=defined)
    return np.log(ratio) / math.log(RAISE)


def from_reference(side: np.ndarray, test: ClaimTest) -> Effect:
    """A value against the reference of a test."""
    return difference(side, np.full(side.shape, test.reference), f"{test.reference:g}", test)


def difference(side: np.ndarray, other: np.ndarray, name: str, test: ClaimTest) -> Effect:
    """One side minus the other, called `name`, or their ratio minus one if the test is relative.

    Arrays of shape (replications,) or (points, replications).
    """
    if not test.relative:
        return Effect(side - other, side, other, name)
    if is_signed(test.measure):  # refused at reading, but what was stored before may ask for it
        return Effect(np.full(side.shape, np.nan), side, other, name, SIGNED)
    reason = why_no_ratio(side, other) if side.ndim == 1 else ""
    return Effect(ratio_effects(side, other), side, other, name, reason, relative=True)
