"""Sessions, each a stream of one store on one day: persons at once, sales an hour, and what hours do.

A day with messages alone (`Platform.live`) has no hours and is none.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..concentration import gini, top_share
from ..field import EMPTY_ROOM_PERSONS, concurrent_persons, top_hosts
from ..outcome import FEN, Outcome
from ..registry import ANYTHING, HIGHER, LARGEST, LOWER, MISSING, by_days, measure, ratio

PEAK_OVER_MEAN = 1.8
"""Most persons at once over the mean of a session: .017 of views against .0088 to .0099 in 1,224 sessions
(Chanmama, github.com/meganzhou62/tiktok_livesale)."""


class Sessions(NamedTuple):
    """Sessions in the order of days; arrays of shape (sessions,)."""

    store: np.ndarray  # row
    visits: np.ndarray  # persons
    hours: np.ndarray
    orders: np.ndarray  # persons
    gmv: np.ndarray  # CNY of persons

    @property
    def at_once(self) -> np.ndarray:
        """Persons in the room at once, on average over the session."""
        return concurrent_persons(self.visits, self.hours)


def sessions(outcome: Outcome, best: bool = False) -> Sessions:
    """All sessions, or those of the best-selling fifth of hosts."""
    journal, people = outcome.journal, outcome.people_per_viewer
    live = journal.hours > 0
    if best:
        live = live & np.isin(np.arange(live.shape[1]) % len(outcome.merchants.archetype), top_hosts(outcome))
    return Sessions(
        np.nonzero(live)[1],
        journal.visits[live] * people,
        journal.hours[live].astype(float),
        journal.orders[live] * people,
        journal.gmv[live] * (people / FEN),
    )


@by_days
@measure("Viewers in a room at once", unit="persons", better=HIGHER)
def persons_at_once(outcome: Outcome) -> float:
    """Persons in a room at once, on average over all hours streamed: hours watched / hours streamed, at two
    and a half minutes a visit. Missing without streams."""
    found = sessions(outcome)
    return ratio((found.at_once * found.hours).sum(), found.hours.sum())


@by_days
@measure("Viewers in a room at once, median session", unit="persons", better=HIGHER)
def persons_at_once_p50(outcome: Outcome) -> float:
    """Median over sessions of the persons in the room at once, on average over the session. Missing without
    streams."""
    found = sessions(outcome)
    return float(np.median(found.at_once)) if len(found.hours) else MISSING


@by_days
@measure("Most viewers in a room at once", unit="persons", scales=LARGEST)
def most_persons_at_once(outcome: Outcome) -> float:
    """Persons at once in the fullest room, at its peak: 1.8 times the mean over its session. Missing without
    streams."""
    found = sessions(outcome)
    return PEAK_OVER_MEAN * float(found.at_once.max()) if len(found.hours) else MISSING


@by_days
@measure("Streams with at most 5 viewers at once", better=LOWER)
def near_empty_session_share(outcome: Outcome) -> float:
    """Of sessions, those with at most 5 persons in the room at once, on average over the session. Missing
    without streams."""
    found = sessions(outcome)
    return ratio(np.count_nonzero(found.at_once <= EMPTY_ROOM_PERSONS), len(found.hours))


@by_days
@measure("Sales per hour streamed", unit="CNY", better=HIGHER)
def gmv_per_hour(outcome: Outcome) -> float:
    """GMV / hours streamed, in CNY of persons. Missing without streams."""
    found = sessions(outcome)
    return ratio(found.gmv.sum(), found.hours.sum())


@by_days
@measure("Best-selling fifth of hosts: inequality of sales per hour among sessions", unit="Gini")
def top20_gmv_per_hour_gini(outcome: Outcome) -> float:
    """Gini coefficient of GMV / hours over the sessions of the best-selling fifth that sold anything. Missing
    without sales."""
    return gini(_hourly_sales(outcome))


@by_days
@measure("Best-selling fifth of hosts: best tenth of sessions by sales per hour")
def top20_top_hourly_share(outcome: Outcome) -> float:
    """GMV per hour of the best tenth of sessions by it / that of all, of the best-selling fifth, sessions
    that sold anything. Missing without sales."""
    return top_share(_hourly_sales(outcome), 0.1)


@by_days
@measure("Best-selling fifth of hosts: rise of visits with hours", unit="exponent", bounds=ANYTHING)
def session_visits_on_hours(outcome: Outcome) -> float:
    """Exponent of visits on hours from session to session of the same store; see `within_stores`. Of sessions
    of the best-selling fifth that anybody visited. Missing where all streams are alike."""
    found = sessions(outcome, best=True)
    return within_stores(found, found.visits)


@by_days
@measure("Best-selling fifth of hosts: rise of orders per visit with hours", unit="exponent", bounds=ANYTHING)
def session_conversion_on_hours(outcome: Outcome) -> float:
    """As `session_visits_on_hours`, of orders / visits, of sessions that sold anything."""
    found = sessions(outcome, best=True)
    rate = np.divide(found.orders, found.visits, out=np.zeros(len(found.visits)), where=found.visits > 0)
    return within_stores(found, rate)


def _hourly_sales(outcome: Outcome) -> np.ndarray:
    """GMV / hours of the sessions of the best-selling fifth that sold anything."""
    found = sessions(outcome, best=True)
    return (found.gmv / found.hours)[found.gmv > 0]


def within_stores(found: Sessions, amount: np.ndarray) -> float:
    """Slope of the log of `amount` on the log of hours, both less their means over the same store's sessions,
    by least squares; of sessions in which `amount` is above 0. Missing if hours do not differ."""
    positive = amount > 0
    store = found.store[positive]
    hours, amounts = (less_mean(np.log(numbers[positive]), store) for numbers in (found.hours, amount))
    spread = float((hours**2).sum())
    return float((hours * amounts).sum()) / spread if not math.isclose(spread, 0.0, abs_tol=1e-9) else MISSING


def less_mean(numbers: np.ndarray, store: np.ndarray) -> np.ndarray:
    """Numbers less the mean over those of the same store."""
    sums, counts = np.bincount(store, weights=numbers), np.bincount(store)
    return numbers - sums[store] / counts[store]
