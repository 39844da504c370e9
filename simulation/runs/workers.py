"""Processes of this machine for long calls: none outlives the program that began it.

Python's own pool promises less. Killed while it hands over a result, a process leaves the pool's reader
waiting for the rest for ever, and Ctrl-C waits for all calls that run. Here each process has a connection
of its own and a thread that waits at its other end. However a process ends, its connection is closed
then, which ends the wait; so the pool can kill them all at any time.
"""

from __future__ import annotations

import pickle
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from queue import Empty, SimpleQueue
from typing import Any

import cloudpickle

from ..errors import ExecutionError, Problem
from ..languages.speaking import sentence
from ..terminal.stopping import undisturbed
from .processes import (
    children_ignoring_signals,
    end_with_the_driver,
    ensure_server,
    leave_signals_to_the_driver,
)
from .scripts import UNGUARDED, Unguarded, without_a_program_that_is_no_file

GRACE_SECONDS = 5.0
"""How long to wait for a process that was asked to end, or killed."""
DONE, FAILED, TOLD = "done", "failed", "told"

_Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_driver: Connection | None = None


def tell_driver(value: Any) -> None:
    """In a worker: hand `value` to what its pool calls `told`."""
    if _driver is not None:
        _driver.send_bytes(pickle.dumps((TOLD, value)))


class Workers(Executor):
    """Runs calls in processes, one at a time in each.

    A process that dies takes only its own call along: that future raises `BrokenProcessPool`, and the
    next call begins a new process. Leaving a ``with`` block by an error ends all processes at once.

    Parameters
    ----------
    many : int
        Processes at most; one begins when there is a call for it.
    context : BaseContext
        How they begin.
    told : callable, optional
        Called, in some thread, with what calls hand to `tell_driver`.
    """

    def __init__(self, many: int, context: BaseContext, told: Callable[[Any], None] | None = None):
        self._many, self._context, self._told = many, context, told or (lambda value: None)
        self._calls: SimpleQueue[tuple[Future, _Call] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
        self._unfinished, self._closed, self._ended = 0, False, False
        self._lock = threading.Lock()

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future:
        """Have ``call(*args, **kwargs)`` run; both it and what it returns travel as pickles."""
        future: Future = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool takes no further calls")
            self._calls.put((future, (call, args, kwargs)))
            self._unfinished += 1
            if self._unfinished > len(self._threads) and len(self._threads) < self._many:
                # Daemons, since a program that ends need not wait for a process that is just beginning.
                self._threads.append(threading.Thread(target=self._serve, daemon=True))
                self._threads[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no further calls; processes end when all are done, which is waited for if `wait`."""
        with self._lock:
            self._closed = True
        if cancel_futures:
            self._cancel()
        for _ in self._threads:
            self._calls.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def end(self) -> None:
        """End all processes at once, whatever they are doing."""
        with undisturbed():
            with self._lock:
                self._closed = self._ended = True
                workers = list(self._workers)
            for worker in workers:
                worker.kill()
            self.shutdown(wait=False, cancel_futures=True)
            for worker in workers:
                worker.join()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.shutdown()
        else:
            self.end()

    def _cancel(self) -> None:
        with suppress(Empty):
            while True:
                call = self._calls.get_nowait()
                if call is not None:
                    call[0].cancel()

    def _serve(self) -> None:
        """What each thread does: take calls and have them done by a process of its own."""
        worker: _Worker | None = None
        while (call := self._calls.get()) is not None:
            future, asked = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                worker = worker or self._begin()
                kind, value = worker.ask(asked, self._told)
            except BaseException as error:
                kind, value = FAILED, error
            if isinstance(value, BrokenProcessPool) and worker is not None:
                self._forget(worker)
                worker = None
            with self._lock:
                self._unfinished -= 1
            (future.set_result if kind == DONE else future.set_exception)(value)
        if worker is not None:
            self._forget(worker)

    def _begin(self) -> _Worker:
        """A process; beginning one may take long, so the pool may have been ended meanwhile."""
        worker = None if self._ended else _Worker(self._context)
        with self._lock:
            if worker is not None and not self._ended:
                self._workers.add(worker)
                return worker
        if worker is not None:
            worker.kill()
            worker.end()
        raise BrokenProcessPool("the pool was ended")

    def _forget(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
            ended = self._ended
        if not ended:  # else whoever ends the pool waits for its processes
            worker.end()


class _Worker:
    """A process and the driver's end of the connection with it."""

    def __init__(self, context: BaseContext):
        try:
            self._connection, far = context.Pipe()
            # A daemon, so that it is ended with the program even if nobody ends the pool.
            self._process = context.Process(  # type: ignore[attr-defined]
                target=_work, args=(far,), daemon=True
            )
            if context.get_start_method() == "forkserver":
                ensure_server()
            with far, children_ignoring_signals(), without_a_program_that_is_no_file():
                self._process.start()
        except (OSError, EOFError) as error:  # the latter where the server of processes is killed
            raise ExecutionError(
                "workers=",
                [
                    Problem(
                        "processes",
                        sentence(
                            "one more cannot begin: {error}",
                            error=str(error) or sentence("their server was killed"),
                        ),
                        "a working folder that still exists"
                        if isinstance(error, FileNotFoundError)
                        else "fewer of them, or a machine that allows more",
                    )
                ],
            ) from None

    def ask(self, call: _Call, told: Callable[[Any], None]) -> tuple[str, Any]:
        """Send a call and wait for its end: `DONE` and its result, or `FAILED` and its error."""
        message = cloudpickle.dumps(call)  # what a notebook defines travels by value
        try:
            self._connection.send_bytes(message)
            while True:
                answer = self._connection.recv_bytes()
                kind, value = pickle.loads(answer)
                if kind != TOLD:
                    return kind, value
                told(value)
        except (EOFError, OSError):
            self.join()
            code = self._process.exitcode
            kind = Unguarded if code == UNGUARDED else BrokenProcessPool
            raise kind(f"a process ended with exit code {code}") from None

    def kill(self) -> None:
        """End the process at once; does nothing where it has ended."""
        if self._process.is_alive():
            self._process.kill()

    def join(self) -> None:
        """Wait for the end of a process that has been told to."""
        self._process.join(GRACE_SECONDS)

    def end(self) -> None:
        """Tell the process that there are no further calls; end it by force if it does not by itself."""
        self._connection.close()
        self.join()
        self.kill()
        self.join()


def _work(driver: Connection) -> None:
    """What a process does: answer calls until the driver closes the connection, or is gone."""
    global _driver
    _driver = driver
    leave_signals_to_the_driver()
    end_with_the_driver()
    with suppress(EOFError, OSError):
        while True:
            driver.send_bytes(_answer(driver.recv_bytes()))


def _answer(message: bytes) -> bytes:
    try:
        call, args, kwargs = pickle.loads(message)
        return pickle.dumps((DONE, call(*args, **kwargs)))
    except Exception as error:
        return _failure(error)


def _failure(error: Exception) -> bytes:
    """The error with the lines where it arose, or words about it if it cannot travel."""
    lines = traceback.format_exc()
    error.add_note(f"In a worker:\n{lines}")
    try:
        answer = pickle.dumps((FAILED, error))
        pickle.loads(answer)
    except Exception:
        words = f"{type(error).__name__}: {error}\nIn a worker:\n{lines}"
        answer = pickle.dumps((FAILED, RuntimeError(words)))
    return answer
