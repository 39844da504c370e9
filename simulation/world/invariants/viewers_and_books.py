"""What must hold after any day of viewers, merchants and their books, whatever the parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...behaviour.merchants.bookkeeping import ADVERTISING, COMMISSION, COSTS, GOODS, REVENUE, SUBSIDIES
from ...state.columns import CLOSED, NEVER, WAITING
from ...state.ledger import (
    CARRIED,
    COUNTS,
    ENDORSED_VISITS,
    FOLLOWS,
    GMV,
    KNOWN_VISITS,
    LOST,
    OCCASIONS,
    ORDERS,
    OUTSIDE,
    REACH,
    REFUNDS,
    REPEAT_GMV,
    REPEAT_ORDERS,
    RETURNS,
    SHARE_FOLLOWS,
    SHARES,
    STARTED,
    VISITS,
    WALK_INS,
)
from ...state.ties import EMPTY, SUBSCRIBED
from .invariant import invariant, require

if TYPE_CHECKING:
    from ..model import LiveCommerceModel

AT_MOST = (
    (VISITS, REACH),
    (ORDERS, VISITS),
    (RETURNS, ORDERS),
    (REFUNDS, GMV),
    (FOLLOWS, VISITS),
    (SHARES, VISITS),
    (OUTSIDE, VISITS),
)
"""Pairs of counts of which the first never exceeds the second."""


def _held(model: LiveCommerceModel) -> np.ndarray:
    """Which slots of ties hold a merchant, shape (viewers, slots)."""
    return model.ties.store != EMPTY


def _subscribed(model: LiveCommerceModel) -> np.ndarray:
    """Which slots hold a fan's tie, shape (viewers, slots)."""
    return _held(model) & (model.ties.flags & SUBSCRIBED > 0)


def by_store(model: LiveCommerceModel, column: np.ndarray) -> np.ndarray:
    """A column of merchants by platform, shape (platforms, merchants)."""
    return column.reshape(len(model.marketplace), model.merchant_count)


def _arrival(model: LiveCommerceModel) -> np.ndarray:
    """Day on which the merchant of each row first opens anywhere, shape (rows,)."""
    return np.tile(model.cast.roster.arrival, len(model.marketplace))


def _per_merchant(model: LiveCommerceModel, chosen: np.ndarray) -> np.ndarray:
    """Number of `chosen` slots by merchant, shape (merchants,)."""
    return np.bincount(model.ties.store[chosen], minlength=len(model.stores.status))


@invariant
def counts_are_not_negative(model: LiveCommerceModel) -> None:
    """No count of the day or of the run is below zero."""
    for name, counts in model.ledger._asdict().items():
        require(counts >= 0, f"negative {name}", counts.min(initial=0))
    for name, counts in model.journal.sums._asdict().items():
        require(counts >= 0, f"negative {name} over the run", counts.min(initial=0))
    require(model.stores.fans >= 0, "negative fans", model.stores.fans)
    require(model.stores.heat >= 0, "negative heat", model.stores.heat)


@invariant
def merchants_and_channels_agree(model: LiveCommerceModel) -> None:
    """Every count but reach sums to the same over merchants and over channels.

    One occasion reaches its channel once, but each of the merchants that it offers.
    """
    by_merchant = model.ledger.stores[:, : len(COUNTS)].sum(axis=0)
    by_channel = model.ledger.surfaces.sum(axis=0)
    for count, name in enumerate(COUNTS):
        if count == REACH:
            require(by_channel[count] <= by_merchant[count], name, by_channel, by_merchant)
        else:
            require(by_merchant[count] == by_channel[count], name, by_merchant, by_channel)


@invariant
def journal_repeats_the_ledger(model: LiveCommerceModel) -> None:
    """What is written down of the last day is what was counted."""
    if model.day == 0:
        return
    journal, ledger, today = model.journal, model.ledger, model.day - 1
    require(journal.days_done == model.day, "days written down", journal.days_done)
    require(journal.visits[today] == ledger.stores[:, VISITS], "visits of merchants")
    require(journal.orders[today] == ledger.stores[:, ORDERS], "orders of merchants")
    require(journal.channels[today] == ledger.surfaces, "counts by channel")
    require(journal.flows[today] == ledger.stores.sum(axis=0), "counts of the day")
    require(journal.totals[today] == ledger.totals, "totals of the day")
    require(journal.live[today] == (model.stores.live == 1), "who streamed")
    streams = journal.live[today] & (model.marketplace.hosted[model.stores.platform] > 0)
    require((journal.hours[today] > 0) == streams, "hours streamed")


