"""Locks on files: the system drops them when their owner dies, however it dies.

A process number left in a file could be another program's by now, or one in another container.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ..scenario.problems import Problem, ScenarioError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

IN_USE = ".in_use"
"""File in a folder that says who works there; locked as long as it is true."""
HELD = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
BEYOND_THE_END = 1 << 30
"""Windows locks bytes, which nobody else can read then: one that holds no words."""


class Held(Exception):
    """Another process, or another part of this one, holds the lock."""


class CannotTell(Exception):
    """Files cannot be locked there: some shared folders, say."""


@contextmanager
def locked(path: Path, create: bool = True) -> Iterator[int]:
    """Hold the lock on a file, and have it open.

    Raises
    ------
    Held
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


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Work in a folder, which is made if need be, as the only program.

    Raises
    ------
    ScenarioError
        If another one works there.
    """
    new, file = not folder.exists(), folder / IN_USE
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        if new:
            held.callback(_remove_if_empty, folder)
        try:
            opened = held.enter_context(locked(file))
        except Held:
            raise ScenarioError(str(folder), [Problem(
                "folder", f"in use by {_signature_in(file)}", "to wait until that has ended, or another --out"
            )]) from None
        except CannotTell:
            pass  # as on any computer before there were locks
        else:
            _sign(opened)
            held.callback(remove_held, file)
        yield


def remove_held(file: Path) -> None:
    """Remove a file while it is locked, so that it is nobody else's; Windows has it stay while it is open."""
    with suppress(PermissionError):
        file.unlink(missing_ok=True)


def _sign(file: int) -> None:
    words = f"process {os.getpid()} on {socket.gethostname()} since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    os.truncate(file, 0)
    os.write(file, words.encode())


def _signature_in(file: Path) -> str:
    with suppress(OSError):
        return file.read_text(encoding="utf-8") or "another process"
    return "another process"


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


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
        raise (Held if error.errno in HELD else CannotTell) from None


def _is_at(file: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.stat())
    return False
