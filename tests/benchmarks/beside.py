"""How fast the model is beside another checkout: ``uv run tests/benchmarks/beside.py CHECKOUT``.

Both play the headline's arms, one thread, in processes that take turns, so that what else the machine does
slows both; of several rounds the one that took least CPU time counts. Birth is timed apart from days, and
compiling never. A checkout of the last commit of model 3, say:
``git worktree add ../model3 e877355``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parents[2]
SIZES = ((2_000, 40, 180), (5_000, 100, 90), (20_000, 400, 60), (100_000, 2_000, 30))
"""Viewers, merchants and days."""
ROUNDS = 3
PROGRAM = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
from simulation.claims.reading import read_scenario
from simulation.scenario import find_scenario
from simulation.world.cast.cast import draw_cast
from simulation.world.model import LiveCommerceModel

def world(viewers, merchants, days):
    changes = {"world.viewers": viewers, "world.merchants": merchants, "world.days": days}
    return read_scenario(find_scenario("tencent_live_2020"), changes)

tiny = world(500, 10, 8)
for arm in tiny.arms:
    LiveCommerceModel(tiny, arm, draw_cast(tiny)).run()  # compiles
viewers, merchants, days = (int(number) for number in sys.argv[2:5])
scenario = world(viewers, merchants, days)
start = time.process_time()
cast = draw_cast(scenario)
found = {"birth": viewers / (time.process_time() - start)}
for arm in scenario.arms:
    model = LiveCommerceModel(scenario, arm, cast)
    start = time.process_time()
    model.run()
    found[arm.name] = viewers * days / (time.process_time() - start)
print(json.dumps(found))
"""


def speeds_in(checkout: Path, size: tuple[int, int, int]) -> dict[str, float]:
    """Viewer-days a second of CPU by arm, and viewers born a second, in a process of its own."""
    command = [sys.executable, "-c", PROGRAM, str(checkout), *(str(number) for number in size)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=checkout)
    return json.loads(run.stdout.splitlines()[-1])


def side_by_side(other: Path, size: tuple[int, int, int]) -> Table:
    """The fastest of several rounds of both, and their ratio."""
    best: dict[Path, dict[str, float]] = {HERE: {}, other: {}}
    for turn in range(ROUNDS):
        for checkout in (HERE, other) if turn % 2 else (other, HERE):
            for name, speed in speeds_in(checkout, size).items():
                best[checkout][name] = max(speed, best[checkout].get(name, 0.0))
    viewers, merchants, days = size
    table = Table(title=f"{viewers:,} viewers, {merchants:,} merchants, {days} days, a second of CPU")
    for heading in ("viewer-days of", "here", "there", "here / there"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, here in best[HERE].items():
        there = best[other][name]
        label = "viewers born" if name == "birth" else name
        table.add_row(label, f"{here:,.0f}", f"{there:,.0f}", f"{here / there:.2f}")
    return table


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("checkout", type=Path, help="folder of the other checkout")
    chosen = options.parse_args()
    console = Console(width=110)
    for size in SIZES:
        console.print(side_by_side(chosen.checkout.resolve(), size))


if __name__ == "__main__":
    main()
