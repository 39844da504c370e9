"""A Chinese page speaks Chinese: its first screen wholly, and of the rest all but what is listed here."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from simulation.archive.archive import StoredRun
from simulation.languages.speaking import speaking
from simulation.pages.run.content import Content
from simulation.pages.run.page import PAGES, render_page, write_report
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

STILL_ENGLISH = ("evidence",)
"""Sections by the id of their heading that are not in the catalogue yet. Take out what has become Chinese."""
SENTENCE = re.compile(r"[A-Za-z][a-z']+(?:,? [A-Za-z][a-z']+){2,}")
"""Three English words in a row; names such as “WeChat” alone are none."""


class Sections(HTMLParser):
    """Text of a page by the section in which it stands; what stands before all is of "first"."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {"first": []}
        self._now, self._silent = "first", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("section", "footer"):
            self._now = found.get("aria-labelledby") or "first"
        self._silent = tag in ("script", "style")
        for name in ("aria-label", "title"):
            self.texts.setdefault(self._now, []).append(found.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.setdefault(self._now, []).append(data)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [
        {"name": name, "platform": preset(name), "role": role}
        for name, role in (
            ("taobao_live", "centralised"),
            ("tencent_live", "decentralised"),
            ("douyin", ""),
            ("jd_live", ""),
        )
    ]
    words = {"title_zh": "小世界", "question": "Who sells?", "question_zh": "谁卖得多？"}
    question = tiny(arms, article_claims=True, world={"days": 20}, **words)
    return stored(question, tmp_path_factory.mktemp("run"))


def sections(run: StoredRun) -> dict[str, str]:
    with speaking("zh"):
        page = render_page(Content(run))
    assert '<html lang="zh">' in page
    found = Sections()
    found.feed(page)
    return {name: "\n".join(texts) for name, texts in found.texts.items()}


def test_the_first_screen_has_no_english_sentence(run: StoredRun) -> None:
    texts = sections(run)
    first = texts["first"] + texts["question"]
    assert "谁卖得多？" in first and "淘宝直播" in first and "成交额" in first and "怎么办" in first
    assert SENTENCE.findall(first) == []


def test_what_is_still_english_is_listed_and_the_list_is_no_longer_than_that(run: StoredRun) -> None:
    texts = sections(run)
    english = {name for name, text in texts.items() if SENTENCE.search(text)}
    assert sorted(english) == sorted(set(STILL_ENGLISH) & set(texts))


def test_each_language_has_its_page_and_each_page_names_the_others(run: StoredRun) -> None:
    with speaking("zh"):
        assert write_report(run.folder) == run.folder / "report.zh.html"
    assert sorted(PAGES.values()) == ["report.html", "report.zh.html"]
    english = (run.folder / "report.html").read_text(encoding="utf-8")
    chinese = (run.folder / "report.zh.html").read_text(encoding="utf-8")
    assert '<a href="report.zh.html" hreflang="zh" lang="zh">中文</a>' in english
    assert '<a href="report.html" hreflang="en" lang="en">English</a>' in chinese
