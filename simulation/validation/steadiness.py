"""Steadiness: whether what is measured in the first days of a run is what is measured in its last.

A verdict over days in which a platform is still filling up speaks of its start. So each rate and share of a
run's page is taken of the first and of the last days, and the logarithm of the ratio, world by world, has the
95% interval of Student's t.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import partial

import numpy as np
import pandas as pd

from ..errors import AnalysisError, Problem
from ..languages.speaking import sentence
from ..measures import MEASURES, Outcome, measure_all
from ..measures.outcome import Window
from ..measures.registry import named
from ..runs.bounds import is_signed
from ..scenario.scenario import Scenario
from ..warm_up.beginning import warm_cast
from ..world.model import LiveCommerceModel
from .paired import paired_log_ratio
from .sizes import came_back, independent_worlds, judged

MONTHS = 2
MONTH = 30
"""Windows begin and end with months of 30 days."""


def ends(days: int, left_out: int = 0) -> tuple[Window, Window]:
    """The first and the last two months of 30 days of a run, after first days that are left out."""
    length = MONTHS * MONTH
    last = left_out + (days - left_out) // MONTH * MONTH
    if last - left_out < 2 * length:
        more = sentence("at least {left_out} days, in months of 30", left_out=left_out + 2 * length)
        raise AnalysisError("steadiness", [Problem("world.days", str(days), more)])
    return Window(left_out + 1, left_out + length), Window(last - length + 1, last)


def ends_of(scenario: Scenario) -> tuple[Window, Window]:
    """The same of a scenario's runs."""
    return ends(scenario.world.days, scenario.run.warm_up_days)


def steady_measures(measures: Sequence[str]) -> list[str]:
    """Those of `measures` that can be taken of some days, and of which a ratio can be taken."""
    return [name for name in measures if MEASURES[name].by_days and not is_signed(name)]


def run_ends(measures: Sequence[str], scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Run every arm on one cast; `measures` of the first and the last days, by arm."""
    windows, cast, found = ends_of(scenario), warm_cast(scenario, replicate), {}
    names = [named(name, window) for name in measures for window in windows]
    for arm in scenario.arms:
        model = LiveCommerceModel(scenario, arm, cast)
        try:
            model.run()
            every = measure_all(Outcome.from_model(model), names)
            found[arm.name] = {name: every[name] for name in names}
        finally:
            model.close()
    return found


def measure_steadiness(
    scenario: Scenario,
    measures: Sequence[str],
    worlds: int,
    executor: Executor,
    report: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """How far `measures` of the last days are from those of the first, in `worlds` worlds of each arm.

    Worlds with a past are cut from a template each: those of one template rise and fall together, with the
    merchants that they share.

    Returns
    -------
    DataFrame
        A row an arm and measure: ``first`` and ``last``, means over worlds; ``ratio``, ``low``, ``high``; and
        ``found``, see `judged`.
    """
    run, runs = partial(run_ends, list(measures)), []
    waiting = [executor.submit(run, *world) for world in independent_worlds(scenario, worlds)]
    for future in waiting:
        runs.append(came_back(future))
        if report:
            report(len(runs) / worlds)
    windows, rows = ends_of(scenario), []
    for arm in scenario.arms:
        for name in measures:
            first, last = (
                np.array([run[arm.name][named(name, window)] for run in runs]) for window in windows
            )
            ratio, half = paired_log_ratio(last, first)
            rows.append(
                {
                    "arm": arm.name,
                    "measure": name,
                    "first": first.mean(),
                    "last": last.mean(),
                    "ratio": math.exp(ratio),
                    "low": math.exp(ratio - half),
                    "high": math.exp(ratio + half),
                    "found": judged(ratio, half),
                }
            )
    return pd.DataFrame(rows)
