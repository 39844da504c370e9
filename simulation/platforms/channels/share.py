"""``share`` (private, spreading outward): links from friends.

Occasions given to this channel are saved up and spent when a link is noticed; links travel in
waves within the day (`behaviour.sharing`), so there is nothing to offer in the morning.
"""

from __future__ import annotations

from ...state.compiled import kernel, rule
from ..channel import Channel, Market, no_preparation


@rule
def friend_appeal(strength, friend_weight):
    """What a friend's name on the link does to utility: ``friend_weight * strength``."""
    return friend_weight * strength


@kernel
def open_links(viewers, wave, links, order, first, last, rules, channel, wave_number):
    """Turn noticed links into occasions: one a receiver, if it has any left, with its links.

    `order` sorts the `links` by receiver; positions `first` to `last` of it are handled here.
    A second link to the same room adds nothing (the first cue counts), and links beyond what a
    slate holds go unread.
    """
    receivers, merchants, strengths, endorsements, roots = links
    row = 0
    position = first
    while position < last:
        viewer = receivers[order[position]]
        options = 0
        while position < last and receivers[order[position]] == viewer:
            link = order[position]
            position += 1
            known = options == wave.room.shape[1] or viewers.share_left[viewer] == 0
            for earlier in range(options):
                known = known or wave.room[row, earlier] == merchants[link]
            if not known:
                wave.room[row, options] = merchants[link]
                wave.appeal[row, options] = friend_appeal(
                    strengths[link], rules.choice.friend_weight
                )
                wave.endorsement[row, options] = endorsements[link]
                wave.link_root[row, options] = roots[link]
                options += 1
        if options > 0:
            viewers.share_left[viewer] -= 1
            wave.viewer[row] = viewer
            wave.occasion[row] = 1000 + wave_number
            wave.channel[row] = channel
            wave.options[row] = options
            row += 1
    wave.rows[0] = row


def offer(market: Market, prepared: None, wave, index: int) -> None:
    """Nothing: links arrive in waves."""


CHANNEL = Channel(
    label="friend's link", private=True, prepare=no_preparation, offer=offer, by_links=True
)
