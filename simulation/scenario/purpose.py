"""Which command a scenario is written for, and what to say to whoever asks for another."""

from __future__ import annotations

from ..errors import Problem, Remedy
from ..languages.speaking import sentence
from ..resources import COMMAND
from .scenario import Scenario

PARTS = {
    "sweep": ("sweep", "a [sweep] with [[sweep.factors]]"),
    "policy_search": (
        "search",
        "a [policy_search] with [[policy_search.levers]] and [[policy_search.goals]]",
    ),
    "calibration": ("calibrate", "a [calibration] with facts, and a [sweep] whose factors are the free keys"),
}
"""Part of a scenario -> the command that does it, and what it must hold."""


def commands_for(scenario: Scenario) -> list[str]:
    """Commands that do what the scenario describes, the most demanding first."""
    found = [command for part, (command, _) in PARTS.items() if getattr(scenario, part) is not None]
    return ["calibrate"] if "calibrate" in found else found[::-1]


def hint(scenario: Scenario) -> str:
    """What to run instead, if the scenario describes more than a run; else nothing."""
    return " or ".join(f"{COMMAND} {command} {_source_of(scenario)}" for command in commands_for(scenario))


def _source_of(scenario: Scenario) -> str:
    """Where it was read, or else its name."""
    return scenario._written.source if scenario._written else scenario.name


def not_asked(scenario: Scenario, part: str) -> Problem:
    """The problem of a scenario without the part that is asked for."""
    content = PARTS[part][1]
    instead = "_or_".join(commands_for(scenario)) or "run"
    return Problem(
        part,
        "nothing",
        sentence("{content} in the file", content=content),
        remedy=Remedy(f"instead_{instead}", _source_of(scenario)),
    )
