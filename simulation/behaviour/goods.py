"""Phase 5, goods arrive: satisfaction, returns, and what they do to trust.

Delivery takes no time in the model: an order's goods arrive on the day of the order.
"""

from __future__ import annotations

import numpy as np

from ..state.compiled import kernel, rule
from ..state.ledger import REFUNDS, RETURNS, Ledger
from ..state.luck import short_unit
from ..state.ties import MET_OUTSIDE
from ..state.waves import NO_ROOM, Wave
from ..state.world import World
from .buying import logistic


@rule
def knowledge(purchases, endorsed, met, goods):
    """How well a buyer knows a merchant's goods, 0..1, by earlier purchases, a friend and the counter.

    ``1 - (1 - by_purchase) ** purchases (1 - by_friend endorsed) (1 - by_counter met)``: each tells a share
    of what is still unknown.
    """
    unknown = (1.0 - goods.known_by_purchase) ** purchases * (1.0 - goods.known_by_friend * endorsed)
    return 1.0 - unknown * (1.0 - (goods.known_by_counter if met else 0.0))


@rule
def expected_goods(quality, host_skill, knows, goods):
    """Quality that a buyer expects: what the host promised, less what the buyer knows to be too much.

    ``promised - knows * max(0, promised - quality)``, ``promised = expected_quality + overpromise skill``:
    the more skilful the host, the more it promises. Goods better than promised stay a pleasant surprise.
    """
    promised = goods.expected_quality + goods.overpromise * host_skill
    return promised - knows * max(0.0, promised - quality)


@rule
def satisfaction_probability(quality, host_skill, knows, goods):
    """Chance that goods please: quality against what was expected.

    ``logistic(slope (quality - expected + offset))``, see `expected_goods`.
    """
    expected = expected_goods(quality, host_skill, knows, goods)
    return logistic(goods.satisfaction_slope * (quality - expected + goods.satisfaction_offset))


@rule
def return_probability(satisfied, impulse, goods):
    """Chance that an order is sent back: by satisfaction, more after an impulse purchase."""
    base = goods.return_if_satisfied if satisfied else goods.return_if_disappointed
    return min(1.0, base + goods.return_impulse * impulse)


@rule
def trust_after_visit(trust, propensity, gain):
    """Watching builds trust: ``trust + gain * 2 propensity * (1 - trust)``, at most 1."""
    return min(1.0, trust + gain * 2.0 * propensity * (1.0 - trust))


@rule
def trust_after_purchase(trust, satisfied, propensity, rules):
    """Losses weigh more than gains: a share of missing trust gained, or of trust lost."""
    if satisfied:
        return min(1.0, trust + rules.purchase_gain * 2.0 * propensity * (1.0 - trust))
    return trust * (1.0 - rules.purchase_loss)


@rule
def count_return(ledger, wave, row):
    """The order of `row` is sent back."""
    store, surface, price = wave.chosen[row], wave.surface[row], wave.price[row]
    ledger.stores[store, RETURNS] += 1
    ledger.surfaces[surface, RETURNS] += 1
    ledger.stores[store, REFUNDS] += price
    ledger.surfaces[surface, REFUNDS] += price


@kernel
def goods_arrive(world: World, wave: Wave, ledger: Ledger, watched: bool) -> None:
    """Deliver each order of `wave`, take back what is returned, update trust after each visit.

    `watched` is False for orders placed later in the day, whose visit has already had its effect.
    """
    viewers, stores, ties, rules = world.viewers, world.stores, world.ties, world.rules
    goods = rules.goods
    for row in range(wave.rows[0]):
        store = wave.chosen[row]
        if store == NO_ROOM:
            continue
        viewer, slot = wave.viewer[row], wave.slot[row]
        propensity = viewers.trusting[viewer]
        if watched:
            trust = trust_after_visit(wave.trust[row], propensity, rules.trust.watch_gain)
        else:
            trust = np.float64(ties.trust[viewer, slot])
        if wave.bought[row] == 1:
            knows = knowledge(
                ties.purchases[viewer, slot] - 1,  # this order is among them
                wave.endorsed[row],
                ties.flags[viewer, slot] & MET_OUTSIDE,
                goods,
            )
            pleases = satisfaction_probability(stores.quality[store], stores.host_skill[store], knows, goods)
            satisfied = short_unit(wave.luck[1, row]) < pleases
            wave.satisfied[row] = satisfied
            trust = trust_after_purchase(trust, satisfied, propensity, rules.trust)
            if short_unit(wave.luck[2, row]) < return_probability(satisfied, viewers.impulse[viewer], goods):
                count_return(ledger, wave, row)
        ties.trust[viewer, slot] = trust
        ties.touched[viewer, slot] = world.day
