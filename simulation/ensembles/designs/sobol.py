"""Saltelli's design, whose points give first and total order indices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...languages.speaking import sentence, template
from ...scenario.sections.sweep import Sweep
from ..sampling.design import Design, Indices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def saltelli(factors: int, base: int, seed: int) -> NDArray[np.float64]:
    """Saltelli's design on the unit cube, shape (base x (factors + 2), factors), by SALib."""
    from SALib.sample import sobol

    problem = {"num_vars": factors, "names": list(range(factors)), "bounds": [[0.0, 1.0]] * factors}
    return sobol.sample(problem, base, calc_second_order=False, scramble=True, seed=seed)


def points(sweep: Sweep) -> list[dict[str, Any]]:
    """``N (k + 2)`` points."""
    from ..sampling.factors import from_unit_cube

    return from_unit_cube(sweep.factors, saltelli(len(sweep.factors), sweep.points, sweep.seed))


def group(factors: int) -> int:
    """Points made from the same two base points: these, and each factor of one put into the other."""
    return factors + 2


def fault(sweep: Sweep) -> str:
    """Sobol's sequence is even only over powers of two."""
    if not sweep.points & (sweep.points - 1):
        return ""
    lower = 2 ** (sweep.points.bit_length() - 1)
    return sentence(
        "a Sobol design of {points} points is not balanced; "
        "let points be a power of two, such as {lower} or {lower_2}",
        points=sweep.points,
        lower=lower,
        lower_2=2 * lower,
    )


DESIGN = Design(
    template("Saltelli's design for Sobol indices"),
    points,
    count=lambda sweep: sweep.points * group(len(sweep.factors)),
    indices=Indices.SALTELLI,
    group=group,
    fault=fault,
    continues=True,
)
