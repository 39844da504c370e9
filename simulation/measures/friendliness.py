"""Merchant friendliness: newcomers, empty rooms, survival, profit, who needs fans; single merchants."""

from __future__ import annotations

import numpy as np

from .outcome import Outcome
from .registry import (
    ANYTHING,
    HIGHER,
    IN_AGENTS,
    LOWER,
    MISSING,
    NAMED,
    Bounds,
    by_days,
    leaves_out,
    measure,
    ratio,
)

WEEK, MONTH, QUARTER, YEAR = 7, 30, 90, 365
EMPTY_ROOM_PERSONS = 5
RIDGE = 0.125
"""Penalty on a squared slope, as from a normal prior with standard deviation 2."""


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else MISSING


@measure("First-week visits of newcomers", unit="person-visits", split="archetype", better=HIGHER)
def newcomer_first_week_visits(outcome: Outcome, archetype: int | None) -> float:
    """Mean visits, in persons, in the first 7 days of merchants who arrived during the run
    without a private domain and with those days complete. Missing without such merchants."""
    chosen = outcome.newcomers & outcome.is_archetype(archetype)
    chosen &= outcome.merchants.arrival <= outcome.days - WEEK
    visits = outcome.days_from_arrival(outcome.visits, WEEK)
    return outcome.persons(_mean(visits[chosen]))


@measure("First-stream visits of newcomers", unit="person-visits", split="archetype", better=HIGHER)
def newcomer_first_stream_visits(outcome: Outcome, archetype: int | None) -> float:
    """Mean visits, in persons, on the first day with a stream of merchants who arrived during the run without
    a private domain. Missing without such merchants that streamed."""
    live = outcome.live
    chosen = outcome.newcomers & outcome.is_archetype(archetype) & live.any(axis=0)
    first = live.argmax(axis=0)
    visits = outcome.visits[first, np.arange(len(first))]
    return outcome.persons(_mean(visits[chosen]))


@measure(
    "First-week visits of newcomers with a counter and no group",
    unit="person-visits",
    split="archetype",
    better=HIGHER,
)
def counter_newcomer_first_week_visits(outcome: Outcome, archetype: int | None) -> float:
    """The same as `newcomer_first_week_visits` of those with customers at the counter who run no group."""
    chosen = outcome.counter_newcomers & outcome.is_archetype(archetype)
    chosen &= outcome.merchants.arrival <= outcome.days - WEEK
    return outcome.persons(_mean(outcome.days_from_arrival(outcome.visits, WEEK)[chosen]))


@measure(
    "First-stream visits of newcomers with a counter and no group",
    unit="person-visits",
    split="archetype",
    better=HIGHER,
)
def counter_newcomer_first_stream_visits(outcome: Outcome, archetype: int | None) -> float:
    """The same as `newcomer_first_stream_visits` of those with customers at the counter who run no group."""
    live = outcome.live
    chosen = outcome.counter_newcomers & outcome.is_archetype(archetype) & live.any(axis=0)
    first = live.argmax(axis=0)
    return outcome.persons(_mean(outcome.visits[first, np.arange(len(first))][chosen]))


@measure("Merchants that found a buyer in 90 days", split="archetype", better=HIGHER)
def served_in_90_days(outcome: Outcome, archetype: int | None) -> float:
    """Of merchants who arrived at least 90 days before the end, those with an order in their first 90 days.

    Missing in runs under 90 days.
    """
    merchants = outcome.merchants
    chosen = outcome.came & outcome.is_archetype(archetype)
    chosen &= merchants.arrival <= outcome.days - QUARTER
    waited = merchants.first_order[chosen].astype(int) - merchants.arrival[chosen]
    return _mean((merchants.first_order[chosen] >= 0) & (waited < QUARTER))


@by_days
@measure("Share of sales of merchants that opened during the run", better=HIGHER)
def new_merchants_sales_share(outcome: Outcome) -> float:
    """GMV of merchants that opened during the run (of a window: during its days), not on day 0 / GMV."""
    new = outcome.came & outcome.arrived_later & (outcome.merchants.arrival >= outcome.first_day)
    sales = outcome.merchant_counts("gmv")
    return ratio(sales[new].sum(), sales.sum())


@by_days
@measure("Visits per merchant and month", unit="person-visits", split="archetype", better=HIGHER)
def visits_per_merchant_month(outcome: Outcome, archetype: int | None) -> float:
    """Visits, in persons, per merchant that ever opened and 30 days of the run."""
    chosen = outcome.came & outcome.is_archetype(archetype)
    visits = outcome.persons(outcome.merchant_counts("visits")[chosen].sum())
    return ratio(visits, np.count_nonzero(chosen) * outcome.days / MONTH)


