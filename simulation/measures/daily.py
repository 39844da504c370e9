"""Measures by day: the columns of the daily table whose trend a claim can test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..state.ledger import COUNTS
from .outcome import FEN, Outcome
from .registry import AMOUNT, FRACTION, Measure

Days = np.ndarray
"""One value per day, shape (days,); missing where there is none."""


@dataclass(frozen=True)
class DailyMeasure(Measure):
    """A measure of which every day has a value.

    Attributes
    ----------
    whole : str
        Of a share, the daily measure that it is a share of.
    """

    whole: str = ""


DAILY_MEASURES: dict[str, DailyMeasure] = {}
"""By name, in the order of columns."""


def daily_measure(label: str, unit: str, whole: str = "") -> Callable:
    """Declare the decorated function of an outcome a measure by day; its name is that of the column.

    Parameters
    ----------
    label, unit : str
        See `Measure`.
    whole : str, optional
        See `DailyMeasure`.
    """

    def declare(function: Callable[[Outcome], Days]) -> Callable[[Outcome], Days]:
        bounds = FRACTION if unit == "share" else AMOUNT
        DAILY_MEASURES[function.__name__] = DailyMeasure(
            function.__name__, label, unit, "daily", "", bounds, function, whole=whole
        )
        return function

    return declare


@daily_measure("Visits a day", "person-visits")
def visits(outcome: Outcome) -> Days:
    """Visits to rooms."""
    return outcome.flow("visits") * outcome.people_per_viewer


@daily_measure("Orders a day", "orders placed")
def orders(outcome: Outcome) -> Days:
    """Orders placed."""
    return outcome.flow("orders") * outcome.people_per_viewer


@daily_measure("Returns a day", "orders placed")
def returns(outcome: Outcome) -> Days:
    """Orders of that day that are sent back."""
    return outcome.flow("returns") * outcome.people_per_viewer


@daily_measure("New followers a day", "persons")
def follows(outcome: Outcome) -> Days:
    """Viewers who followed after a visit."""
    return outcome.flow("follows") * outcome.people_per_viewer


@daily_measure("Links shared a day", "links shared")
def shares(outcome: Outcome) -> Days:
    """Visits after which the link was passed on."""
    return outcome.flow("shares") * outcome.people_per_viewer


@daily_measure("Fans lost a day", "persons")
def lost(outcome: Outcome) -> Days:
    """Ties of fans that ended."""
    return outcome.flow("lost") * outcome.people_per_viewer


@daily_measure("Group members won outside a day", "persons")
def walk_ins(outcome: Outcome) -> Days:
    """Members won for merchants' groups outside the platform."""
    return outcome.flow("walk_ins") * outcome.people_per_viewer


@daily_measure("Sales (GMV) a day", "CNY")
def gmv(outcome: Outcome) -> Days:
    """Gross merchandise value of all orders, before returns."""
    return outcome.flow("gmv") * outcome.people_per_viewer / FEN


@daily_measure("Active viewers", "persons")
def active_viewers(outcome: Outcome) -> Days:
    """Viewers who visited any room."""
    return outcome.journal.active * outcome.people_per_viewer


@daily_measure("Fans", "persons")
def fans(outcome: Outcome) -> Days:
    """Ties of fans at the end of the day."""
    return outcome.journal.fan_ties * outcome.people_per_viewer


@daily_measure("Members of merchants' groups", "persons")
def members(outcome: Outcome) -> Days:
    """Members of merchants' groups at the end of the day, each group's counted."""
    return outcome.journal.members * outcome.people_per_viewer


@daily_measure("Viewers with ties", "persons")
def viewers_with_ties(outcome: Outcome) -> Days:
    """Viewers who are a fan of anybody at the end of the day."""
    return outcome.journal.fan_viewers * outcome.people_per_viewer


@daily_measure("Merchants in business", "merchants")
def merchants_open(outcome: Outcome) -> Days:
    """Merchants open on any platform."""
    return outcome.journal.open_merchants.astype(float)


@daily_measure("Streams a day", "streams")
def streams(outcome: Outcome) -> Days:
    """Live rooms, one a store that streams."""
    return np.asarray((outcome.journal.hours > 0).sum(axis=1).astype(float))


@daily_measure("Orders per visit", "share", "visits")
def conversion_rate(outcome: Outcome) -> Days:
    """Orders / visits."""
    return _shares(outcome.flow("orders").astype(float), outcome.flow("visits").astype(float))


@daily_measure("Traffic from private channels", "share", "visits")
def private_traffic_share(outcome: Outcome) -> Days:
    """Visits through private channels / visits."""
    by_channel = outcome.journal.channels[:, outcome.private_channels, COUNTS.index("visits")]
    return _shares(by_channel.sum(axis=1), outcome.flow("visits").astype(float))


@daily_measure("Visits from outside the starting fans", "share", "visits")
def outside_share(outcome: Outcome) -> Days:
    """Visits by people who were not in the merchant's starting private domain / visits."""
    return _shares(outcome.flow("outside"), outcome.flow("visits").astype(float))


@daily_measure("Visits by newly met people", "share", "visits")
def stranger_visit_share(outcome: Outcome) -> Days:
    """Visits by people who a month before neither followed the merchant nor were in its groups / visits."""
    return _shares(outcome.flow("strangers").astype(float), outcome.flow("visits").astype(float))


@daily_measure("Orders returned", "share", "orders")
def return_rate(outcome: Outcome) -> Days:
    """Orders sent back / orders."""
    return _shares(outcome.flow("returns"), outcome.flow("orders").astype(float))


@daily_measure("Back in the room within 7 days", "share", "visits")
def revisit_rate_7d(outcome: Outcome) -> Days:
    """Of visits, those whose viewer is back in the same room within 7 days; missing in the last 7."""
    return _cohorts(outcome.journal.returned_7, outcome.flow("visits").astype(float), 7)


@daily_measure("Back in the room within 30 days", "share", "visits")
def revisit_rate_30d(outcome: Outcome) -> Days:
    """As `revisit_rate_7d`, within 30 days."""
    return _cohorts(outcome.journal.returned_30, outcome.flow("visits").astype(float), 30)


@daily_measure("Bought again within 30 days", "share", "orders")
def repurchase_rate_30d(outcome: Outcome) -> Days:
    """Of orders, those followed by another from the same merchant within 30 days; missing in the last 30."""
    return _cohorts(outcome.journal.rebought_30, outcome.flow("orders").astype(float), 30)


def _shares(part: np.ndarray, whole: np.ndarray) -> Days:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)


def _cohorts(returned: np.ndarray, begun: np.ndarray, window: int) -> Days:
    shares = _shares(returned.astype(float), begun)
    shares[max(0, len(shares) - window) :] = np.nan
    return shares
