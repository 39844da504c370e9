"""What facts foretell of one another, and what a hit is worth: rows and a sentence for the page."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from ...calibration.facts import Fact
from ...languages.speaking import counterpart, phrase, template
from ...scenario.sections.mechanisms import MECHANISM_LABELS
from ...words import plain
from ..kit.words import percent

USES = {"target": template("tuned to"), "check": template("never tuned to")}
FORETOLD = 0.1
"""A family counts as foretold where worlds that meet the others meet it so much more often than draws do."""


@dataclass(frozen=True)
class ForetoldRow:
    """One family of facts, left out.

    Attributes
    ----------
    name, use : str
        In words.
    prior, foretold : str
        Shares of worlds that meet it: of draws from the prior, of those that meet the others.
    good : bool
        Whether the others foretell it.
    verdict : str
        ``foretold``, ``not foretold``, or ``met by no draw``.
    """

    name: str
    use: str
    prior: str
    foretold: str
    good: bool
    verdict: str


def foretold_rows(calibration: dict[str, Any] | None) -> list[ForetoldRow]:
    """One row per family, those foretold best first; none where a calibration has not looked at it."""
    rows = sorted((calibration or {}).get("left_out", []), key=lambda row: row["prior"] - row["foretold"])
    return [
        ForetoldRow(
            counterpart(plain(row["family"])),
            counterpart(USES[row["use"]]),
            percent(row["prior"]),
            percent(row["foretold"]),
            row["foretold"] - row["prior"] >= FORETOLD,
            _verdict(row["prior"], row["foretold"]),
        )
        for row in rows
    ]


def _verdict(prior: float, foretold: float) -> str:
    if prior == 0 and foretold == 0:
        return phrase("met by no draw")
    return phrase("foretold") if foretold - prior >= FORETOLD else phrase("not foretold")


def benchmark_sentence(calibration: dict[str, Any] | None, facts: list[Fact]) -> str:
    """How many families the default world meets, beside draws from the prior and itself with less."""
    if not calibration or "prior" not in calibration or "without" not in calibration:
        return ""
    met: dict[str, list[bool]] = defaultdict(list)
    known = {fact.id: fact.stands_with for fact in facts if fact.use == "target"}
    for entry in calibration["at_default"]:
        if entry["fact"] in known:
            met[known[entry["fact"]]].append(bool(entry["met"]))
    hits = sum(all(each) for each in met.values())
    off = max(calibration["without"], key=lambda entry: entry["target"])
    return phrase(
        "The default world meets {hits} of {families} families of facts that it was tuned to ({share}). "
        "Draws from the ranges allowed meet {prior} of them on average; with one mechanism switched off, the "
        "default world meets most without {mechanism}: {less}.",
        hits=hits,
        families=len(met),
        share=percent(hits / max(1, len(met))),
        prior=percent(calibration["prior"]["target"]),
        mechanism=counterpart(MECHANISM_LABELS[off["mechanism"]]),
        less=percent(off["target"]),
    )
