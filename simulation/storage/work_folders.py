"""Folders in which one program at a time works: sweeps, searches, calibrations, evidence."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ..errors import ArchiveError, Problem, Remedy
from ..languages.speaking import sentence
from .drafts import remove_abandoned
from .heir import inherited
from .locks import CannotTell, HeldElsewhere, locked, remove_held

IN_USE = ".in_use"
"""File in a folder that says who works there; locked as long as it is true."""


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Work in a folder, which is made if need be, as the only program; what killed ones left is removed.

    Raises
    ------
    ArchiveError
        If another one works there.
    """
    new, file = not folder.exists(), folder / IN_USE
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        if new:
            held.callback(_remove_if_empty, folder)
        held.enter_context(inherited(file))
        try:
            opened = held.enter_context(locked(file))
        except HeldElsewhere:
            raise ArchiveError(
                str(folder),
                [
                    Problem(
                        "folder",
                        sentence("in use by {signature_in}", signature_in=_signature_in(file)),
                        "",
                        remedy=Remedy("wait"),
                    )
                ],
            ) from None
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(folder)) from None
        except CannotTell:
            pass  # then whoever starts two programs there must know
        else:
            _sign(opened)
            held.callback(remove_held, file)
        _tidy_up(folder)
        yield


def _tidy_up(folder: Path) -> None:
    remove_abandoned(folder.parent, folder, *(entry for entry in folder.iterdir() if entry.is_dir()))


def _sign(file: int) -> None:
    words = sentence(
        "process {getpid} on {gethostname} since {now:%Y-%m-%d %H:%M} UTC",
        getpid=os.getpid(),
        gethostname=socket.gethostname(),
        now=datetime.now(UTC),
    )
    os.truncate(file, 0)
    os.write(file, words.encode())


def _signature_in(file: Path) -> str:
    with suppress(OSError):
        return file.read_text(encoding="utf-8") or "another process"
    return "another process"


def _remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()
