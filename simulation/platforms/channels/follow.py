"""``follow`` (private): live rooms of the merchants that a viewer follows, in the app."""

from __future__ import annotations

from ...state.columns import OFF_AIR
from ...state.compiled import kernel
from ...state.ties import EMPTY, FOLLOWER
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday, no_preparation


@kernel
def list_followed(world: World, wave: Wave, platform: int, surface: int) -> None:
    """Offer followed merchants who are live, as many as a slate holds, in the order of slots."""
    viewers, stores, ties = world.viewers, world.stores, world.ties
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        viewer, part = wave.viewer[row], wave.part[row]
        options = 0
        if viewers.fan_ties[viewer] > 0:
            for slot in range(ties.store.shape[1]):
                store = ties.store[viewer, slot]
                if (
                    store != EMPTY
                    and ties.flags[viewer, slot] & FOLLOWER
                    and stores.live[store]
                    and stores.platform[store] == platform
                    and world.on_air[store, part] > OFF_AIR
                    and options < wave.room.shape[1]
                ):
                    wave.room[row, options] = store
                    wave.appeal[row, options] = world.on_air[store, part]
                    options += 1
        wave.options[row] = options


def offer(today: PlatformToday, prepared: None, wave, surface: int) -> None:
    """List the followed rooms on all occasions that open this surface."""
    list_followed(today.world, wave, today.number, surface)


CHANNEL = Channel(label="followed", colour="#56B4E9", private=True, prepare=no_preparation, offer=offer)
