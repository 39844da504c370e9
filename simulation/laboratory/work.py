"""Defaults that everything long shares: processes here or on a cluster, and who is told of progress."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from ..ensembles.bookkeeping import Progress
from ..errors import ExecutionError, Problem
from ..errors import shown as shown_value
from ..resources import RESULTS_FOLDER
from ..runs.execution import usable_processors
from ..scenario.scenario import Scenario
from ..terminal.console import err
from ..terminal.progress import teller

Show = bool | Callable[[float], None] | None
"""Whether progress is shown: None, in terminals and notebooks; or who is told the share done, 0 to 1."""
Tell = Callable[..., None]
"""Told the share done, and a note in words."""


THREADS_FROM = 20_000
"""Viewers from which on a second thread makes a world quicker on every platform."""


def divided(scenario: Scenario, workers: int | None, threads: int | None = None) -> tuple[int, int]:
    """Processes, and threads of each world, for worlds that are run side by side.

    Without `workers` as many processes as processors share the replications. Processors that are left are
    used as threads of worlds that are large enough for it, unless `threads` says otherwise.

    Raises
    ------
    ExecutionError
        If one of them is given and no whole number from 1 on.
    """
    processors = usable_processors()
    processes = _at_once("workers", workers) or min(processors, scenario.run.replications)
    threads = _at_once("threads", threads)
    large = scenario.world.viewers >= THREADS_FROM
    return processes, threads or max(1, processors // processes if large else 1)


def _at_once(name: str, given: int | None) -> int | None:
    """A number of processes or threads, if it is given and can be one."""
    try:
        number = None if given is None else operator.index(given)
    except TypeError:
        number = 0
    if isinstance(given, bool) or (number is not None and number < 1):
        raise ExecutionError(
            "what runs at once",
            [
                Problem(
                    f"{name}=",
                    shown_value(given),
                    "a whole number of at least 1; as many as fit if not given",
                )
            ],
        )
    return number


def executor_for(
    workers: int | None, cluster: str | None
) -> tuple[Callable[[], AbstractContextManager[Executor]], int]:
    """What opens the executor of runs, here or on a Dask cluster, and how many runs it takes at once."""
    from ..ensembles.execution.executors import dask_executor, local_executor

    at_once = _at_once("workers", workers) or usable_processors()
    return (lambda: dask_executor(cluster) if cluster else local_executor(at_once)), at_once


@contextmanager
def shown(progress: Show, what: str) -> Iterator[Tell]:
    """Tell how far something is, as `progress` wants it.

    Parameters
    ----------
    progress : bool or callable, optional
        See `Show`.
    what : str
        What is done: "Sweeping".
    """
    if callable(progress):
        told = progress
        yield lambda share, note="": told(share)
    elif progress or (progress is None and (err.is_terminal or err.is_jupyter)):
        tell = teller(err, what)
        try:
            yield tell
        finally:
            tell.stop()
    else:
        yield lambda share, note="": None


def target_folder(folder: str | Path | None, scenario: Scenario, what: str) -> Path:
    """Where something is kept: `folder`, or ``results/<scenario>/<what>``, of the present working folder."""
    return (Path(folder) if folder else RESULTS_FOLDER / scenario.name / what).absolute()


def by_share(tell: Tell) -> Callable[[Progress], Any]:
    """`tell` for whoever tells a `Progress`."""
    return lambda progress: tell(progress.share, progress.failures)
