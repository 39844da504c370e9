"""One world as kernels see it: everything of one day in two named tuples.

A kernel takes the `World`, which all threads share, and the `Shard` whose viewers it looks after. Of the
world's columns it writes only the rows of those viewers; all counts go to the shard's own ledger.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import Doubles, FriendshipGraph, StoreColumns, ViewerColumns
from .ledger import Audience, Ledger
from .rule_numbers import Rules
from .surfaces import GroupPrices, Pull, Surfaces
from .ties import ChatGroups, Ties
from .waves import Scratch, SharedLinks, Wave
from .wide_circle import WideCircles


class World(NamedTuple):
    """People, stores, platforms and rules on one day."""

    viewers: ViewerColumns
    stores: StoreColumns
    friendships: FriendshipGraph
    ties: Ties
    chat_groups: ChatGroups
    surfaces: Surfaces
    groups: GroupPrices
    pull: Pull
    rules: Rules
    fading: NDArray[np.float32]  # (days + 1,), share of trust left by days without contact
    key: np.uint64  # of the replication's luck
    day: int
    days: int
    people_per_viewer: float
    arcs: int  # circumference of the circle of tastes
    audience: Audience
    most_rooms: int  # that one viewer enters in a day
    cycles: NDArray[np.float64]  # (categories,), days in which need comes back
    circles: WideCircles
    on_air: Doubles  # (stores, parts of the day), log of how much a store is on air in each


class Shard(NamedTuple):
    """Viewers `first` to `last` (not included) and what belongs to them alone."""

    first: int
    last: int
    wave: Wave
    pending: Wave  # visitors who wait for a group to fill
    shares: SharedLinks
    ledger: Ledger
    scratch: Scratch
