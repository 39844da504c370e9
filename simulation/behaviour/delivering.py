"""Where a store's goods can be had: everywhere, or only around the place where it stands."""

from __future__ import annotations

import numpy as np

from ..state.columns import EVERYBODY, Ints
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
