"""Phase 7, merchants settle: the day's books, who must close, and how hot each room is."""

from __future__ import annotations

import numpy as np

from ..state.columns import CLOSED, NEVER, OPEN
from ..state.compiled import kernel, rule
from ..state.ledger import (
    AD_GMV,
    ADS,
    CARRIED,
    FOLLOWS,
    GMV,
    LOST,
    ORDERS,
    REFUNDS,
    STARTED,
    VISITS,
    WALK_INS,
)

DAYS_PER_MONTH = 30.0
REVENUE, COMMISSION, GOODS, COSTS, ADVERTISING, SUBSIDIES = range(6)
"""Columns of the books."""


@rule
def commission_due(net_revenue, rate):
    """Platform's share of what was sold and kept, in whole fen; nothing on net refunds."""
    return round(max(net_revenue, 0) * rate)


@rule
def costs_due(live, fans, joiners, stream_cost, daily_cost, group_cost_a_day, recruit_cost):
    """Costs of a day in whole fen: the stream, standing costs, looking after the group, and winning
    `joiners` members for it."""
    stream = stream_cost if live else 0.0
    return round(stream + daily_cost + group_cost_a_day * fans + recruit_cost * joiners)


@rule
def first_store(merchants, merchant, many):
    """Row of the open store of a merchant that opened first, -1 without any."""
    first = -1
    for row in range(merchant, merchants.status.shape[0], many):
        if merchants.status[row] == OPEN and (
            first < 0 or merchants.arrival[row] < merchants.arrival[first]
        ):
            first = row
    return first


@kernel
def settle_store(
    merchants, row, counts, stream_cost, daily_cost, subsidy, ad_price, shopkeeping, commission,
    people_per_viewer, day, books,
):
    """Close the day's books of one store; see `settle_books`."""
    kind, platform = merchants.archetype[row], merchants.platform[row]
    kept = (counts[row, GMV] - counts[row, REFUNDS]) * people_per_viewer
    revenue = round(kept)
    fee = commission_due(revenue, commission[platform])
    goods = round(revenue * (1.0 - merchants.margin[row]))
    costs = costs_due(
        merchants.live[row], merchants.fans[row], counts[row, WALK_INS], stream_cost[kind],
        daily_cost, shopkeeping.group_cost * 100.0 / DAYS_PER_MONTH * people_per_viewer,
        shopkeeping.recruit_cost * 100.0 * people_per_viewer,
    )
    seen = counts[row, ADS] * people_per_viewer
    adverts = round(seen * ad_price[platform, merchants.category[row]])
    earned = counts[row, AD_GMV] * people_per_viewer * merchants.margin[row]
    merchants.ad_seen[row] += seen
    merchants.ad_earned[row] += earned
    merchants.ad_result[row] += round(earned) - adverts
    result = revenue - fee - goods - costs - adverts + subsidy
    books[platform, REVENUE] += revenue
    books[platform, COMMISSION] += fee
    books[platform, GOODS] += goods
    books[platform, COSTS] += costs
    books[platform, ADVERTISING] += adverts
    books[platform, SUBSIDIES] += subsidy
    merchants.cash[row] += result
    merchants.profit[row] += result
    merchants.review_profit[row] += result
    merchants.last_day[row] = day


@kernel
def settle_books(
    merchants, platforms, counts, stream_cost, daily_cost, presence_cost, subsidies, ad_price,
    shopkeeping, commission, people_per_viewer, day, books,
):
    """Close the day's books of each store; merchants without cash close for good, everywhere.

    `books` of shape (platforms, 6) gains net revenue, commission, goods sold at cost, other costs,
    advertising and subsidies, in fen; each store's cash and profit change by revenue and subsidies
    less the other four. The store of a merchant that has been open longest bears its standing
    costs, each further one `presence_cost` of them. `subsidies` has shape (rows,), in fen;
    `ad_price` has shape (platforms, categories), in fen per person and impression.
    """
    many = merchants.status.shape[0] // platforms
    for merchant in range(many):
        first, cash, any_open = first_store(merchants, merchant, many), 0, False
        for platform in range(platforms):
            row = platform * many + merchant
            merchants.fans[row] += (
                counts[row, STARTED] + counts[row, FOLLOWS] + counts[row, WALK_INS]
                + counts[row, CARRIED] - counts[row, LOST]
            )
            if counts[row, ORDERS] > 0 and merchants.first_order[row] == NEVER:
                merchants.first_order[row] = day
            if merchants.status[row] == OPEN:
                standing = 1.0 if row == first else presence_cost
                settle_store(
                    merchants, row, counts, stream_cost,
                    standing * daily_cost[merchants.archetype[row]], subsidies[row], ad_price,
                    shopkeeping, commission, people_per_viewer, day, books,
                )
                any_open = True
            cash += merchants.cash[row]
        if any_open and cash < 0:
            for platform in range(platforms):
                merchants.status[platform * many + merchant] = CLOSED


@kernel
def update_heat(merchants, counts, memory, people_per_viewer):
    """After a stream, heat remembers its audience: ``heat (1 - 1/memory) + visits / memory``.

    With memory 0 heat is the plain sum of all audiences, as in a Polya urn. The crowd that
    viewers see is ``log(1 + persons)``. `memory` has shape (platforms,).
    """
    for row in range(merchants.status.shape[0]):
        if not merchants.live[row]:
            continue
        visits, remembered = counts[row, VISITS], memory[merchants.platform[row]]
        if remembered == 0.0:
            merchants.heat[row] += visits
        else:
            keep = max(0.0, 1.0 - 1.0 / remembered)
            merchants.heat[row] = keep * merchants.heat[row] + (1.0 - keep) * visits
        merchants.crowd_cue[row] = np.log1p(merchants.heat[row] * people_per_viewer)
