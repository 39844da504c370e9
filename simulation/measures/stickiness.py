"""Stickiness: who comes back, buys again, and stays a fan."""

from __future__ import annotations

import math

import numpy as np

from .outcome import Outcome
from .registry import HIGHER, MISSING, by_days, measure, ratio

MONTH = 30
LOG_DAYS = 21
"""Days of the log of clicks of 10,222 users of Kuaishou (KuaiLive)."""


def followed_up(returned: np.ndarray, begun: np.ndarray, window: int, days: int) -> float:
    """Share of what was begun on a day that was followed up within `window` days.

    Only days that leave the whole window count. Missing if nothing was begun on them.
    """
    complete = slice(0, max(0, days - window))
    return ratio(returned[complete].sum(), begun[complete].sum())


@by_days
@measure("Back in the room within 7 days", better=HIGHER)
def revisit_rate_7d(outcome: Outcome) -> float:
    """Of visits, those whose viewer is back in the same room within 7 days.

    A room that a viewer has forgotten (see `remembered_rooms`) counts as new. Missing without
    visits at least 7 days before the end.
    """
    return followed_up(outcome.journal.returned_7, outcome.flow("visits"), 7, outcome.days)


@by_days
@measure("Back in the room within 30 days", better=HIGHER)
def revisit_rate_30d(outcome: Outcome) -> float:
    """As `revisit_rate_7d`, within 30 days."""
    return followed_up(outcome.journal.returned_30, outcome.flow("visits"), MONTH, outcome.days)


@by_days
@measure("Bought again within 30 days", better=HIGHER)
def repurchase_rate_30d(outcome: Outcome) -> float:
    """Of orders, those followed by another from the same merchant within 30 days.

    Missing without orders at least 30 days before the end.
    """
    return followed_up(outcome.journal.rebought_30, outcome.flow("orders"), MONTH, outcome.days)


@by_days
@measure("Bought again within 30 days, of those met in public", better=HIGHER)
def public_repurchase_rate_30d(outcome: Outcome) -> float:
    """As `repurchase_rate_30d`, of orders by persons whom the merchant met in public: who were not of its
    private domain, did not come to its counter and did not become fans by a friend's card."""
    orders = outcome.total("public_orders")
    return followed_up(outcome.journal.public_rebought_30, orders, MONTH, outcome.days)


@by_days
@measure("Half-life of a fan", unit="days", better=HIGHER)
def fan_half_life_days(outcome: Outcome) -> float:
    """Days after which half of fans have left: ``ln 2 * fan-days / fans who left``.

    The occurrence-exposure estimate of the hazard, which counts fans who are still there at the
    end, and those whose merchant has closed, for as long as they have stayed. Missing if none left.
    """
    left = outcome.flow("lost").sum() - outcome.total("lost_to_closing").sum()
    return math.log(2) * ratio(outcome.journal.fan_ties.sum(), left)


@by_days
@measure("Daily over monthly visitors", better=HIGHER)
def dau_mau(outcome: Outcome) -> float:
    """Mean daily visitors / visitors of the month, averaged over whole months of 30 days.

    Missing in runs under 30 days or without visitors.
    """
    journal, months = outcome.journal, outcome.days // MONTH
    values = [
        ratio(
            journal.active[MONTH * month : MONTH * (month + 1)].mean(),
            journal.monthly_active[MONTH * (month + 1) - 1],
        )
        for month in range(months)
    ]
    values = [value for value in values if not math.isnan(value)]
    return float(np.mean(values)) if values else MISSING


@by_days
@measure("Sales to returning buyers")
def repeat_gmv_share(outcome: Outcome) -> float:
    """GMV of orders by viewers who had bought from the same merchant before / GMV."""
    return ratio(outcome.total("repeat_gmv").sum(), outcome.count("gmv"))


@by_days
@measure("Visits to rooms visited before")
def known_room_share(outcome: Outcome) -> float:
    """Visits to a merchant that the viewer has visited before (and remembers) / visits."""
    return ratio(outcome.total("known_visits").sum(), outcome.count("visits"))


@by_days
@measure("Visits to rooms visited before, as a log of 21 days tells them")
def known_room_share_21d(outcome: Outcome) -> float:
    """Visits to a merchant that the viewer has visited before within a log of 21 days / visits in it.

    A visit on the log's day t is seen to be a return if the one before lies within t days. With F(t) the
    share of visits followed by another within t days, which are as many as are preceded by one, that is the
    mean of F over 0 to 21; F runs in straight lines from 0 through `revisit_rate_7d` to `revisit_rate_30d`.
    """
    week, month = revisit_rate_7d(outcome), revisit_rate_30d(outcome)
    at_the_end = week + (month - week) * (LOG_DAYS - 7) / (MONTH - 7)
    return (7 * week / 2 + (LOG_DAYS - 7) * (week + at_the_end) / 2) / LOG_DAYS
