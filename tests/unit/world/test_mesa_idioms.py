"""What users of Mesa do with a model: run it, collect, vary it in a batch, add agents, fork and forget it."""

from __future__ import annotations

import gc
import math
import weakref
from typing import Any

import mesa
import numpy as np
import pytest

from simulation.claims.reading import read_scenario
from simulation.measures.outcome import Outcome
from simulation.measures.tables import daily_table
from simulation.scenario import Scenario, ScenarioError
from simulation.state.columns import CLOSED, NEVER_REVIEWED, OPEN
from simulation.words import counted
from simulation.world.agents.kinds import CasualViewer, Fan, Merchant
from simulation.world.cast.cast import draw_cast
from simulation.world.model import LiveCommerceModel
from tests.support.little_worlds import DAYS, Regulator, Wholesaler, question
from tests.support.plain_agents import first
from tests.support.worlds import build_model, differences, everything_written

# ---- running


def test_a_model_runs_to_the_last_day_of_its_scenario(little: Scenario) -> None:
    model = build_model(little)
    assert model.running
    assert model.run_model() is None
    assert (model.running, model.day, model.steps, model.journal.days_done) == (False, DAYS, DAYS, DAYS)
    assert model.run() is model.journal, "there is nothing left to do"


def test_a_model_that_is_told_to_stop_stops(little: Scenario) -> None:
    class Impatient(LiveCommerceModel):
        def step(self) -> None:
            super().step()
            self.running = self.day < 2

    model = Impatient(little, "feed")
    model.run_model()
    assert (model.day, model.steps) == (2, 2)


def test_a_step_past_the_end_says_so_and_changes_nothing(little: Scenario) -> None:
    stepped: list[int] = []

    class Counting(LiveCommerceModel):
        def step(self) -> None:
            stepped.append(self.day)
            super().step()

    model = Counting(little, "feed")
    model.run_model()
    before = everything_written(model)
    for past_the_end in (model.step, model.step, model.merchants_plan):
        with pytest.raises(RuntimeError, match=r"all of its 5 days.*world\.days"):
            past_the_end()
    assert stepped == [0, 1, 2, 3, 4]
    assert (model.steps, model.day, len(model.datacollector.model_vars["visits"])) == (DAYS, DAYS, DAYS)
    assert differences(before, everything_written(model)) == []


# ---- collecting


def test_what_is_collected_is_the_daily_table(little: Scenario) -> None:
    model = build_model(little, arm=1)
    model.run_model()
    collected = model.datacollector.get_model_vars_dataframe()
    daily = daily_table(Outcome.from_model(model))[list(collected)]
    assert list(collected) == ["visits", "orders", "gmv", "fans", "merchants_open"]
    assert np.array_equal(collected, daily)
    assert collected["visits"].sum() == model.journal.visits.sum() * 10 > 0, "a viewer is ten persons"
    assert collected["merchants_open"].iloc[-1] == (model.stores.status == OPEN).sum()


def test_batch_run_varies_arms_and_replications(little: Scenario) -> None:
    varied = {"scenario": [little], "arm": ["feed", "links"], "replicate": [0, 3]}
    rows = mesa.batch_run(LiveCommerceModel, varied, number_processes=1, display_progress=False)
    assert [(row["arm"], row["replicate"]) for row in rows] == [
        ("feed", 0),
        ("feed", 3),
        ("links", 0),
        ("links", 3),
    ]
    for row in rows:
        model = LiveCommerceModel(little, row["arm"], draw_cast(little, row["replicate"]))
        model.run_model()
        collected = model.datacollector.get_model_vars_dataframe().iloc[-1]
        assert {name: row[name] for name in collected.index} == collected.to_dict()
    assert len({(row["visits"], row["orders"], row["gmv"], row["fans"]) for row in rows}) == 4


def test_batch_run_gives_a_row_a_day(little: Scenario) -> None:
    rows = mesa.batch_run(
        LiveCommerceModel,
        {"scenario": [little], "arm": little.arms},
        number_processes=1,
        data_collection_period=1,
        display_progress=False,
    )
    assert [row["Step"] for row in rows] == [*range(DAYS), *range(DAYS)]
    assert rows[0]["arm"] is little.arms[0]
    model = build_model(little)
    model.run_model()
    assert [row["fans"] for row in rows[:DAYS]] == model.datacollector.model_vars["fans"]


def test_a_scenario_that_batch_run_takes_apart_is_refused_in_words(little: Scenario) -> None:
    for varied in ({"scenario": little, "arm": "feed"}, {"scenario": [little], "arm": little.arms[0]}):
        with pytest.raises(TypeError, match=r"in a list: \{'scenario': \[scenario\]"):
            mesa.batch_run(LiveCommerceModel, varied, number_processes=1, display_progress=False)


# ---- what a model is made of


def test_arms_go_by_name_or_role(little: Scenario) -> None:
    assert LiveCommerceModel(little, "links").arm is LiveCommerceModel(little, "decentralised").arm
    with pytest.raises(ScenarioError, match=r"'linkz' \(did you mean 'links'\?\)"):
        LiveCommerceModel(little, "linkz")


