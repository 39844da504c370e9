"""Compiled code kept in files, each named by what its code follows from: never stale, and compiled once.

Numba's own cache goes by the path and the bytes of one file: a copy of it, or a word in a comment, has all
compiled anew, while a change in another file's rule that is pasted in goes unseen. And it has processes that
start together compile the same, each for itself. Here whoever finds nothing kept locks the file's name first.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numba.core import compiler, sigutils
from numba.core.caching import _Cache
from numba.core.serialize import dumps

from .content import Unknown, content_of, said_of_type

try:
    import fcntl
except ImportError:  # Windows: who starts together compiles the same there
    fcntl = None  # type: ignore[assignment]

ENDING = ".code"
LONGEST_WAIT = 180.0
"""Seconds after which whoever waits for another's code compiles it too."""
LOOK_SECONDS = 0.05
DAY = 24 * 3600.0
KEPT_DAYS = 90
"""Days after which code that nobody has asked for is removed."""
_CHECK = 32
"""Bytes at the beginning of a file, by which one that is torn is known."""


def file_stem(function: FunctionType) -> str:
    """Beginning of the names of files with a function's code, whatever it is given.

    Raises
    ------
    Unknown
        If it cannot be told what the code follows from.
    """
    place = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__}".replace("<locals>.", "")
    return f"{place[-80:]}-{content_of(function)[:20]}"


class KeptCode(_Cache):
    """The compiled code of one function, for Numba.

    Parameters
    ----------
    function : function
        In Python.
    options : dict
        How it is compiled.
    folder : Path
        Where code is kept.
    """

    def __init__(self, function: FunctionType, options: dict[str, Any], folder: Path):
        self._function, self._options, self._folder = function, options, folder
        self._enabled, self._held = True, dict[Path, int]()

    @property
    def cache_path(self) -> str:
        """Where code is kept."""
        return str(self._folder)

    def enable(self) -> None:
        """Keep code."""
        self._enabled = True

    def disable(self) -> None:
        """Keep none."""
        self._enabled = False

    def flush(self) -> None:
        """Nothing is kept in memory."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """What is kept of code for these types; None if it must be compiled, which others then wait for."""
        target_context.refresh()
        path = self._file(sig, target_context.codegen())
        if path is None:
            return None
        found = _read(path)
        if found is None and self._lock(path):
            found = _read(path)  # whoever held the lock has written it
            if found is not None:
                self._let_go(path)
        return None if found is None else compiler.CompileResult._rebuild(target_context, *found)

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep code, unless it holds what only this process has."""
        path = self._file(sig, data.codegen)
        if path is None:
            return
        try:
            if not data.library.has_dynamic_globals and all(part.can_cache for part in data.lifted):
                with suppress(OSError):  # a full disk loses nothing but time
                    _write(path, dumps(data._reduce()))
        finally:
            self._let_go(path)

    def give_up(self) -> None:
        """Have nobody wait for code that could not be compiled."""
        for path in list(self._held):
            self._let_go(path)

    def _file(self, sig: Any, codegen: Any) -> Path | None:
        """The file with code for these types on this machine; None where what it follows from is unknown."""
        if not self._enabled:
            return None
        try:
            stem = file_stem(self._function)
            arguments, result = sigutils.normalize_signature(sig)
            given = [said_of_type(each) for each in (*arguments, result)]
        except Unknown:
            return None
        settings: Any = numba.config  # its fields are made at run time
        made_by = (
            sorted((name, repr(option)) for name, option in self._options.items()),
            (numba.__version__, np.__version__, sys.version_info[:3], getattr(sys, "abiflags", "")),
            (settings.OPT, settings.BOUNDSCHECK, settings.DEBUGINFO_DEFAULT),
            codegen.magic_tuple(),
        )
        digest = hashlib.sha256(repr((given, made_by)).encode()).hexdigest()
        return self._folder / f"{stem}-{digest[:20]}{ENDING}"

    def _lock(self, path: Path) -> bool:
        """Wait until nobody else compiles the same; whether anybody may have done so meanwhile."""
        if fcntl is None:
            return False
        with suppress(OSError):
            file = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o666)
            end = time.monotonic() + LONGEST_WAIT
            while time.monotonic() < end:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    time.sleep(LOOK_SECONDS)
                    continue
                except OSError:  # no locks there
                    break
                self._held[path] = file
                return True
            os.close(file)
        return False

    def _let_go(self, path: Path) -> None:
        file = self._held.pop(path, None)
        if file is not None:
            with suppress(OSError):
                path.with_suffix(".lock").unlink(missing_ok=True)
            os.close(file)


@contextmanager
def first_to(path: Path) -> Iterator[bool]:
    """Whether nobody else is inside such a block with the same `path`; False where files have no locks."""
    file, first = -1, False
    if fcntl is not None:
        with suppress(OSError):
            file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            first = True
    try:
        yield first
    finally:
        if file >= 0:
            os.close(file)


def _read(path: Path) -> Any:
    """What `_write` has written; None if there is nothing, or something torn."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    check, data = content[:_CHECK], content[_CHECK:]
    if hashlib.sha256(data).digest() != check:
        return None
    with suppress(OSError):
        if time.time() - path.stat().st_mtime > DAY:
            os.utime(path)  # it is still asked for
    return pickle.loads(data)


def _write(path: Path, data: bytes) -> None:
    """Write code as a whole or not at all, and remove what nobody has asked for in a long time."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{time.monotonic_ns()}")
    try:
        draft.write_bytes(hashlib.sha256(data).digest() + data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    remove_old(path.parent)


def remove_old(folder: Path) -> None:
    """Remove files of `folder` that nobody has asked for in a long time, drafts of killed programs too."""
    oldest = time.time() - KEPT_DAYS * DAY
    for file in folder.iterdir():
        with suppress(OSError):
            if file.is_file() and file.stat().st_mtime < oldest:
                file.unlink()
