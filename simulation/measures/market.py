"""The market: what each platform has of viewers, merchants and sales, and who uses several."""

from __future__ import annotations

import numpy as np

from ..state.columns import NEVER, OPEN
from ..state.ledger import BOOKS, COUNTS
from .outcome import FEN, Outcome
from .registry import (
    ANYTHING,
    FRACTION,
    HIGHER,
    MISSING,
    PER_MERCHANT,
    PER_PERSON,
    RELATIVE,
    by_days,
    leaves_out,
    measure,
    ratio,
)

MONTH = 30
SETTLED = 180
"""Days after its launch at which a platform's share is looked at."""
AT_REST = 0.01
"""A share that moves by no more than this from one half-year to the next has come to rest."""


def sales_by_day(outcome: Outcome) -> np.ndarray:
    """GMV by day and platform, in CNY of persons, shape (days, platforms)."""
    return counts_by_day(outcome, "gmv") * outcome.people_per_viewer / FEN


def counts_by_day(outcome: Outcome, name: str) -> np.ndarray:
    """Count `name` by day and platform, in agents or fen, shape (days, platforms)."""
    table = outcome.journal.channels[:, :, COUNTS.index(name)]
    found = np.zeros((len(table), len(outcome.platforms)))
    for platform in range(found.shape[1]):
        found[:, platform] = table[:, outcome.channel_platforms == platform].sum(axis=1)
    return found


def _of(outcome: Outcome, by_platform: np.ndarray, platform: int | None) -> float:
    return float(by_platform.sum() if platform is None else by_platform[platform])


def _share(by_platform: np.ndarray, platform: int | None) -> float:
    """A platform's share of the total; the largest platform's if None. Missing without a total."""
    largest = by_platform.max(initial=0) if platform is None else by_platform[platform]
    return ratio(largest, by_platform.sum())


@measure("Users in the last 30 days", unit="persons", split="platform", better=HIGHER, scales=PER_PERSON)
def users(outcome: Outcome, platform: int | None) -> float:
    """Viewers who visited a room (of the platform) in the last 30 days, in persons."""
    last = outcome.viewers.last_active if platform is None else outcome.viewers.seen_on[:, platform]
    if len(outcome.platforms) == 1:
        last = outcome.viewers.last_active
    recent = (last > NEVER) & (last >= outcome.days - MONTH)
    return outcome.persons(int(np.count_nonzero(recent)))


@measure(
    "Merchants that found a buyer", unit="merchants", split="platform", better=HIGHER, scales=PER_MERCHANT
)
def merchants_served(outcome: Outcome, platform: int | None) -> float:
    """Merchants with at least one order (on the platform) over the run."""
    orders = outcome.store_counts("orders")
    sold = orders.sum(axis=0) if platform is None else orders[platform]
    return float(np.count_nonzero(sold))


@by_days
@measure("Sales (GMV) on the platform", unit="CNY", split="platform", better=HIGHER, scales=PER_PERSON)
def platform_gmv(outcome: Outcome, platform: int | None) -> float:
    """Gross merchandise value on the platform, over the whole run; of all platforms together."""
    return _of(outcome, sales_by_day(outcome).sum(axis=0), platform)


@by_days
@measure("Market share by sales, last 30 days", split="platform", better=HIGHER)
def market_share(outcome: Outcome, platform: int | None) -> float:
    """Share of the market's GMV in the last 30 days; the largest platform's for the whole."""
    return _share(sales_by_day(outcome)[-MONTH:].sum(axis=0), platform)


@by_days
@measure("Market share by visits, last 30 days", split="platform", better=HIGHER)
def visit_share(outcome: Outcome, platform: int | None) -> float:
    """Share of the market's visits in the last 30 days; the largest platform's for the whole."""
    return _share(counts_by_day(outcome, "visits")[-MONTH:].sum(axis=0), platform)


