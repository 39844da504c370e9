"""Running a sweep: every point in every replication, on any executor, never losing a finished run."""

from __future__ import annotations

import shutil
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..claims.reading import check_own_claims
from ..errors import ArchiveError, ExecutionError, Problem, Remedy
from ..languages.speaking import sentence
from ..platforms.plugged_in import load_plugins
from ..scenario.identity import as_table, fingerprints
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import DESIGNS
from ..storage.files import scenario_in
from ..storage.folders import no_sweep
from ..storage.manifest import MODEL_VERSION
from ..storage.work_folders import held_folder
from .adaptive import check_until, run_until
from .bookkeeping import Bookkeeping
from .claim_worlds import point_model, worlds_per_run
from .execution.breakdowns import Breakdowns
from .execution.failures import reason_of
from .execution.options import Execution
from .execution.probing import OnManyMachines, check_workers
from .folder import FAILURES, SWEEP, SweepFolder
from .planning import planned_tasks, with_typed_choices
from .resuming import RunsAgain, counted_runs, folder_kind, why_again
from .sweep_files import remedy_for
from .tasks import Finished, RunFunction, Task, run_task

BYTES_PER_ROW = 4_000
"""About what one arm's measures take on disk before they are gathered."""
IN_FLIGHT = 4
"""Tasks handed out per worker at a time, so that a killed driver has lost little."""
LOOK_SECONDS = 5.0
"""How often somebody looks whether a cluster is still there while no run comes back."""


def check_room(scenario: Scenario, tasks: list[Task], folder: Path) -> None:
    """Refuse a sweep of which what is to be run, and the data of the whole, need more disk than there is."""
    at = folder.resolve()
    while not at.exists():
        at = at.parent
    asked = {task.identity for task in tasks}
    rows = worlds_per_run(scenario) * (len(asked - SweepFolder(folder).identities()) + len(asked))
    needed = rows * BYTES_PER_ROW
    free = shutil.disk_usage(at).free
    if needed > free:
        raise ExecutionError(
            scenario.name,
            [
                Problem(
                    "sweep.points",
                    sentence("{count:,} runs, for about {size}", count=len(tasks), size=_size(needed)),
                    sentence(
                        "at most the {size} that are free in {at}; fewer points or replications",
                        size=_size(free),
                        at=at,
                    ),
                )
            ],
        )


def _size(many: int) -> str:
    return f"{many / 1e9:,.1f} GB" if many >= 1e9 else f"{many / 1e6:,.1f} MB"


def run_sweep(scenario: Scenario, folder: Path, how: Execution) -> pd.DataFrame:
    """Run what is not on disk yet and gather everything.

    Parameters
    ----------
    scenario : Scenario
        With its sweep.
    folder : Path
        See `SweepFolder`.
    how : Execution
        Where runs execute; whether to go on with what is in the folder.

    Returns
    -------
    DataFrame
        One row per point, replicate and arm, then paired differences; see `SweepFolder.gather`.

    Raises
    ------
    ScenarioError
        Before anything is written, if the sweep cannot be made, or a claim speaks of what our model,
        if it is run, does not have.
    ArchiveError
        If the folder is in use, or holds what would be lost or answers another question.
    ExecutionError
        If there is no room for so many runs, every run has failed, or a cluster is lost.
    """
    if how.model is None:
        check_own_claims(scenario, scenario.name)
    scenario = with_typed_choices(scenario)
    check_until(scenario, measured_by_ours=how.model is None)
    base, tasks = planned_tasks(scenario)
    load_plugins(scenario)
    check_room(scenario, tasks, folder)
    with how.executor() as pool:  # one that cannot be used is found out before anything is written
        check_workers(pool, base)
    with held_folder(folder):
        store = SweepFolder(folder)
        about = about_sweep(scenario, tasks[0].changes)
        finished, why = store.begin(about, how.resume, how.other_version)
        say_what_counts(folder, tasks, finished, why, _hint(scenario))
        how = replace(how, model=how.model or point_model(scenario))
        with closing(Bookkeeping(store, len(tasks), how.report)) as books:
            run = partial(_run_missing, base, finished, books, how)
            tasks = run_until(scenario, tasks, store, run, books.drop)
        data = store.gather(tasks)
        if data.empty:
            raise all_failed(folder, len(tasks), store.first_failure(tasks))
        return data


