"""Where factors lie in their ranges, and points made from places in these."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...scenario.sections.sweep import Factor


def as_points(factors: Sequence[Factor], columns: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Points, each a table of keys and values, from the values of each factor at all of them."""
    keys = [factor.key for factor in factors]
    return [dict(zip(keys, values, strict=True)) for values in zip(*columns, strict=True)]


def from_unit_cube(factors: Sequence[Factor], unit: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Points at positions in the unit cube, shape (points, factors)."""
    return as_points(factors, [value_at(factor, unit[:, column]) for column, factor in enumerate(factors)])


def value_at(factor: Factor, position: NDArray[np.float64]) -> list[Any]:
    """Values of a factor at positions from 0 to 1 of its range or along its choices."""
    if factor.choices:
        count = len(factor.choices)
        return [factor.choices[min(int(place * count), count - 1)] for place in position]
    low, high = _ends(factor)
    if factor.whole:
        first, last = math.ceil(low), math.floor(high)
        return [int(min(first + math.floor(place * (last - first + 1)), last)) for place in position]
    if factor.scale == "log":
        return [float(low * (high / low) ** place) for place in position]
    return [float(low + (high - low) * place) for place in position]


def unit_position(factor: Factor, values: pd.Series) -> NDArray[np.float64]:
    """Where values lie in a factor's range, 0 to 1: the inverse of `value_at`, up to rounding."""
    if factor.choices:
        places = {choice: place for place, choice in enumerate(factor.choices)}
        return (values.map(places).to_numpy(float) + 0.5) / len(places)
    low, high = _ends(factor)
    numbers = values.to_numpy(float)
    if factor.scale == "log":
        return np.log(numbers / low) / math.log(high / low)
    return (numbers - low) / (high - low)


def _ends(factor: Factor) -> tuple[float, float]:
    assert factor.low is not None and factor.high is not None  # checked with the scenario
    return factor.low, factor.high


def levels(factor: Factor) -> list[Any]:
    """Values of a factor in a grid."""
    if factor.choices:
        return list(factor.choices)
    return list(dict.fromkeys(value_at(factor, np.linspace(0.0, 1.0, factor.levels))))
