"""Merchants and their starting private domains, drawn once and identical in every arm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import special

from ...behaviour.occasions import occasions_today
from ...behaviour.place_and_need import delivery_area
from ...scenario.scenario import Scenario
from ...scenario.sections.platform import Platform
from ...state.columns import (
    COLUMN_TYPES,
    EVERYBODY,
    FEN,
    NEVER,
    NEVER_REVIEWED,
    WAITING,
    Floats,
    Ints,
    Longs,
    StoreColumns,
)
from ...state.compiled import compiled
from ...state.luck import decision, four_uniforms, uniform_array
from ...state.niches import WIDTH, candidate, catchment
from .numbers import by_merchant
from .viewers import Traits, neighbourhood_tastes

GOLDEN = 0.6180339887498949
FANS = decision("roster: starting fans")
TRIES, TRIES_OF_NAMED = 12, 1_000
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
    luck = uniform_array(key, decision("roster: arrivals of a day"), 0, world.days, 0)
    arriving = np.array([occasions_today(chance, rate, MOST_A_DAY) for chance in luck], np.int64)
    arriving[0] = world.merchants
    return np.repeat(np.arange(world.days), arriving).astype(np.int16)


class Draws:
    """Luck and archetypes of all merchants of a replication, a number each for every trait.

    Parameters
    ----------
    scenario : Scenario
    key : uint64
        Luck of the replication.
    count : int
        Merchants that will ever arrive.
    """

    def __init__(self, scenario: Scenario, key: np.uint64, count: int):
        self._scenario, self._key, self._count = scenario, key, count
        self._kinds = list(scenario.merchants.kinds.values())
        # Steps of the golden ratio spread archetypes evenly over any run of merchants.
        offset = uniform_array(key, decision("roster: offset"), 0, 1, 0)[0]
        position = (offset + GOLDEN * np.arange(count)) % 1.0
        shares = np.cumsum([kind.share for kind in self._kinds])
        last = len(self._kinds) - 1
        self.archetype = np.minimum(np.searchsorted(shares, position, side="right"), last)

    def luck(self, name: str) -> np.ndarray:
        """A uniform number in (0, 1) for each merchant."""
        return uniform_array(self._key, decision(f"roster: {name}"), 0, self._count, 0)

    def normal(self, name: str) -> np.ndarray:
        """A standard normal number for each merchant."""
        return special.ndtri(self.luck(name))

    def typical(self, name: str) -> np.ndarray:
        """What the archetype of each merchant has."""
        return np.array([getattr(kind, name) for kind in self._kinds], float)[self.archetype]

    def around(self, name: str) -> Floats:
        """A trait from 0 to 1, spread around what is typical."""
        spread = self._scenario.merchants.trait_spread * self.normal(name)
        return np.clip(self.typical(name) + spread, 0.0, 1.0).astype(np.float32)


def draw_roster(scenario: Scenario, key: np.uint64) -> StoreColumns:
    """Draw every merchant that will ever arrive; `starting_fans` is what it hopes to bring."""
    arrival = arrival_days(scenario, key)
    count = len(arrival)
    draws = Draws(scenario, key, count)
    relative_price = draws.typical("price_sigma") * draws.normal("price")
    usual_price = scenario.merchants.price_level * draws.typical("price_median")
    price = np.maximum(1, np.round(usual_price * np.exp(relative_price) * FEN))
    cash = draws.typical("cash") * np.exp(scenario.merchants.cash_sigma * draws.normal("cash"))
    homes = home_neighbourhoods(scenario, draws.luck("neighbourhood"), draws.typical("local") > 0)
    first, last = areas(scenario, homes, draws.typical("radius"))
    fans, merchants = wanted_fans(scenario, draws), scenario.merchants
    knows_nobody = (fans == 0) & (draws.luck("counter") >= merchants.counter_share)
    runs_no_group = (fans == 0) & (draws.luck("community") < merchants.without_community)
    return blank_stores(count)._replace(
        archetype=draws.archetype.astype(np.uint8),
        category=(draws.luck("category") * scenario.people.categories).astype(np.int16),
        style=styles(scenario, draws.luck("style"), homes, key),
        neighbourhood=homes,
        sells_from=first,
        sells_to=last,
        quality=draws.around("quality"),
        host_skill=draws.around("host_skill"),
        community_skill=draws.around("community_skill"),
        price=price.astype(np.int64),
        relative_price=relative_price.astype(np.float32),
        margin=draws.typical("margin"),
        arrival=arrival,
        starting_fans=fans,
        fanless=(fans == 0).astype(np.uint8),
        counter=(~knows_nobody).astype(np.uint8),
        community_work=(~runs_no_group).astype(float),
        streams=draws.typical("streams_per_week"),
        usual_hours=draws.typical("hours"),
        relative_hours=draws.typical("hours") / usual_hours(scenario),
        products=draws.typical("products").astype(np.int32),
        cash=np.round(cash * FEN).astype(np.int64),
        ad_budget=draws.typical("ad_budget") * FEN,
    )


def usual_hours(scenario: Scenario) -> float:
    """Median hours of a stream, mean over kinds of merchant by their shares."""
    return sum(kind.share * kind.hours for kind in scenario.merchants.kinds.values())


def wanted_fans(scenario: Scenario, draws: Draws) -> Longs:
    """Persons that each merchant hopes to bring: lognormal, none for some, at most a share of all."""
    fans = draws.typical("fans_median") * np.exp(draws.typical("fans_sigma") * draws.normal("fans"))
    persons = scenario.world.social_viewers * scenario.world.people_per_viewer
    fans = np.minimum(fans, scenario.merchants.largest_private_domain * persons)
    fans[draws.luck("fanless") < draws.typical("fanless_share")] = 0.0
    return np.round(fans).astype(np.int64)


def home_neighbourhoods(scenario: Scenario, luck: np.ndarray, local: np.ndarray) -> Ints:
    """Neighbourhood of each local merchant's customers; -1 for a merchant that is not local."""
    homes = (luck * _neighbourhoods(scenario)).astype(np.int32)
    homes[~local] = -1
    return homes


