"""How entries of lists are called in dotted keys: by their name, id or key, or else by their number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .reading.lines import Location

NAMED_BY = ("name", "id", "key")


def names_in(entries: list[Any]) -> dict[str, int]:
    """By what the entries of a list are reached, and their positions."""
    names: dict[str, int] = {}
    for position, entry in enumerate(entries):
        names.setdefault(_name_of(entry) or str(position), position)
    return names


def dotted_key(location: Location, table: Any) -> str:
    """`location` as a dotted key, positions in lists being replaced by the names of the entries."""
    parts: list[str] = []
    at = table
    for part in location:
        try:
            at = at[part]
        except (KeyError, IndexError, TypeError):
            at = None
        parts.append((_name_of(at) or str(part)) if isinstance(part, int) else str(part))
    return ".".join(parts)


def _name_of(entry: Any) -> str:
    found = (entry.get(name) for name in NAMED_BY) if isinstance(entry, Mapping) else ()
    return next((name for name in found if isinstance(name, str) and name), "")
