"""Worlds cut from templates: whole arcs, with everybody's friends and ties."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.state.columns import CLOSED, EVERYBODY, FriendshipGraph, StoreColumns
from simulation.state.ties import EMPTY, SUBSCRIBED
from simulation.warm_up.cutting import Cut, cut_for, cut_friendships, cut_past, cut_stock, cut_traits, seats
from simulation.warm_up.template import Template, on_the_circle
from tests.unit.warm_up.conftest import asked

DAYS = ("touched", "last_visit", "last_purchase", "since")


def edges(graph: FriendshipGraph) -> dict[tuple[int, int], float]:
    owner = np.repeat(np.arange(len(graph.start) - 1), np.diff(graph.start))
    return dict(zip(zip(owner.tolist(), graph.friend.tolist(), strict=True), graph.strength, strict=True))


def apart(one: np.ndarray, other: np.ndarray, around: float) -> np.ndarray:
    return abs(on_the_circle(one.astype(float) - other, around))


@pytest.mark.parametrize("first_arc", [0, 1, 2, 5])
def test_as_many_arcs_as_a_template_has_are_the_same_population(template: Template, first_arc: int) -> None:
    cut = cut_for(asked(), template, first_arc)
    origin, past = cut.origin, cut_past(template, cut)
    assert sorted(origin) == list(range(900)) and origin[0] == 300 * (first_arc % 3)
    traits = cut_traits(template, cut)
    np.testing.assert_array_equal(traits.interest, template.traits.interest[origin])
    friends = edges(template.friendships)
    there = {
        (int(origin[a]), int(origin[b])): s
        for (a, b), s in edges(cut_friendships(template.friendships, cut)).items()
    }
    assert there == friends
    stock = cut_stock(template.past, cut)
    assert sorted(stock.merchant) == list(range(template.past.merchants))
    before = template.past.ties.store[origin]
    np.testing.assert_array_equal(before == EMPTY, past.ties.store == EMPTY)
    held = before != EMPTY
    np.testing.assert_array_equal(stock.merchant[past.ties.store[held]], before[held])
    for name in (*DAYS, "trust", "purchases"):
        np.testing.assert_array_equal(getattr(past.ties, name), getattr(template.past.ties, name)[origin])
    np.testing.assert_array_equal(past.ties.flags[held], template.past.ties.flags[origin][held])
    viewer = np.nonzero(held)[0]
    now = apart(traits.taste[viewer], past.stores.style[past.ties.store[held]], 3)
    then = apart(template.traits.taste[origin[viewer]], template.past.stores.style[before[held]], 3)
    np.testing.assert_allclose(now, then, atol=1e-5)
    np.testing.assert_array_equal(past.stores.fans, template.past.stores.fans[stock.merchant])
    np.testing.assert_array_equal(past.stores.cash, template.past.stores.cash[stock.merchant])


def test_arcs_stay_whole(template: Template) -> None:
    """Who shares an arc in the template shares one in the world: stores compete within arcs."""
    cut = cut_for(asked(), template, 1)
    then = template.traits.taste[cut.origin].astype(int)
    now = cut_traits(template, cut).taste.astype(int)
    assert set(zip(then.tolist(), now.tolist(), strict=True)) == {(1, 0), (2, 1), (0, 2)}


@pytest.mark.parametrize(("arcs", "first_arc"), [(2, 1), (4, 2), (6, 0)])
def test_other_numbers_of_arcs_make_a_world_that_hangs_together(
    template: Template, arcs: int, first_arc: int
) -> None:
    cut = cut_for(asked(arcs=arcs), template, first_arc)
    past, graph = cut_past(template, cut), cut_friendships(template.friendships, cut)
    viewers = 300 * arcs
    friends = edges(graph)
    assert len(friends) == len(graph.friend), "no friend twice"
    assert all(one != other and friends[other, one] == s for (one, other), s in friends.items())
    degree = len(graph.friend) / viewers
    assert degree == pytest.approx(len(template.friendships.friend) / 900, rel=0.05)
    traits = cut_traits(template, cut)
    assert traits.taste.min() >= 0 and traits.taste.max() <= arcs
    assert past.stores.style.min() >= 0 and past.stores.style.max() <= arcs
    local = past.stores.neighbourhood[past.stores.neighbourhood >= 0]
    assert local.max() < viewers / 30
    ties = past.ties
    assert ties.store.shape[0] == viewers and ties.store.max() < past.merchants
    assert not ties.flags[ties.store == EMPTY].any(), "nobody follows a store that is not there"
    for row in ties.store:
        held = row[row != EMPTY]
        assert len(set(held.tolist())) == len(held), "two ties to one store"
    fan = (ties.store != EMPTY) & (ties.flags & SUBSCRIBED > 0)
    np.testing.assert_array_equal(past.stores.fans, np.bincount(ties.store[fan], minlength=past.merchants))
    np.testing.assert_array_equal(past.viewers["fan_ties"], fan.sum(axis=1))
    if arcs == 6:
        assert past.merchants == 2 * template.past.merchants
        np.testing.assert_allclose(apart(traits.taste[:900], traits.taste[900:], 6), 3, atol=1e-5)
        assert (
            fan.sum()
            == 2 * ((template.past.ties.store != EMPTY) & (template.past.ties.flags & SUBSCRIBED > 0)).sum()
        )


def test_a_tie_across_the_seam_goes_to_a_store_of_its_category_and_status(template: Template) -> None:
    cut = cut_for(asked(arcs=2), template, 0)
    past, old = cut_past(template, cut), template.past
    held = past.ties.store != EMPTY
    before = old.ties.store[cut.origin][held]
    now = past.ties.store[held]
    np.testing.assert_array_equal(past.stores.category[now], old.stores.category[before])
    np.testing.assert_array_equal(past.stores.status[now] == CLOSED, old.stores.status[before] == CLOSED)
    same = cut_stock(old, cut).merchant[now] == before
    assert 0.5 < same.mean() < 1


def test_what_is_delivered_around_a_home_goes_along_with_it(template: Template) -> None:
    stores = StoreColumns(*(column.copy() for column in template.past.stores))
    template = template._replace(past=template.past._replace(stores=stores))
    local = np.flatnonzero(stores.neighbourhood >= 0)
    for name, value in (("sells_from", 300), ("sells_to", 390)):
        getattr(stores, name)[local] = value
    cut = cut_for(asked(arcs=2), template, 1)
    past, stock = cut_past(template, cut), cut_stock(template.past, cut)
    bounded = np.flatnonzero(past.stores.sells_to != EVERYBODY)
    assert set(stock.merchant[bounded]) <= set(local.tolist()) and len(bounded) > 0
    home = 30 * past.stores.neighbourhood[bounded]
    first, last = past.stores.sells_from[bounded], past.stores.sells_to[bounded]
    assert (last - first == 90).all() and (first <= home).all() and (last >= home + 30).all()
    assert first.min() >= 0 and last.max() <= 600


def test_seats_are_in_the_midst_of_customers(template: Template) -> None:
    cut = Cut(0, 900, 900, 3, 3, 30)
    stores = template.past.stores
    seat = seats(stores, template.past.merchants, cut)
    local = stores.neighbourhood >= 0
    np.testing.assert_array_equal(seat[local], 30 * stores.neighbourhood[local])
    np.testing.assert_array_equal(seat[~local], (stores.style[~local].astype(float) * 300).astype(int) % 900)


def test_ways_along_a_circle_are_the_shorter_ones() -> None:
    np.testing.assert_allclose(on_the_circle(np.array([0.0, 1.0, 2.0, -2.0, 3.5]), 3.0), [0, 1, -1, 1, 0.5])
