"""Supposed reasons of misses, tried: the supposed cause is changed, and the miss must shrink."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..calibration.facts import Fact, measured, misses, read_tables
from ..ensembles.tasks import run_arms
from ..errors import Problem, Remedy, ScenarioError
from ..runs.comparison import estimate
from ..scenario.fields import Name, Section
from ..scenario.reading.read import changed_scenario
from ..scenario.scenario import Scenario
from ..storage.files import read_csv
from ..storage.manifest import MODEL_VERSION

REASONS, TRIED = "reasons.toml", "reasons.csv"
SMALL = {
    "world.viewers": 2_500,
    "world.merchants": 100,
    "world.days": 120,
    "world.people_per_viewer": 40,
    "world.merchants_per_niche": 4.2,
}
WORLDS = 4
LEFT = 0.8
"""A miss has shrunk if no more than this part of it is left, and the shift is beyond luck."""
COLUMNS = (
    "fact",
    "key",
    "value",
    "before",
    "after",
    "missed_before",
    "missed_after",
    "shrunk",
    "worlds",
    "viewers",
    "days",
    "model_version",
)


class Reason(Section):
    """A supposed reason of a miss, and the key whose value would take the cause away.

    Attributes
    ----------
    id, fact : str
        Its own name, and the fact that is missed.
    says, says_zh : str
        The reason in words.
    key, value
        What is changed.
    """

    id: Name
    fact: Name
    says: str
    says_zh: str = ""
    key: str
    value: float


def read_reasons(path: Path, facts: list[Fact] | None = None) -> list[Reason]:
    """Reasons from a TOML file with one ``[[reasons]]`` each; all of them are of `facts`, if these are given.

    Raises
    ------
    ScenarioError
        If it cannot be read, or one is of a fact that there is not.
    """
    reasons = read_tables(path, Reason, "reasons")
    if facts is None:
        return reasons
    known = {fact.id for fact in facts}
    strange = [reason for reason in reasons if reason.fact not in known]
    if strange:
        raise ScenarioError(
            str(path),
            [Problem(f"reasons.{one.id}.fact", f"'{one.fact}'", "the id of a fact") for one in strange],
        )
    return reasons


def try_reasons(
    scenario: Scenario,
    facts: list[Fact],
    reasons: list[Reason],
    worlds: int = WORLDS,
    report: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Run the arm of each fact as it is and with the cause changed, on the same luck.

    Parameters
    ----------
    scenario : Scenario
        Whose arms the facts speak of, in the size in which reasons are tried.
    facts : list of Fact
    reasons : list of Reason
    worlds : int
        Replications.
    report : callable, optional
        Told the share done.

    Returns
    -------
    DataFrame
        One row per reason, with `COLUMNS`: what the fact comes to before and after, how far it is missed, in
        half-widths of its range, and whether the miss has shrunk.
    """
    known, rows = {fact.id: fact for fact in facts}, []
    for place, reason in enumerate(reasons):
        fact = known[reason.fact]
        before, after = (
            _values(_with_one_arm(scenario, fact), fact, changes, worlds)
            for changes in ({}, {reason.key: reason.value})
        )
        rows.append(
            {"fact": fact.id, "key": reason.key, "value": reason.value}
            | weighed(fact, before, after)
            | {
                "worlds": worlds,
                "viewers": scenario.world.viewers,
                "days": scenario.world.days,
                "model_version": MODEL_VERSION,
            }
        )
        if report:
            report((place + 1) / len(reasons))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def weighed(fact: Fact, before: np.ndarray, after: np.ndarray) -> dict[str, Any]:
    """Means before and after, how far each misses, and whether the miss has shrunk.

    Shrunk: at most `LEFT` of it is left, and the 95% interval of the paired shift excludes none.
    """
    missed = misses([fact], pd.DataFrame({fact.id: [before.mean(), after.mean()]}))[fact.id]
    shift = estimate(after - before)
    beyond_luck = shift.low > 0 or shift.high < 0
    return {
        "before": float(before.mean()),
        "after": float(after.mean()),
        "missed_before": float(missed.iloc[0]),
        "missed_after": float(missed.iloc[1]),
        "shrunk": bool(missed.iloc[0] > 0 and missed.iloc[1] <= LEFT * missed.iloc[0] and beyond_luck),
    }


def _with_one_arm(scenario: Scenario, fact: Fact) -> Scenario:
    arm = scenario.arm(fact.arm)
    return scenario.model_copy(update={"arms": [arm]}) if arm else scenario


def _values(scenario: Scenario, fact: Fact, changes: dict[str, Any], worlds: int) -> np.ndarray:
    changed = changed_scenario(scenario, changes, "reasons") if changes else scenario
    rows = [
        {"point": replicate, "arm": arm, "against": ""} | found
        for replicate in range(worlds)
        for arm, found in run_arms(changed, replicate).items()
    ]
    return np.asarray(measured([fact], pd.DataFrame(rows), changed)[fact.id], float)


def read_tried(evidence: Path) -> pd.DataFrame | None:
    """What was tried, as it is kept; None if nothing is.

    Raises
    ------
    ArchiveError
        If it cannot be read or is another table.
    """
    file = evidence / TRIED
    if not file.is_file():
        return None
    return read_csv(file, COLUMNS, Remedy("try_reasons"), ("fact", "key", "model_version"))
