"""What a test found, in one plain sentence with natural units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ...claims.kind import Kind, Reads
from ...languages.speaking import counterpart, phrase, sentences, template
from ...runs.bounds import measure_unit
from ...scenario.sections.claim import TESTS
from ..kit.names import Names, parameter_name
from ..kit.words import (
    MISSING_TEXT,
    amount,
    change,
    change_ends,
    decimals_for,
    fixed,
    is_number,
    known,
    percent,
    precision_width,
    signed_short,
    threshold,
)
from .content import Content

HELD_IN = {
    (False, False): template(
        "Across {points} worlds that look like the facts it holds in {held} ({low} to {high}), fails in "
        "{failed} and is left undecided by luck in {undecided}."
    ),
    (False, True): template(
        "Across {points} worlds that look like the facts, of {viewers:,} viewers and {merchants:,} "
        "merchants, it holds in {held} ({low} to {high}), fails in {failed} and is left undecided by luck in "
        "{undecided}."
    ),
    (True, False): template(
        "Across {points} worlds that look like the facts it holds in {held} ({low} to {high}), luck "
        "averaged out."
    ),
    (True, True): template(
        "Across {points} worlds that look like the facts, of {viewers:,} viewers and {merchants:,} "
        "merchants, it holds in {held} ({low} to {high}), luck averaged out."
    ),
}
"""By whether luck is averaged out, and whether the worlds are of another size."""


@dataclass(frozen=True)
class Finding:
    """One test's numbers as text.

    Attributes
    ----------
    sentence : str
        Both sides, effect, interval and what the claim needs.
    effect : str
        The effect alone.
    interval : str
        Its interval, empty without one.
    needs : str
        Where the claim holds, as in ``above +10%``.
    against : str
        What the effect is measured against, empty where that is plain.
    worlds : str
        In how many of the worlds it was found, empty if in all of them.
    """

    sentence: str
    effect: str
    interval: str
    needs: str
    against: str
    worlds: str


class TestNumbers:
    """Numbers of one test as claims.json has them, and how each is shown."""

    __test__ = False

    def __init__(self, entry: dict[str, Any]) -> None:
        self.test: dict[str, Any] = entry["test"]
        self.kind: Kind = TESTS[self.test["kind"]]
        self.unit = "" if self.kind.is_ratio else measure_unit(self.test["measure"])
        self.relative: bool = self.test["relative"]
        self.value, self.other = known(entry["arm_value"]), known(entry["other_value"])
        self.effect = known(entry["effect"])
        self.low, self.high = known(entry["low"]), known(entry["high"])
        self.width = self.high - self.low
        self.precision = precision_width(self.low, self.high)
        self.margin: float = self.test["margin"] * (1 if self.test["direction"] == "higher" else -1)

    @property
    def has_interval(self) -> bool:
        """Whether there were worlds enough for an interval."""
        return math.isfinite(self.width)

    def shown(self, effect: float) -> str:
        """An effect as text: a signed change or, where there is a reference, the value itself."""
        if not math.isfinite(effect):
            return counterpart(MISSING_TEXT)
        if not self.kind.has_reference:
            return change(effect, self.unit, self.relative, self.precision)
        value, width = self._level(effect), self._level(self.high) - self._level(self.low)
        if self.unit == "share":
            return f"{fixed(value * 100, decimals_for(width * 100))}%"
        return fixed(value, decimals_for(width))

    def _level(self, effect: float) -> float:
        """The value that differs from the reference by `effect`."""
        reference: float = self.test["reference"]
        return reference * (1.0 + effect) if self.relative else reference + effect

    @property
    def interval(self) -> str:
        """Low to high end; units only once where they are words."""
        if not self.has_interval:
            return ""
        if self.kind.has_reference:
            low, high = self.shown(self.low), self.shown(self.high)
        else:
            low, high = change_ends(self.low, self.high, self.unit, self.relative, self.precision)
        return phrase("{low} to {high}", low=low, high=high)

    @property
    def needs(self) -> str:
        """Where the claim holds: ``above +10%``, ``above 0.1``, ``below 50%``, ``below −2 points``."""
        if self.kind.has_reference:
            value = self._level(self.margin)
            bound = f"{value * 100:,.6g}%" if self.unit == "share" else f"{value:,.6g}"
        elif self.margin == 0:
            bound = phrase("zero")
        else:
            bound = threshold(self.margin, self.unit, self.relative)
        if self.test["direction"] == "higher":
            return phrase("above {bound}", bound=bound)
        return phrase("below {bound}", bound=bound)


def finding_sentence(entry: dict[str, Any], content: Content) -> Finding:
    """What a test of claims.json found, as text.

    Sides of a comparison are those of the whole page, means over all worlds of an arm, also where the
    effect was found in some of them only; it then says so.

    Parameters
    ----------
    entry : dict
        One of a claim's ``tests``.
    content : Content
        The run.
    """
    numbers = TestNumbers(entry)
    fields = sentence_fields(entry, numbers, content)
    return Finding(
        sentences(
            [
                _sentence(entry, numbers, content, fields),
                phrase("The claim holds {needs}.", needs=numbers.needs),
            ]
        ),
        numbers.shown(numbers.effect),
        numbers.interval,
        numbers.needs,
        counterpart(numbers.kind.against).format_map(fields),
        content.some_worlds(entry["replications"]),
    )


def sentence_fields(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> dict[str, str]:
    """What the sentence of a kind of test can speak of, as text; see `claims.kind.Kind.sentence`.

    ``measure``; ``on_arm``, ``on_against``, ``on_other`` (platforms or arms, with their preposition);
    ``value`` and ``other`` (both sides, with unit), as percent ``value_percent`` and ``other_percent``;
    ``part_percent``, ``against_label``; ``other_name``, ``other_quoted``;
    ``factor``, ``against_factor`` (parameters raised); ``effect`` with its
    interval; ``worlds`` and ``which_have_both`` (in how many worlds, empty or a comma if in all).
    """
    test, names, worlds = numbers.test, content.names, content.some_worlds(entry["replications"])
    value, other = _sides(entry, numbers, content)
    return {
        "measure": measure_in(entry, names),
        "on_arm": names.on(names.without(test["arm"], test["without"])),
        "on_against": names.on(names.arm(test["against"])) if test["against"] else "",
        "on_other": names.on(names.side(entry["other"])),
        "against_label": names.arm(test["against"]) if test["against"] else "",
        "part_percent": f"{test['part']:.0%}",
        "other_name": entry["other"],
        "other_quoted": _quoted(entry, names),
        "value": amount(value, numbers.unit),
        "other": amount(other, numbers.unit),
        "effect": _effect_with_interval(numbers),
        "worlds": worlds,
        "which_have_both": phrase(";{worlds} that have both,", worlds=worlds) if worlds else phrase(","),
        "value_percent": _percent(numbers.value),
        "other_percent": _percent(numbers.other),
    } | {name: parameter_name(test[name]) for name in numbers.kind.raises}


def _sentence(entry: dict[str, Any], numbers: TestNumbers, content: Content, fields: dict[str, str]) -> str:
    if not math.isfinite(numbers.effect):
        return _nothing(entry, numbers, content)
    kind, measure = numbers.kind, numbers.test["measure"]
    if kind.sentence_apart and fields["worlds"] and not is_number(content.level(entry["other"], measure)):
        # What is compared with was run in these worlds only: its level is of them, not of the page.
        return counterpart(kind.sentence_apart).format_map(fields)
    return counterpart(kind.sentence).format_map(fields)


def _percent(value: float) -> str:
    return f"{signed_short(round(value, 2))}%" if math.isfinite(value) else counterpart(MISSING_TEXT)


def measure_in(entry: dict[str, Any], names: Names) -> str:
    """Label of a test's measure; one of the scenario's own is called as the run noted."""
    name = entry["test"]["measure"]
    return str(entry["label"]) if name in names.scenario.plugins.measures else names.measure(name)


def _quoted(entry: dict[str, Any], names: Names) -> str:
    other = names.side(entry["other"])
    return other if names.are_platforms else phrase("“{name}”", name=other)


def _effect_with_interval(numbers: TestNumbers) -> str:
    effect = numbers.shown(numbers.effect)
    if not numbers.has_interval:
        return phrase("{effect} (no interval)", effect=effect)
    return phrase("{effect} (95% interval {interval})", effect=effect, interval=numbers.interval)


def _nothing(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    """Without an effect: both sides where they have values, and so only their ratio is missing."""
    measure = measure_in(entry, content.names)
    if not (math.isfinite(numbers.value) and math.isfinite(numbers.other)):
        return phrase("{measure}: no value in these worlds, so nothing to compare.", measure=measure)
    values = _sides(entry, numbers, content)
    value, other = (amount(side, numbers.unit) for side in values)
    return phrase(
        "{measure}: {value} against {other}, of which no percent change can be given.",
        measure=measure,
        value=value,
        other=other,
    )


def _sides(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> tuple[float, float]:
    """Both sides: of arms as everywhere on the page, of anything else as the test found them."""
    if (
        numbers.kind.reads is not Reads.RUNS
        or numbers.kind.is_ratio
        or numbers.kind.has_reference
        or numbers.test["without"]
    ):
        return numbers.value, numbers.other
    value, other = (
        content.level(name, numbers.test["measure"]) for name in (numbers.test["arm"], entry["other"])
    )
    return (value if is_number(value) else numbers.value), (other if is_number(other) else numbers.other)


def shares_in(entry: dict[str, Any]) -> dict[str, Any] | None:
    """What plausible worlds say of a reading of claims.json; what a run of before says of it is not trusted,
    since it was not looked at whether they are worlds like that run's."""
    return (entry.get("robustness") or {}).get("shares")


def whole_percent(share: float) -> str:
    """``38%``."""
    return f"{share:.0%}"


def robustness(shares: dict[str, Any] | None) -> str:
    """In what share of the plausible worlds a claim holds, in a sentence; empty if unknown.

    With luck averaged out where that is known; else as far as each world's few draws decide.
    """
    if not shares:
        return ""
    beyond, sized = shares.get("holds"), "viewers" in shares and bool(shares["viewers"])
    held = beyond or shares["supported"]
    told = whole_percent if beyond else percent  # of so few worlds no more is known
    return phrase(
        HELD_IN[bool(beyond), sized],
        points=shares["points"],
        held=told(held["share"]),
        low=told(held["low"]),
        high=told(held["high"]),
        failed=percent(shares["contradicted"]["share"]),
        undecided=percent(shares["undecided"]["share"]),
        viewers=shares["viewers"] if sized else 0,
        merchants=shares["merchants"] if sized else 0,
    )
