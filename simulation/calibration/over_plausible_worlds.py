"""Any scenario as a sweep over the plausible worlds: in what share of them its claims hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..claims.reading import read_scenario
from ..errors import AnalysisError, Problem, Remedy
from ..resources import EVIDENCE_FOLDER
from ..scenario.reading.read import default_at, value_at
from ..scenario.scenario import Scenario
from ..storage.files import read_csv
from .plausible_worlds import WORLDS


def kept_worlds(evidence: Path | None = None) -> pd.DataFrame:
    """The plausible worlds that are kept, a row each, a column per key.

    Raises
    ------
    ArchiveError
        If there are none, or the table is torn.
    """
    return read_csv((evidence or EVIDENCE_FOLDER) / WORLDS, (), Remedy("keep_plausible_worlds"))


def over_plausible_worlds(scenario: Scenario, worlds: int, changes: dict[str, Any] | None = None) -> Scenario:
    """`scenario` with a sweep over so many of the plausible worlds, spread evenly over their table.

    A key to which the scenario itself gives another value than the default keeps it in all of them.

    Parameters
    ----------
    scenario : Scenario
        Its own sweep, if it has one, gives way.
    worlds : int
        At least 1; all of them if there are fewer.
    changes : dict, optional
        Further changes by dotted key, such as ``sweep.replications``.

    Raises
    ------
    AnalysisError
        If the scenario sets every key that the worlds vary.
    ScenarioError
        If it cannot be run in one of them.
    ArchiveError
        If no plausible worlds are kept.
    """
    table = kept_worlds()
    free = [key for key in table if value_at(scenario, str(key)) == default_at(str(key))]
    if not free:
        found = "a value of its own for every key that plausible worlds vary"
        raise AnalysisError(
            scenario.name, [Problem("sweep", found, "a scenario that leaves some at default")]
        )
    chosen = np.unique(np.linspace(0, len(table) - 1, min(worlds, len(table))).round().astype(int))
    sweep = {"design": "list", "rows": table.loc[chosen, free].to_dict("records"), "all_claims": True}
    asked = {"factors": [], "csv": "", "until": None} | sweep
    return read_scenario(
        scenario, {f"sweep.{name}": value for name, value in asked.items()} | (changes or {})
    )


def are_plausible(points: pd.DataFrame, evidence: Path | None = None) -> bool:
    """Whether the points of a sweep, a row each, are all among the plausible worlds that are kept."""
    kept = kept_worlds(evidence)
    keys = [key for key in kept if key in points]
    known = set(kept[keys].itertuples(index=False, name=None))
    return bool(keys) and all(row in known for row in points[keys].itertuples(index=False, name=None))


def is_default(world: dict[str, Any]) -> bool:
    """Whether a world, values by key, is that of the defaults shipped."""
    return all(default_at(key) == value for key, value in world.items())
