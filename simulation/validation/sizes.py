"""Grain and scale: what the same question gives in fewer agents, and in larger worlds.

*Grain*: the same persons and merchants, with more or fewer persons to an agent. *Scale*: more persons, with
merchants in proportion. A rate or share that does not care for either has a ratio of 1 between two sizes.
Whether it is 1 is told from worlds that have nothing in common but the rules: by the difference between
the logarithms of their means, with the interval of two samples of unequal variance (Welch 1947).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from ..errors import AnalysisError, Problem
from ..measures import MEASURES
from ..measures.registry import LARGEST, PER_MERCHANT, PER_PERSON
from ..runs.bounds import is_signed
from ..runs.comparison import CONFIDENCE
from ..scenario.reading.read import changed_scenario
from ..scenario.scenario import Scenario

GRAIN, SCALE = "grain", "scale"
WORLD = ("table", "persons", "merchants", "people_per_viewer", "replicate", "arm")
"""Columns that say which world a row is of; all others are measures."""
SIZE = list(WORLD[1:4])
AGENTS = ("viewers", "isolated_viewers")
"""Keys of a world that are numbers of agents."""
MARGIN = 0.05
"""How far the interval of a log ratio may reach from 0."""
WITHIN, BEYOND, CANNOT_TELL, BY_EXTENT = "within 5%", "beyond 5%", "cannot tell", "by extent"
RunArms = Callable[[Scenario, int], dict[str, dict[str, float]]]


class Size(NamedTuple):
    """A world of some size, and how many of it."""

    table: str
    scenario: Scenario
    worlds: int


def of_grain(scenario: Scenario, people_per_viewer: float) -> Scenario:
    """The same persons and merchants, `people_per_viewer` of them to an agent."""
    world = scenario.world
    agents = world.people_per_viewer / people_per_viewer
    changes = {"world.people_per_viewer": people_per_viewer} | _resized(scenario, agents, AGENTS)
    return changed_scenario(scenario, changes, "grain")


def of_scale(scenario: Scenario, times: float) -> Scenario:
    """A world of `times` as many persons, and merchants in proportion."""
    changes = _resized(scenario, times, (*AGENTS, "merchants"))
    return changed_scenario(scenario, changes, "scale")


def _resized(scenario: Scenario, times: float, names: Sequence[str]) -> dict[str, float]:
    """Numbers of the world, `times` as large."""
    return {f"world.{name}": round(getattr(scenario.world, name) * times) for name in names}


def check_apart(table: str, sizes: Sequence[Size]) -> None:
    """Refuse sizes that come to the same world, of which no ratio says anything."""
    worlds = [size.scenario.world.model_dump() for size in sizes]
    if any(world in worlds[:place] for place, world in enumerate(worlds)):
        found = "sizes that come to the same whole number of agents"
        raise AnalysisError(table, [Problem(table, found, "sizes that are further apart")])


def came_back(future: Future[Any]) -> Any:
    """What a worker found; AnalysisError where it was killed, or ran out of memory."""
    try:
        return future.result()
    except BrokenProcessPool as error:
        raise AnalysisError(
            "workers",
            [Problem("workers", f"{error}: killed, or out of memory", "smaller worlds, or fewer of them")],
        ) from None


def measure_sizes(
    sizes: Sequence[Size], executor: Executor, model: RunArms, report: Callable[[float], None] | None = None
) -> pd.DataFrame:
    """Run all arms in worlds of all sizes; one row a world and arm: the columns `WORLD`, then measures.

    Parameters
    ----------
    sizes : sequence of Size
        No two share a replicate, so that worlds of different size have nothing in common but the rules.
    executor : Executor
        Where worlds are run.
    model : callable
        Runs all arms of a scenario in one replicate; measures by arm.
    report : callable, optional
        Told the share of work done, by viewers.
    """
    waiting, first = {}, 0
    for size in sizes:
        for replicate in range(first, first + size.worlds):
            waiting[executor.submit(model, size.scenario, replicate)] = (size, replicate)
        first += size.worlds
    total = sum(size.scenario.world.viewers * size.worlds for size in sizes)
    rows, done = [], 0
    for future in as_completed(waiting):
        size, replicate = waiting[future]
        world = size.scenario.world
        place = (
            size.table,
            world.viewers * world.people_per_viewer,
            world.merchants,
            world.people_per_viewer,
        )
        for arm, found in came_back(future).items():
            rows.append(dict(zip(WORLD, (*place, replicate, arm), strict=True)) | found)
        done += world.viewers
        if report:
            report(done / total)
    return pd.DataFrame(rows).sort_values(["table", *SIZE, "replicate", "arm"], ignore_index=True)


def log_ratio(values: np.ndarray, reference: np.ndarray) -> tuple[float, float]:
    """Logarithm of the ratio of two means, and half of its 95% interval; missing unless both are positive.

    ``log m1 - log m2`` with variance ``s1^2 / (n1 m1^2) + s2^2 / (n2 m2^2)`` and Welch's degrees of freedom.
    """
    values, reference = values[~np.isnan(values)], reference[~np.isnan(reference)]
    if min(len(values), len(reference)) < 2 or values.mean() <= 0 or reference.mean() <= 0:
        return math.nan, math.nan
    parts = [np.var(x, ddof=1) / len(x) / x.mean() ** 2 for x in (values, reference)]
    ratio, variance = math.log(values.mean() / reference.mean()), sum(parts)
    if variance == 0.0:
        return ratio, 0.0
    freedom = variance**2 / sum(
        part**2 / (len(x) - 1) for part, x in zip(parts, (values, reference), strict=True)
    )
    return ratio, float(stats.t.ppf(0.5 + CONFIDENCE / 2, freedom)) * math.sqrt(variance)


def judged(ratio: float, half: float) -> str:
    """Whether an interval of a log ratio lies within `MARGIN` of 0, beyond it, or tells neither."""
    if math.isnan(ratio):
        return CANNOT_TELL
    if abs(ratio) + half <= math.log1p(MARGIN):
        return WITHIN
    return BEYOND if abs(ratio) - half > math.log1p(MARGIN) else CANNOT_TELL


def compared(frame: pd.DataFrame, table: str, measures: Sequence[str]) -> pd.DataFrame:
    """Measures at each size against those at the finest grain, or in the largest world.

    Returns
    -------
    DataFrame
        A row an arm, measure and other size: ``ratio`` with ``low`` and ``high``, ``exponent`` of persons
        (scale only), ``worlds`` and ``reference_worlds``, and ``found``, see `judged`; `BY_EXTENT` for what
        speaks of the largest of all, which a larger world has more of.
    """
    part = frame[frame["table"] == table]
    by = "people_per_viewer" if table == GRAIN else "persons"
    reference = part[by].min() if table == GRAIN else part[by].max()
    rows = []
    for arm, of_arm in part.groupby("arm", sort=False):
        for name in measures:
            values = {float(str(size)): per_head(some, name) for size, some in of_arm.groupby(by)}
            for size, found in values.items():
                if size == reference:
                    continue
                ratio, half = log_ratio(found, values[reference])
                exponent = ratio / math.log(size / reference) if table == SCALE else math.nan
                largest = table == SCALE and MEASURES[name].scales == LARGEST
                rows.append(
                    {
                        "table": table,
                        "arm": arm,
                        "measure": name,
                        by: size,
                        "against": reference,
                        "ratio": math.exp(ratio),
                        "low": math.exp(ratio - half),
                        "high": math.exp(ratio + half),
                        "exponent": exponent,
                        "worlds": len(found),
                        "reference_worlds": len(values[reference]),
                        "found": BY_EXTENT if largest else judged(ratio, half),
                    }
                )
    return pd.DataFrame(rows)


def per_head(worlds: pd.DataFrame, name: str) -> np.ndarray:
    """Values of a measure in `worlds`; of a total per person or merchant, whichever it grows with."""
    heads: Mapping[str, str] = {PER_PERSON: "persons", PER_MERCHANT: "merchants"}
    over = heads.get(str(MEASURES[name].scales))
    values = worlds[name].to_numpy(float)
    return values / worlds[over].to_numpy(float) if over else values


def comparable(measures: Sequence[str]) -> list[str]:
    """Those of `measures` of which a ratio can be taken."""
    return [name for name in measures if not is_signed(name)]
