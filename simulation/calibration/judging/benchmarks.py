"""Benchmarks: a world with one mechanism off at a time, and how many families of facts it still meets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from ...ensembles.execution.options import Execution
from ...ensembles.sweep import run_sweep
from ...runs.probes import Probe
from ...scenario.scenario import Scenario
from ...scenario.sections.mechanisms import MECHANISMS
from ...scenario.tables import Arm
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
        Where the runs go.
    how : Execution

    Returns
    -------
    list of dict
        ``mechanism``, and the share of families met by use.
    """
    arms = arms_without(scenario)
    sweep = calibration_sweep(scenario).model_copy(
        update={"design": "list", "rows": [world], "csv": "", "replications": WORLDS}
    )
    asked = scenario.model_copy(update={"arms": arms, "sweep": sweep, "calibration": None})
    data = run_sweep(asked, folder, replace(how, resume=how.resume and folder.exists()))
    return met_without(data.assign(point=data["replicate"]), scenario, facts)


def arms_without(scenario: Scenario) -> list[Arm]:
    """The scenario's arms without each mechanism, one mechanism after the other."""
    return [_without(scenario, arm, name) for name in MECHANISMS for arm in scenario.arms]


def met_without(data: pd.DataFrame, scenario: Scenario, facts: list[Fact]) -> list[dict[str, Any]]:
    """Share of families met without each mechanism, by use, of the mean over the worlds of `data`.

    Parameters
    ----------
    data : DataFrame
        Runs of `arms_without`, as a sweep's data set, with a world as its ``point``.
    scenario : Scenario
        With the arms that the facts speak of.
    facts : list of Fact
    """
    rows = []
    for name in MECHANISMS:
        names = {_named(arm, name): arm.name for arm in scenario.arms}
        inside = data[data["arm"].isin(names)].replace({"arm": names})
        values = measured(facts, inside, scenario).mean().to_frame().T
        rows.append({"mechanism": name} | shares_met(facts, values))
    return rows


def _named(arm: Arm, mechanism: str) -> str:
    return f"{arm.name}__{mechanism}"[:64]


def _without(scenario: Scenario, arm: Arm, mechanism: str) -> Arm:
    """An arm without a mechanism, under a name of its own; what it changes outdoes what a world sets."""
    changed = Probe(arm.name, (mechanism,)).arm(scenario)
    return changed.model_copy(update={"name": _named(arm, mechanism), "role": ""})
