"""Phase 7, merchants settle: the day's books, who must close, and how hot each room is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import CLOSED, NEVER, OPEN, Longs
from ...state.compiled import kernel, rule
from ...state.ledger import (
    AD_GMV,
    ADS,
    CARRIED,
    FOLLOWS,
    GMV,
    LOST,
    MEMBERS_LOST,
    MEMBERS_WON,
    ORDERS,
    REFUNDS,
    STARTED,
    VISITS,
    WALK_INS,
)
from ...state.niches import own_arc
from ...state.world import World

DAYS_PER_MONTH = 30.0
REVENUE, COMMISSION, GOODS, COSTS, ADVERTISING, SUBSIDIES = range(6)
"""Columns of the books."""


@rule
def commission_due(net_revenue, rate):
    """Platform's share of what was sold and kept, in whole fen; nothing on net refunds."""
    return round(max(net_revenue, 0) * rate)


class CostRates(NamedTuple):
    """What a store's day costs, in fen."""

    stream: float  # a day with the stream that there is
    standing: float  # a day
    member: float  # a day and member of the group
    recruit: float  # a new member of the group


@rule
def costs_due(live, fans, joiners, rates):
    """Costs of a day in whole fen: the stream, standing costs, looking after the group, and winning
    `joiners` members for it; nothing that a shop would pay anyhow."""
    stream = rates.stream if live else 0.0
    return round(stream + rates.standing + rates.member * fans + rates.recruit * joiners)


class Terms(NamedTuple):
    """What stores pay and get today."""

    stream_cost: NDArray[np.float64]  # (merchants,), fen a stream of mean length
    daily_cost: NDArray[np.float64]  # (merchants,), fen a day
    subsidies: Longs  # (stores,), fen
    ad_price: NDArray[np.float64]  # (platforms, niches), fen a person and impression
    commission: NDArray[np.float64]  # (platforms,), share of revenue
    hosted: NDArray[np.float64]  # (platforms,), 1 where merchants stream, 0 where they only send messages


@rule
def first_store(stores, merchant, merchants):
    """Row of the open store of `merchant` that opened first, out of `merchants` in all, -1 without any."""
    first = -1
    for row in range(merchant, stores.status.shape[0], merchants):
        if stores.status[row] == OPEN and (first < 0 or stores.arrival[row] < stores.arrival[first]):
            first = row
    return first


@rule
def settle_adverts(world, counts, row, price):
    """What the store of `row` pays for advertisements today, in whole fen; remembers what they brought."""
    stores, people = world.stores, world.people_per_viewer
    seen = counts[row, ADS] * people
    due = round(seen * price)
    earned = counts[row, AD_GMV] * people * stores.margin[row]
    stores.ad_seen[row] += seen
    stores.ad_earned[row] += earned
    stores.ad_result[row] += round(earned) - due
    return due


@kernel
def settle_store(
    world: World, counts: Longs, row: int, terms: Terms, standing_cost: float, books: Longs
) -> None:
    """Close the day's books of one store; see `settle_books`."""
    stores, shopkeeping, people = world.stores, world.rules.shopkeeping, world.people_per_viewer
    platform, merchant = stores.platform[row], row % terms.stream_cost.shape[0]
    kept = (counts[row, GMV] - counts[row, REFUNDS]) * people
    revenue = round(kept)
    fee = commission_due(revenue, terms.commission[platform])
    goods = round(revenue * (1.0 - stores.margin[row]))
    rates = CostRates(
        terms.stream_cost[merchant] * terms.hosted[platform] * stores.length[row],
        standing_cost,
        shopkeeping.group_cost * 100.0 / DAYS_PER_MONTH * people,
        shopkeeping.recruit_cost * 100.0 * people,
    )
    costs = costs_due(stores.live[row], stores.fans[row], counts[row, WALK_INS], rates)
    niche = stores.category[row] * world.arcs + own_arc(stores.style[row], world.arcs)
    adverts = settle_adverts(world, counts, row, terms.ad_price[platform, niche])
    subsidy = terms.subsidies[row]
    result = revenue - fee - goods - costs - adverts + subsidy
    books[platform, REVENUE] += revenue
    books[platform, COMMISSION] += fee
    books[platform, GOODS] += goods
    books[platform, COSTS] += costs
    books[platform, ADVERTISING] += adverts
    books[platform, SUBSIDIES] += subsidy
    stores.cash[row] += result
    stores.profit[row] += result
    stores.review_profit[row] += result
    stores.last_day[row] = world.day


@rule
def count_fans(world, counts, row):
    """Bring a store's number of fans and the day of its first order up to date."""
    stores = world.stores
    stores.fans[row] += (
        counts[row, STARTED]
        + counts[row, FOLLOWS]
        + counts[row, WALK_INS]
        + counts[row, CARRIED]
        - counts[row, LOST]
    )
    stores.members[row] += counts[row, MEMBERS_WON] - counts[row, MEMBERS_LOST]
    if counts[row, ORDERS] > 0 and stores.first_order[row] == NEVER:
        stores.first_order[row] = world.day


@kernel
def settle_books(world: World, counts: Longs, terms: Terms, books: Longs) -> None:
    """Close the day's books of each store; merchants without cash close for good, everywhere.

    `books` of shape (platforms, 6) gains net revenue, commission, goods sold at cost, other costs,
    advertising and subsidies, in fen; each store's cash and profit change by revenue and subsidies
    less the other four. The store of a merchant that has been open longest bears its standing
    costs, each further one ``presence_cost`` of them.
    """
    stores, platforms = world.stores, books.shape[0]
    merchants = stores.status.shape[0] // platforms
    for merchant in range(merchants):
        first, cash, any_open = first_store(stores, merchant, merchants), 0, False
        for platform in range(platforms):
            row = platform * merchants + merchant
            count_fans(world, counts, row)
            if stores.status[row] == OPEN:
                standing = 1.0 if row == first else world.rules.market.presence_cost
                cost = standing * terms.daily_cost[merchant]
                settle_store(world, counts, row, terms, cost, books)
                any_open = True
            cash += stores.cash[row]
        if any_open and cash < 0:
            for platform in range(platforms):
                stores.status[platform * merchants + merchant] = CLOSED


@kernel
def update_heat(world: World, counts: Longs, memory: NDArray[np.float64]) -> None:
    """After a stream, heat remembers its audience: ``heat (1 - 1/memory) + visits / memory``.

    With memory 0 heat is the plain sum of all audiences, as in a Polya urn. The crowd that
    viewers see is ``log(1 + persons)``. `memory` has shape (platforms,).
    """
    stores = world.stores
    for row in range(stores.status.shape[0]):
        if not stores.live[row]:
            continue
        visits, remembered = counts[row, VISITS], memory[stores.platform[row]]
        if remembered == 0.0:
            stores.heat[row] += visits
        else:
            keep = max(0.0, 1.0 - 1.0 / remembered)
            stores.heat[row] = keep * stores.heat[row] + (1.0 - keep) * visits
        stores.crowd_cue[row] = np.log1p(stores.heat[row] * world.people_per_viewer)
