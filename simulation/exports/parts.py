"""All files of a folder of results that are handed on, with those from outside that its scenarios name."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

from ..scenario.plugged_files import files_behind
from ..storage.folders import SWEEP
from .exporting import EXPORTERS, SLIDES, TABLES

SCENARIO = "scenario.toml"
OUTSIDE = "from_outside"
"""Folder in the file with plugins, points and facts that lie elsewhere."""


def parts_of(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Each file, and its name as seen from `folder`; those from outside are numbered."""
    inside = folder.absolute()
    made = {f"{inside.name}{exporter.ending}" for exporter in EXPORTERS.values() if exporter.pack}
    for path in sorted(inside.rglob("*")):
        name = path.relative_to(inside)
        if path.is_file() and not _is_passing(name) and str(name) not in made:
            yield path, name
    for number, path in enumerate(dict.fromkeys(_outside(inside)), 1):
        if path.is_file():
            yield path, Path(OUTSIDE) / f"{number}_{path.name}"


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
