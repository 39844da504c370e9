"""The folder itself with all its files, and those from outside that its scenario names, in one zip file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ...storage.folders import SWEEP
from ..exporting import EXPORTED, Exporter

SCENARIO, ENDING = "scenario.toml", ".zip"
OUTSIDE = "from_outside"
"""Folder in the file with plugins, points and facts that lie elsewhere."""


def pack(folder: Path, file: Path) -> None:
    """Write everything that a colleague needs to read, check and continue what lies in `folder`."""
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
    return any(part.startswith(".") for part in name.parts) or name.name.startswith(f"{EXPORTED}.")


def _outside(folder: Path) -> Iterator[Path]:
    """Files that scenarios in a folder name, each as often as it is named."""
    scenarios = [tomllib.loads(file.read_text(encoding="utf-8")) for file in folder.rglob(SCENARIO)]
    scenarios += [json.loads(file.read_bytes())["scenario"] for file in folder.rglob(SWEEP)]
    for scenario in scenarios:
        for files in scenario.get("plugins", {}).values():
            yield from map(Path, files.values())
        for section, key in (("sweep", "csv"), ("calibration", "facts")):
            if name := scenario.get(section, {}).get(key):
                yield Path(name)


EXPORTER = Exporter("the whole folder in a zip file", ENDING, pack=pack)
