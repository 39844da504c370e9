"""CSV files as spreadsheets write them and people edit them, made plain.

Separators may be commas, semicolons or tabs; cells may have spaces around them; numbers may be percentages,
have separators of thousands or, beside semicolons and tabs, a decimal comma, be amounts of money, or count
in 万 (10,000) and 亿 (100 million); rows may be empty; and pandas may have written its index as a first
column without a name.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from ...languages.speaking import sentence

SEPARATORS = (",", ";", "\t")
_NAMELESS = re.compile(r"(Unnamed: \d+)?")
_WITH_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_COMMA = re.compile(r"[-+]?(\d+|\d{1,3}(\.\d{3})+),\d+")
_MONEY = re.compile(r"(?:[¥￥$€]|CNY|RMB|元)?\s*([-+]?[\d.,]+)\s*([万亿]?)\s*(?:[¥￥$€]|CNY|RMB|元)?")
_POWERS = {"万": "e4", "亿": "e8"}
_WIDE = str.maketrans("０１２３４５６７８９．，％－＋", "0123456789.,%-+")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
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
    rows : list of list of str
        Its rows, cell by cell.
    lines : list of int
        Line of the file on which each row stands, from 1.
    """

    text: str
    columns: list[str]
    rows: list[list[str]]
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
        raise ValueError(
            sentence("no CSV from line {line_num} to EOF: {error}", line_num=reader.line_num, error=error)
        ) from None
    rows = [(line, row) for line, row in rows if any(row)]
    if rows and _has_index(rows[0][1], [row for _, row in rows[1:]]):
        rows = [(line, row[1:]) for line, row in rows]
    head = rows[0][1] if rows else []
    body = [[plain_number(cell, separator) for cell in row] for _, row in rows[1:]]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([head, *body] if head else [])
    return Sheet(written.getvalue(), head, body, [line for line, _ in rows[1:]])


def plain_number(cell: str, separator: str = ",") -> str:
    """A number as computers write it, if `cell` is one as people do; else `cell` itself.

    ``3.2%`` is 0.032, ``1,234,567`` is 1234567, ``¥1.2万`` is 12000; where cells are not separated by commas,
    ``0,032`` is 0.032 and ``1.234,5`` is 1234.5.
    """
    written, power = cell, ""
    cell = cell.translate(_WIDE)
    if money := _MONEY.fullmatch(cell):
        cell, power = money[1], _POWERS.get(money[2], "")
    cell = _without_separators(cell, separator)
    if percent := _PERCENT.fullmatch(cell):
        return f"{percent.group(1)}e-2"
    return f"{cell}{power}" if _NUMBER.fullmatch(cell) else written


def _without_separators(cell: str, separator: str) -> str:
    """A number without separators of thousands and with a decimal point."""
    if separator != "," and _WITH_COMMA.fullmatch(cell.rstrip("% ")):
        cell = cell.replace(".", "").replace(",", ".")
    elif _WITH_THOUSANDS.fullmatch(cell.rstrip("% ")):
        cell = cell.replace(",", "")
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
