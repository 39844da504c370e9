"""What a user did wrong, said so that it can be put right."""

from __future__ import annotations

import datetime as dt
import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .visible import visible

MOST_SHOWN = 7
"""Problems that fit on one screen."""
MOST_BYTES = 4000
"""Most bytes of a whole message, in UTF-8."""
SOURCE_BYTES, KEY_BYTES, FOUND_BYTES, ALLOWED_BYTES, ALLOWED_ALONE_BYTES = 240, 160, 320, 400, 2400
"""Most bytes of the parts of a message; the last is for a problem that stands alone."""
NAME_LETTERS, NAMES_COMPARED = 100, 2000
"""What is looked at for a suggestion: comparing takes the square of a name's length."""
VALUE_LETTERS = 60
UNKNOWN = "unknown key"
"""How what was found begins where nothing of that name is declared."""
DIGITS_SHOWN = 25


def nearest(name: str, valid: Iterable[str], cutoff: float = 0.5) -> str:
    """`` (did you mean 'x'?)`` for the valid name most like `name`, or nothing."""
    if len(name) > NAME_LETTERS:
        return ""
    close = difflib.get_close_matches(name, list(islice(valid, NAMES_COMPARED)), n=1, cutoff=cutoff)
    return f" (did you mean '{close[0]}'?)" if close else ""


def shortened(text: str, most: int) -> str:
    """`text` with nothing hidden, and cut to `most` bytes of UTF-8 with a word on how long it is."""
    shown = visible(text[:most])  # no letter takes less than a byte
    if len(text) <= most and len(shown.encode()) <= most:
        return shown
    note = f"... ({len(text):,} characters)"
    return shown.encode()[: most - len(note)].decode(errors="ignore") + note


def shown(value: Any) -> str:
    """A value of a file as it is written there, in a few words if it is long or has parts."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value) if len(value) <= VALUE_LETTERS else (
            f"{value[:VALUE_LETTERS]!r}... ({len(value):,} characters)"
        )
    if isinstance(value, int):
        digits = int(value.bit_length() * math.log10(2)) + 1  # turning it into text takes their square
        return str(value) if digits <= DIGITS_SHOWN else f"a whole number of about {digits:,} digits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.date | dt.time):
        return f"the {'time' if isinstance(value, dt.time) else 'date'} {value.isoformat()}"
    return "a list" if isinstance(value, list | tuple) else "a table"


@dataclass(frozen=True)
class Problem:
    """One mistake: where it is, what was found and what is allowed.

    Attributes
    ----------
    key : str
        Dotted key (or option) at which it stands.
    found, allowed : str
        What is there, and what may be written instead.
    line : int, optional
        Line of the file, from 1.
    file : str
        File in which that line is, if it is another than the message's.
    """

    key: str
    found: str
    allowed: str
    line: int | None = None
    file: str = ""

    def as_lines(self, alone: bool) -> str:
        """Three lines of text, each of bounded length."""
        of = f" of {shortened(self.file, KEY_BYTES)}" if self.file else ""
        where = f" (line {self.line}{of})" if self.line else f" (in{of[3:]})" if self.file else ""
        most = ALLOWED_ALONE_BYTES if alone else ALLOWED_BYTES
        return (f"  {shortened(self.key, KEY_BYTES)}{where}\n"
                f"    found:   {shortened(self.found, FOUND_BYTES)}\n"
                f"    allowed: {shortened(self.allowed, most)}")


class Inconsistent(ValueError):
    """Problems that the check of a whole section finds, for pydantic to carry."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("; ".join(f"{problem.key}: {problem.found}" for problem in problems))


class ScenarioError(Exception):
    """A scenario that cannot be run, with all its problems at once.

    Parameters
    ----------
    source : str
        File (or command-line option) in which the problems are.
    problems : list of Problem
        At least one.
    """

    def __init__(self, source: str, problems: list[Problem]):
        self.source = source
        self.problems = problems
        super().__init__(self.as_text())

    def __reduce__(self) -> tuple[Any, ...]:
        """As it is sent from a worker: made anew from what it was made of."""
        return ScenarioError, (self.source, self.problems)

    def as_text(self) -> str:
        """One screen of text: file, key path, what was found, what is allowed.

        At most `MOST_BYTES` long and without characters that do not show.
        """
        count = len(self.problems)
        text = f"{shortened(self.source, SOURCE_BYTES)}: {count:,} problem{'s' if count > 1 else ''}"
        told = 0
        for problem in self.problems[:MOST_SHOWN]:
            lines = problem.as_lines(alone=count == 1)
            if len(f"{text}\n{lines}".encode()) > MOST_BYTES - 80:  # room for the last line
                break
            text, told = f"{text}\n{lines}", told + 1
        more = f"\n  ... and {count - told:,} more; put these right first" if told < count else ""
        return text + more
