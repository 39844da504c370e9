"""PRIM: peels a box around the cases of interest (Friedman and Fisher 1999).

Candidates are judged by the gain in density for each case given up, which treats ranges and choices
alike (the "lenient" objective of Kwakkel and Jaxa-Rozen 2016); limits that chance would give are found
by the one-sided binomial test of Bryant and Lempert (2010).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

ALPHA = 0.05
"""Share of a box's cases that one peel takes away, or one paste adds, at most."""
LEAST_MASS = 0.05
"""Share of all cases that a box must hold."""

Mask = NDArray[np.bool_]
Extent = tuple[float, float] | frozenset[Any]
"""What a box has of one factor: lowest and highest value, both inside, or choices."""


@dataclass(frozen=True)
class Box:
    """Part of the space of factors.

    Attributes
    ----------
    extents : dict of str to Extent
        Of every factor.
    inside : bool array
        Cases in the box, shape (cases,).
    coverage, density : float
        Share of all cases of interest that the box holds; share of its cases that are of interest.
    """

    extents: Mapping[str, Extent]
    inside: Mask
    coverage: float
    density: float


class Prim:
    """One search for a box.

    Parameters
    ----------
    cases : DataFrame
        One row per case, one column per factor: numbers, or categories for choices.
    of_interest : bool array
        Shape (cases,); some, but not all, must be true.
    """

    def __init__(self, cases: pd.DataFrame, of_interest: Mask):
        self._columns = {str(key): cases[key].to_numpy() for key in cases}
        self._of_interest = np.asarray(of_interest, bool)
        self.whole = self._box(
            {
                key: frozenset(values)
                if values.dtype == object
                else (float(values.min()), float(values.max()))
                for key, values in self._columns.items()
            }
        )

    def trajectory(self) -> list[Box]:
        """Boxes from the whole to the densest: each a peel, and in the end pastes, of the one before."""
        boxes = [self.whole]
        for step in (self._best_peel, self._best_paste):
            while (box := step(boxes[-1])) is not None:
                boxes.append(box)
        return boxes

    def restricted(self, box: Box) -> list[str]:
        """Factors of which the box has less than the whole."""
        return [key for key, extent in box.extents.items() if extent != self.whole.extents[key]]

    def without_limit(self, box: Box, key: str) -> Box:
        """The box with the whole of one factor."""
        return self._box({**box.extents, key: self.whole.extents[key]})

    def chance(self, box: Box, key: str) -> float:
        """Chance of a box as dense as this if the limits of one factor marked nothing off.

        The largest over its limits of ``P(X >= k), X ~ Binomial(n, d)``, with n cases in the box, k of
        them of interest, and d the density without that limit; 1 for a factor without limits.
        """
        extent, whole = box.extents[key], self.whole.extents[key]
        if isinstance(extent, frozenset) or isinstance(whole, frozenset):
            looser = [whole] if extent != whole else []
        else:
            looser = [(whole[0], extent[1])] if extent[0] != whole[0] else []
            looser += [(extent[0], whole[1])] if extent[1] != whole[1] else []
        count, hits = int(box.inside.sum()), int((box.inside & self._of_interest).sum())
        densities = [self._box({**box.extents, key: entry}).density for entry in looser]
        return max((float(binom.sf(hits - 1, count, density)) for density in densities), default=1.0)

    def _box(self, extents: Mapping[str, Extent]) -> Box:
        inside = np.ones(len(self._of_interest), bool)
        for key, extent in extents.items():
            inside &= self._holds(key, extent)
        hits = int((inside & self._of_interest).sum())
        return Box(extents, inside, hits / int(self._of_interest.sum()), hits / max(1, int(inside.sum())))

    def _holds(self, key: str, extent: Extent) -> Mask:
        values = self._columns[key]
        if isinstance(extent, frozenset):
            return np.isin(values.astype(str), [str(choice) for choice in extent])
        return (values >= extent[0]) & (values <= extent[1])

    def _best_peel(self, box: Box) -> Box | None:
        best = self._best(box, self._peels(box))
        return best if best is not None and best.inside.sum() < box.inside.sum() else None

    def _best_paste(self, box: Box) -> Box | None:
        best = self._best(box, self._pastes(box))
        return best if best is not None and best.inside.sum() > box.inside.sum() else None

    def _best(self, box: Box, candidates: Iterator[Box]) -> Box | None:
        """The candidate with most gain in density per case, then with fewest restricted factors."""

        def judged(candidate: Box) -> tuple[float, int]:
            change = abs(int(candidate.inside.sum()) - int(box.inside.sum()))
            gain = (candidate.density - box.density) / change if change else 0.0
            return gain, -len(self.restricted(candidate))

        best = max(candidates, key=judged, default=None)
        if best is None or judged(best)[0] <= 0 or best.inside.mean() < LEAST_MASS:
            return None
        return best

    def _peels(self, box: Box) -> Iterator[Box]:
        """The box without its highest or lowest cases by one factor, or without one choice."""
        for key, extent in box.extents.items():
            if isinstance(extent, frozenset):
                left_out = sorted(extent, key=str) if len(extent) > 1 else []
                smaller: list[Extent] = [extent - {choice} for choice in left_out]
            else:
                values = self._columns[key][box.inside]
                smaller = [(extent[0], quantile(values, 1 - ALPHA)), (quantile(values, ALPHA), extent[1])]
            yield from (self._box({**box.extents, key: entry}) for entry in smaller)

    def _pastes(self, box: Box) -> Iterator[Box]:
        """The box with a little more below or above its limits on one factor, or with one more choice."""
        for key in self.restricted(box):
            extent, whole = box.extents[key], self.whole.extents[key]
            if isinstance(extent, frozenset) or isinstance(whole, frozenset):
                assert isinstance(extent, frozenset) and isinstance(whole, frozenset)
                larger: list[Extent] = [extent | {choice} for choice in sorted(whole - extent, key=str)]
            else:
                below = self._beside(box, key, (whole[0], extent[0]))
                above = self._beside(box, key, (extent[1], whole[1]))
                larger = [
                    (quantile(below, 1 - ALPHA) if len(below) else whole[0], extent[1]),
                    (extent[0], quantile(above, ALPHA) if len(above) else whole[1]),
                ]
            yield from (self._box({**box.extents, key: entry}) for entry in larger)

    def _beside(self, box: Box, key: str, extent: Extent) -> NDArray[Any]:
        """Values of a factor that lie in another extent of it, in the box otherwise."""
        return self._columns[key][self._box({**box.extents, key: extent}).inside]


def quantile(values: NDArray[Any], share: float) -> float:
    """A value between two neighbours around a quantile, moved until the two differ if any do.

    Towards the lower values above the median and towards the higher below it, so that a peel takes
    something away even where many cases share a value.
    """
    ordered = np.sort(values)
    place = (len(ordered) - 1) * share
    low, high = math.floor(place), math.ceil(place)
    if share > 0.5:
        while ordered[low] == ordered[high] and low > 0:
            low -= 1
    else:
        while ordered[low] == ordered[high] and high < len(ordered) - 1:
            high += 1
    return float((ordered[low] + ordered[high]) / 2)
