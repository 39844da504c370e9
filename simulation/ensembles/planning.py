"""From a sweep to its tasks: each point checked, its values in the scenario's own types."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from ..errors import Problem, ScenarioError
from ..scenario.identity import as_table, fingerprints
from ..scenario.purpose import not_asked
from ..scenario.reading.read import changed_scenario, refusal, value_in
from ..scenario.reading.varied import Varied
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import Factor
from .claim_worlds import claim_needs
from .sampling.points import as_meant, asked_once, asked_points, sweep_points, unknown_to
from .tasks import Task, as_sent, content_hash, run_identity

AnyFactor = TypeVar("AnyFactor", bound=Factor)


def planned_tasks(scenario: Scenario) -> tuple[str, list[Task]]:
    """The scenario without its sweep as workers are sent it, and all tasks of its design, each point checked.

    Values of the tasks' keys have the types that the scenario has there. Tasks of points that come to
    the same have the same identity; none is left out.

    Raises
    ------
    ScenarioError
        If the scenario has no sweep, a factor is not one of its keys or leaves what is allowed there, or a
        point of the design is not a valid scenario.
    """
    sweep = scenario.sweep
    if sweep is None:
        raise refusal(scenario, [not_asked(scenario, "sweep")])
    if problems := unknown_to(scenario):
        raise refusal(scenario, problems)
    base, points = asked_once(scenario), asked_points(scenario)
    content, varied, tasks = content_hash(fingerprints(base)), Varied(base), []
    keys = list(dict.fromkeys(key for asked in points for key in asked))
    for number, changes, resolved, table in sweep_points(scenario, points, varied):
        values = typed_values(varied.values(table, keys), changes, f"point {number} of the sweep")
        decided = content(table)
        for replicate in range(sweep.most_replications):
            kept = claim_needs(resolved, replicate) if sweep.all_claims else ()
            identity = run_identity(decided, replicate, kept)
            tasks.append(Task(identity, number, replicate, values, resolved.run.seed))
    return as_sent(base), tasks


def typed_values(there: Mapping[str, Any], changes: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The values at a point as the scenario has them, so that a column of them has one type.

    Parameters
    ----------
    there : mapping of str to Any
        What the scenario at the point has at each key that varies, changed there or not; None if nothing.
    changes : mapping of str to Any
        What the point asked for.
    source : str
        For messages.

    Raises
    ------
    ScenarioError
        If a value is not finite.
    """
    values = {key: changes.get(key) if _is_no_value(value) else value for key, value in there.items()}
    endless = [key for key, value in values.items() if isinstance(value, float) and not math.isfinite(value)]
    if endless:
        raise ScenarioError(source, [Problem(key, str(values[key]), "a finite number") for key in endless])
    return values


def with_typed_choices(scenario: Scenario) -> Scenario:
    """The scenario with the choices of its factors and levers in the types that it has at their keys."""
    updates: dict[str, Any] = {}
    if scenario.sweep:
        factors = _typed(asked_once(scenario), scenario.sweep.factors)
        updates["sweep"] = scenario.sweep.model_copy(update={"factors": factors})
    if scenario.policy_search:
        levers = _typed(asked_once(scenario), scenario.policy_search.levers)
        updates["policy_search"] = scenario.policy_search.model_copy(update={"levers": levers})
    return scenario.model_copy(update=updates)


def _typed(base: Scenario, factors: Sequence[AnyFactor]) -> list[AnyFactor]:
    choices = [[_as_taken(base, factor.key, value) for value in factor.choices] for factor in factors]
    return [
        factor.model_copy(update={"choices": typed}) for factor, typed in zip(factors, choices, strict=True)
    ]


def _as_taken(base: Scenario, key: str, value: Any) -> Any:
    """A choice as the scenario takes it; as it is if it cannot be taken alone."""
    meant = as_meant(value, value_in(as_table(base), key))
    try:
        taken = value_in(as_table(changed_scenario(base, {key: meant})), key)
    except ScenarioError:  # said of the point, if it is one
        return meant
    return meant if _is_no_value(taken) else taken


def _is_no_value(at: Any) -> bool:
    """Whether nothing stands there, or a table: a platform that was set by the name of its preset."""
    return at is None or isinstance(at, dict | list)
