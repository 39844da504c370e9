"""What a world has lived through before its first day: the state of people and stores, and their ties."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...state.columns import ABSENT, CLOSED, NEVER, OPEN, StoreColumns, ViewerColumns
from ...state.ties import EMPTY, STARTING, SUBSCRIBED, Ties

STATE = ("fan_ties", "last_active", "seen_on", "habit", "satisfied_on")
"""Columns of viewers that a past leaves; what else they hold is either a trait or counted from day 0."""
DAYS_OF_TIES = ("touched", "last_visit", "last_purchase", "since")
DAYS_OF_STORES = ("arrival", "first_order", "last_day")
WEEK = 7


class Past(NamedTuple):
    """State on the morning of day 0, with the days of what has happened before it below 0.

    Stores are those of the merchants that have come so far, `merchants` on each of the platforms; viewers
    are all who live in the world.
    """

    platforms: tuple[str, ...]
    days: int  # since when anything can have happened
    merchants: int
    viewers: dict[str, np.ndarray]  # see `STATE`
    stores: StoreColumns
    ties: Ties
    pushes: NDArray[np.uint8]  # (7, stores), who pushed a link on each day of the week


def earlier(days: np.ndarray, by: int) -> np.ndarray:
    """Days counted from a later day 0; what never happened never did."""
    shifted = np.maximum(days.astype(np.int32) - by, NEVER + 1)
    return np.where(days == NEVER, NEVER, shifted).astype(days.dtype)


class Columns(NamedTuple):
    """Columns of one world: of all that a past consists of."""

    platforms: tuple[str, ...]
    viewers: ViewerColumns
    stores: StoreColumns
    ties: Ties
    pushes: NDArray[np.uint8]


def as_past(world: Columns, before: int, passed: int, people_per_viewer: float) -> Past:
    """What a world that has run for `passed` days, after `before` others, leaves behind.

    Accounts of cash and of the period under review go on; profit is counted from day 0, and whoever
    follows a store then is its starting private domain.
    """
    state = {name: getattr(world.viewers, name).copy() for name in STATE}
    for name in ("last_active", "seen_on", "satisfied_on"):
        state[name] = earlier(state[name], passed)
    ties, stores = world.ties, world.stores
    flags = ties.flags & ~np.uint8(STARTING)
    flags[(ties.store != EMPTY) & (ties.flags & SUBSCRIBED > 0)] |= STARTING
    moved = {name: earlier(getattr(ties, name), passed) for name in DAYS_OF_TIES}
    left = ties._replace(store=ties.store.copy(), trust=ties.trust.copy(), flags=flags, **moved)
    dated = {name: earlier(getattr(stores, name), passed) for name in DAYS_OF_STORES}
    kept = stores._replace(**{name: column.copy() for name, column in stores._asdict().items()} | dated)
    kept.profit[:] = 0
    kept.starting_fans[:] = np.rint(kept.fans * people_per_viewer)
    kept.live[:] = 0
    kept.pushing[:] = 0
    week = np.roll(world.pushes, -passed % WEEK, axis=0)
    merchants = len(kept.status) // len(world.platforms)
    return Past(world.platforms, before + passed, merchants, state, kept, left, week)


def resume(past: Past, world: Columns) -> None:
    """Begin where `past` ended.

    A platform's people and stores go on where a platform of that name is; where the world has one platform
    only they go on there, whatever it is called. Merchants are absent from platforms without a past.
    """
    names, merchants = world.platforms, len(world.stores.status) // len(world.platforms)
    known = np.arange(past.merchants)
    places = [0] if len(names) == len(past.platforms) == 1 else [names.index(name) for name in past.platforms]
    for new in range(len(names)):
        rows = new * merchants + known
        world.stores.status[rows] = ABSENT
        world.stores.cash[rows] = 0
    moved = np.empty(len(past.stores.status) + 1, np.int32)
    moved[EMPTY] = EMPTY
    for old, new in enumerate(places):
        before, now = old * past.merchants + known, new * merchants + known
        for name, column in world.stores._asdict().items():
            column[now] = getattr(past.stores, name)[before]
        world.stores.platform[now] = new
        world.pushes[:, now] = past.pushes[:, before]
        moved[before] = now
        for name in ("habit", "seen_on"):
            getattr(world.viewers, name)[:, new] = past.viewers[name][:, old]
    _close_everywhere(world.stores, len(names))
    for name in ("fan_ties", "last_active", "satisfied_on"):
        getattr(world.viewers, name)[:] = past.viewers[name]
    for name, column in world.ties._asdict().items():
        column[:] = getattr(past.ties, name)
    world.ties.store[:] = moved[past.ties.store]


def _close_everywhere(stores: StoreColumns, platforms: int) -> None:
    """A merchant that was closed has closed on all platforms."""
    status = stores.status.reshape(platforms, -1)
    status[:, (status == CLOSED).any(axis=0)] = CLOSED


def first_homes(stores: StoreColumns, platforms: int, homes: np.ndarray) -> None:
    """Write in `homes` the platform on which each merchant that is open has its first store."""
    is_open = (stores.status == OPEN).reshape(platforms, -1)
    since = np.where(is_open, stores.arrival.reshape(platforms, -1), np.iinfo(np.int16).max)
    here = is_open.any(axis=0)
    homes[here] = since.argmin(axis=0)[here]
