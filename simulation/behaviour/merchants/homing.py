"""Phases 1 and 7, merchants choose platforms: where to open, where to open as well, where to leave.

A merchant judges a platform by how its own kind has lately done there (imitation of peers), and
knows nothing of one on which it sees too few of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...scenario.sections.market import Market
from ...state.columns import ABSENT, CLOSED, NEVER_REVIEWED, OPEN, Longs, Shorts, StoreColumns
from ...state.luck import decision, uniforms_of_many

ADMISSION = decision("homing: whether a newcomer comes at all")
HOME = decision("homing: where a newcomer opens")
THINK = decision("homing: whether to think of a further platform")
WHICH = decision("homing: which further platform")
OPENS = decision("homing: whether to open there")
NO_HOME = -1
LATELY = 90
"""Days for which newcomers are looked at by those who think of coming."""

Numbers = NDArray[np.float64]


def prospects(
    merchants: StoreColumns, platforms: int, daily_cost: Numbers, review_days: int, day: int,
    market: Market,
) -> Numbers:
    """How promising each platform looks to each kind of merchant, shape (platforms, kinds), 0..1.

    ``logistic(entry_slope * mean daily profit of peers / daily cost)``, peers being open stores of
    the kind with at least one review behind them; one half where there are too few.
    """
    kinds = len(daily_cost)
    judged = (merchants.status == OPEN) & (day - merchants.arrival >= review_days)
    judged &= merchants.last_profit != NEVER_REVIEWED
    cell = (merchants.platform.astype(int) * kinds + merchants.archetype)[judged]
    count = np.bincount(cell, minlength=platforms * kinds).reshape(platforms, kinds)
    profit = np.bincount(cell, merchants.last_profit[judged], platforms * kinds)
    mean = profit.reshape(platforms, kinds) / np.maximum(count, 1) / review_days
    odds = market.entry_slope * mean / np.maximum(daily_cost, 1.0)
    return np.where(count >= market.peers_needed, special.expit(odds), 0.5)


def failed_lately(merchants: StoreColumns, arrival: Shorts, day: int) -> float:
    """Of merchants who opened as newcomers in the last 90 days, the share that has closed; 0 if none.

    `arrival` of shape (merchants,) is the day on which each came first, whatever it opened later.
    """
    arrival, status = arrival.astype(int), merchants.status.reshape(-1, len(arrival))
    recent = (arrival > 0) & (arrival < day) & (arrival >= day - LATELY)
    opened = recent & ((status == OPEN) | (status == CLOSED)).any(axis=0)
    return float((status[0, opened] == CLOSED).mean()) if opened.any() else 0.0


def choose_homes(
    arriving: Longs, kinds: Longs, attention: Numbers, promise: Numbers | None, admitted: float,
    key: np.uint64, many: int,
) -> Longs:
    """Platform on which each arriving merchant opens, or `NO_HOME` if it stays away.

    A platform is drawn in proportion to the attention of viewers times its prospect for the kind.
    With a single platform every merchant that comes opens there.

    Parameters
    ----------
    arriving, kinds : arrays, shape (arriving,)
        Merchants and their archetypes.
    attention : array, shape (platforms,)
        Share of viewers' occasions; 0 before a platform's launch.
    promise : array, shape (platforms, kinds), optional
        See `prospects`; not needed with a single platform.
    admitted : float
        Chance to come at all.
    """
    comes = uniforms_of_many(key, ADMISSION, 0, many, 0)[arriving] < admitted
    if promise is None:
        return np.where(comes, 0, NO_HOME)
    luck = uniforms_of_many(key, HOME, 0, many, 0)[arriving]
    weights = np.cumsum(attention[:, None] * promise[:, kinds], axis=0)
    total = weights[-1]
    home = (luck * total >= weights).sum(axis=0)
    # Without any prospect anywhere people's attention alone decides.
    home[total == 0] = int(np.argmax(attention))
    return np.where(comes, np.minimum(home, len(attention) - 1), NO_HOME)


def leave_platforms(merchants: StoreColumns, due: Longs, many: int, patience: int) -> Longs:
    """Rows of stores that are given up: `patience` losses in a row, and another store is open.

    Of several such stores of a merchant one goes at a time, that with the largest last loss.
    """
    tired = due[merchants.losses[due] >= patience]
    stores = (merchants.status.reshape(-1, many) == OPEN).sum(axis=0)
    tired = tired[stores[tired % many] > 1]
    tired = tired[np.argsort(merchants.last_profit[tired], kind="stable")]
    _, first = np.unique(tired % many, return_index=True)
    left = np.sort(tired[first])
    merchants.status[left] = ABSENT
    return left


def enter_platforms(
    merchants: StoreColumns, due: Longs, many: int, launched: NDArray[np.bool_], promise: Numbers,
    entry_rate: float, key: np.uint64, day: int,
) -> Longs:
    """Rows of stores that merchants whose review is due open tomorrow on a further platform.

    With chance `entry_rate` a merchant thinks of one launched platform on which it is not, drawn
    evenly, and opens there with the prospect as chance. It streams there at least as often as on
    any other.
    """
    def luck(what: np.uint64) -> Numbers:
        return uniforms_of_many(key, what, day, many, 0)[thinking]

    thinking = np.unique(due % many)
    thinking = thinking[uniforms_of_many(key, THINK, day, many, 0)[thinking] < entry_rate]
    status = merchants.status.reshape(-1, many)[:, thinking]
    possible = (status == ABSENT) & launched[:, None]
    rank = np.cumsum(possible, axis=0)
    wanted = np.floor(luck(WHICH) * rank[-1]).astype(int) + 1
    platform = np.argmax((rank == wanted) & possible, axis=0)
    row = platform * many + thinking
    chance = promise[platform, merchants.archetype[thinking]]
    opens = (rank[-1] > 0) & (luck(OPENS) < chance)
    opened = row[opens]
    merchants.status[opened] = OPEN
    merchants.arrival[opened] = day + 1
    streams = np.where(status == OPEN, merchants.streams.reshape(-1, many)[:, thinking], 0.0).max(axis=0)
    merchants.streams[opened] = np.maximum(merchants.streams[opened], streams[opens])
    merchants.losses[opened] = 0
    merchants.review_profit[opened] = 0
    merchants.last_profit[opened] = NEVER_REVIEWED
    return opened
