"""Effects month by month: whether what one arm does beyond another lasts, fades, turns or only comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..measures.daily import DAILY_MEASURES
from .comparison import Estimate, estimate

MONTH = 30
HALF = 0.5
"""A last month of less than this part of the first is a fading, one of more than its inverse a growing."""

LASTS, GROWS, FADES, TURNS, COMES, UNSEEN = "lasts", "grows", "fades", "turns", "comes", "unseen"


@dataclass(frozen=True)
class MonthlyEffect:
    """A daily measure of one arm less that of another, by months of 30 days.

    Attributes
    ----------
    months : list of int
        Months, from 1, in which both have a value; the first begins with the first day that is counted.
    arm_means, against_means : list of float
        Means over worlds, one a month.
    effects : list of Estimate
        Of the differences, paired by world.
    course : str
        What becomes of it; see `course_of`.
    """

    measure: str
    arm: str
    against: str
    months: list[int]
    arm_means: list[float]
    against_means: list[float]
    effects: list[Estimate]
    course: str


def monthly_values(daily: pd.DataFrame, arm: str, measure: str) -> pd.DataFrame:
    """A daily measure by whole months (rows) and worlds (columns).

    Of a share, days weigh as much as what it is a share of: a month's orders by its visits. Days without a
    value are left out.

    Parameters
    ----------
    daily : DataFrame
        Of days that are counted alone; see `counted_days`.
    arm, measure : str
    """
    rows = daily[daily["arm"] == arm]
    value = rows.pivot(index="day", columns="replicate", values=measure).astype(float)
    entry = DAILY_MEASURES.get(measure)
    weight = value.notna().astype(float)
    if entry is not None and entry.whole:
        weight *= rows.pivot(index="day", columns="replicate", values=entry.whole).astype(float)
    months = len(value) // MONTH
    kept, weight = value.iloc[: months * MONTH].fillna(0.0), weight.iloc[: months * MONTH]
    month = np.arange(len(kept)) // MONTH
    total = weight.groupby(month).sum()
    return ((kept * weight).groupby(month).sum() / total.where(total > 0)).rename_axis("month")


def counted_days(daily: pd.DataFrame, left_out: int) -> pd.DataFrame:
    """The daily table without the first `left_out` days."""
    return daily[daily["day"] >= left_out] if left_out else daily


def effect_by_month(daily: pd.DataFrame, arm: str, against: str, measure: str) -> MonthlyEffect:
    """The effect of `arm` against another on a daily measure, paired by world, month by month."""
    here, there = (monthly_values(daily, name, measure) for name in (arm, against))
    worlds = here.columns.intersection(there.columns)
    valued = here[worlds].notna().any(axis=1) & there[worlds].notna().any(axis=1)
    here, there = here.loc[valued, worlds], there.loc[valued, worlds]
    difference = (here - there).to_numpy()
    return MonthlyEffect(
        measure,
        arm,
        against,
        [int(month) + 1 for month in here.index],
        here.mean(axis=1).tolist(),
        there.mean(axis=1).tolist(),
        [estimate(row) for row in difference],
        course_of(difference),
    )


def course_of(difference: np.ndarray) -> str:
    """What becomes of an effect, from its values by month and world, shape (months, worlds).

    An effect is seen in a month if its 95% interval excludes zero. Seen in the first and last month, it
    *turns* if it has changed sign; *fades* or *grows* if the last month is less than half or more than twice
    the first and the interval of the change excludes zero; else it *lasts*. Seen in the first month only it
    fades, in the last only it *comes*. Unseen in both, or with fewer than two months or worlds: *unseen*.
    """
    if len(difference) < 2 or difference.shape[1] < 2:
        return UNSEEN
    first, last, change = map(estimate, (difference[0], difference[-1], difference[-1] - difference[0]))
    if not first.beyond_luck:
        return COMES if last.beyond_luck else UNSEEN
    if not last.beyond_luck:
        return FADES
    if first.mean * last.mean < 0:
        return TURNS
    left = last.mean / first.mean
    if change.beyond_luck and left < HALF:
        return FADES
    return GROWS if change.beyond_luck and left > 1 / HALF else LASTS


def monthly_table(daily: pd.DataFrame, arms: Sequence[str], measures: Sequence[str]) -> pd.DataFrame:
    """Effects of all `arms` against the first of them, a row for each measure, arm and month.

    Columns ``measure``, ``arm``, ``against``, ``month`` (from 1), ``arm_mean``, ``against_mean``, ``effect``,
    ``low``, ``high``, ``worlds``, ``course``.
    """
    rows = [
        (
            measure,
            arm,
            arms[0],
            month,
            found.arm_means[place],
            found.against_means[place],
            effect.mean,
            effect.low,
            effect.high,
            effect.replications,
            found.course,
        )
        for measure in measures
        for arm in arms[1:]
        for found in [effect_by_month(daily, arm, arms[0], measure)]
        for place, (month, effect) in enumerate(zip(found.months, found.effects, strict=True))
    ]
    columns = ["measure", "arm", "against", "month", "arm_mean", "against_mean"]
    return pd.DataFrame(rows, columns=[*columns, "effect", "low", "high", "worlds", "course"])
