"""`check` finds what run, sweep, search and calibrate would refuse, and points out what is hardly meant."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulation.calibration.calibrate import calibrate_to_facts
from simulation.checking.problems import check_scenario
from simulation.claims.reading import read_scenario
from simulation.commands.wording import COMMAND_LINE
from simulation.ensembles.execution.executors import local_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.search.policy_search import search_policies
from simulation.ensembles.sweep import run_sweep
from simulation.laboratory import store_run
from simulation.scenario import Scenario, ScenarioError, scenario_files
from simulation.scenario.purpose import hint

BASE = """\
name = "good"
title = "Good"
article_claims = false
[world]
viewers = 60
merchants = 5
days = 5
[[arms]]
name = "feed"
platform = "taobao_live"
[[arms]]
name = "links"
platform = "tencent_live"
"""
SWEEP = "[sweep]\npoints = 8\nreplications = 1\n"
FACTOR = '[[sweep.factors]]\nkey = "{key}"\nlow = {low}\nhigh = {high}\n'
CLAIM = """\
[[claims]]
id = "c"
title = "C"
[[claims.tests]]
measure = "{measure}"
kind = "level"
arm = "feed"
direction = "higher"
margin = 0.1
why = "because"
"""
SEARCH = """\
[policy_search]
[[policy_search.levers]]
key = "{key}"
low = 0.1
high = {high}
[[policy_search.goals]]
measure = "{measure}"
arm = "feed"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "question.toml"
    file.write_text(BASE + text, encoding="utf-8")
    return file


