"""Scenarios given in Python: by path, by name or as nested tables, with the checks of a file."""

from __future__ import annotations

import copy
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pytest

from simulation.claims.reading import read_scenario
from simulation.scenario import ScenarioError, find_scenario
from simulation.scenario.sections.shopkeeping import Shopkeeping

TABLE: dict[str, Any] = {
    "name": "good",
    "title": "Good",
    "world": {"viewers": 100, "merchants": 5, "days": 3},
    "arms": [{"name": "central", "platform": {"preset": "taobao_live", "pool": 0.5}}],
}
FILE = """
name = "good"
title = "Good"
world = { viewers = 100, merchants = 5, days = 3 }
arms = [{ name = "central", platform = { preset = "taobao_live", pool = 0.5 } }]
"""


def refused(source: Any, overrides: dict[str, Any] | None = None) -> str:
    """What a user is told of a scenario that is refused."""
    with pytest.raises(ScenarioError) as caught:
        read_scenario(source, overrides)
    return str(caught.value)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    file = tmp_path / "question.toml"
    file.write_text(FILE, encoding="utf-8")
    assert read_scenario(str(file)) == read_scenario(file) == read_scenario(str(file.with_suffix("")))


def test_a_scenario_of_the_project_goes_by_its_name() -> None:
    by_name = read_scenario("fruit_vendor", {"world.days": 60})
    assert by_name == read_scenario(find_scenario("fruit_vendor"), {"world.days": 60})
    assert by_name.world.days == 60


def test_tables_are_read_as_the_file_that_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "question.toml"
    file.write_text(FILE, encoding="utf-8")
    before = copy.deepcopy(TABLE)
    assert read_scenario(TABLE) == read_scenario(file)
    assert read_scenario(TABLE, {"arms.central.platform.pool": 0.25}).arms[0].all_platforms[0].pool == 0.25
    assert before == TABLE, "the tables themselves are left as they are"


def test_values_of_python_are_taken_for_what_they_are() -> None:
    scenario = read_scenario(
        TABLE
        | {
            "world": {"viewers": np.int64(100), "merchants": 5, "days": 3},
            "arms": tuple(TABLE["arms"]),
            "shopkeeping": Shopkeeping(arrivals=2.0),
        },
        {"world.people_per_viewer": np.float32(2.5)},
    )
    assert type(scenario.world.viewers) is int
    assert (scenario.world.people_per_viewer, scenario.shopkeeping.arrivals) == (2.5, 2.0)


def test_a_scenario_can_be_read_again_with_changes() -> None:
    scenario = read_scenario(TABLE)
    changed = read_scenario(scenario, {"world.days": 9})
    assert (changed.world.days, scenario.world.days) == (9, 3)
    assert read_scenario(scenario) == scenario


def test_files_are_seen_from_the_present_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rule.py").write_text("def RULE(*given):\n    pass\n", encoding="utf-8")
    table = TABLE | {"plugins": {"merchant_rules": {"still": PurePath("rule.py")}}}
    assert "no such file" in refused(table)
    monkeypatch.chdir(tmp_path)
    assert read_scenario(table).plugins.merchant_rules == {"still": str(tmp_path / "rule.py")}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"wrld": 1}, ["good: 1 problem", "unknown key 'wrld' (did you mean 'world'?)"]),
        ({"world": {"viewers": True, "merchants": 5, "days": 3}}, ["world.viewers", "found:   true"]),
        (
            {"world": {"viewers": float("nan"), "merchants": 5, "days": 3}},
            ["world.viewers", "a finite number"],
        ),
        ({"arms": [{"name": "a", "platform": "taobao"}]}, ["arms.a.platform", "did you mean 'taobao_live'?"]),
        ({"title": "a\x1bb"}, ["U+001B"]),
        ({"name": "With Blanks"}, ["With Blanks: 1 problem"]),
        ({"claims": [{"id": "c", "title": "C", "tests": [{"kind": "nonsense"}]}]}, ["claims.c.tests.0.kind"]),
    ],
)
def test_tables_are_checked_like_a_file(changes: dict[str, Any], words: list[str]) -> None:
    text = refused(TABLE | changes)
    assert all(word in text for word in words), text


def test_tables_within_themselves_are_refused() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    assert "at most 12 levels" in refused(TABLE | {"world": circle})


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    assert "did you mean 'fruit_vendor'?" in refused("fruit_vendr")


@pytest.mark.parametrize("source", [None, 3, b"fruit_vendor", [TABLE]])
def test_what_is_no_scenario_is_refused_in_words(source: Any) -> None:
    with pytest.raises(TypeError, match=f"nested tables; not from a {type(source).__name__}"):
        read_scenario(source)
