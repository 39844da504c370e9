"""Links go to friends, and broadcasts to the wide circle as well: who notices them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.compiled import kernel, rule
from ...state.exponential import exponential
from ...state.luck import Draw, decision, roll, unit
from ...state.waves import DIRECT, Links, SharedLinks
from ...state.world import World
from ..choosing import room_fit
from .acquaintances import MOST_ACQUAINTANCES, STORE_BITS, tell_acquaintances
from .card import bring, card_of

NOTICE = decision("sharing: a friend notices the link")


@rule
def receiver_weight(strength, fit, targeting):
    """How readily a direct link is sent to a friend: ``strength exp(targeting fit)``.

    Whoever passes on a link picks those whom it suits, and knows close friends best.
    """
    return strength * exponential(targeting * fit)


@rule
def notice_probability(broadcast, weight, total_weight, sharing):
    """Chance that one friend gets and notices the link.

    Direct links go to ``direct_friends`` friends on average, chosen in proportion to
    `receiver_weight` (``min(1, n w / sum w)``), and are noticed with ``direct_notice``; a broadcast
    reaches all friends, each noticing with ``broadcast_notice``.
    """
    if broadcast:
        return sharing.broadcast_notice
    if total_weight <= 0.0:
        return 0.0
    return sharing.direct_notice * min(1.0, sharing.direct_friends * weight / total_weight)


class Desk(NamedTuple):
    """What `deliver_links` works with while it passes on the links of one sender after another."""

    weights: NDArray[np.float64]  # (longest list of friends,)
    luck: NDArray[np.uint32]  # random words, four a column: enough for all friends, and for a block


@rule
def weigh_receivers(world, sender, store, weights):
    """`receiver_weight` of each friend of `sender` for a link to `store`; returns their sum."""
    friendships = world.friendships
    first, last = friendships.start[sender], friendships.start[sender + 1]
    total = 0.0
    for entry in range(first, last):
        fit = room_fit(world, friendships.friend[entry], store)
        weights[entry - first] = receiver_weight(
            friendships.strength[entry], fit, world.rules.sharing.targeting
        )
        total += weights[entry - first]
    return total


@kernel
def most_receivers(world: World, shares: SharedLinks) -> int:
    """Friends of all senders, and acquaintances as many as anybody has for each broadcast."""
    start, most = world.friendships.start, 0
    for share in range(shares.rows[0]):
        sender = shares.sender[share]
        most += start[sender + 1] - start[sender]
        most += MOST_ACQUAINTANCES if shares.way[share] != DIRECT else 0
    return most


@kernel
def deliver_links(world: World, shares: SharedLinks, links: Links, count: int, desk: Desk) -> int:
    """Pass each shared link to the friends, and a broadcast to the acquaintances, who notice it.

    Parameters
    ----------
    shares : SharedLinks
        Which have been numbered (`write_posts`).
    links : Links
        Filled after the `count` that there are, with room for `most_receivers` more.
    desk : Desk
        Scratch.

    Returns
    -------
    int
        Links that there are now.
    """
    friendships, rules = world.friendships, world.rules
    for share in range(shares.rows[0]):
        sender, store, broadcast = shares.sender[share], shares.store[share], shares.way[share] != DIRECT
        card = card_of(shares, share)
        first, last = friendships.start[sender], friendships.start[sender + 1]
        draw = Draw(world.key, NOTICE, world.day | (store << STORE_BITS))
        for four in range((last - first + 3) // 4):
            roll(desk.luck, four, draw, sender, four)
        total = 0.0 if broadcast else weigh_receivers(world, sender, store, desk.weights)
        for entry in range(first, last):
            chance = notice_probability(broadcast, desk.weights[entry - first], total, rules.sharing)
            if unit(desk.luck[(entry - first) % 4, (entry - first) // 4]) < chance:
                strength = min(1.0, friendships.strength[entry] * rules.trust.tie_strength)
                bring(links, count, friendships.friend[entry], card, strength)
                count += 1
        if broadcast:
            count = tell_acquaintances(world, links, count, card, desk.luck)
    return count
