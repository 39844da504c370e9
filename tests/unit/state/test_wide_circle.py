"""The wide circle: nobody's is stored, and yet who is in mine has me in theirs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.state.luck import replicate_key
from simulation.state.wide_circle import (
    KINDS,
    MEMBERS,
    WideCircles,
    block_member,
    block_of,
    gathered,
    scattered,
    wide_circle_member,
    wide_circle_size,
)

KEY = replicate_key(7, 0)


def circle(circles: WideCircles, viewer: int) -> list[int]:
    """All members of the wide circle of a viewer."""
    return [wide_circle_member(circles, viewer, k) for k in range(wide_circle_size(circles, viewer))]


@pytest.mark.parametrize("people", [1, 2, 3, 4, 30, 31, 100, 997])
def test_the_order_of_people_is_a_permutation_and_is_undone(people: int) -> None:
    places = [scattered(KEY, 1, 2, people, person) for person in range(people)]
    assert sorted(places) == list(range(people))
    assert [gathered(KEY, 1, 2, people, place) for place in places] == list(range(people))
    if people > 30:
        others = [scattered(KEY, 2, 2, people, person) for person in range(people)]
        assert np.mean(np.array(places) == others) < 0.1, "kinds of block have orders of their own"
        assert abs(np.corrcoef(places, np.arange(people))[0, 1]) < 0.4


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(1, 9), st.integers(0, 2**32))
def test_who_is_in_my_wide_circle_has_me_in_theirs_as_often(social: int, arcs: int, seed: int) -> None:
    circles = WideCircles(replicate_key(seed, 0), social, arcs)
    met = np.zeros((social, social), int)
    for viewer in range(social):
        np.add.at(met[viewer], circle(circles, viewer), 1)
    assert (met == met.T).all() and not met.diagonal().any()
    assert met.max() <= KINDS


def test_members_are_about_150_most_of_them_within_an_arc() -> None:
    circles = WideCircles(KEY, 12_000, 8)
    sizes, far = [], []
    for viewer in range(0, 12_000, 60):
        members = np.array(circle(circles, viewer))
        sizes.append(len(set(members)))
        apart = abs(members - viewer)
        far.append(np.mean(np.minimum(apart, 12_000 - apart) > 12_000 / 8))
    assert np.mean(sizes) == pytest.approx(KINDS * (MEMBERS - 1), rel=0.03)
    assert min(sizes) > 130
    assert np.mean(far) == pytest.approx(1 / KINDS * (1 - 2 / 8), abs=0.02)  # of those from anywhere


def test_there_is_nobody_beyond_the_last_member_and_everybody_before() -> None:
    circles = WideCircles(KEY, 500, 2)
    for viewer in range(0, 500, 25):
        size = wide_circle_size(circles, viewer)
        assert (
            wide_circle_member(circles, viewer, size) == wide_circle_member(circles, viewer, size + 9) == -1
        )
        assert all(0 <= member < 500 for member in circle(circles, viewer))


@pytest.mark.parametrize("social", [1, 2, 3, 10])
def test_in_a_small_world_everybody_is_in_everybody_s(social: int) -> None:
    circles = WideCircles(KEY, social, 1)
    for viewer in range(social):
        assert set(circle(circles, viewer)) == set(range(social)) - {viewer}


def test_a_block_holds_those_who_are_in_it() -> None:
    circles = WideCircles(KEY, 3_000, 3)
    for kind in range(KINDS):
        block = block_of(circles, 77, kind)
        members = [block_member(circles, block, place) for place in range(block.members)]
        assert members[block.place] == 77 and len(set(members)) == block.members
        for place, member in enumerate(members):
            assert block_of(circles, member, kind)._replace(place=block.place) == block
            assert block_of(circles, member, kind).place == place
