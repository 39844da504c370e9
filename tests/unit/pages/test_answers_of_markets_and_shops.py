"""First screens of a market, in which one platform's rules change, and of one shop: their own numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulation.archive.archive import StoredRun
from simulation.languages.speaking import speaking
from simulation.pages.run.answer.answer import Answer, answer
from simulation.pages.run.answer.asked import what_is_asked
from simulation.pages.run.content import Content
from simulation.pages.run.figures.entry import entry_exhibit
from simulation.pages.run.figures.market import shares_exhibit
from tests.support.english_on_pages import english
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

PLATFORMS = [preset("douyin"), preset("kuaishou"), preset("jd_live")]
FREE = {"name": "free", "effect": "commission", "platform": "kuaishou", "amount": 0.0, "arms": ["changed"]}
SHARES = {"market_share_kuaishou": [0.30, 0.32, 0.31], "market_share_douyin": [0.60, 0.58, 0.59]}
SALES = {
    "platform_gmv_kuaishou": [300.0, 320.0, 310.0],
    "platform_gmv_douyin": [600.0, 580.0, 590.0],
    "platform_gmv_jd_live": [100.0, 100.0, 100.0],
    "platform_payoff_kuaishou": [30.0, 32.0, 31.0],
    "gmv": [1000.0, 1010.0, 990.0],
}
BEFORE = SHARES | SALES
AFTER = {
    "market_share_kuaishou": [0.40, 0.43, 0.41],
    "market_share_douyin": [0.50, 0.47, 0.49],
    "platform_gmv_kuaishou": [360.0, 384.5, 371.5],
    "platform_gmv_douyin": [540.0, 522.5, 530.5],
    "platform_payoff_kuaishou": [15.0, 16.2, 15.4],
}


def two(changed: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    return [{"name": "as_is", "platforms": PLATFORMS}, {"name": "changed", "platforms": changed or PLATFORMS}]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    return stored(tiny(two(), policies=[FREE]), tmp_path_factory.mktemp("market"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in ("douyin", "tencent_live")]
    tea = {"name": "tea", "label": "The tea shop", "kind": "community_vendor", "category": 0, "members": 20}
    return stored(tiny(arms, merchants={"named": [tea]}), tmp_path_factory.mktemp("shop"))


def answered(run: StoredRun, changed: dict[str, list[float]]) -> Answer:
    return answer(with_runs(run, {"as_is": BEFORE, "changed": BEFORE | changed}))


def test_a_market_is_answered_with_shares_and_sales_of_the_ruled_and_of_its_rival(market: StoredRun) -> None:
    found = answered(market, AFTER)
    assert found.asked and found.asked.platforms == ("kuaishou", "douyin")
    assert (
        "Kuaishou's share of sales rises from 31.0% to 41.3%, its sales rise by 20% and its payoff "
        "(commission and advertising) falls by 50%; Douyin's share of sales falls from 59.0% to 48.7% and "
        "its sales fall by 10"
    ) in found.sentence
    own, rival, sure = found.numbers
    assert (own.kind, own.title, own.value) == ("gain", "Kuaishou's share of sales", "31.0% → 41.3%")
    assert (rival.kind, rival.title, rival.value) == ("loss", "Douyin's share of sales", "59.0% → 48.7%")
    assert "372 CNY against 310 CNY" in own.text and "531 CNY against 590 CNY" in rival.text
    assert (sure.kind, sure.value) == ("sure", "3 of 3 worlds")
    assert "watch what is lost: platform's payoff (Kuaishou)" in found.advice[0]
    assert any("Douyin loses by it and may answer" in line for line in found.advice)


def test_a_share_moves_in_points_and_not_in_per_cent_of_itself(market: StoredRun) -> None:
    shares = [row for row in answered(market, AFTER).effects if "share" in row.label]
    assert [row.difference for row in shares] == ["+10.3 points", "−10.3 points"]


def test_what_luck_makes_of_a_market_is_no_finding(market: StoredRun) -> None:
    found = answered(market, {"market_share_kuaishou": [0.33, 0.30, 0.31]})
    assert "Kuaishou's share of sales is 31.3% instead of 31.0% (may be luck)" in found.sentence
    assert [number.kind for number in found.numbers] == ["none", "none", "unsure"]
    assert not any("may answer" in line for line in found.advice)


def test_a_market_is_answered_in_chinese(market: StoredRun) -> None:
    with speaking("zh"):
        found = answered(market, AFTER)
    assert "快手的成交份额由31.0%升至41.3%、成交额增加20%和平台收益（佣金与广告）减少50%" in found.sentence
    assert found.numbers[1].title == "抖音的成交份额"


def test_rules_that_differ_from_the_start_are_asked_about_as_policies_are(tmp_path: Path) -> None:
    free = [*PLATFORMS[:2], PLATFORMS[2] | {"commission": 0.0}]
    run = stored(tiny(two(free)), tmp_path)
    asked = what_is_asked(with_runs(run, {"as_is": BEFORE, "changed": BEFORE}))
    assert asked and asked.kind == "market" and asked.platforms == ("jd_live", "douyin")


def test_a_platform_that_opens_is_answered_with_what_others_lose(tmp_path: Path) -> None:
    arms = [{"name": "as_is", "platforms": PLATFORMS[:2]}, {"name": "changed", "platforms": PLATFORMS}]
    opened = {"market_share_jd_live": [0.1, 0.11, 0.12], "platform_gmv_douyin": [600.0, 580.0, 590.0]}
    after = {"market_share_douyin": [0.50, 0.47, 0.49]}
    without = {name: values for name, values in BEFORE.items() if "jd_live" not in name}
    found = answer(
        with_runs(stored(tiny(arms), tmp_path), {"as_is": without, "changed": without | opened | after})
    )
    assert found.asked and (found.asked.opened, found.asked.platforms) == ("jd_live", ("douyin", "kuaishou"))
    assert (
        "JD Live reaches 11.0% of sales; Douyin's share of sales falls from 59.0% to 48.7%"
    ) in found.sentence
    assert found.numbers[0].value == "59.0% → 48.7%" and found.numbers[1].value == "31.0% → 31.0%"
    assert any("Douyin loses by it and may answer" in line for line in found.advice)


def test_what_never_differs_is_not_called_luck(market: StoredRun) -> None:
    sure = answered(market, {}).numbers[2]
    assert sure.text == "show no difference at all in market share by sales, last 30 days (Kuaishou)."


def test_a_policy_of_all_platforms_is_of_none_in_particular(tmp_path: Path) -> None:
    everywhere = {key: value for key, value in FREE.items() if key != "platform"}
    run = stored(tiny(two(), policies=[everywhere]), tmp_path)
    asked = what_is_asked(Content(run))
    assert asked and asked.kind == "policy" and not asked.platforms


def test_a_shop_is_answered_with_its_own_numbers_and_not_with_those_of_all(shop: StoredRun) -> None:
    base = {
        "gmv": [1000.0, 1100.0, 900.0],
        "named_orders_tea": [10.0, 12.0, 11.0],
        "named_profit_tea": [200.0, 220.0, 210.0],
        "named_members_tea": [20.0, 21.0, 22.0],
    }
    changed = {
        "gmv": [100.0, 111.0, 91.0],
        "named_orders_tea": [20.0, 24.5, 21.6],
        "named_profit_tea": [100.0, 111.0, 104.0],
    }
    found = answer(with_runs(shop, {"douyin": base, "tencent_live": base | changed}))
    won, cost, sure = found.numbers
    assert won.text.startswith("Its orders a month: 22.0 against 11.0")
    assert cost.text.startswith("Its profit a month: 105 CNY against 210")
    assert "agree on its orders a month" in sure.text
    assert "all merchants" not in found.sentence
    assert found.advice[0].startswith("Choose Tencent Live if you go by its orders a month, and watch")
    assert "watch what is lost: its profit a month" in found.advice[0]
    more = {"named_members_tea": [40.0, 42.5, 43.6]}
    level = answer(with_runs(shop, {"douyin": base, "tencent_live": base | more})).advice[0]
    assert level.startswith("Tencent Live loses nothing that shows in its orders a month, and wins")


def test_a_claim_about_everybody_stands_beside_a_shop_and_decides_nothing(tmp_path: Path) -> None:
    claim = {
        "id": "mine",
        "title": "Mine",
        "mechanism": "Links.",
        "tests": [
            {
                "measure": "gmv",
                "arm": "tencent_live",
                "against": "douyin",
                "direction": "higher",
                "margin": 0.05,
                "why": "a tenth of sales",
            }
        ],
    }
    arms = [{"name": name, "platform": preset(name)} for name in ("douyin", "tencent_live")]
    tea = {"name": "tea", "label": "Tea", "kind": "community_vendor", "category": 0, "members": 20}
    run = stored(tiny(arms, merchants={"named": [tea]}, claims=[claim]), tmp_path)
    base = {"gmv": [1000.0, 1100.0, 900.0], "named_orders_tea": [10.0, 12.0, 11.0]}
    found = answer(with_runs(run, {"douyin": base, "tencent_live": base | {"gmv": [100.0, 111.0, 91.0]}}))
    assert "lets all merchants together sell 900 CNY less" in found.sentence
    assert not any("90%" in number.value for number in found.numbers)


ENTRY = {
    "settled_share_jd_live": [0.080, 0.078, 0.079],
    "market_share_jd_live": [0.045, 0.044, 0.046],
    "visit_share_jd_live": [0.081, 0.080, 0.082],
    "platform_gmv_jd_live": [300.0, 320.0, 310.0],
    "merchants_served_jd_live": [20.0, 21.0, 22.0],
}
LATE = {"market_share_jd_live": [0.031, 0.029, 0.031], "platform_gmv_jd_live": [150.0, 161.0, 154.0]}


def launched(day: int) -> list[dict[str, Any]]:
    return [*PLATFORMS[:2], PLATFORMS[2] | {"launch_day": day}]


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": "at_once", "platforms": launched(0)}, {"name": "late", "platforms": launched(5)}]
    return stored(tiny(arms, world={"days": 40}), tmp_path_factory.mktemp("entry"))


def test_an_entry_is_answered_with_shares_of_visits_and_of_sales(entry: StoredRun) -> None:
    found = answer(with_runs(entry, {"at_once": ENTRY, "late": ENTRY | LATE}))
    assert (
        "Of the market's sales in the last 30 days it has 4.50% and 3.03%, a difference beyond luck. Over "
        "the whole run the later launch sells 50% less"
    ) in found.sentence
    visits, sales, _ = found.numbers
    assert (visits.kind, visits.title, visits.value) == ("none", "JD Live's share of visits", "7.90% → 7.90%")
    assert (sales.kind, sales.title, sales.value) == ("loss", "JD Live's share of sales", "4.50% → 3.03%")
    assert "−1.47 points" in sales.text and "Its sales: 155 CNY against 310 CNY" in sales.text


def test_an_entry_less_than_half_a_year_ago_is_answered_with_the_last_days(entry: StoredRun) -> None:
    """The share at half a year has no value in the arm in which the run ends before."""
    young = {"settled_share_jd_live": [float("nan")] * 3, "visit_share_jd_live": [0.061, 0.060, 0.062]}
    found = answer(with_runs(entry, {"at_once": ENTRY, "late": ENTRY | LATE | young}))
    assert found.sentence.startswith(
        "In the last 30 days JD Live has 8.10% of the market's visits with “at once” and 6.10% with “late”, "
        "a difference beyond luck. Of the market's sales in the last 30 days it has 4.50% and 3.03%"
    )
    visits, sales, _ = found.numbers
    assert (visits.value, sales.value) == ("8.10% → 6.10%", "4.50% → 3.03%")
    assert visits.text.startswith("In the last 30 days, ") and "half a year" not in visits.text
    assert found.picture_title == "Share of visits in the last 30 days, against “at once”"
    assert "who opens late holds 2" in found.advice[0]


def test_what_luck_makes_of_a_share_of_sales_is_said_to_be_luck(entry: StoredRun) -> None:
    same = {"market_share_jd_live": [0.050, 0.035, 0.046]}
    found = answer(with_runs(entry, {"at_once": ENTRY, "late": ENTRY | same}))
    assert "it has 4.50% and 4.37%, which may be luck" in found.sentence
    assert found.numbers[1].kind == "none"


def test_a_difference_that_luck_hides_is_still_told_with_a_digit(entry: StoredRun) -> None:
    same = {"market_share_jd_live": [0.015, 0.085, 0.028]}
    found = answer(with_runs(entry, {"at_once": ENTRY, "late": ENTRY | same}))
    assert found.numbers[1].value == "4.50% → 4.27%"
    assert "−0.2 points, which may be luck (−10 to +9 points" in found.numbers[1].text


def test_the_entry_s_figure_has_a_view_of_sales(entry: StoredRun) -> None:
    exhibit = entry_exhibit(with_runs(entry, {"at_once": ENTRY, "late": ENTRY | LATE}))
    assert exhibit is not None
    (view,) = (view for view in exhibit.views if view.label == "Share of sales in the last 30 days")
    assert "4.50% if it opens on day 0, 3.03% on day 5" in view.finding


def test_who_has_the_market_is_told_by_visits_and_by_sales(entry: StoredRun) -> None:
    leads = {"visit_share_douyin": [0.7, 0.7, 0.7], "market_share_kuaishou": [0.6, 0.6, 0.6]}
    exhibit = shares_exhibit(with_runs(entry, {"at_once": leads, "late": leads}))
    assert exhibit is not None
    visits, sales = exhibit.views
    assert "Douyin has the most visits: 70.0%" in visits.finding
    assert "Kuaishou sells most: 60.0%" in sales.finding
    assert visits.figure.data[0].y != sales.figure.data[0].y, "of other days' numbers"


def test_a_card_of_a_market_has_the_share_of_visits_beside_that_of_sales(market: StoredRun) -> None:
    visits = {"visit_share_kuaishou": [0.50, 0.52, 0.51]}
    found = answer(
        with_runs(
            market,
            {"as_is": BEFORE | visits, "changed": BEFORE | AFTER | {"visit_share_kuaishou": [0.6] * 3}},
        )
    )
    assert "Its share of visits: 60.0% against 51.0%." in found.numbers[0].text


def alone_in(run: StoredRun, values: dict[str, list[float]]) -> Answer:
    return answer(with_runs(run, {"only": values}))


@pytest.fixture(scope="module")
def newcomer(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": "only", "platforms": launched(5)}]
    return stored(tiny(arms, world={"days": 40}), tmp_path_factory.mktemp("newcomer"))


HELD = ENTRY | {
    "market_share_kuaishou": [0.30, 0.32, 0.31],
    "visit_share_kuaishou": [0.40, 0.41, 0.42],
    "market_share_douyin": [0.65, 0.64, 0.64],
    "visit_share_douyin": [0.52, 0.51, 0.50],
}


def test_a_market_run_alone_answers_with_the_shares_of_who_enters(newcomer: StoredRun) -> None:
    found = alone_in(newcomer, HELD)
    assert found.sentence.startswith(
        "JD Live, which opens on day 5, has 8.10% of the market's visits and 4.50% of its sales in the last "
        "30 days (40 days, 3 worlds"
    )
    visits, sales, rival = found.numbers
    assert (visits.title, visits.value) == ("JD Live's share of visits", "8.10%")
    assert "95% interval over worlds 7.85% to 8.35%" in visits.text
    assert "Half a year after the launch: 7.90%." in visits.text
    assert (sales.title, sales.value) == ("JD Live's share of sales", "4.50%")
    assert "4.25% to 4.75%" in sales.text and "Its sales over the run: 310 CNY." in sales.text
    assert (rival.title, rival.value) == ("Douyin's share of sales", "64.3%")
    assert "Its share of visits: 51.0% (48.5% to 53.5%)." in rival.text
    assert "opens on another day than 5" in found.advice[0]


def test_a_market_run_alone_answers_in_chinese(newcomer: StoredRun) -> None:
    with speaking("zh"):
        found = alone_in(newcomer, HELD)
    assert found.sentence.startswith("京东直播第5天上线，最近30天占市场访问的8.10%、成交额的4.50%（40天，3个")
    assert found.numbers[2].title == "抖音的成交份额"
    assert not [each for number in found.numbers for each in english(number.text)]


def test_a_market_in_which_nobody_is_late_answers_with_the_shares_of_all(tmp_path: Path) -> None:
    run = stored(tiny([{"name": "only", "platforms": PLATFORMS}]), tmp_path)
    found = alone_in(run, HELD)
    assert found.sentence.startswith(
        "Shares of the market's sales over the run: Douyin 64.3% (of visits 51.0%), Kuaishou 31.0% (of "
        "visits 41.0%) and JD Live 4.50% (of visits 8.10%) (10 days"
    )
    assert [number.title for number in found.numbers] == [
        f"{name}'s share of sales" for name in ("Douyin", "Kuaishou", "JD Live")
    ]


def test_one_world_run_alone_has_shares_without_intervals(tmp_path: Path) -> None:
    run = stored(tiny([{"name": "only", "platforms": launched(5)}], replications=1), tmp_path)
    found = alone_in(run, {name: values[:1] for name, values in HELD.items()})
    assert "One world cannot tell that from luck." in found.sentence
    assert not any("interval" in number.text or " to " in number.text for number in found.numbers)
