"""``hot_list`` (public): rooms with the largest audience in an arc of tastes, shown ranked to all in it."""

from __future__ import annotations

import math

import numpy as np

from ...state.compiled import kernel, rule
from ...state.niches import own_arc
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday
from ..pages_by_arc import ArcPages, pages_by_arc


def prepare(today: PlatformToday) -> ArcPages:
    """Today's lists: live rooms by remembered audience, hottest first; ties by number."""
    ranked = today.rooms[np.argsort(-today.stores.heat[today.rooms], kind="stable")]
    return pages_by_arc(today, ranked, today.platform.hot_list.length)


@rule
def rank_appeal(rank, rank_weight):
    """What a place in the list does to utility: ``-rank_weight * log(rank)``, rank from 1."""
    return -rank_weight * math.log(rank)


@kernel
def show_list(world: World, wave: Wave, pages: ArcPages, surface: int) -> None:
    """Offer the list of the viewer's arc to each occasion that opens it."""
    arcs, rank_weight = pages.start.shape[0] - 1, world.rules.choice.rank_weight
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        arc = own_arc(world.viewers.taste[wave.viewer[row]], arcs)
        first, last = pages.start[arc], pages.start[arc + 1]
        for rank in range(last - first):
            room = pages.room[first + rank]
            wave.room[row, rank] = room
            wave.appeal[row, rank] = rank_appeal(rank + 1, rank_weight) + world.stores.on_air[room]
        wave.options[row] = last - first


def offer(today: PlatformToday, prepared: ArcPages, wave, surface: int) -> None:
    """Show today's lists on all occasions that open it."""
    show_list(today.world, wave, prepared, surface)


CHANNEL = Channel(label="hot list", colour="#F0E442", private=False, prepare=prepare, offer=offer)
