"""A run as an RO-Crate: all its files in a zip file, with a description that research archives read."""

from __future__ import annotations

from pathlib import Path

from ..exporting import Exporter


def pack(folder: Path, file: Path) -> None:
    """Write the crate."""
    from ..crate import write_crate

    write_crate(folder, file)


EXPORTER = Exporter("an RO-Crate of a run", ".crate.zip", pack=pack)
