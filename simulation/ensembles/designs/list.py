"""Points that the scenario or a file of its own lists."""

from __future__ import annotations

from typing import Any

from ...languages.speaking import template
from ...scenario.sections.sweep import Sweep
from ..sampling.design import Design


def points(sweep: Sweep) -> list[dict[str, Any]]:
    """The rows as they stand; a row may leave keys as they are, a file may not."""
    if sweep.rows:
        return [dict(row) for row in sweep.rows]
    from ..sampling.point_files import read_points

    return read_points(sweep.csv)


def fault(sweep: Sweep) -> str:
    """Points must be given, and in one place."""
    return "a list needs its points; give either rows or csv" if bool(sweep.rows) == bool(sweep.csv) else ""


DESIGN = Design(
    template("a list of points"),
    points,
    count=lambda sweep: len(sweep.rows),
    samples=False,
    fault=fault,
    continues=True,
)
