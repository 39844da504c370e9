"""An executor that runs everything at once in this process, for tests that count what is run."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager


class Here(Executor):
    """Runs what it is given as it is given."""

    def submit(self, function, /, *arguments, **named) -> Future:
        future: Future = Future()
        future.set_result(function(*arguments, **named))
        return future


@contextmanager
def here() -> Iterator[Executor]:
    """Opens it, as `run_sweep` wants its executors."""
    yield Here()
