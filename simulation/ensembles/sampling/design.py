"""What a design of a sweep is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from ...scenario.sections.sweep import Sweep


class Indices(Enum):
    """Sensitivity indices that the points of a design allow."""

    SALTELLI = "first and total order"
    GIVEN_DATA = "delta and PAWN"


@dataclass(frozen=True)
class Design:
    """How the points of a sweep are chosen. The file that declares one is light to load.

    Attributes
    ----------
    label : str
        For readers, after "by": ``"a latin hypercube"``.
    points : callable
        ``points(sweep)``: the points, a list of tables of dotted keys and values.
    count : callable
        ``count(sweep)``: how many points there are; 0 where only a file tells.
    samples : bool
        Whether points are made from the ranges of factors, which then must be given; else they are listed.
    indices : Indices
        Which indices of sensitivity the points allow.
    group : callable
        ``group(factors)``: how many points, one after another, share coordinates by design.
    fault : callable
        ``fault(sweep)``: what is wrong with the numbers of a sweep; empty if nothing.
    continues : bool
        Whether fewer points are the first of more, so that a sweep with more of them runs only the rest.
    """

    label: str
    points: Callable[[Sweep], list[dict[str, Any]]]
    count: Callable[[Sweep], int]
    samples: bool = True
    indices: Indices = Indices.GIVEN_DATA
    group: Callable[[int], int] = lambda factors: 1
    fault: Callable[[Sweep], str] = lambda sweep: ""
    continues: bool = False
