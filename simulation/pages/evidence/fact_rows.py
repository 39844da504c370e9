"""Facts beside what the default world comes to, one row per fact, in numbers and in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...calibration.facts import Fact
from ...languages.speaking import counterpart, phrase, template
from ...measures.registry import AMOUNT, ANYTHING, Bounds
from ...runs.bounds import measure_bounds
from ...runs.comparison import Estimate, within
from ..kit.words import MISSING_TEXT, is_number, known, three_digits

NOT_EXPLAINED = template("not explained")
GROUPS = (("target", template("Tuned to")), ("check", template("Never tuned to")))


@dataclass(frozen=True)
class FactRow:
    """One fact and the model.

    Attributes
    ----------
    fact : Fact
    mean, low, high : float or None
        The default world's value with its 95% interval.
    met : bool
        Whether the mean lies in the fact's range.
    met_in : float or None
        Share of plausible worlds that meet it; known of facts that were tuned to.
    source : str
        Where it stands, of whom and when.
    """

    fact: Fact
    mean: float | None
    low: float | None
    high: float | None
    met: bool
    met_in: float | None
    source: str

    @property
    def title(self) -> str:
        """Name of the fact."""
        return counterpart(self.fact.title)

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        return counterpart(self.fact.unit)

    def position(self, value: float | None) -> float | None:
        """Where a value lies: 0 in the middle of the fact's range, -1 and 1 at its edges."""
        if value is None or not is_number(value):
            return None
        return (value - self.fact.middle) / ((self.fact.highest - self.fact.lowest) / 2)

    @property
    def published(self) -> tuple[str, str]:
        """The figure, and what is near enough if it is one number."""
        span = span_of(self.fact.lowest, self.fact.highest)
        if self.fact.value is None:
            return span, ""
        return three_digits(self.fact.value), phrase("near enough: {span}", span=span)

    @property
    def model_value(self) -> tuple[str, str]:
        """The model's value, and its interval."""
        if self.mean is None or not is_number(self.mean):
            return counterpart(MISSING_TEXT), ""
        if self.low is None or self.high is None:
            return three_digits(self.mean), ""
        return three_digits(self.mean), span_of(self.low, self.high)

    @property
    def verdict(self) -> str:
        """``met``, or on which side it is missed."""
        if self.met:
            return phrase("met")
        if self.mean is None or not is_number(self.mean):
            return phrase("missed, no value")
        return phrase("missed, too high") if self.mean > self.fact.highest else phrase("missed, too low")

    @property
    def explanation(self) -> str:
        """Why it is missed, as the facts' file says; empty where it is met."""
        return "" if self.met else counterpart(self.fact.miss or NOT_EXPLAINED)


def span_of(low: float, high: float) -> str:
    """``0.012 to 0.034``."""
    return phrase("{low} to {high}", low=three_digits(low), high=three_digits(high))


def fact_table(calibration: dict[str, Any], facts: list[Fact]) -> list[FactRow]:
    """One row per fact, those tuned to first.

    Parameters
    ----------
    calibration : dict
        See `plausible_worlds.findings`.
    facts : list of Fact
        Its facts.
    """
    found = {entry["fact"]: entry for entry in calibration["at_default"]}
    over, titles = calibration["met_over_worlds"], {fact.id: fact.title for fact in facts}
    return [
        FactRow(
            fact,
            entry["mean"],
            *_interval(fact, entry),
            bool(entry["met"]),
            over.get(fact.id),
            _source(fact, titles),
        )
        for use, _ in GROUPS
        for fact in facts
        if fact.use == use and (entry := found.get(fact.id)) is not None
    ]


def _interval(fact: Fact, entry: dict[str, Any]) -> tuple[float | None, float | None]:
    """The interval, cut to what the fact's measure can be."""
    mean, low, high = (known(entry[name]) for name in ("mean", "low", "high"))
    found = within(Estimate(mean, low, high, 0), fact_bounds(fact))
    return (found.low, found.high) if is_number(low) else (None, None)


def fact_bounds(fact: Fact) -> Bounds:
    """What the value of a fact can be: as its measure, or a ratio of two."""
    bounds = measure_bounds(fact.measure)
    if not fact.over:
        return bounds
    return AMOUNT if min(bounds.lowest, measure_bounds(fact.over).lowest) >= 0 else ANYTHING


def _source(fact: Fact, titles: dict[str, str]) -> str:
    """Source, population and period; references to another fact by its title instead of its id."""

    def titled(found: re.Match[str]) -> str:
        return phrase("as “{title}”", title=counterpart(titles[found[1]])) if found[1] in titles else found[0]

    parts = [
        re.sub(r"\bas ([a-z][a-z0-9_]*)", titled, part)
        for part in (fact.source, fact.population, fact.period)
        if part
    ]
    return counterpart("; ").join(dict.fromkeys(parts))
