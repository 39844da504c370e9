"""The stored run as figures need it: arms in order, worlds averaged, intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from ...archive.archive import StoredRun
from ...languages.speaking import phrase_of
from ...measures.registry import WINDOW_MARK, Bounds, without_days
from ...runs.bounds import measure_bounds
from ...runs.comparison import CONFIDENCE, Estimate, estimate, replicate_values, within
from ..kit.names import NamedArm, Names

OWN_CLAIM = "scenario"
"""Source, in claims.json, of claims that stand in the scenario and not in the article."""


@dataclass(frozen=True)
class Band:
    """A mean over worlds with its 95% interval; arrays of one length."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def has_interval(self) -> bool:
        """Whether there were worlds enough for an interval anywhere."""
        return bool(np.isfinite(self.low).any())


class Content:
    """A run with its names."""

    def __init__(self, run: StoredRun) -> None:
        self.run = run
        self.names = Names(run.scenario)

    @property
    def arms(self) -> list[NamedArm]:
        """The scenario's arms, in order."""
        return self.names.arms

    @property
    def claims(self) -> dict[str, Any]:
        """What claims.json holds."""
        return self.run.claims

    @property
    def days(self) -> int:
        """Days simulated."""
        return self.run.scenario.world.days

    @property
    def left_out(self) -> int:
        """First days that measures leave out."""
        return self.run.scenario.run.warm_up_days

    @property
    def days_counted(self) -> int:
        """Days of which measures are taken."""
        return self.days - self.left_out

    @property
    def worlds(self) -> int:
        """Worlds of each arm."""
        return self.run.scenario.run.replications

    def estimate(self, arm: NamedArm, measure: str) -> Estimate:
        """Mean and interval of a measure in an arm."""
        found = estimate(replicate_values(self.run.results.runs, arm.name, measure))
        return within(found, measure_bounds(measure))

    def level(self, arm: str, measure: str) -> float:
        """The mean of a measure in the arm of that name or role; missing if there is none, as for a probe.

        This is the number of that measure wherever the page gives one.
        """
        found = self.run.scenario.arm(arm)
        runs = self.run.results.runs
        return estimate(replicate_values(runs, found.name, measure)).mean if found else math.nan

    @cached_property
    def tested(self) -> list[str]:
        """Measures at which tests of claims of this run look, each once."""
        readings = [reading for claim in self.claims["claims"] for reading in claim["readings"]]
        return list(dict.fromkeys(test["test"]["measure"] for row in readings for test in row["tests"]))

    @cached_property
    def own_tests(self) -> list[dict[str, Any]]:
        """Tests of the scenario's own claims, each of the reading that decides, as claims.json has them."""
        own = [claim for claim in self.claims["claims"] if claim["source"] == OWN_CLAIM]
        readings = [row for claim in own for row in claim["readings"] if row["id"] == claim["decides"]]
        return [test for row in readings for test in row["tests"]]

    def told_relative(self, measure: str) -> bool | None:
        """Whether one's own claims ask of a measure's change in per cent; none if they do not ask of it."""
        asked = (test["test"] for test in self.own_tests)
        return next((bool(test["relative"]) for test in asked if test["measure"] == measure), None)

    def as_claimed(self, *measures: str) -> str:
        """The first of `measures` at which claims look, or else the last; of the days of which they take it.

        So that what is said beside a verdict is of the same days and the same people.
        """
        names = [name for name in self.tested if name in self.run.results.runs]
        for measure in measures:
            if found := [name for name in names if without_days(name)[0] == measure]:
                return next((name for name in found if WINDOW_MARK in name), measure)
        return measures[-1]

    def ratio(self, arm: NamedArm, part: str, whole: str) -> float:
        """The mean over worlds of one measure by another, of worlds that have anything of the latter."""
        above, below = (replicate_values(self.run.results.runs, arm.name, name) for name in (part, whole))
        return estimate(np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)).mean

    def some_worlds(self, many: int) -> str:
        """`` in 5 of 10 worlds`` where a number rests on fewer than there are; else nothing."""
        if not 0 < many < self.worlds:
            return ""
        return phrase_of(
            " in {many} of {count} world", " in {many} of {count} worlds", self.worlds, many=many
        )

    @cached_property
    def _daily(self) -> dict[str, pd.DataFrame]:
        """By arm all daily columns by day (rows) and, under each, world: figures ask thousands of times."""
        return {
            str(name): rows.drop(columns="arm").pivot(index="day", columns="replicate")
            for name, rows in self.run.results.daily.groupby("arm")
        }

    def daily(self, arm: NamedArm, column: str) -> pd.DataFrame:
        """A daily column by day (rows) and world (columns); empty if there is none."""
        table = self._daily.get(arm.name)
        if table is None or column not in table:
            return pd.DataFrame()
        return pd.DataFrame(table[column]).astype(float)

    def platforms(self, arm: NamedArm, column: str) -> pd.DataFrame:
        """A column of platforms' days by day (rows) and platform (columns), the mean over worlds."""
        worlds = self.platform_worlds(arm, column)
        return pd.DataFrame({name: table.mean(axis=1) for name, table in worlds.items()})

    def platform_worlds(self, arm: NamedArm, column: str) -> dict[str, pd.DataFrame]:
        """By platform, a column of its days by day (rows) and world (columns)."""
        rows = self.run.results.platforms
        rows = rows[rows["arm"] == arm.name]
        return {
            name: rows[rows["platform"] == name]
            .pivot(index="day", columns="replicate", values=column)
            .astype(float)
            for name in self.names.platforms
            if (rows["platform"] == name).any()
        }

    def moves(self, arm: NamedArm) -> pd.DataFrame:
        """Moves of viewers and stores of all worlds of an arm."""
        table = self.run.results.moves
        return table[table["arm"] == arm.name]

    def merchants(self, arm: NamedArm) -> pd.DataFrame:
        """Merchants of all worlds of an arm that ever opened, as measures count them."""
        table = self.run.results.merchants
        opened = table["in_business"] | table["last_day"].notna() | (table["visits"] > 0)
        return table[(table["arm"] == arm.name) & opened]


def mean_band(values: pd.DataFrame, bounds: Bounds) -> Band:
    """Mean over worlds (columns) and its t-interval, cut to `bounds` as by `within`, row by row."""
    count = values.count(axis=1).to_numpy(float)
    mean, spread = values.mean(axis=1).to_numpy(float), values.std(axis=1, ddof=1).to_numpy(float)
    several = count > 1
    reach = special.stdtrit(np.where(several, count - 1, 1), 0.5 + CONFIDENCE / 2)
    half = np.where(several, reach * spread / np.sqrt(np.where(several, count, 1)), np.nan)
    low, high = (np.clip(end, bounds.lowest, bounds.highest) for end in (mean - half, mean + half))
    return Band(mean, low, high)
