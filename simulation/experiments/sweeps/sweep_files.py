"""What the files of a sweep must hold for whoever reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel


class About(BaseModel):
    """``sweep.json``: what was asked, by which version."""

    model_version: str
    arms: list[str]
    scenario: dict[str, Any]


def remedy_of(folder: Path) -> str:
    """What writes a sweep's tables again."""
    return f"run.py sweep SCENARIO --resume --out {folder} writes it again, from the runs that are kept"
