"""Where worlds run: replications in parallel processes, arms of one replication in one of them."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ExecutionError, Problem
from ..languages.speaking import sentence
from ..measures import Outcome, measure_all
from ..measures.registry import check_processes
from ..measures.tables import channel_table, daily_table, merchant_table, move_table, platform_table
from ..scenario.tables import Arm
from ..warm_up.beginning import prepare, to_prepare, warm_cast
from ..warm_up.compiling import compile_the_longest_first
from ..world.branching import Branches
from ..world.cast.cast import Cast
from ..world.line_list import Recorder
from ..world.model import LiveCommerceModel
from .line_lists import join_parts, recorded_worlds
from .probes import Plan
from .processes import process_context
from .results import Results
from .scripts import Unguarded, unguarded
from .workers import Workers, tell_driver

POLL_SECONDS = 0.2
TABLES: dict[str, Callable[[Outcome], pd.DataFrame]] = {
    "daily": daily_table,
    "merchants": merchant_table,
    "channels": channel_table,
    "platforms": platform_table,
    "moves": move_table,
}


@dataclass
class Replicate:
    """What one replication leaves behind: a row of measures per arm, and tables."""

    replicate: int
    runs: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: {name: [] for name in TABLES})
    peak_memory_bytes: int = 0


Report = Callable[[float], None]
"""Called with the share of work done, 0 to 1."""


def run_plan(
    plan: Plan,
    workers: int = 1,
    threads: int = 1,
    report: Report | None = None,
    record_to: Path | None = None,
) -> Results:
    """Run every arm of `plan` in every replication.

    Parameters
    ----------
    plan : Plan
        What to run.
    workers : int
        Processes; replications are divided among them.
    threads : int
        Threads of each world.
    report : callable, optional
        Told the share of work done.
    record_to : Path, optional
        Folder for the line list of the worlds of which the scenario wants one.

    Returns
    -------
    Results
        The same for any number of workers and threads.
    """
    workers = min(workers, plan.scenario.run.replications)
    tell_days = _tell_of_days(plan, report, workers * threads)
    recorded = [
        (arm, replicate)
        for arm, replicate in recorded_worlds(plan.scenario)
        if arm in plan.arms_in(replicate)
    ]
    if record_to and recorded:
        record_to.mkdir(parents=True, exist_ok=True)
    if workers <= 1:
        done = _run_here(plan, threads, tell_days, record_to)
    else:
        check_processes(plan.scenario.name)
        done = _run_in_processes(plan, workers, threads, tell_days, record_to)
    if record_to and recorded:
        join_parts(record_to, recorded)
    return gathered(list(plan.arms), done)


def _tell_of_days(plan: Plan, report: Report | None, threads: int) -> Callable[[int], None]:
    """What is to be told the number of days done, once pasts that were missing have been lived through."""
    tell, world = report or (lambda share: None), plan.scenario.world
    missing = to_prepare(plan.scenario)
    before = sum(own.world.viewers * own.world.days for own in missing)
    whole, done = before + plan.runs * world.days * world.viewers, 0.0

    def past_day_done(viewers: float) -> None:
        nonlocal done
        done += viewers
        tell(done / whole)

    prepare(missing, threads, past_day_done)
    return lambda days: tell((before + days * world.viewers) / whole)


def run_replicate(
    plan: Plan, replicate: int, threads: int, day_done: Callable[[], None], record_to: Path | None = None
) -> Replicate:
    """Run all arms of one replication on a common cast."""
    compile_the_longest_first()
    result = Replicate(replicate)
    cast = warm_cast(plan.scenario, replicate, threads)
    scenario_arms = {arm.name for arm in plan.scenario.arms}
    recorded = recorded_worlds(plan.scenario)
    arms = plan.arms_in(replicate)
    kept = {name for name in arms if record_to and (name, replicate) in recorded}
    branches = Branches(plan.scenario, arms, kept)
    for name, arm in arms.items():
        recorder_of = partial(Recorder, record_to, name, replicate) if record_to and name in kept else None
        model = branches.taken(name) or LiveCommerceModel(plan.scenario, arm, cast, threads)
        for _ in range(model.day):
            day_done()

        def day_over(model: LiveCommerceModel, name: str = name) -> None:
            day_done()
            branches.day_over(name, model)

        outcome = live_through(model, day_over, recorder_of)
        key: dict[str, Any] = {"arm": name, "replicate": replicate}
        result.runs.append(key | measure_all(outcome, plan.windows))
        if name in scenario_arms:
            for table, make in TABLES.items():
                result.tables[table].append(make(outcome).assign(**key))
    result.peak_memory_bytes = peak_memory()
    return result


def run_world(
    plan: Plan,
    arm: Arm,
    cast: Cast,
    threads: int,
    day_done: Callable[[], None],
    recorder_of: Callable[[LiveCommerceModel], Recorder] | None = None,
) -> Outcome:
    """Run one arm to its end, with a line list if `recorder_of` makes a recorder for it."""
    model = LiveCommerceModel(plan.scenario, arm, cast, threads)
    return live_through(model, lambda model: day_done(), recorder_of)


def live_through(
    model: LiveCommerceModel,
    day_over: Callable[[LiveCommerceModel], None],
    recorder_of: Callable[[LiveCommerceModel], Recorder] | None = None,
) -> Outcome:
    """Run a world through the days that it has left, with a line list if `recorder_of` makes a recorder."""
    try:
        if recorder_of:
            model.recorder = recorder_of(model)
        while model.day < model.days:
            model.step()
            day_over(model)
        return Outcome.from_model(model)
    finally:
        model.close()
        if model.recorder:
            model.recorder.close()


def peak_memory() -> int:
    """Most memory that this process has held so far, in bytes; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        with suppress(ImportError):
            import psutil

            return int(getattr(psutil.Process().memory_info(), "peak_wset", 0))
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def usable_processors() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def _run_here(
    plan: Plan, threads: int, tell: Callable[[int], None], record_to: Path | None
) -> list[Replicate]:
    days = 0

    def day_done() -> None:
        nonlocal days
        days += 1
        tell(days)

    replicates = range(plan.scenario.run.replications)
    return [run_replicate(plan, replicate, threads, day_done, record_to) for replicate in replicates]