@invariant
def streams_are_on_air_for_their_hours(model: LiveCommerceModel) -> None:
    """Where the day has parts, a stream covers as much of them as its hours are of the day."""
    hours, on_air = model.stores.hours, model.world.on_air
    if on_air.shape[1] == 1:
        return
    covered = np.exp(on_air).mean(axis=1)[hours > 0]
    due = np.minimum(1.0, hours[hours > 0] / model.rules.streams.day_hours)
    require(np.abs(covered - due) < 1e-6, "parts of the day covered", covered, due)


@invariant
def journal_adds_up(model: LiveCommerceModel) -> None:
    """Sums over the run are the sums of its days, and nothing stands on days to come."""
    journal, days = model.journal, model.day
    require(journal.by_store.sum(axis=0) == journal.flows.sum(axis=0), "merchants against days")
    require(journal.by_store[:, VISITS] == journal.visits.sum(axis=0), "visits")
    require(journal.by_store[:, ORDERS] == journal.orders.sum(axis=0), "orders")
    require(journal.sums.surfaces == journal.channels.sum(axis=0), "channels")
    require(journal.sums.totals == journal.totals.sum(axis=0), "totals")
    for table in (journal.flows, journal.channels, journal.books, journal.totals):
        require(table[days:] == 0, "counts on days to come")


@invariant
def the_funnel_narrows(model: LiveCommerceModel) -> None:
    """Of merchants and of channels: returns <= orders <= visits <= reach, and the like."""
    for what, counts in (("merchants", model.ledger.stores), ("channels", model.ledger.surfaces)):
        for less, more in AT_MOST:
            require(
                counts[:, less] <= counts[:, more],
                f"{COUNTS[less]} exceed {COUNTS[more]} of {what}",
                counts[:, less],
                counts[:, more],
            )


@invariant
def parts_do_not_exceed_wholes(model: LiveCommerceModel) -> None:
    """Visits to known rooms are visits, repeat orders are orders, follows by link are follows."""
    totals, sums = model.ledger.totals, model.ledger.stores.sum(axis=0)
    for part, whole in (
        (KNOWN_VISITS, VISITS),
        (REPEAT_ORDERS, ORDERS),
        (REPEAT_GMV, GMV),
        (SHARE_FOLLOWS, FOLLOWS),
    ):
        require(totals[part] <= sums[whole], f"total {part} exceeds count {whole}", totals, sums)


@invariant
def attention_is_spent_once(model: LiveCommerceModel) -> None:
    """Visits and offers take occasions, and nobody has more of these than a day allows."""
    most = model.settings.people.max_occasions
    occasions = model.ledger.totals[OCCASIONS]
    used = model.ledger.surfaces[:, REACH].sum()
    require(used <= occasions, "more offers than occasions", used, occasions)
    require(model.ledger.stores[:, VISITS].sum() <= occasions, "more visits than occasions")
    require(
        model.viewers.share_left <= most,
        "occasions left for links have wrapped",
        model.viewers.share_left.max(),
    )


@invariant
def nobody_enters_more_rooms_than_a_day_allows(model: LiveCommerceModel) -> None:
    """Rooms counted for each viewer today are those that it remembers, and no more than a day allows."""
    if model.day == 0:
        return
    visits = (_held(model) & (model.ties.last_visit == model.day - 1)).sum(axis=1)
    counted, most = model.viewers.rooms_today, model.settings.people.max_occasions
    require(visits == counted, "rooms remembered against rooms counted", visits, counted)
    require(counted <= most, "more rooms than a day allows", counted.max())


