"""Signals: all end the work in one way on the command line, and none is taken from other programs."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest

from simulation.terminal.console import PlainConsole
from simulation.terminal.progress import PlainLog
from simulation.terminal.stopping import SIGNALS, Stopped, stoppable, undisturbed


@pytest.fixture(autouse=True)
def usual_handlers() -> Iterator[None]:
    """As a program begins, whatever the shell is like that runs the tests."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_every_signal_ends_the_work_like_ctrl_c_and_gives_the_exit_status(number: int) -> None:
    tidied_up = []
    with pytest.raises(SystemExit) as end, stoppable():
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            tidied_up.append(number)
            raise
    assert tidied_up == [number] and end.value.code == 128 + number
    with pytest.raises(SystemExit) as end, stoppable(), stoppable():  # run.py, and the command line within
        try:
            signal.raise_signal(number)
        except KeyboardInterrupt:
            raise SystemExit(130) from None
    assert end.value.code == 128 + number


def test_a_second_signal_does_not_disturb_what_answers_the_first() -> None:
    """Whoever presses Ctrl-C again and again gets no more than one end, which is whole."""
    done = []
    with pytest.raises(SystemExit) as end, stoppable():
        try:
            signal.raise_signal(signal.SIGTERM)
        except KeyboardInterrupt:
            signal.raise_signal(signal.SIGINT)
            done.append("said")
            raise
        finally:
            signal.raise_signal(signal.SIGINT)
            done.append("tidied up")
    assert done == ["said", "tidied up"] and end.value.code == 128 + signal.SIGTERM


def test_handlers_are_given_back_and_those_of_others_stay() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # nohup
    with stoppable():
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_program_that_is_ending_stays_that_ignores_signals() -> None:
    with pytest.raises(SystemExit), stoppable(is_all=True):
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with stoppable(is_all=True):
        pass
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_other_exit_statuses_stay() -> None:
    with pytest.raises(SystemExit) as end, stoppable():
        raise SystemExit(2)
    assert end.value.code == 2
    with pytest.raises(ZeroDivisionError), stoppable():
        raise ZeroDivisionError


def test_a_stop_that_got_lost_is_told_again_by_the_next_progress() -> None:
    """Exceptions of signals vanish where they arise in what Python runs on the side, as in imports."""
    log = PlainLog(PlainConsole(stderr=True), "Trying")
    log(0.1)
    with pytest.raises(SystemExit) as end, stoppable():
        with suppress(Stopped):
            signal.raise_signal(signal.SIGTERM)
        log(0.2)
    assert end.value.code == 128 + signal.SIGTERM
    log(0.3)


def test_tidying_up_is_undisturbed_and_the_signal_comes_afterwards() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt), undisturbed():
        signal.raise_signal(signal.SIGINT)
        done.append("tidied up")
    assert done == ["tidied up"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_who_is_being_stopped_need_not_be_told_twice() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt, match="the first"):
        try:
            raise KeyboardInterrupt("the first")
        finally:
            with undisturbed():
                signal.raise_signal(signal.SIGINT)
            done.append("all")
    assert done == ["all"]
