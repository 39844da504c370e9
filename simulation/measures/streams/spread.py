"""How sessions of the best-selling hosts differ: within a host, between hosts, and from one to the next.

All numbers are of logarithms, as published; sessions that nobody visited (or that sold nothing, where it is
conversion) have none and are left out. Sums of agents are coarse: few agents a session add luck of their own.
"""

from __future__ import annotations

import math

import numpy as np

from ..outcome import Outcome
from ..registry import ANYTHING, FRACTION, IN_AGENTS, MISSING, Bounds, by_days, measure
from .sessions import Sessions, less_mean, sessions

FEWEST = 3
"""Fewest sessions from which a spread is told."""
CORRELATION = Bounds(-1.0, 1.0)


def _logs(found: Sessions, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Store and log of `amount` of the sessions in which it is above 0, in the order of days."""
    positive = amount > 0
    return found.store[positive], np.log(amount[positive])


def _conversion(found: Sessions) -> np.ndarray:
    """Orders per visit of each session; 0 without visits."""
    return np.divide(found.orders, found.visits, out=np.zeros(len(found.visits)), where=found.visits > 0)


def within(store: np.ndarray, logs: np.ndarray) -> float:
    """Standard deviation of `logs` less their store's mean: ``sqrt(sum r^2 / (sessions - stores))``."""
    free = len(logs) - len(np.unique(store))
    return math.sqrt(float((less_mean(logs, store) ** 2).sum()) / free) if free >= FEWEST else MISSING


def between(store: np.ndarray, logs: np.ndarray) -> float:
    """Standard deviation between stores of the mean of `logs`."""
    stores = np.unique(store)
    if len(stores) < FEWEST:
        return MISSING
    return float(np.std([logs[store == one].mean() for one in stores], ddof=1))


def lag_one(store: np.ndarray, logs: np.ndarray) -> float:
    """Correlation of `logs` less their store's mean with those of the same store's next session.

    ``sum r_i r_(i+1) / sum r_i^2``, over all stores together.
    """
    order = np.argsort(store, kind="stable")
    rest, of = less_mean(logs, store)[order], store[order]
    follows = of[1:] == of[:-1]
    spread = float((rest**2).sum())
    if np.count_nonzero(follows) < FEWEST or spread == 0:
        return MISSING
    return float((rest[:-1] * rest[1:])[follows].sum()) / spread


def _left_by_hours(found: Sessions) -> tuple[np.ndarray, np.ndarray, int]:
    """Log views less their store's mean: as they are, less what hours explain, and degrees of freedom."""
    store, views = _logs(found, found.visits)
    hours = np.log(found.hours[found.visits > 0])
    views, hours = less_mean(views, store), less_mean(hours, store)
    spread = float((hours**2).sum())
    slope = float((hours * views).sum()) / spread if spread > 0 else 0.0
    return views, views - slope * hours, len(views) - len(np.unique(store)) - 1


@by_days
@measure("Best-selling fifth of hosts: spread of visits within a host", unit="sd of log", scales=IN_AGENTS)
def session_visits_spread_within(outcome: Outcome) -> float:
    """Standard deviation of log visits from session to session of the same host. Missing for few sessions."""
    found = sessions(outcome, best=True)
    return within(*_logs(found, found.visits))


@by_days
@measure("Best-selling fifth of hosts: spread of visits between hosts", unit="sd of log")
def session_visits_spread_between(outcome: Outcome) -> float:
    """Standard deviation between hosts of their mean log visits a session. Missing for fewer than 3 hosts."""
    found = sessions(outcome, best=True)
    return between(*_logs(found, found.visits))


@by_days
@measure(
    "Best-selling fifth of hosts: visits of a session and of the next", unit="correlation", bounds=CORRELATION
)
def session_visits_lag_one(outcome: Outcome) -> float:
    """Correlation of log visits of a session with those of the same host's next. Missing for few sessions."""
    found = sessions(outcome, best=True)
    return lag_one(*_logs(found, found.visits))


@by_days
@measure("Best-selling fifth of hosts: spread of visits that hours leave", unit="sd of log", scales=IN_AGENTS)
def session_visits_residual(outcome: Outcome) -> float:
    """Standard deviation of log visits within a host that is left by their slope on log hours."""
    _, left, free = _left_by_hours(sessions(outcome, best=True))
    return math.sqrt(float((left**2).sum()) / free) if free >= FEWEST else MISSING


@by_days
@measure(
    "Best-selling fifth of hosts: part of the spread of visits that hours explain",
    bounds=FRACTION,
    scales=IN_AGENTS,
)
def session_visits_by_hours(outcome: Outcome) -> float:
    """Share of the variance of log visits within a host that their slope on log hours explains."""
    views, left, free = _left_by_hours(sessions(outcome, best=True))
    spread = float((views**2).sum())
    return 1.0 - float((left**2).sum()) / spread if free >= FEWEST and spread > 0 else MISSING


@by_days
@measure(
    "Best-selling fifth of hosts: spread of orders per visit within a host",
    unit="sd of log",
    scales=IN_AGENTS,
)
def session_conversion_spread_within(outcome: Outcome) -> float:
    """As `session_visits_spread_within`, of orders / visits, of sessions that sold anything."""
    found = sessions(outcome, best=True)
    return within(*_logs(found, _conversion(found)))


@by_days
@measure("Best-selling fifth of hosts: spread of orders per visit between hosts", unit="sd of log")
def session_conversion_spread_between(outcome: Outcome) -> float:
    """As `session_visits_spread_between`, of orders / visits, of sessions that sold anything."""
    found = sessions(outcome, best=True)
    return between(*_logs(found, _conversion(found)))


@by_days
@measure(
    "Best-selling fifth of hosts: rise of orders per visit with visits, at equal hours",
    unit="exponent",
    bounds=ANYTHING,
)
def session_conversion_on_visits(outcome: Outcome) -> float:
    """Exponent of orders / visits on visits, hours held equal, from session to session of the same host.

    Least squares on log visits and log hours, all less their host's mean; of sessions that sold anything.
    Missing where there are too few of them, or where all hours are alike.
    """
    found = sessions(outcome, best=True)
    sold = found.orders > 0
    store = found.store[sold]
    columns = (found.visits[sold], found.hours[sold], found.orders[sold] / found.visits[sold])
    visits, hours, rate = (less_mean(np.log(column), store) for column in columns)
    known = np.column_stack([visits, hours])
    if len(rate) < FEWEST or np.linalg.matrix_rank(known) < 2:
        return MISSING
    return float(np.linalg.lstsq(known, rate, rcond=None)[0][0])
