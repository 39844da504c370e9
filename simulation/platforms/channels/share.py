"""``share`` (private, spreading outward): links from friends.

Occasions given to this channel are saved up and spent when a link is noticed; links travel in
waves within the day (`behaviour.sharing`), so there is nothing to offer in the morning.
"""

from __future__ import annotations

from ...state.columns import Longs
from ...state.compiled import kernel, rule
from ...state.waves import Links, Wave
from ...state.world import World
from ..channel import Channel, no_preparation, nothing_to_offer

LINK_OCCASIONS, MOST_WAVES = 1000, 100
"""Occasions opened by links are numbered from here, at most that many to a receiver and channel."""


@rule
def friend_appeal(strength, friend_weight):
    """What a friend's name on the link does to utility: ``friend_weight * strength``."""
    return friend_weight * strength


@kernel
def open_links(
    world: World, wave: Wave, links: Links, order: Longs, span: tuple[int, int], wave_number: int
) -> None:
    """Turn noticed links into occasions: one a receiver and channel, if any is left, with its links.

    An occasion is left if one of the link's platform fell to friends' links and is not spent yet.

    `order` sorts the `links` by receiver and channel; those of its positions that `span` bounds are
    handled here. A second link to the same room adds nothing (the first cue counts), and links beyond what
    a slate holds go unread.
    """
    viewers, (first, last) = world.viewers, span
    row, position = 0, first
    previous, of_receiver = -1, 0
    while position < last:
        viewer, surface = links.receiver[order[position]], links.surface[order[position]]
        platform = world.surfaces.platform[surface]
        of_receiver = of_receiver + 1 if viewer == previous else 0
        previous = viewer
        options = 0
        while (
            position < last
            and links.receiver[order[position]] == viewer
            and links.surface[order[position]] == surface
        ):
            link = order[position]
            position += 1
            known = options == wave.room.shape[1] or viewers.share_left[viewer, platform] == 0
            for earlier in range(options):
                known = known or wave.room[row, earlier] == links.store[link]
            if not known:
                wave.room[row, options] = links.store[link]
                wave.appeal[row, options] = friend_appeal(
                    links.strength[link], world.rules.choice.friend_weight
                )
                wave.link[row, options] = link
                options += 1
        if options > 0:
            viewers.share_left[viewer, platform] -= 1
            wave.viewer[row] = viewer
            wave.occasion[row] = LINK_OCCASIONS + wave_number + MOST_WAVES * of_receiver
            wave.surface[row] = surface
            wave.options[row] = options
            row += 1
    wave.rows[0] = row


CHANNEL = Channel(
    label="friend's link",
    colour="#CC79A7",
    private=True,
    prepare=no_preparation,
    offer=nothing_to_offer,
    links="share",
)
