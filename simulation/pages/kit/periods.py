"""Days taken together so that nothing is drawn before it begins.

A figure over days smooths them, or sums them over weeks. Where a policy begins or ends, or a platform
opens, days before must not be mixed with days after, nor joined to them by a line: there is a *cut*, and
between two cuts lies a *spell*.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...languages.speaking import phrase
from ...scenario.sections.policy import Policy
from .style import thin

WEEK = 7


@dataclass(frozen=True)
class Mark:
    """Something that begins on a day of the run.

    Attributes
    ----------
    day : int
        Its first day.
    end : int or None
        The first day without it; None if it lasts to the end of the run.
    name, when : str
        For readers.
    """

    day: int
    end: int | None
    name: str
    when: str

    @property
    def cuts(self) -> set[int]:
        """Days on which something begins or ends."""
        return {self.day} if self.end is None else {self.day, self.end}


def collect_marks(policies: Iterable[Policy], launches: dict[str, int], days: int) -> list[Mark]:
    """Policies, and platforms that open after day 0, of a run of `days` days.

    Parameters
    ----------
    policies : iterable of Policy
        Those that come into force.
    launches : dict of str to int
        Launch days of platforms by label.
    days : int
    """
    opened = [
        Mark(day, None, phrase("{platform} opens", platform=label), phrase("day {day}", day=day))
        for label, day in launches.items()
        if 0 < day < days
    ]
    found = [_mark_of(policy, days) for policy in policies]
    return list(dict.fromkeys([*opened, *found]))


def _mark_of(policy: Policy, days: int) -> Mark:
    end = policy.end if policy.end is not None and policy.end < days else None
    if end is None:
        when = phrase("day {first} to the end", first=policy.start)
    else:
        when = phrase("day {first} to {last}", first=policy.start, last=end)
    return Mark(policy.start, end, policy.title, when)


def period_cuts(marks: Iterable[Mark]) -> list[int]:
    """Days after day 0 on which something begins or ends, in order."""
    return sorted({day for mark in marks for day in mark.cuts if day > 0})


def split_periods(days: int, length: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """First day and first day after it of periods of `length` days, anew from each cut.

    What is left of a spell belongs to its last period, as a few days by themselves say little; a spell
    that is shorter than `length` is one period.
    """
    found = []
    for start, end in split_spells(days, cuts):
        starts = range(start, max(end - length, start) + 1, length)
        found += list(zip(starts, [*starts[1:], end], strict=True))
    return found


def split_spells(days: int, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """First day and first day after it of the time between two cuts."""
    return list(zip([0, *cuts], [*cuts, days], strict=True))


def by_period(table: pd.DataFrame, periods: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Sums of a table by day over `periods`, by their first days; missing days count as nothing."""
    firsts = np.array([first for first, _ in periods])
    place = np.searchsorted(firsts, table.index.to_numpy(), side="right") - 1
    # Grouped by the axis: pandas looks an array up among the columns and prints it when it is none.
    return table.set_axis(firsts[place], axis=0).groupby(level=0).sum()


def smoothed(table: pd.DataFrame, cuts: Sequence[int], weight: pd.DataFrame | None = None) -> pd.DataFrame:
    """Means over the week that ends on each day; the first week after a cut has one mean.

    Means of the few days since a cut would be as noisy as single days, just where readers look for an
    effect.

    Parameters
    ----------
    table : DataFrame
        By day (rows, from day 0) and world.
    cuts : sequence of int
    weight : DataFrame, optional
        What the values of `table` are shares of, so that days with more of it count more.
    """
    known = table.notna()
    of = known.astype(float) if weight is None else weight.where(known, 0.0)
    found = table.copy()
    for first, end in split_spells(len(table), cuts):
        amounts, wholes = (
            _over_a_week(each.iloc[first:end].to_numpy(float)) for each in ((table * of).fillna(0.0), of)
        )
        nothing = np.full(wholes.shape, np.nan)
        found.iloc[first:end] = np.divide(amounts, wholes, out=nothing, where=wholes > 0)
    ended = ~known.iloc[::-1].cummax().iloc[::-1]  # what has no values any more has no means of them
    return found.mask(ended)


def _over_a_week(amounts: np.ndarray) -> np.ndarray:
    """Sums over the week that ends on each day; of the first week as a whole, or what there is of it."""
    first = min(WEEK, len(amounts))
    sums = np.lib.stride_tricks.sliding_window_view(amounts, first, axis=0).sum(axis=-1)
    return np.concatenate([np.repeat(sums[:1], first - 1, axis=0), sums])


def broken(
    days: Sequence[int], values: Sequence[float | None], cuts: Sequence[int]
) -> tuple[list[int | None], list[float | None]]:
    """Points of a line with a gap before each cut, so that nothing joins the days before and after."""
    x: list[int | None] = []
    y: list[float | None] = []
    left = [cut for cut in cuts if len(days) and cut > days[0]]
    for day, value in zip(days, values, strict=True):
        while left and day >= left[0]:
            x, y, left = [*x, None], [*y, None], left[1:]
        x.append(day)
        y.append(value)
    return x, y


def seen_alone(values: Sequence[float | None]) -> dict[str, Any]:
    """How a line is drawn: with a mark at points that have no neighbour, which no line would show."""
    known = [False, *(value is not None for value in values), False]
    around = zip(known, known[1:], known[2:], strict=False)
    alone = [here and not (before or after) for before, here, after in around]
    if not any(alone):
        return {"mode": "lines"}
    return {"mode": "lines+markers", "marker": {"size": [5 if lone else 0 for lone in alone]}}


def outline(
    x: Sequence[float], low: np.ndarray, high: np.ndarray, log: bool = False, cuts: Sequence[int] = ()
) -> tuple[list[float | None], list[float | None]]:
    """Outlines of a band, one a run of points that have an interval, with gaps between them.

    Filled as a whole, one outline would go over the points in between that have none.

    Parameters
    ----------
    x : sequence of float
        One a point; days, if there are `cuts`.
    low, high : array, shape (points,)
        Ends of intervals, missing where there is none.
    log : bool
        Whether the axis is logarithmic, so that an interval that reaches zero cannot be drawn.
    cuts : sequence of int
    """
    inside = np.isfinite(low) & np.isfinite(high)
    if log:
        inside &= low > 0
    across: list[float | None] = []
    up: list[float | None] = []
    for first, end in pieces(inside, cuts):
        around, gap = list(x[first:end]), [None] if across else []
        across += [*gap, *around, *around[::-1]]
        up += [*gap, *thin(np.concatenate([high[first:end], low[first:end][::-1]]))]
    return across, up


def pieces(inside: np.ndarray, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Ends of the runs of days that are all `inside`, none of which goes over a cut.

    Parameters
    ----------
    inside : bool array, shape (days,)
    cuts : sequence of int

    Returns
    -------
    list of (int, int)
        First day and first day after it.
    """
    found = []
    for first, end in split_spells(len(inside), [cut for cut in cuts if cut < len(inside)]):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], inside[first:end], [False]])))
        found += [(first + int(start), first + int(stop)) for start, stop in edges.reshape(-1, 2)]
    return found
