"""Designs: the points at which a sweep looks at the scenario."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import qmc

from ...errors import Problem, ScenarioError
from ...scenario.reading.files import file_fault
from ...scenario.sections.sweep import Factor, Sweep


def design_points(sweep: Sweep) -> pd.DataFrame:
    """All points of a sweep, one a row, a column a key.

    Raises
    ------
    ScenarioError
        If a file of points cannot be read.
    """
    if sweep.design == "list":
        return pd.DataFrame(sweep.rows) if sweep.rows else _read_points(Path(sweep.csv))
    if sweep.design == "grid":
        values = [_levels(factor) for factor in sweep.factors]
        return _table(sweep.factors, list(zip(*itertools.product(*values), strict=True)))
    count = len(sweep.factors)
    if sweep.design == "latin_hypercube":
        unit = qmc.LatinHypercube(count, rng=sweep.seed).random(sweep.points)
    else:
        unit = saltelli(count, sweep.points, sweep.seed)
    return _table(sweep.factors, [
        value_at(factor, unit[:, column]) for column, factor in enumerate(sweep.factors)
    ])


def _table(factors: Sequence[Factor], columns: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Points by column; choices stay what they are, even if a column of numbers could hold them."""
    return pd.DataFrame({
        factor.key: pd.Series(column, dtype=object if factor.choices else None)
        for factor, column in zip(factors, columns, strict=True)
    })


def changes_of(sweep: Sweep) -> list[dict[str, Any]]:
    """What each point changes: dotted keys and their values. A row of a list may leave keys as they are.

    Raises
    ------
    ScenarioError
        If a file of points cannot be read, or has an empty cell.
    """
    if sweep.design == "list" and sweep.rows:
        return [dict(row) for row in sweep.rows]
    points = design_points(sweep)
    return [{str(key): value for key, value in row.items()} for row in points.to_dict("records")]


def saltelli(factors: int, points: int, seed: int) -> NDArray[np.float64]:
    """Saltelli's design on the unit cube, shape (points x (factors + 2), factors), by SALib."""
    from SALib.sample import sobol

    problem = {"num_vars": factors, "names": list(range(factors)), "bounds": [[0.0, 1.0]] * factors}
    return sobol.sample(problem, points, calc_second_order=False, scramble=True, seed=seed)


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


def position_of(factor: Factor, values: pd.Series) -> NDArray[np.float64]:
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


def _levels(factor: Factor) -> list[Any]:
    if factor.choices:
        return list(factor.choices)
    return list(dict.fromkeys(value_at(factor, np.linspace(0.0, 1.0, factor.levels))))


def _read_points(path: Path) -> pd.DataFrame:
    allowed = "a CSV file with a column a key and a row a point"
    if fault := file_fault(path):
        raise ScenarioError(str(path), [Problem("sweep.csv", f"'{path}': {fault}", allowed)])
    try:
        points = pd.read_csv(path, keep_default_na=False, na_values=[""])
    except (OSError, ValueError) as error:
        raise ScenarioError(str(path), [Problem("sweep.csv", f"'{path}': {error}", allowed)]) from None
    points = points.dropna(how="all", ignore_index=True)
    if points.empty:
        raise ScenarioError(str(path), [Problem("sweep.csv", "no points", "at least one row")])
    if gaps := [str(key) for key in points if points[key].isna().any()]:
        raise ScenarioError(str(path), [Problem(
            "sweep.csv", f"nothing at point {int(np.flatnonzero(points[key].isna())[0])} for '{key}'",
            "a value at every point, the scenario's own where nothing changes",
        ) for key in gaps])
    return points
