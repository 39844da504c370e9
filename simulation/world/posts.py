"""Posts of shared links: who passed on whose link, and what became of links that buyers sent.

A post is a visitor passing on the link to a room. One that follows a friend's link re-posts it and hangs
below that friend's post; others begin a cascade. Counted for measures alone.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..state.ledger import (
    CASCADES_REPOSTED,
    DIRECT_BY_BUYERS,
    ORDERS_BY_BUYERS,
    REPOSTS,
    VIRALITY,
    VIRALITY_UNIT,
    Ledger,
)
from ..state.waves import DIRECT, NO_ROOM, NOBODY
from ..state.world import Shard

SEED = -1
"""Parent of a post that begins a cascade."""


def structural_virality(parents: np.ndarray) -> np.ndarray:
    """Mean distance between two different posts of each cascade that was re-posted, shape (such cascades,).

    Goel, Anderson, Hofman and Watts (2016, Management Science 62:180). Each step between two posts lies on
    the way of ``s (n - s)`` pairs of a cascade of n posts, s of them at or below its lower end, so that the
    mean is ``2 sum s (n - s) / (n (n - 1))`` over steps.

    Parameters
    ----------
    parents : int array, shape (posts,)
        Number of the post above each, which is smaller than its own, or `SEED`.
    """
    size, top = np.ones(len(parents), np.int64), np.arange(len(parents))
    below = np.flatnonzero(parents != SEED)
    for post in below[::-1]:
        size[parents[post]] += size[post]
    for post in below:
        top[post] = top[parents[post]]
    whole = size[top[below]]
    pairs = np.bincount(top[below], size[below] * (whole - size[below]), minlength=len(parents))
    reposted = (parents == SEED) & (size > 1)
    return np.asarray(2.0 * pairs[reposted] / (size[reposted] * (size[reposted] - 1)))


class Posts:
    """The posts of one day.

    Parameters
    ----------
    stores : int
        Stores that there are; with viewers they number pairs of a person and a room.
    """

    def __init__(self, stores: int):
        self._stores = np.int64(stores)
        self.start_day()

    def start_day(self) -> None:
        """Forget yesterday's posts."""
        self._parents: list[np.ndarray] = []
        self._count = 0
        self._last_pairs, self._last_posts = np.empty(0, np.int64), np.empty(0, np.int64)
        self._from_buyers = np.empty(0, np.int64)
        self._direct_by_buyers = self._orders_by_buyers = 0

    def add_wave(self, shards: Iterable[Shard]) -> None:
        """Note what visitors of the wave just over passed on.

        Nobody is in a room twice a day, so that a person and a room name a post. Whose link was followed
        posted it in the wave before.
        """
        shared = [shard.shares for shard in shards]

        def all_of(name: str) -> np.ndarray:
            """A column of the links passed on."""
            return np.concatenate([getattr(shares, name)[: int(shares.rows[0])] for shares in shared])

        store = all_of("store").astype(np.int64)
        pairs = all_of("sender") * self._stores + store
        again = all_of("above") != NOBODY
        parents = np.full(len(pairs), SEED)
        above = all_of("above")[again] * self._stores + store[again]
        parents[again] = self._last_posts[np.searchsorted(self._last_pairs, above)]
        from_buyers = (all_of("bought") == 1) & (all_of("way") == DIRECT)
        self._direct_by_buyers += int(from_buyers.sum())
        self._from_buyers = pairs[from_buyers]
        order = np.argsort(pairs)
        self._last_pairs, self._last_posts = pairs[order], self._count + order
        self._parents.append(parents)
        self._count += len(pairs)

    def count_orders(self, shards: Iterable[Shard]) -> None:
        """Note orders of the wave just over that came by links which buyers had sent directly.

        Whoever found the card in another merchant's group, into which the buyer reposted it, was sent none.
        """
        for shard in shards:
            wave, rows = shard.wave, slice(0, int(shard.wave.rows[0]))
            ordered = np.flatnonzero((wave.chosen[rows] != NO_ROOM) & (wave.sender[rows] != NOBODY))
            ordered = ordered[(wave.bought[ordered] == 1) & (wave.by_board[ordered] == 0)]
            by = wave.sender[ordered].astype(np.int64) * self._stores + wave.chosen[ordered]
            self._orders_by_buyers += int(np.isin(by, self._from_buyers).sum())

    def count(self, ledger: Ledger) -> None:
        """Enter the day's counts in `ledger`."""
        parents = np.concatenate([np.empty(0, np.int64), *self._parents])
        distances = structural_virality(parents)
        totals = ledger.totals
        totals[REPOSTS] += int((parents != SEED).sum())
        totals[CASCADES_REPOSTED] += len(distances)
        totals[VIRALITY] += int(np.rint(VIRALITY_UNIT * distances).sum())
        totals[DIRECT_BY_BUYERS] += self._direct_by_buyers
        totals[ORDERS_BY_BUYERS] += self._orders_by_buyers
