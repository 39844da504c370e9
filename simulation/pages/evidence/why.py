"""Why facts are missed: supposed reasons that were tried, and the word unexplained where none held."""

from __future__ import annotations

import pandas as pd

from ...languages.speaking import own_entry, phrase, sentences
from ...resources import EVIDENCE_FOLDER
from ...validation.reasons import REASONS, Reason, read_reasons
from ..kit.words import fixed
from .fact_rows import FactRow


def reasons_of(rows: list[FactRow]) -> dict[tuple[str, str], Reason]:
    """Supposed reasons by fact and key, of facts that are among `rows`."""
    file, facts = EVIDENCE_FOLDER / REASONS, [row.fact for row in rows]
    if not file.is_file():
        return {}
    known = {fact.id for fact in facts}
    return {(one.fact, one.key): one for one in read_reasons(file) if one.fact in known}


def why_missed(
    rows: list[FactRow], tried: pd.DataFrame | None, reasons: dict[tuple[str, str], Reason]
) -> list[tuple[FactRow, str]]:
    """Each missed fact with why, as far as that was tried."""
    return [(row, _why(row, tried, reasons)) for row in rows if not row.met]


def _why(row: FactRow, tried: pd.DataFrame | None, reasons: dict[tuple[str, str], Reason]) -> str:
    looked = [] if tried is None else tried[tried["fact"] == row.fact.id].to_dict("records")
    parts = [] if any(entry["shrunk"] for entry in looked) else [phrase("Unexplained.")]
    for entry in looked:
        reason = reasons.get((entry["fact"], entry["key"]))
        parts.append(
            phrase(
                "Tried: {says} With {key} = {value} it misses by {after} half-widths of its range instead of "
                "{before}: {verdict}.",
                says=own_entry(reason.model_dump(), "says") if reason else "",
                key=entry["key"],
                value=f"{entry['value']:g}",
                after=fixed(entry["missed_after"], 1),
                before=fixed(entry["missed_before"], 1),
                verdict=_verdict(entry["missed_before"], bool(entry["shrunk"])),
            )
        )
    if not looked and row.fact.miss:
        parts.append(phrase("Supposed, not tried: {reason}", reason=row.explanation))
    return sentences(parts)


def _verdict(before: float, shrunk: bool) -> str:
    if shrunk:
        return phrase("it shrinks, which explains it in part")
    if before == 0:
        return phrase("it is met in the small world where this was tried, so that nothing is said")
    return phrase("it does not shrink, so that this is not the reason")
