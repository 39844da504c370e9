"""What varies: the keys of a sweep, over what, by which design; and how plausible worlds are looked for."""

from __future__ import annotations

import datetime
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from ...languages.speaking import sentence
from ..fields import MOST_ENTRIES, Dotted, LastDay, Section, doubled, quantity
from ..registry import Registry

DESIGNS: Registry[Any] = Registry("ensembles/designs", "DESIGN", "Design")
"""By name, how points can be chosen."""

if TYPE_CHECKING:
    DesignName = str
else:
    DesignName = DESIGNS.choice

Value = float | int | str | bool
MOST_POINTS, MOST_RUNS = 1_000_000, 10_000_000
"""More are not even counted through before a sweep."""


FEWEST_LOOKED_AT = 4
"""Worlds between looks at an interval, at least: of those looked at after every 2 some 89% hold the truth."""


class Factor(Section):
    """One key that varies. Numbers from `low` to `high`, or one of `choices`."""

    key: str = Field(min_length=3, description="Dotted key of the scenario, as for --set.")
    kind: Literal["uncertainty", "lever"] = Field(
        "uncertainty", description="Whether the world decides it or the strategist."
    )
    low: float | None = quantity(None, "Lowest value.")
    high: float | None = quantity(None, "Highest value.")
    scale: Literal["linear", "log"] = Field("linear", description="Scale on which values are even.")
    whole: bool = Field(False, description="Whole numbers only.")
    choices: list[Value] = Field(
        default_factory=list, max_length=MOST_ENTRIES, description="The values, if not a range."
    )
    levels: int = quantity(3, "Values of a range in a grid.", low=2, high=1000)
    source: str = Field("assumption", description="Where the range comes from.")

    @model_validator(mode="after")
    def _complete(self) -> Factor:
        if self.choices:
            if self.low is not None or self.high is not None:
                raise ValueError(
                    sentence("factor '{key}' has choices and a range; keep one of them", key=self.key)
                )
            return self
        if self.low is None or self.high is None:
            raise ValueError(
                sentence("factor '{key}' needs low and high, or choices; give either", key=self.key)
            )
        if not self.low < self.high:
            raise ValueError(
                sentence(
                    "the range of '{key}' is empty ({low:g} to {high:g}); let high exceed low",
                    key=self.key,
                    low=self.low,
                    high=self.high,
                )
            )
        if self.whole and math.ceil(self.low) > math.floor(self.high):
            raise ValueError(
                sentence(
                    "there is no whole number from {low:g} to {high:g}, the range of '{key}'; widen it",
                    low=self.low,
                    high=self.high,
                    key=self.key,
                )
            )
        if self.scale == "log" and self.low <= 0:
            raise ValueError(sentence("'{key}' is even on a log scale, so low must be above 0", key=self.key))
        return self

    @property
    def grid_levels(self) -> int:
        """Values in a grid."""
        if self.choices or self.low is None or self.high is None:
            return len(self.choices)
        whole = math.floor(self.high) - math.ceil(self.low) + 1
        return min(self.levels, whole) if self.whole else self.levels


class Until(Section):
    """When a point of a sweep has had enough worlds: its mean is known to an interval of this width."""

    measure: str = Field(min_length=1, description="Measure of which the interval is.")
    arm: str = Field(min_length=1, description="Arm, by name or role.")
    against: str = Field("", description="Arm that is subtracted on the same luck; none if empty.")
    width: float = quantity(..., "Widest 95% interval, from end to end, in the measure's unit.", low=0.0)
    most: int = quantity(64, "Worlds per point and arm after which it ends anyway.", low=4, high=100_000)


class Sweep(Section):
    """A design over the factors; every point runs all arms on common luck."""

    design: DesignName = Field("latin_hypercube", description="How points are chosen.")
    points: int = quantity(
        64,
        "Points of a latin hypercube; base points N of a Sobol design, which runs N (k + 2).",
        low=1,
        high=1_000_000,
    )
    seed: int = quantity(1, "Seed of the design.", low=0, high=2**31 - 1)
    replications: int = quantity(4, "Worlds per point and arm.", low=1, high=100_000)
    until: Until | None = Field(
        None, description="Run further worlds, as many again each time, where an interval is wider than this."
    )
    all_claims: bool = Field(
        False,
        description=(
            "Also run what claims need beyond the arms (a mechanism off, a parameter raised), so that each "
            "can "
            "be weighed at every point: 7 worlds instead of 2 for the article's claims on two arms."
        ),
    )
    factors: list[Factor] = Field(default_factory=list, max_length=MOST_ENTRIES, description="What varies.")
    rows: list[Dotted[Value]] = Field(
        default_factory=list, description="The points of a list, each a table of key = value."
    )
    csv: str = Field("", description="File with one column per key, instead of rows.")

    @property
    def point_count(self) -> int:
        """Points of the design; 0 where a file has them."""
        count: int = DESIGNS[self.design].count(self)
        return count

    @property
    def most_replications(self) -> int:
        """Worlds that a point may have."""
        return self.until.most if self.until else self.replications

    @model_validator(mode="after")
    def _complete(self) -> Sweep:
        if twice := doubled(factor.key for factor in self.factors):
            raise ValueError(
                sentence("factors named twice: {twice}; drop one of each", twice=", ".join(twice))
            )
        design = DESIGNS[self.design]
        if design.samples and not self.factors:
            raise ValueError("the sweep has no factors; add [[sweep.factors]] with a key and a range")
        if fault := design.fault(self):
            raise ValueError(fault)
        if self.until and not FEWEST_LOOKED_AT <= self.replications <= self.until.most:
            raise ValueError(
                sentence(
                    "there is no interval to go by of {replications} of at most {most} worlds "
                    "(fewer than {fewest_looked_at} at a time make it too narrow); let replications be from "
                    "{fewest_looked_at} to until.most",
                    replications=self.replications,
                    most=self.until.most,
                    fewest_looked_at=FEWEST_LOOKED_AT,
                )
            )
        if self.point_count > MOST_POINTS or self.point_count * self.most_replications > MOST_RUNS:
            raise ValueError(
                sentence(
                    "the design has {point_count:,} points of {most_replications:,} worlds; "
                    "let there be at most {most_points:,} points and {most_runs:,} worlds in all",
                    point_count=self.point_count,
                    most_replications=self.most_replications,
                    most_points=MOST_POINTS,
                    most_runs=MOST_RUNS,
                )
            )
        return self


