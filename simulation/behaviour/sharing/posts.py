"""Posts of shared links: who passed on whose link, and what became of links that buyers sent.

A post is a visitor passing on the link to a room. One that follows somebody's link re-posts it and hangs
below that post; others begin a cascade. Counted for measures alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import Bytes, Ints, Longs
from ...state.compiled import kernel
from ...state.ledger import (
    CASCADES_REPOSTED,
    DIRECT_BY_BUYERS,
    ORDERS_BY_BUYERS,
    REPOSTS,
    VIRALITY,
    VIRALITY_UNIT,
)
from ...state.waves import DIRECT, NO_POST, NO_ROOM, NO_ROOT, NOBODY, SharedLinks
from ...state.world import Shard

POSTS, CASCADES, BUYERS_LINKS, BUYERS_ORDERS = range(4)
"""Entries of `Posts.numbers`."""


class Posts(NamedTuple):
    """The posts of one day and their cascades; arrays of shape (capacity,) unless said otherwise."""

    numbers: Longs  # (4,), so far today: posts, cascades, links that buyers sent directly, orders by these
    above: Ints  # post that each hangs below, with a smaller number than its own, or NO_POST
    by_buyer: Bytes  # 1 if it is a link that a buyer sent directly
    adopters: Ints  # of each cascade: those who came by one of its links
    size: Longs  # scratch: posts at or below each
    top: Longs  # scratch: the post that began the cascade
    pairs: Longs  # scratch: of a cascade, see `measure_cascades`
    distance: NDArray[np.float64]  # of a cascade, at the post that began it, see `measure_cascades`


def new_posts(capacity: int) -> Posts:
    """No posts yet, with room for `capacity`."""
    size, top, pairs = np.zeros((3, capacity), np.int64)
    return Posts(
        numbers=np.zeros(4, np.int64),
        above=np.zeros(capacity, np.int32),
        by_buyer=np.zeros(capacity, np.uint8),
        adopters=np.zeros(capacity, np.int32),
        size=size,
        top=top,
        pairs=pairs,
        distance=np.zeros(capacity),
    )


@kernel
def write_posts(posts: Posts, shares: SharedLinks) -> None:
    """Number the links that were passed on in the wave just over, and the cascades that they begin."""
    numbers = posts.numbers
    for share in range(shares.rows[0]):
        post = numbers[POSTS]
        numbers[POSTS] += 1
        posts.above[post] = shares.above[share]
        posts.by_buyer[post] = shares.bought[share] == 1 and shares.way[share] == DIRECT
        numbers[BUYERS_LINKS] += posts.by_buyer[post]
        if shares.root[share] == NO_ROOT:
            shares.root[share] = numbers[CASCADES]
            posts.adopters[numbers[CASCADES]] = 0
            numbers[CASCADES] += 1
        shares.post[share] = post


@kernel
def count_adopters(posts: Posts, shard: Shard) -> None:
    """Add those who came by a link in this wave to its cascade, and orders by links that buyers had sent.

    Whoever found the card in another merchant's group, into which the buyer reposted it, was sent none.
    """
    wave = shard.wave
    for row in range(wave.rows[0]):
        if wave.chosen[row] == NO_ROOM:
            continue
        posts.adopters[wave.root[row]] += 1
        if wave.sender[row] != NOBODY and wave.bought[row] == 1 and wave.by_board[row] == 0:
            posts.numbers[BUYERS_ORDERS] += posts.by_buyer[wave.post[row]]


@kernel
def measure_cascades(posts: Posts) -> None:
    """Mean distance between two different posts of each cascade that was re-posted; 0 for all other posts.

    Goel, Anderson, Hofman and Watts (2016, Management Science 62:180). Each step between two posts lies on
    the way of ``s (n - s)`` pairs of a cascade of n posts, s of them at or below its lower end, so that the
    mean is ``2 sum s (n - s) / (n (n - 1))`` over steps.
    """
    above, size, top, pairs = posts.above, posts.size, posts.top, posts.pairs
    count = posts.numbers[POSTS]
    for post in range(count):
        size[post], pairs[post], top[post] = 1, 0, post
        posts.distance[post] = 0.0
    for post in range(count - 1, -1, -1):
        if above[post] != NO_POST:
            size[above[post]] += size[post]
    for post in range(count):
        if above[post] != NO_POST:
            top[post] = top[above[post]]
            pairs[top[post]] += size[post] * (size[top[post]] - size[post])
    for post in range(count):
        if above[post] == NO_POST and size[post] > 1:
            posts.distance[post] = 2.0 * pairs[post] / (size[post] * (size[post] - 1))


@kernel
def enter_posts(posts: Posts, totals: Longs) -> None:
    """Enter the counts of the day that is over in a ledger's `totals`."""
    measure_cascades(posts)
    for post in range(posts.numbers[POSTS]):
        totals[REPOSTS] += posts.above[post] != NO_POST
        totals[CASCADES_REPOSTED] += posts.distance[post] > 0.0
        totals[VIRALITY] += np.int64(np.rint(VIRALITY_UNIT * posts.distance[post]))
    totals[DIRECT_BY_BUYERS] += posts.numbers[BUYERS_LINKS]
    totals[ORDERS_BY_BUYERS] += posts.numbers[BUYERS_ORDERS]
