"""`check` finds what run, sweep, search and calibrate would refuse, in the same words."""

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
from simulation.languages.speaking import speaking
from simulation.scenario import Scenario, ScenarioError
from simulation.scenario.purpose import hint
from tests.support.question_files import CLAIM, SEARCH, SWEEP, factor, written


def found_by_check(file: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        check_scenario(file)
    return str(caught.value)


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
        plausible = "--plausible 40" in caught.value.as_text(COMMAND_LINE)
        assert plausible == ("over_plausible_worlds(" in str(caught.value)) == (run is run_sweep)


def test_who_sweeps_a_scenario_without_a_sweep_is_told_of_plausible_worlds_in_chinese(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught, speaking("zh"):
        run_sweep(read_scenario(written(tmp_path, "")), tmp_path / "out", Execution(local_executor, 1))
    with speaking("zh"):
        text = caught.value.as_text(COMMAND_LINE)
    assert "--plausible 40" in text and "文件中有含[[sweep.factors]]的[sweep]" in text
    assert not re.search(r"[a-z]+ (with|in|or) ", text)
