"""Many small records in one file: a line of JSON each, behind its checksum, appended and never altered.

Why not a file a record: ten thousand of them take longer to list than to read. Why not SQLite: of ten
thousand records of 7 KB, a flipped bit in 3 of 40 places passed unnoticed there, and a commit for each took
3 ms (write-ahead log) to 15 ms (rollback journal), against 0.02 ms for a line of which the disk is told
every second. Here a checksum covers every byte of a line, and what a killed program has written half is one
line that is none. ``pandas.read_json(file, lines=True)`` reads it, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..languages.speaking import sentence
from .drafts import flush, replacing

SYNC_SECONDS = 1.0
"""Records of so long may be lost when power is cut; none when a program is killed."""
_HEAD = re.compile(
    rb'\{"checksum": "([0-9a-f]{32})", ("identity": "([^"\\]*)", "error": ("?).*\})', re.DOTALL
)
_IDENTITY = re.compile(rb'"identity": "([^"\\]{1,80})"')
_WELL = b'", "error": "", '


@dataclass(frozen=True)
class Line:
    """One line of a log.

    Attributes
    ----------
    number : int
        From 1.
    identity : str
        Of the record; of a line that is torn or altered, as far as it can be read.
    failed : bool
        Whether it holds an error.
    start, length : int
        Where it lies in the file, in bytes.
    whole : bool
        Whether it is as it was written.
    """

    number: int
    identity: str
    failed: bool
    start: int
    length: int
    whole: bool

    def __str__(self) -> str:
        return sentence("line {number}", number=self.number) + (
            f" (run {self.identity})" if self.identity else ""
        )


class RecordLog:
    """Records by identity; of two with the same the later one counts, but no error for what is there well.

    One program at a time writes, which is left to whoever owns the folder.

    Parameters
    ----------
    path : Path
        The file, which need not be there.
    """

    def __init__(self, path: Path):
        self.path = path
        self._begun, self._synced = False, time.monotonic()

    def lines(self) -> Iterator[Line]:
        """All lines, in the order in which they were written."""
        if not self.path.is_file():
            return
        start = 0
        with self.path.open("rb") as file:
            for number, text in enumerate(file, 1):
                yield _line(number, start, text)
                start += len(text)

    def index(self) -> tuple[dict[str, Line], list[Line]]:
        """The line of each record that counts, and those that are torn or altered."""
        known: dict[str, Line] = {}
        damaged = []
        for line in self.lines():
            before = known.get(line.identity)
            if not line.whole:
                damaged.append(line)
            elif before is None or before.failed or not line.failed:
                known[line.identity] = line
        return known, damaged

    def records(self, lines: Iterator[Line] | list[Line]) -> Iterator[dict[str, Any]]:
        """What stands on whole lines."""
        if not self.path.is_file():
            return
        with self.path.open("rb") as file:
            for line in lines:
                file.seek(line.start)
                record: dict[str, Any] = json.loads(file.read(line.length))
                del record["checksum"]
                yield record

    def append(self, record: dict[str, Any]) -> None:
        """Add a record, which has ``identity`` and ``error``; it stays if the program is killed next."""
        self._begin()
        self._begun = False  # a full disk may take half a line
        with self.path.open("ab") as file:
            file.write(line_of(record))
            file.flush()
            self._begun = True
            if time.monotonic() - self._synced > SYNC_SECONDS:
                self._sync(file.fileno())

    def sync(self) -> None:
        """Have everything on disk, whatever becomes of the machine."""
        if self.path.is_file():
            with self.path.open("ab") as file:
                self._sync(file.fileno())

    def keep_only(self, lines: list[Line]) -> None:
        """Write the file anew with some of its lines."""
        with self.path.open("rb") as old, replacing(self.path) as draft, draft.open("wb") as new:
            for line in lines:
                old.seek(line.start)
                new.write(old.read(line.length))

    def _sync(self, file: int) -> None:
        os.fsync(file)
        self._synced = time.monotonic()

    def _begin(self) -> None:
        """Let what is added begin on a line of its own, after whatever was written half."""
        if self._begun:
            return
        self._begun = True
        if not self.path.is_file():
            self.path.touch()
            flush(self.path.parent)  # a power cut may leave what was written without its name
        elif self.path.stat().st_size:
            with self.path.open("rb+") as file:
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    file.write(b"\n")


def line_of(record: dict[str, Any]) -> bytes:
    """A record as it stands in the file."""
    head = {"identity": record["identity"], "error": record["error"]}
    rest = json.dumps(head | record, ensure_ascii=False, allow_nan=False).encode()[1:]
    return b'{"checksum": "' + _digest(rest) + b'", ' + rest + b"\n"


def _line(number: int, start: int, text: bytes) -> Line:
    found = _HEAD.fullmatch(text[:-1]) if text.endswith(b"\n") else None
    if found and found[1] == _digest(found[2]):
        failed = not text.startswith(_WELL, found.end(3))
        return Line(number, found[3].decode(), failed, start, len(text), True)
    named = _IDENTITY.search(text)
    return Line(number, named[1].decode(errors="replace") if named else "", True, start, len(text), False)


def _digest(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode()