@measure(
    "Newcomer's days to the first order",
    unit="days (at most 30)",
    split="archetype",
    bounds=Bounds(0.0, MONTH),
    better=LOWER,
    scales=IN_AGENTS,
)
def days_to_first_order(outcome: Outcome, archetype: int | None) -> float:
    """Mean days from arrival to the first order of merchants as in `newcomer_first_week_visits`,
    counting 30 for those without an order in their first 30 days (restricted mean).

    It is an agent's order: where one stands for 20 persons, they order at once and the first later.
    """
    merchants = outcome.merchants
    chosen = outcome.newcomers & outcome.is_archetype(archetype)
    chosen &= merchants.arrival <= outcome.days - MONTH
    waited = merchants.first_order.astype(int) - merchants.arrival
    waited = np.where(merchants.first_order < 0, MONTH, np.minimum(waited, MONTH))
    return _mean(waited[chosen])


@by_days
@measure("Streams with at most 5 viewers", split="archetype", better=LOWER, scales=IN_AGENTS)
def empty_room_share(outcome: Outcome, archetype: int | None) -> float:
    """Streams with at most 5 visitors, in persons / streams. Missing without streams.

    The world's grain limits it: with 20 persons to an agent it counts streams with no agent.
    """
    chosen = outcome.is_archetype(archetype)
    live = outcome.by_day(outcome.journal.hours)[:, :, chosen] > 0
    persons = outcome.by_day(outcome.journal.visits)[:, :, chosen] * outcome.people_per_viewer
    return ratio(np.count_nonzero(live & (persons <= EMPTY_ROOM_PERSONS)), np.count_nonzero(live))


@measure("Merchants in business after 90 days", split="archetype", better=HIGHER)
def merchant_survival_90d(outcome: Outcome, archetype: int | None) -> float:
    """Of merchants who arrived at least 90 days before the end, those in business 90 days later.

    Missing in runs under 90 days.
    """
    ages, closed = outcome.closing_ages()
    chosen = outcome.is_archetype(archetype) & (outcome.merchants.arrival <= outcome.days - QUARTER)
    chosen = chosen[outcome.came]
    return 1.0 - _mean((closed & (ages < QUARTER))[chosen])


def _established(outcome: Outcome) -> np.ndarray:
    """Merchants who arrived at least 30 days before the end (or on day 0 of a shorter run)."""
    return outcome.came & (outcome.merchants.arrival <= max(0, outcome.last_day - MONTH))


@leaves_out
@measure("Merchants who make a profit", split="archetype", better=HIGHER)
def profitable_merchant_share(outcome: Outcome, archetype: int | None) -> float:
    """Of merchants who arrived at least 30 days before the end, those with profit above zero."""
    chosen = _established(outcome) & outcome.is_archetype(archetype)
    return _mean(outcome.merchants.profit[chosen] > 0)


@leaves_out
@measure("Profit per merchant", unit="CNY/30 days", split="archetype", bounds=ANYTHING, better=HIGHER)
def profit_per_merchant(outcome: Outcome, archetype: int | None) -> float:
    """Mean profit of merchants who arrived at least 30 days before the end, per 30 days since
    arrival (days after closing included), in CNY."""
    chosen = _established(outcome) & outcome.is_archetype(archetype)
    months = outcome.days_in_business(chosen) / MONTH
    return _mean(outcome.merchants.profit[chosen] / 100.0 / months)


def _newcomers_profit(outcome: Outcome, archetype: int | None, age: int) -> float:
    """Mean profit per 30 days of newcomers without a private domain that came at least `age` days ago."""
    chosen = np.flatnonzero(outcome.counter_newcomers & outcome.is_archetype(archetype))
    chosen = chosen[outcome.days_in_business(chosen) >= age]
    return _mean(outcome.merchants.profit[chosen] / 100.0 / (outcome.days_in_business(chosen) / MONTH))


@leaves_out
@measure(
    "Profit over 90 days or more of newcomers with a counter and no group",
    unit="CNY/30 days",
    split="archetype",
    bounds=ANYTHING,
    better=HIGHER,
)
def counter_newcomer_profit_90d(outcome: Outcome, archetype: int | None) -> float:
    """Mean profit per 30 days since arrival (days after closing included), in CNY, of merchants who arrived
    during the run with customers at the counter and no group, at least 90 days before its end."""
    return _newcomers_profit(outcome, archetype, QUARTER)


