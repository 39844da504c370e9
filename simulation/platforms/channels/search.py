"""``search`` (public): a viewer with a need looks for a kind of goods, as on a shelf.

The query names a category, drawn by interest, and the viewer's own taste; the rooms found are those
of the category whose style comes nearest to it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import OFF_AIR, Ints, Longs
from ...state.compiled import kernel, rule
from ...state.luck import decision, uniform
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday

NEED = decision("search: which kind of goods")


class Shelves(NamedTuple):
    """Today's rooms while they are on air, sorted by part of the day, category and then style."""

    start: Longs  # (parts, categories + 1)
    room: Ints
    style: NDArray[np.float32]


def prepare(today: PlatformToday) -> Shelves:
    """Put today's rooms on their shelves."""
    style = today.stores.style
    rooms = today.rooms[np.argsort(style[today.rooms], kind="stable")]
    category = today.stores.category
    rooms = rooms[np.argsort(category[rooms], kind="stable")]
    categories = np.arange(today.viewers.interest.shape[1] + 1)
    shelves = [rooms[now] for now in (today.world.on_air[rooms] > OFF_AIR).T]
    before = np.cumsum([0, *map(len, shelves[:-1])])
    start = [
        first + np.searchsorted(category[shelf], categories)
        for first, shelf in zip(before, shelves, strict=True)
    ]
    room = np.concatenate(shelves)
    return Shelves(np.array(start, np.int64), room, style[room])


@rule
def needed_category(luck, interests, start):
    """Category looked for, in proportion to interest among those with a room; -1 without any."""
    total = 0.0
    for category in range(interests.shape[0]):
        if start[category + 1] > start[category]:
            total += interests[category]
    target, found = luck * total, -1
    for category in range(interests.shape[0]):
        if start[category + 1] > start[category] and interests[category] > 0.0:
            found = category
            target -= interests[category]
            if target < 0.0:
                break
    return found


@rule
def match_appeal(quality, search):
    """What being found adds to utility: ``need + quality_weight * (quality - 0.5)``."""
    return search.need + search.quality_weight * (quality - 0.5)


@rule
def nearest_position(styles, first, last, taste):
    """First place from `first` to `last` (not included) whose style is at least `taste`, or `last`."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if styles[middle] < taste:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def look_up(world: World, wave: Wave, shelves: Shelves, search: SearchNumbers, surface: int) -> None:
    """Offer, on each occasion that opens the search page, the rooms nearest to the viewer's taste.

    Styles and tastes lie on a circle; the search walks outward from the taste to both sides.
    """
    viewers, stores = world.viewers, world.stores
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        viewer, part = wave.viewer[row], wave.part[row]
        luck = uniform(world.key, NEED, world.day, viewer, wave.occasion[row])
        category = needed_category(luck, viewers.interest[viewer], shelves.start[part])
        wave.options[row] = 0
        if category < 0:
            continue
        first, last = shelves.start[part, category], shelves.start[part, category + 1]
        many, taste = last - first, viewers.taste[viewer]
        up = nearest_position(shelves.style, first, last, taste) - first
        down = up - 1
        for option in range(min(search.length, many)):
            above, below = shelves.style[first + up % many], shelves.style[first + down % many]
            if (above - taste) % float(world.arcs) <= (taste - below) % float(world.arcs):
                room = shelves.room[first + up % many]
                up += 1
            else:
                room = shelves.room[first + down % many]
                down -= 1
            wave.room[row, option] = room
            wave.appeal[row, option] = match_appeal(stores.quality[room], search) + world.on_air[room, part]
            wave.options[row] = option + 1


class SearchNumbers(NamedTuple):
    """Settings of the page as kernels take them."""

    length: int
    need: float
    quality_weight: float


def offer(today: PlatformToday, prepared: Shelves, wave, surface: int) -> None:
    """Answer all occasions that open the search page."""
    settings = today.platform.search
    numbers = SearchNumbers(settings.length, settings.need, settings.quality_weight)
    look_up(today.world, wave, prepared, numbers, surface)


CHANNEL = Channel(label="search", colour="#009E73", private=False, prepare=prepare, offer=offer)
