"""How many facts the shipped defaults meet: in the world of the calibration, and in the headline's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from ..ensembles.tasks import run_arms
from ..errors import Remedy
from ..languages.speaking import counterpart, phrase
from ..runs.comparison import estimate
from ..scenario.reading.read import changed_scenario
from ..scenario.scenario import Scenario
from ..scenario.tables import WorldSettings
from ..storage.files import read_csv, write_csv
from ..storage.manifest import MODEL_VERSION
from .facts import Fact, measured, misses
from .judging.benchmarks import arms_without, met_without

WORLDS = 10
WORLDS_WITHOUT = 4
COLUMNS_WITHOUT = ("mechanism", "target", "check", "viewers", "worlds", "model_version")
COLUMNS = (
    "viewers",
    "merchants",
    "days",
    "worlds",
    "model_version",
    "fact",
    "family",
    "use",
    "mean",
    "low",
    "high",
    "met",
)


def measure_facts_by_size(
    scenario: Scenario,
    facts: list[Fact],
    sizes: Sequence[WorldSettings],
    worlds: int = WORLDS,
    report: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Run the scenario's arms in worlds of several sizes and set what comes out beside the facts.

    Parameters
    ----------
    scenario : Scenario
        Whose arms the facts speak of, with the settings to be tried.
    facts : list of Fact
        Targets and checks.
    sizes : sequence of World
        Of which viewers, merchants, days, persons a viewer and merchants a niche are taken.
    worlds : int
        Replications of each size.
    report : callable, optional
        Told the share of the worlds done.

    Returns
    -------
    DataFrame
        One row per size and fact, with `COLUMNS`: the mean over worlds with its 95% interval, and whether
        the mean lies within the fact's range.
    """
    tables = []
    for place, size in enumerate(sizes):
        sized = _resized(scenario, size)
        rows = []
        for replicate in range(worlds):
            rows += [
                {"point": replicate, "arm": arm, "against": ""} | found
                for arm, found in run_arms(sized, replicate).items()
            ]
            if report:
                report((place + (replicate + 1) / worlds) / len(sizes))
        tables.append(
            _beside(facts, measured(facts, pd.DataFrame(rows), sized)).assign(
                viewers=size.viewers,
                merchants=size.merchants,
                days=size.days,
                worlds=worlds,
                model_version=MODEL_VERSION,
            )
        )
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def measure_without(
    scenario: Scenario, facts: list[Fact], size: WorldSettings, report: Callable[[float], None] | None = None
) -> pd.DataFrame:
    """Families met by the same settings with one mechanism off at a time, in `WORLDS_WITHOUT` worlds.

    Returns
    -------
    DataFrame
        One row per mechanism, with `COLUMNS_WITHOUT`: shares of the families, of the mean over worlds.
    """
    sized = _resized(scenario, size)
    less = sized.model_copy(update={"arms": arms_without(sized)})
    rows = []
    for replicate in range(WORLDS_WITHOUT):
        rows += [
            {"point": replicate, "arm": arm, "against": ""} | found
            for arm, found in run_arms(less, replicate).items()
        ]
        if report:
            report((replicate + 1) / WORLDS_WITHOUT)
    met = pd.DataFrame(met_without(pd.DataFrame(rows), sized, facts))
    return met.assign(viewers=size.viewers, worlds=WORLDS_WITHOUT, model_version=MODEL_VERSION)[
        list(COLUMNS_WITHOUT)
    ]


def resized(world: WorldSettings, times: float) -> WorldSettings:
    """A world of `times` as many viewers and merchants, all else alike."""
    return world.model_copy(
        update={"viewers": round(world.viewers * times), "merchants": round(world.merchants * times)}
    )


def _resized(scenario: Scenario, size: WorldSettings) -> Scenario:
    """The scenario in a world of another size."""
    names = ("viewers", "merchants", "days", "people_per_viewer", "merchants_per_niche")
    changes = {f"world.{name}": getattr(size, name) for name in names}
    return changed_scenario(scenario, changes, "facts by size")


def _beside(facts: list[Fact], values: pd.DataFrame) -> pd.DataFrame:
    """One row per fact: what came out, and whether it is met."""
    rows = []
    for fact in facts:
        found = estimate(values[fact.id].to_numpy(float))
        outside = misses([fact], pd.DataFrame({fact.id: [found.mean]}))[fact.id].iloc[0]
        rows.append(
            {
                "fact": fact.id,
                "family": fact.stands_with,
                "use": fact.use,
                "mean": found.mean,
                "low": found.low,
                "high": found.high,
                "met": bool(outside == 0.0),
            }
        )
    return pd.DataFrame(rows)


def met_in_words(table: pd.DataFrame, use: str) -> str:
    """How many facts of one use are met in worlds of each size, and how many families as a whole:
    ``11 of 17 (5 of 9 families) at 4,000 viewers, ...``."""
    parts = []
    for viewers, rows in table[table["use"] == use].groupby("viewers", sort=True):
        whole = rows.groupby("family")["met"].all()
        parts.append(
            phrase(
                "{met} of {of} ({families} of {all_families} families) at {viewers:,} viewers",
                met=int(rows["met"].sum()),
                of=len(rows),
                families=int(whole.sum()),
                all_families=len(whole),
                viewers=viewers,
            )
        )
    return counterpart(", ").join(parts)


def write_facts_by_size(table: pd.DataFrame, path: Path) -> None:
    """Write what `measure_facts_by_size` found as CSV, values with six significant digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, table, digits=6)


def read_without(path: Path) -> pd.DataFrame:
    """Read what `measure_without` found.

    Raises
    ------
    ArchiveError
        If it cannot be read or is another table.
    """
    return read_csv(path, COLUMNS_WITHOUT, Remedy("measure_facts"), ("mechanism", "model_version"))


def read_facts_by_size(path: Path) -> pd.DataFrame:
    """Read what `write_facts_by_size` wrote.

    Raises
    ------
    ArchiveError
        If it cannot be read or is another table.
    """
    texts = ("model_version", "fact", "family", "use")
    return read_csv(path, COLUMNS, Remedy("measure_facts"), texts)
