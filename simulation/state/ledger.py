"""Counts of one day. Whole numbers throughout (agents, and money in fen), so that sums are exact
and do not depend on how viewers are divided among threads."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .columns import Bytes, Longs
from .ties import MOST_GROUPS

# Columns of Ledger.stores and Ledger.surfaces.
REACH, VISITS, ORDERS, GMV, RETURNS, REFUNDS, FOLLOWS, SHARES, OUTSIDE = range(9)
COUNTS = ("reach", "visits", "orders", "gmv", "returns", "refunds", "follows", "shares", "outside")
# Further columns of Ledger.stores.
(
    LOST,
    WALK_INS,
    STARTED,
    CARRIED,
    ADS,
    AD_GMV,
    PRIVATE_VISITS,
    PRIVATE_ORDERS,
    STRANGERS,
    MEMBERS_WON,
    MEMBERS_LOST,
    ORDERS_IN_GROUPS,
    NEW_FOLLOWERS,
) = range(9, 22)
STORE_COUNTS = (
    *COUNTS,
    "lost",
    "walk_ins",
    "started",
    "carried",
    "ads",
    "ad_gmv",
    "private_visits",
    "private_orders",
    "strangers",
    "members_won",
    "members_lost",
    "orders_in_groups",
    "new_followers",
)
# Further columns of Ledger.surfaces.
FIT, JOINS = 9, 10
SURFACE_COUNTS = (*COUNTS, "fit", "joins")
FIT_UNIT = 10_000
"""Sums of interest fit are kept in parts of this, as whole numbers."""
FIT_CLASSES = 4
"""Equal parts of 0 to 1 within which visits count as of equal interest fit."""
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
    FAN_REPEAT_ORDERS,
    BUYER_FOLLOWS,
    REPOSTS,
    CASCADES_REPOSTED,
    VIRALITY,
    DIRECT_BY_BUYERS,
    ORDERS_BY_BUYERS,
    BUYER_JOINS,
    COUNTER_JOINS,
    NOTICES,
    LATE_ORDERS,
    WEEKS_AT_ONE,
    REBOUGHT_AT_ONE,
    PUBLIC_ORDERS,
    LOST_TO_CLOSING,
    ASSISTANT_JOINS,
) = range(25)
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
    "fan_repeat_orders",
    "buyer_follows",
    "reposts",
    "cascades_reposted",
    "virality",
    "direct_by_buyers",
    "orders_by_buyers",
    "buyer_joins",
    "counter_joins",
    "notices",
    "late_orders",
    "weeks_at_one",
    "rebought_at_one",
    "public_orders",
    "lost_to_closing",
    "assistant_joins",
)
NOTICES_UNIT = 100
"""Notices are counted in parts of this, as whole numbers."""
VIRALITY_UNIT = 10_000
"""Sums of structural virality are kept in parts of this, as whole numbers."""

BOOKS = ("net_revenue", "commission", "cost_of_goods", "other_costs", "advertising", "subsidies")
"""Columns of the books that are kept of each platform's merchants together, in fen."""
OWN_ORDERS, FOLLOWED, BOUGHT, ANYWAY = range(4)
"""Columns of a day's counts of the owner's own shops: orders there; visitors followed from that day on; those
of them who bought there within 30 days; those who would have without being led."""
OWN_SHOP_COUNTS = ("orders", "followed", "bought", "anyway")


class Ledger(NamedTuple):
    """Counts of one day, as whole numbers of agents and fen."""

    stores: Longs  # (stores, len(STORE_COUNTS))
    surfaces: Longs  # (surfaces, len(SURFACE_COUNTS))
    totals: Longs  # (len(TOTALS),)
    back_7: Longs  # (days,), visits of that day followed by a return within 7 days
    back_30: Longs  # (days,), the same within 30 days
    rebought_30: Longs  # (days,), orders of that day followed by another within 30 days
    lost_at_age: Longs  # (days + 1,), fans who left, by days since they followed; last those of before day 0
    closed_at_age: Longs  # (days + 1,), the same of those whose store had gone, who did not leave it
    public_rebought_30: Longs  # (days,), of rebought_30 those by persons met in public
    back_60: Longs  # (days,), fans since that day who were back in the room 31 to 60 days later
    known: Longs  # (stores, FIT_CLASSES, 2, 2): knew the host or not; visits, orders
    in_groups: Longs  # (stores, groups), orders by the link of each group today


def new_ledger(stores: int, surfaces: int, days: int) -> Ledger:
    """A ledger of zeros."""
    return Ledger(
        np.zeros((stores, len(STORE_COUNTS)), np.int64),
        np.zeros((surfaces, len(SURFACE_COUNTS)), np.int64),
        np.zeros(len(TOTALS), np.int64),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros(days + 1, np.int64),
        np.zeros(days + 1, np.int64),
        np.zeros(days, np.int64),
        np.zeros(days, np.int64),
        np.zeros((stores, FIT_CLASSES, 2, 2), np.int64),
        np.zeros((stores, MOST_GROUPS), np.int64),
    )


class Audience(NamedTuple):
    """When viewers were last in each store's room, of every so many viewers: who came, each counted once.

    Ties forget; this does not. Of large worlds a sample is kept, evenly spread over neighbourhoods.
    """

    every: int
    month: Bytes  # (viewers in the sample, stores), 1 for the first month, 0 for never


MOST_MEMORIES = 8_000_000
"""Entries of `Audience.month` at most."""


def nobody_yet(viewers: int, stores: int) -> Audience:
    """An audience of nobody."""
    every = max(1, -(-viewers * stores // MOST_MEMORIES))
    return Audience(every, np.zeros((-(-viewers // every), stores), np.uint8))


def clear(ledger: Ledger) -> None:
    """Set all counts to zero."""
    for counts in ledger:
        counts.fill(0)


def add_up(into: Ledger, parts: list[Ledger]) -> None:
    """Add the counts of `parts` to `into`."""
    for part in parts:
        for total, counts in zip(into, part, strict=True):
            total += counts
