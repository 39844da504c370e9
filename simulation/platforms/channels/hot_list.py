"""``hot_list`` (public): the rooms with the largest audience are shown to all, ranked."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...state.compiled import kernel, rule
from ..channel import Channel, PlatformToday


def prepare(today: PlatformToday) -> NDArray[np.int32]:
    """Today's list: live rooms by remembered audience, hottest first; ties by number."""
    order = np.argsort(-today.stores.heat[today.rooms], kind="stable")
    return today.rooms[order][: today.platform.hot_list.length]


@rule
def rank_appeal(rank, rank_weight):
    """What a place in the list does to utility: ``-rank_weight * log(rank)``, rank from 1."""
    return -rank_weight * math.log(rank)


@kernel
def show_list(wave, rooms, rank_weight, surface):
    """Offer the list to each occasion that opens it."""
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        for place in range(rooms.shape[0]):
            wave.room[row, place] = rooms[place]
            wave.appeal[row, place] = rank_appeal(place + 1, rank_weight)
        wave.options[row] = rooms.shape[0]


def offer(today: PlatformToday, prepared: NDArray[np.int32], wave, surface: int) -> None:
    """Show today's list on all occasions that open it."""
    show_list(wave, prepared, today.rules.choice.rank_weight, surface)


CHANNEL = Channel(label="hot list", colour="#F0E442", private=False, prepare=prepare, offer=offer)
