"""Merchants with a name, who join the cast after those that are drawn."""

from __future__ import annotations

import numpy as np

from ...scenario.scenario import Scenario
from ...scenario.sections.merchants import NamedMerchant
from ...state.columns import FEN, StoreColumns
from ...state.luck import decision, uniform_array
from .merchants import areas, blank_stores, home_neighbourhoods, styles, usual_hours
from .numbers import own


def with_named(scenario: Scenario, roster: StoreColumns, key: np.uint64) -> StoreColumns:
    """The roster with a row for each merchant with a name after those that were drawn.

    Neither what is drawn of the others nor their luck changes.
    """
    named = scenario.merchants.named_merchants
    if not named:
        return roster
    rows = blank_stores(len(named))
    for place, entry in enumerate(named):
        for name, value in _traits(scenario, entry, key).items():
            getattr(rows, name)[place] = value
    return StoreColumns(
        **{name: np.concatenate([column, getattr(rows, name)]) for name, column in roster._asdict().items()}
    )


def _traits(scenario: Scenario, entry: NamedMerchant, key: np.uint64) -> dict[str, float]:
    """What the columns of one merchant with a name hold beyond what they hold at the start of any."""

    def luck(what: str) -> np.ndarray:
        return uniform_array(key, decision(f"roster: {what} of {entry.name}"), 0, 1, 0)

    kind, price = scenario.merchants.kinds[entry.kind], own(scenario, entry, "price")
    home = _home(scenario, luck("neighbourhood"), own(scenario, entry, "local") > 0)
    first, last = areas(scenario, home, np.array([own(scenario, entry, "radius")]))
    members, merchants = round(own(scenario, entry, "members")), scenario.merchants
    knows_nobody = members == 0 and luck("counter")[0] >= merchants.counter_share
    runs_no_group = members == 0 and luck("community")[0] < merchants.without_community
    traits = ("quality", "host_skill", "community_skill", "margin")
    return {name: own(scenario, entry, name) for name in traits} | {
        "archetype": list(scenario.merchants.kinds).index(entry.kind),
        "category": _category(scenario, entry, luck("category")),
        "style": styles(scenario, luck("style"), home, key)[0],
        "neighbourhood": home[0],
        "sells_from": first[0],
        "sells_to": last[0],
        "price": max(1, round(price * FEN)),
        "relative_price": np.log(price / (scenario.merchants.price_level * kind.price_median)),
        "arrival": entry.arrival_day,
        "starting_fans": members,
        "fanless": members == 0,
        "counter": not knows_nobody,
        "community_work": not runs_no_group,
        "streams": own(scenario, entry, "streams_per_week"),
        "usual_hours": own(scenario, entry, "hours"),
        "relative_hours": own(scenario, entry, "hours") / usual_hours(scenario),
        "products": own(scenario, entry, "products"),
        "cash": round(own(scenario, entry, "cash") * FEN),
        "ad_budget": own(scenario, entry, "ad_budget") * FEN,
    }


def _category(scenario: Scenario, entry: NamedMerchant, luck: np.ndarray) -> int:
    """Its kind of goods: what it says, or else one drawn evenly, the same in all arms of a world."""
    if entry.category is not None:
        return entry.category
    return int(luck[0] * scenario.people.categories)


def _home(scenario: Scenario, luck: np.ndarray, local: bool) -> np.ndarray:
    """Neighbourhood of one merchant, never the last one if that is smaller than others; -1 if not local."""
    whole = scenario.world.social_viewers // scenario.friendships.neighbourhood_size
    return np.minimum(home_neighbourhoods(scenario, luck, np.array([local])), max(0, whole - 1))
