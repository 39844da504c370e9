"""How far a sweep has come: every finished run on disk at once, and a status for others to read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from .folder import SweepFolder
from .tasks import Finished

STATUS_SECONDS = 1.0


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come; `kept` of the runs that are done were there before it began."""

    done: int
    total: int
    failed: int
    seconds_left: float
    kept: int = 0

    @property
    def share(self) -> float:
        """Share of the runs that are done."""
        return self.done / self.total

    @property
    def failures(self) -> str:
        """Note on runs that failed; empty if there are none."""
        return f", {self.failed} failed" if self.failed else ""


class Bookkeeping:
    """Puts each finished run on disk and tells how far the sweep has come.

    Parameters
    ----------
    store : SweepFolder
        Where runs go.
    total, todo : int
        Runs asked for in all, each as often as it is asked for, and those of them that are not there yet.
    report : callable, optional
        Told the progress.
    serves : mapping of str to int, optional
        How often each run is asked for; once if not given.
    """

    def __init__(
        self,
        store: SweepFolder,
        total: int,
        todo: int,
        report: Callable[[Progress], None] | None,
        serves: Mapping[str, int] | None = None,
    ):
        self._store, self._total, self._todo = store, total, todo
        self._report, self._serves = report or (lambda progress: None), serves or {}
        self._done = self._failed = 0
        self._started, self._told = time.perf_counter(), -STATUS_SECONDS

    def spare(self, many: int) -> None:
        """Take runs off those to be made, since they need not be run."""
        self._todo -= many

    def enter(self, finished: Finished) -> None:
        """Keep one run."""
        self._store.keep(finished)
        many = self._serves.get(finished.identity, 1)
        self._done += many
        self._failed += many if finished.error else 0
        elapsed = time.perf_counter() - self._started
        if elapsed - self._told > STATUS_SECONDS:
            self._told = elapsed
            self._store.tell(asdict(self._progress()))
        self._report(self._progress())

    def close(self) -> None:
        """Write the last status, and tell it where nothing had to be run."""
        self._store.tell(asdict(self._progress()))
        if not self._done:
            self._report(self._progress())

    def _progress(self) -> Progress:
        elapsed = time.perf_counter() - self._started
        left = elapsed / self._done * (self._todo - self._done) if self._done else 0.0
        kept = self._total - self._todo
        return Progress(kept + self._done, self._total, self._failed, left, kept)
