"""A finished run, as measures see it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..scenario.scenario import Scenario
from ..scenario.sections.platform import Platform
from ..state.columns import CLOSED, FEN, NEVER, OPEN, SUSPENDED, WAITING, StoreColumns, ViewerColumns
from ..state.ledger import STORE_COUNTS, SURFACE_COUNTS, TOTALS, Audience
from ..state.ties import EMPTY, SUBSCRIBED, Ties

if TYPE_CHECKING:  # what measures there are is known without the model, which takes a while to load
    from ..platforms.channel import Channel
    from ..world.journal import Journal
    from ..world.model import LiveCommerceModel


MONTH = 30
"""Days of a month, as counts by store are kept."""


@dataclass(frozen=True)
class Window:
    """Days `first` to `last` of a run, counted from 1, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    def fits(self, days: int, left_out: int = 0) -> bool:
        """Whether a run of `days` has it: it begins a month of 30 days, and ends one or ends the run.

        Months are counted from the end of the first days that are left out, of which it has none.
        """
        first, last = self.first - left_out, self.last - left_out
        whole = last % MONTH == 0 or self.last == days
        return first > 0 and first % MONTH == 1 and whole and self.first < self.last <= days


@dataclass(frozen=True)
class Outcome:
    """State at the end of a run and its journal.

    Counts in the journal are agents and fen; `persons` and `cny` scale them. `merchants` holds one
    row a merchant, whatever the number of platforms; `stores` one a merchant and platform. Of a window
    of days (`within`) the journal holds these days alone, while state stays that of the end of the run.
    """

    scenario: Scenario
    journal: Journal
    viewers: ViewerColumns
    merchants: StoreColumns
    stores: StoreColumns
    ties: Ties
    platforms: list[Platform]
    channel_platforms: np.ndarray
    channels: list[str]
    channel_rules: list[Channel]
    archetypes: list[str]
    strong_fit: float
    taste_weight: float
    audience: Audience
    fans_at_first: np.ndarray
    first_day: int = 0

    @classmethod
    def from_model(cls, model: LiveCommerceModel) -> Outcome:
        """The outcome of a model that has been run."""
        return cls(
            model.settings,
            model.journal,
            model.viewers,
            merged(model),
            model.stores,
            model.ties,
            model.marketplace.platforms,
            model.marketplace.surfaces.platform,
            model.channel_names,
            model.marketplace.channels,
            list(model.settings.merchants.kinds),
            model.rules.choice.strong_fit,
            model.rules.choice.taste_weight,
            model.audience,
            model._fans_before,
        )

    def within(self, window: Window) -> Outcome:
        """The same run as if only the days of `window` had been written down; see `Window.fits`."""
        first = window.first - 1
        return replace(self, journal=self.journal.between(first, window.last), first_day=first)

    @property
    def left_out(self) -> int:
        """First days that are left out of what is counted by day."""
        return self.scenario.run.warm_up_days

    @cached_property
    def counted(self) -> Outcome:
        """The same run as if days that are left out had not been written down, nor profit made in them; of a
        window of days, that itself."""
        if not self.left_out or self.first_day:
            return self
        rest = self.within(Window(self.left_out + 1, self.days))
        before = self.journal.profit_before
        by_merchant = before.reshape(len(self.platforms), -1).sum(axis=0)
        return replace(
            rest,
            stores=self.stores._replace(profit=self.stores.profit - before),
            merchants=self.merchants._replace(profit=self.merchants.profit - by_merchant),
        )

    @property
    def last_day(self) -> int:
        """The day after the last that is counted."""
        return self.first_day + self.days

    def days_in_business(self, merchants: np.ndarray) -> np.ndarray:
        """Days that are counted since each of `merchants` opened, those after closing included."""
        return self.last_day - np.maximum(self.merchants.arrival[merchants].astype(int), self.first_day)

    @property
    def named(self) -> dict[str, int]:
        """Numbers of merchants with a name, by name."""
        return self.scenario.merchants.named_numbers(len(self.merchants.archetype))

    @property
    def days(self) -> int:
        """Days simulated, or of the window."""
        return self.journal.days_done

    @property
    def population(self) -> float:
        """Persons in the world, whether they watch or not."""
        return self.persons(len(self.viewers.taste))

    @property
    def people_per_viewer(self) -> float:
        """Persons that one agent stands for."""
        return float(self.scenario.world.people_per_viewer)

    def persons(self, agents: float) -> float:
        """Agents as persons."""
        return float(agents) * self.people_per_viewer

    def cny(self, fen: float) -> float:
        """Money of agents, in fen, as money of persons, in CNY."""
        return float(fen) * self.people_per_viewer / FEN

    def count(self, name: str, channel: int | None = None) -> int:
        """Count `name` over all days, of one channel or of all."""
        table = self.journal.channels[:, :, SURFACE_COUNTS.index(name)]
        return int(table.sum() if channel is None else table[:, channel].sum())

    def flow(self, name: str) -> np.ndarray:
        """Count `name` by day over all merchants, shape (days,)."""
        return self.journal.flows[:, STORE_COUNTS.index(name)]

    def total(self, name: str) -> np.ndarray:
        """Count `name` of `TOTALS` by day, shape (days,)."""
        return self.journal.totals[:, TOTALS.index(name)]

    def merchant_counts(self, name: str) -> np.ndarray:
        """Count `name` by merchant over all days, shape (merchants,)."""
        return self.store_counts(name).sum(axis=0)

    def store_counts(self, name: str) -> np.ndarray:
        """Count `name` by platform and merchant over all days, shape (platforms, merchants)."""
        counts = self.journal.by_store[:, STORE_COUNTS.index(name)]
        return counts.reshape(len(self.platforms), -1)

    def by_day(self, table: np.ndarray) -> np.ndarray:
        """A (days, rows) table of the journal by platform, shape (days, platforms, merchants)."""
        return table.reshape(len(table), len(self.platforms), -1)

    @property
    def visits(self) -> np.ndarray:
        """Visits by day and merchant, shape (days, merchants)."""
        return self.by_day(self.journal.visits).sum(axis=1)

    @property
    def live(self) -> np.ndarray:
        """Who streamed, or sent messages where nobody streams, on any platform, shape (days, merchants)."""
        return np.asarray(self.by_day(self.journal.live).any(axis=1))

    @property
    def streamed(self) -> np.ndarray:
        """Who streamed on any platform, messages apart, which have no hours, shape (days, merchants)."""
        return np.asarray((self.by_day(self.journal.hours) > 0).any(axis=1))

    @property
    def came(self) -> np.ndarray:
        """Merchants that ever opened, shape (merchants,): would-be newcomers may stay away, and those of a
        past may have closed before day 0.

        Of a window of days: those that opened before its end and were in business after its beginning.
        """
        closed_before = (self.merchants.status == CLOSED) & (self.merchants.last_day < 0)
        opened = np.asarray(self.merchants.status != WAITING) & ~closed_before
        if self.first_day == 0 and self.days == self.scenario.world.days:
            return opened
        begun = self.merchants.arrival < self.first_day + self.days
        return opened & begun & (self.merchants.last_day >= self.first_day)

    @property
    def private_channels(self) -> np.ndarray:
        """Which channels are private, shape (channels,)."""
        return np.array([channel.private for channel in self.channel_rules])

    def is_archetype(self, position: int | None) -> np.ndarray:
        """Which merchants are of an archetype (all if None), shape (merchants,)."""
        if position is None:
            return np.ones(len(self.merchants.archetype), bool)
        return self.merchants.archetype == position

    @property
    def newcomers(self) -> np.ndarray:
        """Merchants that arrived after the first day, and after those left out, without a private domain.

        Whose few fans are less than an agent has one, and is none of them.
        """
        return self.came & self.arrived_later & (self.merchants.fanless > 0)

    @property
    def counter_newcomers(self) -> np.ndarray:
        """Those of them with customers at the counter, and no group at first: the article's newcomers."""
        return self.newcomers & (self.merchants.counter > 0) & (self.merchants.community_work == 0)

    @property
    def arrived_later(self) -> np.ndarray:
        """Who arrived after the first day, and after those that are left out, shape (merchants,)."""
        return np.asarray(self.merchants.arrival >= max(1, self.left_out))

    def days_from_arrival(self, table: np.ndarray, length: int) -> np.ndarray:
        """Sum of a (days, merchants) table over each merchant's first `length` days."""
        cumulative = np.vstack([np.zeros(table.shape[1], np.int64), np.cumsum(table, axis=0)])
        merchants = np.arange(table.shape[1])
        first = self.merchants.arrival.astype(int)
        last = np.minimum(first + length, self.days)
        return cumulative[last, merchants] - cumulative[first, merchants]

    def closing_ages(self) -> tuple[np.ndarray, np.ndarray]:
        """Age at closing or at the end of each merchant that ever opened, and whether it closed."""
        came = self.came
        closed = self.merchants.status[came] == CLOSED
        last = np.where(closed, self.merchants.last_day[came], self.days - 1)
        return last - self.merchants.arrival[came] + 1, closed

    def fan_ages(self) -> np.ndarray:
        """Days for which each live subscription that began on day 0 or later has lasted, one-dimensional."""
        live = (self.ties.store != EMPTY) & (self.ties.flags & SUBSCRIBED > 0) & (self.ties.since >= 0)
        return self.days - 1 - self.ties.since[live].astype(int)

    def has_fitting_room(self, days: int | None = None) -> np.ndarray:
        """Viewers for whom some merchant that streamed (in the last `days`) fits strongly, shape (viewers,).

        In each category the style nearest to a viewer's taste decides.
        """
        fits = np.zeros(len(self.viewers.taste), bool)
        streamed = self.live[-days if days else 0 :].any(axis=0)
        for category in range(self.viewers.interest.shape[1]):
            styles = np.sort(self.merchants.style[streamed & (self.merchants.category == category)])
            if len(styles):
                fits |= self._best_fit(category, styles) >= self.strong_fit
        return fits

    def _best_fit(self, category: int, styles: np.ndarray) -> np.ndarray:
        """Fit of the best of `styles` (sorted) for each viewer: `interest_fit` of the nearest."""
        around = np.concatenate([styles[-1:] - self.scenario.arcs, styles, styles[:1] + self.scenario.arcs])
        place = np.clip(np.searchsorted(around, self.viewers.taste), 1, len(around) - 1)
        taste = self.viewers.taste
        distance = np.minimum(abs(around[place] - taste), abs(taste - around[place - 1]))
        distance = np.minimum(distance, 0.5)  # as in `taste_distance`
        return self.viewers.interest[:, category] * (1.0 - self.taste_weight * 2.0 * distance)