def _run_missing(
    base: str, finished: set[str], books: Bookkeeping, how: Execution, tasks: Sequence[Task]
) -> None:
    """Run each of `tasks` that is not among the `finished`, once, keep it, and count it among these."""
    wanted = {identity: task for identity, task in distinct(tasks).items() if identity not in finished}
    serves = Counter(task.identity for task in tasks)
    books.count_as(serves)
    books.spare(len(tasks) - sum(serves[identity] for identity in wanted))
    run_all(base, wanted, how, books.enter)
    finished.update(serves)


def _hint(scenario: Scenario) -> str:
    """What is said beside points that have changed, where a design has others when there are to be more."""
    design = DESIGNS[scenario.sweep.design] if scenario.sweep else None
    if design is None or design.continues:
        return ""
    return sentence(
        "; {label} of another size has points of its own, while design = 'halton_sequence' goes on",
        label=design.label,
    )


def distinct(tasks: Iterable[Task]) -> dict[str, Task]:
    """Each run once, by identity: the first of the tasks that it serves."""
    runs: dict[str, Task] = {}
    for task in tasks:
        runs.setdefault(task.identity, task)
    return runs


def say_what_counts(
    folder: Path, tasks: Sequence[Task], finished: set[str], why: str, hint: str = ""
) -> None:
    """Warn (`RunsAgain`) if there are finished runs in a folder that no task asks for."""
    wanted = {task.identity for task in tasks}
    if finished - wanted:
        changed = sentence("the points, or what is kept of each, have changed since{hint}", hint=hint)
        warnings.warn(
            sentence(
                "{folder}: {runs} there, of which {still:,} still count; {left:,} of {all:,} will be run "
                "({why})",
                folder=folder,
                runs=counted_runs(len(finished)),
                still=len(finished & wanted),
                left=len(wanted - finished),
                all=len(wanted),
                why=why or changed,
            ),
            RunsAgain,
            stacklevel=3,
        )


def all_failed(folder: Path, many: int, first: dict[str, Any] | None) -> ExecutionError:
    """The error of a sweep of which no run ended well, with the first run's own."""
    found = sentence("every run failed, {many} in all", many=many)
    if first:
        found += sentence(
            "; the first, point {point}, replicate {replicate}, run {identity}: {error}",
            point=first["point"],
            replicate=first["replicate"],
            identity=first["identity"],
            error=reason_of(first),
        )
    return ExecutionError(
        str(folder),
        [
            Problem(
                "sweep",
                found,
                sentence(
                    "runs that end without an error; {failures} says what went wrong in each",
                    failures=FAILURES,
                ),
            )
        ],
    )


def run_all(base: str, wanted: dict[str, Task], how: Execution, keep: Callable[[Finished], None]) -> None:
    """Run all of `wanted`, and take each from it once it is kept.

    Where a process is killed and takes its pool along, only the runs in flight are lost. These are then
    run one at a time: one that kills its process again has failed.

    Parameters
    ----------
    base : str
        The scenario that tasks change; see `as_sent`.
    wanted : dict of str to Task
        By identity; empty afterwards.
    how : Execution
        With the model that is run.
    keep : callable
        Puts a result on disk.

    Raises
    ------
    ExecutionError
        If processes are killed again and again, whatever they run, or a cluster is lost.
    """
    model = how.model
    if model is None:
        raise ValueError("an Execution with a model is needed here")
    breakdowns, in_flight = Breakdowns(wanted, keep), max(how.workers * IN_FLIGHT, 2)
    while wanted:
        pending: dict[Future, Task] = {}
        most = 0
        try:
            with how.executor() as pool:
                for most, tasks in ((1, breakdowns.suspects), (in_flight, wanted.values())):
                    for finished in _completed(pool, base, list(tasks), most, model, pending):
                        keep(finished)
                        wanted.pop(finished.identity)
                        breakdowns.over()
        except BrokenProcessPool as error:
            breakdowns.take(error, list(pending.values()), alone=most == 1)


