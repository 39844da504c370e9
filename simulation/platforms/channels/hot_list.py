"""``hot_list`` (public): rooms with the largest audience in an arc of tastes, shown ranked to all in it."""

from __future__ import annotations

import math

import numpy as np

from ...state.columns import Floats
from ...state.compiled import kernel, rule
from ...state.niches import own_arc
from ...state.waves import Wave
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
def show_list(tastes: Floats, wave: Wave, pages: ArcPages, rank_weight: float, surface: int) -> None:
    """Offer the list of the viewer's arc to each occasion that opens it."""
    arcs = pages.start.shape[0] - 1
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        arc = own_arc(tastes[wave.viewer[row]], arcs)
        first, last = pages.start[arc], pages.start[arc + 1]
        for rank in range(last - first):
            wave.room[row, rank] = pages.room[first + rank]
            wave.appeal[row, rank] = rank_appeal(rank + 1, rank_weight)
        wave.options[row] = last - first


def offer(today: PlatformToday, prepared: ArcPages, wave, surface: int) -> None:
    """Show today's lists on all occasions that open it."""
    show_list(today.viewers.taste, wave, prepared, today.rules.choice.rank_weight, surface)


CHANNEL = Channel(label="hot list", colour="#F0E442", private=False, prepare=prepare, offer=offer)
