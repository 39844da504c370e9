"""Numbers in plain language: natural units, as many digits as the interval allows."""

from __future__ import annotations

import math
import re

from ...languages.speaking import ENGLISH, counterpart, phrase, spoken, template

MISSING_TEXT = template("no value")
MINUS = "\N{MINUS SIGN}"
SCALES = {"en": ((1e9, " billion"), (1e6, " million")), "zh": ((1e8, "亿"), (1e4, "万"))}
"""From where on numbers are told in larger units, the largest first, by language."""
MOST_DECIMALS = 6
LAST = 10.0**-MOST_DECIMALS
"""Step of the last decimal that is told."""
POINTS = template(" points")
ONE = re.compile(r"^( ?[a-z-]+)s\b")
"""The first word of a unit of several things, without what makes it several."""
AFTER = {
    "CNY": template(" CNY"),
    "CNY/30 days": template(" CNY per 30 days"),
    "person-visits/30 days": template(" per 30 days"),
    "orders placed/30 days": template(" per 30 days"),
    "days": template(" days"),
    "days (at most 30)": template(" days"),
    "log-odds per factor of ten": "",
    "Gini": "",
    "correlation": "",
    "exponent": "",
    "fit": "",
    "ratio": "",
    "ratio less one": "",
    "sd of log": "",
    "persons": "",
    "person-visits": "",
    "orders placed": "",
    "links shared": "",
    "": "",
}
"""What stands after a number in a unit, nothing where the measure's name says it; other units stand there as
they are called."""


def is_number(value: float | None) -> bool:
    """Whether there is a finite number."""
    return value is not None and math.isfinite(value)


def known(value: float | None) -> float:
    """The number, or NaN where it is missing."""
    return math.nan if value is None else float(value)


def decimals_for(width: float) -> int:
    """Decimals in which a `width` counts at least about eight of the last digit's steps."""
    if not is_number(width) or width <= 0:
        return 2
    return int(min(max(math.ceil(-math.log10(width / 8)), 0), MOST_DECIMALS))


def decimals_of(value: float, width: float) -> int:
    """As `decimals_for`; those of nothing where neither `value` nor `width` shows in the last of them."""
    return decimals_for(width if max(abs(value), width) >= LAST / 2 else 0.0)


def precision_width(low: float, high: float) -> float:
    """Width for `decimals_for` of an interval, smaller if an end near zero would read as zero."""
    nearest = min(abs(low), abs(high))
    return min(high - low, max(20 * nearest, (high - low) / 100)) if nearest > 0 else high - low


def fixed(value: float, decimals: int, sign: bool = False) -> str:
    """`value` with `decimals` decimals, thousands separated and a true minus sign."""
    text = f"{abs(value):,.{decimals}f}"
    nothing = not any(digit in "123456789" for digit in text)
    mark = "" if nothing else MINUS if value < 0 else "+" if sign else ""
    return mark + text


def three_digits(value: float) -> str:
    """`value` with three significant digits, large ones in millions and billions."""
    if value == 0:
        return "0"
    for scale, word in SCALES[spoken()]:
        if abs(value) >= scale:
            return three_digits(value / scale) + word
    decimals = 2 - math.floor(math.log10(abs(value)))
    if decimals > 6:
        return "under 0.000001"
    return fixed(round(value, decimals), max(decimals, 0))


def amount(value: float | None, unit: str) -> str:
    """A value of a measure with its unit, such as ``2.99%`` or ``345 CNY per 30 days``."""
    if value is None or not math.isfinite(value):
        return counterpart(MISSING_TEXT)
    if unit == "share":
        return percent(value)
    number = three_digits(value)
    return number + after(number, _after(unit))


def percent(value: float) -> str:
    """A share as a percentage with three significant digits, small ones with two."""
    if 0 < abs(value) < 1e-5:
        return phrase("under {share}", share="0.001%")
    if 0 < abs(value) < 0.01:
        return f"{fixed(value * 100, 1 - math.floor(math.log10(abs(value * 100))))}%"
    return f"{three_digits(value * 100)}%"


def change(value: float, unit: str, relative: bool, width: float) -> str:
    """A signed difference: ``+30%`` if relative, ``+5.1 points`` of shares, ``+8.5 days``."""
    number, word = change_parts(value, unit, relative, width)
    return number + after(number, word)


def after(number: str, words: str) -> str:
    """`words`, such as a unit of several, as they stand after `number`: `` point`` after one in English."""
    one = spoken() == ENGLISH and number.strip(f"+{MINUS}") == "1"
    return ONE.sub(r"\1", words) if one else words


def change_ends(low: float, high: float, unit: str, relative: bool, width: float) -> tuple[str, str]:
    """Both ends of a change's interval; a unit in words is left to the change, if both ends have the same."""
    first, last = (change_parts(end, unit, relative, width) for end in (low, high))
    if first[1] == last[1] != "%":
        return first[0], last[0]
    return change(low, unit, relative, width), change(high, unit, relative, width)


def change_parts(value: float, unit: str, relative: bool, width: float) -> tuple[str, str]:
    """The number and the unit of a signed difference, rounded as its interval's `width` allows."""
    if relative or unit == "share":
        word = "%" if relative else counterpart(POINTS)
        decimals = decimals_of(value * 100, width * 100)
        return fixed(value * 100, min(decimals, 2) if relative else decimals, sign=True), word
    scale, large = next((entry for entry in SCALES[spoken()] if abs(value) >= entry[0]), (1.0, ""))
    return fixed(value / scale, decimals_of(value / scale, width / scale), sign=True), large + _after(unit)


def threshold(value: float, unit: str, relative: bool) -> str:
    """The smallest effect that matters, with as few digits as it needs."""
    if relative:
        return signed_short(value * 100) + "%"
    if unit == "share":
        number = signed_short(value * 100)
        return number + after(number, counterpart(POINTS))
    number = signed_short(value)
    return number + after(number, _after(unit))


def signed_short(value: float) -> str:
    """`value` with its sign and no needless digits."""
    text = f"{abs(value):,.6g}"
    return ("" if value == 0 else MINUS if value < 0 else "+") + text


def short(value: float) -> str:
    """A round number on an axis: 10k, 1M; in Chinese 1万, 100万."""
    if spoken() != ENGLISH:
        return whole(round(value, 6))
    for scale, letter in ((1_000_000, "M"), (1000, "k")):
        if value >= scale:
            return f"{value / scale:g}{letter}"
    return f"{value:g}"


def whole(value: float) -> str:
    """A count, thousands separated; where a language counts so, in ten thousands."""
    scales = SCALES[spoken()] if spoken() != ENGLISH else ()
    for scale, word in scales:
        if abs(value) >= scale:
            return f"{value / scale:,.4g}{word}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def unit_beside(unit: str) -> str:
    """A unit beside the name of a measure; empty where the name says it."""
    return _after(unit).strip()


def unit_name(unit: str) -> str:
    """A unit by itself, as in the title of an axis."""
    return _after(unit).strip() or counterpart(unit)


def _after(unit: str) -> str:
    """What stands after a number in `unit`."""
    if unit in AFTER:
        return counterpart(AFTER[unit]) if AFTER[unit] else ""
    called = counterpart(unit)
    return f" {unit}" if called == unit else called
