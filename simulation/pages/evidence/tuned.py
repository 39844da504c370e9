"""The first screen of a calibration to one's own figures, which nothing else has looked at yet."""

from __future__ import annotations

from typing import Any

from ...languages.speaking import listing, phrase, phrase_of
from ...validation.collecting import Kept
from ..kit.first_screen import FirstScreen, Number, Row
from ..kit.words import fixed, is_number, known, three_digits
from .fact_rows import FactRow, fact_table

HALF = 0.5
MOST = 6
"""Figures in the picture, missed ones first; the table below has all."""


def tuned_screen(kept: Kept) -> FirstScreen | None:
    """What a calibration says of its figures; None where more is known than that."""
    if kept.calibration is None or kept.facts_by_size is not None:
        return None
    rows = fact_table(kept.calibration, kept.facts)
    tuned, checked = ([row for row in rows if row.fact.use == use] for use in ("target", "check"))
    return FirstScreen(
        _sentence(kept.calibration, tuned, checked),
        [_met(tuned, True), _met(checked, False), _sure(kept.calibration)],
        _advice(kept.calibration, rows, checked),
        phrase("The model against the figures"),
        phrase(
            "The dot is how far the model lies from the figure, or from the middle of its range, the line "
            "its 95% interval. ✓ near enough, ✗ missed."
        ),
        _rows(rows),
        (phrase("Figure"), phrase("Model against figure")),
    )


def _count(rows: list[FactRow]) -> tuple[int, int]:
    return sum(row.met for row in rows), len(rows)


def _told(calibration: dict[str, Any]) -> tuple[int, int]:
    """Unknown parameters that the figures tell, and all of them."""
    found = calibration["recovery"]
    return sum(bool(entry["identified"]) for entry in found), len(found)


def _sentence(calibration: dict[str, Any], tuned: list[FactRow], checked: list[FactRow]) -> str:
    (met, of), (hit, unseen), (told, free) = _count(tuned), _count(checked), _told(calibration)
    values = {"met": met, "of": of, "told": told, "free": free, "hit": hit, "unseen": unseen}
    if unseen:
        return phrase(
            "Tuned to these figures, the model meets {met} of {of}, and {hit} of {unseen} that it never saw; "
            "they tell {told} of {free} unknown parameters: compare options in all plausible worlds, and do "
            "not read one world's levels as forecasts.",
            **values,
        )
    return phrase(
        "Tuned to these figures, the model meets {met} of {of}, and none was kept back to check it; they "
        "tell {told} of {free} unknown parameters: compare options in all plausible worlds, and do not read "
        "one world's levels as forecasts.",
        **values,
    )


def _met(rows: list[FactRow], tuned: bool) -> Number:
    title = phrase("Tuned to") if tuned else phrase("Never tuned to")
    met, of = _count(rows)
    if not of:
        return Number("unsure", title, "–", phrase("No figure was kept back: give some use = “check”."))
    text = phrase("figures are met in the plausible world nearest to all others")
    return Number(
        "gain" if met >= HALF * of else "loss", title, phrase("{met} of {of}", met=met, of=of), text
    )


def _sure(calibration: dict[str, Any]) -> Number:
    told, free = _told(calibration)
    text = phrase_of(
        "unknown parameters are told by the figures; the others stay wide in {count} plausible world.",
        "unknown parameters are told by the figures; the others stay wide in {count} plausible worlds.",
        calibration["worlds"],
    )
    kind = "sure" if told >= HALF * free else "unsure"
    return Number(kind, phrase("How sure"), phrase("{met} of {of}", met=told, of=free), text)


def _advice(calibration: dict[str, Any], rows: list[FactRow], checked: list[FactRow]) -> list[str]:
    missed = [row.title for row in rows if not row.met]
    found = []
    if missed:
        labels = listing([phrase("“{label}”", label=title) for title in missed[:MOST]])
        found.append(
            phrase("Before a decision, see whether it rests on what is missed: {labels}.", labels=labels)
        )
    found.append(
        phrase_of(
            "Ask your question in its {count} plausible world: plausible_worlds.csv can be the points of a "
            "sweep (design = “list”).",
            "Ask your question in all {count} plausible worlds: plausible_worlds.csv can be the points of a "
            "sweep (design = “list”).",
            calibration["worlds"],
        )
    )
    told, free = _told(calibration)
    if told < HALF * free:
        found.append(phrase("Add figures of other kinds: each tells parameters that these leave open."))
    if not checked:
        found.append(phrase("Keep some figures back, to see whether the model foretells them."))
    return found


def _rows(rows: list[FactRow]) -> list[Row]:
    """How far the model is from each figure, as a share of it; those missed first."""
    drawn = [row for row in rows if is_number(row.mean) and row.fact.middle]
    return [_row(row) for row in sorted(drawn, key=lambda row: row.met)[:MOST]]


def _row(row: FactRow) -> Row:
    middle = row.fact.middle
    mean, low, high = (known(value) / middle - 1 for value in (row.mean, row.low, row.high))
    label = phrase(
        "{sign} {label}: {model} against {figure}",
        sign="✓" if row.met else "✗",
        label=row.title,
        model=row.model_value[0],
        figure=three_digits(middle),
    )
    return Row(label, mean, min(low, high), max(low, high), f"{fixed(100 * mean, 0, sign=True)}%")
