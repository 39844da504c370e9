"""Candidates of a policy search: settings of the levers, what they bring, and the Pareto front."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...languages.python_errors import MEANINGS
from ...languages.retelling import retold
from ...languages.speaking import Sentence, phrase, sentence, template, told
from ...runs.bounds import measure_bounds
from ...runs.comparison import estimate, within
from ...scenario.scenario import Scenario
from ...scenario.sections.policy_search import Goal, PolicySearch
from ..execution.failures import reason_of

TODAY = 0
"""Number of the candidate that is the scenario as it stands."""
FAILED = template("world {world}: {error}")
NO_VALUE = template("{name} has no value in world {world}")
NOT_ALLOWED = template("not allowed: {key}: {found}")
REASONS = (NOT_ALLOWED, FAILED, NO_VALUE)
"""Why a setting failed, as it stands in the table of settings once its values are filled in."""


@dataclass(frozen=True)
class Candidate:
    """One setting of the levers.

    Attributes
    ----------
    number : int
        In the order in which settings came up; 0 is today's.
    generation : int
        In which it came up first.
    levers : dict
        Dotted keys and their values.
    values : float array, shape (goals, replications)
        What the goals are in each world, in the measures' units; missing where there is no value.
    reason : str
        Why it failed; empty if it did not.
    """

    number: int
    generation: int
    levers: dict[str, Any]
    values: NDArray[np.float64]
    reason: str = ""

    @property
    def means(self) -> list[float]:
        """Mean of each goal over the worlds."""
        return [float(mean) for mean in self.values.mean(axis=1)]


def goal_values(
    scenario: Scenario, goals: Sequence[Goal], runs: Sequence[dict[str, Any]]
) -> tuple[NDArray[np.float64], str]:
    """What each goal is in each world, and the first reason why one has no value.

    Parameters
    ----------
    scenario : Scenario
        Says which arm plays which role.
    goals : sequence of Goal
    runs : sequence of dict
        Finished runs of one setting, a world each, as they are kept on disk.

    Returns
    -------
    values : float array, shape (goals, replications)
    reason : str
        Empty if every goal has a value in every world.
    """
    values = np.full((len(goals), len(runs)), np.nan)
    for world, run in enumerate(runs):
        if run["error"]:
            return values, sentence(FAILED, world=world, error=reason_of(run))
        for row, goal in enumerate(goals):
            values[row, world] = _value(scenario, goal, run["arms"])
            if not math.isfinite(values[row, world]):
                return values, sentence(NO_VALUE, name=goal.name, world=world)
    return values, ""


def reason_told(reason: str, goals: Mapping[str, str] | None = None) -> str:
    """Why a setting failed, as found or as it is kept in the table, in the language that is spoken.

    Parameters
    ----------
    reason : str
    goals : mapping of str to str, optional
        What readers call each goal, by its name in the table.
    """
    for name, label in (goals or {}).items():
        rest = reason.removeprefix(NO_VALUE.partition("{world}")[0].format(name=name))
        if rest != reason:
            return phrase("“{name}” has no value in world {world}", name=label, world=rest)
    if isinstance(reason, Sentence):
        return told(reason)
    return retold(reason, (*REASONS, *MEANINGS.values()), (), ("key", "name", "kind", "text"))


def _value(scenario: Scenario, goal: Goal, arms: dict[str, dict[str, float | None]]) -> float:
    side, *other = [_of_arm(scenario, name, goal.measure, arms) for name in (goal.arm, goal.against) if name]
    return side - other[0] if other else side


def _of_arm(scenario: Scenario, name: str, measure: str, arms: dict[str, dict[str, float | None]]) -> float:
    arm = scenario.arm(name)
    assert arm is not None  # checked with the scenario
    value = arms.get(arm.name, {}).get(measure)
    return math.nan if value is None else float(value)


def is_on_front(values: NDArray[np.float64], goals: Sequence[Goal]) -> NDArray[np.bool_]:
    """Which rows no other row dominates: is nowhere worse and somewhere better.

    Parameters
    ----------
    values : float array, shape (candidates, goals)
        Without missing values.
    goals : sequence of Goal
        Say which way is better.

    Returns
    -------
    bool array, shape (candidates,)
    """
    better = oriented(values, goals)
    dominated = [bool(np.any((better >= row).all(axis=1) & (better > row).any(axis=1))) for row in better]
    return ~np.array(dominated, bool)


def oriented(values: NDArray[np.float64], goals: Sequence[Goal]) -> NDArray[np.float64]:
    """`values`, whose last axis is goals, so signed that higher is better."""
    return values * np.array([1.0 if goal.direction == "higher" else -1.0 for goal in goals])


def candidate_table(search: PolicySearch, candidates: Iterable[Candidate]) -> pd.DataFrame:
    """One row per candidate, as in ``candidates.parquet``.

    Columns: candidate, generation, on_front, reason (why it failed, or empty), one column per lever, and of
    each goal ``<goal>``, the mean over worlds; ``<goal>.low`` and ``.high``, its 95% interval
    (Student's t, cut to what it can be); ``<goal>.change``, ``.change_low`` and ``.change_high``, the
    difference from today's setting on the same luck. Missing where a candidate, or for changes today's,
    failed.
    """
    rows = sorted(candidates, key=lambda candidate: candidate.number)
    today = next((row for row in rows if row.number == TODAY and not row.reason), None)
    table = pd.DataFrame([_row(search, candidate, today) for candidate in rows])
    done = (table["reason"] == "").to_numpy()
    front = np.zeros(len(table), bool)
    if done.any():
        front[done] = is_on_front(
            table.loc[done, [goal.name for goal in search.goals]].to_numpy(float), search.goals
        )
    table.insert(2, "on_front", front)
    return table


def _row(search: PolicySearch, candidate: Candidate, today: Candidate | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "candidate": candidate.number,
        "generation": candidate.generation,
        "reason": candidate.reason,
    } | candidate.levers
    missing = np.full(search.replications, np.nan)
    for place, goal in enumerate(search.goals):
        values = missing if candidate.reason else candidate.values[place]
        bounds = measure_bounds(goal.measure)
        bounds = bounds.for_differences if goal.against else bounds
        found = within(estimate(values), bounds)
        changed = within(estimate(values - today.values[place] if today else missing), bounds.for_differences)
        row |= {
            goal.name: found.mean,
            f"{goal.name}.low": found.low,
            f"{goal.name}.high": found.high,
            f"{goal.name}.change": changed.mean,
            f"{goal.name}.change_low": changed.low,
            f"{goal.name}.change_high": changed.high,
        }
    return row
