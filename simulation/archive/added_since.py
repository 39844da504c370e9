"""Measures that were added after a run was made: left empty in its tables, and told of."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from ..errors import Remedy
from ..languages.speaking import counterpart, listing, phrase, sentence
from ..measures import MEASURES
from ..measures.daily import DAILY_MEASURES
from ..runs.bounds import base_measure
from ..scenario.scenario import Scenario
from ..storage.files import read_table, reading, unusable
from .run_files import COLUMNS

MEASURED: dict[str, Mapping[str, Any]] = {"runs": MEASURES, "daily": DAILY_MEASURES}
"""Measures by the table that has a column for each."""
BY_CHANNEL = "visits_"
"""How columns of the daily table begin that count by channel."""


def read_whole_table(folder: Path, name: str, scenario: Scenario, remedy: Remedy) -> pd.DataFrame:
    """A table of a run with a column for each of today's measures, empty where it has none of it.

    Parameters
    ----------
    folder : Path
        The run's.
    name : str
        One of `COLUMNS`.
    scenario : Scenario
        The run's; it may have measures of its own.
    remedy : Remedy
        What makes the file again.

    Raises
    ------
    ArchiveError
        If the file cannot be read, is torn, lacks a column that is no measure, or has one that nothing here
        fills.
    """
    path = folder / f"{name}.parquet"
    table = read_table(path, [column for column in COLUMNS[name] if not _is_measure(name, column)], remedy)
    if unknown := [str(column) for column in table if not _is_known(name, str(column), scenario)]:
        found = sentence(
            "columns that nothing here fills, as of a later version or of a notebook: {unknown}",
            unknown=", ".join(unknown),
        )
        raise unusable(path, found, remedy)
    lacking = _lacking(name, table)
    if not lacking:
        return table
    whole = pd.concat([table, pd.DataFrame(math.nan, table.index, lacking)], axis=1)
    whole.attrs = table.attrs
    return whole


def added_since(folder: Path) -> tuple[str, ...]:
    """Measures that a run has not, since they were added after it was made.

    Raises
    ------
    ArchiveError
        If a table cannot be read.
    """
    found: dict[str, None] = {}
    for name in MEASURED:
        path = folder / f"{name}.parquet"
        with reading(path, Remedy("run", str(folder))):
            found |= dict.fromkeys(_lacking(name, pq.read_schema(path).names))
    return tuple(found)


def added_in_words(measures: Iterable[str]) -> str:
    """Which measures a run has not, and what to do, in a sentence; empty if it has all."""
    known = {name: entry for table in MEASURED.values() for name, entry in table.items()}
    labels = [counterpart(known[name].label) for name in measures]
    if not labels:
        return ""
    return phrase(
        "Not measured in this run, which is older than these measures: {measures}; run its scenario again to "
        "have them.",
        measures=listing(labels),
    )


def _lacking(name: str, there: Iterable[Any]) -> list[str]:
    known = set(there)
    return [column for column in COLUMNS[name] if _is_measure(name, column) and column not in known]


def _is_measure(name: str, column: str) -> bool:
    return column in MEASURED.get(name, ())


def _is_known(name: str, column: str, scenario: Scenario) -> bool:
    """Whether a column is one that this version, or the scenario's own measures, fill."""
    if column in COLUMNS[name]:
        return True
    if name == "runs":
        return bool(base_measure(column)) or column in scenario.plugins.measures
    return name == "daily" and column.startswith(BY_CHANNEL)