def test_scenarios_go_by_what_can_be_read(little: Scenario) -> None:
    model = LiveCommerceModel(little.model_dump(mode="json", exclude_none=True), "feed")
    assert model.settings == little


def test_a_world_takes_no_claims_that_it_cannot_check(little: Scenario) -> None:
    claim = {
        "id": "own",
        "title": "Own",
        "tests": [
            {
                "measure": "conversion_ratee",
                "arm": "feed",
                "against": "links",
                "margin": 0.01,
                "direction": "higher",
                "why": "a test",
            }
        ],
    }
    table = little.model_dump(mode="json", exclude_none=True) | {"claims": [claim]}
    with pytest.raises(ScenarioError, match="claims of the scenario's own"):
        LiveCommerceModel(table, "feed")
    with pytest.raises(ScenarioError, match="conversion_ratee"):
        read_scenario(table)


def test_a_replication_goes_by_its_number_or_by_mesas_rng(little: Scenario) -> None:
    by_number = [
        LiveCommerceModel(little, "feed", replicate=2),
        LiveCommerceModel(little, "feed", rng=2),
        LiveCommerceModel(little, "feed", draw_cast(little, 2), rng=np.int64(2)),
    ]
    assert {model.key for model in by_number} == {draw_cast(little, 2).key}
    assert LiveCommerceModel(little, "feed").key == draw_cast(little, 0).key


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"replicate": 1, "rng": 2}, "replicate 1 and rng 2"),
        ({"rng": -1}, "rng is the number"),
        ({"replicate": 0.5}, "whole number from 0"),
        ({"rng": np.random.default_rng(1)}, "rng is the number"),
    ],
)
def test_what_is_no_replication_is_refused(given: dict[str, Any], words: str, little: Scenario) -> None:
    with pytest.raises(ValueError, match=words):
        LiveCommerceModel(little, "feed", **given)


def test_a_cast_and_a_number_that_mean_different_people_are_refused(little: Scenario) -> None:
    with pytest.raises(ValueError, match="not that of replication 1"):
        LiveCommerceModel(little, "feed", draw_cast(little, 0), replicate=1)


# ---- agents of one's own


def test_an_agent_of_ones_own_stays_among_the_agents(little: Scenario) -> None:
    model = build_model(little)
    Regulator(model).power = 7
    gc.collect()
    model.run_model()
    regulator = first(model.agents_by_type[Regulator])
    assert regulator in model.agents
    assert regulator.power == 7
    assert list(model.agents.select(agent_type=Regulator)) == [regulator]
    assert model.agents_by_type[Regulator].get("power") == [7]
    numbers = model.agents.get("unique_id")
    assert len(set(numbers)) == len(numbers) == len(model.agents) == 60 + len(model.merchant_agents) + 1
    assert len(model.merchant_agents) > 6, "a merchant has come after the regulator"
    assert model.agent_types == [Merchant, Fan, CasualViewer, Regulator]


def test_agents_of_ones_own_can_be_removed(little: Scenario) -> None:
    model = build_model(little)
    model.step()
    several = list(Regulator.create_agents(model, 3))
    before = model.agents
    several[1].remove()
    several[1].remove()
    assert list(model.agents_by_type[Regulator]) == [several[0], several[2]]
    assert several[1] not in model.agents
    assert list(before)[-3:] == several, "a set that was made before is as it was"
    model.remove_all_agents()
    assert set(map(type, model.agents)) == {Fan, CasualViewer}, "viewers stay for the whole run"
    assert (model.stores.status[list(range(6))] == CLOSED).all()


@pytest.mark.parametrize("days_run", [0, 1])
def test_a_merchant_of_ones_own_takes_the_place_of_ours(days_run: int, little: Scenario) -> None:
    model, usual = build_model(little), build_model(little)
    for _ in range(days_run):
        model.step()
    Wholesaler(model, 2)
    gc.collect()
    model.run_model()
    usual.run_model()
    wholesaler = first(model.agents_by_type[Wholesaler])
    assert (wholesaler.number, wholesaler.row, wholesaler.tier) == (2, 2, 1)
    assert wholesaler in model.agents
    assert [agent.number for agent in model.agents_by_type[Merchant]].count(2) == 0
    assert sorted(model.agents.get("unique_id")) == sorted(usual.agents.get("unique_id"))
    assert differences(everything_written(model), everything_written(usual)) == []
    fan = first(fan for fan in model.agents_by_type[Fan] if wholesaler in fan.follows)
    assert 2 in model.ties.store[fan.row]
    wholesaler.remove()
    assert wholesaler not in model.agents and model.stores.status[2] == CLOSED


