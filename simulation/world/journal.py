"""What is written down each day, for the measures to read after the run."""

from __future__ import annotations

from copy import copy

import numpy as np

from ..platforms.own_shops import Chances, Day, Span, Visitors, close_own_shops, nobody_followed
from ..state.columns import OPEN
from ..state.ledger import (
    BOOKS,
    CARRIED,
    FIT_CLASSES,
    FOLLOWS,
    GMV,
    ORDERS,
    OWN_SHOP_COUNTS,
    PRIVATE_ORDERS,
    PRIVATE_VISITS,
    STORE_COUNTS,
    SURFACE_COUNTS,
    TOTALS,
    VISITS,
    WALK_INS,
    add_up,
    new_ledger,
)
from .links import SIZE_CLASSES
from .world_state import WorldState

MONTH = 30


class Journal:
    """Counts of one arm, in agents and fen.

    Parameters
    ----------
    days, merchants, channels, platforms : int
        Of each, how many.
    left_out : int, optional
        First days that measures leave out. A month begins where they end, and every 30 days before and after.

    Attributes
    ----------
    visits, orders : int32 arrays, (days, merchants)
        Of each merchant on each day.
    gmv : int64 array, (days, merchants)
        Sales of each merchant on each day, in fen.
    live : bool array, (days, merchants)
        Who streamed.
    hours : float array, (days, merchants)
        For how long, 0 for who did not.
    private_visits, private_orders : int32 arrays, (days, merchants)
        Of these, through private channels.
    joined : int32 array, (days, merchants)
        New fans, starting ones apart.
    channels : int64 array, (days, channels, len(SURFACE_COUNTS))
        Counts by channel and day.
    flows : int64 array, (days, len(STORE_COUNTS))
        Counts by day, over all merchants.
    totals : int64 array, (days, len(TOTALS))
        Further counts by day.
    merchants : int64 array, (merchants, len(STORE_COUNTS))
        Counts by merchant, over all days.
    returned_7, returned_30, rebought_30 : int64 arrays, (days,)
        Visits (orders) of that day followed by another in the same room within 7 or 30 days.
    lost_at_age, closed_at_age : int64 arrays, (days + 1,)
        Fans who left, and fans whose store had gone, by days since they followed.
    books : int64 array, (days, platforms, len(BOOKS))
        Money of all merchants together: see `BOOKS`.
    users : int64 array, (days, platforms)
        Viewers who visited a room of each platform in the last 30 days.
    users_today : int64 array, (days, platforms)
        Viewers who visited a room of each platform on that day.
    several : int64 array, (days,)
        Viewers who visited rooms of more than one platform in the last 30 days.
    stores : int64 array, (days, platforms)
        Merchants open on each platform.
    attention : float array, (days, platforms)
        Share of viewers' occasions expected on each platform.
    opened, closed : list of (day, merchant, platform)
        Stores opened on a further platform, and given up on one.
    switched : list of (day, from, to, viewers)
        Viewers by favourite platform a month ago and now.
    own_shops : int64 array, (days, platforms, len(OWN_SHOP_COUNTS))
        What visitors, and everybody, bought in the shops of platforms' owners: see `OWN_SHOP_COUNTS`.
    active, monthly_active, fan_viewers, fan_ties, members, open_merchants : int64 arrays, (days,)
        Viewers who visited; who visited in the last 30 days; who follow somebody; ties of fans;
        members of groups; shops in business.
    profit_before : int64 array, (merchants,)
        Profit of each store in the days that are left out, in fen.
    stores_by_month : int64 array, (months, stores, len(STORE_COUNTS))
        Counts by store, by month of 30 days, see `month_of`; the last may be shorter, and the first too
        where days are left out.
    cascades_by_month : int64 array, (months, SIZE_CLASSES)
        Cascades by number of adopters, by month.
    known_by_month : int32 array, (months, merchants, FIT_CLASSES, 2, 2)
        By visitors who knew the host or not, visits and orders, by class of interest fit.
    buyers_by_month, rebuyers_by_month : int64 arrays, (months,)
        Viewers who ordered in each whole month, and those of them who had in the month before.
    """

    BY_DAY = (
        "visits",
        "orders",
        "private_visits",
        "private_orders",
        "joined",
        "gmv",
        "live",
        "hours",
        "channels",
        "flows",
        "totals",
        "books",
        "own_shops",
        "users",
        "users_today",
        "several",
        "stores",
        "attention",
        "active",
        "monthly_active",
        "fan_viewers",
        "fan_ties",
        "members",
        "open_merchants",
    )
    """Arrays whose first axis is the day."""
    BY_MONTH = (
        "stores_by_month",
        "cascades_by_month",
        "known_by_month",
        "buyers_by_month",
        "rebuyers_by_month",
    )
    """Arrays whose first axis is the month."""

    def __init__(self, days: int, merchants: int, channels: int, platforms: int = 1, left_out: int = 0):
        self.days_done, self.left_out = 0, left_out
        self.profit_before = np.zeros(merchants, np.int64)
        self.visits = np.zeros((days, merchants), np.int32)
        self.orders = np.zeros((days, merchants), np.int32)
        self.private_visits = np.zeros((days, merchants), np.int32)
        self.private_orders = np.zeros((days, merchants), np.int32)
        self.joined = np.zeros((days, merchants), np.int32)
        self.gmv = np.zeros((days, merchants), np.int64)
        self.live = np.zeros((days, merchants), bool)
        self.hours = np.zeros((days, merchants), np.float32)
        self.channels = np.zeros((days, channels, len(SURFACE_COUNTS)), np.int64)
        self.flows = np.zeros((days, len(STORE_COUNTS)), np.int64)
        self.totals = np.zeros((days, len(TOTALS)), np.int64)
        self.books = np.zeros((days, platforms, len(BOOKS)), np.int64)
        self.own_shops = np.zeros((days, platforms, len(OWN_SHOP_COUNTS)), np.int64)
        self._followed: Visitors | None = None
        self.users = np.zeros((days, platforms), np.int64)
        self.users_today = np.zeros((days, platforms), np.int64)
        self.several = np.zeros(days, np.int64)
        self.stores = np.zeros((days, platforms), np.int64)
        self.attention = np.zeros((days, platforms))
        self.opened: list[tuple[int, int, int]] = []
        self.closed: list[tuple[int, int, int]] = []
        self._favourite: np.ndarray | None = None
        self.switched: list[tuple[int, int, int, int]] = []
        self.sums = new_ledger(merchants, channels, days)
        self.active = np.zeros(days, np.int64)
        self.monthly_active = np.zeros(days, np.int64)
        self.fan_viewers = np.zeros(days, np.int64)
        self.fan_ties = np.zeros(days, np.int64)
        self.members = np.zeros(days, np.int64)
        self.open_merchants = np.zeros(days, np.int64)
        months = self.month_of(days - 1) + 1
        self.stores_by_month = np.zeros((months, merchants, len(STORE_COUNTS)), np.int64)
        self.cascades_by_month = np.zeros((months, SIZE_CLASSES), np.int64)
        self.known_by_month = np.zeros((months, merchants, FIT_CLASSES, 2, 2), np.int32)
        self.buyers_by_month = np.zeros(months, np.int64)
        self.rebuyers_by_month = np.zeros(months, np.int64)
        self._bought: np.ndarray | None = None

    def write_day(self, model: WorldState, attention: np.ndarray, cascades: np.ndarray | None) -> None:
        """Enter the counts of the model's day.

        Parameters
        ----------
        model : WorldState
        attention : float array, shape (platforms,)
            Share of viewers' occasions expected on each platform.
        cascades : int64 array, shape (SIZE_CLASSES,), optional
            The day's cascades by number of adopters, where links are passed on.
        """
        day, ledger, viewers = model.day, model.ledger, model.viewers
        self.visits[day] = ledger.stores[:, VISITS]
        self.orders[day] = ledger.stores[:, ORDERS]
        self.private_visits[day] = ledger.stores[:, PRIVATE_VISITS]
        self.private_orders[day] = ledger.stores[:, PRIVATE_ORDERS]
        self.joined[day] = ledger.stores[:, [FOLLOWS, WALK_INS, CARRIED]].sum(axis=1)
        self.gmv[day] = ledger.stores[:, GMV]
        self.live[day] = model.stores.live
        self.hours[day] = model.stores.hours
        self.channels[day] = ledger.surfaces
        self.flows[day] = ledger.stores.sum(axis=0)
        self.totals[day] = ledger.totals
        add_up(self.sums, [ledger])
        self.stores_by_month[self.month_of(day)] += ledger.stores
        self.known_by_month[self.month_of(day)] += ledger.known
        self.active[day] = np.count_nonzero(viewers.last_active == day)
        if self._ends_month(day):
            self.monthly_active[day] = np.count_nonzero(viewers.last_active > day - MONTH)
            self._write_buyers(day, viewers.last_order > day - MONTH)
        self.fan_viewers[day] = np.count_nonzero(viewers.fan_ties)
        self.fan_ties[day] = int(model.stores.fans.sum())
        self.members[day] = int(model.stores.members.sum())
        is_open = (model.stores.status == OPEN).reshape(len(model.marketplace), -1)
        self.open_merchants[day] = np.count_nonzero(is_open.any(axis=0))
        self.stores[day] = np.count_nonzero(is_open, axis=1)
        self.attention[day] = attention
        if cascades is not None:
            self.cascades_by_month[self.month_of(day)] += cascades
        self._write_own_shops(model)
        if len(model.marketplace) > 1:
            self._write_market(model)
        self.days_done = day + 1
        if self.days_done == self.left_out:
            self.profit_before[:] = model.stores.profit

    def month_of(self, day: int) -> int:
        """Number of the month of a day, from 0."""
        return (day - self.left_out) // MONTH - -self.left_out // MONTH

    def _ends_month(self, day: int) -> bool:
        return (day + 1 - self.left_out) % MONTH == 0

    def _write_buyers(self, day: int, bought: np.ndarray) -> None:
        """Enter at the end of a month who bought in it, and who in the month before as well."""
        self.buyers_by_month[self.month_of(day)] = np.count_nonzero(bought)
        if self._bought is not None:
            self.rebuyers_by_month[self.month_of(day)] = np.count_nonzero(bought & self._bought)
        self._bought = bought

    def _write_own_shops(self, model: WorldState) -> None:
        """Enter what is bought in the shops of platforms' owners, where there are any."""
        shops = [platform.own_shops for platform in model.marketplace.platforms]
        chances = [
            Chances(number, entry.base_rate, entry.hand_over)
            for number, entry in enumerate(shops)
            if entry.base_rate or entry.hand_over
        ]
        if not chances:
            return
        if self._followed is None:
            self._followed = nobody_followed(len(shops), len(model.viewers.seen_on))
        close_own_shops(
            Day(model.key, model.day),
            model.viewers.seen_on,
            self._followed,
            chances,
            self.own_shops,
            lambda work: model.shards.each(lambda shard: work(Span(shard.first, shard.last))),
        )

    def _write_market(self, model: WorldState) -> None:
        """Enter who uses which platforms, and once a month whose favourite has changed."""
        recent = model.viewers.seen_on > model.day - MONTH
        self.users[model.day] = np.count_nonzero(recent, axis=0)
        self.users_today[model.day] = np.count_nonzero(model.viewers.seen_on == model.day, axis=0)
        self.several[model.day] = np.count_nonzero(recent.sum(axis=1) > 1)
        if not self._ends_month(model.day):
            return
        habit = model.viewers.habit
        favourite = np.where(habit.max(axis=1) > 0, habit.argmax(axis=1), -1)
        if self._favourite is not None:
            both = (favourite >= 0) & (self._favourite >= 0) & (favourite != self._favourite)
            pairs, counts = np.unique(
                np.stack([self._favourite[both], favourite[both]]), axis=1, return_counts=True
            )
            self.switched += [
                (model.day, int(left), int(right), int(count))
                for (left, right), count in zip(pairs.T, counts, strict=True)
            ]
        self._favourite = favourite

    def between(self, first: int, last: int) -> Journal:
        """What was written down from day `first` up to `last`, which is not included.

        `first` begins a month, and `last` ends one or is the last day. What is kept by age
        alone (`lost_at_age`), and who moved where, stay those of all days.
        """
        months, days = slice(self.month_of(first), self.month_of(last - 1) + 1), slice(first, last)
        part = copy(self)
        for name in self.BY_DAY:
            setattr(part, name, getattr(self, name)[days])
        part.days_done = last - first
        for name in self.BY_MONTH:
            setattr(part, name, getattr(self, name)[months])
        part.sums = self.sums._replace(
            stores=part.stores_by_month.sum(axis=0),
            surfaces=part.channels.sum(axis=0),
            totals=part.totals.sum(axis=0),
            back_7=self.sums.back_7[days],
            back_30=self.sums.back_30[days],
            rebought_30=self.sums.rebought_30[days],
            public_rebought_30=self.sums.public_rebought_30[days],
            back_60=self.sums.back_60[days],
            known=part.known_by_month.sum(axis=0),
        )
        return part

    @property
    def cascade_sizes(self) -> np.ndarray:
        """Cascades by number of adopters, over all days, shape (SIZE_CLASSES,)."""
        return np.asarray(self.cascades_by_month.sum(axis=0))

    @property
    def by_store(self) -> np.ndarray:
        """Counts by merchant, over all days."""
        return self.sums.stores

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
    def public_rebought_30(self) -> np.ndarray:
        """Orders of each day by persons met in public, followed by another within 30 days."""
        return self.sums.public_rebought_30

    @property
    def back_60(self) -> np.ndarray:
        """Fans since each day who were back in the room 31 to 60 days later."""
        return self.sums.back_60

    @property
    def lost_at_age(self) -> np.ndarray:
        """Fans who left, by days since they followed."""
        return self.sums.lost_at_age

    @property
    def closed_at_age(self) -> np.ndarray:
        """Fans whose store had gone, by days since they followed."""
        return self.sums.closed_at_age
