"""On which line of a TOML file a key stands: parsers do not say."""

from __future__ import annotations

import re
from functools import lru_cache

Location = tuple[str | int, ...]
MOST_LETTERS = 1_000_000
"""Most that is looked at of a longer file."""

_TOKEN = re.compile(
    r"(?P<skip>[ \t\r]+|#[^\n]*)|(?P<newline>\n)"
    r'|(?P<string>"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\')'
    r'|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.#"\']+)',
    re.DOTALL,
)
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def line_number(location: Location, text: str) -> int | None:
    """Line on which the key at `location` stands, or the table that should hold it.

    Parameters
    ----------
    location : tuple of str and int
        Keys, and positions in lists.
    text : str
        A valid TOML file.

    Returns
    -------
    int or None
        From 1; none if not even the first key stands there.
    """
    depth = depth_in(location, text)
    return _lines(text)[location[:depth]] if depth else None


def depth_in(location: Location, text: str) -> int:
    """How many parts of `location` stand in a file."""
    lines = _lines(text)
    return next((depth for depth in range(len(location), 0, -1) if location[:depth] in lines), 0)


@lru_cache(maxsize=4)
def _lines(text: str) -> dict[Location, int]:
    reader = _Reader()
    for match in _TOKEN.finditer(text[:MOST_LETTERS]):
        reader.take(str(match.lastgroup), match.group())
    return reader.lines


class _Reader:
    """Goes through the tokens of a file and notes where keys stand."""

    def __init__(self) -> None:
        self.lines: dict[Location, int] = {}
        self._line = 1
        self._many: dict[Location, int] = {}  # the last entry so far of lists written as [[headers]]
        self._table: Location = ()
        self._keys: list[str] = []  # parts of the key that is being read
        self._header = ""  # brackets of the header that is being read
        self._value: Location = ()  # where the value that is being read stands
        self._open: list[tuple[str, Location, int]] = []  # brackets in it: which, of what, entries before
        self._wants_key = True

    def take(self, kind: str, token: str) -> None:
        """Go on by one token."""
        if kind == "newline":
            self._line += 1
            if not self._open:
                self._keys, self._header, self._wants_key = [], "", True
        elif kind in ("string", "bare"):
            if self._wants_key:
                self._keys.append(_text_of(token))
            self._line += token.count("\n")
        elif token == "=":
            self._start_value()
        elif self._wants_key and not self._open:
            self._header += "[" if token == "[" and not self._keys else ""
            if token == "]" and self._keys:
                self._enter_table()
        elif kind == "mark":
            self._bracket(token)

    def _bracket(self, mark: str) -> None:
        """Go on by a bracket or comma within a value."""
        if mark in "[{":
            self._open.append((mark, self._here(), 0))
            self._wants_key = mark == "{"
        elif mark in "]}" and self._open:
            self._open.pop()
            self._wants_key = False
        elif mark == "," and self._open:
            bracket, of, entries = self._open[-1]
            self._open[-1] = bracket, of, entries + 1
            self._wants_key = bracket == "{"

    def _start_value(self) -> None:
        """A key has been read up to its ``=``: note it and the tables that it makes."""
        table = self._open[-1][1] if self._open else self._table
        self._value = (*table, *self._keys)
        for length in range(len(table) + 1, len(self._value) + 1):
            self.lines.setdefault(self._value[:length], self._line)
        self._keys, self._wants_key = [], False

    def _here(self) -> Location:
        """Where a bracket that opens now stands."""
        if not self._open or self._open[-1][0] == "{":
            return self._value
        _, of, entries = self._open[-1]
        self.lines.setdefault((*of, entries), self._line)
        return (*of, entries)

    def _enter_table(self) -> None:
        """A header has been read: note it, counting the entries of lists."""
        at: Location = ()
        for number, key in enumerate(self._keys, 1):
            at = (*at, key)
            self.lines.setdefault(at, self._line)
            if number == len(self._keys) and self._header == "[[":
                self._many[at] = self._many.get(at, -1) + 1
            if at in self._many:
                at = (*at, self._many[at])
                self.lines.setdefault(at, self._line)
        self._table, self._keys, self._header = at, [], ""


def _text_of(token: str) -> str:
    """A key as it is meant."""
    if token.startswith("'"):
        return token[1:-1]
    if not token.startswith('"'):
        return token

    def letter(match: re.Match[str]) -> str:
        code = match.group(1)
        return chr(int(code[1:], 16)) if code[0] in "uU" else _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", letter, token[1:-1])
