"""What a calibration is asked: its settings, its free keys and its facts, checked before anything runs."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from ..ensembles.sampling.points import sweep_problems
from ..errors import Problem, ScenarioError
from ..languages.speaking import sentence
from ..scenario.purpose import not_asked
from ..scenario.reading.files import WHOLE_FILE
from ..scenario.reading.read import changed_scenario, refusal
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import Calibration, Sweep
from .facts import Fact, check_facts, read_facts

EVENLY, SEQUENCE = "latin_hypercube", "halton_sequence"
"""Designs of a first wave; of the second the first points stay the same where there are to be more."""


def calibration_settings(scenario: Scenario) -> Calibration:
    """The scenario's calibration.

    Raises
    ------
    ScenarioError
        If it has none, or no free keys.
    """
    if problems := _problems_of_settings(scenario):
        raise refusal(scenario, problems)
    assert scenario.calibration is not None
    return scenario.calibration


def calibration_sweep(scenario: Scenario) -> Sweep:
    """The scenario's sweep, which is there once `calibration_settings` has looked."""
    assert scenario.sweep is not None
    return scenario.sweep


def larger_scenario(scenario: Scenario) -> Scenario:
    """The scenario in the size in which plausible worlds are looked at once more; itself if there is none.

    Raises
    ------
    ScenarioError
        If a key of ``calibration.larger`` or a value cannot be.
    """
    changes = calibration_settings(scenario).larger
    try:
        return changed_scenario(scenario, changes, scenario.name) if changes else scenario
    except ScenarioError as error:
        at = "calibration.larger."
        raise refusal(scenario, [replace(one, key=f"{at}{one.key}") for one in error.problems]) from None


def first_wave(scenario: Scenario) -> Sweep:
    """The first wave: over the whole ranges, evenly, and by the sequence that can go on if the sweep is."""
    sweep = calibration_sweep(scenario)
    design = SEQUENCE if sweep.design == SEQUENCE else EVENLY
    return sweep.model_copy(update={"design": design, "rows": [], "csv": ""})


def targets_among(scenario: Scenario, path: Path) -> list[Fact]:
    """All facts in a file, if `scenario` can be calibrated to them.

    Raises
    ------
    ScenarioError
        If the file cannot be read, a fact speaks of what the scenario does not have, or none is a target.
    """
    facts = read_facts(path, [arm.name for arm in scenario.arms])
    check_facts(facts, scenario, str(path))
    until = scenario.calibration.facts_until if scenario.calibration else None
    facts = known_until(facts, until, str(path))
    if not any(fact.use == "target" for fact in facts):
        found = sentence("no targets dated up to {until}", until=until) if until else "no targets"
        raise ScenarioError(str(path), [Problem("facts", found, 'use = "target" for some')])
    return facts


def known_until(facts: list[Fact], until: datetime.date | None, source: str) -> list[Fact]:
    """Facts dated up to `until`, that day included; all of them if it is None.

    Raises
    ------
    ScenarioError
        If some have no date, so that nobody can say whether they were known.
    """
    if until is None:
        return facts
    undated = [fact.id for fact in facts if fact.date is None]
    if undated:
        allowed = "the last day of what it is of, as 2021-08-31, since calibration.facts_until asks for it"
        raise ScenarioError(source, [Problem(f"facts.{name}.date", "nothing", allowed) for name in undated])
    return [fact for fact in facts if fact.date is not None and fact.date <= until]


def calibration_problems(scenario: Scenario) -> list[Problem]:
    """What a calibration of `scenario` would be refused for; nothing if it has none."""
    if scenario.calibration is None:
        return []
    problems = _problems_of_settings(scenario)
    try:
        if not problems:
            larger_scenario(scenario)
    except ScenarioError as error:
        problems += error.problems
    try:
        targets_among(scenario, Path(scenario.calibration.facts))
    except ScenarioError as error:
        problems += [_of_facts(problem, error.source) for problem in error.problems]
    if not problems and (wave := first_wave(scenario)).design != calibration_sweep(scenario).design:
        problems += sweep_problems(scenario.model_copy(update={"sweep": wave}))
    return problems


def _of_facts(problem: Problem, file: str) -> Problem:
    """A problem of a file of facts, as one of the scenario that names it."""
    if problem.key == WHOLE_FILE:
        return replace(
            problem,
            key="calibration.facts",
            found=sentence("'{file}': {found}", file=file, found=problem.found),
            line=None,
        )
    return replace(problem, file=problem.file or file)


def _problems_of_settings(scenario: Scenario) -> list[Problem]:
    if scenario.calibration is None or scenario.sweep is None or not scenario.sweep.factors:
        return [not_asked(scenario, "calibration")]
    return [
        Problem(
            f"sweep.factors.{factor.key}.choices",
            "choices, which have no values in between",
            "ranges, from low to high, of numbers",
        )
        for factor in scenario.sweep.factors
        if factor.choices
    ]
