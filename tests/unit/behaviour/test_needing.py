"""Whoever has bought in a category wants nothing more of it at once, and by and by again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.behaviour.place_and_need import category_cycles, need
from simulation.state.columns import NEVER
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import build_model, differences, everything_written, finished, platform, scenario

EAGER: dict[str, Any] = {
    "people": {"activity_mean": 6.0, "categories": 2, "side_interest": 0.0},
    "world": {"people_per_viewer": 1.0},
}
FEED = {"a": platform({"recommend": 1.0})}


def test_the_wish_comes_back_as_worked_out_by_hand() -> None:
    back = need.py_func
    assert back(0, 27.0) == 0.0
    assert back(27, 27.0) == pytest.approx(1 - 1 / math.e)
    assert back(14, 7.0) == pytest.approx(1 - math.exp(-2))
    assert back(0, 0.0) == back(5, 0.0) == 1.0
    assert back(0 - NEVER, 365.0) == pytest.approx(1.0)


@given(days=st.integers(0, 4_000), more=st.integers(0, 4_000), cycle=st.floats(0, 365))
def test_the_wish_is_a_share_that_never_falls_with_time(days: int, more: int, cycle: float) -> None:
    assert 0.0 <= need.py_func(days, cycle) <= need.py_func(days + more, cycle) <= 1.0


def test_cycles_are_spread_as_those_observed() -> None:
    """Of 203 categories: 14 days for one in ten, 27 for one in two, 46 for nine in ten."""
    cycles = category_cycles(203, 27.0, 0.45)
    tenth, half, ninth = np.quantile(cycles, [0.1, 0.5, 0.9])
    assert half == pytest.approx(27.0) and 14 < tenth < 16 and 45 < ninth < 49
    assert (np.diff(cycles) > 0).all()
    assert category_cycles(1, 27.0, 0.45) == pytest.approx([27.0])
    assert category_cycles(3, 0.0, 0.45).tolist() == [0.0, 0.0, 0.0]


def orders(model: LiveCommerceModel) -> int:
    return int(model.journal.orders.sum())


def test_everybody_who_always_buys_buys_once_where_needs_do_not_come_back() -> None:
    """A cycle of a year in a run of 10 days, and all who come in would buy: few order again in a category
    (ten visits, of which each finds some days of 365 come back); without needs as many do as visit."""
    sure = {"intercept": 20.0, "cycle_spread": 0.0}
    once, always = (
        finished(scenario(FEED, days=10, purchase=sure | {"cycle": cycle}, **EAGER)) for cycle in (365.0, 0.0)
    )
    assert orders(always) == always.journal.visits.sum()
    buyers = np.count_nonzero(once.viewers.satisfied_on != NEVER)
    assert buyers <= orders(once) < 1.25 * buyers < 0.5 * orders(always)


def test_an_order_is_remembered_by_category_and_binds_all_its_merchants() -> None:
    sure = {"intercept": 20.0, "cycle": 365.0}
    model = build_model(scenario(FEED, days=3, purchase=sure, **EAGER))
    model.viewers.satisfied_on[:, 0] = 0
    model.step()
    sold = model.journal.orders[0]
    assert sold[model.stores.category == 1].sum() > 0 == sold[model.stores.category == 0].sum()


def test_nobody_orders_twice_in_a_category_on_a_day() -> None:
    model = build_model(scenario(FEED, days=5, purchase={"intercept": 20.0, "cycle": 1.0}, **EAGER))
    for day in range(5):
        before = model.viewers.satisfied_on.copy()
        model.step()
        changed = model.viewers.satisfied_on != before
        assert (model.viewers.satisfied_on[changed] == day).all()
        assert changed.sum() == model.journal.orders[day].sum()
    assert orders(model) > 300


def test_cycles_of_nothing_are_the_model_without_needs() -> None:
    """Spread over categories without effect: the same to the byte, whatever it is."""
    one, other = (
        everything_written(finished(scenario(FEED, days=8, purchase={"cycle": 0.0, "cycle_spread": spread})))
        for spread in (0.0, 3.0)
    )
    assert differences(one, other) == []
    assert (one["viewers.satisfied_on"] != NEVER).any()