def about_sweep(scenario: Scenario, keys: Iterable[str] = (), what: str = "sweep") -> dict[str, Any]:
    """What is written down of a sweep before it runs.

    Parameters
    ----------
    scenario : Scenario
    keys : iterable of str
        What varies.
    what : str
        What it is: "sweep" or "policy search".
    """
    return {
        "model_version": MODEL_VERSION,
        "what": what,
        "arms": [arm.name for arm in scenario.arms],
        "keys": list(keys),
        "files": fingerprints(scenario),
        "scenario": as_table(scenario),
    }


def _completed(
    executor: Executor,
    base: str,
    tasks: list[Task],
    in_flight: int,
    model: RunFunction,
    pending: dict[Future, Task],
) -> Iterator[Finished]:
    """Results as they come in, a limited number of tasks being handed out (`pending`) at a time."""
    waiting = iter(tasks)

    def hand_out() -> None:
        for task in waiting:
            pending[executor.submit(run_task, base, task, model)] = task
            if len(pending) >= in_flight:
                return

    hand_out()
    while pending:
        ready, _ = wait(pending, LOOK_SECONDS, return_when=FIRST_COMPLETED)
        if not ready and isinstance(executor, OnManyMachines):
            executor.check_alive()
        broken = None
        for future in ready:
            try:
                finished = future.result()
            except BrokenProcessPool as error:  # what came back before is kept first
                broken = error
                continue
            except (Exception, CancelledError) as error:
                meant = executor.not_its_own(error) if isinstance(executor, OnManyMachines) else None
                if isinstance(meant, BrokenProcessPool):
                    broken = meant
                    continue
                if meant or isinstance(error, CancelledError):
                    raise meant or _cancelled(error) from None
                finished = Finished.from_task(pending[future], error)  # which takes only its own along
            del pending[future]
            yield finished
        if broken:
            raise broken
        hand_out()


def _cancelled(error: BaseException) -> ExecutionError:
    found = sentence("they were cancelled: {error}", error=error)
    return ExecutionError("runs", [Problem("runs", found, "", remedy=Remedy("resume"))])


def still_counting(folder: Path) -> Scenario:
    """The scenario of a sweep on disk, of which nothing is run, with its sweep.

    Raises
    ------
    ArchiveError
        If there is none, or the model or a file from outside has changed since, so that its runs would count
        no longer.
    """
    known = SweepFolder(folder).about()
    if folder_kind(known) != "sweep":
        raise no_sweep(folder, "it holds no sweep")
    scenario = scenario_in(folder / SWEEP, known["scenario"], remedy_for(folder))
    about = about_sweep(scenario)
    if any(known.get(name) != about[name] for name in ("model_version", "files")):
        raise ArchiveError(
            str(folder),
            [
                Problem(
                    "the run",
                    sentence("runs of before: {why_again}", why_again=why_again(known, about)),
                    "",
                    remedy=Remedy("end"),
                )
            ],
        )
    return scenario


def rerun(folder: Path, identity: str, model: RunFunction | None = None) -> Finished:
    """Run one point and replicate of a sweep again, here, and keep the result.

    Raises
    ------
    ArchiveError
        If the sweep has no such run, or the model or a file from outside has changed since, so that its
        other runs would count no longer.
    """
    store, scenario = SweepFolder(folder), still_counting(folder)
    base, tasks = planned_tasks(scenario)
    found = {known: task for known, task in distinct(tasks).items() if known.startswith(identity)}
    if len(found) != 1:
        failed = store.failed()
        raise ArchiveError(
            str(folder),
            [
                Problem(
                    "the run",
                    sentence(
                        "{count} runs whose identity begins with '{identity}'",
                        count=len(found) or sentence("no"),
                        identity=identity,
                    ),
                    sentence(
                        "the identity of one run; those that failed: {failed}",
                        failed=", ".join(failed) or sentence("none"),
                    ),
                )
            ],
        )
    with held_folder(folder):
        finished = run_task(base, next(iter(found.values())), model or point_model(scenario))
        store.keep(finished)
        store.gather(tasks)
    return finished
