"""An Excel workbook with one sheet a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..exporting import Exporter

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 2**20 - 1
"""Rows of a sheet below its heading."""


def write(tables: Mapping[str, pd.DataFrame], file: Path) -> None:
    """Write all tables; missing values are empty cells, and text is never taken for a formula."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)

    def cells(row: tuple[Any, ...]) -> Iterator[Any]:
        for value in row:
            cell = WriteOnlyCell(book.worksheets[-1], _plain(value))
            if isinstance(value, str):
                cell.data_type = "s"
            yield cell

    for name, table in tables.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet.append(cells(tuple(map(str, table.columns))))
        for row in table.itertuples(index=False, name=None):
            sheet.append(cells(row))
    with file.open("wb") as out:
        book.save(out)


def _plain(value: Any) -> Any:
    """A value as a cell holds it: nothing for what is missing or infinite."""
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and not -float("inf") < value < float("inf"):
        return None
    return value if isinstance(value, int | float | str | bool) or value is None else str(value)


EXPORTER = Exporter("an Excel workbook", ".xlsx", write, MOST_ROWS)
