"""Pages of markets, of many platforms and of policies: their own figures, and what these say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser

from simulation.archive.archive import read_run
from simulation.claims.reading import check_table
from simulation.laboratory import store_run
from simulation.pages.kit.label_places import LETTER, LINE, Spot, label_annotations
from simulation.pages.run import page as run_page
from simulation.pages.run.content import Content
from simulation.pages.run.figures.entry import entry_finding, entry_lines
from simulation.pages.run.figures.platforms import link_with_private
from simulation.pages.run.figures.policies import policy_window
from simulation.scenario.scenario import Scenario
from simulation.scenario.sections.policy import Policy
from tests.support.browser_pages import DESKTOP, PHONE, Opened, check_every_view, opened
from tests.support.stated_world import stated
from tests.support.worlds import preset

WORLD = {"viewers": 400, "merchants": 16, "days": 60}
LINEUP = ("tencent_live", "douyin", "taobao_live", "jd_live")
SHARED = ["measures", "daily", "channels", "funnel", "inequality", "profit", "survival"]


def scenario(arms: list[dict[str, Any]], **sections: Any) -> Scenario:
    table = {
        "name": "small",
        "title": "Small",
        "article_claims": False,
        "world": WORLD,
        "run": {"replications": 3, "seed": 7},
        "arms": arms,
    }
    return check_table(table | stated(**sections), "small")


def market(day: int, name: str, label: str) -> dict[str, Any]:
    entrant = preset("tencent_live") | {"launch_day": day}
    return {"name": name, "label": label, "platforms": [preset("taobao_live"), preset("douyin"), entrant]}


def market_scenario() -> Scenario:
    return scenario(
        [
            market(0, "early", "Links only, after 0 days"),
            market(20, "late", "Links only, after 20 days"),
            market(0, "fed_early", "With a feed, after 0 days"),
            market(20, "fed_late", "With a feed, after 20 days"),
        ],
        policies=[
            {
                "name": "feed",
                "label": "A feed of its own",
                "effect": "recommendation",
                "start": 0,
                "platform": "tencent_live",
                "amount": 0.3,
                "arms": ["fed_early", "fed_late"],
            }
        ],
    )


def lineup_scenario() -> Scenario:
    return scenario(
        [{"name": name, "platform": preset(name)} for name in LINEUP],
        policies=[
            {
                "name": "crowd",
                "label": "Twice the crowd",
                "effect": "traffic",
                "start": 20,
                "end": 40,
                "amount": 2.0,
            }
        ],
    )


@pytest.fixture(scope="module")
def market_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_run(market_scenario(), tmp_path_factory.mktemp("market"), workers=1)


@pytest.fixture(scope="module")
def lineup_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_run(lineup_scenario(), tmp_path_factory.mktemp("lineup"), workers=1)


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def market_page(request: pytest.FixtureRequest, browser: Browser, market_folder: Path) -> Iterator[Opened]:
    with opened(browser, market_folder, request.param) as result:
        yield result


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def lineup_page(request: pytest.FixtureRequest, browser: Browser, lineup_folder: Path) -> Iterator[Opened]:
    with opened(browser, lineup_folder, request.param) as result:
        yield result


def figures(report: Opened) -> list[str]:
    plots = report.page.locator(".plot").all()
    return [str(plot.get_attribute("id")).removeprefix("plot-") for plot in plots]


def overflow(report: Opened) -> int:
    return report.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_a_market_has_its_figures_and_no_others(market_page: Opened) -> None:
    assert figures(market_page) == ["entry", "policies", "shares", "stocks", "moves", *SHARED]
    assert market_page.page.locator("figure .missing").count() == 0
    assert market_page.page.locator("#platforms").count() == 0
    check_every_view(market_page)
    assert overflow(market_page) <= 0


def test_a_market_names_platforms_and_arms(market_page: Opened) -> None:
    text = market_page.page.locator("main").inner_text()
    assert "tencent_live" not in text and "tencent live" not in text
    assert "“Links only, after 0 days”" in text
    assert "on Links only" not in text
    options = market_page.page.locator("select[data-figure=channels] option").all_inner_texts()
    assert options == ["All platforms together", "Taobao Live", "Douyin", "Tencent Live"]


def test_many_platforms_have_a_map_and_a_table(lineup_page: Opened) -> None:
    assert figures(lineup_page) == ["map", "policies", *SHARED]
    check_every_view(lineup_page)
    assert overflow(lineup_page) <= 0
    table = lineup_page.page.locator("table.platforms")
    assert table.locator("tbody tr").count() == len(LINEUP)
    # All columns have a best value but private traffic, and survival, for which the run is too short.
    assert table.locator("tbody strong").count() >= 7
    assert table.locator("tbody tr td:nth-child(5) strong").count() == 0
    assert table.locator("tbody th").first.evaluate("cell => getComputedStyle(cell).position") == "sticky"


def test_labels_of_the_map_do_not_overlap(lineup_page: Opened) -> None:
    boxes = lineup_page.page.locator("#plot-map .annotation-text-g").all()
    places = [box.bounding_box() for box in boxes]
    assert len(places) == len(LINEUP)
    for index, one in enumerate(places):
        for other in places[:index]:
            assert one and other
            across = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
            down = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
            assert across <= 1 or down <= 1


def test_a_policy_is_marked_and_its_numbers_change_with_the_view(lineup_page: Opened) -> None:
    page = lineup_page.page
    labels = page.locator("#plot-policies .annotation").all_text_contents()
    assert sum("Twice the crowd, day 20 to 40" in label for label in labels) == 1
    assert page.locator("#plot-policies .shapelayer path, #plot-policies .layer-below path").count() >= 1
    before = page.locator("#table-policies").inner_text()
    assert all(word in before for word in ("Before", "During", "After", "Douyin"))
    page.locator("select[data-figure=policies]").select_option(label="Fans")
    page.wait_for_function("document.getElementById('title-policies').textContent.startsWith('Fans')")
    assert page.locator("#table-policies").inner_text() != before


def made_up(folder: Path, shares: dict[str, list[float]]) -> Content:
    """A stored run with other values of Tencent Live's share of visits."""
    run = read_run(folder)
    rows = [
        {"arm": arm, "replicate": replicate, "visit_share_tencent_live": value}
        for arm, values in shares.items()
        for replicate, value in enumerate(values)
    ]
    return Content(replace(run, results=replace(run.results, runs=pd.DataFrame(rows))))


