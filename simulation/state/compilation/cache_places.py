"""Where compiled code can be kept: in the user's own folder, or else where anything can be written."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from ...resources import DISTRIBUTION


def first_writable(places: list[Path], folder: str, if_homeless: Sequence[Path] = ()) -> Path | None:
    """The first of `places`, then of the user's own, in which `folder` is there or can be made.

    Compiled code is loaded and run, so nobody else may have written it: of the folder for temporary files,
    which all share, only a part is used that is the user's alone.

    Parameters
    ----------
    places : list of Path
        Tried first; what is in `folder` of one that can only be read is brought along.
    folder : str
        Name of the folder.
    if_homeless : sequence of Path, optional
        Tried where the user has no home to write to, before the folder for temporary files; what is in
        `folder` of one is brought along as well.

    Returns
    -------
    Path or None
        None where nothing can be written.
    """
    for place in places:
        if _takes_files(place / folder):
            return place / folder
    for place in [*_homes(), *if_homeless, *_temporary()]:
        if _takes_files(place):
            for made_before in (*places, *if_homeless):
                _bring(made_before / folder, place / folder)
            if _takes_files(place / folder):
                return place / folder
    return None


def _homes() -> Iterator[Path]:
    """The user's folder for caches, if there is a home."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or ""
    if Path(given).is_absolute():
        yield Path(given) / DISTRIBUTION
    with suppress(RuntimeError):  # no home is known
        home = Path.home()
        if home.is_absolute() and home.is_dir():
            yield home / ".cache" / DISTRIBUTION


def _temporary() -> Iterator[Path]:
    """The user's own in the folder for temporary files."""
    with suppress(OSError):
        yield from _private(Path(tempfile.gettempdir()))


def _private(temporary: Path) -> Iterator[Path]:
    if not hasattr(os, "getuid"):  # Windows: everybody has a folder for temporary files
        yield temporary / DISTRIBUTION
        return
    place = temporary / f"{DISTRIBUTION}-{os.getuid()}"
    place.mkdir(mode=0o700, exist_ok=True)
    found = place.lstat()
    if found.st_uid == os.getuid() and not found.st_mode & 0o077 and place.is_dir():
        yield place


def _takes_files(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


def _bring(made_before: Path, folder: Path) -> None:
    """Copy compiled code, say of an image that was made by another user, as a whole or not at all."""
    if folder.exists() or not made_before.is_dir():
        return
    with suppress(OSError), tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        shutil.copytree(made_before, Path(draft) / folder.name).rename(folder)
