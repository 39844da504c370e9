"""Cards reposted into other merchants' groups, where members find them when they look.

Nobody hands them out: a day's cards stand on a board a store, and each member of its groups notices some.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import Bytes, Floats, Ints, Longs
from ...state.compiled import kernel, rule
from ...state.luck import decision, uniform
from ...state.ties import EMPTY, MEMBER, MUTED
from ...state.waves import NO_BOARD, NOBODY, Links, SharedLinks
from ...state.world import Shard, World
from .acquaintances import STORE_BITS
from .card import Card, bring

NOTICE_IN_GROUP = decision("sharing: a member notices a card in another merchant's group")
MOST_CARDS = 32
"""Cards of one wave that a board holds; of more those of the smallest hashes stay, whatever their order."""


class Boards(NamedTuple):
    """Cards of one wave; rows ``start[s]`` to ``start[s + 1]`` stand in the groups of store s."""

    start: Longs  # (stores + 1,)
    sender: Ints
    store: Ints
    surface: Bytes
    root: Ints
    post: Ints
    trust: Floats


@rule
def chance_in_group(groups, people_per_viewer, group_notice):
    """Chance that a member of one of a merchant's `groups` notices a card that an agent has reposted.

    Each of the agent's persons reposts into one of them, drawn evenly, and a member of that one notices it
    with `group_notice`: ``1 - (1 - group_notice / groups) ** people_per_viewer``.
    """
    return 1.0 - (1.0 - group_notice / groups) ** people_per_viewer


@rule
def other_group(world, viewer, store, luck):
    """A store of another merchant in whose groups the viewer is, drawn evenly, or `NO_BOARD`."""
    ties = world.ties
    merchants = world.stores.status.shape[0] // world.pull.openings.shape[0]
    groups = 0
    for slot in range(ties.store.shape[1]):
        known = ties.store[viewer, slot]
        if known != EMPTY and ties.flags[viewer, slot] & MEMBER and known % merchants != store % merchants:
            groups += 1
    chosen = int(luck * groups)
    for slot in range(ties.store.shape[1]):
        known = ties.store[viewer, slot]
        if known != EMPTY and ties.flags[viewer, slot] & MEMBER and known % merchants != store % merchants:
            if chosen == 0:
                return known
            chosen -= 1
    return NO_BOARD


def put_up(shares: Sequence[SharedLinks], key: np.uint64, day: int, stores: int) -> Boards | None:
    """The cards reposted into groups in one wave; None if there are none.

    Parameters
    ----------
    shares : sequence of SharedLinks
        Whose cascades have been settled (`deliver_links`).
    """

    put = [np.flatnonzero(some.board[: some.rows[0]] != NO_BOARD) for some in shares]
    if not any(map(len, put)):
        return None

    def all_of(name: str) -> np.ndarray:
        """A column of the cards reposted."""
        return np.concatenate([getattr(some, name)[rows] for some, rows in zip(shares, put, strict=True)])

    board = all_of("board")
    sender, store = all_of("sender"), all_of("store")
    hashes = np.empty(len(board))
    hash_cards(key, day, sender, store, hashes)
    order = np.lexsort((hashes, board))
    first = np.searchsorted(board[order], board[order])
    order = order[np.arange(len(order)) - first < MOST_CARDS]
    start = np.searchsorted(board[order], np.arange(stores + 1))
    columns = [all_of(name)[order] for name in ("sender", "store", "surface", "root", "post", "trust")]
    return Boards(start, *columns)


@kernel
def hash_cards(key: np.uint64, day: int, sender: Ints, store: Ints, hashes: NDArray[np.float64]) -> None:
    """A number of each card that its sender and its store settle, in 0..1."""
    for card in range(sender.shape[0]):
        hashes[card] = uniform(key, NOTICE_IN_GROUP, day, sender[card], -1 - store[card])


@kernel
def read_boards(world: World, shard: Shard, boards: Boards, links: Links) -> int:
    """Members of the shard notice cards that stand in their groups; returns how many.

    They are written to `links` as far as there is room in it: were there more, call again with room for all.
    """
    ties, sharing, count = world.ties, world.rules.sharing, 0
    strength = min(1.0, sharing.wide_strength * world.rules.trust.tie_strength)
    for viewer in range(shard.first, shard.last):
        if world.viewers.fan_ties[viewer] == 0:
            continue
        for slot in range(ties.store.shape[1]):
            board = ties.store[viewer, slot]
            if board == EMPTY or boards.start[board] == boards.start[board + 1]:
                continue
            if ties.flags[viewer, slot] & (MEMBER | MUTED) != MEMBER:
                continue
            groups = world.chat_groups.number[board]
            chance = chance_in_group(groups, world.people_per_viewer, sharing.group_notice)
            for row in range(boards.start[board], boards.start[board + 1]):
                day = world.day | (boards.store[row] << STORE_BITS)
                luck = uniform(world.key, NOTICE_IN_GROUP, day, viewer, boards.sender[row])
                if luck >= chance or boards.sender[row] == viewer:
                    continue
                if count < links.receiver.shape[0]:
                    card = Card(
                        boards.sender[row],
                        boards.store[row],
                        boards.surface[row],
                        boards.root[row],
                        boards.post[row],
                        1,
                        NOBODY,
                        boards.trust[row],
                    )
                    bring(links, count, viewer, card, strength)
                count += 1
    return count
