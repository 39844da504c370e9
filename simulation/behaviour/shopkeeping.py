"""Phases 1 and 7, merchants plan, settle and adapt: streams, pushes, groups, books, exit."""

from __future__ import annotations

import math

import numpy as np

from ..state.columns import CLOSED, NEVER, OPEN, WAITING
from ..state.compiled import kernel, rule
from ..state.ledger import (
    FOLLOWS,
    GMV,
    LOST,
    ORDERS,
    REFUNDS,
    STARTED,
    VISITS,
    WALK_INS,
    make_room,
)
from ..state.luck import decision, four_uniforms, uniform
from ..state.ties import (
    STARTING,
    SUBSCRIBED,
    current_trust,
    find_tie,
    slot_to_fill,
    write_tie,
)
from .following import subscribe

PLAN = decision("shopkeeping: today's plan")
WALK_IN = decision("shopkeeping: a customer walks in")
WEEK = 7
DAYS_PER_MONTH = 30.0
TRIES = 8


@rule
def goes_live(luck, streams_per_week):
    """Whether a merchant streams today: with probability ``streams / 7``."""
    return luck < streams_per_week / 7.0


@rule
def pushes_link(luck, community_skill, push_per_stream):
    """Whether it pushes a link before a stream: with ``push_per_stream * sqrt(skill)``."""
    return luck < push_per_stream * math.sqrt(community_skill)


@rule
def walk_ins_today(luck, persons_per_week, community_skill, people_per_viewer):
    """Agents who join the group outside the platform today.

    ``persons_per_week * skill / 7 / people_per_viewer``, its fraction rounded up by luck.
    """
    expected = persons_per_week * community_skill / 7.0 / people_per_viewer
    whole = math.floor(expected)
    return int(whole) + (1 if luck < expected - whole else 0)


@rule
def revised_streams(streams, profit, shopkeeping):
    """Streams a week after a review: up by a step after profit, down by one after loss.

    ``streams * (1 +/- stream_step)`` within ``min_streams .. max_streams``: satisficing, as small
    firms adjust by feedback rather than by optimising (Cyert and March 1963).
    """
    if profit > 0:
        revised = streams * (1.0 + shopkeeping.stream_step)
    elif profit < 0:
        revised = streams * (1.0 - shopkeeping.stream_step)
    else:
        revised = streams
    return min(max(revised, shopkeeping.min_streams), shopkeeping.max_streams)


@rule
def commission_due(net_revenue, rate):
    """Platform's share of what was sold and kept, in whole fen; nothing on net refunds."""
    return round(max(net_revenue, 0) * rate)


@rule
def costs_due(live, fans, stream_cost, daily_cost, group_cost_a_day):
    """Costs of a day in whole fen: the stream, standing costs, and looking after the group."""
    return round((stream_cost if live else 0.0) + daily_cost + group_cost_a_day * fans)


@kernel
def plan_the_day(merchants, pushes, shopkeeping, pushing_allowed, key, day):
    """Open the shops that arrive today and settle who streams and who pushes a link.

    `pushes` has shape (7, merchants): who pushed on each of the last seven days.
    """
    today = day % WEEK
    for merchant in range(merchants.status.shape[0]):
        if merchants.status[merchant] == WAITING and merchants.arrival[merchant] <= day:
            merchants.status[merchant] = OPEN
        merchants.live[merchant] = 0
        merchants.pushing[merchant] = 0
        if merchants.status[merchant] == OPEN:
            luck = four_uniforms(key, PLAN, day, merchant, 0)
            merchants.live[merchant] = goes_live(luck[0], merchants.streams[merchant])
            merchants.pushing[merchant] = (
                pushing_allowed
                and merchants.live[merchant]
                and pushes_link(
                    luck[1], merchants.community_skill[merchant], shopkeeping.push_per_stream
                )
            )
        merchants.week_pushes[merchant] += merchants.pushing[merchant] - pushes[today, merchant]
        pushes[today, merchant] = merchants.pushing[merchant]


@kernel
def bring_private_domains(viewers, merchants, ties, ledger, domains, tie_strength, day):
    """Merchants who open today bring the following that they already have.

    `domains` is (start, viewer, trust): rows ``start[m]`` to ``start[m + 1]`` belong to merchant m.
    """
    start, members, trusts = domains
    for merchant in range(merchants.status.shape[0]):
        if merchants.arrival[merchant] != day:
            continue
        for entry in range(start[merchant], start[merchant + 1]):
            viewer = members[entry]
            slot = slot_to_fill(ties, viewer, day)
            make_room(ties, viewers, ledger, viewer, slot, day)
            trust = min(1.0, trusts[entry] * tie_strength)
            write_tie(ties, viewer, slot, merchant, trust, day, SUBSCRIBED | STARTING)
            viewers.fan_ties[viewer] += 1
            ledger.merchants[merchant, STARTED] += 1


@rule
def walk_in_candidate(luck, neighbourhood, neighbourhood_size, viewers):
    """Viewer who walks in: one of the neighbourhood of a local merchant, else anybody."""
    if neighbourhood < 0:
        return min(int(luck * viewers), viewers - 1)
    first = neighbourhood * neighbourhood_size
    size = min(neighbourhood_size, viewers - first)
    return min(first + int(luck * size), viewers - 1)


