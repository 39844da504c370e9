"""Phase 6, viewers share: who passes a link on, to whom, and who notices it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..state.columns import Ints
from ..state.compiled import kernel, rule
from ..state.exponential import exponential
from ..state.ledger import SHARES
from ..state.luck import Draw, decision, roll, unit
from ..state.surfaces import NO_SURFACE
from ..state.waves import NO_ROOM, NO_ROOT, NOBODY, Links, SharedLinks
from ..state.world import Shard, World
from .choosing import room_fit
from .grouping import WAITS

AFTER_THE_VISIT = decision("after the visit: sharing")
NOTICE = decision("sharing: a friend notices the link")
DAY_BITS = 12


@rule
def share_probability(willingness, pleased, sharing):
    """Chance to pass the link on: ``base * willingness * (1 + purchase_boost pleased)``."""
    boost = 1.0 + (sharing.purchase_boost if pleased else 0.0)
    return min(1.0, sharing.base_rate * willingness * boost)


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


@rule
def invitation_probability(willingness, invite_rate, sharing):
    """Chance that somebody who waits for a group to fill calls friends to it.

    The larger of ``invite_rate`` and of the chance to pass on any link.
    """
    return max(invite_rate, share_probability(willingness, False, sharing))


@rule
def passes_on(world, wave, row, luck, platform):
    """Whether the visitor of `row` passes the link on: as a call if it waits for a group, else freely."""
    willingness, sharing = world.viewers.sharing[wave.viewer[row]], world.rules.sharing
    if wave.bought[row] == WAITS:
        chance = invitation_probability(willingness, world.groups.invite_rate[platform], sharing)
    else:
        pleased = wave.bought[row] == 1 and wave.satisfied[row]
        chance = share_probability(willingness, pleased, sharing)
    return luck < chance


@kernel
def share_links(world: World, shard: Shard) -> None:
    """After each visit of the shard's wave, decide whether the viewer passes the link on, and how.

    A link counts for the platform's channel of friends' links; from somebody who waits for a
    group it is a call to the group and goes to few friends directly.
    """
    wave, shares, ledger, surfaces = shard.wave, shard.shares, shard.ledger, world.surfaces
    draw = Draw(world.key, AFTER_THE_VISIT, world.day)
    count = 0
    for row in range(wave.rows[0]):
        roll(wave.luck, row, draw, wave.viewer[row], wave.chosen[row])
    for row in range(wave.rows[0]):
        store = wave.chosen[row]
        if store == NO_ROOM:
            continue
        viewer, platform = wave.viewer[row], world.stores.platform[store]
        waits = wave.bought[row] == WAITS
        surface = surfaces.group[platform] if waits else surfaces.share[platform]
        if surface == NO_SURFACE or not passes_on(world, wave, row, unit(wave.luck[0, row]), platform):
            continue
        shares.sender[count] = viewer
        shares.store[count] = store
        shares.surface[count] = surface
        shares.broadcast[count] = not waits and unit(wave.luck[1, row]) >= world.rules.sharing.direct_share
        shares.root[count] = wave.root[row]
        shares.leader[count] = wave.leader[row] if waits else NOBODY
        shares.trust[count] = world.ties.trust[viewer, wave.slot[row]]
        shares.above[count] = wave.sender[row]
        shares.bought[count] = wave.bought[row] == 1
        count += 1
        ledger.stores[store, SHARES] += 1
        ledger.surfaces[wave.surface[row], SHARES] += 1
    shares.rows[0] = count


class Desk(NamedTuple):
    """What `deliver_links` works with while it passes on the links of one sender after another."""

    cascades: Ints  # adopters of each cascade; the last entry counts those begun so far today
    weights: NDArray[np.float64]  # (longest list of friends,)
    luck: NDArray[np.uint32]  # (4, longest list of friends), random words


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


@rule
def begin_cascade(cascades, root):
    """Cascade that a share belongs to: `root`, or a new one where there is none."""
    if root != NO_ROOT:
        return root
    cascades[-1] += 1
    return cascades[-1] - 1


@kernel
def deliver_links(world: World, shares: SharedLinks, links: Links, desk: Desk) -> int:
    """Pass each shared link to the friends who notice it.

    Parameters
    ----------
    links : Links
        Filled from the start. Capacity is the number of friends of all senders.
    desk : Desk
        The day's cascades, and scratch.

    Returns
    -------
    int
        Links noticed.
    """
    friendships, rules = world.friendships, world.rules
    count = 0
    for share in range(shares.rows[0]):
        sender, store, broadcast = shares.sender[share], shares.store[share], shares.broadcast[share]
        root = begin_cascade(desk.cascades, shares.root[share])
        first, last = friendships.start[sender], friendships.start[sender + 1]
        draw = Draw(world.key, NOTICE, world.day | (store << DAY_BITS))
        for entry in range(first, last):
            roll(desk.luck, entry - first, draw, sender, friendships.friend[entry])
        total = 0.0 if broadcast else weigh_receivers(world, sender, store, desk.weights)
        for entry in range(first, last):
            chance = notice_probability(broadcast, desk.weights[entry - first], total, rules.sharing)
            if unit(desk.luck[0, entry - first]) >= chance:
                continue
            strength = min(1.0, friendships.strength[entry] * rules.trust.tie_strength)
            links.receiver[count] = friendships.friend[entry]
            links.surface[count] = shares.surface[share]
            links.store[count] = store
            links.strength[count] = strength
            links.endorsement[count] = strength * shares.trust[share]
            links.root[count] = root
            links.sender[count] = sender
            links.leader[count] = shares.leader[share]
            count += 1
    return count
