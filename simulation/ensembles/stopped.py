"""Sweeps that were stopped: what is there is gathered, so that it can be analysed before the rest is run."""

from __future__ import annotations

from pathlib import Path

from ..storage.checksums import known_sums
from ..storage.files import scenario_in
from ..storage.folders import DATA, RUNS, SWEEP
from ..storage.work_folders import held_folder
from .folder import SweepFolder
from .planning import planned_tasks
from .resuming import folder_kind
from .sweep_files import remedy_for


def gather_what_is_there(folder: Path) -> tuple[int, int] | None:
    """Gather the runs of a sweep that was stopped before its end, unless its data is up to date.

    Returns
    -------
    there, asked : int
        Runs that have ended, and those that the sweep asks for; None if there was nothing to do.

    Raises
    ------
    ArchiveError
        If somebody works there, or what the sweep is cannot be read.
    """
    store = SweepFolder(folder)
    if not (folder / RUNS).is_file() or not (folder / SWEEP).is_file() or DATA in known_sums(folder):
        return None
    about = store.about()
    if folder_kind(about) != "sweep":
        return None
    scenario = scenario_in(folder / SWEEP, about["scenario"], remedy_for(folder))
    with held_folder(folder):
        tasks = planned_tasks(scenario)[1]
        there = sum(1 for _ in store.found(tasks))
        store.gather(tasks)
    return there, len(tasks)
