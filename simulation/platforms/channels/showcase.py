"""``showcase`` (public): a page of the merchants that a policy supports, in random order.

Its weight is set by a policy of effect ``support``; without one nobody opens it.
"""

from __future__ import annotations

import numpy as np

from ...state.columns import Ints
from ...state.compiled import kernel
from ...state.luck import decision, uniform
from ..channel import Channel, PlatformToday

WHERE_TO_BEGIN = decision("showcase: where a page begins")


def prepare(today: PlatformToday) -> Ints:
    """Supported merchants that stream today."""
    return np.ascontiguousarray(today.supported)


@kernel
def show_supported(wave, rooms, key, day, surface):
    """Offer a run of supported rooms that begins at a random one, as many as a slate holds."""
    count = min(rooms.shape[0], wave.room.shape[1])
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        luck = uniform(key, WHERE_TO_BEGIN, day, wave.viewer[row], wave.occasion[row])
        first = int(luck * rooms.shape[0])
        for option in range(count):
            wave.room[row, option] = rooms[(first + option) % rooms.shape[0]]
            wave.appeal[row, option] = 0.0
        wave.options[row] = count


def offer(today: PlatformToday, prepared: Ints, wave, surface: int) -> None:
    """Show the page on all occasions that open it."""
    show_supported(wave, prepared, today.key, today.day, surface)


CHANNEL = Channel(label="showcase", colour="#7A8796", private=False, prepare=prepare, offer=offer)
