"""Worlds that are copied, stored and forgotten."""

from __future__ import annotations

import copy
import gc
import pickle
import threading
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.claims.reading import read_scenario
from simulation.scenario import Scenario, ScenarioError
from simulation.world.agents.kinds import Merchant
from simulation.world.line_list import Recorder
from simulation.world.model import LiveCommerceModel
from tests.support.little_worlds import DAYS, Regulator, question
from tests.support.worlds import build_model, differences, everything_written

# ---- forks


def fork(model: LiveCommerceModel) -> LiveCommerceModel:
    return copy.deepcopy(model)


def stored(model: LiveCommerceModel) -> LiveCommerceModel:
    loaded: LiveCommerceModel = pickle.loads(pickle.dumps(model))
    return loaded


@pytest.mark.parametrize("copied", [fork, stored])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("arm", [0, 1])
def test_a_copy_ends_as_its_original_does(copied: Any, threads: int, arm: int, little: Scenario) -> None:
    model = build_model(little, arm, threads=threads)
    for _ in range(2):
        model.step()
    Regulator(model)
    other = copied(model)
    for each in (model, other):
        each.run_model()
    assert differences(everything_written(model), everything_written(other)) == []
    assert other.steps == DAYS and other.datacollector.model_vars == model.datacollector.model_vars
    assert all(agent.model is other for agent in other.agents)
    assert len(other.agents_by_type[Regulator]) == 1
    with pytest.raises(RuntimeError, match="all of its 5 days"):
        other.step()


def test_a_fork_that_is_changed_goes_its_own_way(little: Scenario) -> None:
    model, usual = build_model(little, arm=1), build_model(little, arm=1)
    for each in (model, usual):
        each.step()
    other = fork(model)
    for merchant in other.agents_by_type[Merchant]:
        merchant.streams = 7.0  # every day
    for each in (model, other, usual):
        each.run_model()
    assert {"journal.visits", "merchants.profit"} <= set(
        differences(everything_written(model), everything_written(other))
    )
    assert differences(everything_written(model), everything_written(usual)) == [], "untouched by its fork"
    assert not np.shares_memory(model.friendships.strength, other.friendships.strength)


def test_a_fork_writes_no_line_list(little: Scenario, tmp_path: Path) -> None:
    model = build_model(little)
    model.recorder = Recorder(tmp_path, "feed", 0, model)
    model.step()
    other = fork(model)
    for each in (model, other):
        each.run_model()
    model.recorder.close()
    assert other.recorder is None
    assert differences(everything_written(model), everything_written(other)) == []


@pytest.mark.parametrize("copied", [fork, stored])
def test_worlds_with_plugins_can_be_copied(copied: Any) -> None:
    small = {"world.viewers": 60, "world.merchants": 6, "world.days": 4, "world.isolated_viewers": 0}
    scenario = read_scenario("own_rules", small)
    model = LiveCommerceModel(scenario, "feed_and_wheel")
    model.step()
    other = copied(model)
    for each in (model, other):
        each.run_model()
    assert differences(everything_written(model), everything_written(other)) == []


def test_a_world_is_not_loaded_with_another_plugin_than_it_was_stored_with(tmp_path: Path) -> None:
    rule = tmp_path / "still.py"
    rule.write_text("def RULE(merchants, due, shopkeeping):\n    pass\n", encoding="utf-8")
    scenario = read_scenario(
        question(), {"plugins": {"merchant_rules": {"still": str(rule)}}, "merchant_rule": "still"}
    )
    kept = pickle.dumps(build_model(scenario))
    pickle.loads(kept).run_model()
    rule.write_text("def RULE(merchants, due, shopkeeping):\n    return\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"has changed since the world was stored"):
        pickle.loads(kept)


# ---- what is left behind


def test_a_finished_world_has_no_threads_left(little: Scenario) -> None:
    before = threading.active_count()
    model = build_model(little, threads=2)
    model.step()
    assert threading.active_count() > before
    model.run_model()
    assert threading.active_count() == before


def test_a_world_that_is_forgotten_leaves_neither_threads_nor_itself(little: Scenario) -> None:
    before = set(threading.enumerate())
    model = build_model(little, threads=2)
    Regulator(model)
    model.step()
    list(model.agents)
    threads = set(threading.enumerate()) - before
    assert len(threads) == 2
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
