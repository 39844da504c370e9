"""A scenario that is varied many times comes to what changing it each time comes to; so do its hashes."""

from __future__ import annotations

from typing import Any

import pytest

from simulation.claims.reading import read_scenario
from simulation.errors import ScenarioError
from simulation.scenario.identity import TablesHashed, as_table, hash_values
from simulation.scenario.reading.read import changed_scenario, value_at
from simulation.scenario.reading.varied import Varied

ALLOWED: list[dict[str, Any]] = [
    {"trust.half_life": 20.5},
    {"world.days": 30.0, "sharing.base_rate": 0.25},  # spreadsheets write whole numbers so
    {"run.seed": 7},
    {"arms.wx_now.platform.pool": 3, "arms.wx_now.changes.trust.half_life": 11.0},
    {"merchants.archetypes.brand.cash": 1000},
    {"arms.wx_now.platform": "taobao_live", "trust.half_life": 20.5},
    {"policies": [], "trust.half_life": 3.0},
    {"trust": {"half_life": 4.0}},
    {},
]
REFUSED: list[dict[str, Any]] = [
    {"trust.half_life": -1.0},
    {"trust.half_life": "long"},
    {"trust.half_lives": 3.0},
    {"arms.nobody.platform.pool": 3},
    {"world.viewers": 10, "world.isolated_viewers": 11},
    {"arms.wx_now.platform": "no_such_preset"},
]


@pytest.fixture(scope="module")
def varied() -> Varied:
    return Varied(read_scenario(ASKED))


ASKED = {
    "name": "small",
    "title": "Small",
    "world": {"viewers": 60, "merchants": 5, "days": 4},
    "arms": [
        {"name": "wx_now", "platform": "tencent_live", "changes": {"trust.half_life": 9.0}},
        {"name": "tb", "platform": "taobao_live"},
    ],
}


@pytest.mark.parametrize("changes", ALLOWED)
def test_a_varied_scenario_is_the_changed_one(changes: dict[str, Any], varied: Varied) -> None:
    before = as_table(read_scenario(ASKED))
    expected = changed_scenario(read_scenario(ASKED), changes)
    made, table = varied.at(changes, "point 1")
    assert made == expected and as_table(made) == table == as_table(expected)
    keys = [*changes, "people.homophily"]
    assert varied.values(table, keys) == {key: value_at(expected, key) for key in keys}
    assert varied.table == before, "others are made of it"


@pytest.mark.parametrize("changes", REFUSED)
def test_what_is_refused_is_refused_in_the_same_words(changes: dict[str, Any], varied: Varied) -> None:
    with pytest.raises(ScenarioError) as expected:
        changed_scenario(read_scenario(ASKED), changes, "point 1")
    with pytest.raises(ScenarioError) as caught:
        varied.at(changes, "point 1")
    assert str(caught.value) == str(expected.value)


def test_tables_are_hashed_as_if_each_were_the_first() -> None:
    hashed = TablesHashed("4.2", [1])
    for value in (0.0, 0, -0.0, False, {"b": 1, "a": 0.1}, {"a": 0.1, "b": True}, "0", None, [], 0.0):
        table = {"same": {"x": [1.5]}, "one": value, "\u7ade": 1}
        assert hashed.hash(table) == hash_values([table, "4.2", [1]])