@invariant
def no_room_is_visited_twice_a_day(model: LiveCommerceModel) -> None:
    """Each visit of today is remembered by a tie of its own; whoever has one was active today."""
    if model.day == 0:
        return
    today = model.day - 1
    visited = _held(model) & (model.ties.last_visit == today)
    visits = model.ledger.stores[:, VISITS]
    require(
        _per_merchant(model, visited) == visits,
        "ties visited against visits",
        _per_merchant(model, visited),
        visits,
    )
    each = visited.sum(axis=1)
    require(each <= model.settings.people.max_occasions, "more rooms than occasions", each.max())
    require((each > 0) == (model.viewers.last_active == today), "active viewers")
    require(model.journal.active[today] == np.count_nonzero(each), "active viewers written down")


@invariant
def nobody_has_two_ties_to_a_merchant(model: LiveCommerceModel) -> None:
    """No merchant stands twice among a viewer's ties."""
    rows = np.sort(model.ties.store, axis=1)
    doubled = (rows[:, 1:] == rows[:, :-1]) & (rows[:, 1:] != EMPTY)
    require(~doubled, "viewers with a doubled tie", np.flatnonzero(doubled.any(axis=1)))


@invariant
def ties_point_to_merchants_that_have_arrived(model: LiveCommerceModel) -> None:
    """Nobody knows a merchant before it opens."""
    known = np.unique(model.ties.store[_held(model)])
    require((known >= 0) & (known < len(model.stores.status)), "no such merchant", known)
    require(_arrival(model)[known] < model.day, "ties to merchants yet to come", known)
    require(model.stores.status[known] != WAITING, "ties to merchants that never opened", known)


@invariant
def trust_is_a_share(model: LiveCommerceModel) -> None:
    """Trust is a finite number from 0 to 1."""
    trust = model.ties.trust[_held(model)]
    require(np.isfinite(trust), "trust that is no number")
    require((trust >= 0) & (trust <= 1), "trust outside 0 to 1", trust.min(initial=0), trust.max(initial=0))


@invariant
def ties_remember_the_past(model: LiveCommerceModel) -> None:
    """Days on ties are past days; whoever bought was there and is on record as a visitor."""
    held, ties, first = _held(model), model.ties, -model._days_before
    for days in (ties.last_visit, ties.last_purchase, ties.since):
        require((days[held] == NEVER) | ((days[held] >= first) & (days[held] < model.day)), "impossible day")
    require((ties.touched[held] >= first) & (ties.touched[held] < model.day), "impossible day")
    require(ties.since[_subscribed(model)] >= first, "a subscription that never began")
    require(ties.last_purchase[held] <= ties.last_visit[held], "a purchase after the last visit")
    require((ties.purchases[held] > 0) == (ties.last_purchase[held] != NEVER), "purchases without a day")
    if first == 0:
        require(ties.purchases[held].sum() <= model.journal.by_store[:, ORDERS].sum(), "too many purchases")
    viewers = model.viewers
    require(viewers.bought_by & ~viewers.visited_by == 0, "buyers who never visited that way")


@invariant
def fans_are_the_subscribed_ties(model: LiveCommerceModel) -> None:
    """Fans by merchant and by viewer are counts of the tie table, and follow from the journal."""
    subscribed, merchants = _subscribed(model), model.stores
    by_merchant = _per_merchant(model, subscribed)
    require(by_merchant == merchants.fans, "fans against ties", merchants.fans, by_merchant)
    counts = model.journal.by_store
    won = counts[:, STARTED] + counts[:, FOLLOWS] + counts[:, WALK_INS] + counts[:, CARRIED]
    won = won + model._fans_before
    require(won - counts[:, LOST] == merchants.fans, "fans against journal", merchants.fans, won)
    by_viewer = subscribed.sum(axis=1)
    require(by_viewer == model.viewers.fan_ties, "fan ties of viewers", model.viewers.fan_ties)
    if model.day > 0:
        today = model.day - 1
        require(model.journal.fan_ties[today] == by_viewer.sum(), "fan ties written down")
        require(model.journal.fan_viewers[today] == np.count_nonzero(by_viewer), "fans written down")


@invariant
def every_lost_fan_has_an_age(model: LiveCommerceModel) -> None:
    """Fans lost by age sum to fans lost."""
    lost = model.journal.by_store[:, LOST].sum()
    by_age = model.journal.lost_at_age + model.journal.closed_at_age
    require(by_age.sum() == lost, "lost by age", by_age, lost)


