"""Checksums of the files of a folder of results, in ``SHA256SUMS``, as ``sha256sum -c`` reads them.

Whatever reads a file of results compares it with its checksum, so that an altered number is never taken
for one that was found. Folders without the list, of earlier versions, are read as they are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from ..errors import ArchiveError, Problem, Remedy
from ..languages.speaking import sentence
from .drafts import replacing

SUMS = "SHA256SUMS"
ALTERED = sentence("altered since it was written")
_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")


def sum_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def begin_sums(folder: Path, names: Iterable[str] = ()) -> None:
    """Make the list of a folder's checksums anew, of `names` alone."""
    _write(folder, {name: sum_of(folder / name) for name in names})


def list_sums(folder: Path, names: Iterable[str]) -> None:
    """Put files into the list of their folder if it has one, and take out those that are gone."""
    if not (folder / SUMS).is_file():
        return
    try:
        known = known_sums(folder)
    except ArchiveError:  # whoever reads it is told
        return
    known |= {name: sum_of(folder / name) for name in names if (folder / name).is_file()}
    _write(folder, {name: found for name, found in known.items() if (folder / name).is_file()})


def known_sums(folder: Path) -> dict[str, str]:
    """Checksums by name, with ``/`` in those of files further below; empty where there is no list.

    Raises
    ------
    ArchiveError
        If the list itself is torn or altered.
    """
    try:
        text = (folder / SUMS).read_bytes().decode()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise _altered(folder / SUMS, sentence("torn or altered: {error}", error=error)) from None
    lines = text.split("\n")
    matches = [_LINE.fullmatch(line) for line in lines[:-1]]
    known = {match[2]: match[1] for match in matches if match}
    if lines[-1] or len(known) < len(matches):
        raise _altered(folder / SUMS, "torn or altered: a line that is no checksum")
    return known


def check_sum(path: Path, remedy: Remedy) -> None:
    """Refuse a file that is not as it was written, if its folder has a list.

    Raises
    ------
    ArchiveError
        If the file, or the list itself, is altered.
    """
    known = known_sums(path.parent)
    if path.name in known:
        if sum_of(path) != known[path.name]:
            raise _altered(
                path,
                sentence("{altered}: its checksum in {sums} is another", altered=ALTERED, sums=SUMS),
                remedy,
            )
    elif missing := [name for name in known if not (path.parent / name).is_file()]:
        raise _altered(
            path.parent / SUMS, sentence("it lists {missing}, which is not there", missing=missing[0]), remedy
        )


def faults_in(folder: Path) -> list[Problem]:
    """Every listed file of a folder, and of those within it, that is missing or altered.

    Returns
    -------
    list of Problem
        Empty if all are as they were written; their keys are names seen from `folder`.
    """
    problems = []
    for sums in sorted(folder.rglob(SUMS)):
        place = sums.parent
        try:
            known = known_sums(place)
        except ArchiveError as error:
            problems.append(Problem(sums.relative_to(folder).as_posix(), error.problems[0].found, ""))
            continue
        for name, expected in known.items():
            file = place / name
            found = "missing" if not file.is_file() else ALTERED if sum_of(file) != expected else ""
            if found:
                problems.append(Problem(file.relative_to(folder).as_posix(), found, "as it was written"))
    return problems


def _write(folder: Path, known: dict[str, str]) -> None:
    lines = [f"{found}  {name}\n" for name, found in sorted(known.items())]
    with replacing(folder / SUMS) as draft:
        draft.write_bytes("".join(lines).encode())


def _altered(path: Path, found: str, remedy: Remedy | None = None) -> ArchiveError:
    return ArchiveError(
        str(path), [Problem("(the file)", found, "the file as it was written", remedy=remedy)]
    )
