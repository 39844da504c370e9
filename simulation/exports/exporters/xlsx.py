"""An Excel workbook: what a run answers, then one sheet a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, repeat, zip_longest
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from ..exporting import FORMS, FRONT, Exporter

if TYPE_CHECKING:
    import pandas as pd

    from ...pages.run.content import Content

MOST_ROWS = 2**20 - 1
"""Rows of a sheet below its heading."""
NARROWEST, WIDEST, LOOKED_AT = 10, 60, 50
"""Letters in a column, and rows by which it is decided in a table that no person reads through."""
LINE, HIGHEST = 17.0, 405.0
"""Points of a line, also of Chinese letters, and of the highest row that Office knows."""
A4, ON_A_PAGE = "9", 16
"""Office's number of that paper, and columns up to which a sheet is printed in the width of a page."""


def write(tables: Mapping[str, pd.DataFrame], file: Path) -> None:
    """Write all tables; missing values are empty cells, and text is never taken for a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        _print_in_width(sheet, len(table.columns))
        forms = _forms_by_row(table)
        for letter, width in zip(_letters(), _widths(table), strict=False):
            sheet.column_dimensions[letter].width = width
        sheet.append(_cells(sheet, tuple(map(str, table.columns)), heading=True))
        for number, row in enumerate(table.itertuples(index=False, name=None), start=2):
            if (lines := _lines(row)) > 1:
                sheet.row_dimensions[number].height = min(lines * LINE, HIGHEST)
            sheet.append(_cells(sheet, row, next(forms)))
    with file.open("wb") as out:
        book.save(out)


def _forms_by_row(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Formats of the cells of each row; nothing where they are shown as they are."""
    forms = table.attrs.get(FORMS)
    if not forms:
        return repeat(())
    return zip(*(forms.get(str(column), repeat("")) for column in table.columns), strict=False)


def _cells(
    sheet: Any, row: tuple[Any, ...], forms: tuple[str, ...] = (), heading: bool = False
) -> Iterator[Any]:
    """Cells of a row; headings are bold, and a text wider than any column goes on in further lines."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    several = _lines(row) > 1
    for value, form in zip_longest(row, forms, fillvalue=""):
        cell = WriteOnlyCell(sheet, _plain(value))
        if form:
            cell.number_format = form
        if several:
            long = isinstance(value, str) and _letters_in(value) > WIDEST
            cell.alignment = Alignment(wrap_text=long, vertical="top")
        if isinstance(value, str):
            cell.data_type = "s"
        if heading:
            cell.font = Font(bold=True)
        yield cell


def _print_in_width(sheet: Any, columns: int) -> None:
    """Print a sheet across, its heading on every page, all columns beside each other if they are few."""
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.print_title_rows = "1:1"
    if columns <= ON_A_PAGE:
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0


def _letters() -> Iterator[str]:
    """Names of columns: A, B, ..., Z, AA, ..."""
    from openpyxl.utils import get_column_letter

    return map(get_column_letter, count(1))


def _widths(table: pd.DataFrame) -> Iterator[int]:
    """Letters that each column has room for, within bounds: those of its heading and of its rows."""
    rows = len(table) if FRONT in table.attrs else LOOKED_AT
    for place, name in enumerate(table.columns):
        texts = [str(name), *(str(value) for value in table.iloc[:rows, place] if isinstance(value, str))]
        yield min(max(NARROWEST, *map(_letters_in, texts)), WIDEST)


def _lines(row: tuple[Any, ...]) -> int:
    """Lines that a row's longest text takes in the widest column; not every office counts them by itself.

    Words do not break, so that a line holds nine tenths of the letters that there is room for.
    """
    most = max((_letters_in(value) for value in row if isinstance(value, str)), default=0)
    return 1 if most <= WIDEST else ceil(most / (0.9 * WIDEST))


def _letters_in(text: str) -> int:
    """How wide a text is; Chinese letters are twice as wide as others."""
    return 1 + sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _plain(value: Any) -> Any:
    """A value as a cell holds it: nothing for what is missing or infinite."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        return None
    return value if isinstance(value, int | float | str | bool) or value is None else str(value)


def first(content: Content, tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The tables of a run below what it answers."""
    from ..book.sheets import with_answer

    return with_answer(content, tables)


EXPORTER = Exporter("an Excel workbook", ".xlsx", write, MOST_ROWS, first)
