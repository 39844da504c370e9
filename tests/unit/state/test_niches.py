"""Niches: a circle of tastes that grows with the number of merchants, at values counted by hand."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from simulation.platforms.channel import PlatformToday
from simulation.platforms.channels.recommend import by_niche
from simulation.platforms.pages_by_arc import pages_by_arc
from simulation.state.luck import replicate_key
from simulation.state.niches import candidate, catchment, own_arc, taste_distance
from simulation.world.cast.viewers import neighbourhood_tastes
from simulation.world.morning import platforms_today
from tests.support.worlds import build_model, preset, scenario

KEY = replicate_key(7, 0)
LUCK = (np.arange(10_000) + 0.5) / 10_000


@pytest.mark.parametrize(
    ("merchants", "categories", "share_a_niche", "arcs"),
    [
        (100, 8, 12.5, 1),
        (149, 8, 12.5, 1),
        (400, 8, 12.5, 4),
        (400, 4, 12.5, 8),
        (400, 8, 50.0, 1),
        (0, 8, 12.5, 1),
    ],
)
def test_a_niche_has_as_many_merchants_whatever_the_size(
    merchants: int, categories: int, share_a_niche: float, arcs: int
) -> None:
    world = {"merchants": merchants, "merchants_per_niche": share_a_niche}
    asked = scenario({"feed": preset("taobao_live")}, world=world, people={"categories": categories})
    assert asked.arcs == arcs


def test_distances_go_round_the_circle_and_end_at_half_an_arc() -> None:
    assert taste_distance(0.2, 0.3, 1) == pytest.approx(0.1)
    assert taste_distance(0.1, 0.9, 1) == pytest.approx(0.2)
    assert taste_distance(3.9, 0.1, 4) == pytest.approx(0.2)
    assert taste_distance(0.1, 0.9, 4) == 0.5 and taste_distance(0.0, 2.0, 4) == 0.5
    assert [own_arc(position, 4) for position in (0.0, 0.999, 1.0, 3.9, 4.0)] == [0, 0, 1, 3, 3]


def test_a_store_finds_customers_in_its_neighbourhood_or_in_an_arc_around_its_style() -> None:
    assert catchment(2, 0.7, 1, 10, 100) == (20, 10)
    assert catchment(2, 0.7, 1, 10, 25) == (20, 5)
    assert catchment(-1, 0.7, 1, 10, 100) == (0, 100)
    assert catchment(-1, 2.0, 4, 10, 100) == (38, 25)  # style 2 of 4 is viewer 50
    first, count = catchment(-1, 0.0, 4, 10, 100)
    assert {candidate(number, first, count, 100) for number in LUCK} == {*range(88, 100), *range(13)}


def test_neighbourhoods_stand_in_the_order_of_their_tastes_where_there_are_arcs() -> None:
    tastes = neighbourhood_tastes(40, 4, KEY)
    assert (np.diff(tastes) > 0).all() and [int(taste) for taste in tastes] == [n // 10 for n in range(40)]
    assert (np.diff(neighbourhood_tastes(40, 1, KEY)) < 0).any(), "without arcs they are in no order"


@pytest.fixture(scope="module")
def morning() -> PlatformToday:
    """A platform on the first day of a world of three arcs, where everybody streams."""
    model = build_model(
        scenario(
            {"feed": preset("taobao_live")},
            viewers=600,
            shops=30,
            world={"merchants_per_niche": 2.5},
            people={"categories": 4},
        )
    )
    model.stores.live[:] = 1
    (today,) = platforms_today(model, np.ones(1), np.ones(len(model.stores.live), bool))
    assert today.world.arcs == 3
    return today


def test_rooms_are_sorted_by_category_and_arc(morning: PlatformToday) -> None:
    rooms, start = by_niche(morning, morning.rooms)
    assert len(start) == 4 * 3 + 1 and start[-1] == len(rooms)
    for niche, (first, last) in enumerate(pairwise(start)):
        held = rooms[first:last]
        assert (morning.stores.category[held] == niche // 3).all()
        assert (morning.stores.style[held].astype(int) == niche % 3).all()


def test_a_page_shows_rooms_of_its_arc_in_the_order_given(morning: PlatformToday) -> None:
    ranked = morning.rooms[::-1]
    pages = pages_by_arc(morning, ranked, 4)
    for arc in range(3):
        there = [room for room in ranked if int(morning.stores.style[room]) == arc]
        assert pages.room[pages.start[arc] : pages.start[arc + 1]].tolist() == there[:4]


def test_friends_and_customers_are_near_in_taste_however_large_the_world() -> None:
    """Median distance of friends' tastes, in arcs, in worlds of three and of twelve arcs."""
    medians = []
    for shops in (30, 120):
        model = build_model(
            scenario(
                {"feed": preset("taobao_live")},
                viewers=shops * 40,
                shops=shops,
                world={"merchants_per_niche": 2.5},
                people={"categories": 4},
                friendships={"neighbourhood_size": 20},
            )
        )
        graph, taste, arcs = model.friendships, model.viewers.taste, model.settings.arcs
        owner = np.repeat(np.arange(len(taste)), np.diff(graph.start))
        apart = abs(taste[owner] - taste[graph.friend])
        medians.append(np.median(np.minimum(apart, arcs - apart)))
        assert taste.min() >= 0 and taste.max() <= arcs
    assert medians[1] == pytest.approx(medians[0], rel=0.1)
    assert medians[0] < 0.6
