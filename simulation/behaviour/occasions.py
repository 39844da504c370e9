"""Phase 2, traffic arrives: how often a person has time to watch, and where it looks."""

from __future__ import annotations

import math

from ..state.compiled import kernel, rule
from ..state.ledger import OCCASIONS
from ..state.luck import decision, four_uniforms, uniform

OCCASIONS_OF_A_DAY = decision("occasions: how many, and which surface each opens")


@rule
def occasions_today(luck, activity, most):
    """Number of events of one day: the Poisson(activity) quantile at `luck`, at most `most`.

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


@rule
def surface_opened(luck, cumulative_weights):
    """Channel of one occasion: the first whose cumulative weight (rising to 1) exceeds `luck`."""
    channel = 0
    while luck >= cumulative_weights[channel] and channel < cumulative_weights.shape[0] - 1:
        channel += 1
    return channel


@kernel
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
        luck, where_0, where_1, where_2 = four_uniforms(key, OCCASIONS_OF_A_DAY, day, viewer, 0)
        occasions = occasions_today(luck, viewers.activity[viewer], most)
        if occasions == 0:
            continue
        ledger.totals[OCCASIONS] += occasions
        where = (where_0, where_1, where_2)
        for occasion in range(occasions):
            if occasion < 3:
                luck = where[occasion]
            else:
                luck = uniform(key, OCCASIONS_OF_A_DAY, day, viewer, occasion)
            channel = surface_opened(luck, cumulative_weights)
            if by_links[channel]:
                viewers.share_left[viewer] += 1
                continue
            wave.viewer[row] = viewer
            wave.occasion[row] = occasion
            wave.channel[row] = channel
            wave.options[row] = 0
            row += 1
    wave.rows[0] = row
