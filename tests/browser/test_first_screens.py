"""Questions of every kind are answered on the first screen, on a desk and on a phone, in either language.

Finished runs that come along are shown as they are, without figures, which lie below.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from simulation.laboratory.finished import finished_runs, open_finished
from simulation.pages.run import page as run_page
from tests.support.browser_pages import first_screen_problems
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

KINDS = [*finished_runs(), "market", "shop"]


def run_of(kind: str, folder: Path) -> Path:
    """A finished run with its pages, or a tiny one of a kind that none is of."""
    platforms = [preset(name) for name in ("taobao_live", "douyin", "kuaishou")]
    if kind == "market":
        arms = [{"name": "as_is", "platforms": platforms}, {"name": "changed", "platforms": platforms}]
        free = {
            "name": "free",
            "effect": "commission",
            "platform": "douyin",
            "amount": 0,
            "arms": ["changed"],
        }
        scenario = tiny(arms, policies=[free])
    elif kind == "shop":
        arms = [{"name": name, "platform": preset(name)} for name in ("douyin", "tencent_live")]
        tea = {
            "name": "tea",
            "label": "The tea shop",
            "kind": "community_vendor",
            "category": 0,
            "members": 20,
        }
        scenario = tiny(arms, merchants={"named": [tea]})
    else:
        return open_finished(kind, folder)[0]
    stored(scenario, folder)
    run_page.write_report(folder)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_stands_on_the_first_screen(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(run_page, "EXHIBITS", ())
    folder, page = run_of(kind, tmp_path), browser.new_page()
    for name in run_page.PAGES.values():
        assert first_screen_problems(page, folder / name) == [], name
    page.close()
