"""Several platforms in one world: what must be so whatever the parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.claims.reading import check_table
from simulation.measures import Outcome, measure_all
from simulation.scenario import Scenario
from simulation.state.columns import OPEN
from simulation.state.ledger import CARRIED
from simulation.state.luck import replicate_key
from simulation.world.agents.kinds import Fan, Merchant
from simulation.world.cast.cast import draw_cast
from simulation.world.invariants.checks import check_invariants
from simulation.world.marketplace import turns
from tests.support.stated_world import stated
from tests.support.worlds import build_model, differences, everything_written, finished, preset

WORLD = {"viewers": 1_500, "merchants": 60, "days": 40, "people_per_viewer": 20}


def question(*arms: dict[str, Any], days: int = 40, **sections: Any) -> Scenario:
    named = [{"name": f"arm_{place}"} | arm for place, arm in enumerate(arms)]
    table = {"name": "t", "title": "T", "article_claims": False, "world": WORLD | {"days": days}}
    return check_table(table | {"arms": named} | stated(**sections), "test")


def served(*names: str, **launches: int) -> list[dict[str, Any]]:
    return [preset(name) | {"launch_day": launches.get(name, 0)} for name in names]


@pytest.mark.parametrize("name", ["taobao_live", "tencent_live", "pinduoduo", "jd_live"])
def test_a_market_with_one_platform_is_the_parallel_world_of_that_platform(name: str) -> None:
    both = question({"platform": preset(name)}, {"platforms": served(name)})
    assert differences(everything_written(finished(both, 0)), everything_written(finished(both, 1))) == []


def test_a_platform_without_shops_changes_nothing() -> None:
    both = question(
        {"platform": preset("taobao_live")}, {"platforms": served("taobao_live", "douyin", douyin=30)}
    )
    cast = draw_cast(both)
    alone, before = build_model(both, 0, cast), build_model(both, 1, cast)
    surfaces = len(alone.channel_names)
    for day in range(40):
        alone.step()
        before.step()
        same = (
            np.array_equal(alone.journal.channels[day], before.journal.channels[day, :surfaces])
            and not before.journal.channels[day, surfaces:].any()
        )
        here = (before.stores.status.reshape(2, -1)[1] == OPEN).any()
        assert same or here, day
    assert here and not same


def test_which_of_two_rivals_is_opened_first_depends_on_no_third() -> None:
    """One that stays out of the market leaves both as they were, to the bit."""
    third = preset("tencent_live") | {"stays_out": True}
    rivals = served("taobao_live", "douyin")
    both = question({"platforms": rivals}, {"platforms": [*rivals, third]})
    two, three = finished(both, 0), finished(both, 1)
    surfaces = len(two.channel_names)
    assert two.journal.channels.sum() > 0
    assert np.array_equal(two.journal.channels, three.journal.channels[:, :surfaces])
    assert not three.journal.channels[:, surfaces:].any()


def test_rivals_take_turns_at_being_opened_first() -> None:
    key = replicate_key(7, 0)
    first = [int(turns(["a", "b", "c"], key, day)[0]) for day in range(300)]
    assert min(np.bincount(first, minlength=3)) > 70
    without = [list(turns(["a", "c"], key, day)) for day in range(50)]
    assert [[0, 2][place] for day in without for place in day] == [
        place for day in range(50) for place in turns(["a", "b", "c"], key, day) if place != 1
    ]


def test_merchants_open_on_the_new_platform_and_bring_part_of_their_following() -> None:
    launch = question({"platforms": served("taobao_live", "kuaishou", kuaishou=20)}, days=60)
    model = build_model(launch)
    while model.day < model.days:
        model.step()
        check_invariants(model)
    opened = {merchant for day, merchant, platform in model.journal.opened if platform == 1}
    assert opened and min(day for day, *_ in model.journal.opened) >= 19
    carried = model.journal.by_store[:, CARRIED].reshape(2, -1)
    assert carried[1].sum() > 0 and set(np.flatnonzero(carried[1])) <= opened
    assert carried[1].sum() < model.journal.by_store[:, 9:12].reshape(2, -1, 3)[0].sum() + carried.sum()


@pytest.mark.parametrize(("carry_over", "expected"), [(0.0, 0.0), (1.0, 1.0)])
def test_a_following_moves_with_the_loss_that_is_set(carry_over: float, expected: float) -> None:
    """With all of it carried over, a store begins with every follower that the merchant has."""
    platforms = served("taobao_live", "kuaishou", kuaishou=10)
    platforms[1]["carry_over"] = carry_over
    model = build_model(question({"platforms": platforms}, market={"entry_rate": 1.0}))
    while not model.journal.opened:
        model.step()
    (day, merchant, _), *_ = [move for move in model.journal.opened if move[2] == 1] or [(0, 0, 0)]
    fans = model.stores.fans[merchant]
    model.step()
    carried = model.journal.by_store[model.merchant_count + merchant, CARRIED]
    assert model.day == day + 2
    assert carried == round(expected * fans)


def test_habits_hold_viewers_where_they_began() -> None:
    """The stronger habits are, the less attention a platform gets that opens later."""

    def late_attention(strength: float) -> float:
        settings = question(
            {"platforms": served("taobao_live", "kuaishou", kuaishou=30)}, market={"habit_strength": strength}
        )
        return float(finished(settings).journal.attention[-1, 1])

    free, bound = late_attention(0.0), late_attention(20.0)
    openings = [1.0 + 3 * 0.2, (1.0 + 3 * 0.3) * 3 / 5]  # own app, messenger by link friction, daily users
    assert free == pytest.approx(openings[1] / sum(openings)) and bound < 0.5 * free


def test_merchants_leave_where_they_lose_and_keep_a_last_store() -> None:
    """Everybody loses on a platform that takes all revenue; nobody gives up its only store."""
    platforms = served("taobao_live", "kuaishou")
    platforms[1]["commission"] = 1.0
    settings = question(
        {"platforms": platforms},
        days=120,
        market={"patience": 2},
        shopkeeping={"review_days": 7},
        merchants={"cash_sigma": 0.0, "price_level": 2.0},
    )
    model = finished(settings)
    left = [platform for _, _, platform in model.journal.closed]
    assert left.count(1) > left.count(0)
    status = model.stores.status.reshape(2, -1)
    in_business = ~(status == 2).any(axis=0) & (status != 0).any(axis=0)
    assert ((status == OPEN).any(axis=0) == in_business).all()


def test_money_visits_and_attention_of_platforms_sum_to_the_market() -> None:
    settings = question({"platforms": served("taobao_live", "jd_live", "pinduoduo", "tencent_live")})
    outcome = Outcome.from_model(finished(settings))
    found = measure_all(outcome)
    names = [platform.name for platform in outcome.platforms]
    assert sum(found[f"platform_gmv_{name}"] for name in names) == pytest.approx(found["gmv"])
    assert sum(found[f"market_share_{name}"] for name in names) == pytest.approx(1)
    assert found["visit_share"] == max(found[f"visit_share_{name}"] for name in names)
    assert found["merchants_served"] <= sum(found[f"merchants_served_{name}"] for name in names)
    best = max(names, key=lambda name: found[f"visit_share_{name}"])
    assert found[f"lead_{best}"] > 0 and sum(found[f"lead_{name}"] > 0 for name in names) == 1
    assert 0 < found["multi_homing_viewers"] <= 1


def test_threads_do_not_change_a_market() -> None:
    settings = question({"platforms": served("pinduoduo", "tencent_live", "douyin", douyin=10)})
    one, three = finished(settings), finished(settings, threads=3)
    assert differences(everything_written(one), everything_written(three)) == []


def test_merchants_are_agents_with_a_store_on_each_platform() -> None:
    model = finished(question({"platforms": served("taobao_live", "kuaishou", "tencent_live")}))
    agents = list(model.agents_by_type[Merchant])
    assert len({agent.unique_id for agent in agents}) == len(agents) == model.merchant_count
    for agent in agents:
        stores = agent.stores
        assert list(stores) == ["taobao_live", "kuaishou", "tencent_live"]
        assert stores[model.marketplace.platforms[agent.platform].name].fans == agent.fans
    fans = sum(store.fans for agent in agents for store in agent.stores.values())
    assert fans == model.viewers.fan_ties.sum()
    viewer = max(model.agents_by_type[Fan], key=lambda fan: fan.fan_ties)
    rows = model.ties.store[viewer.row][model.ties.flags[viewer.row] & 1 > 0]
    assert {agent.unique_id for agent in viewer.follows} == {
        model.settings.world.viewers + 1 + row % model.merchant_count for row in rows
    }
    agents[0].remove()
    assert all(store.status == 2 for store in agents[0].stores.values())


def test_turns_are_the_luck_of_a_replication_and_alike_in_its_arms() -> None:
    rivals = served("taobao_live", "douyin")
    both = question({"platforms": rivals}, {"platforms": [entry | {"commission": 0.5} for entry in rivals]})
    orders = []
    for replicate in range(2):
        cast = draw_cast(both, replicate)
        arms = [build_model(both, arm, cast).marketplace for arm in (0, 1)]
        for day in range(40):
            for market in arms:
                market.open_for(day)
            assert arms[0].pull.turns.tolist() == arms[1].pull.turns.tolist()
            orders.append(int(arms[0].pull.turns[0]))
    assert orders[:40] != orders[40:]
