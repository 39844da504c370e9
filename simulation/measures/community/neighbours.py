"""The neighbours of a merchant with a name: whether they get what they want, and at what price."""

from __future__ import annotations

import numpy as np

from ...state.columns import FEN
from ...state.ties import EMPTY
from ..friendliness import MONTH, named_number
from ..outcome import Outcome
from ..registry import HIGHER, LOWER, MISSING, NAMED, measure, ratio


def neighbours(outcome: Outcome, merchant: int) -> slice:
    """Rows of the viewers to whom the merchant delivers; all of them if it sells everywhere."""
    stores, viewers = outcome.stores, len(outcome.viewers.taste)
    return slice(int(stores.sells_from[merchant]), min(int(stores.sells_to[merchant]), viewers))


@measure("Its neighbours who got what it sells in the last 30 days", split=NAMED, better=HIGHER)
def named_neighbours_served(outcome: Outcome, place: int) -> float:
    """Of persons to whom it delivers and whose main interest is its category, those who ordered something of
    that category, from whomever, in the last 30 days. Missing without such persons."""
    merchant = named_number(outcome, place)
    near, category = neighbours(outcome, merchant), int(outcome.merchants.category[merchant])
    wants = outcome.viewers.interest[near].argmax(axis=1) == category
    got = outcome.viewers.satisfied_on[near, category] >= outcome.last_day - MONTH
    return ratio(np.count_nonzero(wants & got), np.count_nonzero(wants))


@measure("Price that its neighbours pay for what it sells", unit="CNY", split=NAMED, better=LOWER)
def named_neighbours_price(outcome: Outcome, place: int) -> float:
    """Mean list price of merchants of its category from whom persons to whom it delivers have ordered in the
    last 30 days, in CNY, each person and merchant once. Missing without such orders.

    What groups that buy together save is not in it, nor merchants whom a person no longer remembers.
    """
    merchant = named_number(outcome, place)
    near, category = neighbours(outcome, merchant), outcome.merchants.category[merchant]
    store = outcome.ties.store[near]
    lately = (store != EMPTY) & (outcome.ties.last_purchase[near] >= outcome.last_day - MONTH)
    bought = store[lately]
    prices = outcome.stores.price[bought[outcome.stores.category[bought] == category]]
    return float(prices.mean() / FEN) if len(prices) else MISSING
