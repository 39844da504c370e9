"""A store with a radius sells to those who live near it, and to nobody else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.behaviour.place_and_need import delivers_to, delivery_area
from simulation.claims.reading import read_scenario
from simulation.measures import Outcome, measure_all
from simulation.scenario import ScenarioError
from simulation.state.columns import EVERYBODY
from tests.support.worlds import build_model, finished, platform, preset, same_shops, scenario

EAGER: dict[str, Any] = {
    "purchase": {"intercept": 3.0},
    "people": {"categories": 1, "activity_mean": 4.0},
    "world": {"people_per_viewer": 1.0},
    "friendships": {"neighbourhood_size": 20},
}


def area(home: int, radius: float, size: int = 10, social: int = 100) -> tuple[int, int]:
    first, last = delivery_area(np.array([home], np.int32), np.array([radius]), size, social)
    return int(first[0]), int(last[0])


def test_areas_are_those_worked_out_by_hand() -> None:
    assert area(4, 10) == (40, 50)  # its neighbourhood
    assert area(4, 30) == (30, 60)  # and one to either side
    assert area(4, 16) == (37, 53)
    assert area(0, 30) == (0, 30) and area(9, 30) == (70, 100)  # nobody lives beyond the ends
    assert area(4, 3) == (40, 50)  # never less than its neighbourhood
    assert area(4, 1e9) == (0, 100)
    assert area(4, 0) == area(-1, 30) == (0, EVERYBODY)
    assert area(2, 10, size=40, social=100) == (60, 100)  # the last neighbourhood is smaller than others


@given(
    home=st.integers(0, 12), radius=st.floats(0.1, 1e6), size=st.integers(1, 60), social=st.integers(1, 500)
)
def test_an_area_holds_the_store_s_neighbours_and_as_many_as_it_reaches(
    home: int, radius: float, size: int, social: int
) -> None:
    home = min(home, (social - 1) // size)
    first, last = area(home, radius, size, social)
    neighbours = range(home * size, min(social, (home + 1) * size))
    assert 0 <= first < last <= social
    assert all(delivers_to.py_func(viewer, first, last) for viewer in neighbours)
    assert last - first == min(social, max(size, round(radius)))


def stall(radius: float) -> dict[str, Any]:
    named = {"name": "stall", "kind": "community_vendor", "category": 0, "members": 20, "radius": radius}
    return {"merchants": same_shops(local=True) | {"named": [named]}}


@pytest.mark.parametrize("channels", [{"recommend": 1.0}, {"push": 0.5, "share": 0.5}, {"group_buy": 1.0}])
def test_nobody_outside_orders_though_many_come_in(channels: dict[str, float]) -> None:
    world = finished(scenario({"a": platform(channels | {"follow": 0.2})}, days=15, **EAGER, **stall(40)))
    place = len(world.stores.status) - 1
    viewers, slots = np.nonzero(world.ties.store == place)
    inside = (viewers >= world.stores.sells_from[place]) & (viewers < world.stores.sells_to[place])
    orders = world.ties.purchases[viewers, slots]
    assert orders[inside].sum() > 0 == orders[~inside].sum()
    if "recommend" in channels:
        assert (~inside).sum() > 20
        assert measure_all(Outcome.from_model(world))["named_orders_stall"] > 0


def test_a_radius_of_everybody_is_the_same_as_none() -> None:
    arms = {"a": preset("tencent_live_plus_feed")}
    none, all_ = (finished(scenario(arms, days=15, **EAGER, **stall(radius))) for radius in (0, 300))
    assert np.array_equal(none.journal.orders, all_.journal.orders) and none.journal.orders.sum() > 0
    assert np.array_equal(none.stores.cash, all_.stores.cash)


def test_agents_stand_for_persons_in_a_radius() -> None:
    coarse = EAGER | {"world": {"people_per_viewer": 2.5}}
    arms = {"a": preset("taobao_live")}
    model = build_model(scenario(arms, **coarse, **stall(100)))
    assert model.stores.sells_to[-1] - model.stores.sells_from[-1] == 40


def test_a_radius_without_a_place_is_refused() -> None:
    table: dict[str, Any] = {
        "name": "t",
        "title": "T",
        "world": {"viewers": 300, "merchants": 5, "days": 3},
        "arms": [{"name": "a", "platform": "taobao_live"}],
    }
    named = {"name": "stall", "kind": "brand", "category": 0, "members": 5, "radius": 40}
    with pytest.raises(ScenarioError, match=r"merchants\.named\.stall\.radius") as caught:
        read_scenario(table | {"merchants": {"named": [named]}})
    assert "radius = 0, or local = true" in str(caught.value)
    assert read_scenario(table | {"merchants": {"named": [named | {"local": True}]}})
