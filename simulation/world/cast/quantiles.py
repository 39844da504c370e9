"""Quantiles of many numbers at once, from a table: SciPy's own take some hundred times as long."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...state.columns import Floats
from ...state.compiled import kernel

LOGIT_REACH = 23.0
"""Logit of the largest uniform number there is, ``1 - 2**-33``, and a little more."""
A_UNIT = 32
"""Entries of a table for each unit of the logit."""


def gamma_quantiles(luck: NDArray[np.float64], shape: float, mean: float = 1.0) -> NDArray[np.float64]:
    """Gamma distributed numbers at uniform ones, shape that of `luck`."""
    return between(luck, _gamma_table(shape)) * (mean / shape)


def beta_quantiles(luck: NDArray[np.float64], first: float, second: float) -> NDArray[np.float64]:
    """Beta distributed numbers at uniform ones, shape that of `luck`."""
    return between(luck, _beta_table(first, second))


@cache
def _gamma_table(shape: float) -> NDArray[np.float64]:
    return np.asarray(special.gammaincinv(shape, _grid()))


@cache
def _beta_table(first: float, second: float) -> NDArray[np.float64]:
    return np.asarray(special.betaincinv(first, second, _grid()))


def _grid() -> NDArray[np.float64]:
    """Uniform numbers whose logits are evenly spaced, so that both tails have entries enough."""
    reach = round(LOGIT_REACH * A_UNIT)
    return special.expit(np.arange(-reach, reach + 1) / A_UNIT)


def between(luck: NDArray[np.float64], table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values between the entries of a `table` over logits, in a straight line.

    For a table of quantiles within a thousandth of what they are, where these are not below a thousandth of
    the mean.
    """
    found = np.empty(len(luck))
    _interpolate(luck, table, found)
    return found


@kernel
def _interpolate(luck: Floats, table: Floats, found: Floats) -> None:
    middle = (table.shape[0] - 1) // 2
    for row in range(luck.shape[0]):
        place = middle + A_UNIT * math.log(luck[row] / (1.0 - luck[row]))
        place = min(max(place, 0.0), table.shape[0] - 1.000001)
        entry = int(place)
        rest = place - entry
        found[row] = (1.0 - rest) * table[entry] + rest * table[entry + 1]
