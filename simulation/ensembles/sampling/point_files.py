"""Points of a sweep that a file lists."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...errors import Problem, ScenarioError
from ...languages.speaking import sentence
from ...scenario.reading.files import file_fault
from ...scenario.reading.sheet_files import read_sheet


def read_points(csv: str) -> list[dict[str, Any]]:
    """Points of a file, one a row, one column per key.

    Raises
    ------
    ScenarioError
        If it cannot be read, or has an empty cell.
    """
    path = Path(csv)
    allowed = "a CSV file with one column per key and one row per point"
    if fault := file_fault(path):
        raise ScenarioError(
            str(path), [Problem("sweep.csv", sentence("'{path}': {fault}", path=path, fault=fault), allowed)]
        )
    try:
        sheet = read_sheet(path, "sweep.csv", str(path))
        points = pd.read_csv(io.StringIO(sheet.text), keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise ScenarioError(
            str(path), [Problem("sweep.csv", sentence("'{path}': {error}", path=path, error=error), allowed)]
        ) from None
    points = points.dropna(how="all", ignore_index=True)
    if points.empty:
        raise ScenarioError(str(path), [Problem("sweep.csv", "no points", "at least one row")])
    if gaps := [str(key) for key in points if points[key].isna().any()]:
        raise ScenarioError(
            str(path),
            [
                Problem(
                    "sweep.csv",
                    sentence(
                        "nothing at point {flatnonzero} for '{key}'",
                        flatnonzero=int(np.flatnonzero(points[key].isna())[0]),
                        key=key,
                    ),
                    "a value at every point, the scenario's own where nothing changes",
                )
                for key in gaps
            ],
        )
    return [{str(key): value for key, value in row.items()} for row in points.to_dict("records")]
