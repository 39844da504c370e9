"""What a question may be: a scenario, a name, a path or tables; checked before anything is run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..claims.reading import read_scenario
from ..runs.scripts import end_if_imported
from ..scenario.reading.read import Source
from ..scenario.scenario import Scenario

Changes = Mapping[str, Any] | None
"""Dotted keys and their values."""


def asked(question: Source, changes: Changes = None) -> Scenario:
    """The scenario that is asked, checked as a file is, claims included.

    One that was made in Python is checked again: its lists and tables may have been changed since.

    Raises
    ------
    ScenarioError
        With all that is wrong.
    """
    end_if_imported()
    scenario = read_scenario(question, changes)
    if isinstance(question, Scenario) and not changes:
        scenario._written = question._written  # so that messages still name its lines
    return scenario
