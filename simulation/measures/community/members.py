"""Members: who joins a merchant's following, by which way, who stays, and what they buy."""

from __future__ import annotations

import numpy as np

from ...state.columns import OPEN
from ...state.ties import EMPTY, STARTING
from ..outcome import MONTH, Outcome
from ..registry import AMOUNT, HIGHER, by_days, measure, ratio

QUARTER = 90


def _private_share(outcome: Outcome, name: str) -> float:
    by_channel = np.array([outcome.count(name, channel) for channel in range(len(outcome.channels))])
    return ratio(by_channel[outcome.private_channels].sum(), by_channel.sum())


@by_days
@measure("Orders from private channels")
def private_order_share(outcome: Outcome) -> float:
    """Orders through private channels (followed, group links, friends' links) / orders."""
    return _private_share(outcome, "orders")


@by_days
@measure("Sales from private channels")
def private_gmv_share(outcome: Outcome) -> float:
    """GMV through private channels / GMV."""
    return _private_share(outcome, "gmv")


@by_days
@measure("Visits that end in a new following", split="channel", better=HIGHER)
def join_rate(outcome: Outcome, channel: int | None) -> float:
    """New followers / visits, by the way that led into the room: a feed, a group's link, a friend's.

    Missing without visits.
    """
    return ratio(outcome.count("follows", channel), outcome.count("visits", channel))


@by_days
@measure("Members joining at the counter", unit="persons per merchant and month")
def counter_joins_per_month(outcome: Outcome) -> float:
    """Members won outside the platform per merchant in business and 30 days."""
    merchant_months = outcome.journal.open_merchants.sum() / MONTH
    return ratio(outcome.persons(outcome.flow("walk_ins").sum()), merchant_months)


@by_days
@measure("New fans brought by friends' cards")
def card_share_of_joins(outcome: Outcome) -> float:
    """Fans won after visits by friends' links / fans won (after visits, and at the counter)."""
    won = outcome.flow("follows").sum() + outcome.flow("walk_ins").sum()
    return ratio(outcome.total("share_follows").sum(), won)


@by_days
@measure("New fans that a fan brings by cards in 90 days", unit="fans per fan", better=HIGHER)
def fans_by_cards_90d(outcome: Outcome) -> float:
    """Fans won after visits by friends' links, per fan and 90 days: ``90 won / fan-days``."""
    return ratio(QUARTER * outcome.total("share_follows").sum(), outcome.journal.fan_ties.sum())


def starting_fans(outcome: Outcome) -> tuple[np.ndarray, np.ndarray]:
    """By merchant, its starting fans (agents) and those of them in its room in the last 30 days of the run.

    Wherever a merchant brought them; a visit on another platform does not count.
    """
    merchants = len(outcome.merchants.arrival)
    ties = outcome.ties
    lately = (ties.store != EMPTY) & (ties.flags & STARTING > 0)
    lately &= ties.last_visit >= max(0, outcome.first_day + outcome.days - MONTH)
    back = np.bincount(ties.store[lately] % merchants, minlength=merchants)
    return outcome.merchant_counts("started"), back


@measure("Starting fans in the room in the last 30 days", better=HIGHER)
def starting_fans_back_30d(outcome: Outcome) -> float:
    """Of starting fans of merchants in business at the end, those who visited them (to buy or not) in the
    last 30 days. Missing without such fans."""
    began, back = starting_fans(outcome)
    chosen = outcome.merchants.status == OPEN
    return ratio(back[chosen].sum(), began[chosen].sum())


@by_days
@measure("Sales a person and day", unit="CNY", bounds=AMOUNT, better=HIGHER)
def gmv_per_person_day(outcome: Outcome) -> float:
    """GMV / (persons in the world, whether they watch or not, times days), in CNY."""
    return ratio(outcome.cny(outcome.count("gmv")), outcome.population * outcome.days)
