"""Channels and merchants' rules from outside the package work by name, in other processes too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from simulation.claims.reading import read_scenario
from simulation.ensembles.execution.executors import local_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.sweep import run_sweep
from simulation.laboratory import analyse, store_run
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.pages.run.page import write_report
from simulation.platforms.channel import find_channel
from simulation.runs.execution import run_plan
from simulation.runs.probes import planned_arms
from simulation.scenario import Scenario, ScenarioError, find_scenario
from simulation.scenario.sections.sweep import Factor, Sweep
from simulation.terminal.console import PlainConsole
from tests.support.stated_world import STATED
from tests.support.worlds import build_model

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
    here, there = (run_plan(planned_arms(scenario, []), workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(here.runs, there.runs)
    visits = there.channels.groupby(["arm", "channel"])["visits"].sum()
    assert visits["feed_and_wheel", "lucky_draw"] > 0
    assert list(there.channels.query("channel == 'lucky_draw'")["private"].unique()) == [False]


def test_a_merchants_rule_of_one_s_own_takes_the_place_of_ours() -> None:
    dear = {"world.days": 60, "merchants.price_level": 2.0}  # so that some profit and stream more
    scenario = read_scenario(find_scenario("own_rules"), STATED | SMALL | dear)
    model, usual = (
        build_model(scenario),
        build_model(scenario.model_copy(update={"merchant_rule": "feedback"})),
    )
    before = model.stores.streams.copy()
    model.run()
    usual.run()
    assert (model.stores.streams <= before).all() and (model.stores.streams < before).any()
    assert (usual.stores.streams > before).any() and (model.stores.community_work == 1).all()


def asked(folder: Path, plugin: str | None) -> Path:
    """A scenario with a channel of its own, whose file holds `plugin`."""
    if plugin is not None:
        (folder / "wheel.py").write_text(plugin, encoding="utf-8")
    question = folder / "question.toml"
    question.write_text(FILE.format(file="wheel.py", rule=""), encoding="utf-8")
    return question


@pytest.mark.parametrize(
    ("plugin", "words"),
    [
        (None, ["no such file", "wheel.py"]),
        ("x = 1", ["defines no CHANNEL"]),
        ("def CHANNEL(:", ["is no Python", "line 1"]),
        ("CHANNEL = " + "(" * 5000, ["is no Python"]),
        ("def f():\n    CHANNEL = 1", ["defines no CHANNEL"]),
        ("CHANNEL = 1\0", ["is no Python"]),
    ],
)
def test_a_file_that_cannot_hold_a_channel_is_told_where_it_is_named(
    plugin: str | None, words: list[str], tmp_path: Path
) -> None:
    question = asked(tmp_path, plugin)
    with pytest.raises(ScenarioError) as caught:
        read_scenario(question)
    assert all(word in str(caught.value) for word in [*words, "plugins.channels.wheel", "(line 7)"]), str(
        caught.value
    )


@pytest.mark.parametrize(
    "plugin",
    [
        "CHANNEL: int = 1",
        "if True:\n    CHANNEL = 1",
        "import math as CHANNEL",
        "def CHANNEL(): pass",
        "class CHANNEL: pass",
        "for CHANNEL in (1,): pass",
        "(a, [CHANNEL]) = 1, [2]",
        "from math import *",
        "# -*- coding: latin-1 -*-\nCHANNEL = '\xe9'",
    ],
)
def test_every_way_to_define_a_name_is_seen_without_running_the_file(plugin: str, tmp_path: Path) -> None:
    question = asked(tmp_path, f"{plugin}\nopen(__file__ + '.ran', 'w')\n")
    read_scenario(question)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["question.toml", "wheel.py"]


@pytest.mark.parametrize(
    ("plugin", "words"),
    [
        ("import nowhere_at_all\nCHANNEL = 1", ["cannot be loaded", "nowhere_at_all", "(line 1)"]),
        ("CHANNEL = 1\nimport sys\nsys.exit(0)", ["ends the program", "(line 3)"]),
        ("CHANNEL = 1\nraise GeneratorExit", ["GeneratorExit"]),
        ("CHANNEL = 1", ["CHANNEL is a int", "a Channel"]),
        ("CHANNEL = 1\ndel CHANNEL", ["defines no CHANNEL"]),
    ],
)
def test_a_plugin_that_cannot_be_used_is_told_before_anything_is_written(
    plugin: str, words: list[str], tmp_path: Path
) -> None:
    scenario = read_scenario(asked(tmp_path, plugin))
    for start in (
        lambda: store_run(scenario, tmp_path / "results"),
        lambda: run_sweep(swept(scenario), tmp_path / "sweep", Execution(lambda: local_executor(1), 1)),
    ):
        with pytest.raises(ScenarioError) as caught:
            start()
        said = str(caught.value)
        assert all(word in said for word in [*words, "plugins.channels.wheel"]), said
    assert sorted(file.name for file in tmp_path.iterdir()) == ["question.toml", "wheel.py"]


def swept(scenario: Scenario) -> Scenario:
    """The scenario with a sweep of two points."""
    factor = Factor(key="sharing.base_rate", low=0.1, high=0.2)
    return scenario.model_copy(update={"sweep": Sweep(points=2, replications=1, factors=[factor])})


@pytest.mark.parametrize(
    ("ends_in", "word"), [("1 / 0", "ZeroDivisionError"), ("raise SystemExit", "ends the program")]
)
def test_a_plugin_that_fails_as_worlds_run_is_named_and_leaves_nothing(
    ends_in: str, word: str, tmp_path: Path
) -> None:
    plugin = OFFERS_NOTHING.format(offer=ends_in)
    scenario = read_scenario(asked(tmp_path, plugin))
    for workers in (1, 2):
        with pytest.raises(ScenarioError) as caught:
            store_run(scenario, tmp_path / "results", workers)
        assert all(part in str(caught.value) for part in (word, "'offer' failed", "wheel.py", "(line 4)"))
        assert not [file for file in (tmp_path / "results").rglob("*") if file.is_file()]


OFFERS_NOTHING = """\
from simulation.platforms.channel import Channel, no_preparation

