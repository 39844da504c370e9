"""What plausible worlds foretell, quarter by quarter of the calendar, beside what was published later.

Worlds were chosen by facts dated up to a cut-off, `Foretelling.facts_until`; figures dated up to it are
refused here, since a hit on what was known would say nothing. It is a retrodiction: its authors may know what
came.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import Field, model_validator

from ...calibration.facts import read_tables
from ...ensembles.results import SweepResults
from ...ensembles.sweep_files import About
from ...errors import AnalysisError, Problem, Remedy, ScenarioError
from ...measures.outcome import Window
from ...measures.registry import FORETOLD, SALES, named
from ...scenario.fields import LastDay, Name, Section
from ...scenario.scenario import Scenario
from ...scenario.sections.sweep import Foretelling
from ...storage.files import read_csv, read_json, write_csv
from .known_worlds import Known, check_known, read_known

TABLE, BESIDE, PUBLISHED = "foretold.csv", "foretold_beside.csv", "published_later.toml"
COLUMNS = ("quarter", "measure", "arm", "platform", "median", "low", "high", "worlds", "model_version")
NEEDED = (
    "id",
    "arm",
    "published_low",
    "published_high",
    "median",
    "low",
    "high",
    "hit",
    "distance",
    "worlds",
)
BESIDE_COLUMNS = (*NEEDED, "as_before", "start", "model_version")
SHARE = "sales_share"
"""Measure of a platform's share of all sales of a quarter."""
WHOLE = "all"
"""Platform of what is of the whole market."""
MARKET = "market"
"""Arm of the market as it was known; other arms are what-ifs."""
LOW, HIGH = 0.05, 0.95
"""Ends of intervals: nine in ten plausible worlds lie between them."""
REMEDY = Remedy("foretell")


class Published(Section):
    """A figure published later, and what in the model speaks to it; or why nothing does.

    Attributes
    ----------
    id, label, label_zh : str
    low, high : float, optional
        The figure, a range.
    kind : str
        What speaks to it: a ``share`` of sales, a ``change`` of such a share, or a ``level`` of a measure;
        empty if nothing does.
    of, among : list of str
        Platforms whose sales are the part, and the whole.
    measure : str
        Of a level.
    quarters, since : list of str
        Quarters taken together, as 2023Q1; and those before, of a change, which is later over earlier.
    as_before : float, optional
        What it would be if all stayed as last known.
    known : list of str
        Quarters of which a share was known to be that.
    date : date
        Last day of what it is of.
    source, reading, reading_zh : str
        Where it stands, and how it is compared or why it cannot be.
    figure : str
        In words, if nothing speaks to it.
    """

    id: Name
    label: str
    label_zh: str = ""
    low: float | None = None
    high: float | None = None
    kind: Literal["share", "change", "level", ""] = ""
    of: list[Name] = Field(default_factory=list)
    among: list[Name] = Field(default_factory=list)
    measure: str = ""
    quarters: list[str] = Field(default_factory=list)
    since: list[str] = Field(default_factory=list)
    as_before: float | None = None
    known: list[str] = Field(default_factory=list)
    date: LastDay
    source: str = Field(min_length=3)
    reading: str = Field(min_length=3)
    reading_zh: str = ""
    figure: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Published:
        ends = self.low is not None and self.high is not None
        if self.kind and not (ends and self.quarters):
            raise ValueError(f"'{self.id}' is compared, and so needs low, high and quarters; give them")
        if self.kind in ("share", "change") and not (self.of and self.among):
            raise ValueError(f"'{self.id}' is a share of sales: say of which platforms, and among which")
        if (self.kind == "change") != bool(self.since) or (self.kind == "level") != bool(self.measure):
            raise ValueError(
                f"'{self.id}': a change has quarters since when, a level its measure; nothing else has"
            )
        if not self.kind and not self.figure:
            raise ValueError(f"'{self.id}' is not compared, and so has a figure in words; give it")
        return self


