"""Nothing is given as a share of what can be negative, is zero, or cannot be told from zero."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import tomlkit

from simulation.archive.archive import StoredRun
from simulation.calibration.facts import Fact, check_facts
from simulation.claims.catalogue import article_claims
from simulation.claims.decomposition import CONTRIBUTION_MEASURES, contributions
from simulation.claims.reading import check_table, read_scenario
from simulation.claims.verdict import judge_claim
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.search.candidates import Candidate, candidate_table
from simulation.ensembles.search.policy_search import search_policies
from simulation.laboratory import run_sweep, store_run
from simulation.pages.run.content import Content
from simulation.pages.run.figures.arms import in_short
from simulation.pages.run.figures.policies import policies_exhibit
from simulation.pages.run.sentences import TestNumbers, finding_sentence
from simulation.pages.search.sentences import SearchFindings, offers
from simulation.runs.execution import TABLES, Results
from simulation.runs.probes import RAISE, Probe
from simulation.runs.ratios import NEAR_ZERO, SIGNED, ZERO, ratio_effects, why_no_ratio
from simulation.scenario import Scenario, ScenarioError
from simulation.scenario.reading.read import stored_table
from simulation.validation.scale import CANNOT_TELL, drift
from tests.support.here import here
from tests.support.worlds import preset

ARMS = [
    {"name": "left", "role": "centralised", "platform": preset("taobao_live")},
    {"name": "right", "role": "decentralised", "platform": preset("tencent_live")},
]
TEST = {
    "measure": "gmv",
    "arm": "right",
    "against": "left",
    "direction": "higher",
    "margin": 0.1,
    "relative": True,
    "why": "made up",
}


def changed(test: dict[str, Any]) -> dict[str, Any]:
    """`TEST` with other settings, and without those that its kind makes no use of."""
    alone = test.get("kind") in ("level", "elasticity")
    return {key: value for key, value in TEST.items() if key != "against" or not alone} | test


def table_of(test: dict[str, Any], **sections: Any) -> dict[str, Any]:
    """A scenario with one claim of one test, as nested tables."""
    return {
        "name": "ratios",
        "title": "Ratios",
        "article_claims": False,
        "arms": ARMS,
        "world": {"viewers": 40, "merchants": 4, "days": 5},
        "run": {"replications": 4},
        "claims": [{"id": "mine", "title": "Mine", "tests": [changed(test)]}],
    } | sections


def results_of(**runs: dict[str, list[float]]) -> Results:
    """Results of which nothing is known but measures, by arm (or probe), measure and world."""
    rows = [
        {"arm": arm.replace("__", " "), "replicate": replicate}
        | {name: values[replicate] for name, values in measures.items()}
        for arm, measures in runs.items()
        for replicate in range(len(next(iter(measures.values()))))
    ]
    return Results(pd.DataFrame(rows), **{name: pd.DataFrame() for name in TABLES}, peak_memory_bytes=0)


def verdict(scenario: Scenario, results: Results) -> Any:
    return judge_claim(scenario.claims[0], scenario, results).tests[0]


@pytest.mark.parametrize(
    ("side", "other", "reason"),
    [
        ([6, 6, 6, 6], [3, 5, 4, 4], ""),
        ([6, 6, 6, 6], [0, 0, 0, 0], ZERO),
        ([0, 0, 0, 0], [0, 0, 0, 0], ZERO),
        ([6, 6, 6, 6], [0, 0, 0, 8], NEAR_ZERO),  # 2 plus or minus 6.4
        ([6, 6, 6, 6], [3, 5, 4, -4], SIGNED),
        ([-6, 6, 6, 6], [3, 5, 4, 4], SIGNED),
        ([6], [4], ""),
        ([6, np.nan], [np.nan, 4], ""),
        ([6, 6, 6, 6, np.nan], [3, 5, 4, 4, -9], ""),
    ],
)
def test_a_ratio_needs_a_whole_that_is_surely_above_zero(
    side: list[float], other: list[float], reason: str
) -> None:
    assert why_no_ratio(np.array(side, float), np.array(other, float)) == reason
    values = ratio_effects(np.array(side, float), np.array(other, float))
    assert np.isfinite(values).any() == (not reason and bool(np.isfinite(np.add(side, other)).any()))


def test_ratios_are_counted_by_hand() -> None:
    # R = 6 / 4; world by world 0.5 + (6 - 1.5 o) / 4
    one = ratio_effects(np.full(4, 6.0), np.array([3.0, 5.0, 4.0, 4.0]))
    assert one.tolist() == [0.875, 0.125, 0.5, 0.5]
    both = ratio_effects(np.full((2, 4), 6.0), np.array([[3.0, 5.0, 4.0, 4.0], [0.0, 0.0, 0.0, 8.0]]))
    assert both[0].tolist() == one.tolist() and np.isnan(both[1]).all(), "each point by itself"


PROFIT = {"measure": "profit_per_merchant"}
PAIRED = {"measure": "private_domain_slope", "kind": "merchants", "reference": 1.0}
ELASTIC = {
    "kind": "elasticity",
    "relative": False,
    "factor": "trust.tie_strength",
    "against_factor": "platform.pool",
}


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (PROFIT, ["claims.mine.tests.0.relative", "can be negative", "leave out relative", "CNY/30 days"]),
        ({"measure": "profit_per_merchant_brand"}, ["profit_per_merchant_brand", "can be negative"]),
        ({"measure": "lead", "kind": "level", "reference": 0.1}, ["can be negative", "unit (share)"]),
        (PAIRED, ["private_domain_slope", "can be negative", "log-odds"]),
        (
            PROFIT | ELASTIC,
            ["claims.mine.tests.0.kind", "'elasticity' of 'profit_per_merchant'", "difference"],
        ),
        (ELASTIC | {"relative": True}, ["percent per percent already", "leave out relative"]),
        ({"kind": "level"}, ["relative to 0", "reference above 0"]),
        ({"kind": "level", "reference": -1}, ["relative to -1"]),
        ({"measure": "better_off_share", "kind": "merchants"}, ["relative to 0"]),
        (ELASTIC | {"factor": "purchase.intercept"}, ["tests.0.factor", "is no rise", "above 0"]),
        (ELASTIC | {"factor": "sharing.direct_share"}, ["tests.0.factor", "not allowed", "a quarter larger"]),
        (ELASTIC | {"against_factor": "shopkeeping.review_days"}, ["tests.0.against_factor", "is 17.5"]),
    ],
)
def test_what_has_no_ratio_is_refused_at_reading_by_every_path(
    test: dict[str, Any], words: list[str], tmp_path: Path
) -> None:
    changes = {"sharing": {"direct_share": 0.9}}
    file = tmp_path / "question.toml"
    file.write_text(tomlkit.dumps(table_of(test) | changes), encoding="utf-8")
    fine = tmp_path / "fine.toml"
    fine.write_text(tomlkit.dumps(table_of({}) | changes), encoding="utf-8")
    for read in (
        lambda: read_scenario(file),
        lambda: check_table(table_of(test) | changes, "python"),
        lambda: read_scenario(fine, {"claims.mine.tests": [changed(test)]}),
    ):
        with pytest.raises(ScenarioError) as caught:
            read()
        assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(("test", "words"), [(PROFIT, "can be negative"), ({"measure": "gmvv"}, "'gmv'")])
def test_whatever_runs_the_model_refuses_claims_made_in_python(
    test: dict[str, Any], words: str, tmp_path: Path
) -> None:
    goals = [{"measure": "gmv", "arm": "right"}]
    levers = [{"key": "sharing.base_rate", "low": 0.0, "high": 1.0}]
    scenario = Scenario.model_validate(
        table_of(test)
        | {
            "sweep": {"design": "list", "rows": [{"sharing.base_rate": 0.1}], "replications": 1},
            "policy_search": {"levers": levers, "goals": goals},
        }
    )
    folder = tmp_path / "results"
    for run in (
        partial(store_run, results_folder=folder),
        partial(run_sweep, folder=folder),
        partial(search_policies, folder=folder, how=Execution(here, 1)),
    ):
        with pytest.raises(ScenarioError, match=words):
            run(scenario)
        assert not folder.exists()


def test_a_loss_of_7910_against_one_of_2540_is_no_rise_of_212_percent() -> None:
    before = stored_table(table_of(PROFIT), "stored by an earlier version")
    results = results_of(
        right={"profit_per_merchant": [-7_900.0, -7_920.0]},
        left={"profit_per_merchant": [-2_530.0, -2_550.0]},
    )
    found_there = verdict(before, results)
    assert (found_there.status, found_there.in_words) == ("undecided", SIGNED)
    assert np.isnan(found_there.effect)
    assert (found_there.arm_value, found_there.other_value) == (-7_910.0, -2_540.0)
    absolute = check_table(table_of(PROFIT | {"relative": False, "margin": 100.0}), "test")
    assert verdict(absolute, results).effect == -5_370.0
    assert verdict(absolute, results).status == "contradicted"


@pytest.mark.parametrize(("left", "reading"), [([0.0] * 4, ZERO), ([0.0, 0.0, 0.0, 8.0], NEAR_ZERO)])
def test_without_a_ratio_a_test_is_undecided_and_says_why(left: list[float], reading: str) -> None:
    scenario = check_table(table_of({}), "test")
    results = results_of(right={"gmv": [6.0] * 4}, left={"gmv": left})
    found_there = verdict(scenario, results)
    assert (found_there.status, found_there.in_words) == ("undecided", reading)
    entry = vars(found_there) | {"effect": None, "low": None, "high": None}
    sentence = finding_sentence(entry, run_content(scenario, results)).sentence
    assert f"6.00 CNY against {'0' if reading == ZERO else '2.00'} CNY" in sentence
    assert "no percent change" in sentence


def test_a_world_without_sales_leaves_no_elasticity() -> None:
    scenario = check_table(table_of(ELASTIC | {"margin": 0.0}), "test")
    ties, pool = (
        Probe("right", (), str(ELASTIC[name])).name.replace(" ", "__")
        for name in ("factor", "against_factor")
    )
    sales = {
        "right": {"gmv": [2.0, 4.0]},
        ties: {"gmv": [2.0 * RAISE, 4.0 * RAISE]},
        pool: {"gmv": [2.0, 4.0]},
    }
    assert verdict(scenario, results_of(**sales)).effect == pytest.approx(1.0)
    sales[pool]["gmv"][1] = 0.0
    found_there = verdict(scenario, results_of(**sales))
    assert found_there.status == "undecided" and "zero in some of these worlds" in found_there.in_words


def test_an_article_s_elasticity_that_cannot_be_raised_is_not_tested() -> None:
    for strength, words in ((2.9, "3.625, which is not allowed"), (0.0, "is no rise")):
        table = table_of({}) | {"article_claims": True, "trust": {"tie_strength": strength}}
        scenario = check_table(table, "test")
        claim = next(claim for claim in article_claims() if claim.id == "stickiness_beats_pool")
        found_there = judge_claim(claim, scenario, results_of(right={"gmv": [1.0]})).readings[0]
        assert found_there.status == "not tested" and words in found_there.reason


def test_levels_relative_to_a_reference_show_the_level() -> None:
    scenario = check_table(table_of({"measure": "k_factor", "kind": "level", "reference": 2.0}), "test")
    entry = vars(verdict(scenario, results_of(right={"k_factor": [2.4, 2.6, 2.4, 2.6]})))
    numbers = TestNumbers(entry)
    assert entry["effect"] == pytest.approx(0.25) and numbers.shown(entry["effect"]) == "2.50"
    assert numbers.needs == "above 2.2"


def test_what_a_mechanism_carries_is_missing_where_there_is_nothing() -> None:
    scenario = check_table(table_of({}, article_claims=True), "test")
    values = {name: [2.0, 2.0, 2.0] for name in CONTRIBUTION_MEASURES} | {"gmv": [0.0, 0.0, 0.0]}
    fewer = {name: [1.5, 1.5, 1.5] for name in values} | {"gmv": [0.0, 0.0, 0.0]}
    shares = {
        entry.measure: entry.effect
        for entry in contributions(scenario, results_of(right=values, right__without__own_trust=fewer).runs)
        if entry.mechanism == "own_trust"
    }
    assert np.isnan(shares.pop("gmv")) and set(shares.values()) == {0.25}


def run_content(scenario: Scenario, results: Results) -> Content:
    return Content(StoredRun(Path(), {}, scenario, results, {"claims": []}))


def test_the_page_in_short_gives_a_difference_where_there_is_no_ratio() -> None:
    scenario = check_table(table_of({}), "test")
    results = results_of(
        left={
            "conversion_rate": [0.03, 0.05, 0.04, 0.04],
            "newcomer_first_week_visits": [0.0, 0.0, 0.0, 8.0],
            "fan_half_life_days": [0.0] * 4,
        },
        right={
            "conversion_rate": [0.06] * 4,
            "newcomer_first_week_visits": [1.0, 1.0, 1.0, 9.0],
            "fan_half_life_days": [0.0] * 4,
        },
    )
    said = in_short(run_content(scenario, results))
    assert "turns visits into orders 50% more often" in said and "1.00 more visits in their first" in said
    assert said.endswith("no difference beyond luck in half-life of a fan")


def test_differences_under_policies_are_in_units_where_there_is_no_ratio() -> None:
    platform = preset("taobao_live")
    arms = [{"name": "without", "platform": platform}, {"name": "with_it", "platform": platform}]
    policy = {"name": "more", "effect": "traffic", "amount": 2.0, "arms": ["with_it"]}
    scenario = check_table(table_of({}) | {"arms": arms, "claims": [], "policies": [policy]}, "test")
    rows = [
        {
            "arm": arm,
            "replicate": world,
            "day": day,
            "visits": visits[world],
            "gmv": sales[world],
            "conversion_rate": 0.0,
            "orders": 0.0,
            "fans": 0.0,
            "merchants_open": 4.0,
            "follows": 0.0,
        }
        for arm, visits, sales in (
            ("without", [4.0] * 4, [0.0, 0.0, 0.0, 8.0]),
            ("with_it", [6.0] * 4, [3.0, 3.0, 3.0, 11.0]),
        )
        for world in range(4)
        for day in range(5)
    ]
    results = results_of(without={"gmv": [1.0] * 4}, with_it={"gmv": [1.0] * 4})
    results.daily = pd.DataFrame(rows)
    exhibit = policies_exhibit(run_content(scenario, results))
    assert exhibit is not None
    findings = {view.label: view.finding for view in exhibit.views}
    assert "+50.00%" in findings["Visits a day"], findings
    assert "+3.00 CNY (+3.00 to +3.00 CNY)" in findings["Sales (GMV) a day"], findings


def test_no_price_is_a_share_of_a_goal_that_can_be_negative() -> None:
    goals = [
        {"measure": "gmv", "arm": "right"},
        {"measure": "visits", "arm": "right"},
        {"measure": "profit_per_merchant", "arm": "right"},
    ]
    search = {
        "levers": [{"key": "sharing.base_rate", "low": 0.0, "high": 1.0}],
        "goals": goals,
        "replications": 1,
    }
    scenario = check_table(table_of({}) | {"claims": [], "policy_search": search}, "test")
    assert scenario.policy_search is not None
    # Today loses 100 a merchant; the second setting sells more and loses 5 more, the third visits.
    values = [[10.0, 50.0, -100.0], [20.0, 50.0, -105.0], [15.0, 46.0, -100.0]]
    made = [
        Candidate(number, 0, {"sharing.base_rate": 0.1 * number}, np.array(row)[:, None])
        for number, row in enumerate(values)
    ]
    kept = SearchFindings(scenario, scenario.policy_search, candidate_table(scenario.policy_search, made))
    chosen = {offer.price: int(offer.row["candidate"]) for offer in offers(kept)}
    assert list(chosen.values()) == [0, 2, 2, 1], chosen
    assert "At most 10% lost of any other goal, nothing of “Profit per merchant, " in list(chosen)[1]
    alone = scenario.policy_search.model_copy(update={"goals": [kept.search.goals[0], kept.search.goals[2]]})
    few = SearchFindings(
        scenario,
        alone,
        candidate_table(
            alone, [Candidate(entry.number, 0, entry.levers, entry.values[[0, 2]]) for entry in made]
        ),
    )
    assert [offer.price for offer in offers(few)] == ["Nothing lost elsewhere", "Whatever it costs"]


def test_facts_are_no_shares_of_what_can_be_negative() -> None:
    scenario = check_table(table_of({}), "test")
    about = {"id": "a", "measure": "profit_per_merchant", "arm": "left"}
    with pytest.raises(ScenarioError, match=r"facts.a.tolerance[\s\S]*low and high instead"):
        check_facts([Fact.model_validate(about | {"value": -10.0, "tolerance": 0.1})], scenario, "facts")
    check_facts([Fact.model_validate(about | {"low": -11.0, "high": -9.0})], scenario, "facts")
    over = {"id": "a", "measure": "gmv", "over": "profit_per_store", "arm": "left", "low": 1, "high": 2}
    with pytest.raises(ScenarioError, match=r"facts.a.over[\s\S]*wrong sign"):
        check_facts([Fact.model_validate(over)], scenario, "facts")


def test_a_larger_world_s_loss_has_a_trend_but_no_relative_change() -> None:
    sizes = [(5_000, 1), (5_000, 2), (50_000, 1), (50_000, 2), (500_000, 1), (500_000, 2)]
    frame = pd.DataFrame(
        [
            {
                "viewers": viewers,
                "persons": 20 * viewers,
                "merchants": viewers // 50,
                "replicate": world,
                "arm": "left",
                "profit_per_merchant": value + 0.01 * world,
                "visits_per_stream": 10.0 + 0.01 * world,
            }
            for (viewers, world), value in zip(sizes, (-10.0, -10.0, 0.0, 0.0, 10.0, 10.0), strict=True)
        ]
    )
    trends = drift(frame, "left").set_index("measure")
    profit = trends.loc["profit_per_merchant"]
    assert profit["slope"] == pytest.approx(10.0, abs=0.01) and np.isnan(profit["relative"])
    assert profit["verdict"] == CANNOT_TELL
    assert np.isfinite(trends.loc["visits_per_stream", "relative"])
