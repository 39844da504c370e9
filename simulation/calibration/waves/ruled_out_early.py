"""Points of the larger size, each run no further than until it is ruled out.

Most facts are of one arm. It is run first, and the others only at points that it does not rule out, since no
other arm takes back a fact that it has missed (delayed acceptance, as in `larger_size`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from ...ensembles.execution.options import Execution
from ...ensembles.sweep import run_sweep
from ...scenario.scenario import Scenario
from ...scenario.sections.sweep import Sweep
from ...scenario.tables import Arm
from ..asked import calibration_settings
from ..facts import Fact, measured, misses


def run_until_ruled_out(
    scenario: Scenario, facts: Sequence[Fact], sweep: Sweep, folder: Path, how: Execution
) -> pd.DataFrame:
    """Run listed points; those that the arm of most targets rules out by itself, in that arm alone.

    Parameters
    ----------
    scenario : Scenario
        With ``[calibration]``.
    facts : sequence of Fact
    sweep : Sweep
        The points, as a list.
    folder : Path
        Of that arm's runs; those of the others are in a folder beside it.
    how : Execution

    Returns
    -------
    DataFrame
        As `simulation.ensembles.sweep.run_sweep`, without the arms that were not run.
    """
    targets = [fact for fact in facts if fact.use == "target"]
    first = arm_of_most(scenario, targets)
    rest = [arm for arm in scenario.arms if arm is not first]
    data = run_sweep(_asked(scenario, sweep, [first]), folder, how)
    told = [fact for fact in targets if scenario.arm(fact.arm) is first]
    missed = (misses(told, measured(told, data, scenario)) > 0).sum(axis=1)
    left = sorted(missed.index[missed <= calibration_settings(scenario).misses])
    if not (left and rest):
        return _with_measures(data, facts)
    beside = folder.with_name(f"{folder.name}_other_arms")
    points = sweep.model_copy(update={"rows": [sweep.rows[point] for point in left]})
    more = run_sweep(
        _asked(scenario, points, rest), beside, replace(how, resume=how.resume and beside.exists())
    )
    more = more.assign(point=more["point"].map(dict(enumerate(left))))
    return _with_measures(pd.concat([data, more], ignore_index=True), facts)


def arm_of_most(scenario: Scenario, facts: Sequence[Fact]) -> Arm:
    """The arm that most of the facts are of; of several the one that stands first."""
    many = Counter(arm.name for fact in facts if (arm := scenario.arm(fact.arm)))
    return max(scenario.arms, key=lambda arm: many[arm.name])


def _asked(scenario: Scenario, sweep: Sweep, arms: list[Arm]) -> Scenario:
    return scenario.model_copy(update={"sweep": sweep, "calibration": None, "arms": arms})


def _with_measures(data: pd.DataFrame, facts: Sequence[Fact]) -> pd.DataFrame:
    """With a column for each measure that facts speak of: some may be of arms that were not run."""
    names = dict.fromkeys(name for fact in facts for name in (fact.measure, fact.over) if name)
    return data.reindex(columns=[*data.columns, *(name for name in names if name not in data)])
