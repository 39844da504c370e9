"""Axes of factors, and values along them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ....ensembles.analysis.findings import SweepFindings
from ...kit.names import factor_label
from ...kit.style import axis, thin


def factor_axis(findings: SweepFindings, key: str) -> dict[str, Any]:
    """A factor's axis: logarithmic where its values are even on a log scale, choices as they stand."""
    factor = findings.results.factor(key)
    title = factor_label(key)
    if factor.choices:
        order = [str(choice) for choice in factor.choices]
        return axis(title, type="category", categoryorder="array", categoryarray=order)
    if factor.scale == "log":
        assert factor.low is not None and factor.high is not None  # checked with the scenario
        ticks = [float(f"{value:.1g}") for value in np.geomspace(factor.low, factor.high, 4)]
        return axis(title, type="log", tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks])
    return axis(title)


def factor_values(values: pd.Series) -> list[Any]:
    """Values of a factor for Plotly: numbers as such, anything else as text."""
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().all() and not all(isinstance(value, bool | np.bool_) for value in values):
        return thin(numbers.to_numpy(float))
    return [str(value) for value in values]
