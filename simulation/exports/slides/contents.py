"""What slides say of a run: its answer, what it rests on, and what it does not show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...languages.speaking import own, phrase
from ...pages.kit.first_screen import Number
from ...pages.run.about import run_line
from ...pages.run.answer.answer import Answer, answer
from ...pages.run.content import Content
from .deck import ACROSS, KINDS, LEFT, PALE, SOFT, TOP, Deck, Look, Place, band, box
from .evidence import advice, sources, verdicts, what_it_leaves_open
from .pictures import differences, sales, shares, weeks


def write_slides(content: Content, file: Path) -> None:
    """Write what a run answers as slides, in the language that is spoken."""
    deck, found = Deck(), answer(content)
    _question(deck, content, found)
    _answer(deck, found)
    differences(deck, found)
    sales(deck, content, found)
    shares(deck, content)
    weeks(deck, content, found)
    advice(deck, found)
    verdicts(deck, content)
    what_it_leaves_open(deck, content)
    sources(deck, content)
    deck.save(file)


def _question(deck: Deck, content: Content, found: Answer) -> None:
    about = content.run.manifest
    slide = deck.slide(own(content.run.scenario, "title"), small=True)
    box(slide, (LEFT, 1.9, ACROSS, 2.6), [found.question], Look(40, bold=True))
    made = phrase(
        "Simulated with the live-commerce laboratory, model version {version}.",
        version=about["model_version"],
    )
    box(slide, (LEFT, 5.0, ACROSS, 1.7), [run_line(content), made], Look(16, SOFT))


def _answer(deck: Deck, found: Answer) -> None:
    slide = deck.slide(found.question)
    box(slide, (LEFT, TOP, ACROSS, 2.3), [found.sentence], Look(28))
    wide = (ACROSS - 0.6) / 3
    for place, number in enumerate(found.numbers[:3]):
        _number(slide, (LEFT + place * (wide + 0.3), 4.2, wide, 2.7), number)


def _number(slide: Any, place: Place, number: Number) -> None:
    left, top, width, height = place
    band(slide, place, PALE)
    band(slide, (left, top, 0.07, height), KINDS[number.kind])
    inner, across = left + 0.25, width - 0.4
    box(slide, (inner, top + 0.15, across, 0.4), [number.title], Look(16, SOFT))
    box(slide, (inner, top + 0.6, across, 0.75), [number.value], Look(36, KINDS[number.kind], bold=True))
    box(slide, (inner, top + 1.45, across, height - 1.55), [number.text], Look(15))
