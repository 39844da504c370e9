"""Phase 2, traffic arrives: how often a person has time to watch, and where it looks."""

from __future__ import annotations

import math

from numba import njit

from ..state.ledger import OCCASIONS
from ..state.luck import decision, four_uniforms, uniform

HOW_OFTEN = decision("occasions: how often today")
WHERE = decision("occasions: which surface is opened")


@njit(cache=True)
def occasions_today(luck, activity, most):
    """Occasions of one day: the Poisson(activity) quantile at `luck`, at most `most`.

    ``n = min{k : P(N <= k) >= luck}`` for N ~ Poisson(activity).
    """
    probability = math.exp(-activity)
    below = probability
    occasions = 0
    while luck > below and occasions < most:
        occasions += 1
        probability *= activity / occasions
        below += probability
    return occasions


@njit(cache=True)
def surface_opened(luck, cumulative_weights):
    """Channel of one occasion: the first whose cumulative weight (rising to 1) exceeds `luck`."""
    channel = 0
    while luck >= cumulative_weights[channel] and channel < cumulative_weights.shape[0] - 1:
        channel += 1
    return channel


@njit(cache=True, nogil=True)
def hand_out_occasions(
    viewers, wave, ledger, key, day, first, last, most, cumulative_weights, by_links
):
    """Fill `wave` with today's occasions of viewers `first` to `last`.

    Occasions that fall to channels of friends' links (`by_links`) are saved up in
    ``viewers.share_left`` and spent when a link arrives. Viewers without any interest do not watch.
    """
    row = 0
    for viewer in range(first, last):
        viewers.share_left[viewer] = 0
        luck = uniform(key, HOW_OFTEN, day, viewer, 0)
        occasions = occasions_today(luck, viewers.activity[viewer], most)
        if occasions == 0:
            continue
        ledger.totals[OCCASIONS] += occasions
        lucks = (0.0, 0.0, 0.0, 0.0)
        for occasion in range(occasions):
            if occasion % 4 == 0:
                lucks = four_uniforms(key, WHERE, day, viewer, occasion // 4)
            channel = surface_opened(lucks[occasion % 4], cumulative_weights)
            if by_links[channel]:
                viewers.share_left[viewer] += 1
                continue
            wave.viewer[row] = viewer
            wave.occasion[row] = occasion
            wave.channel[row] = channel
            wave.options[row] = 0
            row += 1
    wave.rows[0] = row
