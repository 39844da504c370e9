"""A sweep's page in Chinese, and how far it says claims hold, fail and stay open."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from simulation.claims.catalogue import NO_ARM
from simulation.ensembles.analysis.findings import SweepFindings, collect_findings
from simulation.ensembles.analysis.verdicts import wilson
from simulation.ensembles.analysis.wording import factor_name
from simulation.ensembles.results import SweepResults
from simulation.ensembles.tasks import Finished, Task
from simulation.languages.speaking import sentence, speaking, told
from simulation.pages.sweep.answer import first_screen
from simulation.pages.sweep.page import arm_names, claims_by_reason, render_page
from tests.support.english_on_pages import english_in
from tests.support.evidence_stand_ins import sweep


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> SweepFindings:
    return collect_findings(SweepResults.read(sweep(tmp_path_factory.mktemp("sweep"))))


def first_sentence(found: SweepFindings) -> str:
    return first_screen(found, arm_names(found)).sentence


def open_throughout(found: SweepFindings) -> SweepFindings:
    """The claim that never holds, undecided at every point instead of contradicted."""
    shares = {"supported": wilson(0, 60), "contradicted": wilson(0, 60), "undecided": wilson(60, 60)}
    claims = [replace(entry, shares=shares) if entry.claim.id == "never" else entry for entry in found.claims]
    return replace(found, claims=claims)


def test_the_first_sentence_tells_contradicted_from_undecided(found: SweepFindings) -> None:
    assert "1 supported, 1 contradicted, 0 undecided; 1 changing" in first_sentence(found)
    assert "1 supported, 0 contradicted, 1 undecided; 1 changing" in first_sentence(open_throughout(found))
    with speaking("zh"):
        assert "处处支持的有1种、反驳的有1种、未定的有0种；其余1种" in first_sentence(found)
        assert "处处支持的有1种、反驳的有0种、未定的有1种；其余1种" in first_sentence(open_throughout(found))


def test_claims_that_are_not_weighed_stand_by_their_reason(found: SweepFindings) -> None:
    absent, unknown = (
        sentence(NO_ARM, absent="hybrid"),
        sentence("the sweep has no measure {unknown}", unknown="x"),
    )
    untested = {"always": absent, "never": unknown, "at_times": absent}
    grouped = claims_by_reason(replace(found, untested=untested))
    assert list(grouped.values()) == [["It always holds", "It depends"], ["It never holds"]]
    with speaking("zh"):
        assert claims_by_reason(replace(found, untested=untested)) == {
            "这里没有角色为hybrid的方案": ["总是成立", "视情况而定"],
            told(unknown): ["从不成立"],
        }


def test_the_page_tells_why_runs_failed_and_has_no_english_sentence(found: SweepFindings) -> None:
    task = Task("r0", 3, 1, {}, 1)
    run = Finished.from_task(task, ZeroDivisionError("float division by zero")).as_record()
    results = SweepResults(found.results.scenario, found.results.data, pd.DataFrame([run]), "here")
    with speaking("zh"):
        page = render_page(replace(found, results=results))
    assert "除以零（ZeroDivisionError：float division by zero）" in page
    shown = english_in(page.replace("float division by zero", ""))
    assert shown.get("failures") is None and {"first", "question", "untested"}.isdisjoint(shown)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("trust.half_life", "信任：半衰期"),
        ("world.isolated_viewers", "世界：孤立观众数"),
        ("arms.tencent_live.platform.channels.share", "腾讯直播：好友链接的权重"),
        ("arms.mine.platform.feed.exploration", "mine：推荐流：探索比例"),
        ("arms.market.platforms.douyin.pool", "market：抖音：流量池"),
        ("arms.mine.changes.sharing.base_rate", "mine：分享：基础概率"),
        ("merchants.archetypes.brand.fans_trust", "品牌：初始粉丝的信任"),
        ("policies.help.amount", "help：力度"),
    ],
)
def test_every_factor_has_a_chinese_name(key: str, name: str, tmp_path: Path) -> None:
    assert str(factor_name(key)).isascii()
    with speaking("zh"):
        assert told(factor_name(key)) == name
