"""Slides of words: verdicts on claims, what to do, limits, and where numbers come from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches

from ...claims.whole import UNTESTED
from ...languages.speaking import counterpart, phrase
from ...pages.run.about import about_run, limits
from ...pages.run.answer.answer import Answer
from ...pages.run.content import Content
from ...pages.run.verdict_cards import OWN_CLAIM, SYMBOLS, Card, claim_cards, summary
from .deck import ACROSS, DOWN, INK, LEFT, PALE, SOFT, TOP, Deck, Look, box, write_in
from .fitting import pages_of

ROWS = 7
"""Claims on a slide."""
ARTICLE = "刘旷：《腾讯终于要杀入电商直播了》，人人都是产品经理，2021-08-03"


def verdicts(deck: Deck, content: Content) -> None:
    """The claims that were tested, the word for each, and what that rests on."""
    cards = claim_cards(content)
    tested = [card for card in cards if card.word != UNTESTED]
    for first in range(0, len(tested), ROWS):
        slide = deck.slide(summary(cards, content.names))
        _table(slide, tested[first : first + ROWS])


def _table(slide: Any, cards: Sequence[Card]) -> None:
    """A row a claim: its symbol and word, the claim, and the finding that decides."""
    widths = (2.7, 4.6, ACROSS - 7.3)
    frame = slide.shapes.add_table(len(cards) + 1, 3, *map(Inches, (LEFT, TOP, ACROSS, DOWN)))
    table = frame.table
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Inches(width)
    heads = (phrase("Verdict"), phrase("Claim"), phrase("Found"))
    rows = [heads, *((_word(card), card.title, _finding(card)) for card in cards)]
    high = DOWN / (ROWS + 1)
    for row, texts in zip(table.rows, rows, strict=True):
        row.height = Inches(high)
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.margin_left = cell.margin_right = Inches(0.08)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.fill.solid()
            cell.fill.fore_color.rgb = RGBColor.from_string(PALE if texts is heads else "FFFFFF")
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            look = Look(14, SOFT if texts is heads else INK, bold=texts is heads)
            write_in(cell.text_frame, (width - 0.16, high - 0.06), [text], look)


def _word(card: Card) -> str:
    """The word for a claim with its symbol, and a mark where it is provisional."""
    word = f"{SYMBOLS[card.kind]} {counterpart(card.word)}"
    return phrase("{word} (provisional)", word=word) if card.provisional else word


def _finding(card: Card) -> str:
    """The measure at which the reading that decides looks, with its effect."""
    if not card.tests:
        return card.reason
    test = card.tests[0]
    values = {"label": test.label, "effect": test.finding.effect, "interval": test.finding.interval}
    if not test.finding.interval:
        return phrase("{label}: {effect}", **values)
    return phrase("{label}: {effect} ({interval}, 95% interval)", **values)


def advice(deck: Deck, found: Answer) -> None:
    """What to do."""
    _paged(deck, phrase("What to do"), found.advice, 24)


def what_it_leaves_open(deck: Deck, content: Content) -> None:
    """What the model does not know, and why words are provisional."""
    _paged(deck, phrase("What this does not show"), limits(content), 18)


def sources(deck: Deck, content: Content) -> None:
    """What it takes to get the same again; in the slide's notes where platforms' numbers come from."""
    said = [f"{term}: {value}" for term, value in about_run(content)]
    if any(entry["source"] != OWN_CLAIM for entry in content.claims["claims"]):
        said.insert(0, phrase("Claims: {article}", article=ARTICLE))
    noted = list(_of_platforms(content))
    if noted:
        said.append(phrase("Where the numbers of each platform come from stands in the notes of this slide."))
    slide = _paged(deck, phrase("Where this comes from"), said, 15)
    slide.notes_slide.notes_text_frame.text = "\n".join(noted)


def _of_platforms(content: Content) -> Iterator[str]:
    """For each platform where its numbers come from, in the words of whoever set them."""
    labels = content.names.platforms
    for platform in {
        entry.name: entry for arm in content.run.scenario.arms for entry in arm.all_platforms
    }.values():
        if origin := "; ".join(dict.fromkeys(platform.sources.values())):
            yield phrase("{platform}: {sources}", platform=labels[platform.name], sources=origin)


def _paged(deck: Deck, title: str, texts: Sequence[str], size: float) -> Any:
    """Paragraphs on as many slides as they need, of which the last is returned."""
    for page in pages_of(texts, size, ACROSS, DOWN):
        slide = deck.slide(title)
        box(slide, (LEFT, TOP, ACROSS, DOWN), page, Look(size))
    return slide
