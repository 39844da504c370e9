"""Phase 1, merchants plan: who opens, streams, pushes a link, and wins members for its group."""

from __future__ import annotations

import math

from ..state.columns import ABSENT, OPEN, WAITING
from ..state.compiled import kernel, rule
from ..state.ledger import CARRIED, STARTED, WALK_INS, make_room
from ..state.luck import decision, four_uniforms, uniform
from ..state.ties import (
    EMPTY,
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
MOVE_ALONG = decision("shopkeeping: a follower comes along to another platform")
WEEK = 7
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
def walk_ins_today(luck, persons_per_week, community_skill, work, stores, people_per_viewer):
    """Agents who join the group outside the platform today.

    ``persons_per_week * skill * work / stores / 7 / people_per_viewer``, its fraction rounded up by
    luck: a merchant on several platforms divides its community work among them.
    """
    expected = persons_per_week * community_skill * work / stores / 7.0 / people_per_viewer
    whole = math.floor(expected)
    return int(whole) + (1 if luck < expected - whole else 0)


@kernel
def open_shops(merchants, homes, day):
    """Open the shops that arrive today. `homes` of shape (merchants,) is the platform on which each
    merchant opens, negative if it stays away."""
    for row in range(merchants.status.shape[0]):
        home = homes[row % homes.shape[0]]
        if merchants.status[row] == WAITING and merchants.arrival[row] <= day and home >= 0:
            merchants.status[row] = OPEN if home == merchants.platform[row] else ABSENT


@kernel
def plan_the_day(merchants, pushes, shopkeeping, pushing_allowed, key, day):
    """Settle who streams and who pushes a link today.

    `pushes` has shape (7, rows): who pushed on each of the last seven days; `pushing_allowed` has
    shape (platforms,).
    """
    today = day % WEEK
    for row in range(merchants.status.shape[0]):
        platform = merchants.platform[row]
        merchants.live[row] = 0
        merchants.pushing[row] = 0
        if merchants.status[row] == OPEN:
            luck = four_uniforms(key, PLAN, day, row, 0)
            merchants.live[row] = goes_live(luck[0], merchants.streams[row])
            merchants.pushing[row] = (
                pushing_allowed[platform]
                and merchants.live[row]
                and pushes_link(luck[1], merchants.community_skill[row], shopkeeping.push_per_stream)
            )
        merchants.week_pushes[row] += merchants.pushing[row] - pushes[today, row]
        pushes[today, row] = merchants.pushing[row]


@kernel
def bring_private_domains(viewers, arrival, homes, ties, ledger, domains, tie_strength, day):
    """Merchants who arrive today bring the following that they already have to their home.

    `arrival` and `homes`, of shape (merchants,), are the day and the platform of their first store.
    `domains` is (start, viewer, trust): rows ``start[m]`` to ``start[m + 1]`` belong to merchant m.
    """
    start, members, trusts = domains
    for merchant in range(homes.shape[0]):
        if arrival[merchant] != day or homes[merchant] < 0:
            continue
        row = homes[merchant] * homes.shape[0] + merchant
        for entry in range(start[merchant], start[merchant + 1]):
            viewer = members[entry]
            slot = slot_to_fill(ties, viewer, day)
            make_room(ties, viewers, ledger, viewer, slot, day)
            trust = min(1.0, trusts[entry] * tie_strength)
            write_tie(ties, viewer, slot, row, trust, day, SUBSCRIBED | STARTING)
            viewers.fan_ties[viewer] += 1
            ledger.merchants[row, STARTED] += 1


@kernel
def bring_followers_along(viewers, ties, ledger, fading, opening, carry_over, key, day):
    """Part of the following of a merchant that opens on a further platform follows it there too.

    `opening` of shape (merchants,) is the row of the store that opens today, negative without one;
    each follower comes along with chance `carry_over` (of shape (platforms,)) of that platform and
    brings its trust.
    """
    merchants = opening.shape[0]
    for viewer in range(ties.merchant.shape[0]):
        if viewers.fan_ties[viewer] == 0:
            continue
        for slot in range(ties.merchant.shape[1]):
            known = ties.merchant[viewer, slot]
            if known == EMPTY or not ties.flags[viewer, slot] & SUBSCRIBED:
                continue
            row = opening[known % merchants]
            if row < 0 or row == known or find_tie(ties, viewer, row) >= 0:
                continue
            if uniform(key, MOVE_ALONG, day, viewer, row) >= carry_over[row // merchants]:
                continue
            trust = current_trust(ties, viewer, slot, day, fading)
            free = slot_to_fill(ties, viewer, day)
            make_room(ties, viewers, ledger, viewer, free, day)
            write_tie(ties, viewer, free, row, trust, day, SUBSCRIBED)
            viewers.fan_ties[viewer] += 1
            ledger.merchants[row, CARRIED] += 1


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
    viewers, merchants, stores, ties, ledger, rules, fading, walk_in_members, social_viewers,
    neighbourhood_size, people_per_viewer, key, day,
):
    """Community work: open shops win members for their groups outside the platform.

    Candidates are drawn until one is interested (chance: interest in the category), at most
    eight times. `stores` of shape (merchants,) is the number of platforms each is open on.
    """
    if social_viewers == 0:
        return
    for merchant in range(merchants.status.shape[0]):
        if merchants.status[merchant] != OPEN:
            continue
        luck = uniform(key, PLAN, day, merchant, 1)
        count = walk_ins_today(
            luck, walk_in_members[merchants.archetype[merchant]],
            merchants.community_skill[merchant], merchants.community_work[merchant],
            stores[merchant % stores.shape[0]], people_per_viewer,
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