def finding(content: Content) -> str:
    return entry_finding(content, entry_lines(content), "visit_share_tencent_live", "Share")


def test_entry_lines_are_arms_that_differ_in_one_launch_only(market_folder: Path) -> None:
    lines = entry_lines(Content(read_run(market_folder)))
    assert [line.platform for line in lines] == ["tencent_live", "tencent_live"]
    assert [line.label for line in lines] == ["Links only", "With a feed"]
    assert [{day: arm.name for day, arm in line.arms.items()} for line in lines] == [
        {0: "early", 20: "late"},
        {0: "fed_early", 20: "fed_late"},
    ]


def test_a_fall_is_told_from_paired_differences(market_folder: Path) -> None:
    # Worlds differ more than launches do, so that only pairs can tell.
    content = made_up(
        market_folder,
        {
            "early": [0.011, 0.009, 0.012],
            "late": [0.010, 0.012, 0.009],
            "fed_early": [0.10, 0.20, 0.30],
            "fed_late": [0.05, 0.151, 0.249],
        },
    )
    told = finding(content)
    assert told.startswith("Share. Links only: 1.07% if it opens on day 0, 1.03% on day 20, no change")
    assert "With a feed: 20.0% if it opens on day 0, 15.0% on day 20, a fall beyond luck (−5.0" in told
    assert "no loss shows" not in told


def test_a_rise_is_called_one(market_folder: Path) -> None:
    content = made_up(
        market_folder,
        {"early": [0.1, 0.1, 0.1], "late": [0.15, 0.151, 0.152], "fed_early": [0.2], "fed_late": [0.2]},
    )
    assert "15.1% on day 20, a rise beyond luck" in finding(content)


def test_a_window_lasts_as_long_as_no_loss_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_page, "EXHIBITS", ())  # no page is looked at
    arms = [market(day, f"after_{day}", f"After {day} days") for day in (0, 10, 20, 30)]
    tiny = scenario(arms, world={"viewers": 40, "merchants": 4, "days": 40}, run={"replications": 3})
    content = made_up(
        store_run(tiny, tmp_path, workers=1),
        {
            "after_0": [0.20, 0.21, 0.22],
            "after_10": [0.21, 0.20, 0.23],
            "after_20": [0.19, 0.21, 0.22],
            "after_30": [0.10, 0.11, 0.12],
        },
    )
    told = finding(content)
    assert "21.0% if it opens on day 0, 11.0% on day 30, a fall beyond luck" in told
    assert "no loss shows up to day 20, though one of" in told and "is not ruled out" in told


def test_one_world_claims_nothing(market_folder: Path) -> None:
    content = made_up(market_folder, {"early": [0.2], "late": [0.1], "fed_early": [0.2], "fed_late": [0.1]})
    assert finding(content).count("one world cannot tell whether that is luck") == 2


def test_days_around_policies() -> None:
    first = Policy(name="a", effect="traffic", amount=2.0, start=5, end=8)
    second = Policy(name="b", effect="traffic", amount=2.0, start=10, end=12)
    window = policy_window([first, second], 15)
    assert window.before.tolist() == [0, 1, 2, 3, 4]
    assert window.during.tolist() == [5, 6, 7, 10, 11]
    assert window.after.tolist() == [12, 13, 14]
    endless = policy_window([Policy(name="c", effect="traffic", amount=2.0)], 3)
    assert (len(endless.before), len(endless.during), len(endless.after)) == (0, 3, 0)


def test_a_link_with_private_traffic_needs_to_be_clear() -> None:
    private = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert link_with_private(private, [6, 5, 4, 3, 2, 1]) == "lower where more traffic is private"
    assert link_with_private(private, [1, 2, 3, 4, 6, 5]) == "higher where more traffic is private"
    assert link_with_private(private, [1, 6, 2, 5, 1, 6]) == "no clear link with private traffic"
    assert link_with_private(private, [1] * 6) == "no link with private traffic"


def test_labels_of_a_crowd_keep_apart() -> None:
    luck = np.random.default_rng(3)
    spots = [
        Spot(0.0, 0.0, float(x), float(y), 10.0, "A platform")
        for x, y in luck.uniform((40, 120), (120, 260), (9, 2))
    ]
    wide, tall = LETTER * 11 * len("A platform"), LINE * 11
    middles = [
        (spot.left + label["ax"], spot.top + label["ay"])
        for spot, label in zip(spots, label_annotations(spots, 254, 420, 11), strict=True)
    ]
    for index, one in enumerate(middles):
        assert wide / 2 - 1 <= one[0] <= 254 - wide / 2 + 1
        for other in middles[:index]:
            assert abs(one[0] - other[0]) >= wide - 1 or abs(one[1] - other[1]) >= tall - 1
