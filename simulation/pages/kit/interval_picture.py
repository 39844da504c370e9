"""A small picture of an effect's interval against the smallest effect that matters, as SVG."""

from __future__ import annotations

import math

from markupsafe import Markup

from ...languages.speaking import phrase
from ..run.sentences import TestNumbers
from .figure_text import wide_letters
from .words import is_number

WIDTH, HEIGHT = 260.0, 46.0
EDGE = 10.0
LINE_HEIGHT = 16.0
LABEL_HEIGHT = 42.0
LABEL_GAP = 6.0
DIGIT_WIDTH = 6.7
"""Width of a character of the labels, in the picture's units; wide enough for system fonts."""


def interval_picture(numbers: TestNumbers, status: str, description: str) -> Markup:
    """SVG of effect and interval; empty without an effect.

    Shaded is where the claim would hold; a solid line marks no effect, a dashed one the margin.
    """
    if not is_number(numbers.effect):
        return Markup("")
    place = _Scale(numbers)
    parts = [
        _region(numbers, place),
        _zero(numbers, place),
        _margin(numbers, place),
        _whisker(numbers, place),
    ]
    body = Markup("").join(parts)
    return Markup(
        '<svg class="interval {}" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>'
    ).format(status.replace(" ", "-"), WIDTH, HEIGHT, description, body)


class _Scale:
    """From effects to horizontal positions."""

    def __init__(self, numbers: TestNumbers) -> None:
        ends = (0.0, numbers.margin, numbers.effect, numbers.low, numbers.high)
        self.low = min(value for value in ends if math.isfinite(value))
        self.high = max(value for value in ends if math.isfinite(value))
        room = 0.15 * (self.high - self.low) or 1.0
        self.low, self.high = self.low - room, self.high + room

    def __call__(self, effect: float) -> float:
        share = (effect - self.low) / (self.high - self.low)
        return EDGE + share * (WIDTH - 2 * EDGE)


def _region(numbers: TestNumbers, place: _Scale) -> Markup:
    start = place(numbers.margin)
    left, right = (start, WIDTH) if numbers.test["direction"] == "higher" else (0.0, start)
    return Markup('<rect class="holds" x="{:.1f}" y="2" width="{:.1f}" height="28"/>').format(
        left, right - left
    )


def _zero(numbers: TestNumbers, place: _Scale) -> Markup:
    at = place(0.0)
    line = Markup('<line class="zero" x1="{0:.1f}" x2="{0:.1f}" y1="2" y2="30"/>').format(at)
    label = f"{numbers.test['reference']:g}" if numbers.kind.has_reference else "0"
    if numbers.kind.has_reference and numbers.unit == "share":
        label = f"{numbers.test['reference'] * 100:g}%"
    left, right = _reach(at, label)
    first, last = _reach(place(numbers.margin), _needed(numbers))
    crowded = left < last + LABEL_GAP and first < right + LABEL_GAP
    return line if crowded else line + _label(at, label)


def _needed(numbers: TestNumbers) -> str:
    return phrase("holds {needs}", needs=numbers.needs)


def _margin(numbers: TestNumbers, place: _Scale) -> Markup:
    at = place(numbers.margin)
    line = Markup('<line class="margin" x1="{0:.1f}" x2="{0:.1f}" y1="2" y2="30"/>').format(at)
    return line + _label(at, _needed(numbers))


def _reach(at: float, text: str) -> tuple[float, float]:
    """Ends of a label under `at`, moved inwards from an edge that it would cross."""
    wide = DIGIT_WIDTH * wide_letters(text)
    left = min(max(at - wide / 2, 0.0), max(WIDTH - wide, 0.0))
    return left, left + wide


def _label(at: float, text: str) -> Markup:
    """A label under `at`, within the picture."""
    left, right = _reach(at, text)
    side, x = ("start", 0.0) if left <= 0 else ("end", WIDTH) if right >= WIDTH else ("middle", at)
    return Markup('<text x="{:.1f}" y="{:.0f}" text-anchor="{}">{}</text>').format(
        x, LABEL_HEIGHT, side, text
    )


def _whisker(numbers: TestNumbers, place: _Scale) -> Markup:
    dot = Markup('<circle class="effect" cx="{:.1f}" cy="{:.0f}" r="5"/>').format(
        place(numbers.effect), LINE_HEIGHT
    )
    if not numbers.has_interval:
        return dot
    line = Markup('<line class="span" x1="{:.1f}" x2="{:.1f}" y1="{:.0f}" y2="{:.0f}"/>').format(
        place(numbers.low), place(numbers.high), LINE_HEIGHT, LINE_HEIGHT
    )
    return line + dot
