"""Merchants who bring nobody along: what they begin with, and what they begin to do when they make a loss."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.behaviour.merchants.adapting import revised_work
from simulation.behaviour.merchants.beginning import ADS, GROUP, NOTHING, begin_efforts, next_effort
from simulation.measures import Outcome
from simulation.scenario.sections.shopkeeping import Shopkeeping
from simulation.state.columns import FEN
from simulation.state.luck import replicate_key
from simulation.state.rule_numbers import ShopkeepingNumbers
from simulation.world.cast.cast import draw_cast
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import build_model, finished, merchant_columns, platform, scenario

KEY = replicate_key(5, 0)
BOTH = GROUP | ADS


def test_without_a_loss_nothing_is_begun() -> None:
    assert next_effort(0.1, 0, NOTHING, BOTH, 0.5) == NOTHING
    assert next_effort(0.1, 7, NOTHING, BOTH, 0.5) == NOTHING


def test_one_way_is_tried_after_the_other_and_then_there_is_none_left() -> None:
    assert next_effort(0.4, -1, NOTHING, BOTH, 0.5) == ADS
    assert next_effort(0.6, -1, NOTHING, BOTH, 0.5) == GROUP
    assert next_effort(0.6, -1, GROUP, BOTH, 0.5) == ADS
    assert next_effort(0.4, -1, ADS, BOTH, 0.5) == GROUP
    assert next_effort(0.4, -1, BOTH, BOTH, 0.5) == NOTHING


def test_where_no_advertisements_are_sold_there_is_only_the_group() -> None:
    assert next_effort(0.0, -1, NOTHING, GROUP, 1.0) == GROUP
    assert next_effort(0.0, -1, GROUP, GROUP, 1.0) == NOTHING


def test_work_that_has_not_begun_is_not_revised() -> None:
    assert revised_work(0.0, 1.0, 0.2) == 0.0


def begun(ads_first: float) -> Any:
    """Four merchants on a platform that sells advertisements and on one that does not, all but the second
    with a loss; the last has run a group from the beginning."""
    columns = {
        "community_work": [0.0, 0, 0, 1],
        "review_profit": [-5, 5, -5, -5],
        "tried": np.zeros(4, np.uint8),
    }
    stores = merchant_columns(2, 4, **{name: np.tile(column, 2) for name, column in columns.items()})
    numbers = ShopkeepingNumbers(**Shopkeeping(ads_first=ads_first, first_ad_budget=30.0).model_dump())
    begin_efforts(stores, np.arange(8), numbers, KEY, np.array([True, False]))
    return stores


def test_whoever_has_no_group_and_makes_a_loss_advertises_or_runs_one() -> None:
    stores = begun(ads_first=1.0)
    assert stores.ad_budget.tolist() == [30 * FEN, 0, 30 * FEN, 0, 0, 0, 0, 0]
    assert stores.community_work.tolist() == [0, 0, 0, 1, 1, 0, 1, 1]
    assert stores.tried.tolist() == [ADS, 0, ADS, 0, GROUP, 0, GROUP, 0]
    stores = begun(ads_first=0.0)
    assert not stores.ad_budget.any() and stores.community_work.tolist() == [1, 0, 1, 1] * 2


def question(**merchants: float) -> Any:
    """Merchants without fans, who win many customers outside the platform and lose with every stream."""
    kind = {"fanless_share": 1.0, "walk_in_members": 700, "stream_cost": 500, "cash": 1e8}
    kinds = {
        name: kind | {"community_skill": 1.0, "share": float(name == "ordinary_shop")}
        for name in KINDS_OF_SHOPS
    }
    return scenario(
        {"one": platform({"recommend": 1.0, "push": 1.0})},
        viewers=400,
        shops=20,
        days=40,
        merchants={"archetypes": kinds} | merchants,
        shopkeeping={"review_days": 14, "arrivals": 0.0},
    )


KINDS_OF_SHOPS = ("community_vendor", "ordinary_shop", "brand", "influencer")


def test_shares_of_those_who_know_nobody_and_run_no_group_are_as_said() -> None:
    roster = draw_cast(question(counter_share=0.5, without_community=0.5)).roster
    assert 3 <= roster.counter.sum() <= 17 and 3 <= roster.community_work.sum() <= 17
    all_alike = draw_cast(question(counter_share=1.0, without_community=0.0)).roster
    assert all_alike.counter.all() and all_alike.community_work.all()
    none = draw_cast(question(counter_share=0.0, without_community=1.0)).roster
    assert not none.counter.any() and not none.community_work.any()


def members_by_day(settings: Any) -> list[int]:
    """Members of all groups at the end of each day."""
    model: LiveCommerceModel = build_model(settings)
    members = []
    while model.running:
        model.step()
        members.append(int(model.stores.members.sum()))
    return members


def test_nobody_joins_a_shop_without_a_group_until_it_begins_one_after_a_loss() -> None:
    members = members_by_day(question(counter_share=1.0, without_community=1.0))
    assert not any(members[:14]) and members[-1] > 20
    with_groups = members_by_day(question(counter_share=1.0, without_community=0.0))
    assert with_groups[13] > 20


@pytest.mark.parametrize("counter_share", [0.0, 1.0])
def test_whoever_has_no_counter_wins_nobody_there(counter_share: float) -> None:
    model = finished(question(counter_share=counter_share, without_community=0.0))
    assert (model.stores.members.sum() > 0) == (counter_share == 1.0)


def test_newcomers_are_those_who_have_no_private_domain_and_not_those_of_less_than_an_agent() -> None:
    """Half of newcomers have some ten persons, at a hundred to an agent one agent or, mostly, none."""
    kinds = {name: {"fanless_share": 0.5, "fans_median": 10, "fans_sigma": 0.3} for name in KINDS_OF_SHOPS}
    settings = scenario(
        {"one": platform({"recommend": 1.0, "push": 1.0})},
        viewers=400,
        shops=20,
        days=30,
        world={"people_per_viewer": 100.0},
        merchants={"archetypes": kinds, "without_community": 1.0},
        shopkeeping={"arrivals": 40.0, "arrival_response": 0.0},
    )
    outcome = Outcome.from_model(finished(settings))
    brought_none = outcome.came & outcome.arrived_later & (outcome.merchants.starting_fans == 0)
    assert 10 < outcome.newcomers.sum() < brought_none.sum()
    assert not outcome.merchants.community_work[outcome.newcomers].any(), "at first none runs a group"
