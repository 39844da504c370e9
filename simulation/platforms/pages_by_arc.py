"""Pages that show the same rooms to everybody in an arc of tastes, in one part of the day.

An arc has the same number of people in a large world as in a small one, and so has the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..state.columns import OFF_AIR, Ints, Longs
from ..state.compiled import rule
from ..state.niches import own_arc
from .channel import PlatformToday


class ArcPages(NamedTuple):
    """Rooms of each arc's page in each part of the day, in their order."""

    start: Longs  # (arcs x parts of the day + 1,): page ``a * parts + k`` is that of arc a in part k
    room: Ints  # rows of stores


def pages_by_arc(today: PlatformToday, rooms: Ints, most: int | None = None) -> ArcPages:
    """`rooms` on the pages of the arcs in which their styles lie, while they are on air, in the order given,
    at most `most` each."""
    arcs, shown = today.world.arcs, today.world.on_air[rooms] > OFF_AIR
    arc = np.minimum(today.stores.style[rooms].astype(int), arcs - 1)
    pages = [rooms[(arc == number) & now][:most] for number in range(arcs) for now in shown.T]
    return ArcPages(np.cumsum([0, *map(len, pages)]).astype(np.int64), np.concatenate(pages))


@rule
def page_of(world, wave, row):
    """Number of the page that an occasion opens, of the viewer's arc and the part of the day."""
    arc = own_arc(world.viewers.taste[wave.viewer[row]], world.arcs)
    return arc * world.on_air.shape[1] + wave.part[row]
