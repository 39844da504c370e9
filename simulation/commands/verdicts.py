"""Verdicts of a run as lines of text."""

from __future__ import annotations

import json
from pathlib import Path

from rich.cells import cell_len

from ..claims.whole import BY_STRUCTURE, FAILS, LITERALLY, OPEN
from ..languages.speaking import ENGLISH, counterpart, own_entry, phrase, spoken
from ..scenario.sections.claim import READINGS
from ..terminal.console import out


def print_verdicts(folder: Path) -> None:
    """One line per claim: a sign and the word for the whole of it, then what its other readings come to."""
    signs = {
        LITERALLY: ("≈", "blue"),
        FAILS: ("✘", "red"),
        OPEN: ("?", "yellow"),
        BY_STRUCTURE: ("=", "dim"),
        "not tested": ("·", "dim"),
    }
    from ..pages.run.verdict_cards import concerned

    claims = concerned(json.loads((folder / "claims.json").read_text(encoding="utf-8"))["claims"])
    words = {claim["word"]: counterpart(claim["word"]) for claim in claims}
    width = max((cell_len(word) for word in words.values()), default=0)
    for claim in claims:
        sign, style = signs.get(claim["word"], ("✔", "green"))
        others = [
            phrase(
                "{reading}: {status}",
                reading=counterpart(READINGS[reading["id"]]),
                status=counterpart(reading["status"]),
            )
            for reading in claim["readings"]
            if reading["id"] != claim["decides"]
        ]
        others += [phrase("provisional")] if claim.get("provisional") else []
        untested = claim["word"] == "not tested"
        more = phrase("; ").join(others) if not untested else claim["reason"] if spoken() == ENGLISH else ""
        word = words[claim["word"]]
        out.say(
            "  ",
            (f"{sign} {word}{' ' * (width - cell_len(word))}", style),
            f" {own_entry(claim, 'title')}",
            (phrase(" ({more})", more=more) if more else "", "dim"),
        )
