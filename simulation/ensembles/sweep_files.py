"""What the files of a sweep must hold for whoever reads them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ..errors import ArchiveError, Remedy
from ..storage.files import read_json

EARLIER = "runs"
"""Folder in which earlier versions kept a file of each finished run."""


class About(BaseModel):
    """``sweep.json``: what was asked, by which version."""

    model_version: str
    arms: list[str]
    scenario: dict[str, Any]


class RunFile(BaseModel):
    """A finished run; see `tasks.Finished`."""

    identity: str
    point: int
    replicate: int
    changes: dict[str, Any]
    seed: int
    arms: dict[str, dict[str, int | float | None]]
    error: str
    trace: str


def remedy_for(folder: Path) -> Remedy:
    """What writes the files of a sweep or search again."""
    return Remedy("gather", str(folder))


def earlier_runs(folder: Path) -> Iterator[dict[str, Any]]:
    """Runs as an earlier version kept them, a file each; one that cannot be read does not count."""
    for file in sorted((folder / EARLIER).glob("*.json")):
        try:
            run: dict[str, Any] = read_json(file, RunFile, remedy_for(folder))
        except ArchiveError:
            continue
        if run["identity"] == file.stem:
            yield run
