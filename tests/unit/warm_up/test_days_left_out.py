"""First days that are left out: of what, of what not, and beside windows of days and pasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation import LiveCommerceModel, ScenarioError, warm_cast
from simulation.checking.remarks import remarks_on
from simulation.claims.catalogue import why_not_tested
from simulation.claims.effects import trend_ends
from simulation.claims.reading import claim_problems
from simulation.measures import MEASURES, Outcome, measure_all
from simulation.measures.tables import channel_table, daily_table, merchant_table
from simulation.pages.kit.day_marks import marks_in
from simulation.pages.run.about import run_line
from simulation.pages.run.content import Content
from simulation.pages.run.figures.daily import daily_series, last_month
from simulation.pages.run.months import months_exhibit
from simulation.scenario.identity import as_table, unlike, what_decides
from simulation.scenario.reading.read import changed_scenario
from simulation.scenario.scenario import Scenario
from simulation.state.ledger import VISITS
from simulation.validation.same_question import depends_on, differences
from simulation.world.journal import Journal
from tests.support.made_runs import stored, tiny, with_daily
from tests.support.worlds import build_model, finished, preset, scenario, small_scenario
from tests.unit.warm_up.conftest import asked

DAYS, LEFT_OUT = 75, 40
"""The latter no multiple of 30."""


def world(left_out: int = LEFT_OUT, days: int = DAYS, **sections: Any) -> Scenario:
    sections.setdefault("run", {})["warm_up_days"] = left_out
    return scenario({"a": preset("tencent_live_plus_feed")}, days=days, **sections)


def speaking_of(measure: str, left_out: int, days: int = DAYS) -> Scenario:
    test = {"measure": measure, "kind": "level", "arm": "a", "direction": "higher", "margin": 0.0}
    return world(left_out, days, claims=[{"id": "c", "title": "C", "tests": [test | {"why": "a test"}]}])


@pytest.fixture(scope="module")
def outcomes() -> tuple[Outcome, Outcome]:
    """The same world, all of whose days count, and whose first do not."""
    whole, part = (Outcome.from_model(finished(world(left_out))) for left_out in (0, LEFT_OUT))
    return whole, part


def test_nothing_left_out_is_the_run_itself(outcomes: tuple[Outcome, Outcome]) -> None:
    whole, part = outcomes
    assert whole.counted is whole and part.counted is not part
    assert world(0).run.warm_up_days == 0 == scenario({"a": preset("taobao_live")}).run.warm_up_days


def test_months_begin_where_the_days_left_out_end() -> None:
    """One shop with d visits on day d, of 70 days, of which 10 are left out."""
    journal = Journal(70, 1, 1, left_out=10)
    assert [journal.month_of(day) for day in (0, 9, 10, 39, 40, 69)] == [0, 0, 1, 1, 2, 2]
    assert len(journal.stores_by_month) == 3
    for day in range(70):
        journal.stores_by_month[journal.month_of(day), :, VISITS] += day
        journal.visits[day] = day
    rest = journal.between(10, 70)
    assert rest.by_store[0, VISITS] == sum(range(10, 70)) == rest.visits.sum() and rest.days_done == 60
    assert journal.between(40, 70).by_store[0, VISITS] == sum(range(40, 70))
    assert journal.between(0, 70).by_store[0, VISITS] == sum(range(70))
    assert [Journal(90, 1, 1).month_of(day) for day in (0, 29, 30, 89)] == [0, 0, 1, 2]


def test_flows_are_those_of_the_days_that_are_counted(outcomes: tuple[Outcome, Outcome]) -> None:
    whole, part = outcomes
    daily, found, all_days = daily_table(whole), measure_all(part), measure_all(whole)
    pd.testing.assert_frame_equal(daily, daily_table(part))  # the table of days holds all of them
    rest = daily[daily["day"] >= LEFT_OUT]
    days = {name: name for name in ("visits", "orders", "gmv", "shares")} | {"fans_lost": "lost"}
    for name, column in days.items():
        assert found[name] == pytest.approx(rest[column].sum()) and found[name] < all_days[name], name
    left = rest["lost"].sum() - part.persons(part.total("lost_to_closing")[LEFT_OUT:].sum())
    assert found["conversion_rate"] == pytest.approx(rest["orders"].sum() / rest["visits"].sum())
    assert found["fan_half_life_days"] == pytest.approx(np.log(2) * rest["fans"].sum() / left)
    assert found["dau_mau"] != all_days["dau_mau"] and 0 < found["dau_mau"] < 1


def test_tables_by_merchant_and_channel_count_the_same_days(outcomes: tuple[Outcome, Outcome]) -> None:
    whole, part = outcomes
    found, merchants, channels = measure_all(part), merchant_table(part), channel_table(part)
    assert merchants["visits"].sum() == channels["visits"].sum() == found["visits"]
    assert merchants["gmv"].sum() == pytest.approx(found["gmv"])
    assert len(merchants) == len(merchant_table(whole))


def test_profit_is_that_of_the_days_that_are_counted(outcomes: tuple[Outcome, Outcome]) -> None:
    model = build_model(world(0))
    for _ in range(LEFT_OUT):
        model.step()
    before = model.stores.profit.copy()
    model.run()
    gained = (model.stores.profit - before) / 100.0
    model.close()
    assert (before != 0).any()
    np.testing.assert_allclose(merchant_table(outcomes[1])["profit"], gained)
    chosen = outcomes[1].counted.came & (model.stores.arrival <= DAYS - 30)
    days = DAYS - np.maximum(model.stores.arrival[chosen], LEFT_OUT)
    assert measure_all(outcomes[1])["profit_per_merchant"] == pytest.approx(
        np.mean(gained[chosen] * 30.0 / days)
    )


def test_newcomers_are_those_who_arrive_on_days_that_are_counted(outcomes: tuple[Outcome, Outcome]) -> None:
    whole, part = outcomes
    assert part.newcomers.sum() < whole.newcomers.sum()
    assert (part.merchants.arrival[part.newcomers] >= LEFT_OUT).all() and part.newcomers.any()


def test_states_and_whole_lives_are_not_concerned(outcomes: tuple[Outcome, Outcome]) -> None:
    whole, part = map(measure_all, outcomes)
    concerned = {name for name, entry in MEASURES.items() if entry.by_days or entry.leaves_out}
    for name in ("buyer_conversion", "unreached_30d", "largest_audience_per_100k", "merchant_survival_90d"):
        assert name not in concerned
        assert whole[name] == part[name] or np.isnan([whole[name], part[name]]).all()


def test_days_left_out_a_past_and_windows_fit_together() -> None:
    """Days of a past are none of the run; those left out are its first, and windows say days of the run."""
    claims = [
        {
            "id": "c",
            "title": "C",
            "tests": [
                {
                    "measure": "conversion_rate@31-60",
                    "kind": "level",
                    "arm": "feed",
                    "direction": "higher",
                    "margin": 0.0,
                    "why": "a test",
                }
            ],
        }
    ]
    plain = asked(days=60, claims=claims)
    late = changed_scenario(plain, {"run.warm_up_days": 30})
    cast, other = warm_cast(plain), warm_cast(late)
    np.testing.assert_array_equal(cast.roster.arrival, other.roster.arrival)
    found = {}
    for question, people in ((plain, cast), (late, other)):
        model = LiveCommerceModel(question, question.arms[0], people)
        model.run()
        found[question.run.warm_up_days] = measure_all(Outcome.from_model(model))
    whole, part = found[0], found[30]
    assert part["conversion_rate"] == part["conversion_rate@31-60"] == whole["conversion_rate@31-60"]
    assert whole["conversion_rate"] != whole["conversion_rate@31-60"] > 0


@pytest.mark.parametrize("left_out", [DAYS, DAYS + 1])
def test_days_left_out_leave_some(left_out: int) -> None:
    with pytest.raises(ScenarioError, match=r"run\.warm_up_days[\s\S]*leaves none of the 75 days"):
        world(left_out)
    assert world(DAYS - 1).run.warm_up_days == DAYS - 1


@pytest.mark.parametrize(
    ("measure", "left_out", "fine"),
    [
        ("conversion_rate@31-60", 30, True),
        ("conversion_rate@1-30", 30, False),  # left out themselves
        ("conversion_rate@31-60", 10, False),  # months begin on day 11 there
        ("conversion_rate@11-40", 10, True),
        ("conversion_rate@41-75", 10, True),
    ],
)
def test_windows_are_of_days_that_are_counted(measure: str, left_out: int, fine: bool) -> None:
    question = speaking_of(measure, left_out)
    problems = claim_problems(question)
    assert bool(problems) is not fine
    assert fine or f"counted from day {left_out + 1}" in problems[0].allowed
    if not fine:
        assert f"the first {left_out}" in why_not_tested(question, question.claims[0])


def test_trends_begin_with_the_first_day_that_is_counted() -> None:
    """A hundred days, on each of which the value is the number of the day."""
    daily = pd.DataFrame({"arm": "a", "replicate": 0, "day": np.arange(100), "visits": np.arange(100.0)})
    early, late = trend_ends(daily, "a", "visits", left_out=20)
    assert (early[0], late[0]) == (np.arange(20, 50).mean(), np.arange(70, 100).mean())
    assert np.isnan(trend_ends(daily, "a", "visits", left_out=41)[0]), "less than twice 30 days are left"


def test_pages_say_which_days_are_left_out(tmp_path: Path) -> None:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    settings = tiny(arms, world={"days": 130}, run={"replications": 2, "seed": 7, "warm_up_days": 40})
    run = stored(settings, tmp_path)
    assert run.manifest["days_left_out"] == 40
    content = Content(run)
    assert "first 40 days are left out of everything that is counted by day" in run_line(content)
    assert [(mark.day, mark.name) for mark in marks_in(content, content.arms)] == [(40, "Counting begins")]
    rising = {name: [list(map(float, range(130)))] * 2 for name in ("taobao_live", "tencent_live")}
    rising["tencent_live"] = [[2.0 * day for day in range(130)]] * 2
    made = with_daily(run, "visits", rising)
    assert last_month(made, made.arms[0], daily_series("visits")).mean() == np.arange(100, 130).mean()
    exhibit = months_exhibit(made)
    assert exhibit is not None
    (line,) = next(view for view in exhibit.views if view.label == "Visits a day").figure.data
    np.testing.assert_allclose(line.y, [np.arange(first, first + 30).mean() for first in (40, 70, 100)])


def test_a_page_of_a_run_that_leaves_nothing_out_says_nothing_of_it(tmp_path: Path) -> None:
    run = stored(tiny([{"name": "a", "platform": preset("taobao_live")}], 1), tmp_path)
    content = Content(run)
    assert "left out" not in run_line(content) and not marks_in(content, content.arms)


def test_days_left_out_decide_results_and_are_named_where_worlds_differ() -> None:
    plain, late = (speaking_of("conversion_rate", left_out) for left_out in (0, 10))
    tables = [what_decides(as_table(question), {}) for question in (plain, late)]
    assert unlike(*tables) == ["first_days_left_out"] and "first_days_left_out" not in tables[0]
    tests = plain.claims[0].tests
    said = differences(*(depends_on(question, tests) for question in (plain, late)))
    assert said == "first days that are left out"


def test_measures_of_a_scenario_s_own_see_all_days_and_are_pointed_out(tmp_path: Path) -> None:
    own = tmp_path / "own.py"
    own.write_text(
        "from simulation.measures.registry import own_measure\n@own_measure('Days', unit='days')\ndef "
        "MEASURE(outcome):\n    return outcome.days * 1000 + outcome.counted.days\n",
        encoding="utf-8",
    )
    plugged = {"measures": {"days_seen": str(own)}}
    question = world(10, 30, plugins=plugged)
    assert measure_all(Outcome.from_model(finished(question)))["days_seen"] == 30_020
    (remark,) = [entry for entry in remarks_on(question) if entry.key == "plugins.measures.days_seen"]
    assert "first 10 days" in remark.found and "outcome.counted" in remark.allowed
    assert not [entry for entry in remarks_on(world(0, 30, plugins=plugged)) if "days_seen" in entry.key]


def test_what_is_written_down_of_days_that_are_left_out_moves_no_measure() -> None:
    """All counts of the first 175 of 420 days are altered, in a market of which shares after half a year, and
    those of two half-years, are looked at."""
    left_out = 175
    arm = {"name": "m", "platforms": [preset("taobao_live"), preset("tencent_live_plus_feed")]}
    sections: dict[str, Any] = {"run": {"warm_up_days": left_out}, "shopkeeping": {"arrivals": 30.0}}
    outcome = Outcome.from_model(finished(small_scenario([arm], 150, 10, 420, 1, 7, **sections)))
    before, luck = measure_all(outcome), np.random.default_rng(0)
    for name in set(Journal.BY_DAY) - {"live", "hours"}:  # nobody can have streamed before it came
        counts = getattr(outcome.journal, name)[:left_out]
        counts[:] = (3 * counts + luck.integers(0, 5, counts.shape)).astype(counts.dtype)
    after = measure_all(outcome)
    assert [name for name in before if not np.array_equal(before[name], after[name], equal_nan=True)] == []
