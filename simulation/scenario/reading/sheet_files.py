"""Tables that people keep: CSV in the encodings that spreadsheets save, and Excel workbooks."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ...errors import Problem, ScenarioError
from ...languages.speaking import sentence
from .files import BOM, UTF_16, WHOLE_FILE, read_bytes
from .spreadsheets import Sheet, plain_sheet

SHEETS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls")
"""Endings of files that are read as tables."""
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_CELLS = 2_000_000
CHINESE = "GB18030"
"""Chinese spreadsheets save CSV so; it contains GBK and GB 2312."""


def is_sheet(path: Path) -> bool:
    """Whether a file is read as a table, by its ending."""
    return path.suffix.lower() in SHEETS


def read_sheet(path: Path, key: str = WHOLE_FILE, source: str = "") -> Sheet:
    """The table in a CSV file or on a workbook's first sheet that holds anything, made plain.

    CSV may be UTF-8 with or without a byte-order mark, UTF-16 with one, or GBK.

    Parameters
    ----------
    path : Path
        The file.
    key, source : str
        Where the file is named, for messages; the file itself if not given.

    Raises
    ------
    ScenarioError
        With one problem that names the encoding, the separator or the workbook, and what to do.
    """
    content = read_bytes(path, key, source)
    try:
        if content.startswith(OLD_WORKBOOK):
            raise _Unreadable("an Excel workbook of the old kind (.xls)", "the same saved as .xlsx or as CSV")
        text = _workbook_text(content) if content.startswith(WORKBOOK) else _decoded(content)
        return plain_sheet(text)
    except _Unreadable as error:
        found, allowed = error.args
    except ValueError as error:
        found, allowed = str(error), "CSV with commas, semicolons or tabs between cells, or an .xlsx workbook"
    where = str(path) if source else ""
    raise ScenarioError(source or str(path), [Problem(key, found, allowed, file=where)])


class _Unreadable(ValueError):
    """What was found, and what to write instead."""


def _decoded(content: bytes) -> str:
    """Text of bytes, by their mark or, failing UTF-8, as Chinese that reads as such."""
    if content.startswith(UTF_16):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _Unreadable(
                sentence("broken UTF-16 text ({reason})", reason=error.reason), "the table saved as UTF-8"
            ) from None
    try:
        return content.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        odd = sentence(
            "a byte on line {line} that is not UTF-8 ({content:#04x})",
            line=line,
            content=content[error.start],
        )
    try:
        text = content.decode(CHINESE)
    except UnicodeDecodeError:
        text = ""
    foreign = [letter for letter in text if ord(letter) > 0x7F]
    if foreign and sum(map(_is_chinese, foreign)) >= 0.9 * len(foreign):
        return text
    raise _Unreadable(
        sentence("{odd} nor of a Chinese encoding (GBK)", odd=odd), "a table saved with the encoding UTF-8"
    )


def _is_chinese(letter: str) -> bool:
    """Whether a letter is one that Chinese tables are full of: characters, their punctuation, wide forms."""
    code = ord(letter)
    wide = 0x3000 <= code <= 0x303F or 0xFF00 <= code <= 0xFFEF
    return wide or 0x4E00 <= code <= 0x9FFF or letter in "¥·—“”"


def _workbook_text(content: bytes) -> str:
    """The first sheet of a workbook that holds anything, as CSV."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = [[_cell(value) for value in row] for row in _bounded(sheet)]
            if any(any(row) for row in rows):
                written = io.StringIO()
                csv.writer(written, lineterminator="\n").writerows(rows)
                return written.getvalue()
    except _Unreadable:
        raise
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError, TypeError) as error:
        found = sentence("no Excel workbook that can be opened ({name})", name=type(error).__name__)
        raise _Unreadable(found, "an .xlsx workbook, or the sheet saved as CSV") from None
    raise _Unreadable("an Excel workbook without anything in it", "a sheet with a row of headings")


def _bounded(sheet: Any) -> list[tuple[Any, ...]]:
    """Rows of a sheet, refused where there are too many cells to be meant."""
    rows, cells = [], 0
    for row in sheet.iter_rows(values_only=True):
        rows.append(row)
        cells += len(row)
        if cells > MOST_CELLS:
            raise _Unreadable(
                sentence("an Excel sheet of more than {most_cells:,} cells", most_cells=MOST_CELLS),
                "a smaller one",
            )
    return rows


def _cell(value: Any) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
