"""The plugins of a scenario, run before its worlds are built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import Problem, ScenarioError
from ..scenario.plugins import plugged_in_measure, plugged_in_rule
from ..scenario.reading.read import refusal
from ..scenario.scenario import Scenario
from .channel import find_channel


def load_plugins(scenario: Scenario) -> None:
    """Run the files of a scenario's plugins, so that what is wrong with them is told before all else.

    Raises
    ------
    ScenarioError
        If one cannot be loaded or does not hold what it is named for, with all of them.
    """
    plugins = scenario.plugins
    loading: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        *((find_channel, (name, plugins.channels)) for name in plugins.channels),
        *((plugged_in_rule, rule) for rule in plugins.merchant_rules.items()),
        *((plugged_in_measure, measure) for measure in plugins.measures.items()),
    ]
    problems: list[Problem] = []
    for load, given in loading:
        try:
            load(*given)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise refusal(scenario, problems)
