"""All that can be found wrong with a scenario before anything runs: ``run.py check``, and from Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..claims.reading import read_scenario
from ..errors import Problem
from ..scenario.reading.read import Source
from ..scenario.scenario import Scenario
from .remarks import remarks_on


@dataclass(frozen=True)
class Checked:
    """A scenario that ``run``, and ``sweep``, ``search`` and ``calibrate`` where it asks for them, accept.

    Attributes
    ----------
    scenario : Scenario
    remarks : list of Problem
        What is allowed, but hardly meant.
    """

    scenario: Scenario
    remarks: list[Problem]


def check_scenario(source: Source, overrides: Mapping[str, Any] | None = None) -> Checked:
    """Read a scenario and check all that it asks for, in one go. Nothing is run and nothing written.

    Disk room, clusters and what plugins do when they run are only found out later.

    Parameters
    ----------
    source, overrides
        As for `read_scenario`.

    Raises
    ------
    ScenarioError
        With all problems found, if anything is wrong.
    """
    scenario = read_scenario(source, overrides, [experiment_problems])
    return Checked(scenario, remarks_on(scenario))


def experiment_problems(scenario: Scenario) -> list[Problem]:
    """What its sweep, policy search and calibration would be refused for."""
    problems: list[Problem] = []
    if scenario.sweep:
        from ..ensembles.sampling.points import sweep_problems  # designs take a while to load

        problems += sweep_problems(scenario)
    if scenario.policy_search:
        from ..ensembles.search.levers import search_problems

        problems += search_problems(scenario)
    if scenario.calibration:
        from ..calibration.asked import calibration_problems

        problems += calibration_problems(scenario)
    return problems
