"""How much of the wish to buy is there again after an order, by category."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from ..state.columns import Doubles
from ..state.compiled import rule


@rule
def need(days, cycle):
    """Share of the wish to buy in a category that is there `days` after the last order in it.

    ``1 - exp(-days / cycle)``: none on the day of the order, 63% after one cycle (days). Without a cycle (0)
    an order satisfies nothing, and the wish is always whole; so it is before the first order.
    """
    return 1.0 if cycle == 0.0 else 1.0 - math.exp(-days / cycle)


def category_cycles(categories: int, median: float, spread: float) -> Doubles:
    """Cycle of each category in days, from the shortest to the longest, shape (categories,).

    ``median * exp(spread * z)``, z being the normal quantiles of ``(number + 1/2) / categories``, so that
    cycles are spread over the categories of any world as over those that were observed.
    """
    return median * np.exp(spread * special.ndtri((np.arange(categories) + 0.5) / categories))
