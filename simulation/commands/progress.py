"""Running with a word to the user, and what came of it, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.cells import cell_len

from ..claims.whole import BY_STRUCTURE, FAILS, LITERALLY, OPEN, UNTESTED
from ..languages.speaking import counterpart, own, own_entry, phrase, phrase_of
from ..scenario.scenario import Scenario
from ..scenario.sections.claim import reading_label
from ..terminal.console import PlainConsole
from ..terminal.console import out as answers
from ..terminal.progress import teller
from ..words import counted

SIGNS = {
    LITERALLY: ("≈", "blue"),
    FAILS: ("✘", "red"),
    OPEN: ("?", "yellow"),
    BY_STRUCTURE: ("=", "dim"),
    UNTESTED: ("·", "dim"),
}
"""Signs of words for whole claims and their style; any other word is good news."""


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


def print_answer(folder: Path) -> None:
    """The sentence that answers a run's question, then its claims; see `print_verdicts`."""
    from ..archive.archive import read_run
    from ..pages.run.answer.answer import answer
    from ..pages.run.content import Content

    content = Content(read_run(folder))
    answers.say()
    answers.say((answer(content).sentence, "bold"))
    if content.claims["claims"]:
        answers.say()
        print_verdicts(content.claims["claims"])


def print_verdicts(claims: list[dict[str, Any]]) -> None:
    """A line for each claim that was tested and each of the reader's own, and one for all others.

    A sign and the word for the whole of it, then what its other readings come to or why it was not tested.

    Parameters
    ----------
    claims : list of dict
        Of claims.json.
    """
    from ..pages.run.verdict_cards import OWN_CLAIM, concerned

    told = concerned(claims)
    others = [claim for claim in told if claim["word"] == UNTESTED and claim["source"] != OWN_CLAIM]
    lines = [claim for claim in told if claim not in others]
    words = {claim["word"]: counterpart(claim["word"]) for claim in lines}
    width = max((cell_len(word) for word in words.values()), default=0)
    for claim in lines:
        sign, style = SIGNS.get(claim["word"], ("✔", "green"))
        word, more = words[claim["word"]], _more(claim)
        answers.say(
            "  ",
            (f"{sign} {word}{' ' * (width - cell_len(word))}", style),
            f" {own_entry(claim, 'title')}",
            (phrase(" ({more})", more=more) if more else "", "dim"),
        )
    if others:
        sign, style = SIGNS[UNTESTED]
        answers.say("  ", (f"{sign} {_untested(others)}", style))


def _more(claim: dict[str, Any]) -> str:
    """What the readings that do not decide come to, or why none could be tested."""
    from ..claims.catalogue import reason_told

    if claim["word"] == UNTESTED:
        return reason_told(claim["reason"])
    found = [
        phrase(
            "{reading}: {status}", reading=reading_label(reading["id"]), status=counterpart(reading["status"])
        )
        for reading in claim["readings"]
        if reading["id"] != claim["decides"]
    ]
    found += [phrase("provisional")] if claim.get("provisional") else []
    return phrase("; ").join(found)


def _untested(claims: list[dict[str, Any]]) -> str:
    """How many of the article's claims could not be tested; why, where only their platform is missing."""
    from ..claims.catalogue import reason_told
    from ..claims.of_whom import is_of_another_platform

    nearly = [claim for claim in claims if is_of_another_platform(claim["reason"])]
    if nearly:
        return phrase_of(
            "{count} claim could not be tested here, of which the page says why. “{title}”: {reason}",
            "{count} claims could not be tested here, of which the page says why. “{title}”: {reason}",
            len(claims),
            title=own_entry(nearly[0], "title"),
            reason=reason_told(nearly[0]["reason"]),
        )
    return phrase_of(
        "{count} more claim needs other arms or settings than these, and could not be tested here",
        "{count} more claims need other arms or settings than these, and could not be tested here",
        len(claims),
    )
