"""Conversion of like with like: the same persons, the same rooms and days, the same merchant and fit.

Each is a risk ratio after Mantel and Haenszel (1959; Greenland and Robins 1985, Biometrics 41:55): within
each stratum both kinds of visit are compared, and strata weigh by how much they tell.
"""

from __future__ import annotations

import numpy as np

from ...state.ledger import FIT_UNIT
from ..outcome import Outcome
from ..registry import AMOUNT, FRACTION, by_days, measure, ratio

VISITS, ORDERS = 0, 1


def matched_ratio(of_interest: np.ndarray, others: np.ndarray) -> float:
    """Conversion of visits of interest over that of others, within strata.

    ``sum(a m / n) / sum(b k / n)`` over strata with `k` visits of interest of which `a` ended in an order,
    `m` others of which `b` did, and ``n = k + m``. Missing where no stratum with both kinds has an order of
    the others.

    Parameters
    ----------
    of_interest, others : arrays, shape (strata, 2)
        Visits and orders.
    """
    visits, other_visits = of_interest[:, VISITS].astype(float), others[:, VISITS].astype(float)
    both = (visits > 0) & (other_visits > 0)
    together = (visits + other_visits)[both]
    up = of_interest[both, ORDERS] * other_visits[both] / together
    down = others[both, ORDERS] * visits[both] / together
    return ratio(up.sum(), down.sum())


@measure("Conversion by friends' cards over other visits, same persons and fit", unit="ratio", bounds=AMOUNT)
def card_conversion_ratio(outcome: Outcome) -> float:
    """Orders per visit of visits by friends' links over that of all other visits, as in `matched_ratio`.

    Strata are a person and one of four classes of interest fit. Over the whole run.
    """
    by_card = outcome.viewers.by_card.reshape(-1, 2, 2)
    return matched_ratio(by_card[:, 1], by_card[:, 0])


@by_days
@measure("Conversion of private over public arrivals, same rooms and days", unit="ratio", bounds=AMOUNT)
def private_conversion_ratio(outcome: Outcome) -> float:
    """Orders per visit of visits through private channels over that of visits through public ones.

    As in `matched_ratio`; strata are a store and a day. Missing on a platform with one kind alone.
    """
    journal = outcome.journal
    private = np.stack([journal.private_visits.ravel(), journal.private_orders.ravel()], axis=1)
    every = np.stack([journal.visits.ravel(), journal.orders.ravel()], axis=1)
    return matched_ratio(private, every - private)


@by_days
@measure("Conversion of those who know the host over strangers, same merchant and fit", unit="ratio")
def known_host_conversion_ratio(outcome: Outcome) -> float:
    """Orders per visit of visitors who know the host over that of visitors who do not.

    Who has bought from it, was in its private domain before or met it outside the platform knows it. As in
    `matched_ratio`; strata are a store (and so a price) and one of four classes of interest fit.
    """
    known = outcome.journal.sums.known.reshape(-1, 2, 2)
    return matched_ratio(known[:, 1], known[:, 0])


@by_days
@measure("Interest fit of visitors", unit="fit", split="channel", bounds=FRACTION)
def interest_fit(outcome: Outcome, channel: int | None) -> float:
    """Mean interest fit (0 to 1) of visits, by the channel that led to them. Missing without visits."""
    return ratio(outcome.count("fit", channel) / FIT_UNIT, outcome.count("visits", channel))
