"""Measures of merchants paired between two arms: the same shop under two platforms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .friendliness import RIDGE, fit_logistic
from .registry import AMOUNT, ANYTHING, FRACTION, HIGHER, MISSING, PAIRED_MEASURES, paired_measure, ratio

if TYPE_CHECKING:
    import pandas as pd

MONTH = 30


@dataclass(frozen=True)
class Pairs:
    """The same merchants of one replication in two arms: rows of the merchant table, in one order."""

    arm: pd.DataFrame
    against: pd.DataFrame

    @property
    def fans(self) -> np.ndarray:
        """Starting fans, persons."""
        return self.arm["starting_fans"].to_numpy(float)

    @property
    def kinds(self) -> np.ndarray:
        """Kind of each merchant."""
        return self.arm["archetype"].to_numpy(str)

    @property
    def gap(self) -> np.ndarray:
        """Profit in the arm less profit in the other, CNY."""
        return (self.arm["profit"] - self.against["profit"]).to_numpy(float)


def pairs_of(merchants: pd.DataFrame, arm: str, against: str, days: int) -> list[Pairs]:
    """For each replication, the merchants of both arms that arrived at least 30 days before the end."""
    chosen = merchants[merchants["arrival_day"] <= max(0, days - MONTH)]
    left, right = (
        chosen[chosen["arm"] == name].set_index(["replicate", "merchant"]).sort_index()
        for name in (arm, against)
    )
    both = left.index.intersection(right.index)
    right = right.loc[both]
    return [Pairs(rows, right.loc[rows.index]) for _, rows in left.loc[both].groupby(level="replicate")]


@paired_measure("Merchants better off", "share", FRACTION, HIGHER)
def better_off_share(pairs: Pairs) -> float:
    """Share of merchants who earn more in the arm than in the other."""
    return float((pairs.gap > 0).mean()) if len(pairs.gap) else MISSING


@paired_measure("Gain from ten times the starting fans", "log-odds per factor of ten", ANYTHING)
def private_domain_slope(pairs: Pairs) -> float:
    """Slope of ``P(better off) = logistic(a + b log10(1 + starting fans))``, per factor of ten."""
    better = pairs.gap > 0
    if len(better) < 10 or better.all() or not better.any():
        return MISSING
    return fit_logistic(np.log10(1.0 + pairs.fans), better)[1]


@paired_measure("Starting fans from which most are better off", "persons", AMOUNT)
def crossover_private_domain(pairs: Pairs) -> float:
    """Starting fans, in persons, above which most merchants are better off: the same regression
    solved for one half. Missing if it does not rise or the solution lies outside the range seen."""
    better = pairs.gap > 0
    if len(better) < 10 or better.all() or not better.any():
        return MISSING
    dose = np.log10(1.0 + pairs.fans)
    intercept, slope = fit_logistic(dose, better)
    solution = -intercept / slope if slope > 0 else -1.0
    return float(10**solution - 1.0) if 0 <= solution <= dose.max() else MISSING


MOST_APART = 10
"""Merchants of one kind, or in all, of whom fewer tell nothing."""


def slope_within(dose: np.ndarray, response: np.ndarray, kinds: np.ndarray) -> float:
    """Slope of ``P(response) = logistic(a_kind + b dose)``, with an intercept for each kind.

    Maximum likelihood with the ridge of `fit_logistic` on the slope. Kinds of which all or none respond say
    nothing of it and are left out; missing where fewer than ten are left.
    """
    from scipy import optimize, special  # as in `fit_logistic`

    rates = {kind: response[kinds == kind].mean() for kind in np.unique(kinds)}
    telling = np.isin(kinds, [kind for kind, rate in rates.items() if 0 < rate < 1])
    if np.count_nonzero(telling) < MOST_APART:
        return MISSING
    codes, dose, sign = np.unique(kinds[telling], return_inverse=True)[1], dose[telling], response[telling]

    def loss(found: np.ndarray) -> float:
        log_odds = found[codes] + found[-1] * dose
        likelihood = special.log_expit(np.where(sign, log_odds, -log_odds)).sum()
        return float(-likelihood + RIDGE * found[-1] ** 2)

    return float(optimize.minimize(loss, np.zeros(codes.max() + 2), method="BFGS").x[-1])


@paired_measure("Gain from ten times the starting fans, kind by kind", "log-odds per factor of ten", ANYTHING)
def private_domain_slope_within_kinds(pairs: Pairs) -> float:
    """`private_domain_slope` among merchants of the same kind, as in `slope_within`."""
    return slope_within(np.log10(1.0 + pairs.fans), pairs.gap > 0, pairs.kinds)


@paired_measure("Merchants better off, of the kind that fares best", "share", FRACTION, HIGHER)
def better_off_share_of_best_kind(pairs: Pairs) -> float:
    """Largest of kinds' shares of merchants who earn more in the arm; of kinds with ten merchants or more."""
    shares = [(pairs.gap[pairs.kinds == kind] > 0) for kind in np.unique(pairs.kinds)]
    return max((float(kind.mean()) for kind in shares if len(kind) >= MOST_APART), default=MISSING)


@paired_measure("Gain from ten times the fans won later", "log-odds per factor of ten", ANYTHING)
def won_domain_slope(pairs: Pairs) -> float:
    """As `private_domain_slope_within_kinds`, by the fans at the end of the run beyond those brought along.

    Who is better off can also win more fans, so this is no cause, but what must be there if there is one.
    """
    won = np.maximum(0.0, (pairs.arm["fans"] - pairs.arm["starting_fans_brought"]).to_numpy(float))
    return slope_within(np.log10(1.0 + won), pairs.gap > 0, pairs.kinds)


@paired_measure("Starting fans kept", "share", FRACTION.for_differences, HIGHER)
def starting_fans_kept(pairs: Pairs) -> float:
    """Share of starting fans who were in the room in the last 30 days, less that in the other arm.

    Of merchants in business at the end in both arms. Missing without such fans.
    """
    open_in_both = (pairs.arm["in_business"] & pairs.against["in_business"]).to_numpy(bool)

    def share(table: pd.DataFrame) -> float:
        chosen = table[open_in_both]
        return ratio(chosen["starting_fans_back"].sum(), chosen["starting_fans_brought"].sum())

    return share(pairs.arm) - share(pairs.against)


def paired_values(merchants: pd.DataFrame, arm: str, against: str, measure: str, days: int) -> np.ndarray:
    """`measure` by replication, shape (replications,)."""
    function = PAIRED_MEASURES[measure].compute
    return np.array([function(pairs) for pairs in pairs_of(merchants, arm, against, days)])
