"""The report in a real browser: everything is drawn, nothing is fetched, phones can read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from simulation.claims.reading import read_scenario
from simulation.laboratory import store_run
from simulation.pages.run.page import write_report
from simulation.scenario.reading.read import find_scenario
from tests.support.browser_pages import DESKTOP, PHONE, Opened, check_every_view, opened, undrawn
from tests.support.stated_world import STATED

FIGURES = 9
CAUSES = 2
"""Figures that need a centralised and a decentralised platform, and are left off without."""
SMALL = STATED | {"world.viewers": 400, "world.merchants": 12, "world.days": 65, "run.replications": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = read_scenario(find_scenario("tencent_live_2020"), SMALL)
    return store_run(scenario, tmp_path_factory.mktemp("results"), workers=1)


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def report(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Opened]:
    with opened(browser, folder, request.param) as result:
        yield result


def test_the_answer_stands_on_the_first_screen(report: Opened) -> None:
    for selector in ("h1", ".answer", ".number-card:nth-child(3) .says"):
        box = report.page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= report.size[1], f"{selector} is below the first screen"


def test_page_draws_everything_offline(report: Opened) -> None:
    assert report.page.locator(".plot").count() == FIGURES
    check_every_view(report)


def test_page_does_not_scroll_sideways(report: Opened) -> None:
    assert report.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_verdicts_are_those_of_the_run(report: Opened, folder: Path) -> None:
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))["claims"]
    for claim in claims:
        entry = report.page.locator(f"#claim-{claim['id']}")
        assert claim["title"] in (entry.text_content() or "")
        assert claim["word"].capitalize() in (entry.locator(".pill").text_content() or "")


def test_choosing_a_measure_draws_it(report: Opened) -> None:
    page = report.page
    assert page.locator("#title-daily").inner_text().startswith("Visits a day")
    before = page.locator("#plot-daily .scatterlayer").inner_html()
    page.locator("select[data-figure=daily]").select_option(label="Fans")
    page.wait_for_function("document.getElementById('title-daily').textContent.startsWith('Fans')")
    assert page.locator("#plot-daily .scatterlayer").inner_html() != before


def test_hovering_tells_the_values_of_a_day(report: Opened) -> None:
    plot = report.page.locator("#plot-daily .nsewdrag").first
    plot.scroll_into_view_if_needed()
    plot.hover()
    report.page.locator("#plot-daily .hoverlayer text").first.wait_for()
    shown = report.page.locator("#plot-daily .hoverlayer").text_content() or ""
    assert "Taobao Live" in shown and "Tencent Live" in shown


def test_a_phone_turned_to_wide_gets_the_wide_layout(browser: Browser, folder: Path) -> None:
    with opened(browser, folder, PHONE) as report:
        page, tall = report.page, "document.getElementById('plot-channels')._fullLayout.height"
        narrow = page.evaluate(tall)
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
        page.wait_for_function(f"{tall} < {narrow}")
        assert report.problems == []


@pytest.mark.parametrize(
    ("changes", "arms"),
    [
        ({"world.viewers": 1}, 3),
        ({"world.merchants": 0}, 3),
        ({"world.viewers": 1, "world.merchants": 0, "world.days": 1}, 1),
        ({"world.days": 3}, 1),
    ],
    ids=["one viewer", "no merchants", "nobody and nothing", "three days"],
)
def test_small_worlds_give_a_page_too(
    browser: Browser, tmp_path: Path, changes: dict[str, int], arms: int
) -> None:
    tiny = {"world.viewers": 60, "world.merchants": 4, "world.days": 8, "run.replications": 1}
    scenario = read_scenario(find_scenario("tencent_live_2020"), tiny | changes)
    scenario = scenario.model_copy(update={"arms": scenario.arms[:arms]})
    with opened(browser, store_run(scenario, tmp_path, workers=1), PHONE) as report:
        assert report.problems == []
        assert undrawn(report.page) == []
        drawn, missing = report.page.locator(".plot").count(), report.page.locator("figure .missing").count()
        assert drawn + missing == FIGURES - (CAUSES if arms == 1 else 0)


def test_a_stored_run_gives_the_same_page_again(folder: Path) -> None:
    page = (folder / "report.html").read_bytes()
    assert write_report(folder).read_bytes() == page
    assert len(page) < 2_500_000


HOSTILE = "x</script><b>y</b> &amp; <a href='javascript:alert(1)'>z</a> %{y} <sub>s</sub> 😀"


def test_labels_are_drawn_letter_by_letter(browser: Browser, tmp_path: Path) -> None:
    arms = {f"arms.{name}.label": f"{HOSTILE} {name}" for name in ("taobao_live", "tencent_live")}
    scenario = read_scenario(
        find_scenario("tencent_live_2020"),
        {
            **SMALL,
            "run.replications": 2,
            "title": HOSTILE,
            "question": HOSTILE,
            "article_claims": False,
            **arms,
        },
    )
    with opened(browser, store_run(scenario, tmp_path), DESKTOP) as report:
        page = report.page
        check_every_view(report)
        assert page.title() == HOSTILE and page.locator("h1").inner_text() == HOSTILE
        legends = page.locator("#plot-daily .legendtext").all_text_contents()
        assert set(arms.values()) <= set(legends)
        titles = page.locator("#plot-channels .annotation-text").all_text_contents()
        assert set(arms.values()) <= set(titles)
        page.locator("#plot-funnel .scatterlayer .point").first.hover(force=True)
        page.wait_for_selector("#plot-funnel .hoverlayer text")
        assert HOSTILE in "".join(page.locator("#plot-funnel .hoverlayer text").all_text_contents())
        drawn = page.locator(".plot svg a, .plot svg sub, .plot svg [style*='baseline-shift']")
        assert drawn.count() == 0