def test_in_a_market_an_own_merchant_moves_to_where_it_opens() -> None:
    market = read_scenario(
        question(merchants=12), {"arms": [{"name": "market", "platforms": ["taobao_live", "tencent_live"]}]}
    )
    model, usual = build_model(market), build_model(market)
    for number in range(12):
        Wholesaler(model, number)
    model.step()
    usual.step()
    rows = {agent.number: agent.row for agent in model.agents_by_type[Wholesaler]}
    assert rows.items() >= {agent.number: agent.row for agent in usual.agents_by_type[Merchant]}.items()
    assert any(row >= model.merchant_count for row in rows.values()), "somebody opens on the second platform"


def test_a_model_may_make_all_its_merchants_of_ones_own_class(little: Scenario) -> None:
    class Wholesale(LiveCommerceModel):
        merchant_class = Wholesaler

    model = Wholesale(little, "feed")
    model.run_model()
    assert len(model.agents_by_type[Wholesaler]) == len(model.merchant_agents) > 6
    assert len(model.agents_by_type[Merchant]) == 0
    assert len(model.agents.select(agent_type=Merchant)) == len(model.merchant_agents)


def test_a_merchant_removed_before_it_opens_never_does(little: Scenario) -> None:
    model = build_model(little)
    Wholesaler(model, 2).remove()
    model.run_model()
    assert model.stores.status[2] == CLOSED
    assert 2 not in model.merchant_agents


def test_a_merchant_whose_place_is_taken_closes_nothing(little: Scenario) -> None:
    model = build_model(little)
    model.step()
    ours = model.merchant_agents[2]
    own = Wholesaler(model, 2)
    ours.remove()
    assert ours not in model.agents and own in model.agents
    assert model.stores.status[2] == OPEN
    gone = weakref.ref(ours)
    del ours
    gc.collect()
    assert gone() is None, "Mesa has let go of it, too"


def test_agents_that_cannot_be_are_refused_in_words(little: Scenario) -> None:
    model = build_model(little)
    with pytest.raises(ValueError, match="no row 99"):
        Merchant(model, 99)
    with pytest.raises(ValueError, match="no row -1"):
        Merchant(model, -1)

    class Shopaholic(Fan):
        pass

    for kind in (Fan, CasualViewer, Shopaholic):
        with pytest.raises(TypeError, match=r"made by the model.*mesa\.Agent"):
            kind(model, 3)


# ---- words and money


def test_models_agents_and_scenarios_tell_what_they_are(little: Scenario) -> None:
    model = build_model(little)
    model.step()
    fans = np.count_nonzero(model.viewers.fan_ties)
    assert repr(model) == (
        f"<LiveCommerceModel 'little', arm 'feed': day 1 of 5, 60 viewers, {fans} of them fans, "
        f"{(model.stores.status == OPEN).sum()} merchants open>"
    )
    merchant = model.merchant_agents[4]
    merchant.profit, merchant.cash = -1234.5, 3000
    assert repr(merchant) == (
        f"<Merchant 4: {merchant.kind}, open, {merchant.fans} viewers follow it, "
        "profit -1,234.50 CNY, cash 3,000.00 CNY>"
    )
    assert "on taobao_live: open" in repr(merchant.stores["taobao_live"])
    fan, casual = (first(model.agents_by_type[kind]) for kind in (Fan, CasualViewer))
    assert repr(fan).startswith(f"<Fan {fan.row}: follows {counted(fan.fan_ties, 'merchant')}, ")
    casual.last_active = 0
    assert repr(casual) == f"<CasualViewer {casual.row}: follows nobody, last visit on day 0>"
    casual.last_active = -10_000
    assert repr(casual).endswith("follows nobody, no visit yet>")
    assert (
        repr(little)
        == str(little)
        == ("<Scenario 'little': 60 viewers, 6 merchants, 5 days, 10 replications; arms feed, links>")
    )
    assert repr(little.arms[1]) == "<Arm 'links': on tencent_live, decentralised>"


def test_agents_tell_and_take_money_in_cny(little: Scenario) -> None:
    model = build_model(little)
    model.step()
    merchant = model.merchant_agents[0]
    model.stores.cash[0], model.stores.ad_budget[0] = 12_345, 250.0
    assert (merchant.cash, merchant.ad_budget) == (123.45, 2.5)
    assert merchant.stores["taobao_live"].cash == 123.45
    merchant.cash, merchant.ad_budget = 99.99, 0.125
    assert (model.stores.cash[0], model.stores.ad_budget[0]) == (9_999, 12.5)
    model.agents_by_type[Merchant].set("price", 0.29)
    assert (model.stores.price[list(model.merchant_agents)] == 29).all()
    assert model.agents_by_type[Merchant].agg("price", max) == 0.29
    assert "cash" in dir(merchant)


def test_a_profit_that_there_has_not_been_is_no_number(little: Scenario) -> None:
    model = build_model(little)
    model.step()
    merchant = model.merchant_agents[0]
    assert model.stores.last_profit[0] == NEVER_REVIEWED
    assert math.isnan(merchant.last_profit)
    merchant.last_profit = 1.0
    merchant.last_profit = math.nan
    assert model.stores.last_profit[0] == NEVER_REVIEWED