def merged(model: LiveCommerceModel) -> StoreColumns:
    """One row per merchant: traits as they were drawn, money and fans over all of its stores.

    A merchant is open if any of its stores is, closed if all are, and its first order is the first
    on any platform. Whoever was there before day 0 arrived on it, as far as results can tell.
    """
    roster, stores = model.cast.roster, model.stores

    def by_store(column: np.ndarray) -> np.ndarray:
        return column.reshape(len(model.marketplace), model.merchant_count)

    status = by_store(stores.status)
    first = by_store(stores.first_order).astype(np.int32)
    first = np.where(first == NEVER, np.iinfo(np.int32).max, first).min(axis=0)
    overall = np.full(model.merchant_count, WAITING, np.uint8)
    for found in (SUSPENDED, CLOSED, OPEN):  # the last that any store has counts
        overall[(status == found).any(axis=0)] = found
    return roster._replace(
        status=overall,
        arrival=np.maximum(roster.arrival, 0),
        starting_fans=by_store(stores.starting_fans).max(axis=0),
        cash=by_store(stores.cash).sum(axis=0),
        profit=by_store(stores.profit).sum(axis=0),
        fans=by_store(stores.fans).sum(axis=0),
        last_day=by_store(stores.last_day).max(axis=0),
        first_order=np.where(first == np.iinfo(np.int32).max, NEVER, first).astype(np.int16),
    )
