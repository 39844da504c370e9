"""Ties from viewers to stores: few per viewer, kept in rows of fixed width; and the stores' chat groups.

A tie is *subscribed* (the viewer is a fan: follows the merchant or is in its group) or a mere
memory of a room once visited. When a row is full, the longest unvisited memory gives way; if all
are subscribed, the one with the least trust at its last contact does.

A chat group belongs to the merchant, whatever the platform. Members are told apart by the number of their
group, which stands with their tie; `ChatGroups` holds what a group shows to those who open it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import NEVER, Bytes, Floats, Ints, Longs, Shorts

EMPTY = -1
SUBSCRIBED, MUTED, STARTING, ENDORSED, FOLLOWER, MEMBER, MET_OUTSIDE, REFERRED = 1, 2, 4, 8, 16, 32, 64, 128
"""Bits of a tie: fan; its notices muted; of the starting private domain; once endorsed by a friend; follows
the store on the platform; is in one of the merchant's groups; a member met outside the platform; became a
fan by a friend's card. A fan is a follower or a member."""


class Ties(NamedTuple):
    """Ties; arrays of shape (viewers, ties a viewer)."""

    store: Ints  # EMPTY or row of the store
    trust: Floats  # 0..1, as it stood on day `touched`
    touched: Shorts  # day
    last_visit: Shorts  # day
    last_purchase: Shorts  # day
    since: Shorts  # day on which the last subscription began, or NEVER
    purchases: Shorts
    flags: Bytes
    group: Bytes  # number of the merchant's group, of a member


def empty_ties(viewers: int, width: int) -> Ties:
    """No ties at all for `viewers` viewers with room for `width` each."""
    shape = (viewers, width)

    def days() -> NDArray[np.int16]:
        return np.full(shape, NEVER, np.int16)

    return Ties(
        np.full(shape, EMPTY, np.int32),
        np.zeros(shape, np.float32),
        days(),
        days(),
        days(),
        days(),
        np.zeros(shape, np.int16),
        np.zeros(shape, np.uint8),
        np.zeros(shape, np.uint8),
    )


class NewTie(NamedTuple):
    """A tie as it begins."""

    store: int
    trust: float
    day: int
    flags: int


def fading_table(half_life: float, days: int) -> NDArray[np.float32]:
    """Share of trust left after 0 .. days days without contact: ``2 ** (-age / half_life)``."""
    return np.exp2(-np.arange(days + 1) / half_life).astype(np.float32)


MOST_GROUPS = 64
"""Groups of one store whose orders are told apart; all further ones count as the last."""


class ChatGroups(NamedTuple):
    """Groups of all stores this morning."""

    number: Ints  # (stores,), at least 1
    orders: Longs  # (stores, groups), agents of each group who ordered when the link was last posted


def no_chat_groups(stores: int) -> ChatGroups:
    """One empty group a store."""
    return ChatGroups(np.ones(stores, np.int32), np.zeros((stores, MOST_GROUPS), np.int64))