@measure("Market share by visits half a year after the launch", split="platform", better=HIGHER)
def settled_share(outcome: Outcome, platform: int | None) -> float:
    """Share of the market's visits in the 30 days that end 180 days after the platform's launch.

    Missing if the run ends before, if any of these days is left out, and of a platform that stays out; for
    the whole, of the platform launched last.
    """
    chosen = launched_last(outcome) if platform is None else platform
    end = outcome.platforms[chosen].launch_day + SETTLED
    if outcome.platforms[chosen].stays_out or end > outcome.days or end - MONTH < outcome.left_out:
        return MISSING
    return _share(counts_by_day(outcome, "visits")[end - MONTH : end].sum(axis=0), chosen)


@by_days
@measure("Lead over the best rival", split="platform", bounds=FRACTION.for_differences, better=HIGHER)
def lead(outcome: Outcome, platform: int | None) -> float:
    """Market share by visits less that of the largest other platform, last 30 days.

    Missing with a single platform or without visits; for the whole, of the platform launched last.
    """
    visits = counts_by_day(outcome, "visits")[-MONTH:].sum(axis=0)
    if len(visits) == 1 or visits.sum() == 0:
        return MISSING
    chosen = launched_last(outcome) if platform is None else platform
    return float((visits[chosen] - np.delete(visits, chosen).max()) / visits.sum())


@by_days
@measure(
    "Lead over the best rival in merchants served or in sales per daily user",
    unit="ratio less one",
    split="platform",
    bounds=RELATIVE,
    better=HIGHER,
)
def lead_besides(outcome: Outcome, platform: int | None) -> float:
    """The larger of two leads, each over its own best rival, as ratios less one.

    In merchants with an order on the platform, and in GMV per viewer and day with a visit to it. Missing with
    a single platform, or where no rival has any; for the whole, of the platform launched last.
    """
    if len(outcome.platforms) == 1:
        return MISSING
    chosen = launched_last(outcome) if platform is None else platform
    served = np.count_nonzero(outcome.store_counts("orders"), axis=1).astype(float)
    users = outcome.journal.users_today.sum(axis=0) * outcome.people_per_viewer
    sales = np.divide(sales_by_day(outcome).sum(axis=0), users, out=np.zeros(len(users)), where=users > 0)
    best = [(by[chosen], np.delete(by, chosen).max()) for by in (served, sales)]
    return max((own / rival - 1.0 for own, rival in best if rival > 0), default=MISSING)


def launched_last(outcome: Outcome) -> int:
    """Number of the platform launched last, of those that do not stay out of the market."""
    there = [number for number, entry in enumerate(outcome.platforms) if not entry.stays_out]
    return max(there or [0], key=lambda number: outcome.platforms[number].launch_day)


@leaves_out
@measure("Market share by visits where it has come to rest", split="platform", better=HIGHER)
def resting_share(outcome: Outcome, platform: int | None) -> float:
    """Share of the market's visits in the last 180 days, if it is within a point of that in the 180 before.

    Missing while it still moves, and in runs under 360 days; for the whole, of the platform launched last.
    """
    if outcome.days < 2 * SETTLED:
        return MISSING
    visits = counts_by_day(outcome, "visits")
    chosen = launched_last(outcome) if platform is None else platform
    before = _share(visits[-2 * SETTLED : -SETTLED].sum(axis=0), chosen)
    now = _share(visits[-SETTLED:].sum(axis=0), chosen)
    return now if abs(now - before) <= AT_REST else MISSING


@by_days
@measure("Sales per visit to the platform", unit="CNY", split="platform", better=HIGHER)
def platform_gmv_per_visit(outcome: Outcome, platform: int | None) -> float:
    """GMV on the platform / visits to it, in CNY: its sales at equal traffic. Missing without visits."""
    visits = counts_by_day(outcome, "visits").sum(axis=0) * outcome.people_per_viewer
    return ratio(_of(outcome, sales_by_day(outcome).sum(axis=0), platform), _of(outcome, visits, platform))


