"""``push`` (private): a link that the merchant posts in its own groups."""

from __future__ import annotations

import math

from ...state.compiled import kernel, rule
from ...state.ties import EMPTY, MUTED, SUBSCRIBED
from ..channel import Channel, PlatformToday, no_preparation


@rule
def fatigue(links_waiting, fatigue_weight):
    """Disutility of a full inbox: ``fatigue_weight * log(links waiting)``, 0 for a single link."""
    return fatigue_weight * math.log(links_waiting)


@kernel
def open_groups(viewers, merchants, ties, wave, fatigue_weight, platform, surface):
    """Offer the links posted today in the viewer's groups that it has not muted."""
    for row in range(wave.rows[0]):
        if wave.channel[row] != surface:
            continue
        viewer = wave.viewer[row]
        options, links = 0, 0
        if viewers.fan_ties[viewer] > 0:
            for slot in range(ties.merchant.shape[1]):
                merchant = ties.merchant[viewer, slot]
                if (
                    merchant != EMPTY
                    and ties.flags[viewer, slot] & (SUBSCRIBED | MUTED) == SUBSCRIBED
                    and merchants.pushing[merchant]
                    and merchants.platform[merchant] == platform
                ):
                    links += 1
                    if options < wave.room.shape[1]:
                        wave.room[row, options] = merchant
                        options += 1
            for option in range(options):
                wave.appeal[row, option] = -fatigue(links, fatigue_weight)
        wave.options[row] = options


def offer(today: PlatformToday, prepared: None, wave, surface: int) -> None:
    """Show the links of the viewer's groups on all occasions that open them."""
    open_groups(
        today.viewers, today.merchants, today.ties, wave,
        today.rules.choice.fatigue_weight, today.number, surface,
    )


CHANNEL = Channel(
    label="group link", colour="#0072B2", private=True,
    prepare=no_preparation, offer=offer,
)
