"""What `inspect` tells of a life is in the language that is spoken."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from simulation.archive.archive import StoredRun
from simulation.languages.speaking import speaking
from simulation.pages.life.inspect import Subject, inspect_run
from tests.support.english_on_pages import english, english_in
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arm = {"name": "tencent_live", "platform": preset("tencent_live")}
    recorded = {"replications": 1, "seed": 7, "record": True}
    question = tiny([arm], world={"days": 20}, title_zh="小世界", question_zh="谁来？", run=recorded)
    return stored(question, tmp_path_factory.mktemp("lives"))


@pytest.mark.parametrize("subject", [Subject(merchant=0), Subject(viewer=3)])
def test_a_life_is_told_in_chinese_in_the_terminal_and_on_its_page(run: StoredRun, subject: Subject) -> None:
    told = io.StringIO()
    with speaking("zh"):
        page = inspect_run(run.folder, Console(file=told, width=120), subject)
    assert english(told.getvalue()) == [] and "腾讯直播" in told.getvalue()
    assert english_in(page.read_text(encoding="utf-8")) == {}