@measure("Viewers who use several platforms")
def multi_homing_viewers(outcome: Outcome) -> float:
    """Of viewers who visited any room in the last 30 days, those seen on more than one platform.

    Missing with a single platform."""
    if len(outcome.platforms) == 1:
        return MISSING
    recent = (outcome.viewers.seen_on >= max(0, outcome.days - MONTH)).sum(axis=1)
    return ratio(np.count_nonzero(recent > 1), np.count_nonzero(recent))


@measure("Merchants on several platforms")
def multi_homing_merchants(outcome: Outcome) -> float:
    """Of merchants in business at the end, those open on more than one platform.

    Missing with a single platform."""
    if len(outcome.platforms) == 1:
        return MISSING
    status = outcome.stores.status.reshape(len(outcome.platforms), -1)
    stores = np.count_nonzero(status == OPEN, axis=0)
    return ratio(np.count_nonzero(stores > 1), np.count_nonzero(stores))


@leaves_out
@measure("Profit per store", unit="CNY/30 days", split="platform", bounds=ANYTHING, better=HIGHER)
def profit_per_store(outcome: Outcome, platform: int | None) -> float:
    """Mean profit of stores that were ever open (on the platform) per 30 days of the run, in CNY."""
    profit = outcome.stores.profit.reshape(len(outcome.platforms), -1)
    ever = np.asarray(outcome.by_day(outcome.journal.live).any(axis=0))
    chosen = ever if platform is None else ever[platform]
    earned = profit[chosen] if platform is None else profit[platform][chosen]
    return float(earned.mean() / FEN / (outcome.days / MONTH)) if len(earned) else MISSING


BOOK_COLUMNS = {name: column for column, name in enumerate(BOOKS)}


def _booked(outcome: Outcome, name: str, platform: int | None) -> float:
    """Column `name` of the platforms' books over all days, in CNY of persons."""
    return _of(outcome, outcome.journal.books[:, :, BOOK_COLUMNS[name]].sum(axis=0), platform) / FEN


@by_days
@measure("Platform's commission", unit="CNY", split="platform", scales=PER_PERSON)
def platform_commission(outcome: Outcome, platform: int | None) -> float:
    """What merchants paid of their net revenue, over all days; to all platforms together."""
    return _booked(outcome, "commission", platform)


@by_days
@measure("Platform's advertising income", unit="CNY", split="platform", scales=PER_PERSON)
def platform_advertising(outcome: Outcome, platform: int | None) -> float:
    """What merchants paid for advertisements, over all days."""
    return _booked(outcome, "advertising", platform)


@by_days
@measure("Platform's support paid", unit="CNY", split="platform", scales=PER_PERSON)
def platform_support(outcome: Outcome, platform: int | None) -> float:
    """Subsidies paid to merchants, over all days. Support by exposure costs no money."""
    return _booked(outcome, "subsidies", platform)


@by_days
@measure("Platform's payoff", unit="CNY", split="platform", bounds=ANYTHING, better=HIGHER, scales=PER_PERSON)
def platform_payoff(outcome: Outcome, platform: int | None) -> float:
    """Commission and advertising income less support paid, over all days.

    Stakes in rivals, and what visitors go on to buy in shops of the owner elsewhere, are in `owner_payoff`.
    """
    names = ("commission", "advertising", "subsidies")
    commission, advertising, subsidies = (_booked(outcome, name, platform) for name in names)
    return commission + advertising - subsidies


@by_days
@measure("Sales per daily user", unit="CNY", better=HIGHER)
def gmv_per_daily_user(outcome: Outcome) -> float:
    """GMV / viewers who visited any room, summed over days: sales of a visitor's day, in CNY."""
    return ratio(sales_by_day(outcome).sum(), outcome.persons(outcome.journal.active.sum()))
