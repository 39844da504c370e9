"""Tables of a run in the words of its reader: names of sheets, headings, and labels in place of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from ...languages.speaking import ENGLISH, counterpart, spoken, template
from ...pages.run.content import Content

TABLES = {
    "runs": template("Each world"),
    "daily": template("Each day"),
    "channels": template("Each channel"),
    "merchants": template("Each merchant"),
    "moves": template("Each move"),
    "platforms": template("Each platform by day"),
}
"""Sheets of a run's tables, as readers call them."""
MOVES = {
    "opened": template("merchants that opened"),
    "left": template("merchants that left"),
    "viewers": template("viewers that moved"),
}
"""Who moves, as readers call them."""


def sheet_name(table: str) -> str:
    """What the sheet of a table is called: in English as its file, elsewhere as readers call it."""
    return table if spoken() == ENGLISH else counterpart(TABLES.get(table, table))


def told_table(content: Content, table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A table with labels for keys and headings for columns; in English as it is, for programs to read.

    Keys stay where two would have one label, headings where two columns would have one.
    """
    if spoken() == ENGLISH:
        return table
    told = table.copy()
    for column, label in _labels(content).items():
        if column in told:
            keys = [key for key in told[column].dropna().unique() if key]
            labels = {key: label(key) for key in keys}
            if len(set(labels.values())) == len(labels):
                told[column] = [labels.get(key, key) if pd.notna(key) else None for key in told[column]]
    if len({names[str(name)] for name in told}) < len(told.columns):
        return told
    return told.rename(columns=dict(names))


def _labels(content: Content) -> dict[str, Callable[[str], str]]:
    """What keys of a column are called, by column."""
    names = content.names

    def arm(key: str) -> str:
        """Label of an arm, or of a probe such as ``tencent_live trust.tie_strength x1.25``."""
        base, space, change = key.partition(" ")
        return names.side(key) if " without " in key else f"{names.arm(base)}{space}{change}"

    def platform(key: str) -> str:
        return names.platforms.get(key, key)

    return {
        "arm": arm,
        "archetype": lambda key: names.archetypes.get(key, key),
        "name": lambda key: names.named.get(key, key),
        "channel": names.channel,
        "what": lambda key: counterpart(MOVES.get(key, key)),
        **dict.fromkeys(("platform", "from", "to"), platform),
    }
