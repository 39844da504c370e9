"""The first screen: the question, a sentence that answers it, three numbers, a picture, and what to do."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from ...languages.speaking import counterpart, phrase, told
from ...validation.collecting import COMMANDS, OWN, Kept
from ..kit.first_screen import FirstScreen, Number
from ..kit.tables.over_worlds import HOLDS, counted_verdicts
from ..kit.words import whole
from .later import LaterRow, later_picture

HALF = 0.5


def first_screen(kept: Kept, later: list[LaterRow]) -> FirstScreen:
    """The first screen from what is kept; its picture is empty where nothing is foretold yet."""
    tuned, checked = (families_met(kept.facts_by_size, use) for use in ("target", "check"))
    return FirstScreen(
        _sentence(later, tuned, checked),
        [_foretold(later), _met(tuned, True), _met(checked, False)],
        _advice(kept, later, checked),
        phrase("Foretold, and what was published later"),
        phrase(
            "The band is the published figure; nine in ten plausible worlds lie on the line, the dot is "
            "their median. ✓ hit, ✗ missed. A line that goes from end to end says nothing."
        ),
        drawn=(later_picture(later), Markup("")),
    )


def families_met(table: pd.DataFrame | None, use: str) -> tuple[int, int, int]:
    """Families of facts met as a whole in the largest world, how many there are, and its viewers.

    A family is facts of one source for one thing, which stand or fall together. All 0 where nothing is kept.
    """
    if table is None:
        return 0, 0, 0
    viewers = int(table["viewers"].max())
    rows = table[(table["viewers"] == viewers) & (table["use"] == use)]
    whole = rows.groupby("family")["met"].all()
    return int(whole.sum()), len(whole), viewers


def _hits(later: list[LaterRow]) -> tuple[int, int]:
    return sum(row.counts for row in later), len(later)


def _sentence(later: list[LaterRow], tuned: tuple[int, int, int], checked: tuple[int, int, int]) -> str:
    """What it foretold and met, and what to take from that."""
    hits, many = _hits(later)
    parts = []
    if many:
        parts.append(
            phrase(
                "Knowing nothing later than August 2021, it foretold {hits} of {many} later figures",
                hits=hits,
                many=many,
            )
        )
    if tuned[1]:
        parts.append(
            phrase(
                "of the facts of its own time it meets {met} of {of} families that it was tuned to and "
                "{checked} of {unseen} that it never saw, in worlds of {viewers} viewers",
                met=tuned[0],
                of=tuned[1],
                checked=checked[0],
                unseen=checked[1],
                viewers=whole(tuned[2]),
            )
        )
    if not parts:
        return phrase("Nothing has been looked at yet: what is missing below says which command makes it.")
    return phrase("{first}: {then}.", first=counterpart("; ").join(parts), then=_lesson(hits, many, checked))


def _lesson(hits: int, many: int, checked: tuple[int, int, int]) -> str:
    good = many and hits >= HALF * many and checked[1] and checked[0] >= HALF * checked[1]
    if good:
        return phrase("a guide to directions and orders of magnitude, not to levels")
    return phrase("compare options with it, and do not read its levels as forecasts")


def _foretold(later: list[LaterRow]) -> Number:
    hits, many = _hits(later)
    if not many:
        command = told(COMMANDS["foretold"])
        return Number("unsure", phrase("Foretold"), "–", phrase("Not made yet: {command}", command=command))
    return Number(
        "gain" if hits >= HALF * many else "loss",
        phrase("Foretold"),
        phrase("{met} of {of}", met=hits, of=many),
        phrase("figures published after August 2021 lie where nine in ten plausible worlds had them"),
    )


def _met(found: tuple[int, int, int], tuned: bool) -> Number:
    met, many, viewers = found
    title = phrase("Tuned to") if tuned else phrase("Never tuned to")
    if not many:
        command = told(COMMANDS["facts_by_size"])
        return Number("unsure", title, "–", phrase("Not made yet: {command}", command=command))
    text = phrase(
        "families of published facts are met as a whole, in worlds of {viewers} viewers",
        viewers=whole(viewers),
    )
    kind = "gain" if met >= HALF * many else "loss"
    return Number(kind, title, phrase("{met} of {of}", met=met, of=many), text)


def _advice(kept: Kept, later: list[LaterRow], checked: tuple[int, int, int]) -> list[str]:
    """What to do with answers of the model, as far as the evidence says it."""
    found = []
    if kept.shares:
        holding = counted_verdicts(kept.shares.values())[HOLDS]
        found.append(
            phrase(
                "Lean on what holds in nearly all plausible worlds ({holding} of {of} readings of claims); "
                "of the rest the page of a run says on what it depends.",
                holding=holding,
                of=len(kept.shares),
            )
        )
    found.append(
        phrase(
            "Before a decision, see whether it rests on something under “What it gets wrong”: an unexplained "
            "miss may be a wrong rule."
        )
    )
    if any(not row.counts for row in later):
        found.append(
            phrase(
                "Take no market share of years ahead from it: it knew nothing of growth, shelves and new "
                "rules."
            )
        )
    found.append(
        phrase(
            "With figures of your own, tune it to them: “{command}” writes a page like this one.", command=OWN
        )
    )
    return found
