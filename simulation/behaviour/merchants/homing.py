"""Phases 1 and 7, merchants choose platforms: where to open, where to open as well, where to leave.

A merchant judges a platform by how its own kind has lately done there (imitation of peers), and
knows nothing of one on which it sees too few of them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...scenario.sections.market import Market
from ...state.columns import ABSENT, CLOSED, NEVER_REVIEWED, OPEN, Longs, Shorts, StoreColumns
from ...state.luck import decision, uniform_array

ADMISSION = decision("homing: whether a newcomer comes at all")
HOME = decision("homing: where a newcomer opens")
THINK = decision("homing: whether to think of a further platform")
WHICH = decision("homing: which further platform")
OPENS = decision("homing: whether to open there")
NO_HOME = -1
LATELY = 90
"""Days for which newcomers are looked at by those who think of coming."""

Numbers = NDArray[np.float64]


class MerchantLuck(NamedTuple):
    """Luck of all merchants on one day."""

    key: np.uint64
    day: int
    merchants: int

    def uniforms(self, what: np.uint64) -> Numbers:
        """A number in (0, 1) for each merchant and decision `what`."""
        return uniform_array(self.key, what, self.day, self.merchants, 0)


def prospects(
    stores: StoreColumns, platforms: int, daily_cost: Numbers, review_days: int, day: int, market: Market
) -> Numbers:
    """How promising each platform looks to each kind of merchant, shape (platforms, kinds), 0..1.

    ``logistic(entry_slope * mean daily profit of peers / daily cost)``, peers being open stores of
    the kind with at least one review behind them; one half where there are too few.
    """
    kinds = len(daily_cost)
    judged = (stores.status == OPEN) & (day - stores.arrival >= review_days)
    judged &= stores.last_profit != NEVER_REVIEWED
    cell = (stores.platform.astype(int) * kinds + stores.archetype)[judged]
    count = np.bincount(cell, minlength=platforms * kinds).reshape(platforms, kinds)
    profit = np.bincount(cell, stores.last_profit[judged], platforms * kinds)
    mean = profit.reshape(platforms, kinds) / np.maximum(count, 1) / review_days
    odds = market.entry_slope * mean / np.maximum(daily_cost, 1.0)
    return np.where(count >= market.peers_needed, special.expit(odds), 0.5)


def failed_lately(stores: StoreColumns, arrival: Shorts, day: int) -> float:
    """Of merchants who opened as newcomers in the last 90 days, the share that has closed; 0 if none.

    `arrival` of shape (merchants,) is the day on which each came first, whatever it opened later: 0 for those
    who were there from the beginning, below 0 in a past.
    """
    arrival, status = arrival.astype(int), stores.status.reshape(-1, len(arrival))
    recent = (arrival != 0) & (arrival < day) & (arrival >= day - LATELY)
    opened = recent & ((status == OPEN) | (status == CLOSED)).any(axis=0)
    return float((status[0, opened] == CLOSED).mean()) if opened.any() else 0.0


def choose_homes(
    arriving: Longs,
    kinds: Longs,
    attention: Numbers,
    promise: Numbers | None,
    admitted: Numbers | float,
    luck: MerchantLuck,
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
    admitted : float or array, shape (arriving,)
        Chance to come at all; 1 for a merchant with a name.
    luck : MerchantLuck
        Of day 0, whenever a merchant arrives.
    """
    comes = luck.uniforms(ADMISSION)[arriving] < admitted
    if promise is None:
        return np.where(comes, 0, NO_HOME)
    weights = np.cumsum(attention[:, None] * promise[:, kinds], axis=0)
    total = weights[-1]
    home = (luck.uniforms(HOME)[arriving] * total >= weights).sum(axis=0)
    # Without any prospect anywhere people's attention alone decides.
    home[total == 0] = int(np.argmax(attention))
    return np.where(comes, np.minimum(home, len(attention) - 1), NO_HOME)


def leave_platforms(stores: StoreColumns, due: Longs, count: int, patience: int) -> Longs:
    """Rows of stores that are given up: `patience` losses in a row, and another store is open.

    Of several such stores of a merchant one goes at a time, that with the largest last loss.
    """
    tired = due[stores.losses[due] >= patience]
    open_on = (stores.status.reshape(-1, count) == OPEN).sum(axis=0)
    tired = tired[open_on[tired % count] > 1]
    tired = tired[np.argsort(stores.last_profit[tired], kind="stable")]
    _, first = np.unique(tired % count, return_index=True)
    left = np.sort(tired[first])
    stores.status[left] = ABSENT
    return left


def enter_platforms(
    stores: StoreColumns,
    due: Longs,
    launched: NDArray[np.bool_],
    promise: Numbers,
    entry_rate: float,
    luck: MerchantLuck,
) -> Longs:
    """Rows of stores that merchants whose review is due open tomorrow on a further platform.

    With chance `entry_rate` a merchant thinks of one launched platform on which it is not, drawn
    evenly, and opens there with the prospect as chance. It streams there at least as often as on
    any other.
    """
    count = luck.merchants
    thinking = np.unique(due % count)
    thinking = thinking[luck.uniforms(THINK)[thinking] < entry_rate]
    status = stores.status.reshape(-1, count)[:, thinking]
    possible = (status == ABSENT) & launched[:, None]
    rank = np.cumsum(possible, axis=0)
    wanted = np.floor(luck.uniforms(WHICH)[thinking] * rank[-1]).astype(int) + 1
    platform = np.argmax((rank == wanted) & possible, axis=0)
    row = platform * count + thinking
    chance = promise[platform, stores.archetype[thinking]]
    opens = (rank[-1] > 0) & (luck.uniforms(OPENS)[thinking] < chance)
    opened = row[opens]
    stores.status[opened] = OPEN
    stores.arrival[opened] = luck.day + 1
    streams = np.where(status == OPEN, stores.streams.reshape(-1, count)[:, thinking], 0.0).max(axis=0)
    stores.streams[opened] = np.maximum(stores.streams[opened], streams[opens])
    stores.losses[opened] = 0
    stores.review_profit[opened] = 0
    stores.last_profit[opened] = NEVER_REVIEWED
    return opened
