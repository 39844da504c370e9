"""What is written down each day, for the measures to read after the run."""

from __future__ import annotations

import numpy as np

from ..state.ledger import (
    COUNTS,
    MERCHANT_COUNTS,
    ORDERS,
    TOTALS,
    VISITS,
    Ledger,
    add_up,
    new_ledger,
)
from .links import SIZE_CLASSES

BOOKS = ("net_revenue", "commission", "cost_of_goods", "other_costs")


class Journal:
    """Counts of one arm, in agents and fen.

    Attributes
    ----------
    visits, orders : int32 arrays, (days, merchants)
        Of each merchant on each day.
    live : bool array, (days, merchants)
        Who streamed.
    channels : int64 array, (days, channels, len(COUNTS))
        Counts by channel and day.
    flows : int64 array, (days, len(MERCHANT_COUNTS))
        Counts by day, over all merchants.
    totals : int64 array, (days, len(TOTALS))
        Further counts by day.
    merchants : int64 array, (merchants, len(MERCHANT_COUNTS))
        Counts by merchant, over all days.
    returned_7, returned_30, rebought_30 : int64 arrays, (days,)
        Visits (orders) of that day followed by another in the same room within so many days.
    lost_at_age : int64 array, (days + 1,)
        Fans lost, by days since they followed.
    books : int64 array, (days, 4)
        Money of all merchants together: see `BOOKS`.
    active, monthly_active, fan_viewers, fan_ties, open_merchants : int64 arrays, (days,)
        Viewers who visited; who visited in the last 30 days; who follow somebody; ties of fans;
        shops in business.
    cascade_sizes : int64 array, (SIZE_CLASSES,)
        Cascades by number of adopters, over all days.
    """

    def __init__(self, days: int, merchants: int, channels: int):
        self.days_done = 0
        self.visits = np.zeros((days, merchants), np.int32)
        self.orders = np.zeros((days, merchants), np.int32)
        self.live = np.zeros((days, merchants), bool)
        self.channels = np.zeros((days, channels, len(COUNTS)), np.int64)
        self.flows = np.zeros((days, len(MERCHANT_COUNTS)), np.int64)
        self.totals = np.zeros((days, len(TOTALS)), np.int64)
        self.books = np.zeros((days, len(BOOKS)), np.int64)
        self.sums = new_ledger(merchants, channels, days)
        self.active = np.zeros(days, np.int64)
        self.monthly_active = np.zeros(days, np.int64)
        self.fan_viewers = np.zeros(days, np.int64)
        self.fan_ties = np.zeros(days, np.int64)
        self.open_merchants = np.zeros(days, np.int64)
        self.cascade_sizes = np.zeros(SIZE_CLASSES, np.int64)

    def write_day(self, day: int, ledger: Ledger, live: np.ndarray) -> None:
        """Enter the counts of `day`."""
        self.visits[day] = ledger.merchants[:, VISITS]
        self.orders[day] = ledger.merchants[:, ORDERS]
        self.live[day] = live
        self.channels[day] = ledger.channels
        self.flows[day] = ledger.merchants.sum(axis=0)
        self.totals[day] = ledger.totals
        add_up(self.sums, [ledger])
        self.days_done = day + 1

    @property
    def merchants(self) -> np.ndarray:
        """Counts by merchant, over all days."""
        return self.sums.merchants

    @property
    def returned_7(self) -> np.ndarray:
        """Visits of each day followed by a return within 7 days."""
        return self.sums.back_7

    @property
    def returned_30(self) -> np.ndarray:
        """Visits of each day followed by a return within 30 days."""
        return self.sums.back_30

    @property
    def rebought_30(self) -> np.ndarray:
        """Orders of each day followed by another within 30 days."""
        return self.sums.rebought_30

    @property
    def lost_at_age(self) -> np.ndarray:
        """Fans lost, by days since they followed."""
        return self.sums.lost_at_age
