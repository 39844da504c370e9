"""Concentration: how much of audience and sales the largest merchants take."""

from __future__ import annotations

import numpy as np

from .outcome import Outcome
from .registry import LARGEST, LOWER, MISSING, measure


def top_share(amounts: np.ndarray, share: float) -> float:
    """Share of the total that goes to the top `share` of merchants, at least one. Missing if 0."""
    if len(amounts) == 0 or amounts.sum() == 0:
        return MISSING
    many = max(1, round(len(amounts) * share))
    return float(np.sort(amounts)[-many:].sum() / amounts.sum())


def gini(amounts: np.ndarray) -> float:
    """Gini coefficient: ``sum (2 i - n - 1) x_i / (n sum x)``, x ascending. Missing if all 0."""
    total, count = amounts.sum(), len(amounts)
    if count == 0 or total == 0:
        return MISSING
    weights = 2.0 * np.arange(1, count + 1) - count - 1
    return float((weights * np.sort(amounts)).sum() / (count * total))


def _of_those_who_came(outcome: Outcome, count: str) -> np.ndarray:
    """Count by merchant over those that ever opened."""
    return outcome.merchant_counts(count)[outcome.came]


@measure("Audience of the largest merchant", scales=LARGEST)
def top1_audience_share(outcome: Outcome) -> float:
    """Visits of the most visited merchant / all visits."""
    return top_share(_of_those_who_came(outcome, "visits"), 0.0)


@measure("Sales of the largest merchant", scales=LARGEST)
def top1_gmv_share(outcome: Outcome) -> float:
    """GMV of the best-selling merchant / GMV."""
    return top_share(_of_those_who_came(outcome, "gmv"), 0.0)


@measure("Audience of the top 1%")
def top1pct_audience_share(outcome: Outcome) -> float:
    """Visits of the top 1% of merchants (at least one) / all visits."""
    return top_share(_of_those_who_came(outcome, "visits"), 0.01)


@measure("Inequality of audience (Gini)", unit="Gini")
def audience_gini(outcome: Outcome) -> float:
    """Gini coefficient of visits over all merchants that ever arrived."""
    return gini(_of_those_who_came(outcome, "visits"))


@measure("Inequality of sales (Gini)", unit="Gini")
def gmv_gini(outcome: Outcome) -> float:
    """Gini coefficient of GMV over all merchants that ever arrived."""
    return gini(_of_those_who_came(outcome, "gmv"))


@measure("Crowded rooms that hardly sell", better=LOWER)
def crowded_unconverting_share(outcome: Outcome) -> float:
    """Of merchants in the top quarter by visits per stream, those in the bottom quarter by
    orders per visit. A quarter if audience and conversion had nothing to do with each other.

    Among merchants with at least 100 visits (agents); missing if fewer than eight.
    """
    visits, orders = outcome.merchant_counts("visits"), outcome.merchant_counts("orders")
    streams = outcome.live.sum(axis=0)
    chosen = (visits >= 100) & (streams > 0)
    if np.count_nonzero(chosen) < 8:
        return MISSING
    audience = visits[chosen] / streams[chosen]
    conversion = orders[chosen] / visits[chosen]
    crowded = audience >= np.quantile(audience, 0.75)
    return float((conversion[crowded] <= np.quantile(conversion, 0.25)).mean())
