"""Each platform of the article does what makes it that platform."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from simulation.behaviour.merchants.bookkeeping import ADVERTISING
from simulation.measures import Outcome, measure_all
from simulation.state.ledger import ADS
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import finished, preset, scenario

PRESETS = (
    "tencent_live",
    "kandian_live",
    "now_live",
    "taobao_live",
    "douyin",
    "kuaishou",
    "jd_live",
    "suning_live",
    "pinduoduo",
    "xiaoe_pinpin",
    "wechat_channels",
)


@cache
def world(name: str) -> LiveCommerceModel:
    """A platform of the article after two months, on the same people and luck as every other."""
    return world_with(preset(name))


def world_with(table: dict[str, Any], **sections: Any) -> LiveCommerceModel:
    return finished(
        scenario(
            {"arm": table}, viewers=4_000, shops=120, days=60, world={"people_per_viewer": 20}, **sections
        )
    )


@cache
def measures(name: str) -> dict[str, float]:
    return measure_all(Outcome.from_model(world(name)))


def without(name: str, channel: str) -> dict[str, float]:
    """Measures of a platform whose channel has been closed."""
    table = preset(name)
    del table["channels"][channel]
    return measure_all(Outcome.from_model(world_with(table)))


def visits_by(name: str) -> dict[str, float]:
    found = measures(name)
    return {channel: found[f"visits_{channel}"] for channel in world(name).channel_names}


@pytest.mark.parametrize("name", PRESETS)
def test_every_way_into_a_room_of_every_platform_is_used(name: str) -> None:
    used = visits_by(name)
    assert used.keys() == preset(name)["channels"].keys()
    assert all(visits > 0 for visits in used.values()), used


def test_private_traffic_falls_from_tencent_to_kandian_to_now_to_douyin() -> None:
    shares = [
        measures(name)["private_traffic_share"]
        for name in ("tencent_live", "kandian_live", "now_live", "douyin")
    ]
    assert shares[0] == 1.0 and shares == sorted(shares, reverse=True)
    assert shares[1] > 1.5 * shares[3]


def test_nobody_finds_tencent_live_without_a_link() -> None:
    assert measures("tencent_live")["unreached_demand_share"] > 0.5
    assert measures("kandian_live")["unreached_demand_share"] < 0.2


def test_the_hot_list_of_taobao_live_makes_the_largest_room_larger() -> None:
    whole, closed = preset("taobao_live"), preset("taobao_live")
    del closed["channels"]["hot_list"]
    shares = [
        sum(
            measure_all(Outcome.from_model(world_with(table, seed=seed)))["top1_audience_share"]
            for seed in (7, 8, 9)
        )
        for table in (whole, closed)
    ]
    assert shares[0] > 1.02 * shares[1]


def test_advertisements_on_douyin_are_paid_for_and_go_to_those_who_pay() -> None:
    model = world("douyin")
    shown = model.journal.by_store[:, ADS]
    assert shown.sum() > 0 and model.journal.books[:, 0, ADVERTISING].sum() > 0
    assert not shown[model.cast.roster.ad_budget == 0].any()
    closed = without("douyin", "paid")
    payers = ("brand", "influencer")
    table = preset("douyin")
    del table["channels"]["paid"]
    for_pay, for_nothing = (
        [world_with(rules, seed=seed) for seed in (7, 8, 9)] for rules in (preset("douyin"), table)
    )
    bought, unpaid = (
        sum(visits_of(world_of, kind) for world_of in worlds for kind in payers)
        for worlds in (for_pay, for_nothing)
    )
    assert bought > unpaid
    assert "visits_paid" not in closed


def visits_of(model: LiveCommerceModel, kind: str) -> float:
    """Share of a kind of merchant in all visits."""
    outcome = Outcome.from_model(model)
    chosen = outcome.is_archetype(outcome.archetypes.index(kind))
    return outcome.merchant_counts("visits")[chosen].sum() / outcome.merchant_counts("visits").sum()


def test_kuaishou_s_cap_lowers_the_top_share_where_many_are_live() -> None:
    """With two categories a dozen rooms and more share each, so that a cap of a tenth can bind."""
    table = preset("kuaishou")
    capped = measure_all(Outcome.from_model(world_with(table, people={"categories": 2})))
    table["feed"] |= {"exposure_cap": 1.0}
    free = measure_all(Outcome.from_model(world_with(table, people={"categories": 2})))
    assert capped["top1_audience_share"] < 0.9 * free["top1_audience_share"]


@pytest.mark.parametrize("name", ["jd_live", "suning_live"])
def test_a_shop_with_shelves_is_entered_by_search_and_kind_to_newcomers(name: str) -> None:
    used = visits_by(name)
    assert max(used, key=lambda channel: used[channel]) == "search"
    assert used["search"] > 0.4 * sum(used.values())
    found, fed = measures(name), measures("douyin")
    assert found["audience_gini"] < fed["audience_gini"]
    assert found["newcomer_first_week_visits"] > fed["newcomer_first_week_visits"]


def test_group_buying_on_pinduoduo_brings_in_people_who_are_no_fans() -> None:
    outcome = Outcome.from_model(world("pinduoduo"))
    group = outcome.channels.index("group_buy")
    outside = outcome.count("outside", group) / outcome.count("visits", group)
    assert outside > 0.8
    assert outcome.total("group_orders").sum() > 0
    assert outcome.count("visits", group) > 0


def test_group_prices_are_lower_and_only_full_groups_get_them() -> None:
    """With groups that nobody can fill, orders are placed alone at the full price."""
    table = preset("pinduoduo")
    table["group_buy"] |= {"group_size": 20}
    alone = Outcome.from_model(world_with(table))
    full = Outcome.from_model(world("pinduoduo"))
    assert alone.total("group_orders").sum() == 0 and alone.count("orders") > 0
    assert full.total("group_orders").sum() > 0
    assert alone.total("group_joins").sum() > alone.count("orders")


def test_wechat_channels_recommends_and_lets_friends_and_groups_bring_people() -> None:
    """More private than Douyin and less than Tencent Live; the feed reaches those whom no link does."""
    shares = [
        measures(name)["private_traffic_share"] for name in ("tencent_live", "wechat_channels", "douyin")
    ]
    assert shares[0] > shares[1] > 1.5 * shares[2]
    used = visits_by("wechat_channels")
    assert used["recommend"] > used["follow"] and min(used["push"], used["share"]) > 0
    closed = without("wechat_channels", "recommend")
    assert closed["unreached_demand_share"] > measures("wechat_channels")["unreached_demand_share"] + 0.2


NOT_NUMBERS = ("name", "label", "label_zh", "colour", "operator", "sources", "launch_day")


@pytest.mark.parametrize("name", (*PRESETS, "tencent_live_plus_feed"))
def test_every_setting_of_a_preset_has_a_source_or_is_called_an_assumption(name: str) -> None:
    table = preset(name)
    settings = set(table) - set(NOT_NUMBERS)
    assert settings == set(table["sources"]) and {"link_friction", "channels", "commission"} <= settings
    assert all(len(source) > 5 for source in table["sources"].values())


def test_xiaoe_pinpin_has_no_public_entry_but_calls_to_groups_reach_outward() -> None:
    found = measures("xiaoe_pinpin")
    assert found["private_traffic_share"] == 1.0
    outcome = Outcome.from_model(world("xiaoe_pinpin"))
    group, push = (outcome.channels.index(name) for name in ("group_buy", "push"))
    outside = [outcome.count("outside", c) / outcome.count("visits", c) for c in (group, push)]
    assert outside[0] > 3 * outside[1]
