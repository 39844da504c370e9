"""The owner's own shops, to which visitors of its live rooms may go on. They stand outside the rooms and act
on nobody: what is bought there is written down and changes no trust, habit or need."""

from __future__ import annotations

from collections.abc import Callable
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


class Day(NamedTuple):
    """A day and its luck."""

    key: np.uint64
    day: int


class Span(NamedTuple):
    """Some viewers."""

    first: int
    last: int  # not included


Each = Callable[[Callable[[Span], Longs]], list[Longs]]
"""Does work for all viewers, those of some spans at once; returns what came of each span."""


@kernel
def follow_visitors(
    today: Day, span: Span, seen_on: Shorts, visitors: Visitors, chances: Chances, counts: Longs
) -> None:
    """Close a day of one platform's own shops, for the viewers of a span.

    `seen_on`, of shape (viewers, platforms), is the day of the last visit to each; `counts`, of shape
    (days, 4), gains by `OWN_SHOP_COUNTS`, what follows a visit on the day of that visit.
    """
    since, found, day = visitors.since, visitors.found, today.day
    for viewer in range(span.first, span.last):
        visited = seen_on[viewer, chances.platform] == day
        itself, led = buys_there(today.key, day, viewer, visited, chances)
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
    today: Day, seen_on: Shorts, visitors: Visitors, chances: list[Chances], counts: Longs, each: Each
) -> None:
    """Close a day of all own shops; see `follow_visitors`.

    `visitors` have the shapes of `nobody_followed` and `counts` has (days, platforms, 4).
    """
    for entry in chances:
        followed = Visitors(visitors.since[entry.platform], visitors.found[entry.platform])

        def follow(span: Span, followed: Visitors = followed, entry: Chances = entry) -> Longs:
            own = np.zeros((counts.shape[0], counts.shape[2]), np.int64)
            follow_visitors(today, span, seen_on, followed, entry, own)
            return own

        counts[:, entry.platform] += np.sum(each(follow), axis=0)
