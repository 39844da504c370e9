"""Named tuples that kernels take without looking at each array anew."""

from __future__ import annotations

import copy
import pickle
from typing import NamedTuple

import numpy as np
import pytest
from numba import njit, typeof

from simulation.state.compilation.content import said_of_type
from simulation.state.compilation.held import Held, hold, hold_others
from simulation.state.compiled import kernel


class Inner(NamedTuple):
    weights: np.ndarray
    places: np.ndarray


class Outer(NamedTuple):
    inner: Inner
    day: int
    share: float
    table: np.ndarray


@kernel
def look_and_write(outer: Outer) -> float:
    """Reads every field, and writes to one array."""
    outer.inner.places[1] += outer.day
    return outer.inner.weights[2] + outer.share + outer.table[1, 0] + outer.inner.places[1]


def some(day: int = 3, weights: type = np.float64) -> Outer:
    inner = Inner(np.array([0.0, 0.0, 0.5], weights), np.array([0, 10], np.int32))
    return Outer(inner, day, 0.25, np.array([[1.0, 2.0], [4.0, 8.0]]))


def test_a_kernel_sees_the_same_held_or_not_and_writes_to_the_same_arrays() -> None:
    columns = some()
    assert look_and_write(columns) == 0.5 + 0.25 + 4.0 + 13.0
    assert look_and_write(hold(columns)) == 0.5 + 0.25 + 4.0 + 16.0
    assert columns.inner.places[1] == 16


def test_others_take_their_place() -> None:
    held, later = hold(some()), some(day=7)
    assert hold_others(held, later) is held
    assert look_and_write(held) == 0.5 + 0.25 + 4.0 + 17.0
    assert held.day == 7
    assert held.inner is later.inner


def test_columns_of_another_type_are_refused_and_nothing_is_changed() -> None:
    held = hold(some())
    with pytest.raises(TypeError, match="other types than those held: Outer"):
        hold_others(held, some(day=9, weights=np.float32))
    with pytest.raises(TypeError, match="other types"):
        hold_others(held, some()._replace(table=np.ones((4, 4))[:, ::2]))  # not one block of memory
    assert held.day == 3
    assert look_and_write(held) == 0.5 + 0.25 + 4.0 + 13.0


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda held: pickle.loads(pickle.dumps(held))])
def test_a_copy_shares_nothing_with_what_was_copied(copied) -> None:
    held = hold(some())
    other = copied(held)
    held.inner.places[1] = 100
    assert look_and_write(other) == 0.5 + 0.25 + 4.0 + 13.0
    assert isinstance(other, Held)
    assert other.address != held.address


@njit
def places_of(outer: Outer) -> np.ndarray:
    """A slice, in code that counts references as users' own may."""
    return outer.inner.places[:1]


def test_what_code_that_counts_references_returns_outlives_what_was_held() -> None:
    held = hold(some())
    found = places_of(held)
    assert found.base is not None
    hold_others(held, some(day=8))
    assert found.tolist() == [0]
    assert look_and_write(held) == 0.5 + 0.25 + 4.0 + 18.0


def test_fields_may_be_asked_for_as_of_a_tuple() -> None:
    held = hold(some())
    assert (len(held), held[1], held[-2], [*held][1]) == (4, 3, 0.25, 3)


class Numbers(NamedTuple):
    first: int
    second: int


def test_tuples_of_numbers_alone_are_held_as_well() -> None:
    held = hold(Numbers(1, 2))
    assert add(held) == 3
    assert add(hold_others(held, Numbers(5, 2))) == 7


@kernel
def add(numbers: Numbers) -> int:
    """Both together."""
    return numbers.first + numbers.second


def test_code_for_what_is_held_is_kept_apart_from_code_for_the_tuple() -> None:
    assert said_of_type(typeof(some())) != said_of_type(typeof(hold(some())))