class Calibration(Section):
    """History matching of the keys that vary in the scenario's sweep (Vernon, Goldstein, Bower 2010).

    The sweep's ranges are the prior: every value in them is as likely as any other at first. Its
    points are one wave.
    """

    facts: str = Field(description="File of facts (.toml, .csv or .xlsx), as seen from the scenario file.")
    facts_until: LastDay | None = Field(
        None, description="Facts dated later are not used, neither tuned to nor looked at; none if not given."
    )
    waves: int = quantity(
        3,
        "Waves of points: the first over the whole ranges; then where plausible worlds are likely.",
        low=2,
        high=20,
    )
    wave_points: int = quantity(600, "Points of each wave but the first.", low=30, high=1_000_000)
    misses: int = quantity(
        2,
        "Facts that a plausible world may miss. No model meets every fact: history matching looks "
        "at the second or third worst, so that one wrong fact does not rule out every world.",
        low=0,
        high=1000,
        source="Vernon, Goldstein, Bower 2010",
    )
    worlds: int = quantity(
        200, "Plausible worlds wanted; waves are added until there are.", low=1, high=100_000
    )
    most_waves: int = quantity(6, "Waves after which it ends anyway.", low=1, high=50)
    seed: int = quantity(1, "Seed of the waves' points.", low=0, high=2**31 - 1)
    larger: Dotted[Value] = Field(
        default_factory=dict,
        description=(
            "Keys and values, such as world.viewers = 20000, of the world in which plausible ones are "
            "looked at once more before they count; none if empty."
        ),
    )
    larger_points: int = quantity(300, "Worlds looked at there, at most.", low=1, high=100_000)
    larger_slack: int = quantity(
        2,
        "Facts more than `misses` that a world may miss in the smaller size to be looked at in the larger.",
        low=0,
        high=1000,
    )
    larger_waves: int = quantity(
        2,
        "Waves drawn for the larger size itself, once a first look has told how the sizes differ, until "
        "there are enough plausible worlds.",
        low=0,
        high=20,
    )
    larger_wave_points: int = quantity(240, "Points of each of these.", low=1, high=100_000)


MONTH = 30
"""Days by which counts are kept, of which windows of days are made."""


class Foretelling(Section):
    """A run beside the calendar, of which quarters are kept to be set beside what was published later."""

    first_day: LastDay = Field(description="Date of day 0, as 2020-07-01.")
    facts_until: LastDay = Field(
        description="Last day of what may be known: worlds are chosen by facts dated up to it alone, and "
        "are only set beside facts dated later."
    )

    def quarters(self, days: int) -> dict[str, tuple[int, int]]:
        """Days, counted from 1, of each quarter of the calendar that a run of `days` covers.

        Quarters begin and end with the months of 30 days that come nearest, at most 15 days off.

        Returns
        -------
        dict
            ``{"2020Q3": (1, 90), ...}``
        """
        end = self.first_day + datetime.timedelta(days=days)
        first = 3 * ((self.first_day.month - 1) // 3) + 12 * self.first_day.year
        marks = [month for month in range(first, 12 * end.year + end.month + 3, 3) if self._day(month) >= 0]
        return {
            f"{begin // 12}Q{begin % 12 // 3 + 1}": (self._day(begin) + 1, self._day(after))
            for begin, after in pairwise(marks)
            if self._day(after) <= days
        }

    def _day(self, month: int) -> int:
        """Where a month of the calendar (12 a year, from 0) begins, to the nearest month of 30 days."""
        begins = datetime.date(month // 12, month % 12 + 1, 1)
        return MONTH * round((begins - self.first_day).days / MONTH)
