"""Measures of sessions, in journals in which everything was written down by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulation.measures.outcome import Window
from simulation.measures.streams.sessions import Sessions, within_stores
from tests.support.blank_journals import blank, value, write


def test_persons_at_once_are_visits_of_two_and_a_half_minutes_over_the_hours_streamed() -> None:
    """Of 10 persons an agent: 2,400 visits are 100 hours watched, in 4 hours 25 at once; 240 are 10, in 2
    hours 5 at once; 240 in 10 hours 1 at once. 120 hours watched of 16 streamed are 7.5 at once."""
    made = blank()
    write(made, 0, 0, "push", visits=240)
    write(made, 0, 1, "push", visits=24)
    write(made, 31, 0, "push", visits=24)
    made.journal.hours[0, 0], made.journal.hours[0, 1], made.journal.hours[31, 0] = 4.0, 2.0, 10.0
    assert value(made, "persons_at_once") == pytest.approx(7.5)
    assert value(made, "persons_at_once_p50") == pytest.approx(5.0)
    assert value(made, "most_persons_at_once") == pytest.approx(1.8 * 25.0)
    assert value(made, "near_empty_session_share") == 2 / 3
    assert value(made, "near_empty_merchant_share") == 1 / 2  # 110 hours in 14 are 7.9 at once, 10 in 2 are 5
    late = made.within(Window(31, 60))
    assert (
        value(late, "persons_at_once") == pytest.approx(1.0)
        and value(late, "near_empty_session_share") == 1.0
    )


def test_without_streams_nothing_is_said_of_them() -> None:
    names = ("persons_at_once", "persons_at_once_p50", "most_persons_at_once", "near_empty_session_share")
    names += ("gmv_per_hour", "top20_gmv_per_hour_gini", "top20_top_hourly_share", "session_visits_on_hours")
    made = blank()
    assert all(math.isnan(value(made, name)) for name in names)


def test_sales_are_set_against_the_hours_streamed_with_or_without_sales() -> None:
    """800 fen of agents are 80 CNY of persons, in 4 and 6 hours; the second session sold nothing."""
    made = blank()
    write(made, 0, 0, "push", visits=4, orders=1, gmv=800)
    write(made, 1, 1, "push", visits=4)
    made.journal.hours[0, 0], made.journal.hours[1, 1] = 4.0, 6.0
    assert value(made, "gmv_per_hour") == pytest.approx(8.0)


def test_sessions_of_the_best_fifth_are_unequal_by_the_hour() -> None:
    """Of five shops the first sells most: 100 fen an hour in two hours, 300 in one: Gini (3 - 1) / (2 * 4).
    What the others sell, and its session without sales, count for nothing."""
    made = blank(shops=5)
    for day, fen, hours in ((0, 200, 2.0), (1, 300, 1.0), (2, 0, 3.0)):
        write(made, day, 0, "push", visits=5, gmv=fen)
        made.journal.hours[day, 0] = hours
    write(made, 3, 1, "push", visits=5, gmv=450)
    assert value(made, "top20_gmv_per_hour_gini") == pytest.approx(0.25)
    assert value(made, "top20_top_hourly_share") == pytest.approx(0.75)


def test_what_hours_do_is_told_from_session_to_session_of_the_same_store() -> None:
    """Visits 8 times as many in 4 times the hours: exponent 1.5; orders per visit half as many: -0.5. That
    the first store streams longer than the second and has fewer visits does not count."""
    made = blank(shops=10)
    for shop, scale in ((0, 1), (1, 100)):
        for day, hours, visits, orders in ((0, 1.0, 8, 4), (1, 4.0, 64, 16)):
            write(made, day, shop, "push", visits=visits * scale, orders=orders * scale, gmv=1000)
            made.journal.hours[day, shop] = hours * (8.0 if shop == 0 else 1.0)
    assert value(made, "session_visits_on_hours") == pytest.approx(1.5)
    assert value(made, "session_conversion_on_hours") == pytest.approx(-0.5)


def test_hours_that_never_differ_tell_nothing() -> None:
    same = Sessions(np.array([0, 0]), np.array([5.0, 9.0]), np.array([4.4, 4.4]), np.zeros(2), np.zeros(2))
    assert math.isnan(within_stores(same, same.visits))
