"""``hot_list`` (public): rooms with the largest audience in an arc of tastes, shown ranked to all in it.

A limit on exposure (``exposure_cap`` of the feed) below a room's share of the list's places, one in as many
as it has, makes it give way on a share of the openings (`keeps_place`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ...state.columns import Doubles
from ...state.compiled import kernel, rule
from ...state.luck import decision, uniform
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday
from ..pages_by_arc import ArcPages, page_of, pages_by_arc

GIVES_WAY = decision("hot list: whether a room gives way to others")
OPENINGS = 1024
"""More than a viewer's occasions of a day are numbered."""


class Lists(NamedTuple):
    """The list of each arc."""

    pages: ArcPages
    kept: Doubles  # (rooms on pages,), share of the openings on which a room keeps its place
    length: int  # most rooms of a list
    turns: int  # 2 where any room gives way, else 1


def prepare(today: PlatformToday) -> Lists:
    """Today's lists: live rooms by remembered audience, hottest first; ties by number.

    Where a limit on exposure binds also those that move up, which are all others. A room keeps its place on
    ``limit * length`` of the openings, at most all.
    """
    ranked = today.rooms[np.argsort(-today.stores.heat[today.rooms], kind="stable")]
    length, cap = today.platform.hot_list.length, today.platform.feed.exposure_cap
    limits = np.minimum(today.stores.limit, cap)
    binds = bool((limits[ranked] * length < 1.0).any())
    pages = pages_by_arc(today, ranked, None if binds else length)
    return Lists(pages, np.minimum(1.0, limits[pages.room] * length), length, 2 if binds else 1)


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
    wave.appeal[row, rank - 1] = appeal + world.on_air[room, wave.part[row]]
    wave.options[row] = rank


@kernel
def show_list(world: World, wave: Wave, lists: Lists, surface: int) -> None:
    """Offer the list of the viewer's arc to each occasion that opens it.

    Rooms keep their places with their chances; those that gave way stand behind the others, as far as there
    are places left, so that a limit empties no list.
    """
    pages = lists.pages
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        page = page_of(world, wave, row)
        first, last = pages.start[page], pages.start[page + 1]
        wave.options[row] = 0
        for turn in range(lists.turns):
            for place in range(first, last):
                if wave.options[row] == lists.length:
                    break
                room = pages.room[place]
                if keeps_place(world, wave, row, room, lists.kept[place]) == (turn == 0):
                    put_on_list(world, wave, row, room)


def offer(today: PlatformToday, prepared: Lists, wave, surface: int) -> None:
    """Show today's lists on all occasions that open it."""
    show_list(today.world, wave, prepared, surface)


CHANNEL = Channel(label="hot list", colour="#F0E442", private=False, prepare=prepare, offer=offer)
