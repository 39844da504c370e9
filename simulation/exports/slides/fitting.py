"""Whether text fits into its box: an estimate that needs no fonts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

POINTS = 72
"""Points of an inch."""
LINE = 1.22
"""Height of a line in sizes of its letters."""
WIDE, SIGN, CAPITAL, DIGIT, NARROW, USUAL = 1.0, 0.88, 0.72, 0.64, 0.34, 0.6
"""Widths of letters in their size: Chinese ones, signs, capitals, digits, the narrowest, and all others.

They are those of the widest fonts that programs put in place of one they lack.
"""
DRAWN = "→←↑↓×÷±…—▲▼●○"
"""Signs that fonts of Chinese letters draw as wide as these."""
APART = 0.25
"""Width that programs leave between Chinese and other letters, in their size."""
BETWEEN = 0.5
"""Room between paragraphs, in lines."""


def letter_width(letter: str) -> float:
    """Width of a letter in its size, a little too wide rather than too narrow."""
    if _is_wide(letter) or letter in DRAWN:
        return WIDE
    if letter in " ilj.,:;'|!()":
        return NARROW
    if letter in "%+=<>~mwMW\N{MINUS SIGN}":
        return SIGN
    if letter.isdigit():
        return DIGIT
    return CAPITAL if letter.isupper() else USUAL


def text_width(text: str, size: float) -> float:
    """Inches that a line of text takes in letters of so many points."""
    apart = sum(map(_apart, text, text[1:]))
    return (sum(map(letter_width, text)) + APART * apart) * size / POINTS


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _apart(first: str, second: str) -> bool:
    """Whether room is left between two letters, one of which is Chinese."""
    return first != " " != second and _is_wide(first) != _is_wide(second)


def lines_of(text: str, size: float, width: float) -> int:
    """Lines of a paragraph in a box of so many inches: words are kept whole, Chinese breaks anywhere."""
    lines, filled, last = 1, 0.0, " "
    for piece in _pieces(text):
        apart = text_width(last + piece[:1], size) - text_width(last, size) - text_width(piece[:1], size)
        wide, last = text_width(piece.rstrip(), size) + apart, piece[-1:] or " "
        if filled and filled + wide > width:
            lines, filled = lines + 1, 0.0
        lines += int(wide // width) if wide > width else 0
        filled += wide % width if wide > width else text_width(piece, size) + apart
    return lines


def _pieces(text: str) -> Iterable[str]:
    """Text cut where a line may end."""
    piece = ""
    for letter in text:
        piece += letter
        if letter == " " or _is_wide(letter):
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
