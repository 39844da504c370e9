"""Running with a word to the user: a bar with the time left, or plain lines where there is no terminal."""

from __future__ import annotations

import time
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ..scenario.scenario import Scenario
from ..terminal.console import PlainConsole
from ..terminal.stopping import end_if_stopped

QUIET_SECONDS = 2.0
"""Nothing is said about work that is done sooner."""
LOG_SECONDS = 15.0


class PlainLog:
    """A line now and then, for logs and pipes."""

    def __init__(self, console: PlainConsole, what: str):
        self._console, self._what = console, what
        self._begun = self._last = time.monotonic()

    def __call__(self, share: float, note: str = "") -> None:
        """Tell the share of work done, at most every fifteen seconds."""
        end_if_stopped()
        now = time.monotonic()
        first = self._last == self._begun and now - self._begun > QUIET_SECONDS
        if first or now - self._last > LOG_SECONDS:
            self._last = now
            left = (now - self._begun) * (1 - share) / share if share > 0.01 else None
            rest = f", about {left:.0f} s left" if left is not None else ""
            self._console.say(f"{self._what}: {share:.0%}{rest}{note}")


class Bar:
    """A progress bar that appears once the work has taken two seconds."""

    def __init__(self, console: PlainConsole, what: str):
        self._begun, self._shown, self._what = time.monotonic(), False, what
        self._bar = Progress(
            TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(),
            TimeRemainingColumn(), console=console, transient=True,
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


def teller(console: PlainConsole, what: str) -> Bar | PlainLog:
    """A bar on a terminal, lines elsewhere."""
    return Bar(console, what) if console.is_terminal else PlainLog(console, what)


def said_of_compiling() -> str:
    """What to tell of the time that compiling takes; empty if this machine has compiled the present rules."""
    from ..state.compiled import CACHE_FOLDER, CACHED, IN_PLAIN_PYTHON

    if IN_PLAIN_PYTHON:
        return "Rules run in plain Python (NUMBA_DISABLE_JIT), a few hundred times slower than compiled."
    if not CACHED:
        return ("Compiling the rules takes about half a minute, every time: no folder can be written to keep "
                "them. Set NUMBA_CACHE_DIR to one that can.")
    if any(CACHE_FOLDER.rglob("choosing.choose_rooms*.nbi")):
        return ""
    return "First run here: compiling the rules takes about half a minute, once."


def simulate(
    scenario: Scenario, results_folder: Path, workers: int | None, threads: int | None,
    out: PlainConsole, log: PlainConsole,
) -> Path:
    """Run `scenario` as `laboratory.run_experiment` does, with progress on `log`.

    Without `workers`, as many processes as processors share the replications; a single
    replication uses the processors as threads instead, unless `threads` says otherwise.
    """
    world = scenario.world
    arms = ", ".join(scenario.titles.values())
    out.say((scenario.title, "bold"))
    out.say(f"{world.viewers:,} viewers and {world.merchants:,} merchants for {world.days} days, "
            f"{scenario.run.replications} worlds under each of {arms}.")
    if words := said_of_compiling():
        log.say(words)
    from ..laboratory import run_experiment
    from ..runs.execution import usable_processors

    processors = usable_processors()
    workers = workers or min(processors, scenario.run.replications)
    threads = threads or max(1, processors // workers)
    report = teller(log, "Simulating")
    try:
        return run_experiment(scenario, results_folder, workers, threads, report)
    finally:
        if isinstance(report, Bar):
            report.stop()
