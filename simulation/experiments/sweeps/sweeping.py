"""Running a sweep: every point in every replication, on any executor, never losing a finished run."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from ...platforms.plugged_in import load_plugins
from ...scenario.problems import Problem, ScenarioError
from ...scenario.reading import changed_scenario, check_own_claims, stored_table
from ...scenario.scenario import Scenario
from ..manifest import MODEL_VERSION
from .claim_worlds import kept_of, model_of, worlds_per_run
from .designs import design_points
from .folder import SweepFolder
from .tasks import Finished, Model, Task, identity_of, run_task

OpenExecutor = Callable[[], AbstractContextManager[Executor]]
"""Opens an executor for as long as it is needed."""

STATUS_SECONDS = 1.0
BYTES_PER_ROW = 4_000
"""About what one arm's measures take on disk before they are gathered."""
IN_FLIGHT = 4
"""Tasks handed out per worker at a time, so that a killed driver has lost little."""


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come."""

    done: int
    total: int
    failed: int
    seconds_left: float

    @property
    def share(self) -> float:
        """Share of the runs that are done."""
        return self.done / self.total

    @property
    def failures(self) -> str:
        """Note on runs that failed; empty if there are none."""
        return f", {self.failed} failed" if self.failed else ""


def tasks_of(scenario: Scenario) -> tuple[str, list[Task]]:
    """The scenario without its sweep as JSON, and all tasks of its design, each point checked.

    Raises
    ------
    ScenarioError
        If the scenario has no sweep, or a point of the design is not a valid scenario.
    """
    sweep = scenario.sweep
    if sweep is None:
        raise ScenarioError(scenario.name, [Problem(
            "sweep", "nothing", "a [sweep] with [[sweep.factors]] in the scenario file"
        )])
    base = asked_once(scenario)
    table = base.model_dump(mode="json", exclude_none=True)
    points = design_points(sweep).to_dict("records")
    kept, tasks = kept_of(scenario), []
    for number, changes in enumerate(points):
        plain = {str(key): value for key, value in changes.items()}
        resolved = changed_scenario(base, plain, f"point {number} of the sweep")
        at_point = resolved.model_dump(mode="json", exclude_none=True)
        tasks += [
            Task(identity_of(at_point, replicate, kept), number, replicate, plain)
            for replicate in range(sweep.replications)
        ]
    return json.dumps(table, ensure_ascii=False), tasks


def asked_once(scenario: Scenario) -> Scenario:
    """The scenario as a single run has it: what varies, and how, is no part of a task's identity."""
    return scenario.model_copy(update={"sweep": None, "policy_search": None, "calibration": None})


def check_room(scenario: Scenario, tasks: list[Task], folder: Path) -> None:
    """Refuse a sweep that would need more disk than there is."""
    at = folder.resolve()
    while not at.exists():
        at = at.parent
    needed = len(tasks) * worlds_per_run(scenario) * BYTES_PER_ROW * 2
    free = shutil.disk_usage(at).free
    if needed > free:
        raise ScenarioError(scenario.name, [Problem(
            "sweep.points", f"{len(tasks):,} runs that need about {needed / 1e9:.1f} GB",
            f"at most the {free / 1e9:.1f} GB that are free in {at}; fewer points or replications",
        )])


def run_sweep(
    scenario: Scenario, folder: Path, executor: OpenExecutor, workers: int, resume: bool = False,
    other_version: bool = False, report: Callable[[Progress], None] | None = None,
    model: Model | None = None,
) -> pd.DataFrame:
    """Run what is not on disk yet and gather everything.

    Parameters
    ----------
    scenario : Scenario
        With its sweep.
    folder : Path
        See `SweepFolder`.
    executor : callable
        Opens the executor on which runs execute: ``lambda: local_executor(2)``, ``lambda:
        dask_executor(address)``, or any other of the same kind. Opened anew when its processes die.
    workers : int
        How many runs it executes at once.
    resume : bool
        Go on with what is in the folder.
    other_version : bool
        Go on although what is there was made by another version of the model.
    report : callable, optional
        Told the progress.
    model : callable, optional
        What is run at each point, if not what the sweep asks for (`model_of`).

    Returns
    -------
    DataFrame
        A row a point, replicate and arm, then paired differences; see `SweepFolder.gather`.

    Raises
    ------
    ScenarioError
        Before anything is written, if the sweep cannot be made, or a claim speaks of what our model,
        if it is run, does not have.
    """
    if model is None:
        check_own_claims(scenario, scenario.name)
    base, tasks = tasks_of(scenario)
    load_plugins(scenario)
    check_room(scenario, tasks, folder)
    with executor():
        pass  # one that cannot be reached is found out before anything is written
    store = SweepFolder(folder)
    wanted = {task.identity: task for task in tasks}
    for identity in store.begin(about_sweep(scenario), resume, other_version):
        wanted.pop(identity, None)
    books = Bookkeeping(store, len(tasks), len(wanted), report)
    run_all(base, wanted, executor, workers * IN_FLIGHT, model or model_of(scenario), books.enter)
    return store.gather({task.identity for task in tasks})


