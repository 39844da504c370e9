"""``showcase`` (public): a page of the merchants of an arc of tastes that a policy supports, in
random order.

Its weight is set by a policy of effect ``support``; without one nobody opens it.
"""

from __future__ import annotations

from ...state.compiled import kernel
from ...state.luck import Draw, decision, uniform
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday
from ..pages_by_arc import ArcPages, page_of, pages_by_arc

WHERE_TO_BEGIN = decision("showcase: where a page begins")


def prepare(today: PlatformToday) -> ArcPages:
    """Supported merchants that stream today."""
    return pages_by_arc(today, today.supported)


@kernel
def show_supported(world: World, wave: Wave, pages: ArcPages, draw: Draw, surface: int) -> None:
    """Offer a run of supported rooms that begins at a random one, as many as a slate holds."""
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        viewer = wave.viewer[row]
        page = page_of(world, wave, row)
        first, rooms = pages.start[page], pages.start[page + 1] - pages.start[page]
        count = min(rooms, wave.room.shape[1])
        luck = uniform(draw.key, draw.what, draw.day, viewer, wave.occasion[row])
        begin = int(luck * rooms)
        for option in range(count):
            room = pages.room[first + (begin + option) % rooms]
            wave.room[row, option] = room
            wave.appeal[row, option] = world.on_air[room, wave.part[row]]
        wave.options[row] = count


def offer(today: PlatformToday, prepared: ArcPages, wave, surface: int) -> None:
    """Show the page on all occasions that open it."""
    draw = Draw(today.key, WHERE_TO_BEGIN, today.day)
    show_supported(today.world, wave, prepared, draw, surface)


CHANNEL = Channel(label="showcase", colour="#7A8796", private=False, prepare=prepare, offer=offer)