def read_published(path: Path, until: datetime.date) -> list[Published]:
    """Figures published later than `until`.

    Raises
    ------
    ScenarioError
        If the file cannot be read, or a figure is dated up to `until`: it was known.
    """
    entries = read_tables(path, Published, "published")
    known = [entry for entry in entries if entry.date <= until]
    if known:
        allowed = f"a figure dated later than {until}, up to which facts may be known"
        raise ScenarioError(
            str(path), [Problem(f"published.{entry.id}.date", str(entry.date), allowed) for entry in known]
        )
    return entries


def foretelling_of(scenario: Scenario) -> Foretelling:
    """What `scenario` says of the calendar.

    Raises
    ------
    AnalysisError
        If it says nothing.
    """
    if scenario.foretelling is None:
        allowed = "a sweep of a scenario with [foretelling], such as after_2020"
        raise AnalysisError(scenario.name, [Problem("foretelling", "nothing", allowed)])
    return scenario.foretelling


def by_world(results: SweepResults, arm: str) -> pd.DataFrame:
    """What each world has for each quarter: mean over its replicates, columns (quarter, measure, platform).

    Sales of platforms are in CNY under `SALES`; measures of the whole market have an empty platform.
    """
    scenario = results.scenario
    entry = next(one for one in scenario.arms if one.name == arm)
    parts = [(SALES, platform.name) for platform in entry.all_platforms] + [(name, "") for name in FORETOLD]
    columns = {}
    for quarter, days in foretelling_of(scenario).quarters(scenario.world.days).items():
        for measure, platform in parts:
            column = named(f"{measure}_{platform}" if platform else measure, Window(*days))
            if column not in results.measures:
                raise AnalysisError(
                    results.source,
                    [
                        Problem(
                            column, "no such measure: some runs were made before it was", "", remedy=REMEDY
                        )
                    ],
                )
            columns[quarter, measure, platform] = results.table(column, arm).mean(axis=1)
    return pd.DataFrame(columns)


def sales_share(worlds: pd.DataFrame, quarters: list[str], of: list[str], among: list[str]) -> pd.Series:
    """Sales of some platforms over those of others, in `quarters` together, by world."""
    part, whole = (
        worlds[[(quarter, SALES, name) for quarter in quarters for name in names]].sum(axis=1)
        for names in (of, among)
    )
    return part / whole.where(whole > 0)


