"""`check` points out what is allowed but hardly meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.checking.problems import check_scenario
from simulation.claims.reading import read_scenario
from simulation.scenario import scenario_files
from simulation.scenario.reading.read import value_at
from tests.support.question_files import BASE, CLAIM, SEARCH, SWEEP, factor, written


def test_our_own_scenarios_are_right_and_give_no_cause_for_remarks() -> None:
    for file in scenario_files():
        assert check_scenario(file).remarks == [], file


def test_our_own_sweeps_hold_today_s_world() -> None:
    """What a sweep tells of a parameter says nothing of a world beyond its range."""
    for file in scenario_files():
        scenario = read_scenario(file)
        for ranged in scenario.sweep.factors if scenario.sweep else []:
            if ranged.low is not None and ranged.high is not None:
                today = value_at(scenario, ranged.key)
                assert ranged.low <= today <= ranged.high, (file.stem, ranged.key)


def remarks(folder: Path, text: str) -> list[str]:
    return [f"{remark.key}: {remark.found}" for remark in check_scenario(written(folder, text)).remarks]


def test_roles_spelt_nearly_as_those_of_claims_are_pointed_out(tmp_path: Path) -> None:
    def said(role: str, article: bool = True) -> list[str]:
        text = BASE.replace('name = "feed"', f'name = "feed"\nrole = "{role}"')
        file = tmp_path / "question.toml"
        file.write_text(text.replace("article_claims = false\n", "") if article else text, encoding="utf-8")
        return [remark.found for remark in check_scenario(file).remarks]

    for role, meant in (("centralized", "centralised"), ("Decentralised", "decentralised")):
        assert said(role) == [f"no claim is about the role '{role}' (did you mean '{meant}'?)"]
    assert said("centralised") == said("my_own_part") == said("centralized", article=False) == []


def test_margins_of_hundreds_of_percent_are_pointed_out(tmp_path: Path) -> None:
    claim = CLAIM.format(measure="gmv").replace('kind = "level"', 'against = "links"\nrelative = true')
    assert remarks(tmp_path, claim.replace("margin = 0.1", "margin = 5.0")) == [
        "claims.c.tests.0.margin: 5 with relative = true is +500%"
    ]
    assert remarks(tmp_path, claim) == []


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("effect='traffic'\namount=1.0", ["policies.p.amount: traffic is 1 without it"]),
        ("effect='traffic'\namount=2.0", []),
        (
            "effect='commission'\namount=0.05\narms=['feed']",
            ["policies.p.amount: commission is 0.05 without it"],
        ),
        ("effect='commission'\namount=0.06", []),
        (
            "effect='exposure_cap'\namount=1.0\narms=['feed']",
            ["policies.p.amount: exposure_cap is 1 without it"],
        ),
        ("effect='support'\namount=0.0", ["policies.p.amount: support is 0 without it"]),
        ("effect='traffic'\namount=2.0\nstart=5", ["policies.p.start: it starts on day 5, after the last"]),
        (
            "effect='subsidy'\namount=0.1",
            ["policies.p.amount: 0.1 CNY a day to each merchant that it is for"],
        ),
        ("effect='subsidy'\namount=30", []),
        ("effect='remove'\ntop=1", []),
    ],
)
def test_policies_that_change_nothing_are_pointed_out(
    policy: str, expected: list[str], tmp_path: Path
) -> None:
    assert remarks(tmp_path, f"[[policies]]\nname='p'\n{policy}\n") == expected


def test_a_policy_whose_amount_is_a_lever_may_change_nothing_today(tmp_path: Path) -> None:
    text = "[[policies]]\nname='p'\neffect='support'\namount=0.0\n"
    assert remarks(tmp_path, text + SEARCH.format(key="policies.p.amount", high=0.3, measure="gmv")) == []


@pytest.mark.parametrize(
    ("arm", "expected"),
    [
        (
            "platform = 'taobao_live'\nlabel = 'Another'",
            ["arms.third: it changes nothing against arm 'feed'"],
        ),
        ("platform = 'taobao_live'\nchanges = { 'trust.half_life' = 9 }", []),
        (
            "platform = { preset = 'taobao_live', name = 'x', label = 'X', launch = 2020-01-01 }",
            ["arms.third: it changes nothing against arm 'feed'"],
        ),
        ("platform = { preset = 'taobao_live', pool = 1.5 }", []),
    ],
)
def test_arms_that_change_nothing_are_pointed_out(arm: str, expected: list[str], tmp_path: Path) -> None:
    assert remarks(tmp_path, f"[[arms]]\nname = 'third'\n{arm}\n") == expected


def test_plugins_that_nothing_uses_are_pointed_out(tmp_path: Path) -> None:
    for name, holds in (("wheel", "CHANNEL"), ("rule", "RULE")):
        (tmp_path / f"{name}.py").write_text(f"{holds} = 1", encoding="utf-8")
    text = "[plugins]\nchannels = { wheel = 'wheel.py' }\nmerchant_rules = { rule = 'rule.py' }\n"
    assert remarks(tmp_path, text) == [
        "plugins.channels.wheel: no platform's mix has this channel",
        "plugins.merchant_rules.rule: merchant_rule is 'feedback'",
    ]
    used = '[[arms]]\nname = "third"\nplatform = { name = "p", label = "P", channels = { wheel = 1.0 } }\n'
    assert remarks(tmp_path, text + used) == ["plugins.merchant_rules.rule: merchant_rule is 'feedback'"]


@pytest.mark.parametrize(
    ("key", "low", "high", "acts"),
    [
        ("trust.half_life", 15, 240, True),
        ("people.homophily", 0.1, 0.9, True),
        ("run.seed", 1, 2, True),
        ("arms.feed.platform.pool", 1, 2, True),
        ("arms.feed.platform.feed.exploration", 0.1, 0.2, True),
        ("arms.links.platform.paid.reserve_price", 0.1, 0.2, False),
        ("market.habit_rate", 0.1, 0.2, False),
        ("policies.late.amount", 2, 3, False),
    ],
)
def test_factors_that_act_in_no_arm_are_pointed_out(
    key: str, low: float, high: float, acts: bool, tmp_path: Path
) -> None:
    whole = "whole = true\n" if key == "run.seed" else ""
    late = "[[policies]]\nname='late'\neffect='traffic'\namount=2.0\nstart=99\n" if "late" in key else ""
    said = remarks(tmp_path, late + SWEEP + factor(key, low, high, whole))
    expected = [] if acts else [f"sweep.factors.{key}: it makes no difference to any arm"]
    assert [line for line in said if "sweep" in line] == expected


def test_a_factor_that_acts_only_together_with_another_is_not_pointed_out(tmp_path: Path) -> None:
    key = "arms.links.platform.channels.paid"
    text = SWEEP + factor("arms.links.platform.paid.reserve_price", 0.1, 0.2) + factor(key, 0.0, 0.5)
    assert remarks(tmp_path, text) == []


def test_roles_of_claims_about_a_platform_that_is_not_there_are_pointed_out(tmp_path: Path) -> None:
    text = BASE.replace("article_claims = false\n", "").partition("[[arms]]")[0]
    arms = "".join(
        f'[[arms]]\nname = "{name}"\nrole = "{name}_entry"\nplatforms = ["douyin", "jd_live"]\n'
        for name in ("early", "late")
    )
    file = tmp_path / "market.toml"
    file.write_text(text + arms, encoding="utf-8")
    (found,) = (remark for remark in check_scenario(file).remarks if remark.key == "article_claims")
    assert "arm 'late' has no platform 'tencent_live'" in found.found
    file.write_text(text + arms.replace("jd_live", "tencent_live"), encoding="utf-8")
    assert "article_claims" not in [remark.key for remark in check_scenario(file).remarks]
