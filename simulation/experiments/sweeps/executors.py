"""Where a sweep's runs execute: this machine's processors, or a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager

from ...scenario.problems import Problem, ScenarioError
from ..processes import deaf_to_interrupts

ONE_THREAD = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
CONNECT_SECONDS = 10


def begin_worker() -> None:
    """Leave Ctrl-C to the driver, and end when the driver is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_driver, daemon=True).start()


def _end_with_the_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


@contextmanager
def local_executor(workers: int) -> Iterator[Executor]:
    """Processes of this machine, one thread each.

    An explicit context, since Mesa 3.3.1 changes the default start method when imported.
    """
    for name in ONE_THREAD:  # inherited by the processes, which begin afresh
        os.environ.setdefault(name, "1")
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), begin_worker)
    try:
        yield pool
    finally:
        # Ctrl-C pressed again (or passed on by a launcher) would leave the pool half shut, and hang for good.
        with deaf_to_interrupts():
            pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at `address` (tcp://host:port).

    Raises
    ------
    ScenarioError
        If no scheduler answers there.
    """
    from distributed import Client

    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ScenarioError("--cluster", [Problem(
            address, f"no scheduler answers: {error}", "the address of a running one: tcp://127.0.0.1:8786"
        )]) from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()


class KeptOpen:
    """Opens an executor once for many batches, and anew once its processes have died.

    Beginning processes takes seconds, which work in many small batches would pay for each.

    Parameters
    ----------
    open_executor : callable
        Opens the executor.
    """

    def __init__(self, open_executor: Callable[[], AbstractContextManager[Executor]]):
        self._open_executor, self._stack = open_executor, ExitStack()
        self._pool: Executor | None = None

    @contextmanager
    def __call__(self) -> Iterator[Executor]:
        """The executor, which stays open afterwards."""
        if self._pool is None:
            self._pool = self._stack.enter_context(self._open_executor())
        try:
            yield self._pool
        except BrokenProcessPool:
            self.close()
            raise

    def close(self) -> None:
        """End the executor."""
        self._pool = None
        self._stack.close()
