"""Merchants with a name live in every arm, and what is known of them comes out as it was said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.measures import Outcome, measure_all
from simulation.measures.tables import merchant_table
from simulation.world.cast.cast import draw_cast
from tests.support.worlds import finished, platform, preset, same_shops, scenario

STALL = {"name": "stall", "kind": "community_vendor", "category": 2}
BOOTH = {"name": "booth", "kind": "brand", "category": 1, "local": True, "members": 10, "arrival_day": 3}
TOWN: dict[str, Any] = {"people": {"categories": 4}, "world": {"people_per_viewer": 1.0}}
QUIET: dict[str, Any] = {
    "people": {"categories": 4, "activity_mean": 0.0},
    "shopkeeping": {"arrivals": 0.0, "stream_step": 0.0, "push_per_stream": 0.0},
    "following": {"leave_rate": 0.0, "fade_floor": 0.0, "annoyance": 0.0},
    "world": {"people_per_viewer": 1.0},
}


def with_named(*named: dict[str, Any], **merchants: Any) -> dict[str, Any]:
    return {"merchants": merchants | {"named": list(named)}}


def test_those_who_are_drawn_stay_as_they_are() -> None:
    arms = {"a": preset("taobao_live")}
    alone = draw_cast(scenario(arms, days=30, **TOWN))
    joined = draw_cast(scenario(arms, days=30, **TOWN, **with_named(STALL | {"members": 40}, BOOTH)))
    many = len(alone.roster.arrival)
    assert len(joined.roster.arrival) == many + 2
    for name, column in alone.roster._asdict().items():
        assert np.array_equal(column, getattr(joined.roster, name)[:many]), name
    fans = alone.private_domains.start[-1]
    assert np.array_equal(alone.private_domains.start, joined.private_domains.start[: many + 1])
    for name in ("viewer", "trust"):
        before, after = (getattr(cast.private_domains, name) for cast in (alone, joined))
        assert np.array_equal(before, after[:fans]), name


def test_it_has_the_numbers_that_it_gives_and_else_its_kind_s() -> None:
    settings = scenario(
        {"a": preset("taobao_live")}, **TOWN, **with_named(STALL | {"members": 40}, BOOTH | {"price": 12.5})
    )
    roster, kinds = draw_cast(settings).roster, settings.merchants.kinds
    stall, booth = len(roster.arrival) - 2, len(roster.arrival) - 1
    vendor, brand = kinds["community_vendor"], kinds["brand"]
    usual = settings.merchants.price_level * vendor.price_median
    assert roster.price[stall] == round(100 * usual) and roster.relative_price[stall] == 0
    assert roster.price[booth] == 1_250
    assert roster.relative_price[booth] == pytest.approx(np.log(12.5 / (0.65 * brand.price_median)))
    assert roster.quality[stall] == pytest.approx(vendor.quality)
    assert roster.cash[booth] == 100 * brand.cash and roster.arrival[booth] == 3
    assert list(roster.category[[stall, booth]]) == [2, 1]
    assert (roster.neighbourhood[[stall, booth]] >= 0).all()


@pytest.mark.parametrize("replicate", range(3))
def test_a_local_one_has_all_its_members_among_the_neighbours(replicate: int) -> None:
    town = TOWN | {"friendships": {"neighbourhood_size": 70}}
    stall = with_named(STALL | {"members": 60, "members_trust": 0.25})
    cast = draw_cast(scenario({"a": preset("taobao_live")}, **town, **stall), replicate)
    first = 70 * cast.roster.neighbourhood[-1]
    members = cast.private_domains.viewer[cast.private_domains.start[-2] :]
    assert len(set(members)) == 60 == cast.roster.starting_fans[-1]
    assert members.min() >= first and members.max() < first + 70
    trust = cast.private_domains.trust[cast.private_domains.start[-2] :]
    assert trust == pytest.approx(np.minimum(1.0, 0.5 * cast.traits.trusting[members]))


def test_its_costs_are_its_own_to_the_fen() -> None:
    """Nobody watches: 10 CNY a stream, one a day, 2.50 CNY a day, and .30 CNY a month for each of 20."""
    stall = STALL | {"members": 20, "streams_per_week": 7, "stream_cost": 10, "daily_cost": 2.5}
    world = finished(
        scenario(
            {"a": preset("taobao_live")},
            days=60,
            **QUIET | {"shopkeeping": QUIET["shopkeeping"] | {"group_cost": 0.3}},
            **with_named(stall | {"walk_in_members": 0, "cash": 10_000}, **same_shops()),
        )
    )
    measures = measure_all(Outcome.from_model(world))
    assert measures["named_profit_stall"] == pytest.approx(-(10 + 2.5 + 0.3 / 30 * 20) * 30)
    assert measures["named_members_stall"] == 20
    assert measures["named_visits_stall"] == measures["named_orders_stall"] == 0
    assert (world.stores.profit[:-1] == 0).all()


def test_its_table_row_has_its_name_and_its_measures_are_that_row_a_month() -> None:
    arms = {"a": platform({"recommend": 1.0})}
    town = TOWN | {"purchase": {"intercept": 0.0}}
    world = finished(scenario(arms, days=20, **town, **with_named(STALL | {"members": 30}, BOOTH)))
    outcome = Outcome.from_model(world)
    table, measures = merchant_table(outcome).set_index("name"), measure_all(outcome)
    assert table.index.dropna().tolist() == ["stall", "booth"]
    for name, days in (("stall", 20), ("booth", 17)):
        row = table.loc[name]
        assert row["orders"] > 0
        for what in ("visits", "orders", "profit"):
            assert measures[f"named_{what}_{name}"] == pytest.approx(row[what] * 30 / days)
        assert measures[f"named_members_{name}"] == row["fans"]
    assert not {"named_profit", "named_visits"} & measures.keys()


def test_it_comes_though_newcomers_stay_away() -> None:
    late = STALL | {"arrival_day": 9, "members": 5}
    ruin = same_shops(daily_cost=1_000.0, cash=1.0) | {"named": [late | {"cash": 1e6}]}
    rules = {"shopkeeping": {"arrival_response": 1.0, "arrivals": 50.0}}
    world = finished(scenario({"a": preset("taobao_live")}, days=15, merchants=ruin, **rules))
    waiting = world.stores.status == 0
    assert waiting.any() and not waiting[-1]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_one_without_members_begins_as_those_do_who_bring_nobody(share: float) -> None:
    alone, known = STALL | {"members": 0}, BOOTH | {"members": 1}
    shops = with_named(alone, known, counter_share=1 - share, without_community=share)
    roster = draw_cast(scenario({"a": preset("taobao_live")}, **TOWN, **shops)).roster
    assert roster.fanless[-2:].tolist() == [1, 0]
    assert roster.community_work[-2:].tolist() == [1 - share, 1.0]
    assert roster.counter[-2:].tolist() == [1 - share, 1]
