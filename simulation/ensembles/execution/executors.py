"""Where a sweep's runs execute: this machine's processors, or a Dask cluster."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import pickle
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Any

from ...errors import ExecutionError, Problem, Remedy
from ...languages.speaking import sentence
from ...runs.workers import Workers

ONE_THREAD = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
CONNECT_SECONDS, WORKERS_SECONDS, ANSWER_SECONDS, GONE_SECONDS = 10, 5, 300, 60
"""How long is waited for a scheduler, its first worker, each worker's answer (the first import of the package
on a machine compiles its rules), and another worker when there is none any longer."""


@contextmanager
def local_executor(workers: int) -> Iterator[Executor]:
    """Processes of this machine, one thread each.

    An explicit context, since Mesa 3.3.1 changes the default start method when imported.
    """
    for name in ONE_THREAD:  # inherited by the processes, which begin afresh
        os.environ.setdefault(name, "1")
    pool = Workers(workers, multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        pool.end()  # what still runs here is not wanted any more: results are kept as they come in


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at `address` (tcp://host:port, or tls:// as Dask is configured).

    Raises
    ------
    ExecutionError
        If no scheduler answers there, or it has no workers.
    """
    from distributed import Client

    try:
        # A client that fails to connect is not always closed, and then holds up the end of the program.
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(asyncio.run, _try_to_connect(address)).result()
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # no address, no scheduler, no certificate: each has an error of its own
        raise ExecutionError(
            "cluster=",
            [
                Problem(
                    address,
                    sentence("no scheduler answers: {error}", error=error),
                    "the address of a running one, tcp://127.0.0.1:8786, "
                    "or tls:// where Dask is configured for it",
                )
            ],
        ) from None
    with _silent("distributed"):  # what it would say of a lost connection is an error of ours
        try:
            yield Cluster(client)
        finally:
            client.close()


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Let a logger say only what ends everything."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


async def _try_to_connect(address: str) -> None:
    from distributed.comm import connect
    from distributed.security import Security

    security = Security().get_connection_args("client")  # as Dask is configured
    comm = await connect(address, timeout=CONNECT_SECONDS, **security)
    await comm.close()


LOST = "a cluster that stays"


class Cluster(Executor):
    """The workers of a Dask cluster.

    Calls are sent as bytes that only workers open, so that the scheduler, which takes apart all else that
    it passes on, needs to know nothing of this package.

    Parameters
    ----------
    client : distributed.Client
        A connection to the scheduler.

    Raises
    ------
    ExecutionError
        If no worker comes within `WORKERS_SECONDS`.
    """

    def __init__(self, client: Any):
        self._client, self._executor = client, client.get_executor(pure=False)
        self._address, self._seen = client.scheduler.address, time.monotonic()
        try:
            client.wait_for_workers(1, timeout=WORKERS_SECONDS)
        except TimeoutError:
            raise self._error(
                "a scheduler without workers",
                "one with workers: dask worker ADDRESS --nthreads 1, on as many machines as you like",
            ) from None

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future:
        """Run a function on some worker."""
        call = _as_bytes(function, arguments, named)
        try:
            return self._executor.submit(*call)
        except Exception as error:
            raise self._lost(str(error)) from None

    def check_alive(self) -> None:
        """Raise ``ExecutionError`` if the scheduler is lost, or if there has been no worker for long."""
        try:
            workers = self._client.nthreads()
        except Exception as error:
            raise self._lost(str(error)) from None
        if workers:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > GONE_SECONDS:
            raise self._lost(sentence("no worker for {gone_seconds} s", gone_seconds=GONE_SECONDS))

    def not_its_own(self, error: BaseException) -> Exception | None:
        """A lost connection, or workers that were killed one after another as they made a call; else None.

        What a run raises is caught where it is made, so that none of these comes from a run.
        """
        from distributed import KilledWorker
        from distributed.comm import CommClosedError

        if isinstance(error, KilledWorker):
            return BrokenProcessPool(f"workers were killed one after another: {error}")
        if isinstance(error, CancelledError | CommClosedError | OSError | TimeoutError):
            return self._lost(str(error) or sentence("its scheduler is gone"))
        return None

    def _lost(self, why: str) -> ExecutionError:
        return self._error(
            sentence("it was lost while runs were in progress: {why}", why=why), LOST, Remedy("resume")
        )

    def _error(self, found: str, allowed: str, remedy: Remedy | None = None) -> ExecutionError:
        return ExecutionError("cluster=", [Problem(self._address, found, allowed, remedy=remedy)])

    def ask_every_worker(self, function: Callable[..., Any], *arguments: Any) -> dict[str, Any]:
        """What `function` gives on each worker, by its address; an exception where it cannot be run."""
        load, content = _as_bytes(function, arguments, {})
        asked = {
            worker: self._client.submit(
                load, content, workers=[worker], allow_other_workers=False, pure=False, priority=1
            )
            for worker in self._client.nthreads()
        }
        deadline = time.monotonic() + ANSWER_SECONDS
        answers: dict[str, Any] = {}
        for worker, future in asked.items():
            try:
                answers[worker] = future.result(max(deadline - time.monotonic(), 0.1))
            except Exception as error:
                answers[worker] = error
        return answers


class _Call:
    """A call that is made where its pickle is opened."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]):
        self._made = partial(function, **named), arguments

    def __reduce__(self) -> tuple[Any, ...]:
        return self._made


def _as_bytes(
    function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Callable[[bytes], Any], bytes]:
    import cloudpickle

    return pickle.loads, cloudpickle.dumps(_Call(function, arguments, named))


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
