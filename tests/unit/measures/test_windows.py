"""Measures of some days of a run: names, what they count, and which of them there are."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulation.claims.reading import claim_problems
from simulation.claims.verdict import measure_label
from simulation.measures import MEASURES, Outcome, measure_all
from simulation.measures.outcome import Window
from simulation.measures.registry import measures_within, named, window_in, without_days
from simulation.pages.kit.names import measure_name
from simulation.runs.bounds import base_measure, measure_bounds, measure_unit
from simulation.scenario import Scenario
from simulation.state.ledger import ORDERS, VISITS
from simulation.world.journal import Journal
from tests.support.worlds import finished, preset, scenario

DAYS = 75


def asked(measure: str, days: int = DAYS) -> Scenario:
    """A small world whose claim speaks of `measure`."""
    test = {"measure": measure, "kind": "level", "arm": "a"}
    test |= {"direction": "higher", "margin": 0.0, "why": "a test"}
    claims = [{"id": "c", "title": "C", "tests": [test]}]
    return scenario({"a": preset("taobao_live")}, days=days, claims=claims)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return Outcome.from_model(finished(asked("conversion_rate@31-60")))


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (1, 30, True),
        (31, 60, True),
        (31, 75, True),  # to the end of the run
        (1, 75, True),
        (61, 75, True),
        (2, 30, False),
        (31, 59, False),
        (31, 90, False),
        (61, 60, False),
    ],
)
def test_windows_are_whole_months_or_end_with_the_run(first: int, last: int, fits: bool) -> None:
    assert Window(first, last).fits(DAYS) is fits


def test_names_say_the_days_and_are_read_back() -> None:
    name = named("conversion_rate_push", Window(31, 60))
    assert name == "conversion_rate_push@31-60" and window_in(name) == Window(31, 60)
    assert without_days(name) == ("conversion_rate_push", "31-60")
    assert base_measure(name) == "conversion_rate" and base_measure("gmv@31-60") == "gmv"
    assert measure_bounds(name) == measure_bounds("conversion_rate") and measure_unit("gmv@31-60") == "CNY"
    assert window_in("gmv") is window_in("gmv@soon") is None and named("gmv", None) == "gmv"
    assert measure_label("gmv@31-60") == "Sales (GMV), days 31 to 60" == measure_name("gmv@31-60")


def test_a_hand_made_journal_is_cut_to_its_days() -> None:
    """Two shops for 70 days: on day d the first has d visits, the second one order a visit and 2 visits."""
    journal = Journal(70, 2, 1)
    for day in range(70):
        journal.visits[day] = day, 2
        journal.stores_by_month[day // 30, :, VISITS] += day, 2
        journal.stores_by_month[day // 30, :, ORDERS] += 0, 2
        journal.flows[day, VISITS] = day + 2
    journal.cascades_by_month[:, 0] = 5, 6, 7
    journal.sums.back_7[:] = np.arange(70)
    month = journal.between(30, 60)
    assert month.days_done == 30 and month.visits[0].tolist() == [30, 2]
    assert month.by_store[:, VISITS].tolist() == [sum(range(30, 60)), 60]
    assert month.by_store[:, ORDERS].tolist() == [0, 60]
    assert month.flows[:, VISITS].sum() == sum(range(30, 60)) + 60
    assert month.returned_7.tolist() == list(range(30, 60)) and month.cascade_sizes[0] == 6
    rest = journal.between(30, 70)
    assert rest.by_store[0, VISITS] == sum(range(30, 70)) and rest.cascade_sizes[0] == 13
    assert journal.cascade_sizes[0] == 18 and len(journal.visits) == 70


def test_sums_of_months_are_the_sum_of_the_run(outcome: Outcome) -> None:
    windows = [Window(1, 30), Window(31, 60), Window(61, DAYS)]
    months = [measures_within(outcome, window) for window in windows]
    whole = measure_all(outcome)
    for name in ("visits", "orders", "gmv", "follows", "reach_recommend", "platform_commission"):
        assert sum(month[name] for month in months) == pytest.approx(whole[name]) and whole[name] > 0
    orders, visits = months[1]["orders"], months[1]["visits"]
    assert months[1]["conversion_rate"] == orders / visits != whole["conversion_rate"]
    assert outcome.within(windows[1]).merchant_counts("visits").sum() == outcome.visits[30:60].sum()


def test_the_whole_run_as_a_window_measures_what_the_run_does(outcome: Outcome) -> None:
    found, whole = measures_within(outcome, Window(1, DAYS)), measure_all(outcome)
    assert set(found) < set(whole) and "profit_per_merchant" not in found
    for name, value in found.items():
        assert value == whole[name] or (math.isnan(value) and math.isnan(whole[name])), name


def test_what_reads_the_end_of_the_run_cannot_be_taken_of_some_days() -> None:
    assert not any(MEASURES[name].by_days for name in ("buyer_conversion", "users", "profit_per_merchant"))


def test_merchants_that_closed_before_or_opened_after_are_not_of_the_window() -> None:
    model = finished(scenario({"a": preset("taobao_live")}, shops=6, days=60, shopkeeping={"arrivals": 0.0}))
    model.cast.roster.arrival[0] = 45
    model.stores.last_day[1] = 12
    made = Outcome.from_model(model)
    assert made.came.sum() == 6
    assert made.within(Window(1, 30)).came.tolist() == [False, True, True, True, True, True]
    assert made.within(Window(31, 60)).came.tolist() == [True, False, True, True, True, True]


def test_runs_hold_the_windows_that_claims_speak_of(outcome: Outcome) -> None:
    values = measure_all(outcome)
    name = "conversion_rate@31-60"
    assert (
        list(values)[-1] == name
        and values[name] == measures_within(outcome, Window(31, 60))["conversion_rate"]
    )
    by_part = Outcome.from_model(finished(asked("conversion_rate_search@1-30", days=30)))
    assert math.isnan(measure_all(by_part)["conversion_rate_search@1-30"]), "no such channel in this arm"


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("conversion_rate@31-60", []),
        ("conversion_rate_recommend@61-75", []),
        ("conversion_rate@30-60", ["days 30 to 60"]),
        ("conversion_rate@31-180", ["days 31 to 180"]),
        ("conversion_rate@later", ["days later"]),
        ("buyer_conversion@31-60", ["days 31 to 60"]),
        ("conversoin_rate@31-60", ["days 31 to 60", "did you mean 'conversion_rate'"]),
    ],
)
def test_claims_about_days_that_there_are_not_are_refused(measure: str, words: list[str]) -> None:
    problems = claim_problems(asked(measure))
    assert len(problems) == len(words)
    for problem, word in zip(problems, words, strict=True):
        assert word in problem.found and problem.key == "claims.c.tests.0.measure"
