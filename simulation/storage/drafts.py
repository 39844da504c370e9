"""Drafts: whatever is half-written has a hidden name of its own, and takes its place when it is whole.

A draft is removed when something goes wrong; where its process is killed, by its heir, or else by the next
command that looks there. Its owner's lock tells it from drafts that are being written.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ..terminal.stopping import undisturbed
from .heir import inherited
from .locks import CannotTell, HeldElsewhere, locked, remove_held

ENDING, OWNER = ".partial", ".owner"
OURS = re.compile(r"\..*\.\d+-[0-9a-f]{8}" + re.escape(ENDING))
LONGEST = 60
"""Characters of a name that are in its draft's; with all of them that could be longer than names may be."""


@contextmanager
def draft_in(parent: Path, name: str) -> Iterator[Path]:
    """An empty folder for a draft of `name`, removed at the end with all that is left in it.

    Parameters
    ----------
    parent : Path
        Folder that is there; what is written moves within it for nothing.
    name : str
        What it will be; for whoever looks.
    """
    with _draft(parent, name, is_folder=True) as (draft, _):
        yield draft


@contextmanager
def replacing(path: Path, lasting: bool = True) -> Iterator[Path]:
    """A file to write that takes the place of `path` when all went well: there whole, or not at all.

    Parameters
    ----------
    path : Path
        Where it is in the end.
    lasting : bool
        Whether it must be there even if power is cut next, for which the disk is waited for.
    """
    with _draft(path.parent, path.name, is_folder=False) as (draft, owned):
        yield draft
        if lasting:
            flush(draft)
        if os.name == "nt":
            owned.close()  # Windows renames no open file
        draft.replace(path)
        if lasting:
            flush(path.parent)


def flush(path: Path) -> None:
    """Have the disk hold a file, or the names in a folder: a power cut may leave a name without content."""
    if path.is_dir() and os.name == "nt":  # where folders cannot be opened
        return
    with suppress(OSError):  # file systems that know nothing of it
        file = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def remove_abandoned(*parents: Path) -> None:
    """Remove drafts in `parents` whose owners are gone; those of living ones stay."""
    for parent in parents:
        with suppress(OSError):  # a folder that cannot be looked into has nothing that could be removed
            for draft in parent.glob(f".*{ENDING}"):
                if OURS.fullmatch(draft.name):
                    _remove_if_abandoned(draft)


def _remove_if_abandoned(draft: Path) -> None:
    with suppress(OSError, HeldElsewhere, CannotTell):
        lock = draft / OWNER if draft.is_dir() else draft
        if not lock.exists():
            draft.rmdir()  # fails unless it is empty: whoever is making it then makes another
            return
        with locked(lock, create=False):
            _remove(draft)
        _remove(draft)


@contextmanager
def _draft(parent: Path, name: str, is_folder: bool) -> Iterator[tuple[Path, ExitStack]]:
    """A draft, and what is to be closed for others to take it for abandoned."""
    with ExitStack() as told, ExitStack() as owned:
        draft = _unused(parent, name, told)
        try:
            while not _own(draft, is_folder, owned):
                draft = _unused(parent, name, told)
            yield draft, owned
        finally:
            with undisturbed():
                _remove(draft)
                owned.close()
                _remove(draft)  # what Windows leaves there as long as it is open


def _unused(parent: Path, name: str, told: ExitStack) -> Path:
    """A name that nobody has, of which the heir is `told`."""
    draft = parent / f".{name[:LONGEST]}.{os.getpid()}-{secrets.token_hex(4)}{ENDING}"
    told.enter_context(inherited(draft))
    return draft


def _own(draft: Path, is_folder: bool, owned: ExitStack) -> bool:
    """Make a draft and lock it, unless somebody who tidies up finds it before it is locked."""
    try:
        if is_folder:
            draft.mkdir(mode=0o700)
        owned.enter_context(locked(draft / OWNER if is_folder else draft))
    except CannotTell:
        return True
    except HeldElsewhere:
        return False
    except OSError as error:
        if isinstance(error, FileNotFoundError) and is_folder and draft.parent.is_dir():
            return False
        raise OSError(error.errno, error.strerror, str(draft.parent)) from None
    return True


def _remove(draft: Path) -> None:
    """Remove a draft, and its lock when all else is gone: without it nobody could tell whose the rest is."""
    if not draft.is_dir():
        remove_held(draft)
        return
    for entry in draft.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        elif entry.name != OWNER:
            remove_held(entry)
    if any(entry.name != OWNER for entry in draft.iterdir()):  # somebody who is at his end still writes
        return
    remove_held(draft / OWNER)
    with suppress(OSError):
        draft.rmdir()
