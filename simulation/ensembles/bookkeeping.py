"""How far a sweep has come: every finished run on disk at once, and a status for others to read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from ..languages.speaking import phrase
from ..words import counted
from .folder import SweepFolder
from .tasks import Finished

STATUS_SECONDS = 1.0


@dataclass(frozen=True)
class Progress:
    """How far a sweep has come; `kept` of the runs that are done were there before it began.

    Where it runs worlds until an interval is narrow, `total` is as many as there may still be: it falls as
    points turn out to have had enough.
    """

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
        return phrase(", {runs} failed", runs=counted(self.failed, "run")) if self.failed else ""


class Bookkeeping:
    """Puts each finished run on disk and tells how far the sweep has come.

    Parameters
    ----------
    store : SweepFolder
        Where runs go.
    total : int
        Runs asked for in all, each as often as it is asked for.
    report : callable, optional
        Told the progress.
    """

    def __init__(self, store: SweepFolder, total: int, report: Callable[[Progress], None] | None):
        self._store, self._total, self._report = store, total, report or (lambda progress: None)
        self._kept = self._done = self._failed = 0
        self._serves: dict[str, int] = {}
        self._started, self._told = time.perf_counter(), -STATUS_SECONDS
        self._reported: tuple[int, int] | None = None

    def spare(self, many: int) -> None:
        """Count some as done that need not be run, since they are there."""
        self._kept += many

    def drop(self, many: int) -> None:
        """Take some off those asked for."""
        self._total -= many

    def count_as(self, serves: Mapping[str, int]) -> None:
        """Say how often runs are asked for; each once if it is not said."""
        self._serves |= serves

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
        self._tell()

    def close(self) -> None:
        """Write the last status, and tell it if that was not done yet."""
        last = self._progress()
        self._store.tell(asdict(last))
        if self._reported != (last.done, last.total):
            self._tell()

    def _tell(self) -> None:
        progress = self._progress()
        self._reported = progress.done, progress.total
        self._report(progress)

    def _progress(self) -> Progress:
        elapsed = time.perf_counter() - self._started
        done = self._kept + self._done
        left = elapsed / self._done * (self._total - done) if self._done else 0.0
        return Progress(done, self._total, self._failed, left, self._kept)
