"""One scenario with other values at some keys, thousands of times; only tables that change are checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ..keys import reach
from ..plugins import channels_named_in
from ..scenario import Scenario
from .lines import Location
from .read import changed_scenario, value_in

DECIDES_OTHERS = "plugins"
"""Table by which what others may say is checked."""


class Varied:
    """A scenario of which many others are made, as by `changed_scenario`, in a fraction of the time.

    They share with it, and with one another, the tables that are the same in all, so that they are to be
    read and not to be run: what a model of one's own wrote there would be in all of them.

    Parameters
    ----------
    scenario : Scenario
        One that was checked.

    Attributes
    ----------
    table : dict
        The scenario as nested plain values, as a whole.
    """

    def __init__(self, scenario: Scenario):
        self._scenario = scenario
        self.table = self._as_table(scenario)
        self._checked = {name: getattr(scenario, name) for name in self.table}
        self._context = channels_named_in(self.table) | {"together": True}
        self._places: dict[str, Location] = {}

    def at(self, changes: Mapping[str, Any], source: str) -> tuple[Scenario, dict[str, Any]]:
        """The scenario with dotted keys set to other values, and its table.

        Raises
        ------
        ScenarioError
            If a key or value is not allowed, as `changed_scenario` says it.
        """
        places = {key: self._place(key) for key in changes}
        touched = {str(place[0]) for place in places.values() if place}
        if not all(places.values()) or DECIDES_OTHERS in touched or not _are_plain(changes.values()):
            return self._anew(changes, source)
        table = self.table | self._as_table(self._scenario, touched)
        for key, place in places.items():
            _follow(table, place[:-1])[place[-1]] = changes[key]
        given = self._checked | {name: table[name] for name in touched}
        try:
            made = Scenario.model_validate(given, context=self._context)
        except ValidationError:
            return self._anew(changes, source)
        return made, table | self._as_table(made, touched)

    def values(self, table: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
        """What one of these scenarios has at all the keys that vary, given its table; None where nothing."""
        places = [self._place(key) for key in keys]
        if not all(places):  # whoever changes whole entries may move others
            return {key: value_in(table, key) for key in keys}
        return {key: _follow(table, place) for key, place in zip(keys, places, strict=True)}

    def _place(self, key: str) -> Location:
        """Where a plain value stands that is there already; nothing for any other key."""
        if key not in self._places:
            reached = reach(self.table, key)
            self._places[key] = reached.location if not reached.rest and _are_plain([reached.at]) else ()
        return self._places[key]

    def _anew(self, changes: Mapping[str, Any], source: str) -> tuple[Scenario, dict[str, Any]]:
        made = changed_scenario(self._scenario, changes, source)
        return made, self._as_table(made)

    @staticmethod
    def _as_table(scenario: Scenario, names: set[str] | None = None) -> dict[str, Any]:
        return scenario.model_dump(mode="json", exclude_none=True, include=names)


def _follow(table: dict[str, Any], place: Location) -> Any:
    at: Any = table
    for part in place:
        at = at[part]
    return at


def _are_plain(values: Iterable[Any]) -> bool:
    return not any(isinstance(value, dict | list) for value in values)
