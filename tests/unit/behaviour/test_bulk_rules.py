"""Rules worked out for many at once give each what it would get alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from simulation.behaviour import occasions
from simulation.platforms.channels import recommend
from simulation.state.exponential import exponential
from simulation.state.luck import unit
from simulation.state.waves import new_scratch


class People(NamedTuple):
    """What `count_occasions` looks at of viewers."""

    activity: np.ndarray
    habit: np.ndarray


class Pull(NamedTuple):
    """What it looks at of platforms."""

    openings: np.ndarray


class Market(NamedTuple):
    """What it looks at of habits."""

    habit_strength: float


class Rules(NamedTuple):
    """Parameters."""

    market: Market


class World(NamedTuple):
    """All of them."""

    viewers: People
    pull: Pull
    rules: Rules


def test_exponential_agrees_with_the_library() -> None:
    numbers = np.concatenate([np.linspace(-700, 700, 20_011), np.linspace(-2, 2, 20_011), [0.0, 1e-300]])
    found = np.array([exponential(number) for number in numbers])
    np.testing.assert_allclose(found, np.exp(numbers), rtol=2 * np.finfo(float).eps)
    assert exponential(0.0) == 1.0
    assert exponential(-5_000.0) == exponential(-700.0) and exponential(5_000.0) == exponential(700.0)


@pytest.mark.parametrize(("viewers", "most"), [(1, 6), (255, 3), (256, 6), (700, 11)])
def test_counting_for_many_gives_each_its_own_occasions(viewers: int, most: int) -> None:
    """`count_occasions` works by number, `occasions_today` by viewer."""
    draw, scratch = np.random.default_rng(viewers), new_scratch(viewers)
    activity = draw.gamma(0.7, 2.0, viewers).astype(np.float32)
    activity[::50] = 0.0
    scratch.luck[0] = draw.integers(0, 2**32, viewers, np.uint32)
    habit = draw.uniform(0.0, 1.0, (viewers, 1))
    world = World(People(activity, habit), Pull(np.array([1.3])), Rules(Market(2.0)))
    occasions.count_occasions(world, scratch, (0, viewers), 0, most)
    rates = activity * occasions.openings_with_habit.py_func(1.3, habit[:, 0], 2.0)
    expected = [
        occasions.occasions_today(unit(scratch.luck[0, viewer]), rates[viewer], most)
        for viewer in range(viewers)
    ]
    np.testing.assert_array_equal(scratch.occasions, expected)


@pytest.mark.parametrize("relevances", [[0.2, 0.2, 0.5, 1.1, 1.1], [0.0, 0.3], [0.4]])
def test_a_slot_never_shows_a_category_without_relevance(relevances: list[float]) -> None:
    """Rounding must not carry the target into a category that nobody is live in, nor past the last."""
    sums = np.array(relevances)
    weights = np.diff(sums, prepend=0.0)
    start = np.concatenate([[0], np.cumsum(np.where(weights > 0, 2, 0))]).astype(np.int64)
    rooms = int(start[-1])
    guide = np.concatenate([recommend.FINENESS * [place] for place in range(rooms)]).astype(np.int32)
    feed = recommend.RankedRooms(
        start,
        np.arange(rooms, dtype=np.int32),
        np.tile([0.5, 1.0], rooms // 2),
        guide,
        (weights > 0).astype(float),
        1,
        1,
    )
    luck = np.concatenate([(np.arange(2000) + 0.5) / 2000, [2.0**-33, 1 - 2.0**-33, 1.0]])
    drawn = np.array([recommend.draw_room(number, sums, feed, 0, 0) for number in luck])
    category = np.searchsorted(start, drawn, side="right") - 1
    counts = np.bincount(category[:2000], minlength=len(sums))
    np.testing.assert_allclose(counts / 2000, weights / sums[-1], atol=1e-3)
    assert weights[category].min() > 0.0
