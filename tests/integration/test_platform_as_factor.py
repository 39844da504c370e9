"""A platform as a factor of a sweep: each point is the run with it, and the analysis tells them apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.claims.reading import check_table
from simulation.ensembles.analysis.analysis import indices
from simulation.ensembles.analysis.decision import decide
from simulation.errors import ScenarioError
from simulation.laboratory import analyse, plan_experiment, run_sweep
from simulation.runs.execution import run_plan
from simulation.scenario.scenario import Scenario
from tests.support.questions import small_table
from tests.support.worlds import preset

KEY = "arms.links.platform"
PLATFORMS = ["tencent_live", "wechat_channels"]


def question(*choices: str, **sweep: object) -> Scenario:
    factors = [{"key": KEY, "choices": list(choices)}]
    table = {"design": "grid", "replications": 2, "factors": factors} | sweep
    world = {"viewers": 100, "merchants": 8, "days": 8}
    return check_table(small_table(sweep=table, world=world), "small")


def test_every_point_is_the_run_with_that_platform(tmp_path: Path) -> None:
    answer = run_sweep(question(*PLATFORMS), folder=tmp_path / "sweep", workers=1)
    runs = answer.runs
    assert list(answer.results.points[KEY]) == PLATFORMS and answer.results.factor(KEY).choices == PLATFORMS
    for platform in PLATFORMS:
        alone = small_table(world={"viewers": 100, "merchants": 8, "days": 8}, run={"replications": 2})
        alone["arms"][1]["platform"] = preset(platform)
        expected = run_plan(plan_experiment(check_table(alone, "small"))).runs
        for arm in ("feed", "links"):
            found = runs[(runs[KEY] == platform) & (runs["arm"] == arm) & runs["against"].eq("")]
            wanted = expected[expected["arm"] == arm]
            assert list(found["visits"]) == list(wanted["visits"]) and wanted["visits"].sum() > 0
    links = runs[(runs["arm"] == "links") & runs["against"].eq("")].groupby(KEY)["visits"].mean()
    assert links.nunique() == 2


def test_an_analysis_tells_platforms_apart_and_a_page_names_the_arm_by_itself(tmp_path: Path) -> None:
    more = [{"key": KEY, "choices": PLATFORMS}, {"key": "sharing.base_rate", "low": 0.01, "high": 0.2}]
    asked = question(*PLATFORMS, design="latin_hypercube", points=24, replications=1, factors=more)
    run_sweep(asked, folder=tmp_path / "sweep", workers=1)
    answer = analyse(tmp_path / "sweep")
    effects = indices(answer.results, "visits", "links")
    assert set(decide(answer.results, "visits").known.index) == {KEY, "sharing.base_rate"}
    assert effects.index[0] == KEY  # a way in of its own says more than how often people share
    page = answer.page.read_text(encoding="utf-8")
    assert all(name in page for name in PLATFORMS)
    assert "Links" in page and "Tencent Live" not in page.partition("<footer")[0].partition("<h2")[0]


def test_an_unknown_platform_is_named_with_the_one_that_is_meant() -> None:
    with pytest.raises(ScenarioError) as failure:
        run_sweep(question("tencent_live", "wechat_chanels"), workers=1)
    (problem,) = failure.value.problems
    assert problem.key == f"sweep.factors.{KEY}.choices"
    assert "did you mean 'wechat_channels'?" in problem.found and "douyin" in problem.allowed
