"""What would cross between machines, were one world divided: ``uv run tests/benchmarks/messages.py``.

Nothing is divided here. Viewers lie in the order of their neighbourhoods, so that each machine would look
after a row of them, and a copy of all stores. Two things would cross: friends' links, once a wave, where
sender and receiver lie on different machines; and counts of stores, once a day, which all machines add up.
Both are counted in worlds of the headline as they run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulation.claims.reading import read_scenario
from simulation.scenario import Arm, Scenario, find_scenario
from simulation.state.waves import new_links
from simulation.world.cast.cast import Cast, draw_cast
from simulation.world.model import LiveCommerceModel

MACHINES = (2, 8, 64)
LINK_BYTES = sum(column.itemsize for column in new_links(1))
NETWORK = 1e9
"""Bytes a second between machines: ten gigabits and what they lose."""


def links_of(model: LiveCommerceModel) -> tuple[np.ndarray, np.ndarray, int]:
    """Sender and receiver of each link that travels from now on, and in how many waves any does."""
    senders, receivers, waves = [], [], 0
    while model.running:
        model.merchants_plan()
        for wave in model.traffic_arrives():
            if wave > 0 and model._post is not None:
                links, count = model._post.links, model._post.count
                senders.append(links.sender[:count].copy())
                receivers.append(links.receiver[:count].copy())
                waves += 1
            model.viewers_respond(wave)
        model.groups_fill()
        model.merchants_and_platforms_settle()
    return np.concatenate(senders), np.concatenate(receivers), waves


def row_of(scenario: Scenario, arm: Arm, cast: Cast) -> list[str]:
    """Waves a day, links a viewer and day, the share that crosses, bytes of both kinds, and days a second."""
    model = LiveCommerceModel(scenario, arm, cast)
    sender, receiver, waves = links_of(model)
    viewers, days = scenario.world.viewers, scenario.world.days
    crossing = [
        float(np.mean(sender * machines // viewers != receiver * machines // viewers))
        for machines in MACHINES
    ]
    links = len(sender) / viewers / days
    counts = sum(column.nbytes for column in model.ledger) / len(model.stores.status)
    stores = len(model.stores.status) / viewers
    a_day = 1e8 * (links * crossing[-1] * LINK_BYTES + 2 * stores * counts)
    return [
        arm.name,
        f"{waves / days:.1f}",
        f"{links:.2f}",
        *(f"{share:.0%}" for share in crossing),
        f"{links * crossing[-1] * LINK_BYTES:.1f}",
        f"{2 * stores * counts:.1f}",
        f"{a_day / 1e9:.2f}",
        f"{a_day / MACHINES[-1] / NETWORK:.2f}",
    ]


def main() -> None:
    """Count and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--viewers", type=int, default=100_000)
    options.add_argument("--days", type=int, default=20)
    asked = options.parse_args()
    changes = {
        "world.viewers": asked.viewers,
        "world.merchants": asked.viewers // 50,
        "world.days": asked.days,
    }
    scenario = read_scenario(find_scenario("tencent_live_2020"), changes)
    cast = draw_cast(scenario)
    table = Table(title=f"{asked.viewers:,} viewers, {asked.days} days; links of {LINK_BYTES} bytes")
    headings = ["arm", "waves a day", "links a viewer and day"]
    headings += [f"cross {machines} machines" for machines in MACHINES]
    headings += ["bytes a viewer and day: links", "counts of stores"]
    headings += ["GB a day at 100 million viewers", f"seconds of each of {MACHINES[-1]}"]
    for heading in headings:
        table.add_column(heading, justify="right")
    for arm in scenario.arms:
        table.add_row(*row_of(scenario, arm, cast))
    Console(width=200).print(table)


if __name__ == "__main__":
    main()
