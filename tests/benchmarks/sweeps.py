"""What a sweep costs beyond its simulations, how two workers compare with one, and memory over time.

Run with ``uv run tests/benchmarks/sweeps.py`` (some ten minutes), or with ``--points 16`` for a quick look;
with ``--tiny 10000`` for a sweep of so many points in tiny worlds, from its check to reading it again.
All of it is measured in one run, side by side; nothing is asserted.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulation.claims.reading import read_scenario
from simulation.ensembles.execution.executors import dask_executor, local_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.planning import planned_tasks
from simulation.ensembles.results import SweepResults
from simulation.ensembles.sweep import run_sweep
from simulation.ensembles.tasks import RunFunction, run_arms
from simulation.scenario import Scenario, find_scenario

NOTHING_RUNS = 500
EARLY, LATE = 100, 1000
MEGABYTE = 1e6


def nothing(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """No simulation at all, as many measures as usual: what is left is the sweep's own cost."""
    return {
        arm.name: {f"measure_{number}": float(replicate) for number in range(150)} for arm in scenario.arms
    }


def with_memory(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """The model, and what the worker holds afterwards."""
    found = run_arms(scenario, replicate)
    held = float(psutil.Process(os.getpid()).memory_info().rss)
    for measures in found.values():
        measures["worker"], measures["worker_bytes"] = float(os.getpid()), held
    return found


def question(points: int, replications: int, **world: int) -> Scenario:
    """``what_drives_it`` with `points` points."""
    changes = {"sweep.points": points, "sweep.replications": replications}
    return read_scenario(
        find_scenario("what_drives_it"), changes | {f"world.{key}": value for key, value in world.items()}
    )


def timed(
    scenario: Scenario,
    workers: int,
    model: RunFunction,
    each: Callable[[int], None] | None = None,
    executor: Callable[[int], Any] = local_executor,
):
    """Seconds of a whole sweep, beginning of workers included, and its data."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        data = run_sweep(
            scenario,
            Path(folder) / "sweep",
            Execution(
                lambda: executor(workers),
                workers,
                report=(lambda progress: each(progress.done)) if each else None,
                model=model,
            ),
        )
        return time.perf_counter() - begun, data


@contextmanager
def on_dask(workers: int) -> Iterator[Executor]:
    """A scheduler and workers of its own, each a process, on this machine."""
    from distributed import LocalCluster

    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            silence_logs=logging.ERROR,
        ) as cluster,
        dask_executor(cluster.scheduler_address) as executor,
    ):
        yield executor


def compare_workers(points: int, turns: int, executor: Callable[[int], Any] = local_executor) -> None:
    """One worker against two, turn about."""
    scenario = question(points, 4)
    runs = points * 4 * len(scenario.arms)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for workers in (2, 1) * turns:
        seconds[workers].append(timed(scenario, workers, run_arms, executor=executor)[0])
        print(
            f"  {workers} worker{'s' if workers > 1 else ''}: {runs} runs in {seconds[workers][-1]:.1f} s",
            flush=True,
        )
    print(f"Two workers are {np.mean(seconds[1]) / np.mean(seconds[2]):.2f} times as fast as one.")


def own_cost() -> None:
    """Cost of a run that simulates nothing, beginning of the worker left out."""
    few, many = (timed(question(count // 4, 4), 1, nothing)[0] for count in (20, 20 + NOTHING_RUNS))
    cost = (many - few) / NOTHING_RUNS
    print(
        f"Beyond the simulation a point and world of two arms costs {1e3 * cost:.1f} ms, "
        f"{5e2 * cost:.1f} ms a run."
    )


def memory(points: int) -> None:
    """What the driver and the workers hold after 100 and after 1,000 runs."""
    here = psutil.Process(os.getpid())
    driver: dict[int, float] = {}
    _, data = timed(
        question(points, 4), 2, with_memory, lambda done: driver.update({done: here.memory_info().rss})
    )
    last = max(driver)
    early, late = min(EARLY // 2, last // 2), min(LATE // 2, last)
    print(
        f"Driver after {2 * early} runs {driver[early] / MEGABYTE:.0f} MB, "
        f"after {2 * late} runs {driver[late] / MEGABYTE:.0f} MB."
    )
    rows = data[(data["against"] == "") & (data["arm"] == data["arm"].iloc[0])]
    for number, (_, table) in enumerate(rows.groupby("worker"), 1):
        held = table["worker_bytes"].to_numpy() / MEGABYTE
        first, end = held[early // 2 : early // 2 + 20], held[-20:]
        print(
            f"Worker {number}: {np.median(first):.1f} MB about run {2 * early}, "
            f"{np.median(end):.1f} MB at the end of {2 * last} runs "
            f"({np.median(end) / np.median(first) - 1:+.1%})."
        )


def tiny(points: int) -> None:
    """A sweep of many points of the model in tiny worlds: time, memory on the way, and opening it again."""
    scenario = question(points, 1, viewers=100, merchants=5, days=5)
    begun, used = time.perf_counter(), time.process_time()
    planned_tasks(scenario)
    took = f"{time.perf_counter() - begun:.1f} s ({time.process_time() - used:.1f} s of a processor)"
    print(f"{points} points are checked in {took}.", flush=True)
    here = psutil.Process(os.getpid())
    held: dict[int, tuple[float, float]] = {}

    def look(done: int) -> None:
        if done % max(points // 20, 1) == 0 and done not in held:
            processes = [here, *here.children(recursive=True)]
            kept = [process.memory_info().rss / MEGABYTE for process in processes]
            held[done] = kept[0], max(kept[1:])

    with tempfile.TemporaryDirectory() as place:
        folder, begun = Path(place) / "sweep", time.perf_counter()
        how = Execution(
            lambda: local_executor(2), 2, report=lambda progress: look(progress.done), model=run_arms
        )
        data = run_sweep(scenario, folder, how)
        print(f"The sweep takes {time.perf_counter() - begun:.0f} s from end to end; {len(data)} rows.")
        for done in (min(held), sorted(held)[len(held) // 2], max(held)):
            print(
                f"  after {done} points: driver {held[done][0]:.0f} MB, largest worker {held[done][1]:.0f} MB"
            )
        for what, opened in (
            ("Its runs are found", SweepFolder(folder).count),
            ("Its results are read", lambda: len(SweepResults.read(folder).data)),
        ):
            begun, used = time.perf_counter(), time.process_time()
            many = opened()
            took = f"{time.perf_counter() - begun:.2f} s ({time.process_time() - used:.2f} s of a processor)"
            print(f"{what}, {many}, in {took}.")
        size = sum(file.stat().st_size for file in folder.iterdir()) / MEGABYTE
        print(f"It has {len(list(folder.iterdir()))} files, {size:.0f} MB.")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=64, help="points of the comparison of workers")
    parser.add_argument("--memory-points", type=int, default=128, help="points of the look at memory")
    parser.add_argument("--turns", type=int, default=2, help="how often each number of workers runs")
    parser.add_argument("--dask", action="store_true", help="compare workers of a Dask cluster, and no more")
    parser.add_argument("--tiny", type=int, help="run a sweep of so many points in tiny worlds, and no more")
    options = parser.parse_args()
    if options.dask:
        compare_workers(options.points, options.turns, on_dask)
        return
    if options.tiny:
        tiny(options.tiny)
        return
    own_cost()
    compare_workers(options.points, options.turns)
    memory(options.memory_points)


if __name__ == "__main__":
    main()
