"""What was stored in English is told in the language that is spoken."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from simulation.claims.catalogue import REASONS, article_claims, reason_told, why_not_tested
from simulation.claims.reading import read_scenario
from simulation.languages.retelling import retold
from simulation.languages.speaking import speaking, told
from simulation.scenario.reading.presets import platform_files
from simulation.scenario.reading.read import find_scenario
from simulation.validation.same_question import differences
from simulation.validation.shares import OTHER_WORLDS, WEIGHED, why_not_told
from tests.support.english_on_pages import english

THERE = {"world": {"viewers": 1, "merchants": 1, "days": 1}, "people": {"homophily": 1}}
HERE = {"world": {"viewers": 2, "merchants": 2, "days": 2}, "people": {"homophily": 2}}


def test_values_are_told_and_what_is_none_of_the_templates_stands_as_it_is() -> None:
    known = ("{reason}; run {scenario}", "no arm here has the role of {absent}", "{days:,} days")
    text = "no arm here has the role of with_plan or without; run support_plan"
    assert retold(text, known) == text
    with speaking("zh"):
        assert retold(text, known, ("{first} or {last}",)) == (
            "这里没有角色为with_plan或without的方案；请运行support_plan"
        )
        assert retold("somebody's own words or others", known) == "somebody's own words or others"


@pytest.mark.parametrize("name", ["tencent_live_2020", "fruit_vendor", "platform_lineup"])
def test_each_reason_that_is_stored_is_told_as_it_is_said(name: str) -> None:
    scenario = read_scenario(find_scenario(name), {"world.days": 30})
    said = [why_not_tested(scenario, reading) for claim in article_claims() for reading in claim.each]
    reasons = [reason for reason in said if reason]
    with speaking("zh"):
        for reason in reasons:
            assert reason_told(str(reason)) == told(reason), "stored as its English text alone"
            assert not english(reason_told(str(reason)).replace("_", "-").partition("uv run")[0])
    assert len(reasons) > 5 and len(REASONS) > 5


def test_what_plausible_worlds_do_not_say_is_told_with_its_reason() -> None:
    weighed = WEIGHED.format(points=200, viewers="5,000", merchants=100, days=180)
    others = differences(THERE, HERE)
    assert others == "size of the world (viewers, merchants, days); people (homophily)"
    with speaking("zh"):
        assert why_not_told(OTHER_WORLDS.format(weighed=weighed, others=others)) == (
            "这些论断是在200个合理世界中衡量的，每个世界有5,000个用户、100个商家、180天，与本次的世界不同之处："
            "世界规模（观众数、商家数、天数）；人群（同质性）"
        )


def test_keys_of_kinds_and_platforms_are_told_by_their_names() -> None:
    """Also as an earlier version stored them, which called kinds of merchants “merchants”."""
    kinds = (
        "archetypes: brand: fans median, archetypes: brand: fans sigma, archetypes: brand: share and 2 more"
    )
    others = f"merchants ({kinds}); platforms (taobao live: feed: heat exponent)"
    weighed = WEIGHED.format(points=200, viewers="5,000", merchants=100, days=180)
    with speaking("zh"):
        said = why_not_told(OTHER_WORLDS.format(weighed=weighed, others=others))
    found = said.partition("不同之处：")[2]
    assert found.startswith("商家类型（") and "另有2项" in found
    assert not english(found.replace("brand", "").replace("taobao live", "")), found


def told_of(others: str) -> str:
    """What a reader of Chinese is told of worlds that differ in `others`."""
    weighed = WEIGHED.format(points=200, viewers="5,000", merchants=100, days=180)
    with speaking("zh"):
        return why_not_told(OTHER_WORLDS.format(weighed=weighed, others=others)).partition("不同之处：")[2]


@pytest.mark.parametrize("preset", platform_files(), ids=lambda preset: preset.stem)
def test_a_platform_that_the_other_world_lacks_is_told_by_its_label(preset: Path) -> None:
    """All of its table differs there, so that no key of it is named."""
    label = tomllib.loads(preset.read_text(encoding="utf-8"))["label_zh"]
    others = differences({"platforms": {"late": {}}}, {"platforms": {"late": {preset.stem: {"pool": 1}}}})
    assert others == f"platforms ({preset.stem.replace('_', ' ')})"
    assert told_of(others) == f"平台（{label}）"


@pytest.mark.parametrize(
    ("there", "here", "words"),
    [
        ({"platform": {"pool": 1}}, {"platform": {}}, "平台（平台：流量池）"),
        ({"platform": {"pool": 1}}, {}, "平台（平台）"),
        ({"kuaishou": {"channels": [1]}}, {"kuaishou": {"channels": [2]}}, "平台（快手：渠道）"),
        ({"kuaishou": {"stakes": {"douyin": 1}}}, {"kuaishou": {"stakes": {}}}, "平台（快手：持股：抖音）"),
        ({"my_app": {"pool": 1}}, {"my_app": {"pool": 2}}, "平台（my app：流量池）"),
    ],
)
def test_tables_within_a_platform_are_told_by_their_names(
    there: dict[str, Any], here: dict[str, Any], words: str
) -> None:
    others = differences({"platforms": {"late": there}}, {"platforms": {"late": here}})
    assert told_of(others) == words


def test_a_kind_of_merchants_that_the_other_world_lacks_is_told_by_its_name() -> None:
    others = differences(
        {"merchants": {"archetypes": {"brand": {}}}}, {"merchants": {"archetypes": {"brand": 1}}}
    )
    assert told_of(others) == "商家类型（品牌）"


def test_days_before_the_first_by_which_worlds_differ_are_told_by_their_names() -> None:
    weighed = WEIGHED.format(points=200, viewers="5,000", merchants=100, days=180)
    with speaking("zh"):
        said = why_not_told(OTHER_WORLDS.format(weighed=weighed, others="warm up (days, template arcs)"))
    assert said.endswith("不同之处：预热（天数、模板区间数）")
