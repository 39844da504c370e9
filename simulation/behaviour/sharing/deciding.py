"""Phase 6, viewers share: who passes a link on, and which way."""

from __future__ import annotations

from ...state.compiled import kernel, rule
from ...state.ledger import SHARES
from ...state.luck import Draw, decision, roll, unit
from ...state.surfaces import NO_SURFACE
from ...state.waves import BROADCAST, DIRECT, NO_BOARD, NO_ROOM, NOBODY
from ...state.world import Shard, World
from ..grouping import WAITS
from .boards import other_group

AFTER_THE_VISIT = decision("after the visit: sharing")


@rule
def share_probability(willingness, pleased, sharing):
    """Chance to pass the link on: ``base * willingness * (1 + purchase_boost pleased)``."""
    boost = 1.0 + (sharing.purchase_boost if pleased else 0.0)
    return min(1.0, sharing.base_rate * willingness * boost)


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
    group it is a call to the group and goes to few friends directly. Besides, it may be reposted into a
    group of another merchant.
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
        direct = waits or unit(wave.luck[1, row]) < world.rules.sharing.direct_share
        shares.way[count] = DIRECT if direct else BROADCAST
        shares.board[count] = NO_BOARD
        if not waits and unit(wave.luck[2, row]) < world.rules.sharing.group_share:
            shares.board[count] = other_group(world, viewer, store, unit(wave.luck[3, row]))
        shares.root[count] = wave.root[row]
        shares.leader[count] = wave.leader[row] if waits else NOBODY
        shares.trust[count] = world.ties.trust[viewer, wave.slot[row]]
        shares.above[count] = wave.post[row]
        shares.bought[count] = wave.bought[row] == 1
        count += 1
        ledger.stores[store, SHARES] += 1
        ledger.surfaces[wave.surface[row], SHARES] += 1
    shares.rows[0] = count
