"""Paired differences as a picture that needs no script, and as a table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from ....languages.speaking import phrase
from ...kit.figure_text import wide_letters
from ...kit.first_screen import DIGIT, LEFT, SIGN, Sheet, label_lines, on_every_sheet
from ...kit.first_screen import LINE as FURTHER
from ...kit.words import fixed
from .asked import Asked
from .effects import Effect

ROW, TOP, BOTTOM = 44.0, 6.0, 26.0
MANY, TIGHT, LINE = 6, 36.0, 30.0
"""Rows from which they are set tighter, their height then, and where a row is one line."""
LETTER = 8.5
"""Width of a label's letters."""
DEEPEST = -0.98
"""What all but vanishes is drawn here: on a scale of ratios nothing at all would lie infinitely far off."""
TICKS = (-0.95, -0.9, -0.75, -0.5, -0.25, -0.1, 0.0, 0.1, 0.25, 0.5, 1.0, 3.0, 9.0, 29.0, 99.0)
APART, EDGE = 46.0, 20.0
"""Least distance of ticks, and of their numbers' middles from the picture's edge."""


def effects_picture(effects: list[Effect], asked: Asked) -> Markup:
    """SVG of differences with their intervals, on a scale on which twice and half are as far off.

    Right is more and left is less; what is better or worse beyond luck has its colour and its sign. What
    cannot be given in per cent stands in the table alone.
    """
    shown = in_one_unit(effects)
    if not shown:
        return Markup("")
    labels = [row_label(effect, asked) for effect in shown]
    described = "; ".join(f"{label}: {e.difference}" for label, e in zip(labels, shown, strict=True))
    return on_every_sheet(lambda sheet: _drawn(shown, labels, sheet), described)


def _drawn(shown: list[Effect], labels: list[str], sheet: Sheet) -> tuple[float, Markup]:
    """How high the picture is on a sheet, and what is in it."""
    form, ratios = _form(labels, sheet), shown[0].relative
    right = sheet.width - SIGN - DIGIT * max(len(effect.difference) for effect in shown)
    place = _scale(shown, _ratio if ratios else float, form.left, right)
    top, rows = TOP, []
    for effect, label in zip(shown, labels, strict=True):
        lines = [label] if form.beside else sheet.lines(label)
        rows.append(_row(effect, top, place, (lines, form, sheet)))
        top += form.row + FURTHER * (len(lines) - 1)
    ticks = _ticks(place if ratios else None, place(0.0), top + BOTTOM, (form.left, right))
    return top + BOTTOM, ticks + Markup("").join(rows)


def in_one_unit(effects: list[Effect]) -> list[Effect]:
    """Those that one picture can show: all that are relative, or else those in the unit of the first."""
    ratios = [effect for effect in effects if effect.relative]
    return ratios or [effect for effect in effects if effect.unit == effects[0].unit]


def row_label(effect: Effect, asked: Asked) -> str:
    """What a row is called: by its measure, or by its arm where all rows are sales."""
    if asked.kind in ("lineup", "entry", "policies"):
        return effect.arm.label
    if effect.arm != asked.option:
        return phrase("{label}: {arm}", label=effect.label, arm=effect.arm.label)
    return effect.label


@dataclass(frozen=True)
class _Form:
    """How rows are set: their height, where in them label and interval stand, and where the scale begins."""

    row: float
    label: float
    interval: float
    left: float = LEFT
    beside: bool = False


def _form(labels: list[str], sheet: Sheet) -> _Form:
    """Labels above their intervals; beside them where many rows have short labels."""
    widest = LETTER * max(map(wide_letters, labels))
    if len(labels) < MANY:
        return _Form(ROW, 16, 30)
    if widest > sheet.beside:
        return _Form(TIGHT, 14, 26)
    return _Form(LINE, 20, 15, LEFT + widest, beside=True)


def _ratio(share: float) -> float:
    return math.log1p(max(share, DEEPEST))


def _ends(effect: Effect) -> tuple[float, float]:
    found = effect.apart
    return (found.low, found.high) if effect.has_interval else (found.mean, found.mean)


def _scale(
    effects: list[Effect], height: Callable[[float], float], left: float, right: float
) -> Callable[[float], float]:
    """From differences to places between `left` and `right`, so that all intervals and zero are in view."""
    ends = [0.0, *(end for effect in effects for end in _ends(effect))]
    low, high = height(min(ends)), height(max(ends))
    room = 0.06 * (high - low) or 0.1
    low, high = low - room, high + room

    def place(share: float) -> float:
        return left + (height(share) - low) / (high - low) * (right - left)

    return place


def _ticks(
    place: Callable[[float], float] | None, zero: float, height: float, ends: tuple[float, float]
) -> Markup:
    """Zero, and shares about it between `ends` where `place` has a scale of them."""
    at = {0.0: zero}
    if place:
        inside = {tick: place(tick) for tick in TICKS if ends[0] <= place(tick) <= ends[1]}
        for tick in sorted(inside, key=lambda tick: -abs(_ratio(tick))):  # the farthest first, none too near
            if all(abs(inside[tick] - other) >= APART for other in at.values()):
                at[tick] = inside[tick]
    lines = []
    for tick, x in at.items():
        text = f"{fixed(100 * tick, 0, sign=True)}%" if tick else "0"
        lines.append(
            Markup('<line class="{}" x1="{x:.1f}" x2="{x:.1f}" y1="{:.0f}" y2="{:.0f}"/>').format(
                "zero" if tick == 0 else "grid", TOP, height - BOTTOM + 4, x=x
            )
            + Markup('<text class="tick" x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>').format(
                max(x, EDGE), height - 6, text
            )
        )
    return Markup("").join(lines)


def _row(
    effect: Effect, top: float, place: Callable[[float], float], how: tuple[list[str], _Form, Sheet]
) -> Markup:
    lines, form, sheet = how
    middle, (low, high) = top + form.interval + FURTHER * (len(lines) - 1), _ends(effect)
    kind = {1: "gain", -1: "loss"}.get(effect.worth, "open" if not effect.clear else "told")
    sign = {"gain": "▲", "loss": "▼"}.get(kind, "")
    label = label_lines(lines, LEFT, top + form.label)
    whisker = Markup('<line class="span" x1="{:.1f}" x2="{:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>').format(
        place(low), place(high), y=middle
    )
    dot = Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="5.5"/>').format(
        place(effect.apart.mean), middle
    )
    value = Markup('<text class="value" x="{:.0f}" y="{:.1f}" text-anchor="end">{} {}</text>').format(
        sheet.width - 2, middle + 5, sign, effect.difference
    )
    return Markup('<g class="{}">{}</g>').format(kind, label + whisker + dot + value)


def effects_table(effects: list[Effect], asked: Asked) -> Markup:
    """The numbers of the picture, and of what it cannot show."""
    if not effects:
        return Markup("")
    head = [
        phrase("What"),
        phrase("This"),
        phrase("Compared with"),
        phrase("Difference"),
        phrase("95% interval"),
    ]
    cells = Markup("").join(Markup('<th scope="col">{}</th>').format(text) for text in head)
    rows = [
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            row_label(effect, asked),
            Markup("").join(
                Markup("<td>{}</td>").format(text)
                for text in (*effect.levels, effect.difference, effect.interval or "–")
            ),
        )
        for effect in effects
    ]
    return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
        cells, Markup("").join(rows)
    )
