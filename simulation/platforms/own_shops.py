"""The owner's own shops, to which visitors of its live rooms may go on. They stand outside the rooms and act
on nobody: what is bought there is written down and changes no trust, habit or need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..state.columns import NEVER, Bytes, Longs, Shorts
from ..state.compiled import kernel, rule
from ..state.ledger import ANYWAY, BOUGHT, FOLLOWED, OWN_ORDERS
from ..state.luck import decision, uniform

BOUGHT_ANYHOW = decision("own shops: somebody buys there anyhow")
LED_THERE = decision("own shops: a visitor is led there and buys")
PERIOD = 30
"""Days for which a visitor is followed from a visit on; the next visit after them begins the next."""
BY_ANY, BY_ITSELF = 1, 2


class Visitors(NamedTuple):
    """Whom a platform follows; arrays of shape (viewers,), or (platforms, viewers) of several."""

    since: Shorts  # day of the visit from which each is followed, or NEVER
    found: Bytes  # whether it has bought since: BY_ANY way, and BY_ITSELF


class Chances(NamedTuple):
    """Of one platform."""

    platform: int
    base_rate: float  # a day and person
    hand_over: float  # a day with a visit


@rule
def buys_there(key, day, viewer, visited, chances):
    """Whether somebody buys in the own shops today: of itself, and as a visitor who is led there.

    With chance ``base_rate`` and, on a day with a visit, ``hand_over``; by luck of their own, so that
    without the link exactly the same would be bought as without being led.
    """
    itself = uniform(key, BOUGHT_ANYHOW, day, viewer, chances.platform) < chances.base_rate
    led = visited and uniform(key, LED_THERE, day, viewer, chances.platform) < chances.hand_over
    return itself, led


@rule
def begins_anew(since, day, visited):
    """Whether a visitor is followed from today on: it is here, and not followed already."""
    return visited and day - since >= PERIOD


@kernel
def follow_visitors(
    key: np.uint64, day: int, last_seen: Shorts, visitors: Visitors, chances: Chances, counts: Longs
) -> None:
    """Close a day of one platform's own shops.

    `last_seen`, of shape (viewers,), is the day of the last visit to the platform; `counts`, of shape (days,
    4), gains by `OWN_SHOP_COUNTS`, what follows a visit on the day of that visit.
    """
    since, found = visitors.since, visitors.found
    for viewer in range(last_seen.shape[0]):
        visited = last_seen[viewer] == day
        itself, led = buys_there(key, day, viewer, visited, chances)
        if begins_anew(since[viewer], day, visited):
            since[viewer], found[viewer] = day, 0
            counts[day, FOLLOWED] += 1
        if not (itself or led):
            continue
        counts[day, OWN_ORDERS] += 1
        if day - since[viewer] >= PERIOD:
            continue
        if not found[viewer] & BY_ANY:
            counts[since[viewer], BOUGHT] += 1
        if itself and not found[viewer] & BY_ITSELF:
            counts[since[viewer], ANYWAY] += 1
        found[viewer] |= BY_ANY | (BY_ITSELF if itself else 0)


def nobody_followed(platforms: int, viewers: int) -> Visitors:
    """No visitor yet, arrays of shape (platforms, viewers)."""
    shape = (platforms, viewers)
    return Visitors(np.full(shape, NEVER, np.int16), np.zeros(shape, np.uint8))


def close_own_shops(
    key: np.uint64, day: int, seen_on: Shorts, visitors: Visitors, chances: list[Chances], counts: Longs
) -> None:
    """Close a day of all own shops; see `follow_visitors`.

    `seen_on` has shape (viewers, platforms), `visitors` those of `nobody_followed` and `counts`
    (days, platforms, 4).
    """
    for entry in chances:
        number = entry.platform
        followed = Visitors(visitors.since[number], visitors.found[number])
        last_seen = np.ascontiguousarray(seen_on[:, number])
        kept = np.ascontiguousarray(counts[:, number])
        follow_visitors(key, day, last_seen, followed, entry, kept)
        counts[:, number] = kept
