"""``push`` (private): a link that the merchant posts in its own groups."""

from __future__ import annotations

import math

from ...behaviour.community import group_cue, opens_link
from ...state.compiled import kernel, rule
from ...state.ties import EMPTY, MEMBER, MUTED
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday, no_preparation


@rule
def fatigue(links_waiting, fatigue_weight):
    """Disutility of a full inbox: ``fatigue_weight * log(links waiting)``, 0 for a single link."""
    return fatigue_weight * math.log(links_waiting)


@kernel
def open_groups(world: World, wave: Wave, platform: int, surface: int) -> None:
    """Offer the links posted today in the viewer's groups that it has not muted and opens."""
    viewers, stores, ties = world.viewers, world.stores, world.ties
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        viewer = wave.viewer[row]
        options, links = 0, 0
        if viewers.fan_ties[viewer] > 0:
            for slot in range(ties.store.shape[1]):
                store = ties.store[viewer, slot]
                if (
                    store != EMPTY
                    and ties.flags[viewer, slot] & (MEMBER | MUTED) == MEMBER
                    and stores.pushing[store]
                    and stores.platform[store] == platform
                ):
                    links += 1
                    if options < wave.room.shape[1] and opens_link(world, viewer, slot):
                        orders = world.chat_groups.orders[store, ties.group[viewer, slot]]
                        cue = group_cue(orders, world.people_per_viewer, world.rules.community)
                        wave.room[row, options] = store
                        wave.appeal[row, options] = cue
                        options += 1
            for option in range(options):
                wave.appeal[row, option] -= fatigue(links, world.rules.choice.fatigue_weight)
        wave.options[row] = options


def offer(today: PlatformToday, prepared: None, wave, surface: int) -> None:
    """Show the links of the viewer's groups on all occasions that open them."""
    open_groups(today.world, wave, today.number, surface)


CHANNEL = Channel(
    label="group link", colour="#0072B2", private=True, prepare=no_preparation, offer=offer, in_messenger=True
)
