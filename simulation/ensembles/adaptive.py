"""Sweeps that run as many worlds at each point as an interval of stated width takes.

Batch after batch: whichever points are not known well enough get as many further worlds as the first batch
had. Looking several times makes intervals a little narrower than they should be: of 95% intervals of normal
outcomes that are looked at after every 4 worlds, 92 to 94% hold the truth.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import AnalysisError, Problem, nearest
from ..runs.comparison import estimate
from ..scenario.reading.read import refusal
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import Until
from .folder import SweepFolder
from .tasks import Task


def check_until(scenario: Scenario) -> None:
    """Refuse an interval of arms that the scenario does not have.

    Raises
    ------
    ScenarioError
    """
    until, names = scenario.sweep.until if scenario.sweep else None, [arm.name for arm in scenario.arms]
    if until is None:
        return
    allowed = f"one of {', '.join(names)}"
    problems = [
        Problem(f"sweep.until.{key}", f"no such arm '{arm}'{nearest(arm, names)}", allowed)
        for key, arm in (("arm", until.arm), ("against", until.against))
        if arm and scenario.arm(arm) is None
    ]
    if problems:
        raise refusal(scenario, problems)


def run_until(
    scenario: Scenario, tasks: Sequence[Task], store: SweepFolder, run: Callable[[Sequence[Task]], None]
) -> list[Task]:
    """Run worlds of each point until its interval is narrow enough, or it has had as many as there may be.

    Parameters
    ----------
    scenario : Scenario
        Without ``sweep.until`` all worlds are run.
    tasks : sequence of Task
        Every world of every point that there may be.
    store : SweepFolder
        Where they are kept.
    run : callable
        Runs what is not there yet of the tasks that it is given.

    Returns
    -------
    list of Task
        Those that were asked for.
    """
    sweep = scenario.sweep
    if sweep is None or sweep.until is None:
        run(tasks)
        return list(tasks)
    of_point: dict[int, list[Task]] = {}
    for task in tasks:
        of_point.setdefault(task.point, []).append(task)
    values: dict[int, list[float]] = {point: [] for point in of_point}
    asked: list[Task] = []
    batch, many = list(tasks), 0
    while batch:
        batch = [task for task in batch if many <= task.replicate < many + sweep.replications]
        asked += batch
        if not batch:
            break
        run(asked)
        for point, value in _found(scenario, sweep.until, batch, store):
            values[point].append(value)
        many += sweep.replications
        points = dict.fromkeys(task.point for task in batch)
        wide = [point for point in points if not _narrow(values[point], sweep.until)]
        batch = [task for point in wide for task in of_point[point]]
    return asked


def _narrow(values: Iterable[float], until: Until) -> bool:
    """Whether the 95% interval of a mean is at most as wide as is wanted."""
    found = estimate(np.array(list(values)))
    return found.high - found.low <= until.width  # false where there is none


def _found(
    scenario: Scenario, until: Until, tasks: Sequence[Task], store: SweepFolder
) -> list[tuple[int, float]]:
    """What the interval is of, in each world of `tasks` that ended well, and its point."""
    arms = [scenario.arm(name) for name in (until.arm, until.against)]
    arm, against = (entry.name if entry else "" for entry in arms)
    found: list[tuple[int, float]] = []
    seen: dict[str, None] = {}
    for task, run in store.found(tasks):
        if run["error"]:
            continue
        measures: Mapping[str, Mapping[str, Any]] = run["arms"]
        seen |= dict.fromkeys(measures[arm])
        value = _number(measures, arm, until.measure)
        found.append((task.point, value - _number(measures, against, until.measure) if against else value))
    if seen and until.measure not in seen:
        raise AnalysisError(
            scenario.name,
            [
                Problem(
                    "sweep.until.measure",
                    f"no such measure '{until.measure}'{nearest(until.measure, seen)}",
                    "a column of the sweep's data",
                )
            ],
        )
    return found


def _number(measures: Mapping[str, Mapping[str, Any]], arm: str, measure: str) -> float:
    value = measures.get(arm, {}).get(measure)
    return math.nan if value is None else float(value)
