"""``hot_list`` (public): the rooms with the largest audience are shown to all, ranked."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...state.compiled import kernel, rule
from ..channel import Channel, Market


def prepare(market: Market) -> NDArray[np.int32]:
    """Today's list: live rooms by remembered audience, hottest first; ties by number."""
    merchants = market.merchants
    live = np.flatnonzero(merchants.live)
    order = np.argsort(-merchants.heat[live], kind="stable")
    return live[order][: market.platform.hot_list.length].astype(np.int32)


@rule
def rank_appeal(rank, rank_weight):
    """What a place in the list does to utility: ``-rank_weight * log(rank)``, rank from 1."""
    return -rank_weight * math.log(rank)


@kernel
def show_list(wave, rooms, rank_weight, channel):
    """Offer the list to each occasion that opens it."""
    for row in range(wave.rows[0]):
        if wave.channel[row] != channel:
            continue
        for place in range(rooms.shape[0]):
            wave.room[row, place] = rooms[place]
            wave.appeal[row, place] = rank_appeal(place + 1, rank_weight)
        wave.options[row] = rooms.shape[0]


def offer(market: Market, prepared: NDArray[np.int32], wave, index: int) -> None:
    """Show today's list on all occasions that open it."""
    show_list(wave, prepared, market.rules.choice.rank_weight, index)


CHANNEL = Channel(label="hot list", private=False, prepare=prepare, offer=offer)
