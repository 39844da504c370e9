"""A channel of one's own: a wheel of fortune that shows one random live room.

Named in a scenario file under [plugins.channels]; see scenarios/own_rules.toml.
"""

import numpy as np

from simulation.platforms.channel import Channel
from simulation.state.compiled import kernel
from simulation.state.luck import decision, uniform

SPIN = decision("lucky_draw: where the wheel stops")


def prepare(today):
    """Rooms on the wheel today: all that stream."""
    return np.ascontiguousarray(today.rooms)


@kernel
def spin(wave, rooms, prize, key, day, surface):
    """Offer one random room, with the promise of a prize, on each occasion that opens the wheel."""
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface or rooms.shape[0] == 0:
            continue
        luck = uniform(key, SPIN, day, wave.viewer[row], wave.occasion[row])
        wave.room[row, 0] = rooms[int(luck * rooms.shape[0])]
        wave.appeal[row, 0] = prize
        wave.options[row] = 1


def offer(today, prepared, wave, surface):
    """Spin the wheel for everybody who opens it."""
    spin(wave, prepared, 0.5, today.key, today.day, surface)


CHANNEL = Channel(label="lucky draw", private=False, prepare=prepare, offer=offer)
