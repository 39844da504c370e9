"""Points of which every factor has one in each of as many equal parts of its range."""

from __future__ import annotations

from typing import Any

from ...languages.speaking import template
from ...scenario.sections.sweep import Sweep
from ..sampling.design import Design


def points(sweep: Sweep) -> list[dict[str, Any]]:
    """A latin hypercube (McKay, Beckman and Conover 1979), by SciPy."""
    from scipy.stats import qmc

    from ..sampling.factors import from_unit_cube

    unit = qmc.LatinHypercube(len(sweep.factors), rng=sweep.seed).random(sweep.points)
    return from_unit_cube(sweep.factors, unit)


DESIGN = Design(template("a latin hypercube"), points, count=lambda sweep: sweep.points)
