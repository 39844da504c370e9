"""``hot_list`` (public): rooms with the largest audience in an arc of tastes, shown ranked to all in it.

A limit on exposure (``exposure_cap`` of the feed) below a room's share of the list's places, one in as many
as it has, makes it give way on a share of the openings (`keeps_place`).
"""

from __future__ import annotations

import math

import numpy as np

from ...state.compiled import kernel, rule
from ...state.luck import decision, uniform
from ...state.niches import own_arc
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday
from ..pages_by_arc import ArcPages, pages_by_arc

GIVES_WAY = decision("hot list: whether a room gives way to others")
OPENINGS = 1024
"""More than a viewer's occasions of a day are numbered."""


def prepare(today: PlatformToday) -> ArcPages:
    """Today's lists: live rooms by remembered audience, hottest first; ties by number.

    Where a limit on exposure binds also those that move up, which are all others.
    """
    ranked = today.rooms[np.argsort(-today.stores.heat[today.rooms], kind="stable")]
    most = today.platform.hot_list.length
    return pages_by_arc(today, ranked, most if kept_places(today) >= 1.0 else None)


def kept_places(today: PlatformToday) -> float:
    """Share of the openings on which a room keeps its place: ``exposure_cap * length``, at most 1."""
    return min(1.0, today.platform.feed.exposure_cap * today.platform.hot_list.length)


@rule
def rank_appeal(rank, rank_weight):
    """What a place in the list does to utility: ``-rank_weight * log(rank)``, rank from 1."""
    return -rank_weight * math.log(rank)


@rule
def keeps_place(world, wave, row, room, kept):
    """Whether a room keeps its place on an opening of the list, with chance `kept`."""
    if kept >= 1.0:
        return True
    whom = room * OPENINGS + wave.occasion[row]
    return uniform(world.key, GIVES_WAY, world.day, wave.viewer[row], whom) < kept


@rule
def put_on_list(world, wave, row, room):
    """Put a room in the next place of the list."""
    rank = wave.options[row] + 1
    wave.room[row, rank - 1] = room
    appeal = rank_appeal(rank, world.rules.choice.rank_weight)
    wave.appeal[row, rank - 1] = appeal + world.stores.on_air[room]
    wave.options[row] = rank


@kernel
def show_list(world: World, wave: Wave, pages: ArcPages, length: int, kept: float, surface: int) -> None:
    """Offer the list of the viewer's arc, at most `length` rooms, to each occasion that opens it.

    Rooms keep their places with chance `kept`; those that gave way stand behind the others, as far as there
    are places left, so that a limit empties no list.
    """
    arcs = pages.start.shape[0] - 1
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        arc = own_arc(world.viewers.taste[wave.viewer[row]], arcs)
        first, last = pages.start[arc], pages.start[arc + 1]
        wave.options[row] = 0
        for turn in range(1 if kept >= 1.0 else 2):
            for place in range(first, last):
                if wave.options[row] == length:
                    break
                room = pages.room[place]
                if keeps_place(world, wave, row, room, kept) == (turn == 0):
                    put_on_list(world, wave, row, room)


def offer(today: PlatformToday, prepared: ArcPages, wave, surface: int) -> None:
    """Show today's lists on all occasions that open it."""
    show_list(today.world, wave, prepared, today.platform.hot_list.length, kept_places(today), surface)


CHANNEL = Channel(label="hot list", colour="#F0E442", private=False, prepare=prepare, offer=offer)
