"""CSV files as spreadsheets write them and people edit them, made plain.

Separators may be commas, semicolons or tabs; cells may have spaces around them; numbers may be percentages,
have separators of thousands or, beside semicolons and tabs, a decimal comma; rows may be empty; and pandas
may have written its index as a first column without a name.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

SEPARATORS = (",", ";", "\t")
_NAMELESS = re.compile(r"(Unnamed: \d+)?")
_WITH_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+")
_PERCENT = re.compile(r"([-+]?\d+(?:\.\d+)?) ?%")


@dataclass(frozen=True)
class Sheet:
    """A table made plain.

    Attributes
    ----------
    text : str
        The table as CSV, separated by commas, numbers as computers write them.
    columns : list of str
        Its head.
    lines : list of int
        Line of the file on which each row stands, from 1.
    """

    text: str
    columns: list[str]
    lines: list[int]


def plain_sheet(text: str) -> Sheet:
    """The table in `text`, the content of a CSV file.

    Raises
    ------
    ValueError
        If it is no CSV: a quotation mark that is not closed, say.
    """
    separator = _separator(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator, skipinitialspace=True, strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise ValueError(f"no CSV from line {reader.line_num} to EOF: {error}") from None
    rows = [(line, row) for line, row in rows if any(row)]
    if rows and _has_index(rows[0][1], [row for _, row in rows[1:]]):
        rows = [(line, row[1:]) for line, row in rows]
    head = rows[0][1] if rows else []
    body = [[plain_number(cell, separator) for cell in row] for _, row in rows[1:]]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([head, *body] if head else [])
    return Sheet(written.getvalue(), head, [line for line, _ in rows[1:]])


def plain_number(cell: str, separator: str = ",") -> str:
    """A number as computers write it, if `cell` is one as people do; else `cell` itself.

    ``3.2%`` is 0.032, ``1,234,567`` is 1234567; where cells are not separated by commas, ``0,032`` is 0.032
    and ``1.234,5`` is 1234.5.
    """
    if separator != "," and _WITH_COMMA.fullmatch(cell.rstrip("% ")):
        cell = cell.replace(".", "").replace(",", ".")
    elif _WITH_THOUSANDS.fullmatch(cell.rstrip("% ")):
        cell = cell.replace(",", "")
    if percent := _PERCENT.fullmatch(cell):
        return f"{percent.group(1)}e-2"
    return cell


def _separator(text: str) -> str:
    """What separates cells: whatever divides the first line that is not empty into most of them."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=lambda separator: len(next(csv.reader([head], delimiter=separator))))


def _has_index(head: list[str], rows: list[list[str]]) -> bool:
    """Whether the first column has no name and counts the rows, from 0 or 1."""
    if len(head) < 2 or not _NAMELESS.fullmatch(head[0]):
        return False
    first = [row[0] for row in rows]
    return any(first == [str(number) for number in range(start, start + len(rows))] for start in (0, 1))
