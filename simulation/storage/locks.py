"""Locks on files: the system drops them when their owner dies, however it dies.

A process number left in a file could be another program's by now, or one in another container.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
BEYOND_THE_END = 1 << 30
"""Windows locks bytes, which nobody else can read then: one that holds no words."""


class HeldElsewhere(Exception):
    """Another process, or another part of this one, holds the lock."""


class CannotTell(Exception):
    """Files cannot be locked there: some shared folders, say."""


@contextmanager
def locked(path: Path, create: bool = True) -> Iterator[int]:
    """Hold the lock on a file, and have it open.

    Raises
    ------
    HeldElsewhere
        If somebody else holds it.
    CannotTell
        If the file system has no locks.
    OSError
        If the file cannot be opened.
    """
    with ExitStack() as opened:
        while True:
            file = os.open(path, os.O_RDWR | (os.O_CREAT if create else 0), 0o666)
            opened.callback(os.close, file)
            _lock(file)
            if _is_at(file, path):
                break
            opened.close()  # its last owner removed it before it was locked here
        yield file


def remove_held(file: Path) -> None:
    """Remove a file while it is locked, so that it is nobody else's; Windows has it stay while it is open."""
    with suppress(OSError):
        file.unlink(missing_ok=True)


def _lock(file: int) -> None:
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            os.lseek(file, BEYOND_THE_END, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            os.lseek(file, 0, os.SEEK_SET)
    except ImportError:
        raise CannotTell from None
    except OSError as error:
        raise (HeldElsewhere if error.errno in HELD else CannotTell) from None


def _is_at(file: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.stat())
    return False
