"""One wave of traffic: occasions to watch, what each was offered, and what came of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..scenario.sections.channels import MAX_OPTIONS
from .columns import Bytes, Floats, Ints, Longs, Shorts

NO_ROOM = -1
NO_ROOT = -1
NO_POST = -1
NOBODY = -1
NO_BOARD = -1
DIRECT, BROADCAST = 0, 1
"""Ways to pass a link on."""


class Wave(NamedTuple):
    """Occasions of some viewers; arrays of shape (capacity,) of which ``rows[0]`` are in use.

    Memory is reserved for the worst case but only touched, and so only used, as rows fill up.
    """

    rows: Longs  # (1,)
    viewer: Ints
    occasion: Shorts  # number of the occasion within the viewer's day
    surface: Bytes  # on which the occasion falls
    part: Bytes  # of the day
    options: Bytes  # rooms offered
    room: Ints  # (capacity, MAX_OPTIONS), store offered
    appeal: Floats  # (capacity, MAX_OPTIONS), what the channel adds to utility
    link: Ints  # (capacity, MAX_OPTIONS), row of `Links` that brought the offer
    chosen: Ints  # store entered or NO_ROOM
    slot: Bytes  # tie of the viewer to that store
    trust: Floats  # own trust on entering
    endorsed: Floats  # endorsement that came with the link taken
    root: Ints  # cascade of the link taken, or NO_ROOT
    post: Ints  # that the link taken is of, see `behaviour.sharing.posts`, or NO_POST
    sender: Ints  # friend who sent the link taken, or NOBODY
    by_board: Bytes  # 1 if that link stood in the group of another merchant
    leader: Ints  # who began the group that the link taken calls to, or NOBODY
    luck: NDArray[np.uint32]  # (4, capacity), random words of the decision at hand
    price: Longs  # fen paid
    bought: Bytes  # 1 ordered, 2 waits for a group to fill
    satisfied: Bytes
    followed: Bytes


class Scratch(NamedTuple):
    """What kernels work on a few viewers at a time with; arrays of shape (size,) unless said otherwise."""

    luck: NDArray[np.uint32]  # (4, size), random words
    viewer: Ints
    slot: Ints  # of a tie
    rate: NDArray[np.float64]  # occasions/day
    attention: NDArray[np.float64]  # weights of all platforms times their pools
    chance: NDArray[np.float64]  # of the number of occasions at hand
    below: NDArray[np.float64]  # chance of at most that number
    occasions: NDArray[np.float64]  # number drawn
    attraction: NDArray[np.float64]  # (size * MAX_OPTIONS,), of the rooms offered


class Links(NamedTuple):
    """Friends' links noticed in one wave; arrays of shape (links,)."""

    receiver: Ints
    surface: Bytes  # that the link counts for
    store: Ints
    strength: Floats  # of the friendship
    endorsement: Floats  # strength times the sender's trust
    root: Ints  # cascade
    post: Ints
    sender: Ints
    by_board: Bytes  # 1 if it stood in the group of another merchant
    leader: Ints  # who began the group, or NOBODY


class SharedLinks(NamedTuple):
    """Links passed on after visits; arrays of shape (capacity,), ``rows[0]`` in use."""

    rows: Longs  # (1,)
    sender: Ints
    store: Ints
    surface: Bytes  # that the link counts for
    way: Bytes  # DIRECT to few friends, or BROADCAST to all and to acquaintances
    board: Ints  # store into whose groups it is reposted, or NO_BOARD
    root: Ints
    leader: Ints  # who began the group, or NOBODY
    trust: Floats  # of the sender in the store
    above: Ints  # post of the link that the sender followed, or NO_POST
    bought: Bytes  # 1 if the sender has just ordered
    post: Ints


def new_wave(capacity: int) -> Wave:
    """An empty wave with room for `capacity` occasions."""

    def column(kind: type, width: int = 0) -> NDArray:
        return np.empty((capacity, width) if width else capacity, kind)

    return Wave(
        rows=np.zeros(1, np.int64),
        viewer=column(np.int32),
        occasion=column(np.int16),
        surface=column(np.uint8),
        part=np.zeros(capacity, np.uint8),
        options=column(np.uint8),
        room=column(np.int32, MAX_OPTIONS),
        appeal=column(np.float32, MAX_OPTIONS),
        link=column(np.int32, MAX_OPTIONS),
        chosen=column(np.int32),
        slot=column(np.uint8),
        trust=column(np.float32),
        endorsed=column(np.float32),
        root=column(np.int32),
        post=column(np.int32),
        sender=column(np.int32),
        by_board=column(np.uint8),
        leader=column(np.int32),
        luck=np.empty((4, capacity), np.uint32),
        price=column(np.int64),
        bought=column(np.uint8),
        satisfied=column(np.uint8),
        followed=column(np.uint8),
    )


def new_scratch(size: int) -> Scratch:
    """Scratch for `size` viewers or ties at a time."""
    rate, attention, chance, below, occasions = (np.zeros(size) for _ in range(5))
    return Scratch(
        np.zeros((4, size), np.uint32),
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        rate,
        attention,
        chance,
        below,
        occasions,
        np.zeros(size * MAX_OPTIONS),
    )


def new_links(capacity: int) -> Links:
    """Room for `capacity` links."""

    def numbers() -> Ints:
        return np.empty(capacity, np.int32)

    return Links(
        receiver=numbers(),
        surface=np.empty(capacity, np.uint8),
        store=numbers(),
        strength=np.empty(capacity, np.float32),
        endorsement=np.empty(capacity, np.float32),
        root=numbers(),
        post=numbers(),
        sender=numbers(),
        by_board=np.empty(capacity, np.uint8),
        leader=numbers(),
    )


def new_shares(capacity: int) -> SharedLinks:
    """No shares yet, with room for `capacity`."""
    return SharedLinks(
        np.zeros(1, np.int64),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.uint8),
        np.empty(capacity, np.uint8),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.float32),
        np.empty(capacity, np.int32),
        np.empty(capacity, np.uint8),
        np.empty(capacity, np.int32),
    )
