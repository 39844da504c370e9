"""Verdicts of a run as lines of text."""

from __future__ import annotations

import json
from pathlib import Path

from ..claims.whole import BY_STRUCTURE, FAILS, LITERALLY, OPEN
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
    width = max((len(claim["word"]) for claim in claims), default=0)
    for claim in claims:
        sign, style = signs.get(claim["word"], ("✔", "green"))
        others = [
            f"{READINGS[reading['id']]}: {reading['status']}"
            for reading in claim["readings"]
            if reading["id"] != claim["decides"]
        ]
        others += ["provisional"] if claim.get("provisional") else []
        untested = claim["word"] == "not tested"
        more = claim["reason"] if untested else "; ".join(others)
        out.say(
            "  ",
            (f"{sign} {claim['word']:<{width}}", style),
            f" {claim['title']}",
            (f" ({more})" if more else "", "dim"),
        )
