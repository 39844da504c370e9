"""Counts of one day. Whole numbers throughout (agents, and money in fen), so that sums are exact
and do not depend on how viewers are divided among threads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .columns import Longs
from .compiled import rule
from .ties import EMPTY, SUBSCRIBED

# Columns of Ledger.stores and Ledger.surfaces.
REACH, VISITS, ORDERS, GMV, RETURNS, REFUNDS, FOLLOWS, SHARES, OUTSIDE = range(9)
COUNTS = ("reach", "visits", "orders", "gmv", "returns", "refunds", "follows", "shares", "outside")
# Further columns of Ledger.stores.
LOST, WALK_INS, STARTED, CARRIED, ADS, AD_GMV = range(9, 15)
STORE_COUNTS = (*COUNTS, "lost", "walk_ins", "started", "carried", "ads", "ad_gmv")
# Entries of Ledger.totals.
(
    OCCASIONS,
    KNOWN_VISITS,
    REPEAT_ORDERS,
    REPEAT_GMV,
    ENDORSED_VISITS,
    MUTES,
    SHARE_FOLLOWS,
    GROUP_JOINS,
    GROUP_ORDERS,
) = range(9)
TOTALS = (
    "occasions",
    "known_visits",
    "repeat_orders",
    "repeat_gmv",
    "endorsed_visits",
    "mutes",
    "share_follows",
    "group_joins",
    "group_orders",
)

BOOKS = ("net_revenue", "commission", "cost_of_goods", "other_costs", "advertising", "subsidies")
"""Columns of the books that are kept of each platform's merchants together, in fen."""


class Ledger(NamedTuple):
    """Counts of one day, as whole numbers of agents and fen."""

    stores: Longs  # (stores, 15), see STORE_COUNTS
    surfaces: Longs  # (surfaces, 9), see COUNTS
    totals: Longs  # (9,), see TOTALS
    back_7: Longs  # (days,), visits of that day followed by a return within 7 days
    back_30: Longs  # (days,), the same within 30 days
    rebought_30: Longs  # (days,), orders of that day followed by another within 30 days
    lost_at_age: Longs  # (days + 1,), fans lost, by days since they followed; last those of before day 0


def new_ledger(stores: int, surfaces: int, days: int) -> Ledger:
    """A ledger of zeros."""
    return Ledger(
        np.zeros((stores, len(STORE_COUNTS)), np.int64),
        np.zeros((surfaces, len(COUNTS)), np.int64),
        np.zeros(len(TOTALS), np.int64),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros(days + 1, np.int64),
    )


def clear(ledger: Ledger) -> None:
    """Set all counts to zero."""
    for counts in ledger:
        counts.fill(0)


def add_up(into: Ledger, parts: list[Ledger]) -> None:
    """Add the counts of `parts` to `into`."""
    for part in parts:
        for total, counts in zip(into, part, strict=True):
            total += counts


@rule
def end_subscription(world, ledger, viewer, slot):
    """A fan leaves: the subscription ends and is counted; the memory of the store stays."""
    ties = world.ties
    ties.flags[viewer, slot] &= ~np.uint8(SUBSCRIBED)
    world.viewers.fan_ties[viewer] -= 1
    ledger.stores[ties.store[viewer, slot], LOST] += 1
    since = ties.since[viewer, slot]
    ledger.lost_at_age[world.day - since if since >= 0 else ledger.lost_at_age.shape[0] - 1] += 1


@rule
def make_room(world, ledger, viewer, slot):
    """Empty `slot`, counting a lost fan if it held a subscription."""
    ties = world.ties
    if ties.store[viewer, slot] != EMPTY and ties.flags[viewer, slot] & SUBSCRIBED:
        end_subscription(world, ledger, viewer, slot)
    ties.store[viewer, slot] = EMPTY
