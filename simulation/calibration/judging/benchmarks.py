"""Benchmarks: the world chosen for defaults with one mechanism off at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ...ensembles.bookkeeping import Progress
from ...ensembles.execution.options import Execution
from ...ensembles.sweep import run_sweep
from ...runs.probes import Probe
from ...scenario.scenario import Scenario
from ...scenario.sections.mechanisms import MECHANISMS
from ..asked import calibration_sweep
from ..facts import Fact, measured
from .families import shares_met

WORLDS = 4


def without_mechanisms(
    scenario: Scenario, facts: list[Fact], world: dict[str, float], folder: Path, how: Execution
) -> list[dict[str, Any]]:
    """Share of families met by `world` without each mechanism that can be switched off.

    Parameters
    ----------
    scenario : Scenario
        With ``[sweep]``; its arms are those that the facts speak of.
    facts : list of Fact
        Targets and checks.
    world : dict
        Values of the sweep's keys.
    folder : Path
        Each mechanism gets a folder of its own in it.
    how : Execution

    Returns
    -------
    list of dict
        ``mechanism``, and the share of families met by use.
    """
    rows = []
    for name in MECHANISMS:
        arms = [Probe(arm.name, (name,)).arm(scenario) for arm in scenario.arms]
        off = {key: value for key, value in world.items() if key not in MECHANISMS[name]}
        data = _run(scenario.model_copy(update={"arms": arms}), off, folder / f"without_{name}", how)
        values = measured(facts, data.assign(point=data["replicate"]), scenario).mean().to_frame().T
        rows.append({"mechanism": name} | shares_met(facts, values))
    return rows


def _run(scenario: Scenario, world: dict[str, float], folder: Path, how: Execution) -> pd.DataFrame:
    """Some replications of one world."""
    sweep = calibration_sweep(scenario).model_copy(
        update={"design": "list", "rows": [world], "csv": "", "replications": WORLDS}
    )
    asked = scenario.model_copy(update={"sweep": sweep, "calibration": None})
    told: Callable[[Progress], None] | None = how.report
    return run_sweep(asked, folder, replace(how, resume=how.resume and folder.exists(), report=told))
