"""Phase 4, viewers buy or not."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..state.columns import NEVER
from ..state.compiled import kernel, rule
from ..state.ledger import AD_GMV, GMV, ORDERS, REPEAT_GMV, REPEAT_ORDERS
from ..state.luck import Draw, decision, roll, unit
from ..state.ties import MEMBER
from ..state.waves import NO_ROOM
from ..state.world import Shard, World
from .choosing import room_fit
from .community import order_in_group
from .counting import count_order
from .grouping import wait_for_group
from .merchants.assortment import chance_among, product_price, product_seen
from .place_and_need import delivers_to, need

IN_THE_ROOM = decision("in the room: buying, liking, returning, following")


@rule
def effective_trust(own_trust, endorsement):
    """Trust that counts when buying: noisy-or, ``1 - (1 - own)(1 - endorsement)``."""
    return 1.0 - (1.0 - own_trust) * (1.0 - endorsement)


@rule
def logistic(log_odds):
    """``1 / (1 + exp(-log_odds))``."""
    return 1.0 / (1.0 + math.exp(-log_odds))


class Cues(NamedTuple):
    """What moves a visitor beside the room's fit and trust in its host."""

    host_skill: float  # 0..1
    impulse: float  # 0..1
    relative_price: float  # log(price / usual)
    price_sensitivity: float
    crowd: float  # susceptibility times crowd cue


@rule
def purchase_probability(fit, trust, cues, purchase):
    """Chance that a visit ends in an order.

    ``logistic(intercept + fit + trust + skill - 0.5 + impulse - 0.5 - sensitivity log(price /
    usual) + crowd)``, each term times its weight. Crowds hardly act here [Krumme et al. 2012].
    """
    return logistic(
        purchase.intercept
        + purchase.fit_weight * fit
        + purchase.trust_weight * trust
        + purchase.skill_weight * (cues.host_skill - 0.5)
        + purchase.impulse_weight * (cues.impulse - 0.5)
        - purchase.price_weight * cues.price_sensitivity * cues.relative_price
        + purchase.crowd_weight * cues.crowd
    )


@rule
def order_probability(world, wave, row, price_change):
    """`purchase_probability` of a visit at the merchant's price times ``exp(price_change)``, times the share
    of the wish that is there again since the last order (`need`), among the products of the stream
    (`chance_among`); none where the store does not deliver (`delivers_to`)."""
    viewers, stores, purchase = world.viewers, world.stores, world.rules.purchase
    viewer, store = wave.viewer[row], wave.chosen[row]
    if not delivers_to(viewer, stores.sells_from[store], stores.sells_to[store]):
        return 0.0
    trust = effective_trust(
        purchase.own_trust_scale * wave.trust[row], purchase.endorsement_scale * wave.endorsed[row]
    )
    cues = Cues(
        stores.host_skill[store],
        viewers.impulse[viewer],
        stores.relative_price[store] + price_change,
        viewers.price_sensitivity[viewer],
        viewers.crowd[viewer] * stores.crowd_cue[store],
    )
    category = stores.category[store]
    wanted = need(world.day - world.viewers.satisfied_on[viewer, category], world.cycles[category])
    chance = wanted * purchase_probability(room_fit(world, viewer, store), trust, cues, purchase)
    return chance_among(chance, stores.length[store], world.rules.streams.products_by_hours)


@rule
def record_order(world, ledger, wave, row, price):
    """Count an order and remember when it was placed."""
    ties, day = world.ties, world.day
    count_order(world, ledger, wave, row, room_fit(world, wave.viewer[row], wave.chosen[row]))
    viewer, slot, store, surface = wave.viewer[row], wave.slot[row], wave.chosen[row], wave.surface[row]
    last = ties.last_purchase[viewer, slot]
    if last != NEVER:
        ledger.totals[REPEAT_ORDERS] += 1
        ledger.totals[REPEAT_GMV] += price
        if last >= 0 and day - last <= 30:
            ledger.rebought_30[last] += 1
    ties.last_purchase[viewer, slot] = day
    if ties.purchases[viewer, slot] < 32_000:
        ties.purchases[viewer, slot] += 1
    ledger.stores[store, ORDERS] += 1
    ledger.surfaces[surface, ORDERS] += 1
    ledger.stores[store, GMV] += price
    ledger.surfaces[surface, GMV] += price
    if world.surfaces.by_ads[surface]:
        ledger.stores[store, AD_GMV] += price
    if surface == world.pull.groups_on[world.stores.platform[store]] and ties.flags[viewer, slot] & MEMBER:
        order_in_group(world, ledger, viewer, slot)
    world.viewers.satisfied_on[viewer, world.stores.category[store]] = day
    world.viewers.bought_by[viewer] |= np.uint64(1) << np.uint64(surface)
    wave.bought[row] = 1
    wave.price[row] = price


@kernel
def buy_goods(world: World, shard: Shard) -> None:
    """Decide for each visit of the shard's wave whether it ends in an order.

    Where there is group buying, whoever would buy at the group's price waits for a group to fill
    (`grouping.wait_for_group`, `closing.fill_groups`).
    """
    wave, stores, groups = shard.wave, world.stores, world.groups
    draw = Draw(world.key, IN_THE_ROOM, world.day)
    for row in range(wave.rows[0]):
        roll(wave.luck, row, draw, wave.viewer[row], wave.chosen[row])
    for row in range(wave.rows[0]):
        store = wave.chosen[row]
        if store == NO_ROOM:
            continue
        luck, platform = unit(wave.luck[0, row]), stores.platform[store]
        wave.bought[row] = 0
        wave.satisfied[row] = 0
        step = product_seen(world, wave.viewer[row], store)
        if groups.size[platform] > 0:
            chance = order_probability(world, wave, row, step + math.log(1.0 - groups.discount[platform]))
            if luck < chance:
                wait_for_group(shard, row)
        elif luck < order_probability(world, wave, row, step):
            record_order(world, shard.ledger, wave, row, product_price(stores.price[store], step))
