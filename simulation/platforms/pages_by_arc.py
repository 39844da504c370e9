"""Pages that show the same rooms to everybody in an arc of tastes.

An arc has the same number of people in a large world as in a small one, and so has the page.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..state.columns import Ints, Longs
from .channel import PlatformToday


class ArcPages(NamedTuple):
    """Rooms of each arc's page, in their order."""

    start: Longs  # (arcs + 1,)
    room: Ints  # rows of stores


def pages_by_arc(today: PlatformToday, rooms: Ints, most: int | None = None) -> ArcPages:
    """`rooms` on the pages of the arcs in which their styles lie, in the order given, at most `most` each."""
    arcs = today.world.arcs
    if arcs == 1:
        page = rooms[:most]
        return ArcPages(np.array([0, len(page)], np.int64), page)
    arc = np.minimum(today.stores.style[rooms].astype(int), arcs - 1)
    pages = [rooms[arc == number][:most] for number in range(arcs)]
    return ArcPages(np.cumsum([0, *map(len, pages)]).astype(np.int64), np.concatenate(pages))
