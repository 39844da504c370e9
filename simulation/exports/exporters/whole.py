"""The folder itself with all its files, and those from outside that its scenario names, in one zip file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ...scenario.plugged_files import files_behind
from ...storage.folders import SWEEP
from ..exporting import SLIDES, TABLES, Exporter

SCENARIO, ENDING = "scenario.toml", ".zip"
OUTSIDE = "from_outside"
"""Folder in the file with plugins, points and facts that lie elsewhere."""


def pack(folder: Path, file: Path) -> None:
    """Write all that lies in `folder`, and what its scenarios and their plugins name elsewhere.

    A colleague can read and check it as it is. Scenarios name files from outside by their paths here: who
    wants to go on with the runs puts copies from `OUTSIDE`, which are numbered, where these paths say.
    """
    inside = folder.absolute()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for path in sorted(inside.rglob("*")):
            name = path.relative_to(inside)
            if path.is_file() and not _is_passing(name) and name != Path(f"{inside.name}{ENDING}"):
                archive.write(path, Path(inside.name) / name)
        for number, path in enumerate(dict.fromkeys(_outside(inside)), 1):
            if path.is_file():
                archive.write(path, Path(inside.name) / OUTSIDE / f"{number}_{path.name}")


def _is_passing(name: Path) -> bool:
    """Whether a file is a draft, a lock, or was itself exported."""
    return any(part.startswith(".") for part in name.parts) or name.name.startswith(
        (f"{TABLES}.", f"{SLIDES}.")
    )


def _outside(folder: Path) -> Iterator[Path]:
    """Files that scenarios in a folder name, and that plugins among these need, each as often as it is."""
    scenarios = [tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.rglob(SCENARIO)]
    scenarios += [json.loads(file.read_bytes())["scenario"] for file in folder.rglob(SWEEP)]
    for scenario in scenarios:
        for files in scenario.get("plugins", {}).values():
            for file in map(Path, files.values()):
                yield from files_behind(file) if file.is_file() else ()
        for section, key in (("sweep", "csv"), ("calibration", "facts")):
            if name := scenario.get(section, {}).get(key):
                yield Path(name)


EXPORTER = Exporter("the whole folder in a zip file", ENDING, pack=pack)
