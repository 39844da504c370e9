"""Whether text fits into its box: an estimate that needs no fonts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

POINTS = 72
"""Points of an inch."""
LINE = 1.22
"""Height of a line in sizes of its letters."""
WIDE, CAPITAL, NARROW, USUAL = 1.0, 0.72, 0.34, 0.6
"""Widths of letters in their size: Chinese ones, capitals, the narrowest, and all others."""
BETWEEN = 0.5
"""Room between paragraphs, in lines."""


def letter_width(letter: str) -> float:
    """Width of a letter in its size, a little too wide rather than too narrow."""
    if unicodedata.east_asian_width(letter) in "WF":
        return WIDE
    if letter in " ilj.,:;'|!()":
        return NARROW
    return CAPITAL if letter.isupper() or letter in "%+mw" else USUAL


def text_width(text: str, size: float) -> float:
    """Inches that a line of text takes in letters of so many points."""
    return sum(map(letter_width, text)) * size / POINTS


def lines_of(text: str, size: float, width: float) -> int:
    """Lines of a paragraph in a box of so many inches: words are kept whole, Chinese breaks anywhere."""
    lines, filled = 1, 0.0
    for piece in _pieces(text):
        wide = text_width(piece.rstrip(), size)
        if filled and filled + wide > width:
            lines, filled = lines + 1, 0.0
        lines += int(wide // width) if wide > width else 0
        filled += wide % width if wide > width else text_width(piece, size)
    return lines


def _pieces(text: str) -> Iterable[str]:
    """Text cut where a line may end."""
    piece = ""
    for letter in text:
        piece += letter
        if letter == " " or unicodedata.east_asian_width(letter) in "WF":
            yield piece
            piece = ""
    yield piece


def text_height(paragraphs: Sequence[str], size: float, width: float) -> float:
    """Inches that paragraphs take, one below the other, in a box so wide."""
    lines = sum(lines_of(text, size, width) for text in paragraphs)
    return (lines + BETWEEN * (len(paragraphs) - 1)) * LINE * size / POINTS


def size_that_fits(
    paragraphs: Sequence[str], width: float, height: float, largest: float, smallest: float
) -> float:
    """The largest size in whole points in which paragraphs fit; the smallest if none does."""
    size = largest
    while size > smallest and text_height(paragraphs, size, width) > height:
        size -= 1
    return size


def pages_of(texts: Sequence[str], size: float, width: float, height: float) -> list[list[str]]:
    """Paragraphs by slide, as many on each as fit; one that is longer than a slide stands alone."""
    pages: list[list[str]] = [[]]
    for text in texts:
        if pages[-1] and text_height([*pages[-1], text], size, width) > height:
            pages.append([])
        pages[-1].append(text)
    return pages
