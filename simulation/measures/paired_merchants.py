"""Measures of merchants paired between two arms: the same shop under two platforms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .friendliness import fit_logistic
from .registry import AMOUNT, ANYTHING, FRACTION, HIGHER, MISSING, PAIRED_MEASURES, paired_measure

MONTH = 30


def profit_gaps(
    merchants: pd.DataFrame, arm: str, against: str, days: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """For each replication, starting fans (persons) and profit in `arm` minus in `against` (CNY)
    of the merchants who arrived at least 30 days before the end."""
    chosen = merchants[merchants["arrival_day"] <= max(0, days - MONTH)]
    left = chosen[chosen["arm"] == arm].set_index(["replicate", "merchant"])
    right = chosen[chosen["arm"] == against].set_index(["replicate", "merchant"])
    gap = (left["profit"] - right["profit"]).rename("gap")
    table = pd.concat([left["starting_fans"], gap], axis=1).dropna()
    return [
        (rows["starting_fans"].to_numpy(float), rows["gap"].to_numpy(float))
        for _, rows in table.groupby(level="replicate")
    ]


@paired_measure("Merchants better off", "share", FRACTION, HIGHER)
def better_off_share(fans: np.ndarray, gap: np.ndarray) -> float:
    """Share of merchants who earn more in the arm than in the other."""
    return float((gap > 0).mean()) if len(gap) else MISSING


@paired_measure("Gain from ten times the starting fans", "log-odds per factor of ten", ANYTHING)
def private_domain_slope(fans: np.ndarray, gap: np.ndarray) -> float:
    """Slope of ``P(better off) = logistic(a + b log10(1 + starting fans))``, per factor of ten."""
    better = gap > 0
    if len(gap) < 10 or better.all() or not better.any():
        return MISSING
    return fit_logistic(np.log10(1.0 + fans), better)[1]


@paired_measure("Starting fans from which most are better off", "persons", AMOUNT)
def crossover_private_domain(fans: np.ndarray, gap: np.ndarray) -> float:
    """Starting fans, in persons, above which most merchants are better off: the same regression
    solved for one half. Missing if it does not rise or the solution lies outside the range seen."""
    better = gap > 0
    if len(gap) < 10 or better.all() or not better.any():
        return MISSING
    dose = np.log10(1.0 + fans)
    intercept, slope = fit_logistic(dose, better)
    solution = -intercept / slope if slope > 0 else -1.0
    return float(10**solution - 1.0) if 0 <= solution <= dose.max() else MISSING


def paired_values(merchants: pd.DataFrame, arm: str, against: str, measure: str, days: int) -> np.ndarray:
    """`measure` by replication, shape (replications,)."""
    function = PAIRED_MEASURES[measure].compute
    return np.array([function(*pair) for pair in profit_gaps(merchants, arm, against, days)])
