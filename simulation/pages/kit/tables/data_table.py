"""The numbers of a figure as a table: to be read, to be heard, and to be saved as CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from ....languages.speaking import counterpart, phrase, template
from ..words import amount, is_number

INTERVAL = template("95% interval")
NOTHING = "–"


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and the numbers behind it: none, one, or both ends of an interval."""

    text: str
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class DataTable:
    """What a figure draws.

    Attributes
    ----------
    caption : str
        What the table is of.
    head : list of str
        Titles of columns; the first is of what heads each row.
    rows : list of (str, list of Cell)
        What heads the row, and its cells, as many as `head` has after the first.
    """

    caption: str
    head: list[str]
    rows: list[tuple[str, list[Cell]]] = field(default_factory=list)

    def html(self) -> Markup:
        """The table with its caption, and with the numbers behind each cell in ``data-v``."""
        if not self.rows:
            return Markup("")
        head = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(self._ends(place), title)
            for place, title in enumerate(self.head)
        )
        body = Markup("").join(
            Markup('<tr><th scope="row">{}</th>{}</tr>').format(
                label, Markup("").join(_html(cell) for cell in cells)
            )
            for label, cells in self.rows
        )
        return Markup(
            "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>"
        ).format(self.caption, head, body)

    def _ends(self, place: int) -> Markup:
        """What both ends are called where the column at that place has intervals."""
        if not place or not any(len(cells[place - 1].numbers) > 1 for _, cells in self.rows):
            return Markup("")
        title = self.head[place]
        ends = phrase("{title}, low end", title=title), phrase("{title}, high end", title=title)
        return Markup(' data-ends="{}|{}"').format(*(end.replace("|", "/") for end in ends))

    def texts(self) -> list[str]:
        """Texts of all cells."""
        return [cell.text for _, cells in self.rows for cell in cells]


def _html(cell: Cell) -> Markup:
    numbers = " ".join(f"{number:.6g}" for number in cell.numbers if math.isfinite(number))
    if not numbers:
        return Markup("<td>{}</td>").format(cell.text)
    return Markup('<td data-v="{}">{}</td>').format(numbers, cell.text)


def value_cell(value: float | None, unit: str) -> Cell:
    """A value in its unit."""
    if value is None or not is_number(value):
        return Cell(NOTHING)
    return Cell(amount(value, unit), (float(value),))


def span_cell(low: float, high: float, unit: str) -> Cell:
    """An interval from `low` to `high` in their unit."""
    if not (is_number(low) and is_number(high)):
        return Cell(NOTHING)
    return Cell(f"{amount(low, unit)} – {amount(high, unit)}", (float(low), float(high)))


def with_intervals(titles: Sequence[str], intervals: bool) -> list[str]:
    """Titles of columns, each followed by that of its interval, if there are any."""
    if not intervals:
        return list(titles)
    return [part for title in titles for part in (title, f"{title}: {counterpart(INTERVAL)}")]
