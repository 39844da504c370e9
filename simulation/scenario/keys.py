"""Dotted keys: what they reach in a scenario, in the file as on the command line.

Entries of lists are reached by their name, id or key, or by their number from 0 if they have none of
these: ``arms.tencent_live.platform.pool``, ``sweep.factors.trust.half_life.low``,
``claims.more_sales.tests.0.margin``. Tables whose keys have dots take the rest of the key whole:
``arms.feed.changes.sharing.base_rate``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ..errors import Problem, nearest
from ..languages.speaking import sentence
from .entries import dotted_key, names_in
from .reading.expected import WHOLE, Place
from .reading.lines import Location

_PART = re.compile(r'"((?:\\.|[^"\\])*)"|\'([^\']*)\'|([^.]*)')


class Reached(NamedTuple):
    """How far a key leads: where that is, what stands there, and what is left of the key."""

    location: Location
    at: Any
    place: Place | None
    rest: list[str]


def key_parts(key: str) -> list[str]:
    """Parts of a dotted key; those in quotes may have dots."""
    return list(_parts(key))


@lru_cache(maxsize=10_000)
def _parts(key: str) -> tuple[str, ...]:
    parts, start = [], 0
    while start <= len(key):
        match = _PART.match(key, start)
        assert match is not None  # the last alternative matches nothing at all
        parts.append(next((group for group in match.groups() if group is not None), "").strip())
        if match.end() < len(key) and key[match.end()] != ".":
            return tuple(key.split("."))  # quotes that belong to a name
        start = match.end() + 1
    return tuple(parts)


def reach(table: Any, key: str) -> Reached:
    """Follow `key` as far as it leads."""
    rest = key_parts(key)
    location: Location = ()
    at: Any = table
    place: Place | None = WHOLE
    while rest and (step := _step(at, place, rest)):
        part, used = step
        location, at, rest = (*location, part), at[part], rest[used:]
        place = place.inner(part) if place else None
    return Reached(location, at, place, rest)


def _step(at: Any, place: Place | None, rest: list[str]) -> tuple[str | int, int] | None:
    """The next part of the location, and how many parts of the key it takes; none if it is not there."""
    if isinstance(at, list):
        names = names_in(at)
        for used in range(len(rest), 0, -1):
            if (name := ".".join(rest[:used])) in names:
                return names[name], used
    elif isinstance(at, dict):
        part, used = (".".join(rest), len(rest)) if place and place.is_open else (rest[0], 1)
        if part in at:
            return part, used
    return None


def put(table: dict[str, Any], key: str, value: Any) -> Problem | None:
    """Set dotted `key` in `table`; unknown keys are left to the check of the whole.

    Returns
    -------
    Problem or None
        If the key leads nowhere.
    """
    location, at, place, rest = reach(table, key)
    if not rest:
        return _replace(table, location, key, value)
    while isinstance(at, dict) and not (place and place.is_list):
        part = ".".join(rest) if place and place.is_open else rest[0]
        rest = [] if place and place.is_open else rest[1:]
        if not rest:
            at[part] = value
            return None
        at, place = at.setdefault(part, {}), place.inner(part) if place else None
    if isinstance(at, list) or (place and place.is_list):
        names = list(names_in(at)) if isinstance(at, list) else []
        some = (
            sentence("one of {names}", names=", ".join(names))
            if names
            else "a whole list, since there are no entries"
        )
        return Problem(
            key, sentence("'{rest}'{near}", rest=".".join(rest), near=nearest(rest[0], names)), some
        )
    return Problem(
        key, sentence("'{location}' is a value, not a table", location=location[-1]), "a key of a table"
    )


def _replace(table: dict[str, Any], location: Location, key: str, value: Any) -> Problem | None:
    at: Any = table
    for part in location[:-1]:
        at = at[part]
    last = location[-1]
    entry = at[last]
    preset = isinstance(value, str) and location[-2:-1] == ("platforms",)
    if isinstance(at, list) and isinstance(entry, dict) and not (isinstance(value, dict) or preset):
        name = dotted_key(location, table).rpartition(".")[2]
        return Problem(
            key,
            sentence("'{name}' names a whole entry", name=name),
            "a key inside the entry, or a whole table",
        )
    at[last] = value
    return None
