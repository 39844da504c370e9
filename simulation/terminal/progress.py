"""How far work is: a bar on a terminal or in a notebook, lines in pipes and logs."""

from __future__ import annotations

import time
from typing import Any

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..languages.speaking import phrase
from ..visible import visible
from .console import PlainConsole
from .stopping import end_if_stopped

QUIET_SECONDS = 2.0
"""Nothing is said about work that is done sooner."""
LOG_SECONDS = 15.0
MINUTES_FROM = 180.0
"""Seconds from which on minutes are told."""
LEAST_SHARE = 0.005
"""Share of the work from which on its pace is told."""


class Pace:
    """How long work will still take, at the pace since it was first told how far it is.

    What was there before, as of a sweep that goes on, was not done in this time and tells nothing of it.
    """

    def __init__(self) -> None:
        self._first: tuple[float, float] | None = None

    def seconds_left(self, now: float, share: float) -> float | None:
        """Seconds: (now - t0) (1 - share) / (share - share0), where 0 is the first telling, or None."""
        if self._first is None:
            self._first = now, share
        begun, before = self._first
        return (now - begun) * (1 - share) / (share - before) if share - before > LEAST_SHARE else None


def time_left(seconds: float | None) -> str:
    """How long work still takes, in words that begin with a comma; empty if it is not known."""
    if seconds is None:
        return ""
    if seconds < MINUTES_FROM:
        return phrase(", about {left:.0f} s left", left=seconds)
    return phrase(", about {left:.0f} min left", left=seconds / 60)


class PlainLog:
    """A line now and then, for logs and pipes."""

    def __init__(self, console: PlainConsole, what: str):
        self._console, self._what, self._pace = console, what, Pace()
        self._begun = self._last = time.monotonic()

    def __call__(self, share: float, note: str = "") -> None:
        """Tell the share of work done, at most every fifteen seconds."""
        end_if_stopped()
        now = time.monotonic()
        left = self._pace.seconds_left(now, share)
        first = self._last == self._begun and now - self._begun > QUIET_SECONDS
        if first or now - self._last > LOG_SECONDS:
            self._last = now
            done = phrase("{what}: {share:.0%}", what=self._what, share=share)
            self._console.say(f"{done}{time_left(left)}{note}")

    def stop(self) -> None:
        """Leave the lines as they are."""


class Bar:
    """A progress bar that appears once the work has taken two seconds."""

    def __init__(self, console: PlainConsole, what: str):
        self._begun, self._shown, self._what = time.monotonic(), False, what
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        self._task = self._bar.add_task(what, total=1.0)

    def __call__(self, share: float, note: str = "") -> None:
        """Tell the share of work done."""
        end_if_stopped()
        if not self._shown and time.monotonic() - self._begun > QUIET_SECONDS:
            self._shown = True
            self._bar.start()
        self._bar.update(self._task, completed=share, description=f"{self._what}{note}")

    def stop(self) -> None:
        """Take the bar away."""
        self._bar.stop()


class NotebookBar:
    """A bar in the output of a notebook's cell; it needs nothing beyond the notebook itself."""

    def __init__(self, what: str):
        self._begun, self._what, self._shown = time.monotonic(), what, -1
        self._handle: Any = None

    def __call__(self, share: float, note: str = "") -> None:
        """Tell the share of work done; shown again at every whole percent."""
        if time.monotonic() - self._begun <= QUIET_SECONDS or int(100 * share) == self._shown:
            return
        from IPython import display

        self._shown = int(100 * share)
        done = phrase("{what}: {share:.0%}", what=self._what, share=share)
        words = display.Pretty(f"{done}{visible(note)}")
        if self._handle is None:
            self._handle = display.display(words, display_id=True)
        else:
            self._handle.update(words)

    def stop(self) -> None:
        """Leave an empty line in place of the bar."""
        if self._handle is not None:
            from IPython import display

            self._handle.update(display.Pretty(""))


Teller = Bar | NotebookBar | PlainLog


def teller(console: PlainConsole, what: str) -> Teller:
    """A bar on a terminal or in a notebook, lines elsewhere."""
    if console.is_jupyter:
        return NotebookBar(what)
    return Bar(console, what) if console.is_terminal else PlainLog(console, what)
