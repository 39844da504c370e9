"""Standard output and error that take whatever is written to them.

A console of another encoding, a reader that goes away (``run.py list | head -1``) and a full disk must not
end work that is under way: what a console cannot show is replaced, what cannot be written is dropped, and
the user is told at the end.
"""

from __future__ import annotations

import codecs
import errno
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

REPLACED = {
    "✔": "+",
    "✘": "x",
    "·": "-",
    "…": "...",
    "−": "-",
    "–": "-",
    "—": "-",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "½": "1/2",
}
"""What stands for our own signs where they cannot be shown; other characters are written as escapes."""
ERRORS = "replaced_or_escaped"
GONE = (errno.EPIPE, errno.EINVAL)
"""What a closed pipe says; the second on Windows."""


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    """What is shown instead of characters that an encoding does not have; a handler for `codecs`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    shown = (REPLACED.get(char) or char.encode("ascii", "backslashreplace").decode() for char in missing)
    return "".join(shown), error.end


codecs.register_error(ERRORS, _stand_in)


class Dropping(io.RawIOBase):
    """Writes to `target` until that fails, and nowhere from then on; `failure` says why.

    Parameters
    ----------
    target : RawIOBase
        Where bytes go.
    """

    def __init__(self, target: io.RawIOBase):
        self._target = target
        self.failure: OSError | None = None

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """That of the target."""
        return self._target.fileno()

    def isatty(self) -> bool:
        """Whether the target is a terminal."""
        return self._target.isatty()

    def write(self, data: Any) -> int | None:
        """Write, or drop what cannot be written any more."""
        if self.failure is None:
            try:
                return self._target.write(data)
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


@contextmanager
def patient_streams() -> Iterator[Callable[[], OSError | None]]:
    """Let standard output and error take everything.

    Yields
    ------
    callable
        Why something of the output is lost, if it is; a reader that had seen enough is no loss.
    """
    before = sys.stdout, sys.stderr
    (sys.stdout, end), (sys.stderr, _) = patient = _patient(before[0]), _patient(before[1])

    def lost() -> OSError | None:
        _flush(patient[0][0])
        failure = end.failure if end else None
        return None if failure is None or failure.errno in GONE else failure

    try:
        yield lost
    finally:
        for stream, _ in patient:
            _flush(stream)
        sys.stdout, sys.stderr = before


def _patient(stream: TextIO) -> tuple[TextIO, Dropping | None]:
    """The stream with a `Dropping` below it; one that is no file of the system keeps what it has below."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream, None  # none at all, or one of a notebook
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if not isinstance(raw, io.RawIOBase):
        stream.reconfigure(errors=ERRORS)
        return stream, None
    stream.flush()
    end = Dropping(raw)
    below: Any = end if raw is stream.buffer else io.BufferedWriter(end)
    return io.TextIOWrapper(
        below,
        stream.encoding,
        ERRORS,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    ), end


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        stream.flush()
