"""Flows: where traffic comes from, who is reached, and whether the loop sustains itself."""

from __future__ import annotations

import numpy as np

from ..state.columns import NEVER
from ..state.ledger import FOLLOWS
from .outcome import MONTH, Outcome
from .registry import HIGHER, LOWER, PER_PERSON, by_days, leaves_out, measure, ratio


@by_days
@measure("People reached", unit="persons", split="channel", better=HIGHER, scales=PER_PERSON)
def reach(outcome: Outcome, channel: int | None) -> float:
    """Occasions on which at least one room was offered, in persons."""
    return outcome.persons(outcome.count("reach", channel))


@by_days
@measure("Visits", unit="person-visits", split="channel", better=HIGHER, scales=PER_PERSON)
def visits(outcome: Outcome, channel: int | None) -> float:
    """Visits to rooms, in persons."""
    return outcome.persons(outcome.count("visits", channel))


@by_days
@measure("Orders", unit="orders placed", split="channel", better=HIGHER, scales=PER_PERSON)
def orders(outcome: Outcome, channel: int | None) -> float:
    """Orders placed, in persons."""
    return outcome.persons(outcome.count("orders", channel))


@by_days
@measure("New followers out of visits", unit="persons", better=HIGHER, scales=PER_PERSON)
def follows(outcome: Outcome) -> float:
    """Viewers who followed after a visit, in persons."""
    return outcome.persons(outcome.count("follows"))


@by_days
@measure("Links shared", unit="links shared", scales=PER_PERSON)
def shares(outcome: Outcome) -> float:
    """Visits after which the link was passed on, in persons."""
    return outcome.persons(outcome.count("shares"))


@by_days
@measure("Fans gained", unit="persons", better=HIGHER, scales=PER_PERSON)
def fans_gained(outcome: Outcome) -> float:
    """Ties of fans begun during the run (after visits and outside the platform), in persons."""
    return outcome.persons(outcome.flow("follows").sum() + outcome.flow("walk_ins").sum())


@by_days
@measure("Fans lost", unit="persons", better=LOWER, scales=PER_PERSON)
def fans_lost(outcome: Outcome) -> float:
    """Ties of fans ended during the run, in persons."""
    return outcome.persons(outcome.flow("lost").sum())


@by_days
@measure("Traffic from private channels")
def private_traffic_share(outcome: Outcome) -> float:
    """Visits through private channels (followed, group links, friends' links) / visits."""
    by_channel = np.array([outcome.count("visits", c) for c in range(len(outcome.channels))])
    return ratio(by_channel[outcome.private_channels].sum(), by_channel.sum())


@by_days
@measure("Visits from outside the starting fans")
def outside_share(outcome: Outcome) -> float:
    """Visits by people who were not in the merchant's starting private domain / visits."""
    return ratio(outcome.count("outside"), outcome.count("visits"))


@by_days
@measure("New fans that a fan brings (k-factor)", unit="fans per fan", better=HIGHER)
def k_factor(outcome: Outcome) -> float:
    """Fans won through friends' links per fan over its life: won by links / fans lost.

    (Won by links per fan-day) times (fan-days per fan lost). Missing if none was lost.
    """
    return ratio(outcome.total("share_follows").sum(), outcome.flow("lost").sum())


@leaves_out
@measure("Fans won on the platform per fan lost", unit="fans per fan", better=HIGHER)
def loop_gain(outcome: Outcome) -> float:
    """Fans won after visits through private channels / fans lost, second half of the run.

    At 1 the private loop replaces the fans it loses without public traffic and without the
    merchant's work outside the platform. Missing if none was lost.
    """
    half = outcome.days // 2
    won = outcome.journal.channels[half:, outcome.private_channels, FOLLOWS].sum()
    return ratio(won, outcome.flow("lost")[half:].sum())


@measure("Viewers never offered a fitting room", better=LOWER)
def unreached_demand_share(outcome: Outcome) -> float:
    """Of viewers for whom a strongly fitting merchant streamed, those whom no channel ever
    offered a strongly fitting room. Missing if there are none."""
    wanted = outcome.has_fitting_room()
    never = wanted & (outcome.viewers.offered_fit == NEVER)
    return ratio(np.count_nonzero(never), np.count_nonzero(wanted))


def _unreached_lately(outcome: Outcome, among: np.ndarray) -> float:
    wanted = outcome.has_fitting_room(MONTH) & among
    never = wanted & (outcome.viewers.offered_fit < outcome.first_day + outcome.days - MONTH)
    return ratio(np.count_nonzero(never), np.count_nonzero(wanted))


@measure("Viewers offered no fitting room for 30 days", better=LOWER)
def unreached_30d(outcome: Outcome) -> float:
    """Of viewers for whom a strongly fitting merchant streamed in the last 30 days of the run, those whom no
    channel offered a strongly fitting room in these days. Missing if there are none."""
    return _unreached_lately(outcome, np.ones(len(outcome.viewers.taste), bool))


@measure("Fans offered no fitting room for 30 days", better=LOWER)
def unreached_fans_30d(outcome: Outcome) -> float:
    """As `unreached_30d`, among viewers who are a fan of anybody (or in a group) at the end."""
    return _unreached_lately(outcome, outcome.viewers.fan_ties > 0)


@by_days
@measure("Shared links that bring nobody", better=LOWER)
def dead_cascade_share(outcome: Outcome) -> float:
    """Cascades of shared links without a single visit / cascades. Missing without sharing."""
    sizes = outcome.journal.cascade_sizes
    return ratio(sizes[0], sizes.sum())
