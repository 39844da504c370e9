"""The folder itself with all its files, and those from outside that its scenario names, in one zip file."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ..exporting import Exporter


def pack(folder: Path, file: Path) -> None:
    """Write all that lies in `folder`, and what its scenarios and their plugins name elsewhere.

    A colleague can read and check it as it is. Scenarios name files from outside by their paths here: who
    wants to go on with the runs puts copies of these, which are numbered, where these paths say.
    """
    from ..parts import parts_of

    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for path, name in parts_of(folder):
            archive.write(path, Path(folder.absolute().name) / name)


EXPORTER = Exporter("the whole folder in a zip file", ".zip", pack=pack)
