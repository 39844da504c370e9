"""Drafts: whatever is half-written lies in a hidden folder of its own, and takes its place when it is whole.

A draft is removed when something goes wrong. One whose process was killed stays behind, and is removed
by the next command that looks there; its owner's lock tells it from drafts that are being written.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from ..stopping import undisturbed
from .locks import CannotTell, Held, locked, remove_held

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
    with ExitStack() as owned:
        draft = _unused(parent, name)
        try:
            while not _own(draft, owned):
                draft = _unused(parent, name)
            yield draft
        finally:
            with undisturbed():
                _empty(draft)
                owned.close()
                shutil.rmtree(draft, ignore_errors=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A file to write that takes the place of `path` when all went well: there whole, or not at all."""
    with draft_in(path.parent, path.name) as folder:
        draft = folder / path.name
        yield draft
        draft.replace(path)


def remove_abandoned(*parents: Path) -> None:
    """Remove drafts in `parents` whose owners are gone; those of living ones stay."""
    for parent in parents:
        with suppress(OSError):  # a folder that cannot be looked into has nothing that could be removed
            for draft in parent.glob(f".*{ENDING}"):
                if OURS.fullmatch(draft.name):
                    _remove_if_abandoned(draft)


def _remove_if_abandoned(draft: Path) -> None:
    with suppress(OSError, Held, CannotTell):
        if not (draft / OWNER).is_file():
            draft.rmdir()  # fails unless it is empty: whoever is making it then makes another
            return
        with locked(draft / OWNER, create=False):
            _empty(draft)
        shutil.rmtree(draft, ignore_errors=True)


def _unused(parent: Path, name: str) -> Path:
    return parent / f".{name[:LONGEST]}.{os.getpid()}-{secrets.token_hex(4)}{ENDING}"


def _own(draft: Path, owned: ExitStack) -> bool:
    """Make a folder and lock it, unless somebody who tidies up finds it before it is locked."""
    try:
        draft.mkdir(mode=0o700)
    except OSError as error:  # nobody knows the draft's name
        raise OSError(error.errno, error.strerror, str(draft.parent)) from None
    try:
        owned.enter_context(locked(draft / OWNER))
    except CannotTell:
        return True
    except (Held, FileNotFoundError):
        return False
    return True


def _empty(draft: Path) -> None:
    """Remove all but the lock, and it last of all: without it nobody could tell whose the rest is."""
    with suppress(FileNotFoundError):
        for entry in draft.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            elif entry.name != OWNER:
                remove_held(entry)
    remove_held(draft / OWNER)
