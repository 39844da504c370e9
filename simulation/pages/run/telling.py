"""Titles of figures: who is highest, as far as luck can tell; and tables of measures by arm."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...languages.speaking import phrase
from ...measures import MEASURES
from ...measures.registry import LOWER
from ...runs.bounds import base_measure, measure_unit
from ...runs.comparison import Estimate, estimate, replicate_values
from ..kit.names import NamedArm
from ..kit.tables.data_table import NOTHING, Cell, DataTable, span_cell, value_cell, with_intervals
from ..kit.words import is_number
from .content import Content

Worlds = Mapping[NamedArm, np.ndarray]
"""Values by arm, world by world, in one order of worlds."""


def measured(content: Content, measure: str) -> dict[NamedArm, np.ndarray]:
    """A measure of runs.parquet by arm and world."""
    return {arm: replicate_values(content.run.results.runs, arm.name, measure) for arm in content.arms}


def means_of(worlds: Worlds) -> dict[NamedArm, float]:
    """Means over worlds by arm, where there are any, the highest first."""
    means = {arm: estimate(values).mean for arm, values in worlds.items()}
    known = {arm: mean for arm, mean in means.items() if is_number(mean)}
    return dict(sorted(known.items(), key=lambda entry: -entry[1]))


def near_the_highest(worlds: Worlds) -> list[NamedArm]:
    """Arms that pairs of worlds cannot tell from the highest; all others without worlds enough."""
    top, *others = means_of(worlds)
    apart = {arm: estimate(worlds[top] - worlds[arm]) for arm in others}
    return [arm for arm, found in apart.items() if found.beyond_luck < 1]


def within_luck(content: Content, worlds: Worlds) -> bool:
    """Whether luck cannot tell the highest from the lowest."""
    means = means_of(worlds)
    return len(means) > 1 and (content.worlds < 2 or list(means)[-1] in near_the_highest(worlds))


def spread(content: Content, what: str, worlds: Worlds, show: Callable[[float], str]) -> str:
    """Who is highest in `what`, as a figure's title; a difference within luck is called none.

    Parameters
    ----------
    content : Content
    what : str
        What is compared, as the sentence begins.
    worlds : mapping of NamedArm to array, shape (worlds,)
        Its values, as in runs.parquet.
    show : callable
        From a value to text.
    """
    means, names = means_of(worlds), content.names
    if not means:
        return what
    told = {"what": what, "values": names.across(means, show)}
    if len(means) == 1 or len(set(means.values())) == 1:
        return phrase("{what}: {values}", **told)
    if content.worlds < 2:
        return phrase("{what}: {values}; one world cannot tell that from luck", **told)
    top, low = next(iter(means)), list(means)[-1]
    near = near_the_highest(worlds)
    told["where"] = names.on(top.label)
    if low in near:
        return phrase("{what}: {values}; luck cannot tell the highest from the lowest", **told)
    if near:
        return phrase("{what}: highest {where}, or in what luck cannot tell from it ({values})", **told)
    return phrase("{what}: highest {where}, beyond luck ({values})", **told)


def interval_note(content: Content) -> str:
    """What a caption says of intervals."""
    if content.worlds > 1:
        return phrase("Lines are 95% intervals.")
    return phrase("One world gives no intervals.")


def estimates_table(content: Content, caption: str, found: dict[str, dict[NamedArm, Estimate]]) -> DataTable:
    """Measures by arm with their intervals."""
    known = content.worlds > 1
    rows = []
    for name, values in found.items():
        unit, cells = measure_unit(name), []
        for arm in content.arms:
            value = values.get(arm)
            cells.append(value_cell(value.mean if value else None, unit))
            if known:
                cells.append(span_cell(value.low, value.high, unit) if value else Cell(NOTHING))
        rows.append((content.names.measure(name), cells))
    head = [phrase("Measure"), *with_intervals([arm.label for arm in content.arms], known)]
    return DataTable(caption, head, rows)


def direction(measure: str) -> int:
    """1 if more of a measure is better, -1 if less is, 0 where it depends on who is asked."""
    base = base_measure(measure)
    better = MEASURES[base].better if base in MEASURES else ""
    return 0 if not better else -1 if better == LOWER else 1
