"""Sweeps that were stopped: what is there is gathered, so that it can be analysed before the rest is run."""

from __future__ import annotations

from pathlib import Path

from ..storage.checksums import known_sums
from ..storage.folders import DATA, RUNS, SWEEP
from ..storage.work_folders import held_folder
from .folder import SweepFolder
from .planning import planned_tasks
from .resuming import folder_kind
from .sweep import still_counting


def gather_what_is_there(folder: Path) -> tuple[int, int] | None:
    """Gather the runs of a sweep that was stopped before its end, unless its data is up to date.

    Returns
    -------
    there, asked : int
        Runs that have ended, and those that the sweep asks for; None if there was nothing to do.

    Raises
    ------
    ArchiveError
        If somebody works there, what the sweep is cannot be read, or the model or a file from outside has
        changed since, so that its runs can no longer be told from others.
    """
    store = SweepFolder(folder)
    if not (folder / RUNS).is_file() or not (folder / SWEEP).is_file() or DATA in known_sums(folder):
        return None
    if folder_kind(store.about()) != "sweep":
        return None
    with held_folder(folder):
        tasks = planned_tasks(still_counting(folder))[1]
        well = [not run["error"] for _, run in store.found(tasks)]
        if not any(well):  # a table of an earlier time is not to be lost for nothing
            return None
        store.gather(tasks)
    return len(well), len(tasks)