def offer(today, prepared, wave, surface):
    {offer}

CHANNEL = Channel(label="wheel of {offer}", private=False, prepare=no_preparation, offer=offer)
"""


def test_files_of_one_name_and_states_of_one_file_are_told_apart(tmp_path: Path) -> None:
    for name in ("left", "right"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "wheel.py").write_text(OFFERS_NOTHING.format(offer=f"{name!r}"), encoding="utf-8")
    files = {name: str(tmp_path / name / "wheel.py") for name in ("left", "right")}
    assert [find_channel(name, files).label for name in files] == ["wheel of 'left'", "wheel of 'right'"]
    Path(files["left"]).write_text(OFFERS_NOTHING.format(offer="'leap'"), encoding="utf-8")
    assert find_channel("left", files).label == "wheel of 'leap'"
    assert not list(tmp_path.rglob("__pycache__"))


def test_a_stored_sweep_is_analysed_without_plugin_and_points(tmp_path: Path) -> None:
    question = asked(tmp_path, OFFERS_NOTHING.format(offer="pass"))
    points = tmp_path / "points.csv"
    points.write_text("sharing.base_rate\n0.1\n0.2\n", encoding="utf-8")
    more = '[sweep]\ndesign = "list"\ncsv = "points.csv"\nreplications = 1\n'
    question.write_text(question.read_text(encoding="utf-8") + more, encoding="utf-8")
    run_sweep(read_scenario(question), tmp_path / "sweep", Execution(lambda: ThreadPoolExecutor(1), 1))
    for file in (question, points):
        file.unlink()
    (tmp_path / "wheel.py").write_text("open(__file__ + '.ran', 'w')", encoding="utf-8")
    page = analyse((tmp_path / "sweep").rename(tmp_path / "moved")).page
    assert page.is_file() and sorted(file.name for file in tmp_path.iterdir()) == ["moved", "wheel.py"]


def test_a_stored_run_needs_nothing_outside_its_folder(tmp_path: Path) -> None:
    plugin = OFFERS_NOTHING.format(offer="open(__file__ + '.ran', 'a')")
    scenario = read_scenario(asked(tmp_path, plugin), {"run.record": True})
    folder = store_run(scenario, tmp_path / "results")
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    for file in tmp_path.glob("wheel.py*"):
        file.unlink()
    page = (elsewhere / "report.html").read_bytes()
    (elsewhere / "report.html").unlink()
    assert write_report(elsewhere).read_bytes() == page
    inspect_run(elsewhere, PlainConsole(quiet=True), Subject(merchant=0))
    assert not list(tmp_path.glob("wheel.py*"))


def test_a_channel_is_known_to_the_scenario_that_names_it_and_to_no_other() -> None:
    read_scenario(find_scenario("own_rules"))
    with pytest.raises(ScenarioError, match="no channel 'lucky_draw'"):
        read_scenario(
            find_scenario("fruit_vendor"), {"arms.taobao_live.platform.channels": {"lucky_draw": 1.0}}
        )


def test_a_file_that_is_edited_as_worlds_run_leaves_no_run_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Worlds of one run under two rules would be told as one."""
    rule = tmp_path / "rule.py"
    rule.write_text("def RULE(merchants, due, settings):\n    pass\n", encoding="utf-8")
    changes = {"plugins.merchant_rules.cautious": str(rule), "world.days": 5} | {
        key: value for key, value in SMALL.items() if key != "world.days"
    }
    scenario = read_scenario(find_scenario("own_rules"), changes)

    def edited(share: float) -> None:
        rule.write_text(
            "def RULE(merchants, due, settings):\n    merchants.streams[due] = 1\n", encoding="utf-8"
        )

    with pytest.raises(ScenarioError, match="has changed since the work began"):
        store_run(scenario, tmp_path / "results", report=edited)
    assert not list((tmp_path / "results").rglob("*.*"))
