"""Sweeps that run as many worlds at each point as an interval of stated width takes.

Batch after batch: whichever points are not known well enough get as many further worlds as the first batch
had. Looking several times makes intervals a little narrower than they should be: of 95% intervals of normal
outcomes that are looked at after every 4 worlds, 92 to 95% hold the truth; after every 2, which is not
allowed, as few as 89%.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..claims.checking import measure_names
from ..errors import AnalysisError, Problem, Remedy, nearest
from ..languages.speaking import sentence
from ..measures.daily import DAILY_MEASURES
from ..measures.registry import PAIRED_MEASURES, without_days
from ..runs.bounds import base_measure
from ..runs.comparison import estimate
from ..scenario.reading.read import refusal
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import Until
from ..words import counted
from .folder import SweepFolder
from .resuming import EVERY_RUN_HAS, NothingMeasured, measured_in
from .tasks import Task, pair_name

MOST_NAMED = 5


def check_until(scenario: Scenario, measured_by_ours: bool = True) -> None:
    """Refuse an interval of arms that the scenario does not have, or of what is no measure of these.

    Parameters
    ----------
    scenario : Scenario
    measured_by_ours : bool
        Whether our model is run: what others measure is known once they have run.

    Raises
    ------
    ScenarioError
    """
    until, names = scenario.sweep.until if scenario.sweep else None, [arm.name for arm in scenario.arms]
    if until is None:
        return
    allowed = sentence("one of {names}", names=", ".join(names))
    problems = [
        Problem(
            f"sweep.until.{key}",
            sentence("no such arm '{arm}'{near}", arm=arm, near=nearest(arm, names)),
            allowed,
        )
        for key, arm in (("arm", until.arm), ("against", until.against))
        if arm and scenario.arm(arm) is None
    ]
    if measured_by_ours:
        problems += _measure_problems(scenario, until)
    if problems:
        raise refusal(scenario, problems)


def _measure_problems(scenario: Scenario, until: Until) -> Iterator[Problem]:
    """Why no run of our model can have the measure; whether it has a value is known once it has run."""
    key, measure = "sweep.until.measure", until.measure
    name, days = without_days(measure)
    of_claims = bool(days) or name in PAIRED_MEASURES
    daily = any(name.startswith(f"{each}_") for each in DAILY_MEASURES)  # the ends of a trend
    if not (base_measure(name) or name in scenario.plugins.measures or daily):
        known = [*measure_names(scenario), *PAIRED_MEASURES]
        yield Problem(
            key,
            sentence("no such measure '{measure}'{near}", measure=measure, near=nearest(name, known)),
            "a column of the sweep's data",
        )
    elif of_claims and not (scenario.sweep and scenario.sweep.all_claims):
        found = sentence("'{measure}', which is kept only where a claim asks for it", measure=measure)
        yield Problem(key, found, "all_claims = true in [sweep], or a measure of the whole run")
    elif name in PAIRED_MEASURES and not until.against:
        yield Problem(
            key,
            sentence("'{measure}', which is of two arms together", measure=measure),
            "an arm in sweep.until.against, too",
        )


def run_until(
    scenario: Scenario,
    tasks: Sequence[Task],
    store: SweepFolder,
    run: Callable[[Sequence[Task]], None],
    drop: Callable[[int], None],
) -> list[Task]:
    """Run worlds of each point until its interval is narrow enough, or it has had as many as there may be.

    A point of which no world has a finite value after a batch gets no more; `NothingMeasured` says so.

    Parameters
    ----------
    scenario : Scenario
        Without ``sweep.until`` all worlds are run.
    tasks : sequence of Task
        Every world of every point that there may be.
    store : SweepFolder
        Where they are kept.
    run : callable
        Runs what is not there yet of the tasks that it is given, no task twice.
    drop : callable
        Told how many of `tasks` are wanted no longer.

    Returns
    -------
    list of Task
        Those that were asked for.
    """
    sweep = scenario.sweep
    if sweep is None or sweep.until is None:
        run(tasks)
        return list(tasks)
    left: dict[int, list[Task]] = {}
    for task in tasks:
        left.setdefault(task.point, []).append(task)
    values: dict[int, list[float]] = {point: [] for point in left}
    asked: list[Task] = []
    while batch := [task for some in left.values() for task in some[: sweep.replications]]:
        run(batch)
        asked += batch
        for point, value in _found(scenario, sweep.until, batch, store):
            values[point].append(value)
        left = {point: some[sweep.replications :] for point, some in left.items()}
        empty = [point for point in left if not np.isfinite(values[point]).any()]
        over = [point for point in left if point in empty or _narrow(values[point], sweep.until)]
        _say_what_is_empty(store, sweep.until, [point for point in empty if left[point]])
        drop(sum(len(left.pop(point)) for point in over))
    return asked


def _say_what_is_empty(store: SweepFolder, until: Until, points: Sequence[int]) -> None:
    """Warn of points that get no further worlds, since what the interval is of has no value there."""
    if not points:
        return
    named = ", ".join(map(str, points[:MOST_NAMED])) + (", ..." if points[MOST_NAMED:] else "")
    what = sentence("'{measure}' of {arm}", measure=until.measure, arm=until.arm)
    if until.against:
        what = sentence("{what} less {against}", what=what, against=until.against)
    warnings.warn(
        sentence(
            "{folder}: {what} has no value in any world of {points} ({named}), which get no further worlds",
            folder=store.path,
            what=what,
            points=counted(len(points), "point"),
            named=named,
        ),
        NothingMeasured,
        stacklevel=4,
    )


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
    lacking = 0
    for task, run in store.found(tasks):
        if run["error"]:
            continue
        measures: Mapping[str, Mapping[str, Any]] = run["arms"]
        pair = pair_name(arm, against) if against else ""
        seen |= dict.fromkeys([*measures[arm], *measures.get(pair, {})])
        if until.measure in measures.get(pair, {}):  # of both together, as in the sweep's data
            value = _number(measures, pair, until.measure)
        else:
            value = _number(measures, arm, until.measure)
            value -= _number(measures, against, until.measure) if against else 0.0
        found.append((task.point, value))
        lacking += until.measure in EVERY_RUN_HAS - measured_in(run)
    if lacking and until.measure in seen:
        raise _added_since(scenario, until, lacking)
    if seen and until.measure not in seen:
        raise AnalysisError(
            scenario.name,
            [
                Problem(
                    "sweep.until.measure",
                    sentence(
                        "no such measure '{measure}'{near}",
                        measure=until.measure,
                        near=nearest(until.measure, seen),
                    ),
                    "a column of the sweep's data",
                )
            ],
        )
    return found


def _added_since(scenario: Scenario, until: Until, runs: int) -> AnalysisError:
    """The error of an interval of what some of the runs that are there were made too early to have."""
    found = sentence(
        "'{measure}', which was not measured yet when {runs} in the folder were made",
        measure=until.measure,
        runs=counted(runs, "run"),
    )
    return AnalysisError(
        scenario.name, [Problem("sweep.until.measure", found, "", remedy=Remedy("elsewhere"))]
    )


def _number(measures: Mapping[str, Mapping[str, Any]], arm: str, measure: str) -> float:
    value = measures.get(arm, {}).get(measure)
    return math.nan if value is None else float(value)
