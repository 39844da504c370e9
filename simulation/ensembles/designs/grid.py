"""Every combination of the levels of all factors."""

from __future__ import annotations

import itertools
import math
from typing import Any

from ...languages.speaking import template
from ...scenario.sections.sweep import Sweep
from ..sampling.design import Design


def points(sweep: Sweep) -> list[dict[str, Any]]:
    """All combinations, the last factor changing first."""
    from ..sampling.factors import as_points, levels

    combinations = itertools.product(*(levels(factor) for factor in sweep.factors))
    return as_points(sweep.factors, list(zip(*combinations, strict=True)))


def count(sweep: Sweep) -> int:
    """``prod_k levels_k``."""
    return math.prod(factor.grid_levels for factor in sweep.factors)


DESIGN = Design(template("every combination of levels"), points, count)
