"""The heir: a tiny process that removes what a program leaves half-written if it is killed.

A program that is killed can tidy up nothing, so it tells another of each draft before it makes it. The heir
reads until their connection ends, as it does however the program ends, removes what is still there, and
goes, too. Where none can be begun, or it is killed as well, the next command that looks there tidies up.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from ..resources import PROJECT_FOLDER
from ..terminal.stopping import SIGNALS
from .locks import CannotTell, HeldElsewhere, locked, remove_held

PATIENCE_SECONDS, AGAIN_SECONDS = 5.0, 0.1
"""How long and how often the heir tries: locks and workers of a killed program go a little after it."""
MADE, GONE, END = b"+", b"-", b"\0"
PROGRAM = "import sys; sys.path.append(sys.argv[1]); from simulation.storage.heir import main; main()"

_heir: subprocess.Popen[bytes] | None = None
_begun = False
_telling = threading.RLock()


@contextmanager
def inherited(path: Path) -> Iterator[None]:
    """Have a file or folder that is only there meanwhile removed should this process be killed."""
    name = os.fsencode(path.absolute())
    _tell(MADE + name + END)
    try:
        yield
    finally:
        _tell(GONE + name + END)


def _tell(words: bytes) -> None:
    with _telling:
        _begin()
        if _heir and _heir.stdin:
            with suppress(OSError, ValueError):  # it was killed, or this program is at its end
                _heir.stdin.write(words)


def _begin() -> None:
    """Begin the heir once; not for lack of processes is anything left unwritten."""
    global _heir, _begun
    if _begun:
        return
    _begun = True
    if getattr(sys, "frozen", False) or "python" not in Path(sys.executable or "").stem.lower():
        return  # another program has Python within it, and would be begun again
    # In a group of its own it outlives whoever is killed by group, and hears of no Ctrl-C; in no folder, it
    # is in nobody's way.
    apart = (
        {"process_group": 0}
        if os.name == "posix"
        else {"creationflags": getattr(subprocess, "CREATE_NO_WINDOW", 0)}
    )
    with suppress(OSError):
        _heir = subprocess.Popen(
            [sys.executable, "-B", "-I", "-S", "-c", PROGRAM, str(PROJECT_FOLDER)],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=PROJECT_FOLDER.anchor,
            **apart,
        )
        if os.name == "posix" and _heir.stdin:
            os.set_blocking(_heir.stdin.fileno(), False)  # an heir that is halted holds up nobody


@atexit.register
def _dismiss() -> None:
    """Let the heir end, with nothing to remove."""
    if _heir and _heir.stdin:
        _heir.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            _heir.wait(PATIENCE_SECONDS)


def _disown() -> None:
    """In a process that was forked: what it makes is not for its parent's heir, which would wait for it."""
    global _heir, _begun, _telling
    if _heir and _heir.stdin:
        _heir.stdin.close()
        _heir.returncode = 0  # it is nobody's child here
    _heir, _begun, _telling = None, False, threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown)


# ---- in the heir


def main() -> None:
    """What the heir does."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    remove_all(left_behind(sys.stdin.buffer))


def left_behind(told: BinaryIO) -> list[Path]:
    """What is still there when nothing more is told, the last first."""
    words, left = b"", dict[bytes, None]()
    while some := told.read1():  # type: ignore[attr-defined]
        *whole, words = (words + some).split(END)
        for word in whole:
            if word.startswith(MADE):
                left[word[1:]] = None
            else:
                left.pop(word[1:], None)
    return [Path(os.fsdecode(name)) for name in reversed(left)]


def remove_all(left: list[Path], patience: float = PATIENCE_SECONDS) -> None:
    """Remove files and folders; those that somebody holds when `patience` is over are somebody else's."""
    deadline = time.monotonic() + patience
    while left := [path for path in left if not _removed(path)]:
        if time.monotonic() > deadline:
            return
        time.sleep(AGAIN_SECONDS)


def _removed(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError, HeldElsewhere, CannotTell), locked(path, create=False):
            remove_held(path)
    return not path.exists()
