"""How the processes of one experiment begin: forked from a server that has already imported the model.

Importing takes seconds. The server does it once for all workers, and while the program itself is
still importing if it is started early. Where processes can't be forked each worker begins afresh.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext

WORKERS_NEED = ["simulation.experiments.execution"]


def process_context() -> BaseContext:
    """How to begin processes.

    An explicit context, since Mesa 3.3.1 changes the default start method when imported.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(WORKERS_NEED)
    return context


def prepare_processes() -> None:
    """Start the server, if processes come from one; it imports in the background."""
    if process_context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        with deaf_to_interrupts():
            forkserver.ensure_running()


@contextmanager
def deaf_to_interrupts() -> Iterator[None]:
    """Ctrl-C does nothing meanwhile, nor ever to processes begun meanwhile: their parent ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
