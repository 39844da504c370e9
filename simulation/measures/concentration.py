"""Concentration: how much of audience and sales the largest merchants take."""

from __future__ import annotations

import math

import numpy as np

from .outcome import MONTH, Outcome
from .registry import LARGEST, LOWER, MISSING, Bounds, by_days, measure, ratio

PER_PERSONS = 100_000
SHORTEST_TAIL = 10
"""Fewest merchants whose amounts tell an exponent."""
FEWEST_VISITS = 25
"""Visits (agents) from which the conversion of one session is looked at: below, one order more or
less is a matter of luck that no session of real size knows."""
EXPONENT = Bounds(1.0, math.inf)


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


def tail_exponent(amounts: np.ndarray) -> float:
    """Exponent ``a`` of a density falling as ``x ** -a`` in the upper tail of `amounts`.

    Clauset, Shalizi and Newman (2009, SIAM Review 51:661): ``a = 1 + n / sum ln(x / x_min)`` over the n
    amounts from x_min on, and of all x_min the one at which the tail lies nearest to the law (least
    Kolmogorov-Smirnov distance), of those that leave at least `SHORTEST_TAIL` amounts. Missing if there are
    fewer above zero. The package powerlaw does the same, but takes two seconds to load in each process.
    """
    ordered = np.sort(amounts[amounts > 0]).astype(float)
    exponent, distance = MISSING, math.inf
    for least in np.unique(ordered[: max(0, len(ordered) - SHORTEST_TAIL + 1)]):
        tail = ordered[ordered >= least]
        logs = np.log(tail / least)
        if logs.sum() == 0:
            continue
        found = 1.0 + len(tail) / logs.sum()
        apart = abs(1.0 - np.exp((1.0 - found) * logs) - np.arange(len(tail)) / len(tail)).max()
        if apart < distance:
            exponent, distance = float(found), apart
    return exponent


def _of_those_who_came(outcome: Outcome, count: str) -> np.ndarray:
    """Count by merchant over those that ever opened."""
    return outcome.merchant_counts(count)[outcome.came]


@by_days
@measure("Audience of the largest merchant", scales=LARGEST)
def top1_audience_share(outcome: Outcome) -> float:
    """Visits of the most visited merchant / all visits."""
    return top_share(_of_those_who_came(outcome, "visits"), 0.0)


@by_days
@measure("Sales of the largest merchant", scales=LARGEST)
def top1_gmv_share(outcome: Outcome) -> float:
    """GMV of the best-selling merchant / GMV."""
    return top_share(_of_those_who_came(outcome, "gmv"), 0.0)


@by_days
@measure("Audience of the top 1%")
def top1pct_audience_share(outcome: Outcome) -> float:
    """Visits of the top 1% of merchants (at least one) / all visits."""
    return top_share(_of_those_who_came(outcome, "visits"), 0.01)


@by_days
@measure("Sales of the top 1%")
def top1pct_gmv_share(outcome: Outcome) -> float:
    """GMV of the top 1% of merchants (at least one) / GMV."""
    return top_share(_of_those_who_came(outcome, "gmv"), 0.01)


@by_days
@measure("Sales of the largest merchant, by population", unit="CNY per 100,000 persons", scales=LARGEST)
def largest_gmv_per_100k(outcome: Outcome) -> float:
    """GMV of the best-selling merchant, in CNY, per 100,000 persons in the world."""
    gmv = outcome.cny(outcome.merchant_counts("gmv").max(initial=0))
    return ratio(PER_PERSONS * gmv, outcome.population)


@measure("Audience of the largest merchant, by population", unit="persons per 100,000", scales=LARGEST)
def largest_audience_per_100k(outcome: Outcome) -> float:
    """Different persons who visited the merchant with most of them, per 100,000 persons in the world."""
    return _largest_audience(outcome, 0)


@measure(
    "Audience of the largest merchant after the first month, by population",
    unit="persons per 100,000",
    scales=LARGEST,
)
def settled_largest_audience_per_100k(outcome: Outcome) -> float:
    """As `largest_audience_per_100k`, of visits from day 31 on. Missing in shorter runs."""
    return _largest_audience(outcome, 1) if outcome.days > MONTH else MISSING


