"""The first screen of a page: a sentence that answers, three numbers, one picture and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from ...languages.speaking import phrase
from .figure_text import BREAK, wrapped
from .words import is_number

ROW, TOP, BOTTOM, LEFT, LINE = 44.0, 6.0, 10.0, 14.0, 17.0
"""Sizes of the picture, and of a label's further lines."""
SIGN, DIGIT = 26.0, 8.6
"""Room right of the scale: for a sign, and for a letter of the numbers."""


@dataclass(frozen=True)
class Sheet:
    """What a picture is drawn on: letters keep their size on a phone, so that it needs a drawing of its own.

    Attributes
    ----------
    kind : str
        Its class, by which the style sheet shows one of them.
    width : float
    letters : int
        Of a line of a label.
    beside : float
        Width up to which labels may stand beside their rows.
    """

    kind: str
    width: float
    letters: int
    beside: float

    def lines(self, label: str) -> list[str]:
        """The label in lines that fit."""
        return wrapped(label, self.letters).split(BREAK)


SHEETS = (Sheet("desk", 560.0, 72, 200.0), Sheet("phone", 336.0, 42, 130.0))


def on_every_sheet(draw: Callable[[Sheet], tuple[float, Markup]], described: str, kind: str = "") -> Markup:
    """SVGs of one picture, of which a screen shows one; `draw` gives its height and what is in it."""
    form = Markup('<svg class="effects {}{}" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>')
    drawings = ((sheet, *draw(sheet)) for sheet in SHEETS)
    return Markup("").join(
        form.format(sheet.kind, kind and f" {kind}", sheet.width, height, described, parts)
        for sheet, height, parts in drawings
    )


def label_lines(lines: list[str], left: float, top: float) -> Markup:
    """A label's lines, the first on the line `top`."""
    form = Markup('<text class="label" x="{:.0f}" y="{:.1f}">{}</text>')
    return Markup("").join(form.format(left, top + LINE * at, line) for at, line in enumerate(lines))


@dataclass(frozen=True)
class Number:
    """One of the three: what it is, how much, and a few words on it.

    Attributes
    ----------
    kind : str
        Its colour and sign: "gain", "loss", "sure", "unsure", or none.
    title, value, text : str
    """

    kind: str
    title: str
    value: str
    text: str


@dataclass(frozen=True)
class Row:
    """A dot with its interval, all rows of a picture in one unit; `text` is the number that is printed."""

    label: str
    middle: float
    low: float
    high: float
    text: str
    kind: str = "told"

    @property
    def ends(self) -> tuple[float, float]:
        """The interval, or the dot where none is known."""
        known = is_number(self.low) and is_number(self.high)
        return (self.low, self.high) if known else (self.middle, self.middle)


@dataclass(frozen=True)
class FirstScreen:
    """What a page answers before anything else.

    Attributes
    ----------
    sentence : str
    numbers : list of Number
    picture_title, caption : str
    rows : list of Row
        Of the picture; without any there is none.
    headings : tuple of (str, str)
        Of the table: what a row is, and its number.
    advice : list of str
    drawn : tuple of (Markup, Markup)
        A picture of another kind and its table, in place of those of the rows.
    """

    sentence: str
    numbers: list[Number]
    advice: list[str]
    picture_title: str = ""
    caption: str = ""
    rows: list[Row] = field(default_factory=list)
    headings: tuple[str, str] = ("", "")
    drawn: tuple[Markup, Markup] = (Markup(""), Markup(""))

    @property
    def words(self) -> dict[str, str]:
        """Headings of the parts."""
        return {"numbers": phrase("The numbers"), "todo": phrase("What to do")}

    @property
    def picture(self) -> Markup:
        """SVG of the rows, on one scale in which zero is in view; empty without any."""
        if not self.rows:
            return self.drawn[0]
        described = "; ".join(f"{row.label}: {row.text}" for row in self.rows)
        return on_every_sheet(self._draw, described)

    def _draw(self, sheet: Sheet) -> tuple[float, Markup]:
        ends = [0.0, *(end for row in self.rows for end in row.ends)]
        low, high = min(ends), max(ends)
        room = 0.04 * (high - low) or 0.1
        right = SIGN + DIGIT * max(len(row.text) for row in self.rows)

        def place(value: float) -> float:
            return LEFT + (value - low + room) / (high - low + 2 * room) * (sheet.width - LEFT - right)

        top, drawn = TOP, []
        for row in self.rows:
            lines = sheet.lines(row.label)
            drawn.append(_drawn(row, lines, top, place, sheet.width))
            top += ROW + LINE * (len(lines) - 1)
        zero = Markup('<line class="zero" x1="{x:.1f}" x2="{x:.1f}" y1="{:.0f}" y2="{:.0f}"/>').format(
            TOP, top, x=place(0.0)
        )
        return top + BOTTOM, zero + Markup("").join(drawn)

    @property
    def table(self) -> Markup:
        """The picture's numbers; empty without any."""
        if not self.rows:
            return self.drawn[1]
        cells = Markup("").join(Markup('<th scope="col">{}</th>').format(text) for text in self.headings)
        rows = Markup("").join(
            Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(row.label, row.text)
            for row in self.rows
        )
        return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(cells, rows)


def _drawn(row: Row, lines: list[str], top: float, place: Callable[[float], float], width: float) -> Markup:
    (low, high), middle = row.ends, top + 30 + LINE * (len(lines) - 1)
    sign = {"gain": "▲ ", "loss": "▼ "}.get(row.kind, "")
    parts = (
        label_lines(lines, LEFT, top + 16),
        Markup('<line class="span" x1="{:.1f}" x2="{:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>').format(
            place(low), place(high), y=middle
        ),
        Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="5.5"/>').format(place(row.middle), middle),
        Markup('<text class="value" x="{:.0f}" y="{:.1f}" text-anchor="end">{}{}</text>').format(
            width - 2, middle + 5, sign, row.text
        ),
    )
    return Markup('<g class="{}">{}</g>').format(row.kind, Markup("").join(parts))
