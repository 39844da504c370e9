"""Two stored runs side by side: what they were asked, and how far apart their arms are.

Runs of one seed have common luck: what a viewer draws depends on the seed, the world's number, the day and
the decision alone. Their worlds are then compared pair by pair. Runs of other seeds are independent samples,
and so are runs of two versions of the model, in which the same decision may draw from other luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..runs.bounds import measure_bounds
from ..runs.comparison import Estimate, estimate, estimate_apart, replicate_values, within
from ..scenario.identity import as_table, unlike
from ..scenario.tables import NO_PAST
from .archive import StoredRun, read_run

COLUMNS = ("arm", "measure", "first", "second", "difference", "low", "high", "worlds", "paired")
WORDS_ONLY = ("name", "title", "question", "claims", "sweep", "policy_search", "calibration")
"""Of a scenario: what does not act in its worlds."""
NOTHING = "–"
BETWEEN = " / "
"""Between the names of two arms of one role."""
TEMPLATES_APART = (4, 2)
"""Version of the model since which runs whose seeds lie side by side share no templates of the past."""


@dataclass(frozen=True)
class Unlike:
    """A key at which two scenarios differ, with what each has there."""

    key: str
    first: str
    second: str


class TwoRuns:
    """Two runs, the second of which is compared with the first.

    Parameters
    ----------
    first, second : StoredRun
    """

    def __init__(self, first: StoredRun, second: StoredRun):
        self.first, self.second = first, second

    @classmethod
    def read(cls, first: str | Path, second: str | Path) -> TwoRuns:
        """Read both from their folders.

        Raises
        ------
        ArchiveError
            If one of them holds no whole run.
        """
        return cls(read_run(Path(first)), read_run(Path(second)))

    @property
    def common_luck(self) -> bool:
        """Whether worlds of one number have the same luck in both."""
        return self.one_seed and len(set(self.versions)) == 1

    @property
    def one_seed(self) -> bool:
        """Whether both have the same seed."""
        return self.first.scenario.run.seed == self.second.scenario.run.seed

    @property
    def versions(self) -> tuple[str, str]:
        """Versions of the model that made them."""
        return self.first.manifest["model_version"], self.second.manifest["model_version"]

    @property
    def lacking(self) -> list[str]:
        """Measures that were added after one of them was made, which are not compared."""
        return list(dict.fromkeys([*self.first.results.lacking, *self.second.results.lacking]))

    @property
    def may_share_templates(self) -> bool:
        """Whether their worlds may be cut from the same pasts although luck is not common.

        Earlier versions numbered templates on from a run's seed.
        """
        runs = [self.first.scenario, self.second.scenario]
        apart = abs(runs[0].run.seed - runs[1].run.seed)
        earlier = all(_number(version) < TEMPLATES_APART for version in self.versions)
        pasts = all(scenario.warm_up.past != NO_PAST for scenario in runs)
        return (
            earlier
            and pasts
            and not self.common_luck
            and apart < max(scenario.run.replications for scenario in runs)
        )

    @property
    def left_out(self) -> int:
        """Worlds that only the longer of two runs on common luck has, and that are compared with nothing."""
        worlds = [run.results.runs["replicate"].nunique() for run in (self.first, self.second)]
        return max(worlds) - min(worlds) if self.common_luck else 0

    @cached_property
    def arms(self) -> list[tuple[str, str]]:
        """Arms that are compared, by their names in the first and second: of one name, or else one role."""
        first, second = self.first.scenario.arms, self.second.scenario.arms
        names = {arm.name for arm in second}
        same = [(arm.name, arm.name) for arm in first if arm.name in names]
        taken = {name for name, _ in same}
        by_role = {arm.role: arm.name for arm in second if arm.role and arm.name not in taken}
        others = [arm for arm in first if arm.name not in taken and arm.role]
        return same + [(arm.name, by_role[arm.role]) for arm in others if arm.role in by_role]

    @property
    def alone(self) -> list[str]:
        """Names of arms that only one of the runs has."""
        left, right = ({pair[place] for pair in self.arms} for place in (0, 1))
        return [arm.name for arm in self.first.scenario.arms if arm.name not in left] + [
            arm.name for arm in self.second.scenario.arms if arm.name not in right
        ]

    @cached_property
    def unlike(self) -> list[Unlike]:
        """What differs in the two scenarios and in the code that ran them, beyond words."""
        first, second = self._asked(self.first), self._asked(self.second)
        return [Unlike(key, _shown(first, key), _shown(second, key)) for key in unlike(first, second)]

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Of each arm and measure that both have: means, the second less the first, and its 95% interval.

        ``paired`` says whether worlds were compared one by one; ``worlds`` counts the pairs, else all worlds.
        All three numbers are of the same worlds: where these are paired, of pairs that have both values.
        """
        tables = self.first.results.runs, self.second.results.runs
        both = [str(name) for name in tables[0] if name in tables[1]]
        measures = [name for name in both if name not in ("arm", "replicate")]
        rows = []
        for arms in self.arms:
            name = arms[0] if arms[0] == arms[1] else BETWEEN.join(arms)
            for measure in measures:
                left, right = (
                    replicate_values(table, arm, measure) for table, arm in zip(tables, arms, strict=True)
                )
                if self.common_luck:
                    left, right = _pairs(left, right)
                rows.append([name, measure, _mean(left), _mean(right), *self._apart(left, right, measure)])
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _apart(self, first: np.ndarray, second: np.ndarray, measure: str) -> list[Any]:
        """Difference, interval, worlds and whether they are paired."""
        found: Estimate = estimate(second - first) if self.common_luck else estimate_apart(second, first)
        found = within(found, measure_bounds(measure).for_differences)
        return [found.mean, found.low, found.high, found.replications, self.common_luck]

    @staticmethod
    def _asked(run: StoredRun) -> dict[str, Any]:
        table = {key: value for key, value in as_table(run.scenario).items() if key not in WORDS_ONLY}
        named = {key: _by_name(value) for key, value in table.items()}
        return named | {"model_version": run.manifest["model_version"]}


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _by_name(value: Any) -> Any:
    """Lists of tables with names as tables, so that keys tell which of them differ."""
    if (
        isinstance(value, list)
        and value
        and all(isinstance(entry, dict) and "name" in entry for entry in value)
    ):
        return {str(entry["name"]): _by_name(entry) for entry in value}
    if isinstance(value, dict):
        return {key: _by_name(entry) for key, entry in value.items()}
    return value


def _shown(table: dict[str, Any], key: str) -> str:
    """What stands at a key that `unlike` gave."""
    at: Any = table
    for part in key.split("."):
        at = at.get(part) if isinstance(at, dict) else None
    if at is None:
        return NOTHING
    return ", ".join(map(str, at)) if isinstance(at, dict) else str(at)


def _pairs(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values of those worlds alone that have one in both runs."""
    many = min(len(first), len(second))
    both = np.isfinite(first[:many]) & np.isfinite(second[:many])
    return first[:many][both], second[:many][both]


def _mean(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