def run_all(
    base: str, wanted: dict[str, Task], executor: OpenExecutor, in_flight: int, model: Model,
    keep: Callable[[Finished], None],
) -> None:
    """Run all of `wanted`, and take each from it once it is kept.

    Parameters
    ----------
    base : str
        The scenario that tasks change, as JSON.
    wanted : dict of str to Task
        By identity; empty afterwards.
    executor : callable
        See `run_sweep`.
    in_flight : int
        Tasks handed out at a time.
    model : callable
        What is run.
    keep : callable
        Puts a result on disk.
    """
    while wanted:
        before = len(wanted)
        try:
            with executor() as pool:
                for finished in _completed(pool, base, list(wanted.values()), in_flight, model):
                    keep(finished)
                    wanted.pop(finished.identity)
        except BrokenProcessPool:
            # A process was killed and took the pool along: only runs in flight are lost. Two pools
            # in a row without a single result would mean that the runs themselves kill it.
            if len(wanted) == before:
                raise


class Bookkeeping:
    """Puts each finished run on disk and tells how far the sweep has come."""

    def __init__(
        self, store: SweepFolder, total: int, todo: int, report: Callable[[Progress], None] | None
    ):
        self._store, self._total, self._todo = store, total, todo
        self._report = report or (lambda progress: None)
        self._done = self._failed = 0
        self._started, self._told = time.perf_counter(), -STATUS_SECONDS

    def spare(self, many: int) -> None:
        """So many runs of the total need not be run after all."""
        self._todo -= many

    def enter(self, finished: Finished) -> None:
        """Keep one run."""
        self._store.keep(finished)
        self._done += 1
        self._failed += bool(finished.error)
        elapsed = time.perf_counter() - self._started
        left = elapsed / self._done * (self._todo - self._done)
        progress = Progress(self._total - self._todo + self._done, self._total, self._failed, left)
        if elapsed - self._told > STATUS_SECONDS or self._done == self._todo:
            self._told = elapsed
            self._store.tell(asdict(progress))
        self._report(progress)


def about_sweep(scenario: Scenario) -> dict[str, Any]:
    """What is written down of a sweep before it runs."""
    return {
        "model_version": MODEL_VERSION, "arms": [arm.name for arm in scenario.arms],
        "scenario": scenario.model_dump(mode="json", exclude_none=True),
    }


def _completed(
    executor: Executor, base: str, tasks: list[Task], in_flight: int, model: Model
) -> Iterator[Finished]:
    """Results as they come in, a limited number of tasks being handed out at a time."""
    waiting = iter(tasks)
    pending: dict[Future, Task] = {}

    def hand_out() -> None:
        for task in waiting:
            pending[executor.submit(run_task, base, task, model)] = task
            if len(pending) >= in_flight:
                return

    hand_out()
    while pending:
        ready, _ = wait(pending, return_when=FIRST_COMPLETED)
        for future in ready:
            task = pending.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                raise
            except Exception as error:  # a worker that died takes only its own runs along
                yield Finished(task.identity, task.point, task.replicate, task.changes, -1,
                               error=f"{type(error).__name__}: {error}")
        hand_out()


def rerun(folder: Path, identity: str, model: Model | None = None) -> Finished:
    """Run one point and replicate of a sweep again, here, and keep the result.

    Raises
    ------
    ScenarioError
        If the sweep has no such run.
    """
    store = SweepFolder(folder)
    scenario = stored_table(store.about()["scenario"], str(folder))
    base, tasks = tasks_of(scenario)
    found = [task for task in tasks if task.identity.startswith(identity)]
    if len(found) != 1:
        failed = [run["identity"] for run in store.runs() if run["error"]]
        raise ScenarioError(str(folder), [Problem(
            "RUN", f"{len(found) or 'no'} runs whose identity begins with '{identity}'",
            f"the identity of one run; those that failed: {', '.join(failed) or 'none'}",
        )])
    finished = run_task(base, found[0], model or model_of(scenario))
    store.keep(finished)
    store.gather({task.identity for task in tasks})
    return finished
