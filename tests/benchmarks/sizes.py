"""Time a viewer-day from a hundred thousand to ten million viewers: ``uv run tests/benchmarks/sizes.py``.

Worlds of the headline's first arm with a merchant to 200 viewers, each born and lived in a process of its own
with as many threads as processors. Ten million viewers take about ten minutes and 20 GB.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

HERE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HERE))

SIZES = (100_000, 1_000_000, 10_000_000)
VIEWERS_PER_MERCHANT = 200


def live(viewers: int, days: int, threads: int) -> dict[str, float]:
    """Seconds of birth and of the days after the first, and the most memory held, of one world."""
    from simulation.claims.reading import read_scenario
    from simulation.runs.execution import peak_memory
    from simulation.scenario import find_scenario
    from simulation.world.cast.cast import draw_cast
    from simulation.world.model import LiveCommerceModel

    size = {"world.viewers": viewers, "world.merchants": viewers // VIEWERS_PER_MERCHANT, "world.days": days}
    scenario = read_scenario(find_scenario("tencent_live_2020"), size)
    begin = time.perf_counter()
    cast = draw_cast(scenario)
    model = LiveCommerceModel(scenario, scenario.arms[0], cast, threads)
    birth = time.perf_counter() - begin
    model.step()
    begin = time.perf_counter()
    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"{viewers:,} viewers", total=days, completed=1)
        while model.running:
            model.step()
            progress.advance(task)
    found = {"birth": birth, "days": time.perf_counter() - begin, "memory": float(peak_memory())}
    model.close()
    return found


def in_its_own_process(viewers: int, days: int, threads: int) -> dict[str, float]:
    """`live` in a process that holds nothing else."""
    command = [sys.executable, __file__, "--live", str(viewers), "--days", str(days)]
    run = subprocess.run([*command, "--threads", str(threads)], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--live", type=int, help="one size alone, told as JSON")
    options.add_argument("--largest", type=int, default=SIZES[-1])
    options.add_argument("--days", type=int, default=30)
    options.add_argument("--threads", type=int, default=2)
    asked = options.parse_args()
    if asked.live:
        print(json.dumps(live(asked.live, asked.days, asked.threads)))
        return
    table = Table(title=f"Taobao Live, {asked.days} days, {asked.threads} threads")
    for heading in ("viewers", "merchants", "birth, s", "days, s", "ns a viewer-day", "with birth", "GB"):
        table.add_column(heading, justify="right")
    for viewers in (size for size in SIZES if size <= asked.largest):
        found = in_its_own_process(viewers, asked.days, asked.threads)
        each = found["days"] / viewers / (asked.days - 1)
        whole = (found["birth"] + found["days"]) / viewers / asked.days
        table.add_row(
            f"{viewers:,}",
            f"{viewers // VIEWERS_PER_MERCHANT:,}",
            f"{found['birth']:.1f}",
            f"{found['days']:.1f}",
            f"{1e9 * each:.0f}",
            f"{1e9 * whole:.0f}",
            f"{found['memory'] / 1e9:.2f}",
        )
    Console().print(table)


if __name__ == "__main__":
    main()
