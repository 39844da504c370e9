"""Which families of facts are met in worlds of which size, and which parameters no fact speaks of."""

from __future__ import annotations

import csv
from typing import Any

import pandas as pd

from ...languages.speaking import counterpart
from ...resources import EVIDENCE_FOLDER
from ...words import plain

PARAMETERS = "parameters.csv"
NONE = "none"


def size_rows(table: pd.DataFrame | None) -> dict[str, Any]:
    """Facts met of each family by size: ``sizes`` (viewers, in words), and ``rows`` by use.

    Parameters
    ----------
    table : DataFrame, optional
        See `facts_by_size.measure_facts_by_size`.
    """
    if table is None or table.empty:
        return {}
    sizes = sorted({int(viewers) for viewers in table["viewers"]})
    found: dict[str, list[Any]] = {}
    for (use, family), rows in table.groupby(["use", "family"], sort=False):
        cells = []
        for viewers in sizes:
            met = rows.loc[rows["viewers"] == viewers, "met"]
            cells.append((bool(met.all()), f"{int(met.sum())}/{len(met)}"))
        found.setdefault(str(use), []).append((counterpart(plain(str(family))), cells))
    return {"sizes": [f"{viewers:,}" for viewers in sizes], "uses": found}


def without_facts() -> dict[str, list[str]]:
    """Parameters of which no fact or input speaks, by the section of the scenario that they stand in."""
    file = EVIDENCE_FOLDER / PARAMETERS
    found: dict[str, list[str]] = {}
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["how"] == NONE:
                section, _, name = row["key"].partition(".")
                found.setdefault(section, []).append(name)
    return found
