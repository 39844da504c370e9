"""How sessions differ, of numbers and journals written down by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simulation.measures.streams.spread import between, lag_one, within
from tests.support.blank_journals import blank, value, write

STORES = np.array([0, 1, 2, 0, 1, 2])


def test_spread_within_hosts_and_between_them() -> None:
    """Means 1, 4 and 10, each with one session 1 below and one above: six squares of 1 over 6 - 3."""
    logs = np.array([0.0, 3.0, 9.0, 2.0, 5.0, 11.0])
    assert within(STORES, logs) == pytest.approx(math.sqrt(6 / 3))
    assert between(STORES, logs) == pytest.approx(math.sqrt((16 + 1 + 25) / 2))  # around 5


def test_a_session_is_set_beside_the_next_of_the_same_host() -> None:
    """Of the first host -1, 1, -1, 1, of the second 2, 2, -2, -2: products -3 and 4, squares 4 and 16."""
    store = np.array([0, 0, 1, 1, 0, 0, 1, 1])
    logs = np.array([-1.0, 1.0, 2.0, 2.0, -1.0, 1.0, -2.0, -2.0])
    assert lag_one(store, logs) == pytest.approx((-3 + 4) / 20)


def test_few_sessions_tell_no_spread() -> None:
    assert math.isnan(within(np.array([0, 0, 1]), np.array([1.0, 2.0, 3.0])))
    assert math.isnan(between(np.array([0, 1]), np.array([1.0, 2.0])))
    assert math.isnan(lag_one(np.array([0, 1, 2]), np.array([1.0, 2.0, 3.0])))
    names = ("visits_spread_within", "visits_lag_one", "visits_residual", "conversion_on_visits")
    assert all(math.isnan(value(blank(), f"session_{name}")) for name in names)


def test_what_hours_explain_of_visits_and_what_they_leave() -> None:
    """Logs (base e) of hours 0, 0, 1, 1 times ln 2; of visits 0, 2, 2, 4 times ln 2, of one host, twice over:
    slope 2, left -1, 1, -1, 1 times ln 2. Of squares 8 four are explained."""
    made = blank(shops=5)
    for day, hours, visits in ((0, 1.0, 4), (1, 1.0, 16), (2, 2.0, 16), (3, 2.0, 64)) * 2:
        shifted = day if made.journal.hours[day, 0] == 0 else day + 4
        write(made, shifted, 0, "push", visits=visits, orders=1, gmv=10)
        made.journal.hours[shifted, 0] = hours
    assert value(made, "session_visits_by_hours") == pytest.approx(0.5)
    assert value(made, "session_visits_residual") == pytest.approx(math.sqrt(8 / (8 - 1 - 1)) * math.log(2))


def test_conversion_on_visits_is_read_at_equal_hours() -> None:
    """Orders are the square of hours, whatever the visits: per visit their exponent on visits is -1."""
    made = blank(shops=5)
    for day, hours, visits in ((0, 1.0, 100), (1, 2.0, 100), (2, 2.0, 200), (3, 4.0, 800)):
        write(made, day, 0, "push", visits=visits, orders=int(hours**2), gmv=10)
        made.journal.hours[day, 0] = hours
    assert value(made, "session_conversion_on_visits") == pytest.approx(-1.0)


def test_a_log_of_21_days_knows_of_fewer_returns_than_the_whole_past() -> None:
    """All of 10 visits on day 0 are followed by another within 30 days, none within 7: F is 0 up to day 7 and
    rises to 14 / 23 on day 21."""
    made = blank()
    write(made, 0, 0, "push", visits=10)
    made.journal.returned_30[0] = 10
    assert value(made, "known_room_share_21d") == pytest.approx(14 * (14 / 23) / 2 / 21)
