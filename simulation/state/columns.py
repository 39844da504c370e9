"""Columns of viewers, merchants and friendships: one array per trait, one row per agent."""

from __future__ import annotations

from typing import NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

NEVER = -10_000
"""Day on which nothing ever happened."""

NEVER_REVIEWED = np.iinfo(np.int64).min
"""Profit of the last review before there was any; below every profit."""

WAITING, OPEN, CLOSED, ABSENT, SUSPENDED = range(5)
"""Status: not arrived yet, selling, gone for good, not on this platform, removed by a policy for a time."""
STATUSES = ("waiting", "open", "closed", "absent", "suspended")
"""The same in a word."""

FEN = 100.0
"""Fen in a CNY: what columns hold, and what readers are told."""

Floats = NDArray[np.float32]
Shorts = NDArray[np.int16]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bytes = NDArray[np.uint8]


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
    last_active: Shorts  # day of the last visit to any room
    seen_on: Shorts  # (viewers, platforms), day of the last visit on each platform
    habit: Floats  # (viewers, platforms), 0..1
    visited_by: NDArray[np.uint64]  # bit per channel ever entered through
    bought_by: NDArray[np.uint64]  # bit per channel ever bought through
    offered_fit: Bytes  # 1 once a strongly fitting room was offered


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
    quality: Floats
    host_skill: Floats
    community_skill: Floats
    price: Longs  # fen
    relative_price: Floats  # log(price / usual price of its kind)
    margin: NDArray[np.float64]
    arrival: Shorts  # day on which the store opened, or will
    starting_fans: Longs  # persons
    streams: NDArray[np.float64]  # streams/week planned
    status: Bytes
    live: Bytes  # today
    pushing: Bytes  # today
    week_pushes: Shorts  # pushes in the last seven days
    heat: NDArray[np.float64]  # remembered audience, agents
    crowd_cue: Floats  # log(1 + persons expected in the room)
    fans: Longs  # agents following now
    cash: Longs  # fen
    profit: Longs  # fen, since arrival
    review_profit: Longs  # fen, since the last review
    last_profit: Longs  # fen, between the last two reviews, or NEVER_REVIEWED
    losses: Bytes  # reviews in a row with a loss
    community_work: NDArray[np.float64]  # relative to the archetype's
    work_direction: NDArray[np.float64]  # +1 or -1: where community work is being moved
    ad_budget: NDArray[np.float64]  # fen/day
    ad_seen: NDArray[np.float64]  # impressions so far, persons
    ad_earned: NDArray[np.float64]  # gross margin of orders through advertisements so far, fen
    ad_result: Longs  # earned less spent since the last review, fen
    first_order: Shorts  # day
    last_day: Shorts  # last day in business


COLUMN_TYPES = {
    name: np.dtype(get_args(get_args(hint)[1])[0]) for name, hint in get_type_hints(StoreColumns).items()
}
"""NumPy's type of each column of stores."""
MONEY = ("price", "cash", "profit", "review_profit", "last_profit", "ad_budget", "ad_earned", "ad_result")
"""Columns of merchants that hold money, in fen."""


class FriendshipGraph(NamedTuple):
    """Friendship graph in compressed rows; both directions of a tie are stored."""

    start: Longs  # (viewers + 1,), first entry of each viewer
    friend: Ints  # (2 x ties,)
    strength: Floats  # (2 x ties,), 0..1
