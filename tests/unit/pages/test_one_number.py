"""One quantity has one number on a page: means over all worlds, and a word where it must be of fewer."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from simulation.archive.archive import StoredRun
from simulation.pages.kit.figure_text import BREAK
from simulation.pages.kit.style import Exhibit
from simulation.pages.kit.words import change, percent
from simulation.pages.run import profit as figures_merchants
from simulation.pages.run.comparison_table import comparison_tables, platform_table
from simulation.pages.run.content import Content
from simulation.pages.run.figures.arms import funnel_exhibit, measures_exhibit
from simulation.pages.run.figures.causes import gap_exhibit
from simulation.pages.run.figures.channels import channels_exhibit
from simulation.pages.run.figures.daily import SERIES, last_month, series_exhibit
from simulation.pages.run.figures.market import shares_exhibit, stocks_exhibit
from simulation.pages.run.figures.platforms import map_exhibit
from simulation.pages.run.figures.policies import _apart, policy_window
from simulation.pages.run.mechanisms import mechanisms_exhibit
from simulation.pages.run.page import render_page
from simulation.pages.run.profit import profit_exhibit
from simulation.pages.run.survival import survival_exhibit
from simulation.pages.run.verdict_cards import TestRow, claim_cards
from tests.support.made_runs import stored, tiny, with_runs
from tests.support.worlds import preset

TENCENT = "Tencent Live"
CONVERSION = [0.03, 0.0301, 0.09, 0.1299]
"""Orders per visit in four worlds, of which the first has nearly all visits and the first two have probes:
7.00% on average, 4.23% of all visits together, 3.00% in the worlds with probes."""
VISITS = [10_000.0, 1_000.0, 1_000.0, 1_000.0]
PRIVATE = [0.2, 0.3, 0.4, 0.7]
ON_A_CARD = r"^Orders per visit: (\S+%) on Tencent Live"
PROBES = (
    "without endorsement",
    "without own_trust",
    "without endorsement without own_trust",
    "without sharing",
)


OF_CONVERSION: list[dict[str, Any]] = [
    {
        "measure": "conversion_rate",
        "arm": "decentralised",
        "direction": "higher",
        "relative": True,
        "margin": 0.1,
        "why": "to be seen",
    }
    | against
    for against in (
        {"against": "centralised"},
        {"against": "decentralised", "against_without": ["own_trust"]},
        {"against": "decentralised", "against_without": ["endorsement"]},
        {"against": "decentralised", "against_without": ["sharing"]},
    )
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    roles = {"taobao_live": "centralised", "tencent_live": "decentralised"}
    arms = [
        {"name": name, "platform": preset(name), "role": roles.get(name, "")}
        for name in ("taobao_live", "tencent_live", "douyin", "jd_live")
    ]
    question = tiny(
        arms,
        article_claims=True,
        claims=[{"id": "converts", "title": "It converts", "tests": OF_CONVERSION}],
        world={"days": 20},
        run={"replications": 4, "seed": 7, "probe_replications": 2},
    )
    return stored(question, tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def content(run: StoredRun) -> Content:
    orders = [rate * visits for rate, visits in zip(CONVERSION, VISITS, strict=True)]
    of_tencent = {
        "conversion_rate": CONVERSION,
        "visits": VISITS,
        "orders": orders,
        "private_traffic_share": PRIVATE,
        "reach": [4 * visits for visits in VISITS],
    }
    others = {"conversion_rate": [0.01, 0.011, 0.012, 0.013], "private_traffic_share": [0.1] * 4}
    made = {name: others for name in ("taobao_live", "douyin", "jd_live")}
    made["taobao_live without own_trust"] = {"conversion_rate": [0.008, 0.0081]}
    made |= {
        f"tencent_live {probe}": {"conversion_rate": [0.015 - 0.002 * place, 0.0151 - 0.002 * place]}
        for place, probe in enumerate(PROBES)
    }
    return with_runs(run, made | {"tencent_live": of_tencent})


def hover_of(exhibit: Exhibit | None, name: str) -> list[str]:
    """Words under the pointer at the marks of `name`, in all views."""
    assert exhibit is not None
    return [
        str(words)
        for view in exhibit.views
        for trace in view.figure.data
        if trace.name == name and isinstance(trace.text, tuple)
        for words in trace.text
    ]


def shown_tests(content: Content) -> list[TestRow]:
    """All tests on the cards, those of folded readings included."""
    return [
        test for card in claim_cards(content) for row in (card.decides, *card.others) for test in row.tests
    ]


def told(texts: list[str], pattern: str) -> list[str]:
    """The percentages that `pattern` finds."""
    return [found[1] for text in texts if (found := re.search(pattern, text))]


def table_cells(content: Content, measure: str) -> list[str]:
    return [
        getattr(row, side)
        for table in comparison_tables(content)
        for row in table.rows
        for side in ("arm", "against")
        if row.measure == measure and getattr(table, side) == TENCENT
    ]


def platform_cells(content: Content, heading: str) -> list[str]:
    table = platform_table(content)
    assert table is not None
    cells = dict(table.rows)[TENCENT]
    return [cells[table.columns.index(heading)].text]


def test_orders_per_visit_are_the_same_all_over_the_page(content: Content) -> None:
    gap = gap_exhibit(content)
    assert gap is not None
    bars = gap.views[0].figure
    rates = funnel_exhibit(content).views[1].figure
    places: dict[str, list[str]] = {
        "cards": told([card.decides.sentence for card in claim_cards(content)], ON_A_CARD),
        "tests": told([test.finding.sentence for test in shown_tests(content)], ON_A_CARD),
        "comparisons": table_cells(content, "Orders per visit"),
        "platforms": platform_cells(content, "Orders per visit"),
        "measures": told(
            hover_of(measures_exhibit(content), TENCENT), f"Orders per visit.*{BREAK}Tencent Live: (\\S+?%)"
        ),
        "map": told(hover_of(map_exhibit(content), TENCENT), r"Orders per visit: (\S+?%)"),
        "rates": [
            percent(trace.y[trace.text.index("Orders per visit")])
            for trace in rates.data
            if trace.name == TENCENT
        ],
        "days": told(
            [view.finding for view in series_exhibit(content).views],
            r"^Orders per visit .*?\(?([\d.]+%) on Tencent Live",
        ),
        "gap": [bars.layout.annotations[-1].text, percent(bars.data[0].x[-1])],
    }
    assert {place for place, found in places.items() if not found} == set()
    assert {value for found in places.values() for value in found} == {"7.00%"}
    assert len(places["tests"]) >= 3 and len(places["comparisons"]) == 1
    page = render_page(content)
    assert "7.00%" in page and "4.23%" not in page and "3.00%" not in page
    assert "7.00% on Tencent Live" in funnel_exhibit(content).views[0].finding


def test_private_traffic_is_the_same_all_over_the_page(content: Content) -> None:
    places = {
        "comparisons": table_cells(content, "Traffic from private channels"),
        "platforms": platform_cells(content, "Private traffic"),
        "map": told(hover_of(map_exhibit(content), TENCENT), r"private ways: (\S+?%)"),
        "measures": told(
            hover_of(measures_exhibit(content), TENCENT), f"private channels.*{BREAK}Tencent Live: (\\S+?%)"
        ),
        "days": told(
            [view.finding for view in series_exhibit(content).views if "private" in view.label],
            r"([\d.]+%) on Tencent Live",
        ),
    }
    assert {value for found in places.values() for value in found} == {"40.0%"}
    assert all(places.values())
    assert "to 40.0% on Tencent Live" in channels_exhibit(content).views[0].finding


def test_what_was_found_in_fewer_worlds_says_so(content: Content) -> None:
    tests = {test.finding.sentence: test for test in shown_tests(content)}
    probed = [test for sentence, test in tests.items() if "Compared with Tencent Live without" in sentence]
    assert len(probed) >= 3
    for test in probed:
        assert " in 2 of 4 worlds, it differs by" in test.finding.sentence
        assert test.finding.worlds == " in 2 of 4 worlds"
    whole = next(test for sentence, test in tests.items() if "against 1.15% on Taobao Live" in sentence)
    assert "worlds" not in whole.finding.sentence and whole.finding.worlds == ""
    page = render_page(content)
    assert "arms: 4, worlds: 4, " in page and re.search(r"variants of them: \d+, worlds of these: 2\)", page)
    mechanisms = mechanisms_exhibit(content)
    assert mechanisms is not None and "Found in 2 of 4 worlds." in mechanisms.caption


def test_parts_of_the_gap_lead_from_one_level_to_the_other(content: Content) -> None:
    exhibit = gap_exhibit(content)
    assert exhibit is not None and "Parts were found in 2 of 4 worlds" in exhibit.caption
    bars = exhibit.views[0].figure
    start, *parts, end = bars.data[0].x
    assert (start, end) == (pytest.approx(0.0115), pytest.approx(0.07))
    assert start + sum(parts) == pytest.approx(end, abs=1e-5)
    assert "luck of the 2" in bars.layout.yaxis.ticktext[-2].replace(BREAK, " ")
    # In the two worlds with probes the gap is 0.03005 - 0.0105; the rest is the luck of the others.
    assert parts[-1] == pytest.approx(0.07 - 0.0115 - (0.03005 - 0.0105), abs=1e-5)
    assert exhibit.views[0].finding.startswith(
        "Luck cannot tell Tencent Live from Taobao Live in orders per visit (+6 points)"
    )


def test_a_mechanism_carries_what_its_claim_says(content: Content) -> None:
    claims = {
        (test["test"]["measure"], test["other"]): test
        for claim in content.claims["claims"]
        for reading in claim["readings"]
        for test in reading["tests"]
    }
    effect = claims["conversion_rate", "tencent_live without own_trust"]["effect"]
    carried = next(
        entry
        for entry in content.claims["mechanisms"]
        if (entry["mechanism"], entry["measure"]) == ("own_trust", "conversion_rate")
    )
    assert carried["effect"] == pytest.approx(1 - 1 / (1 + effect))


def test_levels_are_of_all_worlds_also_where_pairs_are_missing(run: StoredRun) -> None:
    made = with_runs(
        run,
        {
            "taobao_live": {"conversion_rate": [0.01, 0.01, 0.01, math.nan]},
            "tencent_live": {"conversion_rate": CONVERSION},
        },
    )
    row = next(row for row in comparison_tables(made)[0].rows if row.measure == "Orders per visit")
    assert (row.arm, row.against) == ("7.00%", "1.00%")
    assert row.difference == "+4 points in 3 of 4 worlds"
    sentences = [test.finding.sentence for test in shown_tests(made)]
    assert any(
        "7.00% on Tencent Live against 1.00% on Taobao Live; in 3 of 4 worlds that have both, a "
        "difference of" in sentence
        for sentence in sentences
    )


def test_a_trend_ends_where_the_figure_does(tmp_path: Path) -> None:
    claim = {
        "id": "rising",
        "title": "Rising",
        "tests": [
            {
                "kind": "trend",
                "measure": "private_traffic_share",
                "arm": "taobao_live",
                "direction": "higher",
                "margin": 0.01,
                "why": "to be seen",
            }
        ],
    }
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    question = tiny(arms, claims=[claim], world={"days": 70, "viewers": 300, "merchants": 40})
    made = Content(stored(question, tmp_path))
    entry = made.claims["claims"][-1]["readings"][0]["tests"][0]
    series = next(series for series in SERIES if series.column == "private_traffic_share")
    assert last_month(made, made.arms[0], series).mean() == pytest.approx(entry["arm_value"])
    finding = next(view.finding for view in series_exhibit(made).views if view.label == series.label)
    assert f"{percent(entry['arm_value'])} on Taobao Live" in finding
    assert f"{percent(entry['arm_value'])} in the last 30" in claim_cards(made)[0].decides.sentence


def test_titles_of_survival_and_profit_tell_the_measures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    run = stored(tiny(arms, replications=2, world={"days": 95, "merchants": 40}), tmp_path)
    made = with_runs(run, {"taobao_live": {"merchant_survival_90d": [0.5, 0.7]}})
    assert "60.0% on Taobao Live" in survival_exhibit(made).views[0].finding
    assert "may differ" in survival_exhibit(made).caption
    # Those with and without fans together are those of the measure.
    rows = made.merchants(made.arms[0])
    rows = rows[rows["arrival_day"] <= 65]
    whole = (rows["profit"] > 0).groupby(rows["replicate"]).mean().mean()
    assert whole == pytest.approx(made.level("taobao_live", "profitable_merchant_share"))
    monkeypatch.setattr(figures_merchants, "MANY_FANS", 1)
    many = rows[rows["starting_fans"] >= 1]
    assert (
        percent((many["profit"] > 0).groupby(many["replicate"]).mean().mean())
        in profit_exhibit(made).views[0].finding
    )


def test_a_market_has_the_shares_and_users_of_its_measures(tmp_path: Path) -> None:
    arm: dict[str, Any] = {
        "name": "market",
        "label": "Market",
        "platforms": [preset("taobao_live"), preset("tencent_live")],
    }
    run = stored(tiny([arm], replications=2, world={"days": 40, "viewers": 120}), tmp_path)
    made = with_runs(
        run, {"market": {"visit_share_taobao_live": [0.9, 0.8], "visit_share_tencent_live": [0.1, 0.2]}}
    )
    shares, stocks = shares_exhibit(made), stocks_exhibit(made)
    assert shares is not None and shares.views[0].finding.startswith("In the last 30 days")
    assert "Taobao Live has the most visits: 85.0%" in shares.views[0].finding
    assert stocks is not None
    last = run.results.platforms[run.results.platforms["day"] == 39].groupby("platform")["users"].mean()
    assert last["taobao_live"] == pytest.approx(made.level("market", "users_taobao_live"))
    whole = {trace.x[0]: 0.0 for trace in shares.views[0].figure.data if trace.type == "bar"}
    for trace in shares.views[0].figure.data:
        if trace.type == "bar":
            whole[trace.x[0]] += trace.y[0]
    assert whole == {0: pytest.approx(1.0, abs=1e-4)}


def test_a_policy_s_effect_over_the_run_is_its_claim_s(tmp_path: Path) -> None:
    claim = {
        "id": "sells",
        "title": "Sells",
        "tests": [
            {
                "measure": "visits",
                "arm": "helped",
                "against": "plain",
                "direction": "higher",
                "relative": True,
                "margin": 0.01,
                "why": "to be seen",
            }
        ],
    }
    policy = {"name": "help", "effect": "traffic", "arms": ["helped"], "amount": 1.5}
    arms = [{"name": name, "label": name, "platform": preset("taobao_live")} for name in ("plain", "helped")]
    question = tiny(arms, claims=[claim], policies=[policy], world={"viewers": 200, "merchants": 20})
    made = Content(stored(question, tmp_path))
    entry = made.claims["claims"][-1]["readings"][0]["tests"][0]
    visits = next(series for series in SERIES if series.column == "visits")
    plain, helped = made.arms
    window = policy_window(made.run.scenario.policies, made.days)
    found = _apart(made, helped, plain, visits, window.during)
    assert found.relative
    assert (found.found.mean, found.found.low, found.found.high) == pytest.approx(
        (entry["effect"], entry["low"], entry["high"])
    )


def test_what_does_not_show_in_the_last_decimal_is_told_as_nothing() -> None:
    assert change(-6.9e-9, "Gini", False, 3e-8) == "0.00"
    assert change(2e-6, "Gini", False, 3e-8) == "+0.000002"
    assert change(-6.9e-9, "Gini", False, 1e-5) == "0.000000", "its interval shows"


def test_how_much_pairs_save_is_told_as_far_as_anything_hangs_on_it(run: StoredRun) -> None:
    """Levels that differ in the ninth digit, as those of a regression that is solved twice."""
    levels = [0.5, 0.6, 0.7, 0.8]
    near = {
        "taobao_live": {"fan_dependence": levels},
        "tencent_live": {"fan_dependence": [*levels[:3], 0.8 + 1e-8]},
    }
    table = next(table for table in comparison_tables(with_runs(run, near)) if table.arm == TENCENT)
    row = next(row for row in table.rows if row.measure.startswith("How much profit depends"))
    assert (row.difference, row.interval, row.reduction) == ("0.00", "0.00 to 0.00", "over 1,000×")
