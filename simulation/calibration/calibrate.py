"""From a scenario and facts to plausible worlds in a folder: the whole path of ``run.py calibrate``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..ensembles.execution.options import Execution
from ..errors import AnalysisError, Problem
from ..scenario.scenario import Scenario
from ..storage.checksums import begin_sums
from ..storage.plain_values import plain_values
from ..storage.work_folders import held_folder
from .asked import calibration_settings, larger_scenario, targets_among
from .facts import Fact
from .judging.benchmarks import without_mechanisms
from .plausible_worlds import (
    FINDINGS,
    WORLDS,
    findings,
    keep,
    medoid_world,
    plausible_worlds,
    read_findings,
    world_against_facts,
)
from .waves.history_matching import calibrate
from .waves.kept_tables import WAVES, KeptTables


@dataclass(frozen=True)
class PlausibleWorlds:
    """Plausible worlds, a row each with one column per key, and what was found on the way."""

    worlds: pd.DataFrame
    findings: dict[str, Any]


def calibrate_to_facts(
    scenario: Scenario, facts_file: Path | None, folder: Path, how: Execution, begin_with: Path | None = None
) -> PlausibleWorlds:
    """Calibrate `scenario` and write ``plausible_worlds.csv`` and ``calibration.json``.

    Parameters
    ----------
    scenario : Scenario
        With ``[calibration]`` and ``[sweep]``.
    facts_file : Path, optional
        Facts instead of those that the scenario names.
    folder : Path
        Waves go to ``folder/wave_1`` and so on, runs of the world chosen for defaults to ``folder/default``.
    how : Execution
        Its `report` is told the stage, in words, and the progress within it.
    begin_with : Path, optional
        Folder of an earlier calibration, kept with its waves' tables, which are taken instead of being run:
        such as ``scenarios/evidence``.

    Raises
    ------
    ScenarioError
        If the scenario or the facts cannot be used.
    ArchiveError, ExecutionError
        As `simulation.ensembles.sweep.run_sweep`.
    AnalysisError
        If no world is plausible, or what is to be begun with is of another model or of other facts.
    """
    larger_scenario(scenario)  # refused before anything is run
    facts = targets_among(scenario, facts_file or Path(calibration_settings(scenario).facts))
    kept = kept_tables(begin_with, facts) if begin_with else None
    tell = how.report or (lambda stage, progress: None)
    with held_folder(folder):
        by_wave = replace(how, report=lambda wave, progress: tell(f"wave {wave}", progress))
        done = calibrate(scenario, facts, folder, by_wave, kept)
        worlds = plausible_worlds(done)
        chosen = medoid_world(done, worlds)
        again = replace(how, report=lambda progress: tell("the world chosen for defaults", progress))
        at_default = world_against_facts(done, facts, chosen, folder / "default", again)
        less = replace(how, report=lambda progress: tell("mechanisms off", progress))
        off = without_mechanisms(done.scenario, facts, chosen, folder / "mechanisms_off", less)
        found = findings(done, facts, worlds, chosen, at_default) | {"without": plain_values(off)}
        keep(folder, worlds, found)
        tables = [table.name for table in sorted(folder.glob("wave_*.csv"))]
        begin_sums(folder, [WORLDS, FINDINGS, *tables])
    return PlausibleWorlds(worlds, found)


def kept_tables(folder: Path, facts: list[Fact]) -> KeptTables:
    """An earlier calibration's tables in a folder, if it can be gone on with.

    Raises
    ------
    AnalysisError
        If there is none, or it is of another model, or of other facts.
    ArchiveError
        If it is torn.
    """
    found = read_findings(folder)
    if found is None or not (folder / WAVES).is_dir():
        problem = Problem(
            "begin_with", "no calibration with its waves", "a folder such as scenarios/evidence"
        )
        raise AnalysisError(str(folder), [problem])
    kept = KeptTables(folder, found)
    kept.check(facts)
    return kept
