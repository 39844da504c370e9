"""How the processes of one experiment begin: forked from a server that has already imported the model.

Importing takes seconds. The server does it once for all workers, and while the program itself is
still importing if it is started early. Where processes can't be forked each worker begins afresh.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.context import BaseContext

from ..resources import PROJECT_FOLDER
from ..terminal.stopping import SIGNALS

WORKERS_NEED = ["simulation.runs.preloaded"]
LEFT_TO_THE_DRIVER = {number for number in SIGNALS if number != signal.SIGTERM}
"""Signals that a terminal sends to all processes of a program at once."""

_environment = threading.Lock()


def process_context() -> BaseContext:
    """How to begin processes.

    An explicit context, since Mesa 3.3.1 changes the default start method when imported.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods() or not _has_temporary_folder():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WORKERS_NEED)
    return context


def prepare_processes() -> None:
    """Start the server, if processes come from one; it imports in the background."""
    if process_context().get_start_method() == "forkserver":
        with suppress(OSError):  # whoever needs it will try again, and tell
            ensure_server()


def ensure_server() -> None:
    """Start the server of processes unless it runs.

    It imports this laboratory wherever it is started from; otherwise it would look in the present folder
    first, and take a package of the same name there for it.
    """
    from multiprocessing import forkserver

    path = os.pathsep.join(filter(None, [str(PROJECT_FOLDER), os.environ.get("PYTHONPATH")]))
    with _with_environment(PYTHONSAFEPATH="1", PYTHONPATH=path), children_ignoring_signals():
        forkserver.ensure_running()


@contextmanager
def children_ignoring_signals() -> Iterator[None]:
    """Processes begun meanwhile in this thread never hear of Ctrl-C; their driver ends them.

    Signals are held back from the thread, which its children inherit, not ignored: one that comes
    meanwhile still reaches the program.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which sets the thread's mask itself when it starts
    before = signal.pthread_sigmask(signal.SIG_BLOCK, LEFT_TO_THE_DRIVER)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def leave_signals_to_the_driver() -> None:
    """In a worker: what a terminal sends to everybody is for the driver alone."""
    for number in LEFT_TO_THE_DRIVER:
        signal.signal(number, signal.SIG_IGN)


def end_with_the_driver() -> None:
    """In a worker: end when the driver is gone, however it went and whatever is being done then."""
    threading.Thread(target=_watch_the_driver, daemon=True).start()


def _watch_the_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)


@contextmanager
def _with_environment(**variables: str) -> Iterator[None]:
    """Environment variables for processes that begin meanwhile."""
    with _environment:
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def _has_temporary_folder() -> bool:
    """Whether there is room for the server's socket."""
    try:
        return bool(tempfile.gettempdir())
    except FileNotFoundError:
        return False
