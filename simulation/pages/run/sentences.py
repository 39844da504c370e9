"""What a test found, in one plain sentence with natural units."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from ...runs.bounds import unit_of
from ...words import listed
from ..kit.names import Names, parameter_name
from ..kit.words import (
    MISSING_TEXT,
    amount,
    change,
    change_parts,
    decimals_for,
    fixed,
    is_number,
    known,
    precision_width,
    signed_short,
    threshold,
)
from .content import Content

ABSOLUTE_KINDS = ("level", "merchants")
"""Kinds of test whose value is shown itself, rather than its distance from the reference."""


@dataclass(frozen=True)
class Found:
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
        self.kind: str = self.test["kind"]
        self.unit = "" if self.kind == "elasticity" else unit_of(self.test["measure"])
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
        """An effect as text: a signed change or, for `ABSOLUTE_KINDS`, the value itself."""
        if not math.isfinite(effect):
            return MISSING_TEXT
        if self.kind not in ABSOLUTE_KINDS:
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
        low, high = self.shown(self.low), self.shown(self.high)
        if self.kind not in ABSOLUTE_KINDS:
            word = change_parts(self.low, self.unit, self.relative, self.precision)[1]
            if word != "%" and high.endswith(word):
                low, high = low.removesuffix(word), high.removesuffix(word)
        return f"{low} to {high}"

    @property
    def needs(self) -> str:
        """Where the claim holds: ``above +10%``, ``above 0.1``, ``below 50%``, ``below −2 points``."""
        side = "above" if self.test["direction"] == "higher" else "below"
        if self.kind in ABSOLUTE_KINDS:
            value = self._level(self.margin)
            return f"{side} {f'{value * 100:,.6g}%' if self.unit == 'share' else f'{value:,.6g}'}"
        if self.margin == 0:
            return f"{side} zero"
        return f"{side} {threshold(self.margin, self.unit, self.relative)}"


def found(entry: dict[str, Any], content: Content) -> Found:
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
    numbers, names = TestNumbers(entry), content.names
    writer = {
        "level": _level, "trend": _trend, "merchants": _merchants, "elasticity": _elasticity,
    }.get(numbers.kind, _difference) if math.isfinite(numbers.effect) else _nothing
    ending = f" The claim holds {numbers.needs}."
    against = f" against {_quoted(entry, names)}" if numbers.kind == "difference" else ""
    against = f" since the {entry['other']}" if numbers.kind == "trend" else against
    return Found(
        writer(entry, numbers, content) + ending, numbers.shown(numbers.effect), numbers.interval,
        numbers.needs, against, content.some_worlds(entry["replications"]),
    )


def _quoted(entry: dict[str, Any], names: Names) -> str:
    other = names.side(entry["other"])
    return other if names.are_platforms else f"“{other}”"


def _effect_with_interval(numbers: TestNumbers) -> str:
    ending = f" (95% interval {numbers.interval})" if numbers.has_interval else " (no interval)"
    return numbers.shown(numbers.effect) + ending


def _nothing(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    """Without an effect: both sides where they have values, and so only their ratio is missing."""
    measure = content.names.measure(numbers.test["measure"])
    if not (math.isfinite(numbers.value) and math.isfinite(numbers.other)):
        return f"{measure}: no value in these worlds, so nothing to compare."
    values = numbers.value, numbers.other
    if numbers.kind == "difference":
        values = _sides(entry, numbers, content)
    sides = " against ".join(amount(value, numbers.unit) for value in values)
    return f"{measure}: {sides}, of which no percent change can be given."


def _difference(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    test, names, unit = numbers.test, content.names, numbers.unit
    effect = f"a difference of {_effect_with_interval(numbers)}."
    worlds, (value, other) = content.some_worlds(entry["replications"]), _sides(entry, numbers, content)
    text = f"{names.measure(test['measure'])}: {amount(value, unit)} {names.on(names.arm(test['arm']))}"
    if worlds and not is_number(content.level(entry["other"], test["measure"])):
        # What is compared with was run in these worlds only: its level there is of them, not of the page.
        return (f"{text}. Compared with {_quoted(entry, names)}{worlds}, it differs by "
                f"{_effect_with_interval(numbers)}.")
    text += f" against {amount(other, unit)} {names.on(names.side(entry['other']))}"
    return f"{text};{worlds} that have both, {effect}" if worlds else f"{text}, {effect}"


def _sides(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> tuple[float, float]:
    """Levels of both sides: of arms as everywhere on the page, of anything else as the test found them."""
    found = (content.level(name, numbers.test["measure"]) for name in (numbers.test["arm"], entry["other"]))
    value, other = found
    return (value if is_number(value) else numbers.value), (other if is_number(other) else numbers.other)


def _level(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    names = content.names
    measure, arm = names.measure(numbers.test["measure"]), names.arm(numbers.test["arm"])
    return f"{measure} {names.on(arm)}: {_effect_with_interval(numbers)}."


def _trend(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    names = content.names
    measure, arm = names.measure(numbers.test["measure"]), names.arm(numbers.test["arm"])
    return (
        f"{measure} {names.on(arm)}: {amount(numbers.other, numbers.unit)} in the {entry['other']}, "
        f"{amount(numbers.value, numbers.unit)} in the last 30, "
        f"a change of {_effect_with_interval(numbers)}{content.some_worlds(entry['replications'])}."
    )


def _merchants(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    names = content.names
    measure = names.measure(numbers.test["measure"])
    arm, against = names.arm(numbers.test["arm"]), names.arm(numbers.test["against"])
    return f"{measure} {names.on(arm)} than {names.on(against)}: {_effect_with_interval(numbers)}."


def _elasticity(entry: dict[str, Any], numbers: TestNumbers, content: Content) -> str:
    test, names = numbers.test, content.names
    sides = [
        f"1% of {parameter_name(key)} changes it by {signed_short(round(value, 2))}%"
        for key, value in ((test["factor"], numbers.value), (test["against_factor"], numbers.other))
    ]
    return (
        f"{names.measure(test['measure'])} {names.on(names.arm(test['arm']))}: {listed(sides)}, "
        f"a difference of {_effect_with_interval(numbers)}{content.some_worlds(entry['replications'])}."
    )
