"""What pydantic finds wrong with a scenario, in words for the user and with the place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from pydantic import ValidationError

from ...errors import SET, UNKNOWN, Inconsistent, Problem, nearest, shown
from ...languages.speaking import halves, sentence
from ..entries import dotted_key
from ..keys import reach
from .expected import NAME_LETTERS, declared_at, described
from .lines import Location, depth_in, line_number
from .written import Written

MOST_TOLD = 50
"""Problems that get words of their own: more than fit on a screen, fewer than take long."""


def with_lines(written: Written, problems: Iterable[Problem], table: Any) -> list[Problem]:
    """Problems with the lines on which they stand, each once.

    Parameters
    ----------
    written : Written
        Where the scenario was written.
    problems : iterable of Problem
    table : Any
        The scenario as nested tables, by which keys are followed.
    """
    found = list({(problem.key, problem.found): problem for problem in problems}.values())
    return [_placed(written, problem, table) for problem in found[:MOST_TOLD]] + found[MOST_TOLD:]


def _placed(written: Written, problem: Problem, table: Any) -> Problem:
    if problem.line or problem.file or problem.key.startswith(SET):
        return problem
    reached = reach(table, problem.key)
    location = (*reached.location, *reached.rest)
    for key in written.set_keys:
        within = reach(table, key).location
        if within and location[: len(within)] == within:
            return replace(problem, key=f"{SET}{problem.key}")
    for depth in range(len(location), 2, -1):
        if location[:depth] in written.presets and depth_in(location, written.text) <= depth:
            file, text = written.presets[location[:depth]]
            line = line_number(location[depth:], text)
            if line:
                return replace(problem, line=line, file=str(file))
    return replace(problem, line=line_number(location, written.text))


def problems_in(error: ValidationError, table: Any, at: Location = ()) -> Iterator[Problem]:
    """The problems that pydantic found in `table`.

    Parameters
    ----------
    at : tuple
        Where `table` stands in the scenario.
    """
    entries = error.errors(include_url=False)
    for entry in islice(entries, MOST_TOLD):
        yield from _problems(entry, table, at)
    for entry in islice(entries, MOST_TOLD, None):  # only counted
        yield Problem(".".join(map(str, entry["loc"])), entry["type"], "")


def _problems(entry: Any, table: Any, at: Location) -> Iterator[Problem]:
    """One pydantic error in words."""
    location, kind = (*at, *entry["loc"]), entry["type"]
    place = declared_at(location)
    about = (
        sentence("a name of {name_letters}", name_letters=NAME_LETTERS)
        if location[-1:] == ("[key]",)
        else described(place)
    )
    if place is not None:
        location = location[: place.depth]
    key = dotted_key(location, table) or "(the scenario)"
    context = entry.get("ctx", {})
    if kind == "value_error" and isinstance(context["error"], Inconsistent):
        yield from context["error"].problems
    elif kind == "value_error":
        found, allowed = halves(context["error"].args[0] if context["error"].args else "")
        yield Problem(key, found, allowed or about)
    elif kind == "extra_forbidden":
        holder = declared_at(location[:-1])
        valid = holder.names if holder else []
        unknown = sentence(
            "{unknown} '{name}'{near}",
            unknown=UNKNOWN,
            name=location[-1],
            near=nearest(str(location[-1]), valid),
        )
        yield Problem(key, unknown, sentence("one of {valid}", valid=", ".join(valid)))
    elif kind == "missing":
        yield Problem(key, "nothing", sentence("this key is needed: {about}", about=about))
    else:
        yield Problem(key, _found(entry), about or entry["msg"])


def _found(entry: Any) -> str:
    """What stands where it should not."""
    value = entry.get("input")
    if entry["type"] in ("too_long", "too_short") and isinstance(value, dict | list):
        return f"{shown(value)} of {len(value):,} entries"
    if entry["loc"] and entry["loc"][-1] == "[key]":
        return sentence("the name {value}", value=shown(value))
    return shown(value)
