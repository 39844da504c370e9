"""``follow`` (private): live rooms of the merchants that a viewer follows, in the app."""

from __future__ import annotations

from ...state.compiled import kernel
from ...state.ties import EMPTY, SUBSCRIBED
from ..channel import Channel, PlatformToday, no_preparation


@kernel
def list_followed(viewers, merchants, ties, wave, platform, surface):
    """Offer followed merchants who are live, as many as a slate holds, in the order of slots."""
    for row in range(wave.rows[0]):
        if wave.channel[row] != surface:
            continue
        viewer = wave.viewer[row]
        options = 0
        if viewers.fan_ties[viewer] > 0:
            for slot in range(ties.merchant.shape[1]):
                merchant = ties.merchant[viewer, slot]
                if (
                    merchant != EMPTY
                    and ties.flags[viewer, slot] & SUBSCRIBED
                    and merchants.live[merchant]
                    and merchants.platform[merchant] == platform
                    and options < wave.room.shape[1]
                ):
                    wave.room[row, options] = merchant
                    wave.appeal[row, options] = 0.0
                    options += 1
        wave.options[row] = options


def offer(today: PlatformToday, prepared: None, wave, surface: int) -> None:
    """List the followed rooms on all occasions that open this surface."""
    list_followed(today.viewers, today.merchants, today.ties, wave, today.number, surface)


CHANNEL = Channel(
    label="followed", colour="#56B4E9", private=True,
    prepare=no_preparation, offer=offer,
)