def found_by_check(file: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        check_scenario(file)
    return str(caught.value)


def factor(key: str, low: float, high: float, more: str = "") -> str:
    return FACTOR.format(key=key, low=low, high=high) + more


def test_our_own_scenarios_are_right_and_give_no_cause_for_remarks() -> None:
    for file in scenario_files():
        assert check_scenario(file).remarks == [], file


def test_mistakes_of_all_kinds_are_found_in_one_go(tmp_path: Path) -> None:
    text = "".join(
        [
            "[people]\nhomophily = 7\n",
            "[plugins.channels]\nwheel = 'none.py'\n",
            CLAIM.format(measure="gmvv"),
            SWEEP,
            factor("trust.halflife", 1, 2),
            SEARCH.format(key="sharing.base_rate", high=3, measure="gmw"),
            "[calibration]\nfacts = 'none.toml'\n",
            "[[policies]]\nname = 'p'\neffect = 'traffic'\namount = 2\narms = ['fed']\n",
        ]
    )
    said = [f"{problem.key} {problem.line}" for problem in _problems(written(tmp_path, text))]
    assert said == [
        "people.homophily 15",
        "policies.p.arms 49",
        "plugins.channels.wheel 17",
        "claims.c.tests.0.measure 22",
        "sweep.factors.trust.halflife.key 32",
        "policy_search.goals.0.measure 41",
        "policy_search.levers.sharing.base_rate.high 39",
        "calibration.facts 44",
    ], said


def _problems(file: Path) -> list:
    with pytest.raises(ScenarioError) as caught:
        check_scenario(file)
    return caught.value.problems


REFUSED_SWEEPS = {
    "an unknown key": factor("trust.halflife", 1, 2),
    "an unknown arm": factor("arms.fed.platform.pool", 1, 2),
    "a range beyond the bounds": factor("sharing.base_rate", 0.5, 1.5),
    "fractions of whole numbers": factor("shopkeeping.review_days", 1, 20),
    "text for a number": '[[sweep.factors]]\nkey = "sharing.base_rate"\nchoices = ["lots", 0.2]\n',
    "a platform that there is not": '[[sweep.factors]]\nkey = "arms.feed.platform"\n'
    'choices = ["douyn", "douyin"]\n',
    "two ranges that do not fit": factor("people.max_occasions", 1, 20, "whole = true\n")
    + factor("people.remembered_rooms", 10, 20, "whole = true\n"),
    "a row": 'rows = [{ "sharing.base_rate" = 0.1 }, { "sharing.base_rate" = 2 }]\ndesign = "list"\n',
    "a file that is not there": 'design = "list"\ncsv = "none.csv"\n',
    "a row of a file": 'design = "list"\ncsv = "points.csv"\n',
}


@pytest.mark.parametrize("mistake", REFUSED_SWEEPS)
def test_check_and_sweep_refuse_the_same_in_the_same_words(mistake: str, tmp_path: Path) -> None:
    (tmp_path / "points.csv").write_text("sharing.base_rate\n0.1\n2\n0.2\n3\n", encoding="utf-8")
    file = written(tmp_path, SWEEP + REFUSED_SWEEPS[mistake])
    said = found_by_check(file)
    with pytest.raises(ScenarioError) as caught:
        run_sweep(read_scenario(file), tmp_path / "sweep", Execution(lambda: local_executor(1), 1))
    assert str(caught.value).splitlines()[1:] == said.splitlines()[1:]
    assert "--set" not in said and "sweep." in said and not (tmp_path / "sweep").exists()


def test_a_platform_may_vary_over_presets(tmp_path: Path) -> None:
    text = '[[sweep.factors]]\nkey = "arms.feed.platform"\nchoices = ["jd_live", "douyin"]\n'
    scenario = read_scenario(written(tmp_path, "[sweep]\ndesign = 'grid'\nreplications = 1\n" + text))

    def name(at_point: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        return {arm.name: {"gmv": float(len(arm.all_platforms[0].name))} for arm in at_point.arms}

    data = run_sweep(scenario, tmp_path / "sweep", Execution(lambda: ThreadPoolExecutor(1), 1, model=name))
    feed = data[(data["arm"] == "feed") & (data["against"] == "")].sort_values("point")
    assert list(feed["arms.feed.platform"]) == ["jd_live", "douyin"] and list(feed["gmv"]) == [7.0, 6.0]
    assert check_scenario(tmp_path / "question.toml").remarks == []


def test_points_are_numbered_as_in_the_data_and_alike_mistakes_told_once(tmp_path: Path) -> None:
    said = found_by_check(written(tmp_path, SWEEP + REFUSED_SWEEPS["a row"]))
    assert "sweep.rows.1.sharing.base_rate (line 17)" in said and "point 1: 2" in said
    (tmp_path / "points.csv").write_text("sharing.base_rate\n0.1\n2\n0.2\n3\n", encoding="utf-8")
    said = found_by_check(written(tmp_path, SWEEP + REFUSED_SWEEPS["a row of a file"]))
    assert "sweep.csv (line 18)" in said and "point 1: sharing.base_rate: 2" in said and "at 1 more" in said
    said = found_by_check(written(tmp_path, SWEEP + REFUSED_SWEEPS["two ranges that do not fit"]))
    number = int(re.search(r"point (\d+): people: remembered_rooms", said).group(1))  # type: ignore[union-attr]
    with pytest.raises(ScenarioError) as caught:
        run_sweep(
            read_scenario(tmp_path / "question.toml"), tmp_path / "s", Execution(lambda: local_executor(1), 1)
        )
    assert f"point {number}: " in str(caught.value)


def test_a_range_is_told_where_it_stands(tmp_path: Path) -> None:
    said = found_by_check(written(tmp_path, SWEEP + REFUSED_SWEEPS["a range beyond the bounds"]))
    assert "sweep.factors.sharing.base_rate.high (line 20)" in said and "from 0 to 1" in said
    said = found_by_check(written(tmp_path, SWEEP + REFUSED_SWEEPS["fractions of whole numbers"]))
    assert "whole = true" in said


@pytest.mark.parametrize("design", ["grid", "latin_hypercube", "sobol"])
def test_designs_that_would_not_end_are_refused(design: str, tmp_path: Path) -> None:
    many = "".join(
        factor(f"choice.{key}", 0.1, 0.2, "levels = 1000\n")
        for key in ("fit_weight", "trust_weight", "friend_weight")
    )
    text = f"[sweep]\npoints = 524288\nreplications = 100\ndesign = '{design}'\n{many}"
    assert "points" in found_by_check(written(tmp_path, text))


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ({"key": "sharing.base_rat"}, ["levers.sharing.base_rat.key", "did you mean 'base_rate'"]),
        ({"high": 3}, ["levers.sharing.base_rate.high", "3.0"]),
        ({"measure": "gmw"}, ["goals.0.measure", "did you mean 'gmv'"]),
    ],
)
def test_check_and_search_refuse_the_same(
    search: dict[str, object], words: list[str], tmp_path: Path
) -> None:
    asked = {"key": "sharing.base_rate", "high": 0.3, "measure": "gmv"} | search
    file = written(tmp_path, SEARCH.format(**asked))
    said = found_by_check(file)
    with pytest.raises(ScenarioError) as caught:
        search_policies(read_scenario(file), tmp_path / "search", Execution(lambda: local_executor(1), 1))
    assert str(caught.value) == said and all(word in said for word in words), said


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ("", ["no facts"]),
        ("[[facts]]\nid='a'\nmeasure='gmvv'\narm='feed'\nlow=0.0\nhigh=1.0", ["did you mean 'gmv'"]),
        ("[[facts]]\nid='a'\nmeasure='gmv'\narm='fed'\nlow=0.0\nhigh=1.0", ["did you mean 'feed'"]),
        (
            "[[facts]]\nid='a'\nmeasure='conversion_rate'\narm='feed'\nvalue=3.2\ntolerance=0.1",
            ["facts.a.value", "0.032 for 3.2%"],
        ),
        (
            "[[facts]]\nid='a'\nmeasure='gmv'\narm='feed'\nvalue=3.2\ntolerance=10.0",
            ["facts.a.tolerance", "0.1 for 10%"],
        ),
        (
            "[[facts]]\nid='a'\nmeasure='gmv'\narm='feed'\nvalue=3.2\ntolerance=0.1\nuse='check'",
            ["no targets"],
        ),
    ],
)
def test_check_and_calibrate_refuse_the_same_facts(facts: str, words: list[str], tmp_path: Path) -> None:
    (tmp_path / "facts.toml").write_text(facts, encoding="utf-8")
    file = written(
        tmp_path, SWEEP + factor("sharing.base_rate", 0.1, 0.2) + "[calibration]\nfacts = 'facts.toml'\n"
    )
    said = found_by_check(file)
    with pytest.raises(ScenarioError) as caught:
        calibrate_to_facts(read_scenario(file), None, tmp_path / "c", Execution(lambda: local_executor(1), 1))
    for text in (said, str(caught.value)):
        assert all(word in text for word in [*words, "facts.toml"]), text


