"""Whether a visitor can have a store's goods, and wants them again: place, and need since the last order."""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from ..state.columns import EVERYBODY, Doubles, Ints
from ..state.compiled import rule


@rule
def delivers_to(viewer, sells_from, sells_to):
    """Whether a viewer can get a store's goods: viewers `sells_from` to `sells_to` (not included) can.

    A viewer who cannot may come in, watch and follow, but has no order placed.
    """
    return sells_from <= viewer < sells_to


def delivery_area(homes: Ints, radius: np.ndarray, size: int, social: int) -> tuple[Ints, Ints]:
    """First viewer to whom each store delivers, and the one after the last, shapes (merchants,).

    People who live near one another stand side by side, a neighbourhood of `size` viewers after the other,
    so the area of a local store is the `radius` viewers around the middle of its neighbourhood: at least
    this neighbourhood, in which it finds its customers, and never beyond the first or last viewer.

    Parameters
    ----------
    homes : array, shape (merchants,)
        Neighbourhood of each store; negative for one that is not local and sells everywhere.
    radius : array, shape (merchants,)
        Viewers nearest to each store to whom it delivers; 0 for everywhere.
    size, social : int
        Viewers in a neighbourhood, and viewers who have friends at all, who come first.
    """
    home = homes.astype(np.int64) * size
    reach = np.minimum(np.maximum(size, np.round(radius)), social).astype(np.int64)
    first = np.clip(home + (size - reach) // 2, 0, np.maximum(social - reach, 0))
    everywhere = (radius == 0) | (homes < 0)
    first = np.where(everywhere, 0, first)
    last = np.where(everywhere, EVERYBODY, first + reach)
    return first.astype(np.int32), last.astype(np.int32)


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
