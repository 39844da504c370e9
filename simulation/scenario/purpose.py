"""Which command a scenario is written for, and what to say to whoever asks for another."""

from __future__ import annotations

from ..errors import Problem, Remedy
from ..languages.speaking import either, template
from ..resources import COMMAND
from .scenario import Scenario

PARTS = {
    "sweep": ("sweep", template("a [sweep] with [[sweep.factors]] in the file")),
    "policy_search": (
        "search",
        template("a [policy_search] with [[policy_search.levers]] and [[policy_search.goals]] in the file"),
    ),
    "calibration": (
        "calibrate",
        template("a [calibration] with facts, and a [sweep] whose factors are the free keys, in the file"),
    ),
}
"""Part of a scenario -> the command that does it, and what it must hold."""


def commands_for(scenario: Scenario) -> list[str]:
    """Commands that do what the scenario describes, the most demanding first."""
    found = [command for part, (command, _) in PARTS.items() if getattr(scenario, part) is not None]
    return ["calibrate"] if "calibrate" in found else found[::-1]


def hint(scenario: Scenario) -> str:
    """What to run instead, to be told, if the scenario describes more than a run; else nothing."""
    return either(f"{COMMAND} {command} {_source_of(scenario)}" for command in commands_for(scenario))


def _source_of(scenario: Scenario) -> str:
    """Where it was read, or else its name."""
    return scenario._written.source if scenario._written else scenario.name


def not_asked(scenario: Scenario, part: str) -> Problem:
    """The problem of a scenario without the part that is asked for."""
    instead = "_or_".join(commands_for(scenario)) or "run"
    remedy = f"plausible_or_{instead}" if part == "sweep" else f"instead_{instead}"
    return Problem(part, "nothing", PARTS[part][1], remedy=Remedy(remedy, _source_of(scenario)))