def _largest_audience(outcome: Outcome, months: int) -> float:
    """Of visits after the first `months`, in the sample of viewers that `Audience` remembers."""
    last = outcome.audience.month.reshape(len(outcome.audience.month), len(outcome.platforms), -1)
    persons = np.count_nonzero(last.max(axis=1) > months, axis=0)
    return ratio(PER_PERSONS * persons.max(initial=0), len(last))


@by_days
@measure("Tail of audiences", unit="exponent", bounds=EXPONENT)
def audience_tail_exponent(outcome: Outcome) -> float:
    """Exponent of the density of visits by merchant in its upper tail; see `tail_exponent`."""
    return tail_exponent(_of_those_who_came(outcome, "visits"))


@by_days
@measure("Tail of sales", unit="exponent", bounds=EXPONENT)
def gmv_tail_exponent(outcome: Outcome) -> float:
    """Exponent of the density of GMV by merchant in its upper tail; see `tail_exponent`."""
    return tail_exponent(_of_those_who_came(outcome, "gmv"))


@by_days
@measure("Inequality of audience (Gini)", unit="Gini")
def audience_gini(outcome: Outcome) -> float:
    """Gini coefficient of visits over all merchants that ever arrived."""
    return gini(_of_those_who_came(outcome, "visits"))


@by_days
@measure("Inequality of sales (Gini)", unit="Gini")
def gmv_gini(outcome: Outcome) -> float:
    """Gini coefficient of GMV over all merchants that ever arrived."""
    return gini(_of_those_who_came(outcome, "gmv"))


@by_days
@measure("Crowded rooms that hardly sell", better=LOWER)
def crowded_unconverting_share(outcome: Outcome) -> float:
    """Of merchants in the top quarter by visits per stream, those in the bottom quarter by
    orders per visit. A quarter if audience and conversion had nothing to do with each other.

    Among merchants with at least 100 visits (agents); missing if fewer than eight.
    """
    visits, orders = outcome.merchant_counts("visits"), outcome.merchant_counts("orders")
    streams = outcome.streamed.sum(axis=0)
    chosen = (visits >= 100) & (streams > 0)
    if np.count_nonzero(chosen) < 8:
        return MISSING
    audience = visits[chosen] / streams[chosen]
    conversion = orders[chosen] / visits[chosen]
    crowded = audience >= np.quantile(audience, 0.75)
    return float((conversion[crowded] <= np.quantile(conversion, 0.25)).mean())


def share_below(chosen: np.ndarray, values: np.ndarray, share: float) -> float:
    """Of `chosen` entries, those among the lowest `share` of all by `values`.

    Entries as large as the last of the lowest count by that part of them that makes the lowest `share` whole:
    where many sold nothing, as many of them are among the lowest as there is room for.
    """
    ordered = np.sort(values)
    room = share * len(ordered)
    last = ordered[max(0, math.ceil(room) - 1)]
    below = np.count_nonzero(values < last)
    part = (room - below) / np.count_nonzero(values == last)
    counted = np.where(values < last, 1.0, np.where(values == last, part, 0.0))
    return float(counted[chosen].mean())


@by_days
@measure("Crowded sessions that hardly sell", better=LOWER)
def crowded_unconverting_session_share(outcome: Outcome) -> float:
    """Of sessions (a merchant's day with a stream) in the top quarter by visits, those in the bottom quarter
    by orders per visit. A quarter if audience and conversion had nothing to do with each other.

    Among sessions with at least 25 visits (agents); missing if fewer than eight.
    """
    orders = outcome.by_day(outcome.journal.orders).sum(axis=1)[outcome.streamed]
    visits = outcome.visits[outcome.streamed]
    orders, visits = orders[visits >= FEWEST_VISITS], visits[visits >= FEWEST_VISITS]
    if len(visits) < 8:
        return MISSING
    crowded = visits >= np.quantile(visits, 0.75)
    return share_below(crowded, orders / visits, 0.25)