@leaves_out
@measure(
    "Profit over a year or more of newcomers with a counter and no group",
    unit="CNY/30 days",
    split="archetype",
    bounds=ANYTHING,
    better=HIGHER,
)
def counter_newcomer_profit_1y(outcome: Outcome, archetype: int | None) -> float:
    """As `counter_newcomer_profit_90d`, of those who arrived at least 365 days before the end."""
    return _newcomers_profit(outcome, archetype, YEAR)


def fit_logistic(dose: np.ndarray, response: np.ndarray) -> tuple[float, float]:
    """Intercept and slope of ``P(response) = logistic(a + b dose)``, maximum likelihood.

    A ridge on the slope keeps a perfectly separated sample finite.
    """
    from scipy import optimize, special  # takes half a second, which reading a scenario need not

    def loss(parameters: np.ndarray) -> float:
        log_odds = parameters[0] + parameters[1] * dose
        likelihood = special.log_expit(np.where(response, log_odds, -log_odds)).sum()
        return -likelihood + RIDGE * parameters[1] ** 2

    found = optimize.minimize(loss, np.zeros(2), method="BFGS")
    return float(found.x[0]), float(found.x[1])


@leaves_out
@measure("How much profit depends on starting fans", unit="log-odds per factor of ten", bounds=ANYTHING)
def fan_dependence(outcome: Outcome) -> float:
    """Slope of the regression in `break_even_private_domain`: by how much the log-odds of making a
    profit rise when starting fans are ten times as many. Missing if all or none profit."""
    chosen = _established(outcome)
    response = outcome.merchants.profit[chosen] > 0
    if len(response) < 10 or response.all() or not response.any():
        return MISSING
    return fit_logistic(np.log10(1.0 + outcome.merchants.starting_fans[chosen]), response)[1]


@leaves_out
@measure("Starting fans at which half of merchants profit", unit="persons")
def break_even_private_domain(outcome: Outcome) -> float:
    """Starting fans at which half of merchants profit: logistic regression of ``profit > 0`` on
    ``log10(1 + starting fans)``, solved for one half.

    Missing if profit does not rise with fans, if all or none profit, or if the solution lies
    outside the range of starting fans seen.
    """
    chosen = _established(outcome)
    response = outcome.merchants.profit[chosen] > 0
    dose = np.log10(1.0 + outcome.merchants.starting_fans[chosen])
    if len(dose) < 10 or response.all() or not response.any():
        return MISSING
    intercept, slope = fit_logistic(dose, response)
    solution = -intercept / slope if slope > 0 else -1.0
    if not 0 <= solution <= dose.max():
        return MISSING
    return float(10**solution - 1.0)


def named_number(outcome: Outcome, place: int) -> int:
    """Number of a merchant with a name, by its place among them."""
    return list(outcome.named.values())[place]


def _a_month(outcome: Outcome, place: int, amount: float) -> float:
    """An amount of the whole run by 30 days since the merchant opened, days after closing included."""
    days = int(outcome.days_in_business(np.array([named_number(outcome, place)]))[0])
    return amount * MONTH / days if days > 0 else MISSING


@leaves_out
@measure("Its profit a month", unit="CNY/30 days", split=NAMED, bounds=ANYTHING, better=HIGHER)
def named_profit(outcome: Outcome, place: int) -> float:
    """Profit of the merchant per 30 days since it opened (days after closing included), in CNY."""
    return _a_month(outcome, place, outcome.merchants.profit[named_number(outcome, place)] / 100.0)


@measure("Its members and followers at the end", unit="persons", split=NAMED, better=HIGHER)
def named_members(outcome: Outcome, place: int) -> float:
    """Persons who are in its group or follow it on the last day, each once a platform; none if it closed."""
    return outcome.persons(outcome.merchants.fans[named_number(outcome, place)])


@leaves_out
@measure("Its visits a month", unit="person-visits/30 days", split=NAMED, better=HIGHER)
def named_visits(outcome: Outcome, place: int) -> float:
    """Visits to its room, in persons, per 30 days since it opened."""
    visits = outcome.merchant_counts("visits")[named_number(outcome, place)]
    return _a_month(outcome, place, outcome.persons(visits))


@leaves_out
@measure("Its orders a month", unit="orders placed/30 days", split=NAMED, better=HIGHER)
def named_orders(outcome: Outcome, place: int) -> float:
    """Orders placed with it, in persons, per 30 days since it opened."""
    orders = outcome.merchant_counts("orders")[named_number(outcome, place)]
    return _a_month(outcome, place, outcome.persons(orders))
