"""The tables of an experiment, which are read without anything that simulates."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass
class Results:
    """All tables of an experiment; see ``results/README.md``.

    `lacking` has the measures that were added after it was made, whose columns are empty.
    """

    runs: pd.DataFrame
    daily: pd.DataFrame
    merchants: pd.DataFrame
    channels: pd.DataFrame
    platforms: pd.DataFrame
    moves: pd.DataFrame
    peak_memory_bytes: int
    lacking: tuple[str, ...] = ()
