"""Points of a sequence that can be continued: the first of many are the points of fewer."""

from __future__ import annotations

from typing import Any

from ...languages.speaking import template
from ...scenario.sections.sweep import Sweep
from ..sampling.design import Design


def points(sweep: Sweep) -> list[dict[str, Any]]:
    """The scrambled Halton sequence (Owen 2017, arXiv:1706.02808), by SciPy."""
    from scipy.stats import qmc

    from ..sampling.factors import from_unit_cube

    unit = qmc.Halton(len(sweep.factors), scramble=True, rng=sweep.seed).random(sweep.points)
    return from_unit_cube(sweep.factors, unit)


DESIGN = Design(
    template("a scrambled Halton sequence"), points, count=lambda sweep: sweep.points, continues=True
)
