"""The evidence page in a real browser: everything is drawn, nothing is fetched, phones can read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from simulation.pages.evidence.page import render_page
from simulation.validation.collecting import Evidence, read_stored
from tests.support import evidence_stand_ins as made
from tests.support.browser_pages import DESKTOP, PHONE, Opened, check_every_view, opened

FIGURES = 7
ALWAYS_THERE = 2
"""Figures of what is run with the page: MusicLab and known mathematics."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    kept = read_stored(made.keep_everything(tmp_path_factory.mktemp("evidence")))
    page = render_page(Evidence(kept, made.live(), made.LABELS))
    (folder / "report.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def shown(request: pytest.FixtureRequest, browser: Browser, folder: Path) -> Iterator[Opened]:
    with opened(browser, folder, request.param) as result:
        yield result


def test_the_page_draws_everything_offline(shown: Opened) -> None:
    assert shown.page.locator(".plot").count() == FIGURES
    check_every_view(shown)


def test_the_page_does_not_scroll_sideways(shown: Opened) -> None:
    for fold in shown.page.locator("details summary").all():
        fold.click()
    assert shown.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_first_score_stands_on_the_first_screen(shown: Opened) -> None:
    box = shown.page.locator("#score-tuned").bounding_box()
    assert box is not None and box["y"] + box["height"] <= shown.size[1]


def test_without_any_input_there_is_a_page_too(browser: Browser, tmp_path: Path) -> None:
    page = render_page(Evidence(read_stored(tmp_path), made.live(), made.LABELS))
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    with opened(browser, tmp_path, PHONE) as result:
        assert result.problems == []
        assert result.page.locator(".plot").count() == ALWAYS_THERE
        assert result.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
