"""How long work still takes, told in lines."""

from __future__ import annotations

import pytest

from simulation.terminal.progress import Pace, time_left


def test_time_left_counts_only_what_was_done_since_the_beginning() -> None:
    """Of 1,000 runs 240 were there; 10 took 20 seconds: the other 750 take 1,500."""
    pace = Pace()
    assert pace.seconds_left(100.0, 0.24) is None, "nothing was seen done yet"
    assert pace.seconds_left(120.0, 0.25) == pytest.approx(1_500)


def test_time_left_of_work_that_begins_with_nothing() -> None:
    """A quarter in 30 seconds: three more."""
    pace = Pace()
    assert pace.seconds_left(0.0, 0.0) is None
    assert pace.seconds_left(30.0, 0.25) == pytest.approx(90)


def test_long_times_are_told_in_minutes() -> None:
    assert time_left(None) == ""
    assert time_left(90) == ", about 90 s left"
    assert time_left(1_500) == ", about 25 min left"
