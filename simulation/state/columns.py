"""Columns of viewers, merchants and friendships: one array per trait, one row per agent."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = -10_000
"""Day on which nothing ever happened."""

NEVER_REVIEWED = np.iinfo(np.int64).min
"""Profit of the last review before there was any; below every profit."""

OFF_AIR = -np.inf
"""Log of how much a store is on air while it is not."""

EVERYBODY = np.iinfo(np.int32).max
"""Row above that of any viewer: to whom a store delivers that sells everywhere."""

WAITING, OPEN, CLOSED, ABSENT, SUSPENDED = range(5)
"""Status: not arrived yet, selling, gone for good, not on this platform, removed by a policy for a time."""
STATUSES = ("waiting", "open", "closed", "absent", "suspended")
"""The same in a word."""

FEN = 100.0
"""Fen in a CNY: what columns hold, and what readers are told."""

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]


def copy_rows(columns: Any, larger: Any) -> Any:
    """The named tuple `larger` of arrays, its first rows those of the same `columns`."""
    for column, into in zip(columns, larger, strict=True):
        into[: len(column)] = column
    return larger


class ViewerColumns(NamedTuple):
    """Viewers; arrays of shape (viewers,) unless said otherwise."""

    activity: Floats  # occasions/day in this arm
    interest: Floats  # (viewers, categories), 0..1
    taste: Floats  # position on the circle of tastes, in arcs
    price_sensitivity: Floats
    impulse: Floats  # 0..1
    sharing: Floats  # willingness to share, mean 1
    trusting: Floats  # inclination to trust, 0..1
    crowd: Floats  # susceptibility to crowd cues, mean 1
    fan_ties: Shorts  # merchants followed now
    share_left: Bytes  # (viewers, platforms), occasions left today for friends' links
    rooms_today: Bytes  # rooms entered today
    last_active: Shorts  # day of the last visit to any room
    seen_on: Shorts  # (viewers, platforms), day of the last visit on each platform
    habit: Floats  # (viewers, platforms), 0..1
    visited_by: NDArray[np.uint64]  # bit per channel ever entered through
    bought_by: NDArray[np.uint64]  # bit per channel ever bought through
    satisfied_on: Shorts  # (viewers, categories), day of the last order in each category
    offered_fit: Shorts  # day on which a strongly fitting room was last offered
    last_order: Shorts  # day
    by_card: NDArray[np.uint16]  # (viewers, FIT_CLASSES, 2, 2): by a friend's link or not; visits, orders


class StoreColumns(NamedTuple):
    """Stores, each a merchant on one platform; arrays of shape (platforms x merchants that ever arrive,).

    A row is a merchant's store on one platform: row ``p * merchants + m`` is merchant m on platform
    p, so that with one platform a row is a merchant. Traits repeat, state does not. Money in fen
    (0.01 CNY).
    """

    platform: Bytes
    archetype: Bytes
    category: Shorts
    style: Floats  # position on the circle of tastes
    neighbourhood: Ints  # of a local merchant's customers, else -1
    sells_from: Ints  # first viewer to whom it delivers ...
    sells_to: Ints  # ... and the one after the last
    quality: Floats
    host_skill: Floats
    community_skill: Floats
    price: Longs  # fen
    relative_price: Floats  # log(price / usual price of its kind)
    margin: Doubles
    arrival: Shorts  # day on which the store opened, or will
    starting_fans: Longs  # persons
    fanless: Bytes  # whether it set out without a private domain, however few agents one is
    streams: Doubles  # streams/week planned
    status: Bytes
    live: Bytes  # today
    usual_hours: Doubles  # of a stream, median
    relative_hours: Doubles  # the same over that of all kinds of merchant
    hours: Doubles  # of today's stream, 0 without
    length: Doubles  # of the last stream, relative to the mean of the store's own; 1 before any
    on_air: Doubles  # log of that length, relative to the mean of all streams; 0 before any
    products: Ints  # in its assortment
    limit: Doubles  # of its share of what the platform shows, by policies of today; 1 for none
    pushing: Bytes  # today
    week_pushes: Shorts  # pushes in the last seven days
    heat: Doubles  # remembered audience, agents
    crowd_cue: Floats  # log(1 + persons expected in the room)
    fans: Longs  # agents following or in a group now
    members: Longs  # agents in the merchant's groups now
    cash: Longs  # fen
    profit: Longs  # fen, since arrival
    review_profit: Longs  # fen, since the last review
    last_profit: Longs  # fen, between the last two reviews, or NEVER_REVIEWED
    losses: Bytes  # reviews in a row with a loss
    counter: Bytes  # whether it has customers outside the platform, to be won for a group
    tried: Bytes  # of one without a private domain: bits of the ways begun, see `merchants.beginning`
    community_work: Doubles  # relative to the archetype's; 0 while it runs no group
    work_direction: Doubles  # +1 or -1: where community work is being moved
    ad_budget: Doubles  # fen/day
    ad_seen: Doubles  # impressions so far, persons
    ad_earned: Doubles  # gross margin of orders through advertisements so far, fen
    ad_result: Longs  # earned less spent since the last review, fen
    first_order: Shorts  # day
    last_day: Shorts  # last day in business


_TYPES: dict[str, type[np.generic]] = {
    "Floats": np.float32,
    "Doubles": np.float64,
    "Shorts": np.int16,
    "Ints": np.int32,
    "Longs": np.int64,
    "Bytes": np.uint8,
}
COLUMN_TYPES: dict[str, type[np.generic]] = {
    # Names of types, since what a type of NumPy consists of is written differently from version to version.
    name: _TYPES[str(getattr(hint, "__forward_arg__", hint))]
    for name, hint in StoreColumns.__annotations__.items()
}
"""NumPy's type of each column of stores."""
MONEY = ("price", "cash", "profit", "review_profit", "last_profit", "ad_budget", "ad_earned", "ad_result")
"""Columns of merchants that hold money, in fen."""


class FriendshipGraph(NamedTuple):
    """Friendship graph in compressed rows; both directions of a tie are stored."""

    start: Longs  # (viewers + 1,), first entry of each viewer
    friend: Ints  # (2 x ties,)
    strength: Floats  # (2 x ties,), 0..1
