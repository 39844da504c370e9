"""What a model reports once a day to Mesa's data collector: sums that the journal holds anyway.

Names, values and units are those of the daily table of results.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import mesa

from ...state.columns import FEN
from ...state.ledger import GMV, ORDERS, VISITS
from ..journal import Journal


class Reporting(Protocol):
    """What is asked of a model for its reports."""

    journal: Journal
    day: int
    people_per_viewer: float


def visits(model: Reporting) -> float:
    """Visits to rooms, in persons."""
    return _flow(model, VISITS)


def orders(model: Reporting) -> float:
    """Orders, in persons."""
    return _flow(model, ORDERS)


def gmv(model: Reporting) -> float:
    """Sales before returns, in CNY."""
    return _flow(model, GMV) / FEN


def fans(model: Reporting) -> float:
    """Ties of fans to merchants, in persons."""
    return float(model.journal.fan_ties[_day(model)] * model.people_per_viewer)


def merchants_open(model: Reporting) -> int:
    """Merchants in business."""
    return int(model.journal.open_merchants[_day(model)])


REPORTERS: dict[str, Callable[[Reporting], float]] = {
    reporter.__name__: reporter for reporter in (visits, orders, gmv, fans, merchants_open)
}
"""By the name of their column."""


class DayCollector(mesa.DataCollector):
    """Collects `REPORTERS` at the end of every day.

    Its rows count days from 0, as results do. Mesa 3.4 and later note them by its clock, which is at 1 then,
    and 3.4 looks for them a day before, so that `mesa.batch_run` would tell the last day but one.
    """

    def __init__(self) -> None:
        super().__init__(REPORTERS)

    def collect(self, model: Reporting) -> None:
        """Note the day that has just passed."""
        super().collect(model)
        if times := getattr(self, "_collection_steps", None):
            times[-1] = model.day - 1


def _day(model: Reporting) -> int:
    """The last day written down."""
    return model.journal.days_done - 1


def _flow(model: Reporting, count: int) -> float:
    return float(model.journal.flows[_day(model), count] * model.people_per_viewer)