def foretold_table(results: SweepResults, model_version: str) -> pd.DataFrame:
    """Median over worlds, and what nine in ten of them lie between, by quarter, measure, arm and platform."""
    rows = []
    for arm in results.scenario.arms:
        worlds, platforms = by_world(results, arm.name), [entry.name for entry in arm.all_platforms]
        for quarter in dict.fromkeys(worlds.columns.get_level_values(0)):
            shares = [(SHARE, name, sales_share(worlds, [quarter], [name], platforms)) for name in platforms]
            others = [(name, WHOLE, worlds[quarter, name, ""]) for name in FORETOLD]
            rows += [
                (quarter, measure, arm.name, platform, *spread(values), int(values.count()), model_version)
                for measure, platform, values in shares + others
                if values.notna().any()
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def spread(values: pd.Series) -> tuple[float, float, float]:
    """Median, and the ends between which nine in ten values lie."""
    return float(values.median()), float(values.quantile(LOW)), float(values.quantile(HIGH))


def beside_published(results: SweepResults, published: list[Published], model_version: str) -> pd.DataFrame:
    """Each figure that something speaks to, beside the worlds of each arm, with `BESIDE_COLUMNS`.

    A hit: the interval of the worlds and that of the figure have a value in common. ``distance`` is the
    median less the nearest end of the figure, 0 within it; ``start`` is what the worlds had when the share
    was last known, in the median.
    """
    rows = []
    for arm in results.scenario.arms:
        worlds = by_world(results, arm.name)
        for entry in (one for one in published if one.kind):
            assert entry.low is not None and entry.high is not None
            values = _values(entry, worlds)
            median, low, high = spread(values)
            rows.append(
                {
                    "id": entry.id,
                    "arm": arm.name,
                    "published_low": entry.low,
                    "published_high": entry.high,
                    "median": median,
                    "low": low,
                    "high": high,
                    "hit": bool(low <= entry.high and entry.low <= high),
                    "distance": distance(median, entry),
                    "as_before": float("nan") if entry.as_before is None else entry.as_before,
                    "start": float(sales_share(worlds, entry.known, entry.of, entry.among).median())
                    if entry.known
                    else float("nan"),
                    "worlds": int(values.count()),
                    "model_version": model_version,
                }
            )
    return pd.DataFrame(rows, columns=list(BESIDE_COLUMNS))


def distance(value: float, entry: Published) -> float:
    """How far a value lies outside a figure: less its nearest end, 0 within."""
    assert entry.low is not None and entry.high is not None
    return value - min(max(value, entry.low), entry.high)


def _values(entry: Published, worlds: pd.DataFrame) -> pd.Series:
    if entry.kind == "level":
        return worlds[[(quarter, entry.measure, "") for quarter in entry.quarters]].mean(axis=1)
    now = sales_share(worlds, entry.quarters, entry.of, entry.among)
    if entry.kind == "share":
        return now
    before = sales_share(worlds, entry.since, entry.of, entry.among)
    return now / before.where(before > 0)


def keep_foretold(sweep: Path, evidence: Path) -> list[Path]:
    """Write ``foretold.csv`` and ``foretold_beside.csv`` from a sweep over worlds that knew nothing later.

    A sweep of a what-if is kept beside that of the market.

    Raises
    ------
    AnalysisError
        If the sweep's scenario has no calendar, or its worlds were chosen by facts dated later.
    """
    results = SweepResults.read(sweep)
    about = read_json(sweep / "sweep.json", About, REMEDY)
    until = foretelling_of(results.scenario).facts_until
    check_known(evidence, results.points, until)
    version = str(about["model_version"])
    published = read_published(evidence / PUBLISHED, until)
    tables = {TABLE: foretold_table(results, version), BESIDE: beside_published(results, published, version)}
    for name, table in tables.items():
        write_csv(evidence / name, _with_what_ifs(evidence / name, table), digits=4)
    return [evidence / name for name in tables]


def _with_what_ifs(file: Path, table: pd.DataFrame) -> pd.DataFrame:
    """A table with the rows that the file has of other arms of the same model; `MARKET` first."""
    if file.is_file():
        there = pd.read_csv(file, dtype={"model_version": str})
        others = ~there["arm"].isin(table["arm"]) & (there["model_version"] == table["model_version"].iloc[0])
        table = pd.concat([table, there[others]], ignore_index=True)
    return table.sort_values("arm", key=lambda arm: arm != MARKET, kind="stable")


@dataclass(frozen=True)
class Foretold:
    """What is kept of it.

    Attributes
    ----------
    table : DataFrame
        See `foretold_table`.
    beside : DataFrame
        See `beside_published`.
    published : list of Published
        All figures, those too that nothing speaks to.
    known : Known
        By what the worlds were chosen.
    """

    table: pd.DataFrame
    beside: pd.DataFrame
    published: list[Published]
    known: Known


def read_foretold(evidence: Path) -> Foretold | None:
    """What `keep_foretold` wrote; None if nothing is kept.

    Raises
    ------
    ArchiveError
        If a file cannot be read or is another table.
    ScenarioError
        If the figures cannot be read, or one was known.
    """
    known = read_known(evidence)
    if known is None or not all((evidence / name).is_file() for name in (TABLE, BESIDE, PUBLISHED)):
        return None
    texts = ("quarter", "measure", "arm", "platform", "model_version")
    return Foretold(
        read_csv(evidence / TABLE, COLUMNS, REMEDY, texts),
        read_csv(evidence / BESIDE, NEEDED, REMEDY, ("id", "arm", "model_version")),
        read_published(evidence / PUBLISHED, known.facts_until),
        known,
    )