class _Days:
    """Days that workers have told of so far."""

    def __init__(self) -> None:
        self.done, self._lock = 0, threading.Lock()

    def add(self, many: int) -> None:
        with self._lock:
            self.done += many


def _work(plan: Plan, replicate: int, threads: int, record_to: Path | None) -> Replicate:
    return run_replicate(plan, replicate, threads, partial(tell_driver, 1), record_to)


def _run_in_processes(
    plan: Plan, workers: int, threads: int, tell: Callable[[int], None], record_to: Path | None
) -> list[Replicate]:
    days = _Days()
    try:
        with Workers(workers, process_context(), days.add) as pool:
            futures = [
                pool.submit(_work, plan, replicate, threads, record_to)
                for replicate in range(plan.scenario.run.replications)
            ]
            for _ in _ticks(futures):
                tell(days.done)
            return [future.result() for future in futures]
    except Unguarded:
        raise unguarded(plan.scenario.name) from None
    except BrokenProcessPool as error:
        raise ExecutionError(
            plan.scenario.name,
            [
                Problem(
                    "workers",
                    sentence("{error}: killed, or out of memory", error=error),
                    "a smaller world, or fewer workers, which need less memory together",
                )
            ],
        ) from None


def _ticks(futures: list[Future]) -> Iterator[None]:
    """Yield several times a second until all futures are done; raise the first error at once."""
    pending = set(futures)
    while pending:
        finished, pending = wait(pending, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in finished:
            future.result()
        yield


def gathered(arms: list[str], replicates: list[Replicate]) -> Results:
    """All replications in one table of each kind, sorted by arm and replicate.

    Parameters
    ----------
    arms : list of str
        Names in the order of rows; see `Plan.arms`.
    replicates : list of Replicate
        At least one.
    """
    replicates = sorted(replicates, key=lambda result: result.replicate)
    order = {name: position for position, name in enumerate(arms)}
    rows = [row for result in replicates for row in result.runs]
    rows.sort(key=lambda row: (order[row["arm"]], row["replicate"]))
    tables: dict[str, Any] = {}
    for name in TABLES:
        parts = [table for result in replicates for table in result.tables[name]]
        parts.sort(
            key=lambda table: (
                (order[table["arm"].iloc[0]], table["replicate"].iloc[0]) if len(table) else (0, 0)
            )
        )
        table = pd.concat(parts, ignore_index=True)
        leading = ["arm", "replicate"]
        tables[name] = table[leading + [column for column in table if column not in leading]]
    peak = max(result.peak_memory_bytes for result in replicates)
    return Results(pd.DataFrame(rows), **tables, peak_memory_bytes=peak)
