"""Grain and scale: what the same question gives in fewer agents, and in larger worlds.

*Grain*: the same persons and merchants, with more or fewer persons to an agent. *Scale*: more persons, with
merchants in proportion. A rate or share that does not care for either has a ratio of 1 between two sizes.

Worlds of another grain are paired: a replication has the same merchants at each. So are worlds of another
extent that begin with a past: each template is cut once into large worlds and once into small ones, of the
same people and merchants. There the mean logarithm of ratios has the interval of Student's t. Worlds of
another extent without a past have nothing in common but the rules: the difference between the logarithms of
their means has the interval of two samples of unequal variance (Welch 1947).
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
from ..languages.speaking import sentence, template
from ..measures import MEASURES
from ..measures.registry import IN_AGENTS, LARGEST, PER_MERCHANT, PER_PERSON
from ..runs.bounds import is_signed
from ..runs.comparison import CONFIDENCE
from ..scenario.reading.read import changed_scenario
from ..scenario.scenario import Scenario
from ..scenario.tables import NO_PAST
from ..words import counted
from .paired import paired_log_ratio

GRAIN, SCALE = "grain", "scale"
WORLD = ("table", "persons", "merchants", "people_per_viewer", "replicate", "pair", "arm")
"""Columns that say which world a row is of; all others are measures."""
SIZE = list(WORLD[1:4])
AGENTS = ("viewers", "isolated_viewers")
"""Keys of a world that are numbers of agents."""
MARGIN = 0.05
"""How far the interval of a log ratio may reach from 0."""
WITHIN, BEYOND, CANNOT_TELL = template("within 5%"), template("beyond 5%"), template("cannot tell")
BY_EXTENT, BY_GRAIN = template("by extent"), template("by grain")
SEEDS_APART = 1_000
"""Between seeds of two templates, of which each may take some further."""
RunArms = Callable[[Scenario, int], dict[str, dict[str, float]]]


class World(NamedTuple):
    """One world to run. Those of one `pair`, at different sizes, have the same merchants."""

    scenario: Scenario
    replicate: int
    pair: int


class Size(NamedTuple):
    """Worlds of some size, a list for each that one process runs, one after the other."""

    table: str
    scenario: Scenario
    batches: list[list[World]]


def grain_sizes(scenario: Scenario, grains: Sequence[float], worlds: int) -> list[Size]:
    """`worlds` worlds at each of `grains` persons to an agent, in pairs that share nobody with each other."""
    sizes = []
    for grain in grains:
        of_size = of_grain(scenario, grain)
        apart = enumerate(independent_worlds(of_size, worlds))
        sizes.append(Size(GRAIN, of_size, [[World(*world, number)] for number, world in apart]))
    return sizes


def scale_sizes(scenario: Scenario, scales: Sequence[float], worlds: int) -> list[Size]:
    """Worlds of each of the extents `scales`: `worlds` of them, or all of as many templates, in pairs.

    Raises
    ------
    AnalysisError
        If a template cannot be cut into whole worlds of each extent.
    """
    sizes, first = [], 0
    for times in scales:
        of_size = of_scale(scenario, times)
        if scenario.warm_up.past == NO_PAST:
            alone = [[World(of_size, number, number)] for number in range(first, first + worlds)]
            sizes.append(Size(SCALE, of_size, alone))
            first += worlds
        else:
            sizes.append(Size(SCALE, of_size, [cuts(of_size, number) for number in range(worlds)]))
    return sizes


def cuts(scenario: Scenario, number: int) -> list[World]:
    """Worlds into which a template is cut, each of its people in one of them; another for each `number`."""
    arcs, in_all = scenario.arcs, scenario.warm_up.template_arcs
    if arcs < 2 or in_all % arcs:
        found = sentence("{arcs}, and worlds of {arcs_2}", arcs=counted(in_all, "arc"), arcs_2=arcs)
        allowed = "a multiple of the arcs of each extent, which are two at least"
        raise AnalysisError("extent", [Problem("warm_up.template_arcs", found, allowed)])
    own = of_template(scenario, number)
    return [World(own, replicate, number) for replicate in range(in_all // arcs)]


def independent_worlds(scenario: Scenario, worlds: int) -> list[tuple[Scenario, int]]:
    """Scenario and replicate of worlds that share nobody, whatever their past."""
    if scenario.warm_up.past == NO_PAST:
        return [(scenario, replicate) for replicate in range(worlds)]
    return [(of_template(scenario, number), 0) for number in range(worlds)]


def of_template(scenario: Scenario, number: int) -> Scenario:
    """The same question of worlds cut from another template for each `number`."""
    return changed_scenario(scenario, {"run.seed": scenario.run.seed + SEEDS_APART * number}, "template")


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
            [
                Problem(
                    "workers",
                    sentence("{error}: killed, or out of memory", error=error),
                    "smaller worlds, or fewer of them",
                )
            ],
        ) from None


def run_batch(model: RunArms, batch: list[World]) -> list[dict[str, dict[str, float]]]:
    """Run worlds one after the other; measures by arm of each."""
    return [model(world.scenario, world.replicate) for world in batch]


def measure_sizes(
    sizes: Sequence[Size], executor: Executor, model: RunArms, report: Callable[[float], None] | None = None
) -> pd.DataFrame:
    """Run all arms in worlds of all sizes; one row a world and arm: the columns `WORLD`, then measures.

    Parameters
    ----------
    sizes : sequence of Size
    executor : Executor
        Where worlds are run.
    model : callable
        Runs all arms of a scenario in one replicate; measures by arm.
    report : callable, optional
        Told the share of work done, by viewers.

    Raises
    ------
    AnalysisError
        If there are no sizes.
    """
    if not sizes:
        raise AnalysisError("sizes", [Problem("sizes", "none", "two or more, of another grain or extent")])
    waiting: dict[Future[Any], tuple[Size, list[World]]] = {}
    for size in sizes:
        for batch in size.batches:
            waiting[executor.submit(run_batch, model, batch)] = (size, batch)
    total = sum(_viewers(size, batch) for size, batch in waiting.values())
    rows, done = [], 0
    for future in as_completed(waiting):
        size, batch = waiting[future]
        for world, arms in zip(batch, came_back(future), strict=True):
            rows += [_place(size, world, arm) | found for arm, found in arms.items()]
        done += _viewers(size, batch)
        if report:
            report(done / total)
    return pd.DataFrame(rows).sort_values(["table", *SIZE, "pair", "replicate", "arm"], ignore_index=True)


def _viewers(size: Size, batch: list[World]) -> int:
    return size.scenario.world.viewers * len(batch)


def _place(size: Size, world: World, arm: str) -> dict[str, Any]:
    """The columns `WORLD` of one row."""
    extent = world.scenario.world
    persons = extent.viewers * extent.people_per_viewer
    of_size = (size.table, persons, extent.merchants, extent.people_per_viewer)
    return dict(zip(WORLD, (*of_size, world.replicate, world.pair, arm), strict=True))


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
        speaks of the largest of all, which a larger world has more of, and `BY_GRAIN` for what is counted in
        agents.
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
                ratio, half = _ratio_of(found, values[reference])
                exponent = ratio / math.log(size / reference) if table == SCALE else math.nan
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
                        "found": _by_nature(table, name) or judged(ratio, half),
                    }
                )
    return pd.DataFrame(rows)


def _ratio_of(values: pd.Series, reference: pd.Series) -> tuple[float, float]:
    """Log ratio of two sizes and half of its interval: of pairs, if all have a partner."""
    if set(values.index) == set(reference.index):
        means = [worlds.groupby(level=0).mean() for worlds in (values, reference)]
        return paired_log_ratio(means[0].to_numpy(), means[1].to_numpy())
    return log_ratio(values.to_numpy(), reference.to_numpy())


def _by_nature(table: str, name: str) -> str:
    """Why a measure cannot be the same at all sizes; empty if it can."""
    scales = MEASURES[name].scales
    if table == SCALE:
        return BY_EXTENT if scales == LARGEST else ""
    return BY_GRAIN if scales == IN_AGENTS else ""


def per_head(worlds: pd.DataFrame, name: str) -> pd.Series:
    """Values of a measure in `worlds` by pair; of a total per person or merchant, whichever it grows with."""
    heads: Mapping[str, str] = {PER_PERSON: "persons", PER_MERCHANT: "merchants"}
    over = heads.get(str(MEASURES[name].scales))
    values = worlds.set_index("pair")[name].astype(float)
    return values / worlds[over].to_numpy(float) if over else values


def comparable(measures: Sequence[str]) -> list[str]:
    """Those of `measures` of which a ratio can be taken."""
    return [name for name in measures if not is_signed(name)]