@kernel
def join_group(viewers, ties, ledger, fading, merchant, viewer, day, initial_trust):
    """A customer met outside the platform joins the group, unless already in it."""
    slot = find_tie(ties, viewer, merchant)
    if slot >= 0 and ties.flags[viewer, slot] & SUBSCRIBED:
        return
    if slot < 0:
        slot = slot_to_fill(ties, viewer, day)
        make_room(ties, viewers, ledger, viewer, slot, day)
        write_tie(ties, viewer, slot, merchant, 0.0, day, 0)
    ties.trust[viewer, slot] = current_trust(ties, viewer, slot, day, fading)
    ties.touched[viewer, slot] = day
    subscribe(viewers, ties, viewer, slot, day, initial_trust)
    ledger.merchants[merchant, WALK_INS] += 1


@kernel
def welcome_walk_ins(
    viewers, merchants, ties, ledger, rules, fading, walk_in_members, social_viewers,
    neighbourhood_size, people_per_viewer, key, day,
):
    """Community work: open shops win members for their groups outside the platform.

    Candidates are drawn until one is interested (chance: interest in the category), at most
    eight times.
    """
    if social_viewers == 0:
        return
    for merchant in range(merchants.status.shape[0]):
        if merchants.status[merchant] != OPEN:
            continue
        luck = uniform(key, PLAN, day, merchant, 1)
        count = walk_ins_today(
            luck, walk_in_members[merchants.archetype[merchant]],
            merchants.community_skill[merchant], people_per_viewer,
        )
        for joiner in range(count):
            for attempt in range(TRIES):
                lucks = four_uniforms(key, WALK_IN, day, merchant, joiner * TRIES + attempt)
                viewer = walk_in_candidate(
                    lucks[0], merchants.neighbourhood[merchant], neighbourhood_size, social_viewers
                )
                if lucks[1] < viewers.interest[viewer, merchants.category[merchant]]:
                    join_group(
                        viewers, ties, ledger, fading, merchant, viewer, day,
                        rules.trust.initial_follow,
                    )
                    break


@kernel
def settle_books(
    merchants, counts, stream_cost, daily_cost, shopkeeping, commission, people_per_viewer, day,
    books,
):
    """Close the day's books of each shop; those without cash close for good.

    `books` of shape (4,) gains net revenue, commission, goods sold at cost, and other costs, in
    fen; each shop's cash and profit change by revenue less the other three.
    """
    group_cost = shopkeeping.group_cost * 100.0 / DAYS_PER_MONTH * people_per_viewer
    for merchant in range(merchants.status.shape[0]):
        merchants.fans[merchant] += (
            counts[merchant, STARTED] + counts[merchant, FOLLOWS] + counts[merchant, WALK_INS]
            - counts[merchant, LOST]
        )
        if counts[merchant, ORDERS] > 0 and merchants.first_order[merchant] == NEVER:
            merchants.first_order[merchant] = day
        if merchants.status[merchant] != OPEN:
            continue
        kind = merchants.archetype[merchant]
        kept = (counts[merchant, GMV] - counts[merchant, REFUNDS]) * people_per_viewer
        revenue = round(kept)
        fee = commission_due(revenue, commission)
        goods = round(revenue * (1.0 - merchants.margin[merchant]))
        costs = costs_due(
            merchants.live[merchant], merchants.fans[merchant], stream_cost[kind],
            daily_cost[kind], group_cost,
        )
        result = revenue - fee - goods - costs
        books[0] += revenue
        books[1] += fee
        books[2] += goods
        books[3] += costs
        merchants.cash[merchant] += result
        merchants.profit[merchant] += result
        merchants.review_profit[merchant] += result
        merchants.last_day[merchant] = day
        if merchants.cash[merchant] < 0:
            merchants.status[merchant] = CLOSED


@kernel
def review_plans(merchants, shopkeeping, day):
    """Shops whose review is due adapt their streams to the profit since the last one."""
    for merchant in range(merchants.status.shape[0]):
        age = day - merchants.arrival[merchant] + 1
        if merchants.status[merchant] != OPEN or age % shopkeeping.review_days != 0:
            continue
        merchants.streams[merchant] = revised_streams(
            merchants.streams[merchant], merchants.review_profit[merchant], shopkeeping
        )
        merchants.review_profit[merchant] = 0


@kernel
def update_heat(merchants, counts, memory, people_per_viewer):
    """After a stream, heat remembers its audience: ``heat (1 - 1/memory) + visits / memory``.

    With memory 0 heat is the plain sum of all audiences, as in a Polya urn. The crowd that
    viewers see is ``log(1 + persons)``.
    """
    for merchant in range(merchants.status.shape[0]):
        if not merchants.live[merchant]:
            continue
        visits = counts[merchant, VISITS]
        if memory == 0.0:
            merchants.heat[merchant] += visits
        else:
            keep = max(0.0, 1.0 - 1.0 / memory)
            merchants.heat[merchant] = keep * merchants.heat[merchant] + (1.0 - keep) * visits
        merchants.crowd_cue[merchant] = np.log1p(merchants.heat[merchant] * people_per_viewer)
