"""Measures and statistics at values known by hand or from another implementation."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from simulation.claims.decomposition import BUYING_MECHANISMS, COALITIONS, _shapley, decompose
from simulation.claims.effects import elasticity
from simulation.measures import MEASURES, Outcome, measure_all
from simulation.measures.concentration import gini, top_share
from simulation.measures.friendliness import break_even_private_domain, fit_logistic
from simulation.measures.registry import ratio
from simulation.measures.stickiness import followed_up
from simulation.measures.tables import kaplan_meier
from simulation.runs.comparison import compare, compare_all, estimate
from simulation.runs.probes import RAISE, Probe
from simulation.runs.ratios import ratio_effects
from simulation.scenario import Scenario
from simulation.scenario.tables import Arm
from simulation.state.ledger import LOST, ORDERS, TOTALS, VISITS
from tests.support.worlds import build_model, finished, preset, scenario


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [([1, 1, 1, 1], 0.0), ([0, 0, 0, 1], 0.75), ([1, 2, 3, 4], 0.25), ([5], 0.0), ([0, 1], 0.5)],
)
def test_gini_at_known_values(amounts: list[float], expected: float) -> None:
    assert gini(np.array(amounts)) == pytest.approx(expected)


def test_gini_is_half_the_relative_mean_difference() -> None:
    amounts = np.random.default_rng(3).lognormal(size=60)
    apart = np.abs(amounts[:, None] - amounts).mean()
    assert gini(amounts) == pytest.approx(apart / (2 * amounts.mean()))
    assert gini(amounts * 1000) == pytest.approx(gini(amounts))


def test_what_has_no_value_is_missing_not_zero() -> None:
    for amounts in ([], [0, 0, 0]):
        assert math.isnan(gini(np.array(amounts, float)))
        assert math.isnan(top_share(np.array(amounts, float), 0.01))
    assert math.isnan(ratio(0, 0)) and math.isnan(ratio(3, 0)) and ratio(1, 4) == 0.25


def test_top_shares_at_known_values() -> None:
    amounts = np.append(np.ones(199), 201.0)
    assert top_share(amounts, 0.0) == pytest.approx(201 / 400)
    assert top_share(amounts, 0.01) == pytest.approx(202 / 400)
    assert top_share(amounts, 1.0) == 1.0


def test_only_days_with_their_whole_window_are_followed_up() -> None:
    begun, returned = np.array([10, 10, 10, 10, 100]), np.array([5, 1, 0, 0, 0])
    assert followed_up(returned, begun, 2, 5) == pytest.approx(6 / 30)
    assert math.isnan(followed_up(returned, begun, 5, 5))
    assert math.isnan(followed_up(returned, np.zeros(5), 2, 5))


def test_kaplan_meier_gives_the_textbook_curve() -> None:
    """Remission of 21 patients on 6-MP (Freireich et al. 1963): ends at 6 6 6 7 10 13 16 22 23."""
    ends = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    ended = np.array([ends.get(age, 0) for age in range(36)], float)
    every = ended + np.bincount(censored, minlength=36)
    survival = kaplan_meier(ended, np.cumsum(every[::-1])[::-1])
    for age, expected in (
        (5, 1.0),
        (6, 0.857),
        (7, 0.807),
        (10, 0.753),
        (13, 0.690),
        (16, 0.627),
        (22, 0.538),
        (23, 0.448),
        (35, 0.448),
    ):
        assert survival[age] == pytest.approx(expected, abs=6e-4)
    nobody_left = kaplan_meier(np.array([1.0, 0.0]), np.array([1.0, 0.0]))
    assert nobody_left[0] == 0.0 and math.isnan(nobody_left[1])


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return Outcome.from_model(finished(scenario({"arm": preset("tencent_live")}, shops=40, days=35)))


def test_half_life_of_a_hand_made_journal(outcome: Outcome) -> None:
    """A thousand fan-days, ten lost, three of them by a shop that closed: ``ln 2 * 1000 / 7`` days."""
    flows, totals = np.zeros_like(outcome.journal.flows), np.zeros_like(outcome.journal.totals)
    flows[:10, LOST] = 1
    totals[5, TOTALS.index("lost_to_closing")] = 3
    made = replace(outcome, journal=SimpleNamespace(fan_ties=np.full(10, 100), flows=flows, totals=totals))
    assert MEASURES["fan_half_life_days"].compute(made) == pytest.approx(math.log(2) * 1000 / 7)
    flows[:], totals[:] = 0, 0
    assert math.isnan(MEASURES["fan_half_life_days"].compute(made))


def test_whole_measures_are_the_sums_or_mixtures_of_their_parts(outcome: Outcome) -> None:
    values = measure_all(outcome)
    for name in ("visits", "orders", "gmv", "reach"):
        parts = [values[f"{name}_{channel}"] for channel in outcome.channels]
        assert values[name] == pytest.approx(sum(parts)) and values[name] > 0
    by_channel = [values[f"conversion_rate_{channel}"] for channel in outcome.channels]
    assert min(by_channel) <= values["conversion_rate"] <= max(by_channel)
    assert values["conversion_rate"] == pytest.approx(values["orders"] / values["visits"])
    assert values["private_traffic_share"] == 1.0


def test_counts_are_persons_and_money_is_cny(outcome: Outcome) -> None:
    values, scale = measure_all(outcome), outcome.scenario.world.people_per_viewer
    counts = outcome.journal.by_store.sum(axis=0)
    assert values["visits"] == counts[VISITS] * scale
    assert values["orders"] == counts[ORDERS] * scale
    price = outcome.journal.by_store[:, ORDERS] * outcome.merchants.price
    assert values["gmv"] == pytest.approx(price.sum() * scale / 100)
    assert values["gmv_per_visit"] == pytest.approx(values["gmv"] / values["visits"])


def test_newcomers_first_week_is_read_from_the_journal(outcome: Outcome) -> None:
    table = np.arange(outcome.days)[:, None] * np.ones(len(outcome.merchants.arrival), int)
    found = outcome.days_from_arrival(table.astype(np.int64), 7)
    for merchant, arrival in enumerate(outcome.merchants.arrival):
        assert found[merchant] == sum(range(arrival, min(arrival + 7, outcome.days)))


def test_a_run_without_visitors_has_no_rates() -> None:
    idle = scenario({"arm": preset("taobao_live")}, days=35, people={"activity_mean": 0.0})
    values = measure_all(Outcome.from_model(finished(idle)))
    for name in (
        "conversion_rate",
        "buyer_conversion",
        "gmv_per_visit",
        "return_rate",
        "audience_gini",
        "top1_gmv_share",
        "revisit_rate_7d",
        "dau_mau",
        "private_traffic_share",
    ):
        assert math.isnan(values[name]), name
    assert values["visits"] == values["gmv"] == 0.0 and values["empty_room_share"] == 1.0


def merchants_with(fans: np.ndarray, profit: np.ndarray) -> Outcome:
    settings = scenario(
        {"arm": preset("taobao_live")}, shops=len(fans), days=1, shopkeeping={"arrivals": 0.0}
    )
    model = build_model(settings)
    model.run()
    model.stores.profit[:] = profit
    for columns in (model.cast.roster, model.stores):  # traits are read from the roster
        columns.starting_fans[:] = fans
    made = Outcome.from_model(model)
    assert made.came.all() and (made.merchants.profit == profit).all()
    return made


def test_break_even_of_a_logistic_sample_is_found() -> None:
    """Profit with chance ``logistic(3 (log10(1 + fans) - 2))``: half profit at 99 fans."""
    draw = np.random.default_rng(11)
    dose = draw.uniform(0, 4, 4000)
    profits = draw.random(4000) < 1 / (1 + np.exp(-3 * (dose - 2)))
    intercept, slope = fit_logistic(dose, profits)
    assert slope == pytest.approx(3, rel=0.1) and -intercept / slope == pytest.approx(2, abs=0.05)
    made = merchants_with(np.round(10**dose - 1), np.where(profits, 100, -100))
    assert np.log10(1 + break_even_private_domain(made)) == pytest.approx(2, abs=0.06)


@pytest.mark.parametrize("profit", [np.full(20, 5), np.full(20, -5), np.arange(20)[::-1] - 10])
def test_break_even_is_missing_where_fans_do_not_decide(profit: np.ndarray) -> None:
    assert math.isnan(break_even_private_domain(merchants_with(np.arange(20) * 100, profit)))


def test_estimates_are_students_intervals() -> None:
    values = np.random.default_rng(2).normal(3, 2, 9)
    low, high = stats.t.interval(0.95, 8, values.mean(), stats.sem(values))
    found = estimate(values)
    assert (found.mean, found.low, found.high) == pytest.approx((values.mean(), low, high))
    assert found.replications == 9
    narrow = stats.t.interval(0.5, 8, values.mean(), stats.sem(values))
    assert (estimate(values, 0.5).low, estimate(values, 0.5).high) == pytest.approx(narrow)


def test_estimates_leave_missing_values_out() -> None:
    assert estimate(np.array([1.0, math.nan, 3.0, math.inf])) == estimate(np.array([1.0, 3.0]))
    one, none = estimate(np.array([4.0])), estimate(np.array([math.nan]))
    assert one.mean == 4.0 and math.isnan(one.low) and one.replications == 1
    assert math.isnan(none.mean) and none.replications == 0


def runs_table(**arms: list[float]) -> pd.DataFrame:
    rows = [
        {"arm": arm, "replicate": index, "conversion_rate": value}
        for arm, values in arms.items()
        for index, value in enumerate(values)
    ]
    return pd.DataFrame(rows).sample(frac=1, random_state=1)  # order of rows must not matter


def test_comparisons_are_paired_by_replication() -> None:
    draw = np.random.default_rng(4)
    common = draw.normal(0.5, 0.05, 12)
    left, right = common + draw.normal(0.01, 0.001, 12), common + draw.normal(0, 0.001, 12)
    found = compare(runs_table(a=list(left), b=list(right)), "a", "b", "conversion_rate")
    paired = stats.ttest_rel(left, right).confidence_interval(0.95)
    assert (found.difference.low, found.difference.high) == pytest.approx((paired.low, paired.high))
    assert found.correlation == pytest.approx(stats.pearsonr(left, right).statistic)
    assert found.variance_reduction == pytest.approx(
        (left.var(ddof=1) + right.var(ddof=1)) / (left - right).var(ddof=1)
    )
    assert found.variance_reduction > 100


def test_comparisons_use_only_replications_that_both_arms_have() -> None:
    runs = runs_table(a=[1.0, math.nan, 3.0, 5.0], b=[0.0, 7.0, math.nan, 1.0])
    found = compare(runs, "a", "b", "conversion_rate")
    assert (found.arm_mean, found.against_mean) == (3.0, 0.5)
    assert found.difference.mean == 2.5 and found.difference.replications == 2
    unknown = compare(runs, "a", "b", "no_such_measure")
    assert math.isnan(unknown.difference.mean) and unknown.difference.replications == 0


def test_every_arm_is_compared_with_the_first() -> None:
    runs = runs_table(a=[1.0, 2.0], b=[2.0, 4.0], c=[0.0, 0.0])
    found = compare_all(runs, ["a", "b", "c"], ["conversion_rate"])
    assert [(entry.arm, entry.against, entry.difference.mean) for entry in found] == [
        ("b", "a", 1.5),
        ("c", "a", -1.5),
    ]
    assert math.isnan(found[1].correlation)


def test_relative_effects_have_the_mean_and_error_of_the_delta_method() -> None:
    draw = np.random.default_rng(6)
    other = draw.uniform(1, 3, 40)
    side = 1.5 * other + draw.normal(0, 0.2, 40)
    found, ratio_of_means = ratio_effects(side, other), side.mean() / other.mean()
    assert found.mean() == pytest.approx(ratio_of_means - 1)
    residual = (side - ratio_of_means * other).std(ddof=1) / other.mean()
    assert found.std(ddof=1) == pytest.approx(residual)
    np.testing.assert_allclose(ratio_effects(2 * other, other), 1.0)
    with_gap = ratio_effects(np.append(side, math.nan), np.append(other, 2.0))
    assert math.isnan(with_gap[-1]) and with_gap[:-1] == pytest.approx(found)
    assert np.isnan(ratio_effects(np.ones(3), np.zeros(3))).all()


def test_elasticity_of_a_power_law_is_its_exponent() -> None:
    before = np.array([1.0, 2.0, 5.0, 0.0])
    found = elasticity(before, before * RAISE**0.7)
    assert found[:3] == pytest.approx([0.7] * 3) and math.isnan(found[3])


def coalition_table(draw: np.random.Generator) -> dict[frozenset[str], np.ndarray]:
    return {frozenset(without): draw.uniform(0.01, 0.05, 6) for without in ((), *COALITIONS)}


def test_shapley_values_share_out_all_that_both_mechanisms_add() -> None:
    table = coalition_table(np.random.default_rng(8))
    found = _shapley(table)
    whole = table[frozenset()] - table[frozenset(BUYING_MECHANISMS)]
    np.testing.assert_allclose(sum(found.values()), whole)
    # A mechanism that never matters gets nothing, and two that do the same get the same.
    off = {name: frozenset({name}) for name in BUYING_MECHANISMS}
    idle = table | {off["endorsement"]: table[frozenset()]}
    idle[frozenset(BUYING_MECHANISMS)] = table[off["own_trust"]]
    np.testing.assert_allclose(_shapley(idle)["endorsement"], 0.0, atol=1e-15)
    alike = table | {off["endorsement"]: table[off["own_trust"]]}
    np.testing.assert_allclose(*_shapley(alike).values())


def test_parts_of_the_gap_in_conversion_sum_to_it() -> None:
    platforms = {"central": preset("taobao_live"), "shared": preset("tencent_live")}
    settings = scenario(platforms, replications=6)
    roles = {"central": "centralised", "shared": "decentralised"}
    arms: list[Arm] = [arm.model_copy(update={"role": roles[arm.name]}) for arm in settings.arms]
    settings: Scenario = settings.model_copy(update={"arms": arms})
    draw = np.random.default_rng(9)
    names = ["central", "shared"]
    names += [Probe(arm, without).name for arm in ("central", "shared") for without in COALITIONS]
    runs = runs_table(**{name: list(draw.uniform(0.01, 0.05, 6)) for name in names})
    found = decompose(settings, runs)
    assert found is not None
    assert sum(part.effect for part in found.parts) == pytest.approx(found.gap.effect)
    means = runs.groupby("arm")["conversion_rate"].mean()
    assert found.gap.effect == pytest.approx(means["shared"] - means["central"])
