"""Conversion: from visits to orders and money."""

from __future__ import annotations

import numpy as np

from .outcome import Outcome
from .registry import HIGHER, LOWER, PER_PERSON, by_days, measure, ratio


@by_days
@measure("Orders per visit", split="channel", better=HIGHER)
def conversion_rate(outcome: Outcome, channel: int | None) -> float:
    """Orders / visits, over the whole run. Missing without visits."""
    return ratio(outcome.count("orders", channel), outcome.count("visits", channel))


@measure("Visitors who ever bought", split="channel", better=HIGHER)
def buyer_conversion(outcome: Outcome, channel: int | None) -> float:
    """Unique buyers / unique visitors, over the whole run. Missing without visitors.

    By channel: of those who ever entered through it, the share that ever bought through it.
    """
    bit = np.uint64(0xFFFF_FFFF_FFFF_FFFF if channel is None else 1 << channel)
    visitors = np.count_nonzero(outcome.viewers.visited_by & bit)
    return ratio(np.count_nonzero(outcome.viewers.bought_by & bit), visitors)


@by_days
@measure("Sales (GMV)", unit="CNY", split="channel", better=HIGHER, scales=PER_PERSON)
def gmv(outcome: Outcome, channel: int | None) -> float:
    """Gross merchandise value of all orders, before returns, in CNY of persons."""
    return outcome.cny(outcome.count("gmv", channel))


@by_days
@measure("Sales per visit", unit="CNY", split="channel", better=HIGHER)
def gmv_per_visit(outcome: Outcome, channel: int | None) -> float:
    """GMV / visits, in CNY. Missing without visits."""
    visits = outcome.persons(outcome.count("visits", channel))
    return ratio(outcome.cny(outcome.count("gmv", channel)), visits)


@by_days
@measure("Orders returned", split="channel", better=LOWER)
def return_rate(outcome: Outcome, channel: int | None) -> float:
    """Orders sent back / orders. Missing without orders."""
    return ratio(outcome.count("returns", channel), outcome.count("orders", channel))
