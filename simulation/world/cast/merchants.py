"""Merchants and their starting private domains, drawn once and identical in every arm."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from scipy import special

from ...behaviour.occasions import occasions_today
from ...scenario.scenario import Scenario
from ...state.columns import FEN, NEVER, NEVER_REVIEWED, WAITING, Floats, Ints, Longs, StoreColumns
from ...state.compiled import CACHED
from ...state.luck import decision, four_uniforms, uniforms_of_many
from .viewers import Traits

GOLDEN = 0.6180339887498949
FANS = decision("roster: starting fans")
TRIES = 12
MOST_A_DAY = 1_000


class PrivateDomains(NamedTuple):
    """Starting followings: rows ``start[m]`` to ``start[m + 1]`` belong to merchant m."""

    start: Longs
    viewer: Ints
    trust: Floats


def arrival_days(scenario: Scenario, key: np.uint64) -> np.ndarray:
    """Day of arrival of every merchant, ascending: 0 for the first, then a Poisson stream."""
    world = scenario.world
    rate = scenario.shopkeeping.arrivals * world.merchants / 365.0
    luck = uniforms_of_many(key, decision("roster: arrivals of a day"), 0, world.days, 0)
    arriving = np.array([occasions_today(chance, rate, MOST_A_DAY) for chance in luck], np.int64)
    arriving[0] = world.merchants
    return np.repeat(np.arange(world.days), arriving).astype(np.int16)


def draw_roster(scenario: Scenario, key: np.uint64) -> StoreColumns:
    """Draw every merchant that will ever arrive; `starting_fans` is what it hopes to bring."""
    arrival = arrival_days(scenario, key)
    count = len(arrival)

    def luck(name: str) -> np.ndarray:
        return uniforms_of_many(key, decision(f"roster: {name}"), 0, count, 0)

    kinds = list(scenario.merchants.kinds.values())
    # Steps of the golden ratio spread archetypes evenly over any run of merchants.
    offset = uniforms_of_many(key, decision("roster: offset"), 0, 1, 0)[0]
    position = (offset + GOLDEN * np.arange(count)) % 1.0
    shares = np.cumsum([kind.share for kind in kinds])
    archetype = np.minimum(np.searchsorted(shares, position, side="right"), len(kinds) - 1)

    def of_kind(name: str) -> np.ndarray:
        return np.array([getattr(kind, name) for kind in kinds], float)[archetype]

    def around(name: str) -> Floats:
        spread = scenario.merchants.trait_spread * special.ndtri(luck(name))
        return np.clip(of_kind(name) + spread, 0.0, 1.0).astype(np.float32)

    relative_price = of_kind("price_sigma") * special.ndtri(luck("price"))
    usual_price = scenario.merchants.price_level * of_kind("price_median")
    price = np.maximum(1, np.round(usual_price * np.exp(relative_price) * FEN))
    cash = of_kind("cash") * np.exp(
        scenario.merchants.cash_sigma * special.ndtri(luck("cash"))
    )
    wanted = of_kind("fans_median") * np.exp(of_kind("fans_sigma") * special.ndtri(luck("fans")))
    social = scenario.world.viewers - scenario.world.isolated_viewers
    persons = social * scenario.world.people_per_viewer
    wanted = np.minimum(wanted, scenario.merchants.largest_private_domain * persons)
    wanted[luck("fanless") < of_kind("fanless_share")] = 0.0
    neighbourhoods = max(1, -(-social // scenario.friendships.neighbourhood_size))
    neighbourhood = (luck("neighbourhood") * neighbourhoods).astype(np.int32)
    neighbourhood[of_kind("local") == 0] = -1
    zeros, none = np.zeros(count), np.zeros(count, np.int64)
    return StoreColumns(
        platform=np.zeros(count, np.uint8),
        archetype=archetype.astype(np.uint8),
        category=(luck("category") * scenario.people.categories).astype(np.int16),
        style=luck("style").astype(np.float32),
        neighbourhood=neighbourhood,
        quality=around("quality"),
        host_skill=around("host_skill"),
        community_skill=around("community_skill"),
        price=price.astype(np.int64),
        relative_price=relative_price.astype(np.float32),
        margin=of_kind("margin"),
        arrival=arrival,
        starting_fans=np.round(wanted).astype(np.int64),
        streams=of_kind("streams_per_week"),
        status=np.full(count, WAITING, np.uint8),
        live=np.zeros(count, np.uint8),
        pushing=np.zeros(count, np.uint8),
        week_pushes=np.zeros(count, np.int16),
        heat=zeros.copy(),
        crowd_cue=np.zeros(count, np.float32),
        fans=none.copy(),
        cash=np.round(cash * FEN).astype(np.int64),
        profit=none.copy(),
        review_profit=none.copy(),
        last_profit=np.full(count, NEVER_REVIEWED),
        losses=np.zeros(count, np.uint8),
        community_work=np.ones(count),
        work_direction=np.ones(count),
        ad_budget=of_kind("ad_budget") * FEN,
        ad_seen=zeros.copy(),
        ad_earned=zeros.copy(),
        ad_result=none.copy(),
        first_order=np.full(count, NEVER, np.int16),
        last_day=np.full(count, NEVER, np.int16),
    )


def stores(roster: StoreColumns, platforms: int) -> StoreColumns:
    """Columns of one arm: a row for each merchant on each platform, see `StoreColumns`.

    A merchant's cash lies with the row of the first platform; accounts are added up.
    """
    count = len(roster.archetype)
    columns = StoreColumns(
        **{name: np.tile(column, platforms) for name, column in roster._asdict().items()}
    )
    columns.platform[:] = np.repeat(np.arange(platforms), count)
    columns.cash[count:] = 0
    return columns


def draw_private_domains(
    scenario: Scenario, roster: StoreColumns, traits: Traits, key: np.uint64
) -> PrivateDomains:
    """Find the viewers that each merchant brings along; sets ``roster.starting_fans`` to persons found.

    Candidates (neighbours for a local merchant, else anybody) join if interested in the category;
    trust is ``fans_trust * 2 * inclination to trust``, at most 1.
    """
    world = scenario.world
    social = world.viewers - world.isolated_viewers
    count = len(roster.arrival)
    luck = uniforms_of_many(key, decision("roster: rounding of fans"), 0, count, 0)
    wanted = np.floor(roster.starting_fans / world.people_per_viewer + luck).astype(np.int64)
    size = scenario.friendships.neighbourhood_size
    start = np.zeros(count + 1, np.int64)
    members = np.empty(int(wanted.sum()), np.int32)
    if social > 0:
        found = _find_members(
            wanted, roster.neighbourhood, roster.category, traits.interest, social, size, key,
            start, members,
        )
    else:
        found = 0
    members = members[:found]
    roster.starting_fans[:] = np.round(np.diff(start) * world.people_per_viewer)
    trust = np.array([kind.fans_trust for kind in scenario.merchants.kinds.values()])
    owner = np.repeat(np.arange(count), np.diff(start))
    trusts = np.minimum(1.0, trust[roster.archetype[owner]] * 2.0 * traits.trusting[members])
    return PrivateDomains(start, members, trusts.astype(np.float32))


@njit(cache=CACHED)
def _find_members(wanted, neighbourhoods, categories, interest, social, size, key, start, members):
    """Fill `members` merchant by merchant; at most twelve candidates per wanted member."""
    taken = np.full(social, -1, np.int32)
    found = 0
    for merchant in range(wanted.shape[0]):
        first, many = 0, social
        if neighbourhoods[merchant] >= 0:
            first = neighbourhoods[merchant] * size
            many = min(size, social - first)
        joined = 0
        for attempt in range(wanted[merchant] * TRIES):
            if joined == wanted[merchant]:
                break
            luck = four_uniforms(key, FANS, 0, merchant, attempt)
            viewer = first + min(int(luck[0] * many), many - 1)
            if taken[viewer] != merchant and luck[1] < interest[viewer, categories[merchant]]:
                taken[viewer] = merchant
                members[found] = viewer
                found += 1
                joined += 1
        start[merchant + 1] = found
    return found
