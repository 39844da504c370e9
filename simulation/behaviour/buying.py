"""Phase 4, viewers buy or not."""

from __future__ import annotations

import math

import numpy as np

from ..state.columns import NEVER
from ..state.compiled import kernel, rule
from ..state.ledger import AD_GMV, GMV, ORDERS, REPEAT_GMV, REPEAT_ORDERS
from ..state.luck import decision, roll, unit
from ..state.waves import NO_ROOM
from .choosing import fit_of
from .grouping import wait_for_group

IN_THE_ROOM = decision("in the room: buying, liking, returning, following")


@rule
def effective_trust(own_trust, endorsement):
    """Trust that counts when buying: noisy-or, ``1 - (1 - own)(1 - endorsement)``."""
    return 1.0 - (1.0 - own_trust) * (1.0 - endorsement)


@rule
def logistic(log_odds):
    """``1 / (1 + exp(-log_odds))``."""
    return 1.0 / (1.0 + math.exp(-log_odds))


@rule
def purchase_probability(
    fit, trust, host_skill, impulse, relative_price, price_sensitivity, crowd, purchase
):
    """Chance that a visit ends in an order.

    ``logistic(intercept + fit + trust + skill - 0.5 + impulse - 0.5 - sensitivity log(price /
    usual) + crowd)``, each term times its weight. Crowds hardly act here [Krumme et al. 2012].
    """
    return logistic(
        purchase.intercept
        + purchase.fit_weight * fit
        + purchase.trust_weight * trust
        + purchase.skill_weight * (host_skill - 0.5)
        + purchase.impulse_weight * (impulse - 0.5)
        - purchase.price_weight * price_sensitivity * relative_price
        + purchase.crowd_weight * crowd
    )


@rule
def record_order(viewers, ties, ledger, surfaces, wave, row, price, day):
    """Count an order and remember when it was placed."""
    viewer, slot, channel = wave.viewer[row], wave.slot[row], wave.channel[row]
    last = ties.last_purchase[viewer, slot]
    if last != NEVER:
        ledger.totals[REPEAT_ORDERS] += 1
        ledger.totals[REPEAT_GMV] += price
        if day - last <= 30:
            ledger.rebought_30[last] += 1
    ties.last_purchase[viewer, slot] = day
    if ties.purchases[viewer, slot] < 32_000:
        ties.purchases[viewer, slot] += 1
    merchant = wave.chosen[row]
    ledger.merchants[merchant, ORDERS] += 1
    ledger.channels[channel, ORDERS] += 1
    ledger.merchants[merchant, GMV] += price
    ledger.channels[channel, GMV] += price
    if surfaces.by_ads[channel]:
        ledger.merchants[merchant, AD_GMV] += price
    viewers.bought_by[viewer] |= np.uint64(1) << np.uint64(channel)
    wave.bought[row] = 1
    wave.price[row] = price


@rule
def order_probability(viewers, merchants, wave, row, rules, price_change):
    """`purchase_probability` of a visit at the usual price times ``exp(price_change)``."""
    viewer, merchant, purchase = wave.viewer[row], wave.chosen[row], rules.purchase
    fit = fit_of(viewers, merchants, viewer, merchant, rules.choice.taste_weight)
    trust = effective_trust(
        purchase.own_trust_scale * wave.trust[row],
        purchase.endorsement_scale * wave.endorsed[row],
    )
    return purchase_probability(
        fit, trust, merchants.host_skill[merchant], viewers.impulse[viewer],
        merchants.relative_price[merchant] + price_change, viewers.price_sensitivity[viewer],
        viewers.crowd[viewer] * merchants.crowd_cue[merchant], purchase,
    )


@kernel
def buy_goods(viewers, merchants, ties, wave, pending, ledger, surfaces, groups, rules, key, day):
    """Decide for each visit of `wave` whether it ends in an order.

    Where there is group buying, whoever would buy at the group's price waits in `pending` for a
    group to fill (`grouping.fill_groups`).
    """
    for row in range(wave.rows[0]):
        roll(wave.luck, row, key, IN_THE_ROOM, day, wave.viewer[row], wave.chosen[row])
    for row in range(wave.rows[0]):
        merchant = wave.chosen[row]
        if merchant == NO_ROOM:
            continue
        luck = unit(wave.luck[0, row])
        wave.bought[row] = 0
        wave.satisfied[row] = 0
        discount = groups.discount[merchants.platform[merchant]]
        if groups.size[merchants.platform[merchant]] > 0:
            chance = order_probability(viewers, merchants, wave, row, rules, math.log(1.0 - discount))
            if luck < chance:
                wait_for_group(ledger, wave, pending, row)
        elif luck < order_probability(viewers, merchants, wave, row, rules, 0.0):
            record_order(
                viewers, ties, ledger, surfaces, wave, row, merchants.price[merchant], day
            )
