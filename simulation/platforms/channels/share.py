"""``share`` (private, spreading outward): links from friends.

Occasions given to this channel are saved up and spent when a link is noticed, and a link may draw a look
of its own; links travel in waves within the day
(`behaviour.sharing`), so there is nothing to offer in the morning.
"""

from __future__ import annotations

from ...behaviour.occasions import chance_to_look
from ...state.columns import Longs
from ...state.compiled import kernel, rule
from ...state.ledger import OCCASIONS
from ...state.luck import decision, uniform
from ...state.waves import Links
from ...state.world import Shard, World
from ..channel import Channel, no_preparation, nothing_to_offer

LOOK_AT_CARDS = decision("sharing: a look because of friends' cards")
SURFACES = 256
"""More than there are surfaces: luck of a look is numbered by wave and surface."""
LINK_OCCASIONS, MOST_WAVES = 2000, 100
"""Occasions opened by links are numbered from here, at most that many to a receiver and channel."""


@rule
def friend_appeal(strength, friend_weight):
    """What a friend's name on the link does to utility: ``friend_weight * strength``."""
    return friend_weight * strength


@rule
def has_time(world, ledger, receiver, cards, wave_number):
    """Whether a receiver, a viewer on a surface, looks at its `cards` new cards.

    An occasion of the platform that fell to friends' links is spent, if one is left; without one the cards
    draw a look with chance `chance_to_look`, of the share that can be opened.
    """
    viewer, surface = receiver
    platform = world.surfaces.platform[surface]
    if world.viewers.share_left[viewer, platform] > 0:
        world.viewers.share_left[viewer, platform] -= 1
        return True
    chance = chance_to_look(world.rules.attention.card_pull, world.pull.opens[surface] * cards)
    if chance <= 0.0:
        return False
    looks = uniform(world.key, LOOK_AT_CARDS, world.day, viewer, surface + SURFACES * wave_number) < chance
    ledger.totals[OCCASIONS] += looks
    return looks


@rule
def list_cards(world, wave, links, cards, row):
    """Offer the rooms of the `cards`, rows of `links`, one option a room, as many as a slate holds.

    A second card to the same room adds nothing (the first cue counts).
    """
    options = 0
    for link in cards:
        known = options == wave.room.shape[1]
        for earlier in range(options):
            known = known or wave.room[row, earlier] == links.store[link]
        if not known:
            wave.room[row, options] = links.store[link]
            wave.appeal[row, options] = friend_appeal(links.strength[link], world.rules.choice.friend_weight)
            wave.link[row, options] = link
            options += 1
    wave.options[row] = options


@kernel
def open_links(
    world: World, shard: Shard, links: Links, order: Longs, span: tuple[int, int], wave_number: int
) -> None:
    """Turn noticed links into occasions, one a receiver and surface at most (see `has_time`).

    `order` sorts the `links` by receiver and surface; those of its positions that `span` bounds are
    handled here.
    """
    wave, row, (position, last) = shard.wave, 0, span
    previous, of_receiver = -1, 0
    while position < last:
        viewer, surface = links.receiver[order[position]], links.surface[order[position]]
        of_receiver = of_receiver + 1 if viewer == previous else 0
        previous = viewer
        first = position
        while (
            position < last
            and links.receiver[order[position]] == viewer
            and links.surface[order[position]] == surface
        ):
            position += 1
        if has_time(world, shard.ledger, (viewer, surface), position - first, wave_number):
            wave.viewer[row] = viewer
            wave.occasion[row] = LINK_OCCASIONS + wave_number + MOST_WAVES * of_receiver
            wave.surface[row] = surface
            list_cards(world, wave, links, order[first:position], row)
            row += 1
    wave.rows[0] = row


CHANNEL = Channel(
    label="friend's link",
    colour="#CC79A7",
    private=True,
    prepare=no_preparation,
    offer=nothing_to_offer,
    in_messenger=True,
    links="share",
)
