"""Running with a word to the user, and what came of it, line by line."""

from __future__ import annotations

import json
from pathlib import Path

from rich.cells import cell_len

from ..claims.whole import BY_STRUCTURE, FAILS, LITERALLY, OPEN
from ..languages.speaking import counterpart, own, own_entry, phrase
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import reading_label
from ..terminal.console import PlainConsole
from ..terminal.console import out as answers
from ..terminal.progress import teller
from ..words import counted


def compiling_notice() -> str:
    """What to tell of the time that compiling takes; empty if this machine has compiled the present rules."""
    from ..behaviour.choosing import choose_rooms
    from ..state.compiled import CACHE_FOLDER, IN_PLAIN_PYTHON, is_kept

    if IN_PLAIN_PYTHON:
        return phrase(
            "Rules run in plain Python (NUMBA_DISABLE_JIT), a few hundred times slower than compiled."
        )
    if CACHE_FOLDER is None:
        return phrase(
            "Compiling the rules takes about half a minute, every time: no folder can be written to keep "
            "them. Set NUMBA_CACHE_DIR to one that can."
        )
    if is_kept(choose_rooms):
        return ""
    return phrase("First run here: compiling the rules takes about half a minute, once.")


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
            "{viewers}, {merchants}, {days}, {worlds} under each of: {arms}.",
            viewers=counted(world.viewers, "viewer"),
            merchants=counted(world.merchants, "merchant"),
            days=counted(world.days, "day"),
            worlds=counted(scenario.run.replications, "world"),
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


def print_verdicts(folder: Path) -> None:
    """One line per claim: a sign and the word for the whole of it, then what its other readings come to."""
    signs = {
        LITERALLY: ("≈", "blue"),
        FAILS: ("✘", "red"),
        OPEN: ("?", "yellow"),
        BY_STRUCTURE: ("=", "dim"),
        "not tested": ("·", "dim"),
    }
    from ..claims.catalogue import reason_told
    from ..pages.run.verdict_cards import concerned

    claims = concerned(json.loads((folder / "claims.json").read_text(encoding="utf-8"))["claims"])
    words = {claim["word"]: counterpart(claim["word"]) for claim in claims}
    width = max((cell_len(word) for word in words.values()), default=0)
    for claim in claims:
        sign, style = signs.get(claim["word"], ("✔", "green"))
        others = [
            phrase(
                "{reading}: {status}",
                reading=reading_label(reading["id"]),
                status=counterpart(reading["status"]),
            )
            for reading in claim["readings"]
            if reading["id"] != claim["decides"]
        ]
        others += [phrase("provisional")] if claim.get("provisional") else []
        untested = claim["word"] == "not tested"
        more = phrase("; ").join(others) if not untested else reason_told(claim["reason"])
        word = words[claim["word"]]
        answers.say(
            "  ",
            (f"{sign} {word}{' ' * (width - cell_len(word))}", style),
            f" {own_entry(claim, 'title')}",
            (phrase(" ({more})", more=more) if more else "", "dim"),
        )
