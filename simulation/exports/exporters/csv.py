"""One CSV file a table, in UTF-8 with the mark by which Excel knows it, all in one zip file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from ..exporting import Exporter

if TYPE_CHECKING:
    import pandas as pd


def write(tables: Mapping[str, pd.DataFrame], file: Path) -> None:
    """Write all tables; missing values are empty."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            with archive.open(f"{name}.csv", "w") as entry:
                table.to_csv(entry, index=False, encoding="utf-8-sig", lineterminator="\r\n")


EXPORTER = Exporter("CSV files in a zip file", ".csv.zip", write)
