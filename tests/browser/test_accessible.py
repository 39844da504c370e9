"""Whoever cannot see, hover or tell colours apart reads the same: axe finds nothing, figures have numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

import simulation as lab
from simulation.archive.archive import read_run
from simulation.claims.reading import read_scenario
from simulation.laboratory import store_run
from simulation.languages.speaking import speaking
from simulation.pages.evidence.page import render_page
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.pages.run import page as run_page
from simulation.scenario.reading.read import find_scenario
from simulation.terminal.console import PlainConsole
from simulation.validation.collecting import Evidence, read_stored
from tests.support import evidence_stand_ins as made
from tests.support.browser_pages import first_screen_problems
from tests.support.worlds import preset

SMALL = {
    "world.viewers": 300,
    "world.merchants": 12,
    "world.days": 65,
    "run.replications": 2,
    "run.record": True,
}
QUESTION = {
    "name": "levers",
    "title": "Levers",
    "article_claims": False,
    "world": {"viewers": 60, "merchants": 6, "days": 5},
    "run": {"replications": 2},
    "arms": [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")],
}
LEVER = {"key": "sharing.base_rate", "low": 0.01, "high": 0.2}
GOALS = [{"measure": "gmv", "arm": "tencent_live"}, {"measure": "visits", "arm": "taobao_live"}]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scenario = read_scenario(find_scenario("tencent_live_2020"), SMALL)
    return store_run(scenario, tmp_path_factory.mktemp("results"), workers=1)


@pytest.fixture(scope="module")
def pages(run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of each kind."""
    folder = tmp_path_factory.mktemp("pages")
    sweep = QUESTION | {"sweep": {"points": 4, "replications": 1, "factors": [LEVER]}}
    search = QUESTION | {
        "policy_search": {
            "levers": [LEVER],
            "goals": GOALS,
            "generations": 1,
            "population": 4,
            "replications": 1,
        }
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(run_page, "EXHIBITS", ())  # only its tables are compared
        other = store_run(read_scenario(find_scenario("tencent_live_2020"), SMALL | {"run.seed": 9}), folder)
    evidence = folder / "evidence.html"
    kept = read_stored(made.keep_everything(tmp_path_factory.mktemp("kept")))
    for language, file in (("en", evidence), ("zh", evidence.with_suffix(".zh.html"))):
        with speaking(language):
            file.write_text(render_page(Evidence(kept, made.live(), made.LABELS)), encoding="utf-8")
    return {
        "run": run / "report.html",
        "chinese": run / "report.zh.html",
        "sweep": lab.run_sweep(sweep, folder=folder / "sweep", workers=1).page,
        "search": lab.search(search, folder=folder / "search", workers=1).page,
        "compare": lab.compare(run, other).page,
        "evidence": evidence,
        "inspect": inspect_run(run, PlainConsole(file=io.StringIO()), Subject(merchant=0)),
    }


@pytest.fixture
def opened(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    yield page
    page.close()


def show(page: Page, file: Path, scheme: str = "light") -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(file.as_uri())
    if page.locator("#figures-data").count():
        page.wait_for_selector("body[data-drawn=yes]")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["run", "chinese", "sweep", "search", "compare", "evidence", "inspect"])
def test_axe_finds_nothing(opened: Page, pages: dict[str, Path], kind: str, scheme: str) -> None:
    show(opened, pages[kind], scheme)
    found = Axe().run(opened)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", ["sweep", "search", "compare", "evidence"])  # of runs: test_first_screens.py
def test_the_answer_stands_on_the_first_screen(opened: Page, pages: dict[str, Path], kind: str) -> None:
    for file in (pages[kind], pages[kind].with_suffix(".zh.html")):
        if file.is_file():
            assert first_screen_problems(opened, file) == [], file.name


def test_axe_finds_what_is_wrong(opened: Page) -> None:
    opened.set_content("<html lang='en'><title>x</title><main><h1>x</h1><img src='data:,'></main></html>")
    assert [entry["id"] for entry in Axe().run(opened).response["violations"]] == ["image-alt"]


def numbers_in(text: str) -> list[str]:
    """Amounts with more than one digit, as they are printed."""
    return re.findall(r"\d[\d,.]*\d%?", text)


def test_what_a_figure_prints_stands_in_its_table(opened: Page, run: Path) -> None:
    show(opened, run / "report.html")
    checked = 0
    for select in [*opened.locator("select[data-figure]").all(), None]:
        for value in range(select.locator("option").count() if select else 1):
            if select:
                select.select_option(str(value))
            checked += len(figures_with_tables(opened))
    assert checked > 30


def figures_with_tables(page: Page) -> list[str]:
    """Ids of figures, each of whose numbers in title and picture stands in its table."""
    found = []
    for figure in page.locator("figure:has(details.data)").all():
        name = (figure.get_attribute("id") or "").removeprefix("figure-")
        table = set(numbers_in(page.locator(f"#data-{name}").inner_text().replace("\N{MINUS SIGN}", "")))
        shown = page.evaluate(PRINTED, name)
        lacking = [number for text in shown for number in numbers_in(text) if number not in table]
        assert not lacking, (name, lacking, shown)
        found.append(name)
    return found


PRINTED = """(id) => {
  const plot = document.getElementById("plot-" + id);
  const notes = (plot._fullLayout.annotations || []).map((note) => note.text);
  const points = plot._fullData.filter((trace) => (trace.mode || "").includes("text"))
    .flatMap((trace) => [trace.text].flat());
  return [...notes, ...points].map((text) => String(text).replace(/<[^>]*>/g, " "));
}"""


def test_a_figure_is_saved_as_picture_and_as_its_numbers(opened: Page, run: Path) -> None:
    show(opened, run / "report.html")
    files = {}
    for form in ("png", "svg", "csv"):
        with opened.expect_download() as download:
            opened.locator(f"button[data-save={form}][data-of=measures]").click()
        assert download.value.suggested_filename == f"measures.{form}"
        files[form] = Path(download.value.path()).read_bytes()
    assert files["png"].startswith(b"\x89PNG") and len(files["png"]) > 20_000
    picture = files["svg"].decode("utf-8")
    title = opened.locator("#title-measures").inner_text()
    assert picture.startswith("<svg") and title[:30] in picture
    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    runs = read_run(run).results.runs
    conversion = next(row for row in rows if row[0].startswith("Sales (GMV)"))
    mean = runs[runs["arm"] == "taobao_live"]["gmv"].mean()
    assert float(conversion[1]) == pytest.approx(mean, rel=1e-5)
    assert rows[0][2].endswith("low end") and float(conversion[2]) <= mean <= float(conversion[3])