def test_a_misspelt_measure_in_a_claim_is_an_error_from_python_too(tmp_path: Path) -> None:
    file = written(tmp_path, CLAIM.format(measure="gmvv"))
    with pytest.raises(ScenarioError, match="did you mean 'gmv'"):
        read_scenario(file)
    good = read_scenario(written(tmp_path, CLAIM.format(measure="gmv")))
    claim = good.claims[0]
    test = claim.tests[0].model_copy(update={"measure": "gmvv"})
    bad = good.model_copy(update={"claims": [claim.model_copy(update={"tests": [test]})]})
    with pytest.raises(ScenarioError, match="did you mean 'gmv'"):
        store_run(bad, tmp_path / "results")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("measure='conversion_rate'\nkind='level'\nmargin=5.0", ["margin", "0.05 for 5%"]),
        (
            "measure='conversion_rate'\nkind='level'\nmargin=0.01\nreference=3.2",
            ["reference", "0.032 for 3.2%"],
        ),
        (
            "measure='gmv'\nagainst='links'\ndirection='lower'\nrelative=true\nmargin=5.0",
            ["margin", "0.05 for 5%"],
        ),
        (
            "measure='better_off_share'\nkind='merchants'\nagainst='links'\nmargin=0.0\nreference=50",
            ["reference", "0.5 for 50%"],
        ),
        ("measure='gmv'\nkind='level'\nmargin=500.0", []),
        ("measure='gmv'\nagainst='links'\nrelative=true\nmargin=1.5", []),
        ("measure='conversion_rate'\nagainst='links'\nmargin=0.05", []),
    ],
)
def test_percents_for_shares_are_refused_in_claims(test: str, words: list[str], tmp_path: Path) -> None:
    direction = "" if "direction" in test else "direction='higher'\n"
    claim = "[[claims]]\nid='c'\ntitle='C'\n[[claims.tests]]\narm='feed'\nwhy='because'\n"
    claim += f"{direction}{test}\n"
    if words:
        assert all(word in found_by_check(written(tmp_path, claim)) for word in words)
    else:
        check_scenario(written(tmp_path, claim))


def remarks(folder: Path, text: str) -> list[str]:
    return [f"{remark.key}: {remark.found}" for remark in check_scenario(written(folder, text)).remarks]


def test_roles_spelt_nearly_as_those_of_claims_are_pointed_out(tmp_path: Path) -> None:
    def said(role: str, article: bool = True) -> list[str]:
        text = BASE.replace('name = "feed"', f'name = "feed"\nrole = "{role}"')
        file = tmp_path / "question.toml"
        file.write_text(text.replace("article_claims = false\n", "") if article else text, encoding="utf-8")
        return [remark.found for remark in check_scenario(file).remarks]

    for role, meant in (("centralized", "centralised"), ("Decentralised", "decentralised")):
        assert said(role) == [f"no claim speaks of the role '{role}' (did you mean '{meant}'?)"]
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


def test_a_scenario_says_which_command_it_is_written_for(tmp_path: Path) -> None:
    assert hint(read_scenario(written(tmp_path, ""))) == ""
    swept = written(tmp_path, SWEEP + factor("sharing.base_rate", 0.1, 0.2))
    assert hint(read_scenario(swept)) == f"run.py sweep {swept}"
    for run in (search_policies, run_sweep):
        scenario = read_scenario(
            swept
            if run is search_policies
            else written(tmp_path, SEARCH.format(key="sharing.base_rate", high=0.3, measure="gmv"))
        )
        with pytest.raises(ScenarioError) as caught:
            run(scenario, tmp_path / "out", Execution(lambda: local_executor(1), 1))
        instead, call = ("sweep", "run_sweep") if run is search_policies else ("search", "search")
        assert f"{call}('{tmp_path}" in str(caught.value), str(caught.value)
        assert f"run.py {instead} {tmp_path}" in caught.value.as_text(COMMAND_LINE)
