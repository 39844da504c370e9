"""The first screen of a page: a sentence that answers, three numbers, one picture and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from ...languages.speaking import phrase
from .words import is_number

WIDTH, ROW, TOP, BOTTOM, LEFT, RIGHT = 560.0, 44.0, 6.0, 10.0, 14.0, 96.0
"""Sizes of the picture; room for the numbers on its right."""


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
        ends = [0.0, *(end for row in self.rows for end in row.ends)]
        low, high = min(ends), max(ends)
        room = 0.04 * (high - low) or 0.1
        height = TOP + ROW * len(self.rows) + BOTTOM

        def place(value: float) -> float:
            return LEFT + (value - low + room) / (high - low + 2 * room) * (WIDTH - LEFT - RIGHT)

        zero = Markup('<line class="zero" x1="{x:.1f}" x2="{x:.1f}" y1="{:.0f}" y2="{:.0f}"/>').format(
            TOP, height - BOTTOM, x=place(0.0)
        )
        drawn = [_drawn(row, TOP + ROW * number, place) for number, row in enumerate(self.rows)]
        described = "; ".join(f"{row.label}: {row.text}" for row in self.rows)
        return Markup(
            '<svg class="effects" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>'
        ).format(WIDTH, height, described, zero + Markup("").join(drawn))

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


def _drawn(row: Row, top: float, place: Callable[[float], float]) -> Markup:
    (low, high), middle = row.ends, top + 30
    sign = {"gain": "▲ ", "loss": "▼ "}.get(row.kind, "")
    parts = (
        Markup('<text class="label" x="{:.0f}" y="{:.1f}">{}</text>').format(LEFT, top + 16, row.label),
        Markup('<line class="span" x1="{:.1f}" x2="{:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>').format(
            place(low), place(high), y=middle
        ),
        Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="5.5"/>').format(place(row.middle), middle),
        Markup('<text class="value" x="{:.0f}" y="{:.1f}" text-anchor="end">{}{}</text>').format(
            WIDTH - 2, middle + 5, sign, row.text
        ),
    )
    return Markup('<g class="{}">{}</g>').format(row.kind, Markup("").join(parts))
