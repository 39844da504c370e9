"""How far one arm is from another in a measure, world by world, and what may be said of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ....languages.speaking import listing, phrase
from ....measures.registry import RELATIVE, without_days
from ....runs.bounds import base_measure, measure_bounds, measure_unit
from ....runs.comparison import Estimate, estimate, replicate_values, within
from ....runs.ratios import ratio_estimate, why_no_ratio
from ...kit.names import NamedArm
from ...kit.words import amount, change, change_parts, fixed, is_number, precision_width
from ..content import Content
from ..telling import direction

IN_POINTS = ("market_share", "visit_share", "settled_share")
"""Shares of which a difference in per cent would be taken for one in points."""
DIGIT = 8.0
"""A number is told with a digit at least, as if its interval were no wider than so many times itself: next to
3.18% and 2.80% a difference of 0 points would read as a mistake."""
A_MONTH, OF_A_MONTH = "/30 days", ("named_profit", "named_orders", "named_visits")
"""A unit's end, and measures whose names say as much."""
MOST_DECIMALS = 4
"""Of a percentage."""
NEARLY_ALL = -0.995
"""A fall that is deeper would read as if nothing were left."""


@dataclass(frozen=True)
class Effect:
    """One measure of an arm against another.

    Attributes
    ----------
    measure, label : str
        Its name in runs.parquet, and that for readers.
    arm, base : NamedArm
    level, base_level : float
        Means over all worlds of either arm.
    apart : Estimate
        Paired difference: as a share of `base` if `relative`, else in `unit`.
    better : int
        1 if more is better, -1 if less is, 0 where it depends on who is asked.
    agree : int
        Worlds in which the difference has the sign of its mean.
    """

    measure: str
    label: str
    arm: NamedArm
    base: NamedArm
    level: float
    base_level: float
    apart: Estimate
    relative: bool
    unit: str
    better: int
    agree: int

    @property
    def has_interval(self) -> bool:
        """Whether there were worlds enough for an interval."""
        return self.apart.has_interval

    @property
    def name(self) -> str:
        """The label within a sentence."""
        return self.label[:1].lower() + self.label[1:]

    @property
    def clear(self) -> bool:
        """Whether there is a difference beyond luck."""
        return self.apart.beyond_luck != 0

    @property
    def worth(self) -> int:
        """1 for a gain beyond luck, -1 for a loss, 0 for neither."""
        return self.apart.beyond_luck * self.better

    @property
    def least(self) -> float:
        """The smallest difference that its interval allows, as a ratio; what has none comes last."""
        ends = (self.apart.low, self.apart.high)
        return min(abs(math.log1p(max(end, NEARLY_ALL))) for end in ends) if self.relative else 0.0

    def text(self, value: float) -> str:
        """A signed difference, with no more digits than its interval allows."""
        width = precision_width(self.apart.low, self.apart.high) if self.has_interval else abs(value)
        if not self.relative:
            width = min(width, DIGIT * abs(self.apart.mean)) if value == self.apart.mean != 0 else width
            return change(_as_known(value, width), self.unit, False, width)
        if value < NEARLY_ALL:
            return phrase("below −99%")
        decimals = max(_decimals(value, width), self._least_decimals)
        return f"{fixed(value * 100, decimals, sign=True)}%"

    @property
    def _least_decimals(self) -> int:
        """Decimals of a percentage without which an end of what is beyond luck would read as zero."""
        if not self.clear:
            return 0
        nearest = 100 * min(abs(self.apart.low), abs(self.apart.high))
        return min(max(math.ceil(-math.log10(nearest)), 0), MOST_DECIMALS)

    @property
    def difference(self) -> str:
        """The difference, signed."""
        return self.text(self.apart.mean)

    @property
    def size(self) -> str:
        """The difference without its sign, for a sentence that says which way it goes."""
        if self.relative and self.apart.mean < NEARLY_ALL:
            return phrase("more than 99%")
        return self.difference.lstrip("+\N{MINUS SIGN}")

    @property
    def interval(self) -> str:
        """From the low to the high end; empty without an interval."""
        if not self.has_interval:
            return ""
        low, high = self.text(self.apart.low), self.text(self.apart.high)
        if not self.relative:  # a unit in words stands once
            number, unit = change_parts(self.apart.low, self.unit, False, 1.0)
            low = low.removesuffix(unit) if number and high.endswith(unit) else low
        return phrase("{low} to {high}", low=low, high=high)

    @property
    def levels(self) -> tuple[str, str]:
        """The measure in the arm, and in what it is compared with."""
        return amount(self.level, self.unit), amount(self.base_level, self.unit)


def _as_known(value: float, width: float) -> float:
    """`value` without what lies far below its interval's `width`: −24,000 for −24,451 give or take 35,000."""
    return round(value, 1 - math.floor(math.log10(width))) if width > 0 else value


def _decimals(value: float, width: float) -> int:
    """Decimals of a percentage: one where it, or what a fall leaves, is small and known that well."""
    return 1 if (round(abs(value), 9) < 0.1 and width < 0.1) or (value < -0.9 and width < 0.02) else 0


def _unit(measure: str) -> str:
    """Unit of a measure; of one shop's, whose labels say that it is a month's, without the days."""
    unit = measure_unit(measure)
    return unit.removesuffix(A_MONTH) if base_measure(without_days(measure)[0]) in OF_A_MONTH else unit


def paired_effect(content: Content, arm: NamedArm, base: NamedArm, measure: str) -> Effect | None:
    """How far `arm` is from `base`; None where the measure has no value in either.

    Relative to `base` wherever a ratio can be given (see `why_no_ratio`) and would not mislead, unless the
    scenario's own claims ask for the difference itself. This interval alone decides what is beyond luck.
    """
    runs = content.run.results.runs
    side, other = (replicate_values(runs, entry.name, measure) for entry in (arm, base))
    in_points = base_measure(without_days(measure)[0]) in IN_POINTS or content.told_relative(measure) is False
    relative = not in_points and not why_no_ratio(side, other)
    bounds = RELATIVE if relative else measure_bounds(measure).for_differences
    found = within(ratio_estimate(side, other) if relative else estimate(side - other), bounds)
    if not is_number(found.mean):
        return None
    apart = (side - other)[np.isfinite(side - other)]
    return Effect(
        measure,
        content.names.asked_measure(measure),
        arm,
        base,
        content.level(arm.name, measure),
        content.level(base.name, measure),
        found,
        relative,
        _unit(measure),
        direction(measure),
        int((np.sign(apart) == np.sign(found.mean)).sum()),
    )


def named_effects(effects: list[Effect]) -> str:
    """Effects with their sizes, as a list."""
    return listing(
        [phrase("{label} ({part})", label=effect.name, part=effect.difference) for effect in effects]
    )
