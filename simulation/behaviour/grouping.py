"""Phase 4, group buying: a lower price for all who join before the day ends, if enough do.

Somebody who would buy at the group's price, but came by no call to a group, begins one and calls
friends; a friend who comes by the call and would buy joins it. At the end of the day's waves a
group of `group_size` or more is full and all of its members order at the lower price; in a group
that is not, those who would buy at the usual price order alone.
"""

from __future__ import annotations

import numpy as np

from ..state.compiled import rule
from ..state.ledger import GROUP_JOINS
from ..state.waves import NOBODY, Wave

WAITS = 2
"""Value of ``wave.bought`` for somebody who waits for a group to fill."""


@rule
def group_price(price, discount):
    """Price in a full group, in whole fen, at least 1: ``price * (1 - discount)``."""
    return max(1, round(price * (1.0 - discount)))


@rule
def is_full(members, size):
    """Whether a group has its number: as many members as `size`, in agents as in persons.

    An agent stands for persons whose friends are the agents' friends, so that a group of agents
    stands for as many groups of persons.
    """
    return members >= size


@rule
def wait_for_group(shard, row):
    """The visitor of `row` waits: begins a group of its own unless a call brought it to one."""
    wave, pending = shard.wave, shard.pending
    if wave.leader[row] == NOBODY:
        wave.leader[row] = wave.viewer[row]
    wave.bought[row] = WAITS
    shard.ledger.totals[GROUP_JOINS] += 1
    last = pending.rows[0]
    pending.rows[0] += 1
    pending.viewer[last] = wave.viewer[row]
    pending.surface[last] = wave.surface[row]
    pending.chosen[last] = wave.chosen[row]
    pending.slot[last] = wave.slot[row]
    pending.trust[last] = wave.trust[row]
    pending.endorsed[last] = wave.endorsed[row]
    pending.leader[last] = wave.leader[row]
    for lane in range(4):
        pending.luck[lane, last] = wave.luck[lane, row]
    pending.bought[last] = 0
    pending.satisfied[last] = 0


def group_sizes(waves: list[Wave], viewers: int) -> list[np.ndarray]:
    """Members of the group to which each waiting visitor belongs, one array for each wave.

    A group is known by its leader and its store, since nobody enters a room twice a day.
    """
    keys = [
        wave.chosen[: wave.rows[0]].astype(np.int64) * viewers + wave.leader[: wave.rows[0]] for wave in waves
    ]
    _, group, members = np.unique(np.concatenate(keys), return_inverse=True, return_counts=True)
    return np.split(members[group], np.cumsum([len(key) for key in keys])[:-1])
