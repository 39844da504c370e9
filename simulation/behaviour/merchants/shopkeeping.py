"""Phase 1, merchants plan: who opens, streams, pushes a link, and wins members for its group."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import ABSENT, OPEN, WAITING, Bytes, Floats, Ints, Longs, Shorts, StoreColumns
from ...state.compiled import kernel, rule
from ...state.ledger import CARRIED, COUNTER_JOINS, STARTED, WALK_INS, Ledger
from ...state.luck import decision, four_uniforms, uniform
from ...state.niches import candidate, catchment
from ...state.rules.ties import current_trust, find_tie, make_room, slot_to_fill, write_tie
from ...state.surfaces import NO_SURFACE
from ...state.ties import EMPTY, FOLLOWER, MEMBER, MET_OUTSIDE, STARTING, SUBSCRIBED, NewTie
from ...state.world import World
from ..community import become_member
from ..following import subscribe
from .streaming import begin_stream, go_on_air

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
def open_shops(stores: StoreColumns, homes: Longs, day: int) -> None:
    """Open the shops that arrive today. `homes` of shape (merchants,) is the platform on which each
    merchant opens, negative if it stays away."""
    for row in range(stores.status.shape[0]):
        home = homes[row % homes.shape[0]]
        if stores.status[row] == WAITING and stores.arrival[row] <= day and home >= 0:
            stores.status[row] = OPEN if home == stores.platform[row] else ABSENT


@kernel
def plan_the_day(
    world: World, pushes: Bytes, pushing_allowed: NDArray[np.bool_], hosted: NDArray[np.float64]
) -> None:
    """Settle who streams, for how long, and who pushes a link today; messages take no hours.

    `pushes` has shape (7, rows): who pushed on each of the last seven days; `pushing_allowed` and `hosted`
    (0 where merchants only send messages) have shape (platforms,).
    """
    stores, today = world.stores, world.day % WEEK
    for row in range(stores.status.shape[0]):
        platform = stores.platform[row]
        stores.live[row] = 0
        stores.pushing[row] = 0
        stores.hours[row] = 0.0
        if stores.status[row] == OPEN:
            luck = four_uniforms(world.key, PLAN, world.day, row, 0)
            stores.live[row] = goes_live(luck[0], stores.streams[row])
            if stores.live[row] and hosted[platform] > 0.0:
                begin_stream(stores, row, luck[2:], world.rules.streams.hours_sigma)
                go_on_air(world, row)
            stores.pushing[row] = (
                pushing_allowed[platform]
                and stores.live[row]
                and pushes_link(luck[1], stores.community_skill[row], world.rules.shopkeeping.push_per_stream)
            )
        stores.week_pushes[row] += stores.pushing[row] - pushes[today, row]
        pushes[today, row] = stores.pushing[row]


@rule
def add_subscription(world, ledger, viewer, new):
    """Give the viewer the tie `new`, which is a subscription."""
    slot = slot_to_fill(world.ties, viewer, world.day)
    make_room(world, ledger, viewer, slot)
    write_tie(world.ties, viewer, slot, new)
    world.viewers.fan_ties[viewer] += 1
    if new.flags & MEMBER:
        become_member(world, ledger, viewer, slot)


@kernel
def bring_private_domains(
    world: World, ledger: Ledger, arrival: Shorts, homes: Longs, domains: tuple[Longs, Ints, Floats]
) -> None:
    """Merchants who arrive today bring the following that they already have to their home.

    `arrival` and `homes`, of shape (merchants,), are the day and the platform of their first store.
    `domains` is (start, viewer, trust): rows ``start[m]`` to ``start[m + 1]`` belong to merchant m.
    """
    start, members, trusts = domains
    for merchant in range(homes.shape[0]):
        if arrival[merchant] != world.day or homes[merchant] < 0:
            continue
        row = homes[merchant] * homes.shape[0] + merchant
        for entry in range(start[merchant], start[merchant + 1]):
            trust = min(1.0, trusts[entry] * world.rules.trust.tie_strength)
            flags = SUBSCRIBED | STARTING | MEMBER | MET_OUTSIDE
            if world.pull.follow_on[world.stores.platform[row]] != NO_SURFACE:
                flags |= FOLLOWER
            add_subscription(world, ledger, members[entry], NewTie(row, trust, world.day, flags))
            ledger.stores[row, STARTED] += 1


@kernel
def bring_followers_along(
    world: World, ledger: Ledger, opening: Longs, carry_over: NDArray[np.float64]
) -> None:
    """Part of the following of a merchant that opens on a further platform follows it there too.

    `opening` of shape (merchants,) is the row of the store that opens today, negative without one;
    each follower comes along with chance `carry_over` (of shape (platforms,)) of that platform and
    brings its trust.
    """
    ties, merchants = world.ties, opening.shape[0]
    for viewer in range(ties.store.shape[0]):
        if world.viewers.fan_ties[viewer] == 0:
            continue
        for slot in range(ties.store.shape[1]):
            known = ties.store[viewer, slot]
            if known == EMPTY or not ties.flags[viewer, slot] & SUBSCRIBED:
                continue
            row = opening[known % merchants]
            if row < 0 or row == known or find_tie(ties, viewer, row) >= 0:
                continue
            if uniform(world.key, MOVE_ALONG, world.day, viewer, row) >= carry_over[row // merchants]:
                continue
            trust = current_trust(ties, viewer, slot, world.day, world.fading)
            flags = ties.flags[viewer, slot] & (SUBSCRIBED | MEMBER | FOLLOWER)
            add_subscription(world, ledger, viewer, NewTie(row, trust, world.day, flags))
            ledger.stores[row, CARRIED] += 1


class WalkIn(NamedTuple):
    """Who can be won outside the platform, and how many by whom."""

    members: NDArray[np.float64]  # (merchants,), persons a week
    stores: Longs  # (merchants,), platforms on which each is open, at least 1
    social_viewers: int  # viewers who have friends at all; they come first
    neighbourhood_size: int  # viewers


@kernel
def join_group(world: World, ledger: Ledger, store: int, viewer: int) -> None:
    """A customer met outside the platform joins the group, unless already in it."""
    ties, day = world.ties, world.day
    slot = find_tie(ties, viewer, store)
    if slot >= 0 and ties.flags[viewer, slot] & SUBSCRIBED:
        if not ties.flags[viewer, slot] & MEMBER:
            become_member(world, ledger, viewer, slot)
            ledger.totals[COUNTER_JOINS] += 1
        return
    if slot < 0:
        slot = slot_to_fill(ties, viewer, day)
        make_room(world, ledger, viewer, slot)
        write_tie(ties, viewer, slot, NewTie(store, 0.0, day, 0))
    ties.trust[viewer, slot] = current_trust(ties, viewer, slot, day, world.fading)
    ties.touched[viewer, slot] = day
    subscribe(world, viewer, slot, MEMBER)
    become_member(world, ledger, viewer, slot)
    ties.flags[viewer, slot] |= MET_OUTSIDE
    ledger.stores[store, WALK_INS] += 1
    ledger.totals[COUNTER_JOINS] += 1


@rule
def find_member(world, ledger, walk_in, store, joiner):
    """Draw candidates until one is interested in the store's category, and let that one join.

    At most eight are drawn; each is interested with a chance of its interest in the category.
    """
    stores, viewers = world.stores, world.viewers
    first, count = catchment(
        stores.neighbourhood[store],
        stores.style[store],
        world.arcs,
        walk_in.neighbourhood_size,
        walk_in.social_viewers,
    )
    for attempt in range(TRIES):
        lucks = four_uniforms(world.key, WALK_IN, world.day, store, joiner * TRIES + attempt)
        viewer = candidate(lucks[0], first, count, walk_in.social_viewers)
        if lucks[1] < viewers.interest[viewer, stores.category[store]]:
            join_group(world, ledger, store, viewer)
            break


@kernel
def welcome_walk_ins(world: World, ledger: Ledger, walk_in: WalkIn) -> None:
    """Community work: open shops win members for their groups outside the platform."""
    if walk_in.social_viewers == 0:
        return
    stores = world.stores
    for store in range(stores.status.shape[0]):
        if stores.status[store] != OPEN or not stores.counter[store]:
            continue
        luck, merchant = uniform(world.key, PLAN, world.day, store, 1), store % walk_in.stores.shape[0]
        count = walk_ins_today(
            luck,
            walk_in.members[merchant] * world.rules.community.joining,
            stores.community_skill[store],
            stores.community_work[store],
            walk_in.stores[merchant],
            world.people_per_viewer,
        )
        for joiner in range(count):
            find_member(world, ledger, walk_in, store, joiner)