def styles(scenario: Scenario, luck: np.ndarray, homes: Ints, key: np.uint64) -> Floats:
    """Style of each merchant on the circle of tastes; a local merchant's suits its neighbourhood."""
    arcs = scenario.arcs
    if arcs == 1:
        return luck.astype(np.float32)
    near = neighbourhood_tastes(_neighbourhoods(scenario), arcs, key)[homes] + WIDTH * (luck - 0.5)
    return (np.where(homes >= 0, near, luck * arcs) % arcs).astype(np.float32)


def areas(scenario: Scenario, homes: Ints, radius: np.ndarray) -> tuple[Ints, Ints]:
    """Where each merchant's goods can be had, see `delivery_area`; `radius` in persons."""
    size = scenario.friendships.neighbourhood_size
    return delivery_area(
        homes, radius / scenario.world.people_per_viewer, size, scenario.world.social_viewers
    )


def _neighbourhoods(scenario: Scenario) -> int:
    """Neighbourhoods in which viewers have friends, at least 1."""
    return max(1, -(-scenario.world.social_viewers // scenario.friendships.neighbourhood_size))


STARTING_VALUES = {
    "status": WAITING,
    "last_profit": NEVER_REVIEWED,
    "community_work": 1,
    "counter": 1,
    "work_direction": 1,
    "first_order": NEVER,
    "last_day": NEVER,
    "sells_to": EVERYBODY,
    "relative_hours": 1,
    "length": 1,
    "products": 1,
    "limit": 1,
}
"""What columns hold before the first day; 0 where nothing is said."""


def blank_stores(count: int) -> StoreColumns:
    """Columns of `count` stores before anything has been drawn or has happened."""
    return StoreColumns(
        **{name: np.full(count, STARTING_VALUES.get(name, 0), kind) for name, kind in COLUMN_TYPES.items()}
    )


def stores(roster: StoreColumns, platforms: Sequence[Platform]) -> StoreColumns:
    """Columns of one arm: a row for each merchant on each platform, see `StoreColumns`.

    A merchant's cash lies with the row of the first platform; accounts are added up.
    """
    count, many = len(roster.archetype), len(platforms)
    columns = StoreColumns(**{name: np.tile(column, many) for name, column in roster._asdict().items()})
    columns.platform[:] = np.repeat(np.arange(many), count)
    columns.cash[count:] = 0
    without_streams(columns, platforms)
    return columns


def without_streams(stores: StoreColumns, platforms: Sequence[Platform]) -> None:
    """Where merchants only send messages a host's skill is worth nothing, no audience is remembered or seen,
    and no stream has been longer or shorter than usual, whatever has gone before day 0."""
    silent = np.array([not platform.live for platform in platforms])[stores.platform]
    for name in ("host_skill", "heat", "crowd_cue", "length", "on_air"):
        getattr(stores, name)[silent] = STARTING_VALUES.get(name, 0)


def draw_private_domains(
    scenario: Scenario, roster: StoreColumns, traits: Traits, key: np.uint64
) -> PrivateDomains:
    """Find the viewers that each merchant brings along; sets ``roster.starting_fans`` to persons found.

    Candidates (neighbours for a local merchant, else anybody) join if interested in the category;
    trust is ``fans_trust * 2 * inclination to trust``, at most 1. For a merchant with a name they are
    drawn for longer, as it is to have the members that it is said to have.
    """
    world = scenario.world
    social = world.social_viewers
    count = len(roster.arrival)
    luck = uniform_array(key, decision("roster: rounding of fans"), 0, count, 0)
    wanted = np.floor(roster.starting_fans / world.people_per_viewer + luck).astype(np.int64)
    size = scenario.friendships.neighbourhood_size
    tries = np.full(count, TRIES)
    tries[count - len(scenario.merchants.named_merchants) :] = TRIES_OF_NAMED
    start = np.zeros(count + 1, np.int64)
    members = np.empty(int(wanted.sum()), np.int32)
    if social > 0:
        wishes = Wishes(
            wanted, tries, roster.neighbourhood, roster.category, roster.style, scenario.arcs, social, size
        )
        found = _find_members(wishes, traits.interest, key, start, members)
    else:
        found = 0
    members = members[:found]
    roster.starting_fans[:] = np.round(np.diff(start) * world.people_per_viewer)
    trust = by_merchant(scenario, roster.archetype, "members_trust")
    owner = np.repeat(np.arange(count), np.diff(start))
    trusts = np.minimum(1.0, trust[owner] * 2.0 * traits.trusting[members])
    return PrivateDomains(start, members, trusts.astype(np.float32))


class Wishes(NamedTuple):
    """Whom merchants look for; arrays of shape (merchants,)."""

    wanted: Longs  # viewers
    tries: Longs  # most candidates per wanted member
    neighbourhood: Ints  # -1 if anybody will do
    category: np.ndarray
    style: Floats
    arcs: int
    social: int  # viewers who have friends; they come first
    size: int  # viewers in a neighbourhood


@compiled
def _find_members(wishes, interest, key, start, members):
    """Fill `members` merchant by merchant, with at most ``tries`` candidates per wanted member."""
    taken = np.full(wishes.social, -1, np.int32)
    found = 0
    for merchant in range(wishes.wanted.shape[0]):
        first, count = catchment(
            wishes.neighbourhood[merchant], wishes.style[merchant], wishes.arcs, wishes.size, wishes.social
        )
        joined = 0
        for attempt in range(wishes.wanted[merchant] * wishes.tries[merchant]):
            if joined == wishes.wanted[merchant]:
                break
            luck = four_uniforms(key, FANS, 0, merchant, attempt)
            viewer = candidate(luck[0], first, count, wishes.social)
            if taken[viewer] != merchant and luck[1] < interest[viewer, wishes.category[merchant]]:
                taken[viewer] = merchant
                members[found] = viewer
                found += 1
                joined += 1
        start[merchant + 1] = found
    return found
