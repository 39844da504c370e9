"""Channels and merchants' rules from outside the package work by name, in other processes too."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simulation.experiments.arms import plan_of
from simulation.experiments.execution import run_plan
from simulation.scenario import ScenarioError, find_scenario, read_scenario
from tests.worlds import model_of

SMALL = {"world.viewers": 400, "world.merchants": 20, "world.days": 30, "run.replications": 2}
FILE = """
name = "own"
title = "Own"
article_claims = false
{rule}
[plugins.channels]
wheel = "{file}"
[world]
viewers = 50
merchants = 5
days = 5
[[arms]]
name = "arm"
platform = {{ name = "p", label = "P", channels = {{ wheel = 1.0 }} }}
"""


def test_our_example_runs_in_processes_of_its_own_as_it_does_here() -> None:
    scenario = read_scenario(find_scenario("own_rules"), SMALL)
    here, there = (run_plan(plan_of(scenario, []), workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(here.runs, there.runs)
    visits = there.channels.groupby(["arm", "channel"])["visits"].sum()
    assert visits["feed_and_wheel", "lucky_draw"] > 0
    assert list(there.channels.query("channel == 'lucky_draw'")["private"].unique()) == [False]


def test_a_merchants_rule_of_one_s_own_takes_the_place_of_ours() -> None:
    dear = {"world.days": 60, "merchants.price_level": 2.0}  # so that some profit and stream more
    scenario = read_scenario(find_scenario("own_rules"), SMALL | dear)
    model, usual = model_of(scenario), model_of(scenario.model_copy(update={"merchant_rule": "feedback"}))
    before = model.merchants.streams.copy()
    model.run()
    usual.run()
    assert (model.merchants.streams <= before).all() and (model.merchants.streams < before).any()
    assert (usual.merchants.streams > before).any() and (model.merchants.community_work == 1).all()


@pytest.mark.parametrize(("content", "words"), [
    (None, ["no Python file", "wheel.py"]),
    ("x = 1", ["defines no CHANNEL"]),
    ("import nowhere_at_all", ["cannot be loaded", "nowhere_at_all"]),
])
def test_a_file_that_holds_no_channel_gets_a_clear_error(
    content: str | None, words: list[str], tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "wheel.py").write_text(content, encoding="utf-8")
    question = tmp_path / "question.toml"
    question.write_text(FILE.format(file="wheel.py", rule=""), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read_scenario(question)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_a_channel_is_known_to_the_scenario_that_names_it_and_to_no_other() -> None:
    read_scenario(find_scenario("own_rules"))
    with pytest.raises(ScenarioError, match="no channel 'lucky_draw'"):
        read_scenario(find_scenario("fruit_vendor"), {
            "arms.taobao_live.platform.channels": {"lucky_draw": 1.0},
        })
