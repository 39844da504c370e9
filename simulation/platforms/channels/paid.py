"""``paid`` (public): advertisements, sold each day by auction within each niche.

Merchants spend a budget and stop at what an impression is worth to them; one price clears the
niche's supply of impressions (uniform-price auction with budgets).
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import FEN, Ints, Longs
from ...state.compiled import kernel, rule
from ...state.luck import decision, four_uniforms
from ...state.niches import own_arc
from ...state.waves import Wave
from ...state.world import World
from ..channel import Channel, PlatformToday
from .recommend import by_niche

SLOTS = decision("paid: slots of a page")


class Advertisements(NamedTuple):
    """Today's advertisers, sorted by niche, and what they pay."""

    start: Longs  # (niches + 1,)
    room: Ints  # (advertisers,)
    cumulative: NDArray[np.float64]  # (advertisers,), shares of the niche's slots, to 1 at most
    price: NDArray[np.float64]  # (niches,), fen per impression on one person
    arcs: int  # niche c * arcs + a is category c in arc a


def clearing_price(
    values: NDArray[np.float64], budgets: NDArray[np.float64], supply: float, reserve: float
) -> float:
    """Price at which bidders' budgets buy the supply: the highest at which demand covers it.

    A bidder of value v and budget b wants ``b / price`` impressions while ``price <= v``. With
    bidders in falling order of value, the price is ``max over k of min(v_k, (b_1 + .. + b_k) /
    supply)``, and at least `reserve`.

    Parameters
    ----------
    values, budgets : arrays, shape (bidders,)
        Fen per impression; fen.
    supply : float
        Impressions for sale.
    reserve : float
        Fen per impression.
    """
    order = np.argsort(-values, kind="stable")
    if supply <= 0 or len(order) == 0:
        return reserve
    prices = np.minimum(values[order], np.cumsum(budgets[order]) / supply)
    return max(reserve, float(prices.max()))


def impressions_bought(
    values: NDArray[np.float64], budgets: NDArray[np.float64], supply: float, price: float
) -> NDArray[np.float64]:
    """Impressions of each bidder at `price`: ``budget / price``, those with the least value that
    still reaches the price taking what is left of the supply. Shape (bidders,)."""
    wanted = np.where(values >= price, budgets / price, 0.0)
    above = np.where(values > price, wanted, 0.0)
    at_price = wanted - above
    left = max(0.0, supply - above.sum())
    if at_price.sum() > left:
        at_price *= left / at_price.sum()
    bought = above + at_price
    return bought if bought.sum() <= supply else bought * (supply / bought.sum())


def expected_value(today: PlatformToday, rooms: Ints) -> NDArray[np.float64]:
    """What each merchant expects to earn by one impression, in fen: its own experience so far,
    with a prior of ``ad_prior`` orders that counts for ``ad_prior_weight`` impressions."""
    stores, shop = today.stores, today.rules.shopkeeping
    prior = shop.ad_prior * stores.margin[rooms] * stores.price[rooms]
    seen, earned = stores.ad_seen[rooms], stores.ad_earned[rooms]
    return (shop.ad_prior_weight * prior + earned) / (shop.ad_prior_weight + seen)


def prepare(today: PlatformToday) -> Advertisements:
    """Hold today's auctions, one in each niche. Supply is in proportion to viewers' interest."""
    stores, settings = today.stores, today.platform.paid
    rooms, start = by_niche(today, today.rooms[stores.ad_budget[today.rooms] >= 1.0])
    values, budgets = expected_value(today, rooms), stores.ad_budget[rooms]
    pages = today.occasions.get("paid", 0.0) * today.world.people_per_viewer
    interest = interest_by_niche(today)
    supply = pages * settings.slots * interest / max(interest.sum(), 1e-12)
    reserve = settings.reserve_price * FEN
    cumulative, price = np.zeros(len(rooms)), np.full(len(supply), reserve)
    for niche, (first, last) in enumerate(pairwise(start)):
        bids = values[first:last], budgets[first:last], supply[niche]
        price[niche] = clearing_price(*bids, reserve)
        if last > first and supply[niche] > 0 and price[niche] > 0:
            bought = impressions_bought(*bids, price[niche])
            cumulative[first:last] = np.cumsum(bought) / supply[niche]
    return Advertisements(start, rooms, cumulative, price, today.world.arcs)


def interest_by_niche(today: PlatformToday) -> NDArray[np.float64]:
    """Interest of all viewers by niche, a viewer's being in its own arc, shape (niches,)."""
    interest, arcs = today.viewers.interest, today.world.arcs
    if arcs == 1:
        return interest.sum(axis=0, dtype=float)
    arc = np.minimum(today.viewers.taste.astype(int), arcs - 1)
    return np.concatenate([np.bincount(arc, column, arcs) for column in interest.T])


@rule
def advertised_room(luck, interests, total, adverts, arc):
    """Room of one slot: category by interest, then room by its share of slots; -1 if unsold."""
    target = luck * total
    category = 0
    while target >= interests[category] and category < interests.shape[0] - 1:
        target -= interests[category]
        category += 1
    within = target / interests[category] if interests[category] > 0.0 else 1.0
    niche = category * adverts.arcs + arc
    for place in range(adverts.start[niche], adverts.start[niche + 1]):
        if within < adverts.cumulative[place]:
            return adverts.room[place]
    return -1


@kernel
def fill_pages(world: World, wave: Wave, adverts: Advertisements, slots: int, surface: int) -> None:
    """Draw the advertisements of each occasion that opens a page; one shown twice stands once."""
    for row in range(wave.rows[0]):
        if wave.surface[row] != surface:
            continue
        viewer = wave.viewer[row]
        interests = world.viewers.interest[viewer]
        arc = own_arc(world.viewers.taste[viewer], adverts.arcs)
        total = 0.0
        for category in range(interests.shape[0]):
            total += interests[category]
        options = 0
        if total > 0.0:
            lucks = (0.0, 0.0, 0.0, 0.0)
            for slot in range(slots):
                if slot % 4 == 0:
                    lucks = four_uniforms(
                        world.key, SLOTS, world.day, viewer, wave.occasion[row] * 2 + slot // 4
                    )
                room = advertised_room(lucks[slot % 4], interests, total, adverts, arc)
                shown = room < 0
                for earlier in range(options):
                    shown = shown or wave.room[row, earlier] == room
                if not shown:
                    wave.room[row, options] = room
                    wave.appeal[row, options] = 0.0
                    options += 1
        wave.options[row] = options


def offer(today: PlatformToday, prepared: Advertisements, wave, surface: int) -> None:
    """Fill all pages of advertisements."""
    fill_pages(today.world, wave, prepared, today.platform.paid.slots, surface)


def impression_price(prepared: Advertisements) -> NDArray[np.float64]:
    """Price of one impression by niche, in fen."""
    return prepared.price


CHANNEL = Channel(
    label="advertisement",
    colour="#8C6D00",
    private=False,
    prepare=prepare,
    offer=offer,
    impression_price=impression_price,
)
