"""One recorded world of a run: rows of its line list, read without loading whole files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from ...archive.archive import stored_scenario
from ...archive.run_files import COLUMNS
from ...errors import AnalysisError, Problem, Remedy, nearest
from ...languages.speaking import phrase, sentence
from ...runs.line_lists import AGENTS_FOLDER
from ...scenario.labels import platform_titles
from ...scenario.scenario import Scenario
from ...scenario.tables import Arm
from ...storage.files import read_rows
from ...storage.folders import check_whole, remedy_for
from ...world.line_list import SCHEMAS
from ..kit.names import channel_name
from ..kit.periods import Mark, collect_marks

SOURCE = "inspect"
_NULLABLE = {pa.int32(): pd.Int32Dtype(), pa.int16(): pd.Int16Dtype(), pa.bool_(): pd.BooleanDtype()}


@dataclass(frozen=True)
class RecordedWorld:
    """One arm in one replication.

    Attributes
    ----------
    folder : Path
        The run's folder.
    arm, label : str
        Name of the arm, and the same for readers.
    replicate : int
        Number of the replication.
    title : str
        Of the scenario.
    days, viewers : int
        Size of the world.
    people_per_viewer : float
        Persons that one viewer stands for.
    platforms : dict of str to str
        Labels of its platforms by name.
    marks : list of Mark
        Policies of the arm, and platforms that open after day 0.
    named : dict of str to str
        Labels of merchants with a name, by name.
    """

    folder: Path
    arm: str
    label: str
    replicate: int
    title: str
    days: int
    viewers: int
    people_per_viewer: float
    platforms: dict[str, str]
    marks: list[Mark]
    named: dict[str, str]

    def rows(self, table: str, **wanted: int | str | list[int]) -> pd.DataFrame:
        """Rows of a table of the line list whose columns have the values `wanted`.

        Parameters
        ----------
        table : str
            ``"visits"``, ``"ties"`` or ``"shares"``.
        **wanted : int or list of int
            Value by column, or the values that will do.

        Returns
        -------
        DataFrame
            In the order in which things happened; row groups of other worlds are not read.
        """
        path = self.folder / AGENTS_FOLDER / f"{table}.parquet"
        return self._read(path, SCHEMAS[table].names, wanted).to_pandas(types_mapper=_NULLABLE.get)

    def on(self, platform: str) -> str:
        """`` on Taobao Live`` where there are several platforms, else nothing."""
        return phrase(" on {platform}", platform=self.platforms[platform]) if len(self.platforms) > 1 else ""

    def channel(self, platform: str, channel: str) -> str:
        """Label of a channel, with its platform where there are several."""
        label = channel_name(channel)
        if len(self.platforms) == 1:
            return label
        return phrase("{label}: {arm}", label=self.platforms[platform], arm=label)

    def merchant(self, merchant: int | str) -> dict[str, Any]:
        """What merchants.parquet says of the merchant of that number or name.

        Raises
        ------
        AnalysisError
            If there is no such merchant.
        """
        path, names = self.folder / "merchants.parquet", COLUMNS["merchants"]
        column = "name" if isinstance(merchant, str) else "merchant"
        found = self._read(path, names, {column: merchant}).to_pylist()
        if not found:
            most = max(self._read(path, names, {}, ["merchant"])["merchant"].to_pylist(), default=None)
            numbers = (
                sentence("there are no merchants")
                if most is None
                else sentence("a merchant from 0 to {most}", most=most)
            )
            names_too = sentence(", or one by its name: {named}", named=", ".join(self.named))
            who = (
                str(merchant)
                if column == "merchant"
                else sentence("'{name}'{near}", name=merchant, near=nearest(str(merchant), self.named))
            )
            raise AnalysisError(
                SOURCE,
                [
                    Problem(
                        "merchant=",
                        sentence("no merchant {who} on {arm}", who=who, arm=self.arm),
                        numbers + names_too if self.named else numbers,
                    )
                ],
            )
        return found[0]

    def moves(self, merchant: int) -> list[dict[str, Any]]:
        """Stores that a merchant opened on a further platform, or gave up, by day."""
        path = self.folder / "moves.parquet"
        if not path.is_file():
            return []
        return self._read(path, COLUMNS["moves"], {"merchant": merchant}).to_pylist()

    def _read(
        self,
        path: Path,
        names: Sequence[str],
        wanted: Mapping[str, int | str | list[int]],
        columns: list[str] | None = None,
    ) -> pa.Table:
        filters: list[tuple[str, str, Any]] = [("arm", "=", self.arm), ("replicate", "=", self.replicate)]
        filters += [(name, "in" if isinstance(value, list) else "=", value) for name, value in wanted.items()]
        return read_rows(path, names, remedy_for(self.folder), filters, columns)


def recorded_world(folder: Path, arm: str | None, replicate: int) -> RecordedWorld:
    """The world of a run that `arm` and `replicate` name; the first arm if `arm` is None.

    Raises
    ------
    AnalysisError
        If `folder` holds no run or no line list, or none of that arm and replication.
    """
    _check_recorded(folder)
    scenario = stored_scenario(folder)
    chosen = _chosen_arm(scenario, arm)
    _check_replicate(scenario, replicate)
    world, served, titles = scenario.world, chosen.all_platforms, platform_titles(scenario.arms)
    launches = {titles[entry.name]: entry.launch_day for entry in served}
    marks = collect_marks(scenario.arm_policies(chosen), launches, world.days)
    return RecordedWorld(
        folder,
        chosen.name,
        scenario.titles[chosen.name],
        replicate,
        scenario.title,
        world.days,
        world.viewers,
        world.people_per_viewer,
        {entry.name: titles[entry.name] for entry in served},
        marks,
        {entry.name: entry.title for entry in scenario.merchants.named_merchants},
    )


def _check_recorded(folder: Path) -> None:
    """Refuse a folder that holds no run, or one without a line list."""
    check_whole(folder, ("scenario.toml", "manifest.json", "merchants.parquet"))
    tables = [folder / AGENTS_FOLDER / f"{table}.parquet" for table in SCHEMAS]
    if not all(path.is_file() for path in tables):
        raise AnalysisError(
            SOURCE,
            [
                Problem(
                    "the run",
                    sentence("{folder} holds no line list", folder=folder),
                    "a run with one",
                    remedy=Remedy("record"),
                )
            ],
        )


def _chosen_arm(scenario: Scenario, name: str | None) -> Arm:
    """The arm of that name; the first one if none is named."""
    arms = {entry.name: entry for entry in scenario.arms}
    if name is None:
        return scenario.arms[0]
    if name not in arms:
        raise AnalysisError(
            SOURCE,
            [
                Problem(
                    "arm=",
                    sentence("no arm '{name}'{near}", name=name, near=nearest(name, arms)),
                    sentence("one of {arms}", arms=", ".join(arms)),
                )
            ],
        )
    return arms[name]


def _check_replicate(scenario: Scenario, replicate: int) -> None:
    """Refuse a replication that was not recorded."""
    recorded = min(scenario.run.record_replications, scenario.run.replications)
    if not 0 <= replicate < recorded:
        numbers = (
            sentence("from 0 to {recorded}", recorded=recorded - 1)
            if recorded > 1
            else sentence("0, the only one recorded")
        )
        raise AnalysisError(
            SOURCE,
            [
                Problem(
                    "replicate=",
                    sentence("no line list of replication {replicate}", replicate=replicate),
                    sentence("{numbers}; more with run.record_replications", numbers=numbers),
                )
            ],
        )


def each(rows: pd.DataFrame) -> Iterator[Any]:
    """Rows of a table as named tuples."""
    yield from rows.itertuples(index=False)


def check_viewer(world: RecordedWorld, viewer: int) -> None:
    """Refuse a viewer that is not there.

    Raises
    ------
    AnalysisError
        If there is no such viewer.
    """
    if not 0 <= viewer < world.viewers:
        raise AnalysisError(
            SOURCE,
            [
                Problem(
                    "viewer=",
                    sentence("no viewer {viewer}", viewer=viewer),
                    sentence("a viewer from 0 to {viewers:,}", viewers=world.viewers - 1),
                )
            ],
        )


def check_day(world: RecordedWorld, day: int | None) -> None:
    """Refuse a day on which nothing was simulated.

    Raises
    ------
    AnalysisError
        If there is no such day.
    """
    if day is not None and not 0 <= day < world.days:
        raise AnalysisError(
            SOURCE,
            [
                Problem(
                    "day=",
                    sentence("no day {day}", day=day),
                    sentence("a day from 0 to {days:,}", days=world.days - 1),
                )
            ],
        )
