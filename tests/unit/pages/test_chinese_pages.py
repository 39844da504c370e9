"""A Chinese page speaks Chinese: of what is not quoted, every sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.archive.archive import StoredRun
from simulation.languages.speaking import speaking
from simulation.pages.evidence.page import render_page as render_evidence
from simulation.pages.kit.style import in_full
from simulation.pages.run.content import Content
from simulation.pages.run.page import PAGES, render_page, write_report
from simulation.validation.collecting import Evidence, read_stored
from tests.support import evidence_stand_ins as made
from tests.support.english_on_pages import english, english_in, sections
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

ARMS = {"taobao_live": "淘宝直播", "tencent_live": "腾讯直播", "tencent_live_plus_feed": "腾讯直播加推荐流"}


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


def chinese(run: StoredRun) -> str:
    with speaking("zh"):
        page = render_page(Content(run))
    assert '<html lang="zh">' in page
    return page


def test_the_first_screen_has_no_english_sentence(run: StoredRun) -> None:
    texts = sections(chinese(run))
    first = texts["first"] + texts["question"]
    assert "谁卖得多？" in first and "淘宝直播" in first and "成交额" in first and "怎么办" in first
    assert english(first) == []


def test_no_sentence_of_the_page_is_english(run: StoredRun) -> None:
    assert english_in(chinese(run)) == {}


@pytest.mark.parametrize("kept", [True, False])
def test_no_sentence_of_the_evidence_page_is_english(tmp_path: Path, kept: bool) -> None:
    if kept:
        made.keep_everything(tmp_path)
    with speaking("zh"):
        page = render_evidence(Evidence(read_stored(tmp_path), made.live(), ARMS))
    assert english_in(page) == {}
    assert "为什么相信" in page and "与已知数学结果的核对" in page and "真实实验" in page


def test_axes_of_a_chinese_page_have_no_thousands_by_k_and_no_millions_by_m() -> None:
    chosen = {"height": 3, "xaxis": {"tickformat": "~s"}, "yaxis2": {"tickformat": ".0%"}}
    assert in_full(chosen) == chosen, "English has k and M"
    with speaking("zh"):
        found = in_full(chosen)
    plainly = {"exponentformat": "none", "separatethousands": True}
    assert found["xaxis"] == plainly | {"tickformat": ",~f"}
    assert found["yaxis2"] == plainly | {"tickformat": ".0%"} and found["height"] == 3


def test_each_language_has_its_page_and_each_page_names_the_others(run: StoredRun) -> None:
    with speaking("zh"):
        assert write_report(run.folder) == run.folder / "report.zh.html"
    assert sorted(PAGES.values()) == ["report.html", "report.zh.html"]
    english = (run.folder / "report.html").read_text(encoding="utf-8")
    chinese = (run.folder / "report.zh.html").read_text(encoding="utf-8")
    assert '<a href="report.zh.html" hreflang="zh" lang="zh">中文</a>' in english
    assert '<a href="report.html" hreflang="en" lang="en">English</a>' in chinese
