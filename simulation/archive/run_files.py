"""What the files of a run must hold for whoever reads them; ``results/README.md`` says what it means."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pandas as pd
from pydantic import BaseModel

from ..measures import MEASURES
from ..measures.daily import DAILY_MEASURES

_WORLD = ("arm", "replicate")
COLUMNS: dict[str, tuple[str, ...]] = {
    "runs": (*_WORLD, *(name for name, entry in MEASURES.items() if entry.of_all)),
    "daily": (*_WORLD, "day", *DAILY_MEASURES, "fan_survival", "merchant_survival"),
    "merchants": (
        *_WORLD,
        "merchant",
        "name",
        "archetype",
        "arrival_day",
        "starting_fans",
        "visits",
        "orders",
        "gmv",
        "profit",
        "fans",
        "starting_fans_brought",
        "starting_fans_back",
        "first_order_day",
        "last_day",
        "in_business",
    ),
    "channels": (*_WORLD, "channel", "private", "reach", "visits", "orders", "gmv"),
    "platforms": (*_WORLD, "platform", "day", "users", "stores", "attention", "visits", "orders", "gmv"),
    "moves": (*_WORLD, "day", "what", "merchant", "archetype", "from", "to", "count"),
}
"""Tables of a run and the columns that each has whatever the scenario."""


class Seconds(BaseModel):
    """Time spent, by stage."""

    simulation: float


class Manifest(BaseModel):
    """``manifest.json``; see `manifest.manifest`."""

    scenario: str
    scenario_hash: str
    model_version: str
    seed: int
    replications: int
    arms: list[str]
    probes: list[str]
    started: datetime
    seconds: Seconds
    viewer_days: float
    viewer_days_per_second: float
    peak_memory_bytes: int
    workers: int
    threads: int
    python: str
    system: str
    packages: dict[str, str | None]
    git_revision: str | None


def missing_worlds(table: pd.DataFrame, arms: Iterable[str], replications: int) -> list[tuple[str, int]]:
    """Arms and replications of which `table` has no row."""
    there = set(zip(table["arm"], table["replicate"], strict=True))
    every = [(arm, world) for arm in arms for world in range(replications)]
    return [world for world in every if world not in there]
