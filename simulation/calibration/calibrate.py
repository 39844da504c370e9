"""From a scenario and facts to plausible worlds in a folder: the whole path of ``run.py calibrate``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ..ensembles.sweep import OpenExecutor, Progress
from ..ensembles.tasks import Model
from ..scenario.scenario import Scenario
from ..storage.work_folders import held_folder
from .asked import settings_of, targets_among
from .history_matching import calibrate
from .plausible_worlds import findings, keep, median_world, plausible_worlds, world_against_facts


@dataclass(frozen=True)
class PlausibleWorlds:
    """Plausible worlds, a row each with a column a key, and what was found on the way."""

    worlds: pd.DataFrame
    findings: dict[str, Any]


def calibrate_to_facts(
    scenario: Scenario, facts_file: Path | None, folder: Path, executor: OpenExecutor, workers: int,
    resume: bool = False, other_version: bool = False,
    report: Callable[[str, Progress], None] | None = None, model: Model | None = None,
) -> PlausibleWorlds:
    """Calibrate `scenario` and write ``plausible_worlds.csv`` and ``calibration.json``.

    Parameters
    ----------
    scenario : Scenario
        With ``[calibration]`` and ``[sweep]``.
    facts_file : Path, optional
        Facts instead of those that the scenario names.
    folder : Path
        Waves go to ``folder/wave_1`` and so on, the median world's runs to ``folder/median``.
    executor, workers, resume, other_version, model
        As for `run_sweep`.
    report : callable, optional
        Told the stage, in words, and the progress within it.

    Raises
    ------
    ScenarioError
        If the scenario or the facts cannot be used.
    ArchiveError, ExecutionError
        As `simulation.ensembles.sweep.run_sweep`.
    AnalysisError
        If no world is plausible.
    """
    facts = targets_among(scenario, facts_file or Path(settings_of(scenario).facts))
    tell = report or (lambda stage, progress: None)
    with held_folder(folder):
        done = calibrate(
            scenario, facts, folder, executor, workers, resume, other_version,
            lambda wave, progress: tell(f"wave {wave}", progress), model,
        )
        worlds = plausible_worlds(done)
        median = median_world(done, worlds)
        at_median = world_against_facts(
            done, facts, median, folder / "median", executor, workers, resume, other_version,
            lambda progress: tell("median world", progress), model,
        )
        found = findings(done, facts, worlds, median, at_median)
        keep(folder, worlds, found)
    return PlausibleWorlds(worlds, found)
