"""Checks of a sweep before it runs: of its factors, their ranges and every point of its design."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np

from ...errors import UNKNOWN, Problem, ScenarioError
from ...languages.speaking import sentence
from ...scenario.identity import Table, as_table
from ...scenario.keys import put, reach
from ...scenario.reading.expected import declared_at
from ...scenario.reading.read import changed_scenario, refusal, value_in
from ...scenario.reading.varied import Varied
from ...scenario.scenario import Scenario
from ...scenario.sections.sweep import DESIGNS, Factor, Sweep
from .factors import value_at

LISTED = "sweep.rows"
MOST_REFUSED = 1000
"""Points that are no scenarios after which no more are looked at."""


def asked_once(scenario: Scenario) -> Scenario:
    """The scenario as a single run has it: what varies, and how, is no part of a task's identity."""
    return scenario.model_copy(update={"sweep": None, "policy_search": None, "calibration": None})


def sweep_problems(scenario: Scenario) -> list[Problem]:
    """What a sweep of `scenario` would be refused for, disk room apart; nothing if it has none."""
    if scenario.sweep is None:
        return []
    if problems := unknown_to(scenario):
        return problems
    try:
        for _ in sweep_points(scenario, asked_points(scenario), Varied(asked_once(scenario))):
            pass
    except ScenarioError as error:
        return error.problems
    return []


def changes_at_points(sweep: Sweep) -> list[dict[str, Any]]:
    """What each point of a sweep changes: dotted keys and their values.

    Raises
    ------
    ScenarioError
        If a file of points cannot be read, or has an empty cell.
    """
    return DESIGNS[sweep.design].points(sweep)


def asked_points(scenario: Scenario) -> list[dict[str, Any]]:
    """What each point of its sweep changes; see `changes_at_points`."""
    try:
        return changes_at_points(scenario.sweep) if scenario.sweep else []
    except ScenarioError as error:
        raise refusal(scenario, error.problems) from None


def unknown_to(scenario: Scenario) -> list[Problem]:
    """Factors of its sweep that are no keys of `scenario`, or leave what is allowed there."""
    base, factors = asked_once(scenario), scenario.sweep.factors if scenario.sweep else []
    return [
        problem
        for factor in factors
        for problem in factor_problems(base, factor, f"sweep.factors.{factor.key}")
    ]


def sweep_points(
    scenario: Scenario, points: Iterable[Mapping[str, Any]], varied: Varied
) -> Iterator[tuple[int, dict[str, Any], Scenario, Table]]:
    """All points of the sweep of `scenario`: number, changed keys, and the scenario there, also as a table.

    Parameters
    ----------
    points : iterable of mapping
        See `changes_at_points`.
    varied : Varied
        What the points change.

    Raises
    ------
    ScenarioError
        After the last point, with all that are no scenarios; or sooner, after very many of these.
    """
    refused = Refused(scenario)
    today = cache(partial(value_in, varied.table))
    for number, asked in enumerate(points):
        changes = {key: as_meant(value, today(key)) for key, value in asked.items()}
        try:
            yield number, changes, *varied.at(changes, f"point {number} of the sweep")
        except ScenarioError as error:
            refused.take(number, changes, error.problems)
            if refused.points >= MOST_REFUSED:
                break
    if problems := refused.problems():
        raise refusal(scenario, problems)


def as_meant(value: Any, today: Any) -> Any:
    """A value of a point, as a number of the kind that the scenario has there today if it can be one.

    Tables of points are made with other programs, in which ``"0.2"`` and ``3.0`` are ways to write numbers.
    """
    if isinstance(value, bool) or isinstance(today, bool) or not isinstance(today, int | float):
        return value
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    if isinstance(today, int) and isinstance(number, float) and number.is_integer():
        return int(value) if isinstance(value, str) and value.strip().isdecimal() else int(number)
    return number


class Refused:
    """Points that are no scenarios: the same mistake at many points is told once."""

    def __init__(self, scenario: Scenario):
        self._sweep = scenario.sweep
        self.points = 0
        self._first: dict[tuple[str, str], Problem] = {}
        self._more: dict[tuple[str, str], int] = {}

    def take(self, number: int, changes: Mapping[str, Any], problems: Iterable[Problem]) -> None:
        """Note what is wrong with a point."""
        self.points += 1
        for problem in problems:
            kind = problem.key, problem.allowed
            if kind in self._first:
                self._more[kind] = self._more.get(kind, 0) + 1
                continue
            at = sentence("point {number}: ", number=number)
            key = self._key(number, problem.key, changes)
            told = at if key.endswith(problem.key) else sentence("{at}{key}: ", at=at, key=problem.key)
            self._first[kind] = replace(
                problem, key=key, found=sentence("{told}{found}", told=told, found=problem.found)
            )

    def problems(self) -> list[Problem]:
        """Every mistake, with how often it was made."""
        return [
            replace(
                problem,
                found=sentence(
                    "{found}; likewise at {more:,} more", found=problem.found, more=self._more[kind]
                ),
            )
            if kind in self._more
            else problem
            for kind, problem in self._first.items()
        ]

    def _key(self, number: int, key: str, changes: Mapping[str, Any]) -> str:
        """Where in the file the value stands that a point has at `key`."""
        assert self._sweep is not None
        if not DESIGNS[self._sweep.design].samples:
            row = f"{LISTED}.{number}" if self._sweep.rows else "sweep.csv"
            return f"{row}.{key}" if self._sweep.rows and key in changes else row
        return f"sweep.factors.{key}" if key in changes else "sweep.factors"


def factor_problems(base: Scenario, factor: Factor, key: str) -> Iterator[Problem]:
    """What is wrong with a factor or lever, all else being as in `base`: its key, or an end of its range.

    What only does not fit to the rest is left to the points, where the rest may be another.

    Parameters
    ----------
    key : str
        Where it stands in the file.
    """
    table = as_table(base)
    today = value_in(table, factor.key)
    ends = [(part, as_meant(end, today)) for part, end in factor_ends(factor)]
    unknown = put(table, factor.key, ends[0][1]) or next(
        (
            problem
            for problem in refused_for(base, factor.key, ends[0][1])
            if problem.found.startswith(UNKNOWN)
        ),
        None,
    )
    if unknown:
        yield replace(unknown, key=f"{key}.key")
        return
    for part, value in ends:
        for problem in refused_for(base, factor.key, value):
            if problem.key == factor.key:
                yield replace(problem, key=f"{key}.{part}")
    place = declared_at(reach(table, factor.key).location)
    if place and place.kind is int and not (factor.choices or factor.whole):
        yield Problem(f"{key}.whole", "false, for a key of whole numbers", "whole = true")


def factor_ends(factor: Factor) -> list[tuple[str, Any]]:
    """The values between which a factor varies, and the keys under which they stand."""
    if factor.choices:
        return [("choices", choice) for choice in factor.choices]
    low, high = value_at(factor, np.array([0.0, 1.0]))
    return [("low", low), ("high", high)]


def refused_for(base: Scenario, key: str, value: Any) -> list[Problem]:
    """What is wrong with `base` if it has `value` at `key`."""
    try:
        changed_scenario(base, {key: value})
    except ScenarioError as error:
        return error.problems
    return []
