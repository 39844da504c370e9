"""Edges of markets and policies: each test failed once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.behaviour.merchants import bookkeeping, homing
from simulation.claims.reading import check_table
from simulation.scenario import Scenario, ScenarioError
from simulation.state.columns import ABSENT, OPEN, SUSPENDED
from simulation.state.ledger import COUNTS, VISITS
from simulation.world.invariants.checks import check_invariants
from simulation.world.model import LiveCommerceModel
from tests.support.stated_world import stated
from tests.support.worlds import ALWAYS, build_model, merchant_columns, platform, same_shops

WORLD = {"viewers": 300, "merchants": 12, "days": 30}
ALL_CHANNELS = {
    name: 1.0 for name in ("recommend", "hot_list", "search", "paid", "push", "follow", "share", "group_buy")
}


def named(name: str, channels: dict[str, float], **settings: Any) -> dict[str, Any]:
    return platform(channels, **({"daily_users": 100.0} | settings)) | {"name": name}


def market(
    *platforms: dict[str, Any],
    policies: list[dict[str, Any]] | None = None,
    arm: dict[str, Any] | None = None,
    **sections: Any,
) -> Scenario:
    """A scenario with one arm, in which all platforms stand side by side."""
    table: dict[str, Any] = {
        "name": "t",
        "title": "T",
        "article_claims": False,
        "world": WORLD,
        "arms": [{"name": "arm", "platforms": list(platforms)} | (arm or {})],
        "policies": [{"name": f"policy_{place}"} | policy for place, policy in enumerate(policies or [])],
    }
    return check_table(table | stated(**sections), "test")


def checked(model: LiveCommerceModel, days: int) -> LiveCommerceModel:
    """The model after `days` more days, each of which left it free of contradictions."""
    for _ in range(days):
        model.step()
        check_invariants(model)
    return model


def visits(model: LiveCommerceModel, column: int = VISITS) -> np.ndarray:
    """Visits, or another count, by day and platform."""
    counts = model.journal.channels[:, :, column]
    at = model.marketplace.surfaces.platform
    return np.stack([counts[:, at == number].sum(axis=1) for number in range(len(model.marketplace))], 1)


def test_traffic_cut_on_one_platform_leaves_it_alone_without_visits() -> None:
    both = [named(name, {"recommend": 1.0}) for name in ("cut", "spared")]
    still = {"market": {"habit_strength": 0.0}, "merchants": same_shops(), "shopkeeping": {"arrivals": 0.0}}
    cut = [{"effect": "traffic", "amount": 0.0, "platform": "cut", "start": 10}]
    plain = visits(checked(build_model(market(*both, **still)), 30))
    after = visits(checked(build_model(market(*both, policies=cut, **still)), 30))
    assert plain[10:].sum(axis=0).min() > 500
    assert after[10:, 0].sum() == 0
    assert after[10:, 1].sum() == pytest.approx(plain[10:, 1].sum(), rel=0.1)


def test_a_pool_multiplies_the_occasions_of_its_platform_and_of_no_other() -> None:
    still = {
        "market": {"habit_strength": 0.0},
        "merchants": same_shops(),
        "people": {"max_occasions": 20, "remembered_rooms": 30},
    }
    other = named("b", {"recommend": 1.0})
    plain = build_model(market(named("a", {"recommend": 1.0}), other, **still))
    wider = build_model(market(named("a", {"recommend": 1.0}, pool=3.0), other, **still))
    reach = [visits(checked(model, 30), COUNTS.index("reach")).sum(axis=0) for model in (plain, wider)]
    assert reach[1][0] == pytest.approx(3 * reach[0][0], rel=0.05)
    assert reach[1][1] == pytest.approx(reach[0][1], rel=0.05)
    expected = wider.locations.occasions
    assert expected[0] == pytest.approx(3 * expected[1])
    assert wider.locations.attention == pytest.approx([0.75, 0.25])
    assert reach[1] == pytest.approx(30 * expected, rel=0.05)


def test_occasions_for_links_are_spent_on_links_of_their_own_platform() -> None:
    # On one platform links are passed on but hardly anybody has time for them; on the other people
    # have time for links, but nobody is ever in a room there to pass one on.
    passing = named("passing", {"recommend": 1.0, "share": 1e-6})
    waiting = named("waiting", {"share": 1.0})
    settings = market(
        passing,
        waiting,
        merchants=same_shops(),
        choice={"enter_bias": ALWAYS},
        sharing={"base_rate": 1.0, "direct_share": 0.0, "broadcast_notice": 1.0},
        market={"habit_strength": 0.0},
        attention={"card_pull": 0.0},
    )
    model = checked(build_model(settings), 20)
    links = model.marketplace.names.index("passing_share")
    assert model.journal.channels[:, :, COUNTS.index("shares")].sum() > 500
    assert model.viewers.share_left[:, 1].sum() > 0
    assert model.journal.channels[:, links, VISITS].sum() <= 2


def test_a_policy_for_a_platform_passes_over_arms_without_it() -> None:
    table = market(named("a", ALL_CHANNELS), named("b", ALL_CHANNELS)).model_dump(mode="json")
    table["arms"].append({"name": "other", "platforms": [named("a", ALL_CHANNELS), named("c", ALL_CHANNELS)]})
    table["policies"] = [
        {"name": name, "effect": effect, "platform": "b"} | amount
        for name, effect, amount in (
            ("paid_out", "subsidy", {"amount": 5.0}),
            ("taught", "training", {"amount": 0.5}),
            ("shown", "support", {"amount": 0.2}),
            ("gone", "remove", {"merchant": 1}),
        )
    ]
    settings = check_table(table, "test")
    assert [len(settings.arm_policies(arm)) for arm in settings.arms] == [4, 0]
    model = checked(build_model(settings, arm=1), 3)
    assert not model.interventions.subsidies.any()


@pytest.mark.parametrize(
    "changes",
    [
        {"platforms.a.launch_day": 5.0, "platforms.b.launch_day": 6.0},
        {"platforms.a.launch_day": 30.0},
        {"platforms.b.daily_users": 0.0},
        {"platforms.a.feed.exploration": 0.6},
    ],
)
def test_changes_of_an_arm_are_held_to_the_rules_of_markets(changes: dict[str, float]) -> None:
    quota = [{"effect": "cold_start_quota", "amount": 0.5}]
    platforms = named("a", ALL_CHANNELS), named("b", ALL_CHANNELS)
    market(*platforms, policies=quota)
    with pytest.raises(ScenarioError):
        market(*platforms, policies=quota, arm={"changes": changes})


def test_more_channels_than_a_viewer_s_memory_has_bits_are_refused() -> None:
    eight = [named(f"p{number}", ALL_CHANNELS) for number in range(8)]
    checked(build_model(market(*eight)), 5)
    with pytest.raises(ScenarioError, match="65 channels"):
        market(*eight, named("p8", {"recommend": 1.0}))
    with pytest.raises(ScenarioError, match="72 channels"):
        market(*eight, policies=[{"effect": "support", "amount": 0.1}])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_merchant_removed_by_two_policies_is_back_when_both_have_ended(order: tuple[int, int]) -> None:
    twice = [
        {"effect": "remove", "merchant": 0, "start": 2, "end": 10},
        {"effect": "remove", "top": 1, "start": 5, "end": 20},
    ]
    shops = same_shops(cash=1e8) | {"trait_spread": 0.0}
    settings = market(
        named("a", {"recommend": 1.0}),
        policies=[twice[place] for place in order],
        merchants=shops,
        choice={"enter_bias": -20.0},
    )  # no sales: number 0 ranks first
    model = build_model(settings)
    status = [int(checked(model, 1).stores.status[0]) for _ in range(30)]
    assert status == [OPEN] * 2 + [SUSPENDED] * 18 + [OPEN] * 10


def test_a_merchant_removed_from_a_platform_does_not_open_there_meanwhile() -> None:
    shut = [{"effect": "remove", "merchant": shop, "platform": "b", "end": 20} for shop in range(6)]
    settings = market(
        named("a", ALL_CHANNELS),
        named("b", ALL_CHANNELS, launch_day=4),
        policies=shut,
        merchants=same_shops(),
        shopkeeping={"review_days": 2, "arrivals": 0.0},
        market={"entry_rate": 1.0, "peers_needed": 1000},
    )
    model = checked(build_model(settings), 19)
    there = model.stores.status.reshape(2, -1)[1]
    assert (there[:6] == SUSPENDED).all(), "they have never been there, nor come"
    assert (there[6:] == OPEN).any(), "others come"
    checked(model, 2)
    assert (there[:6] != SUSPENDED).all() and not (model.journal.visits[:20, 12:18]).any()
    checked(model, 9)
    assert (there[:6] == OPEN).any(), "afterwards they may come"


def test_the_store_open_longest_bears_standing_costs_wherever_it_stands_in_the_file() -> None:
    merchants = merchant_columns(
        3, 2, status=[OPEN, ABSENT, OPEN, OPEN, ABSENT, SUSPENDED], arrival=[28, 0, 0, 56, 0, 0]
    )
    assert bookkeeping.first_store.py_func(merchants, 0, 2) == 2
    assert bookkeeping.first_store.py_func(merchants, 1, 2) == 3
    merchants.status[:] = ABSENT
    assert bookkeeping.first_store.py_func(merchants, 0, 2) == -1


def test_of_two_stores_that_lose_the_one_with_the_larger_loss_is_given_up() -> None:
    merchants = merchant_columns(2, 2, losses=[9] * 4, last_profit=[-10, -30, -20, -5])
    assert homing.leave_platforms(merchants, np.arange(4), 2, 4).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("kind", "name", "holds"),
    [("channels", "recommend", "CHANNEL = None"), ("merchant_rules", "feedback", "RULE = None")],
)
def test_what_is_plugged_in_cannot_take_the_name_of_ours(
    tmp_path: Any, kind: str, name: str, holds: str
) -> None:
    file = tmp_path / "own.py"
    file.write_text(holds, encoding="utf-8")
    with pytest.raises(ScenarioError, match="is taken by one that comes with the project"):
        market(named("a", ALL_CHANNELS), plugins={kind: {name: str(file)}})
