"""How fast the model is, measured side by side: ``uv run tests/benchmarks/speed.py [--quick]``.

Four questions: viewer-days a second of each headline arm; how many times faster that is, with one
thread and with two, than a plain Mesa model of the same rules in the same world (`plain_mesa`); how
fast a market of four platforms is beside each of the four alone; and what a world of a million
viewers takes with one thread and with two. Compilation is never timed, drawing the cast is timed
apart. Other work on the machine slows all figures; ratios suffer less than speeds. How far kernels are from
C is measured by `beside_c`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from rich.console import Console
from rich.table import Table

from simulation.claims.reading import read_scenario
from simulation.runs.execution import peak_memory, usable_processors
from simulation.scenario import Arm, Scenario, find_scenario
from simulation.world.cast.cast import Cast, draw_cast
from simulation.world.model import LiveCommerceModel
from tests.benchmarks.plain_mesa import PlainModel

SCENARIO = "tencent_live_2020"
TINY, LARGE, HUGE = (500, 10, 3), (100_000, 2_000, 30), (1_000_000, 5_000, 30)
"""Viewers, merchants and days."""
REPEATS = 3
"""Of several runs the fastest counts: it is the one that other work disturbed least."""


def world(size: tuple[int, int, int]) -> Scenario:
    """The headline scenario at another size."""
    keys = ("world.viewers", "world.merchants", "world.days")
    return read_scenario(find_scenario(SCENARIO), dict(zip(keys, size, strict=True)))


def warm_up() -> None:
    """Compile everything that the arms need."""
    scenario = world(TINY)
    for arm in scenario.arms:
        for threads in (1, 2):
            seconds_of_fast(scenario, arm, draw_cast(scenario), threads)


def seconds_of_fast(scenario: Scenario, arm: Arm, cast: Cast, threads: int = 1) -> float:
    """Seconds in which the fast model runs all days."""
    model = LiveCommerceModel(scenario, arm, cast, threads)
    start = time.perf_counter()
    model.run()
    seconds = time.perf_counter() - start
    model.close()
    return seconds


def seconds_of_plain(scenario: Scenario, arm: Arm, cast: Cast) -> float:
    """Seconds in which the plain Mesa model runs all days."""
    model = PlainModel(scenario, arm, cast)
    start = time.perf_counter()
    for _ in range(scenario.world.days):
        model.step()
    seconds = time.perf_counter() - start
    model.close()
    return seconds


def seconds_of_both(scenario: Scenario, arm: Arm) -> dict[str, float]:
    """Seconds of the plain model, and of the fast one with one thread and with two.

    The fast one runs before and after the plain one, since other work comes and goes; medians count.
    """
    cast = draw_cast(scenario)
    fast: dict[int, list[float]] = {1: [], 2: []}

    def run_fast() -> None:
        for threads, seconds in fast.items():
            seconds += [seconds_of_fast(scenario, arm, cast, threads) for _ in range(2)]

    run_fast()
    plain = seconds_of_plain(scenario, arm, cast)
    run_fast()
    return {"plain": plain} | {f"fast, {n}": statistics.median(times) for n, times in fast.items()}


def compare_speeds() -> Table:
    """Viewer-days a second of both models in the same worlds, by arm and over all arms."""
    viewers, merchants, days = LARGE
    table = Table(title=f"Viewer-days a second: {viewers:,} viewers, {merchants:,} merchants, {days} days")
    for heading in ("arm", "plain Mesa", "1 thread", "times plain", "2 threads", "times plain"):
        table.add_column(heading, justify="left" if heading == "arm" else "right", no_wrap=True)
    scenario = world(LARGE)
    seconds = {arm.name: seconds_of_both(scenario, arm) for arm in scenario.arms}
    kinds = list(next(iter(seconds.values())))
    seconds["all three"] = {kind: sum(arm[kind] for arm in seconds.values()) for kind in kinds}
    for name, taken in seconds.items():
        viewer_days = viewers * days * (len(scenario.arms) if name == "all three" else 1)
        plain, *fast = (viewer_days / taken[kind] for kind in kinds)
        cells = [f"{plain:,.0f}"]
        for speed in fast:
            cells += [f"{speed:,.0f}", f"{speed / plain:.1f}"]
        table.add_row(name, *cells)
    return table


def compare_market() -> Table:
    """Viewer-days a second of a market, and of each of its platforms alone."""
    together = read_scenario(find_scenario("late_entry")).arms[0]  # all open from the first day
    arms = [Arm(name=platform.name, platform=platform) for platform in together.platforms]
    tiny, large = world(TINY), world(LARGE)
    for arm in (*arms, together):
        seconds_of_fast(tiny, arm, draw_cast(tiny))  # compiles
    cast = draw_cast(large)
    speeds = {
        arm.name: LARGE[0] * LARGE[2] / min(seconds_of_fast(large, arm, cast) for _ in range(REPEATS))
        for arm in (*arms, together)
    }
    alone = [speeds[arm.name] for arm in arms]
    table = Table(title=f"A market of four platforms, {LARGE[0]:,} viewers, one thread")
    for heading in ("world", "viewer-days/s", "market against it"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, speed in speeds.items():
        label = "market of the four" if name == together.name else name
        table.add_row(label, f"{speed:,.0f}", f"{speeds[together.name] / speed:.2f}")
    mean = len(alone) / sum(1 / speed for speed in alone)
    table.add_row("the four, one after another", f"{mean:,.0f}", f"{speeds[together.name] / mean:.2f}")
    return table


def fingerprint(model: LiveCommerceModel) -> str:
    """Hash of everything written down and of all columns as they stand."""
    sums = model.journal.sums
    journal = {name: value for name, value in vars(model.journal).items() if isinstance(value, np.ndarray)}
    digest = hashlib.sha256()
    for array in (*journal.values(), *sums, *model.viewers, *model.stores, *model.ties):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def huge_world(threads: int) -> dict[str, Any]:
    """Run the million in this process; what it took, and a hash of the results."""
    warm_up()
    scenario = world(HUGE)
    arm = scenario.arm("centralised")
    assert arm is not None
    start = time.perf_counter()
    cast = draw_cast(scenario)
    drawn = time.perf_counter()
    model = LiveCommerceModel(scenario, arm, cast, threads)
    begun = time.perf_counter()
    model.run()
    ended = time.perf_counter()
    memory = peak_memory()
    model.close()
    return {
        "cast": drawn - start,
        "run": ended - begun,
        "megabytes": memory / 1e6,
        "hash": fingerprint(model),
    }


def measure_huge(thread_counts: tuple[int, ...] = (1, 2)) -> Table:
    """The million with each number of threads, each in a process of its own."""
    viewers, merchants, days = HUGE
    table = Table(title=f"{viewers:,} viewers, {merchants:,} merchants, {days} days, centralised arm")
    for heading in ("threads", "cast, s", "days, s", "viewer-days/s", "speed-up", "peak MB", "results"):
        table.add_column(heading, justify="right", no_wrap=True)
    first: dict[str, Any] = {}
    for threads in thread_counts:
        command = [sys.executable, __file__, "--huge-world", str(threads)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(output.splitlines()[-1])
        first = first or found
        same = "identical" if found["hash"] == first["hash"] else "DIFFERENT"
        table.add_row(
            str(threads),
            f"{found['cast']:.1f}",
            f"{found['run']:.1f}",
            f"{viewers * days / found['run']:,.0f}",
            f"{first['run'] / found['run']:.2f}",
            f"{found['megabytes']:,.0f}",
            f"{found['hash'][:12]} {same}",
        )
    return table


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--quick", action="store_true", help="leave out the world of a million viewers")
    options.add_argument("--huge-world", type=int, metavar="THREADS", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.huge_world:
        print(json.dumps(huge_world(chosen.huge_world)))
        return
    console = Console(width=110)  # tables stay whole in files and narrow windows
    console.print(f"{usable_processors()} processors, Python {sys.version.split()[0]}")
    warm_up()
    if not chosen.quick:
        # First: a new process counts the most memory that its parent has held as its own.
        console.print(measure_huge())
    console.print(compare_speeds())
    console.print(compare_market())


if __name__ == "__main__":
    main()
