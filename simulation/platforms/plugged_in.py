"""The plugins of a scenario, run before its worlds are built, and whose they are: they are code."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import Problem, ScenarioError
from ..resources import SCENARIOS_FOLDER
from ..scenario.identity import plugged_in
from ..scenario.plugged_files import fingerprint
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


def from_elsewhere(scenario: Scenario, folder: Path) -> dict[str, str]:
    """Plugins of a scenario that lie neither below a folder nor among those that come with the project.

    A copy of one of the project's is the project's.

    Parameters
    ----------
    scenario : Scenario
    folder : Path
        The working folder.

    Returns
    -------
    dict of str to str
        Files by dotted key.
    """
    at_home = (folder.resolve(), SCENARIOS_FOLDER.resolve())
    return {
        key: path
        for key, path in plugged_in(scenario).items()
        if not any(home in Path(path).resolve().parents for home in at_home) and not _is_a_copy(path)
    }


def _is_a_copy(path: str) -> bool:
    try:
        return fingerprint(path) in _shipped()
    except (OSError, ValueError):  # told where it is read
        return False


@cache
def _shipped() -> set[str]:
    """What plugins that come with the project hold."""
    return {fingerprint(file) for file in (SCENARIOS_FOLDER / "plugins").glob("*.py")}
