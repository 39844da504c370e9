"""Running with a word to the user."""

from __future__ import annotations

from pathlib import Path

from ..languages.speaking import counterpart, own, phrase
from ..scenario.scenario import Scenario
from ..terminal.console import PlainConsole
from ..terminal.progress import teller


def compiling_notice() -> str:
    """What to tell of the time that compiling takes; empty if this machine has compiled the present rules."""
    from ..behaviour.choosing import choose_rooms
    from ..state.compiled import CACHE_FOLDER, IN_PLAIN_PYTHON, is_kept

    if IN_PLAIN_PYTHON:
        return "Rules run in plain Python (NUMBA_DISABLE_JIT), a few hundred times slower than compiled."
    if CACHE_FOLDER is None:
        return (
            "Compiling the rules takes about half a minute, every time: no folder can be written to keep "
            "them. Set NUMBA_CACHE_DIR to one that can."
        )
    if is_kept(choose_rooms):
        return ""
    return "First run here: compiling the rules takes about half a minute, once."


def simulate(
    scenario: Scenario,
    results_folder: Path,
    workers: int | None,
    threads: int | None,
    out: PlainConsole,
    log: PlainConsole,
) -> Path:
    """Run `scenario` as `laboratory.store_run` does, with progress on `log`.

    Without `workers`, as many processes as processors share the replications; a single
    replication uses the processors as threads instead, unless `threads` says otherwise.
    """
    world = scenario.world
    out.say((own(scenario, "title"), "bold"))
    out.say(
        phrase(
            "{viewers} viewers, {merchants} merchants, {days} days, {worlds} worlds under each of: {arms}.",
            viewers=f"{world.viewers:,}",
            merchants=f"{world.merchants:,}",
            days=f"{world.days:,}",
            worlds=f"{scenario.run.replications:,}",
            arms=counterpart(", ").join(scenario.titles.values()),
        )
    )
    if words := compiling_notice():
        log.say(words)
    from ..laboratory.experiment import store_run
    from ..laboratory.work import divided

    workers, threads = divided(scenario, workers, threads)
    report = teller(log, phrase("Simulating"))
    try:
        return store_run(scenario, results_folder, workers, threads, report)
    finally:
        report.stop()
