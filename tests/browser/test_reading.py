"""How a page is read: dark, on paper, by keyboard, in either language, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from simulation.claims.reading import read_scenario
from simulation.laboratory import store_run
from simulation.scenario.reading.read import find_scenario
from tests.support.browser_pages import DESK, MISPLACED_LABELS, PHONE

SMALL = {"world.viewers": 400, "world.merchants": 12, "world.days": 65, "run.replications": 3}
MOST_PAGES = 12
CONTRAST = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
      .map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (part) => {
    const colour = getComputedStyle(part).backgroundColor;
    return colour.startsWith("rgba") && colour.endsWith(", 0)") && part.parentElement
      ? ground(part.parentElement) : colour;
  };
  return [...document.querySelectorAll("p, h1, h2, h3, li, a, .pill, dt, dd, summary, td, th")]
    .filter((part) => part.textContent.trim() && part.getClientRects().length)
    .map((part) => {
      const [a, b] = [light(getComputedStyle(part).color), light(ground(part))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), part.tagName + "." + part.className];
    }).filter(([ratio]) => ratio < 4.5);
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = read_scenario(find_scenario("tencent_live_2020"), SMALL)
    return store_run(scenario, tmp_path_factory.mktemp("results"), workers=1)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": DESK[0], "height": DESK[1]})
    yield opened
    opened.close()


def show(page: Page, folder: Path, name: str = "report.html") -> None:
    page.goto((folder / name).as_uri())
    page.wait_for_selector("body[data-drawn=yes]")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Page, folder: Path, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(page, folder)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(246, 247, 249)", "dark": "rgb(18, 23, 28)"}[scheme]
    assert page.evaluate(CONTRAST) == []
    paper = page.locator("#plot-daily .main-svg").first.evaluate("svg => svg.style.background")
    assert ("255, 255, 255" in paper) == (scheme == "light")


def test_the_other_language_is_one_click_away(page: Page, folder: Path) -> None:
    show(page, folder)
    page.get_by_role("link", name="中文").click()
    page.wait_for_selector("body[data-drawn=yes]")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert "转化率" in page.locator(".answer").inner_text()


def test_the_first_key_leads_past_the_head(page: Page, folder: Path) -> None:
    show(page, folder)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_it_prints_on_few_pages(page: Page, folder: Path) -> None:
    show(page, folder)
    paper = page.pdf(prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= MOST_PAGES


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["report.html", "report.zh.html"])
def test_no_label_of_a_figure_is_cut_off_or_hides_another(
    page: Page, folder: Path, name: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    show(page, folder, name)
    assert page.evaluate(MISPLACED_LABELS) == []


def test_a_figure_that_is_saved_on_a_phone_has_the_ticks_of_its_wide_layout(page: Page, folder: Path) -> None:
    """Those that were thinned, or put on more lines, for a narrow screen have room there."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    show(page, folder)
    names = "poster('funnel').layout.xaxis.ticktext"
    assert page.evaluate(names) == page.evaluate("viewOf('funnel').layout.xaxis.ticktext")
    assert page.evaluate("document.getElementById('plot-funnel').layout.xaxis.ticktext") != page.evaluate(
        names
    )
