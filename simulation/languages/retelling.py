"""What was said in English and stored so, in the language that is spoken."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from .counting import one_or_several
from .speaking import ENGLISH, counterpart, spoken

VALUE = re.compile(r"\{(\w+)[^}]*\}")
"""A value in a template, with how it is written."""


def retold(text: str, known: Sequence[str], within: Sequence[str] = (), kept: Collection[str] = ()) -> str:
    """`text` in the language that is spoken, if it is one of `known` templates with its values filled in.

    Parameters
    ----------
    text : str
        As it was said in English.
    known : sequence of str
        Templates, tried in this order; a text without values needs none.
    within : sequence of str
        Templates of values besides, such as ``{first} or {last}``, that are not tried on the whole.
    kept : collection of str
        Values that are the same in each language, such as keys.
    """
    if spoken() == ENGLISH:
        return text
    if (found := counterpart(text)) != text:
        return found
    for each in known:
        if match := re.fullmatch(_pattern(each), text, re.DOTALL):
            parts = {
                name: value if name in kept else retold(value, (*known, *within), (), kept)
                for name, value in match.groupdict().items()
            }
            return VALUE.sub(r"{\1}", counterpart(each)).format_map(parts)
    return text


def begins_as(text: str, known: Sequence[str]) -> bool:
    """Whether an English text begins as one of `known` templates with its values filled in."""
    return any(re.match(_pattern(each), text, re.DOTALL) for each in known)


@cache
def _pattern(known: str) -> str:
    """A regular expression for what a template is once its values are filled in."""
    found, end, seen = "", 0, set[str]()
    for value in VALUE.finditer(known):
        name = value[1]
        found += one_or_several(known[end : value.start()]) if end else re.escape(known[: value.start()])
        found += rf"(?P={name})" if name in seen else rf"(?P<{name}>.*?)"
        seen.add(name)
        end = value.end()
    return found + (one_or_several(known[end:]) if end else re.escape(known))
