"""One thing and several in English: “1 world” where a template speaks of ``{count} worlds``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

IRREGULAR = {"entries": "entry", "families": "family", "people": "person"}
THINGS = (
    "agents|arms|cells|changes|channels|characters|claims|days|differences|digits|draws|facts|figures|files|"
    "goals|half-widths|keys|kinds|levels|levers|links|looks|measures|members|merchants|months|notes|orderings|"
    "orders|others|pairs|parameters|pasts|persons|places|platforms|points|questions|readings|rooms|rows|runs|"
    "sessions|settings|shops|sizes|steps|tests|viewer-days|viewers|visitors|visits|waves|worlds|years|"
    f"{'|'.join(IRREGULAR)}"
)
"""What templates count."""
COUNTED = re.compile(
    r"\{(?P<name>\w+)(?P<how>(?::[^}]*)?)\}"
    r"(?P<between> (?:(?:more|fewer|other|later|plausible) )?)"
    rf"(?P<things>{THINGS})\b"
)
"""A value and the things that it counts, as they stand in a template."""


def of_one(things: str) -> str:
    """A word for several things as it is for one of them."""
    return IRREGULAR.get(things, things.removesuffix("s"))


def counting(text: str, values: Mapping[str, Any]) -> str:
    """A template of several things with those of which there is one in these values said of one.

    Parameters
    ----------
    text : str
        ``{points} points of {worlds} worlds``; of one world ``{points} points of {worlds} world``.
    values : mapping of str to Any
        Those of the template.
    """

    def said(found: re.Match[str]) -> str:
        one = found["name"] in values and is_one(format(values[found["name"]], found["how"][1:]))
        value = f"{{{found['name']}{found['how']}}}{found['between']}"
        return value + (of_one(found["things"]) if one else found["things"])

    return COUNTED.sub(said, text) if COUNTED.search(text) else text


def is_one(number: str) -> bool:
    """Whether a number that is written so is called one, with any sign."""
    return number.strip("+-\N{MINUS SIGN}") == "1"


def one_or_several(literal: str) -> str:
    """A regular expression for what stands in a template after a value, of one thing or of several."""
    found = re.match(rf"( (?:(?:more|fewer|other|later|plausible) )?)({THINGS})\b", literal)
    if not found:
        return re.escape(literal)
    either = f"(?:{re.escape(found[2])}|{re.escape(of_one(found[2]))})"
    return re.escape(found[1]) + either + re.escape(literal[found.end() :])
