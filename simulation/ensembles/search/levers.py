"""What a policy search is asked: its levers and goals, checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...claims.checking import measure_names
from ...claims.reading import check_own_claims
from ...errors import Problem, nearest
from ...languages.speaking import sentence
from ...scenario.purpose import not_asked
from ...scenario.reading.read import refusal, value_at
from ...scenario.scenario import Scenario
from ...scenario.sections.policy_search import PolicySearch
from ...scenario.sections.sweep import Factor
from ..sampling.points import as_meant, asked_once, factor_ends, factor_problems, refused_for

Levers = dict[str, Any]
"""Dotted keys and their values."""


def checked_search(scenario: Scenario) -> tuple[PolicySearch, Levers]:
    """The search of `scenario` and today's setting of its levers.

    Raises
    ------
    ScenarioError
        If there is no search, a goal's measure is unknown, or a lever is no key of the scenario or has
        an end that the scenario does not allow.
    """
    search = scenario.policy_search
    if search is None:
        raise refusal(scenario, [not_asked(scenario, "policy_search")])
    check_own_claims(scenario, scenario.name)
    if problems := search_problems(scenario):
        raise refusal(scenario, problems)
    return search, {lever.key: value_at(scenario, lever.key) for lever in search.levers}


def search_problems(scenario: Scenario) -> list[Problem]:
    """What the policy search of `scenario` would be refused for; nothing if it has none."""
    if scenario.policy_search is None:
        return []
    known = measure_names(scenario)
    problems = [
        Problem(
            f"policy_search.goals.{number}.measure",
            sentence("'{measure}'{near}", measure=goal.measure, near=nearest(goal.measure, known)),
            "a measure, or one by channel or archetype (gmv_push): see simulation/measures",
        )
        for number, goal in enumerate(scenario.policy_search.goals)
        if goal.measure not in known
    ]
    return problems + [
        problem for lever in scenario.policy_search.levers for problem in _problems_of(lever, scenario)
    ]


def _problems_of(lever: Factor, scenario: Scenario) -> Iterator[Problem]:
    """What is wrong with a lever: no value today, or an end that is not allowed with all else as today."""
    key, base = f"policy_search.levers.{lever.key}", asked_once(scenario)
    found = list(factor_problems(base, lever, key))
    yield from found
    if not found and value_at(scenario, lever.key) is None:
        yield Problem(
            key,
            "a key without a value in the scenario",
            "a key with a value in the scenario, with which other settings are compared; "
            "write it into the file, such as channels.recommend = 0",
        )
    elif not found:
        today = value_at(scenario, lever.key)
        for part, end in factor_ends(lever):
            end = as_meant(end, today)
            for problem in refused_for(base, lever.key, end):
                yield Problem(
                    f"{key}.{part}", sentence("{end}: {found}", end=end, found=problem.found), problem.allowed
                )
