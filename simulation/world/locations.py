"""Who is on which platform: homes of newcomers, further stores, and viewers' attention."""

from __future__ import annotations

import numpy as np

from ..behaviour.merchants.homing import (
    NO_HOME,
    MerchantLuck,
    Numbers,
    choose_homes,
    enter_platforms,
    failed_lately,
    leave_platforms,
    prospects,
)
from ..behaviour.occasions import openings_with_habit
from ..state.columns import OPEN, Longs
from .journal import Journal
from .world_state import WorldState


class Locations:
    """Keeps track of where merchants are and where viewers look.

    Attributes
    ----------
    homes : int64 array, shape (merchants,)
        Platform on which each merchant opened first; negative until then or if it stays away.
    opening : int64 array, shape (merchants,)
        Row of the store that each merchant opens today on a further platform, or negative.
    occasions : float array, shape (platforms,)
        Viewers' occasions expected on each platform today, in agents.
    attention : float array, shape (platforms,)
        The same as shares of all.
    carry_over : float array, shape (platforms,)
        See `Platform.carry_over`.
    """

    def __init__(self, model: WorldState):
        platforms = model.marketplace.platforms
        self.homes = np.full(model.merchant_count, NO_HOME, np.int64)
        self.opening = np.full(model.merchant_count, -1, np.int64)
        self.occasions = np.zeros(len(platforms))
        self.attention = np.ones(len(platforms)) / len(platforms)
        self.carry_over = np.array([platform.carry_over for platform in platforms])

    def stores_open(self, model: WorldState) -> Longs:
        """Number of platforms on which each merchant is open, at least 1, shape (merchants,)."""
        status = model.stores.status.reshape(len(model.marketplace), model.merchant_count)
        return np.maximum(1, (status == OPEN).sum(axis=0))

    def welcome_newcomers(self, model: WorldState) -> None:
        """Phase 1: who comes today, and where each opens."""
        several = len(model.marketplace) > 1
        self.occasions = occasions_expected(model)
        total = self.occasions.sum()
        openings = model.marketplace.pull.openings
        if openings.sum() == 0.0:  # nobody opens anything, as after a policy that takes all traffic
            openings = model.marketplace.launched.astype(float)
        self.attention = self.occasions / total if total > 0 else openings / openings.sum()
        rules, roster = model.rules, model.cast.roster
        arriving = np.flatnonzero(roster.arrival == model.day)
        if len(arriving) == 0:
            return
        admitted = np.ones(len(arriving))
        if model.day > 0:
            failed = failed_lately(model.stores, roster.arrival, model.day)
            drawn = arriving < model.merchant_count - len(model.settings.merchants.named_merchants)
            admitted[drawn] = admission(rules.shopkeeping.arrival_response, failed)
        self.homes[arriving] = choose_homes(
            arriving,
            roster.archetype[arriving].astype(np.int64),
            self.attention,
            self._prospects(model) if several else None,
            admitted,
            MerchantLuck(model.key, 0, model.merchant_count),
        )

    def review(self, model: WorldState, due: Longs, journal: Journal) -> None:
        """Phase 7: merchants whose review is due give up stores, or open further ones tomorrow.

        Moves are entered in `journal`.
        """
        self.opening[:] = -1
        if len(model.marketplace) == 1 or len(due) == 0:
            return
        promise = self._prospects(model)
        left = leave_platforms(model.stores, due, model.merchant_count, model.rules.market.patience)
        staying = due[~np.isin(due % model.merchant_count, left % model.merchant_count)]
        opened = enter_platforms(
            model.stores,
            staying,
            model.marketplace.launched,
            promise,
            model.rules.market.entry_rate,
            MerchantLuck(model.key, model.day, model.merchant_count),
        )
        self.opening[opened % model.merchant_count] = opened
        model.stores.community_work[opened] = self._work_of_their_merchants(model, opened)
        for rows, moves in ((opened, journal.opened), (left, journal.closed)):
            moves += [
                (model.day, int(row % model.merchant_count), int(row // model.merchant_count)) for row in rows
            ]

    def _work_of_their_merchants(self, model: WorldState, opened: Longs) -> Numbers:
        """Most community work of each merchant in `opened` rows: groups are the merchant's, not a store's."""
        work = model.stores.community_work.reshape(len(model.marketplace), model.merchant_count)
        return np.asarray(work[:, opened % model.merchant_count].max(axis=0))

    def _prospects(self, model: WorldState) -> Numbers:
        return prospects(
            model.stores,
            len(model.marketplace),
            model.daily_cost,
            model.rules.shopkeeping.review_days,
            model.day,
            model.rules.market,
        )


def admission(response: float, failed: float) -> float:
    """Chance that a would-be newcomer comes: ``1 - arrival_response * share failed lately``."""
    return 1.0 - response * failed


def occasions_expected(model: WorldState) -> Numbers:
    """Occasions on each platform: viewers' activity times `openings_with_habit`."""
    openings = openings_with_habit.py_func(
        model.marketplace.pull.openings, model.viewers.habit, model.rules.market.habit_strength
    )
    openings *= model.viewers.activity[:, None]
    return np.asarray(openings.sum(axis=0, dtype=float))
