"""What the files of a sweep must hold for whoever reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ..errors import Remedy


class About(BaseModel):
    """``sweep.json``: what was asked, by which version."""

    model_version: str
    arms: list[str]
    scenario: dict[str, Any]


class RunFile(BaseModel):
    """A file under ``runs/``; see `tasks.Finished`."""

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
