"""Worker processes: results and errors travel, and every process ends when it is to, whatever it does."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import psutil
import pytest

from simulation.errors import ExecutionError
from simulation.resources import PROJECT_FOLDER
from simulation.runs import workers
from simulation.runs.workers import Workers, tell_driver

LONG = 60.0
"""Seconds after which a test gives up; nothing here takes a tenth of it."""


@pytest.fixture
def pool() -> Iterator[Workers]:
    with Workers(2, multiprocessing.get_context("spawn")) as opened:
        yield opened
        opened.end()


def meet(here: Path, there: Path) -> int:
    """Write one file and wait for the other, which somebody must be writing meanwhile."""
    here.touch()
    deadline = time.monotonic() + LONG
    while not there.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return os.getpid()


class OwnWords(Exception):
    """An error that cannot be opened again: it takes two words and keeps one."""

    def __init__(self, first: str, second: str):
        super().__init__(first + second)


def fail(kind: type[Exception], *words: str) -> None:
    raise kind(*words)


def tell_and_return(value: Any) -> Any:
    tell_driver(value)
    return value


def wait_long(begun: Path) -> None:
    begun.write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(3600)


def half_an_answer_then_killed() -> None:
    """As if killed in the middle of handing over a large result."""
    assert workers._driver is not None
    os.write(workers._driver.fileno(), struct.pack("!i", 1_000_000) + b"half")
    os.kill(os.getpid(), signal.SIGKILL)


def number_in(file: Path) -> int:
    deadline = time.monotonic() + LONG
    while not (file.is_file() and file.read_text(encoding="utf-8")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(file.read_text(encoding="utf-8"))


def test_calls_run_at_once_each_in_a_process_of_its_own(pool: Workers, tmp_path: Path) -> None:
    left, right = tmp_path / "left", tmp_path / "right"
    both = [pool.submit(meet, left, right), pool.submit(meet, right, left)]
    numbers = {future.result(LONG) for future in both}
    assert len(numbers) == 2 and os.getpid() not in numbers
    assert pool.submit(os.getpid).result(LONG) in numbers, "processes are used again"


def test_an_error_comes_back_with_the_lines_where_it_arose(pool: Workers) -> None:
    with pytest.raises(ZeroDivisionError, match="by nothing") as caught:
        pool.submit(fail, ZeroDivisionError, "by nothing").result(LONG)
    assert "in fail" in "".join(caught.value.__notes__)
    with pytest.raises(RuntimeError, match="OwnWords: no way back"):
        pool.submit(fail, OwnWords, "no way", " back").result(LONG)
    with pytest.raises((TypeError, pickle.PicklingError)):
        pool.submit(print, threading.Lock()).result(LONG)  # cannot travel at all
    assert pool.submit(len, "still there").result(LONG) == 11


def test_what_only_this_process_has_defined_travels_by_value(pool: Workers) -> None:
    class Notebook:
        answer = 42

    assert pool.submit(lambda: Notebook.answer).result(LONG) == 42


def test_what_calls_tell_arrives_before_their_result() -> None:
    told: list[int] = []
    with Workers(1, multiprocessing.get_context("spawn"), told.append) as pool:
        assert pool.submit(tell_and_return, 7).result(LONG) == 7
        assert told == [7]


def test_a_process_killed_while_it_hands_over_its_result_costs_that_call_alone(pool: Workers) -> None:
    """The pool of the standard library waits for the rest of the result for ever."""
    with pytest.raises(BrokenProcessPool, match="exit code -9"):
        pool.submit(half_an_answer_then_killed).result(LONG)
    assert pool.submit(len, "new").result(LONG) == 3


def test_the_end_waits_for_no_call(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Workers(1, multiprocessing.get_context("spawn")) as pool:
        running, waiting = pool.submit(wait_long, tmp_path / "number"), pool.submit(len, "")
        number = number_in(tmp_path / "number")
        raise ZeroDivisionError
    assert not psutil.pid_exists(number)
    assert waiting.cancelled() and isinstance(running.exception(LONG), BrokenProcessPool)
    with pytest.raises(RuntimeError, match="no further calls"):
        pool.submit(len, "")


def test_shutdown_waits_for_all_calls(pool: Workers) -> None:
    futures = [pool.submit(len, "x" * many) for many in range(5)]
    pool.shutdown()
    assert [future.result(0) for future in futures] == [0, 1, 2, 3, 4]
    assert not [thread for thread in pool._threads if thread.is_alive()]


DRIVER = """
import multiprocessing, sys
from pathlib import Path
sys.path.insert(0, {project!r})
from simulation.runs.workers import Workers
from tests.integration.test_workers import wait_long
if __name__ == "__main__":
    with Workers(1, multiprocessing.get_context("spawn")) as pool:
        pool.submit(wait_long, Path(sys.argv[1])).result()
"""


def test_a_process_ends_with_its_driver_whatever_it_does(tmp_path: Path) -> None:
    script, begun = tmp_path / "driver.py", tmp_path / "number"
    script.write_text(DRIVER.format(project=str(PROJECT_FOLDER)), encoding="utf-8")
    driver = subprocess.Popen([sys.executable, str(script), str(begun)])
    try:
        worker = psutil.Process(number_in(begun))
    finally:
        driver.kill()
        driver.wait()
    try:
        assert psutil.wait_procs([worker], LONG)[1] == []
    finally:
        with suppress(psutil.NoSuchProcess):
            worker.kill()


class SlowProcess(SpawnProcess):
    """A process that takes its time to begin, as one does whose server is still importing."""

    begins, may_begin = threading.Event(), threading.Event()
    last: SlowProcess

    def start(self) -> None:
        SlowProcess.last = self
        self.begins.set()
        assert self.may_begin.wait(LONG)
        super().start()


class SlowContext(multiprocessing.context.SpawnContext):
    Process = SlowProcess  # type: ignore[assignment]


def test_ctrl_c_while_a_process_begins_is_heard_and_the_process_ends() -> None:
    """It used to be dropped meanwhile, and the run went on for as long as it took."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def press_ctrl_c() -> None:
        if SlowProcess.begins.wait(LONG):
            os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press_ctrl_c, daemon=True).start()
    try:
        with pytest.raises(KeyboardInterrupt), Workers(1, SlowContext()) as pool:
            pool.submit(len, "").result(LONG)
    finally:
        SlowProcess.may_begin.set()
        signal.signal(signal.SIGINT, before)
    pool._threads[0].join(LONG)
    assert not pool._threads[0].is_alive() and not SlowProcess.last.is_alive()


def test_a_process_that_cannot_begin_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: SpawnProcess) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(SpawnProcess, "start", full)
    with Workers(1, multiprocessing.get_context("spawn")) as pool, pytest.raises(ExecutionError) as caught:
        pool.submit(len, "").result(LONG)
    assert "Resource temporarily unavailable" in str(caught.value) and "fewer" in str(caught.value)