@invariant
def only_open_shops_stream(model: LiveCommerceModel) -> None:
    """Streams lie between arrival and closing; visits and pushes need a stream."""
    merchants, journal = model.stores, model.journal
    days = np.arange(len(journal.live))[:, None]
    require(~(journal.live & (days < _arrival(model))), "streams before arrival")
    closed = merchants.status == CLOSED
    require(~(journal.live & closed & (days > merchants.last_day)), "streams after closing")
    together = by_store(model, closed)
    require(together.all(axis=0) == together.any(axis=0), "closed on some platforms only")
    require(journal.live | (journal.visits == 0), "visits without a stream")
    require(merchants.live >= merchants.pushing, "pushes without a stream")
    require(merchants.week_pushes == model._pushes.sum(axis=0), "pushes of the week", merchants.week_pushes)
    cash = by_store(model, merchants.cash).sum(axis=0)
    require(together.any(axis=0) <= (cash < 0), "closed with cash left", cash)


@invariant
def viewers_pay_what_merchants_earn(model: LiveCommerceModel) -> None:
    """Net spending of viewers is the net revenue in the books, to half a fen a merchant and day."""
    spent = model.journal.channels[:, :, GMV].sum() - model.journal.channels[:, :, REFUNDS].sum()
    paid = float(spent) * model.people_per_viewer
    earned = int(model.journal.books[:, :, REVENUE].sum())
    busy = np.count_nonzero(model.journal.orders)
    require(abs(paid - earned) <= 0.5 * busy + 1e-9 * paid, "paid against earned", paid, earned)


@invariant
def cash_changes_by_the_books(model: LiveCommerceModel) -> None:
    """On each platform cash changed by revenue and subsidies less commission, goods, costs and
    advertising, to the fen."""
    books = model.journal.books.sum(axis=0)
    signs = np.ones(books.shape[1], np.int64)
    signs[[COMMISSION, GOODS, COSTS, ADVERTISING]] = -1
    change = by_store(model, model.stores.cash - model._cash_before)
    require(change.sum(axis=1) == books @ signs, "cash against books", change.sum(axis=1), books)
    require(change == by_store(model, model.stores.profit), "cash against profit", change)
    spent = books[:, [COMMISSION, COSTS, ADVERTISING, SUBSIDIES]]
    require(spent >= 0, "negative commission, costs, advertising or subsidies", spent)


@invariant
def returns_follow_what_they_return_to(model: LiveCommerceModel) -> None:
    """Of one day's visits (orders) no more are followed up than there were, nor fewer in longer."""
    journal = model.journal
    require(journal.returned_7 <= journal.returned_30, "more returns in 7 than in 30 days")
    require(journal.returned_30 <= journal.flows[:, VISITS], "more returns than visits")
    require(journal.rebought_30 <= journal.flows[:, ORDERS], "more repeat orders than orders")


@invariant
def cascades_are_shared_links(model: LiveCommerceModel) -> None:
    """Cascades begin with a share; their adopters are the visits by friends' links."""
    sizes = model.journal.cascade_sizes
    counts = model.journal.channels.sum(axis=(0, 1))
    by_link = model.journal.channels[:, model.marketplace.surfaces.by_links == 1, VISITS].sum()
    endorsed = model.journal.totals[:, ENDORSED_VISITS].sum()
    require(sizes.sum() <= counts[SHARES], "more cascades than shares", sizes, counts[SHARES])
    require(endorsed == by_link, "visits by link", endorsed, by_link)
    adopters = int((sizes * np.arange(len(sizes))).sum())
    require(adopters == endorsed if sizes[-1] == 0 else adopters <= endorsed, "adopters", adopters, endorsed)


@invariant
def isolated_viewers_take_no_part(model: LiveCommerceModel) -> None:
    """Viewers without friends and interests never visit, follow or are won as members."""
    world = model.settings.world
    apart = slice(world.social_viewers, None)
    require(model.ties.store[apart] == EMPTY, "ties of isolated viewers")
    require(model.viewers.visited_by[apart] == 0, "visits of isolated viewers")
