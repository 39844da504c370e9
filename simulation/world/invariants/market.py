"""What must hold after any day in a market of platforms; they join the list in `invariant`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...state.ledger import COUNTS, GROUP_JOINS, GROUP_ORDERS, REACH
from .invariant import invariant, require

if TYPE_CHECKING:
    from ..model import LiveCommerceModel


@invariant
def groups_hold_whoever_waits(model: LiveCommerceModel) -> None:
    """Orders at the group's price come from those who wait, each in a group of the right size."""
    joins, orders = (model.journal.totals[:, total].sum() for total in (GROUP_JOINS, GROUP_ORDERS))
    require(orders <= joins, "more orders in groups than people waiting", orders, joins)
    waiting = sum(int(shard.pending.rows[0]) for shard in model.shards)
    if model.day > 0:
        require(model.ledger.totals[GROUP_JOINS] == waiting, "people waiting today", waiting)


@invariant
def each_platform_serves_its_own(model: LiveCommerceModel) -> None:
    """Visits, orders, money and returns on a platform's channels are those of its own stores."""
    by_store = model.ledger.stores[:, : len(COUNTS)].reshape(len(model.marketplace), -1, len(COUNTS))
    for platform, stores in enumerate(by_store):
        channels = model.ledger.surfaces[model.marketplace.surfaces.platform == platform].sum(axis=0)
        for count in range(len(COUNTS)):
            if count != REACH:
                require(stores[:, count].sum() == channels[count], COUNTS[count], stores, channels)


@invariant
def nobody_is_on_a_platform_before_its_launch(model: LiveCommerceModel) -> None:
    """Before its launch a platform has no store, no visit and no attention."""
    for number, platform in enumerate(model.marketplace.platforms):
        launch = model.days if platform.stays_out else platform.launch_day
        early = model.journal.attention[: min(launch, model.day), number]
        require(early == 0, "attention before the launch", early)
        require(model.journal.stores[:launch, number] == 0, "stores before the launch")


@invariant
def shares_of_attention_sum_to_one(model: LiveCommerceModel) -> None:
    """Attention is divided among platforms; habits lie between 0 and 1."""
    shares = model.journal.attention[: model.day].sum(axis=1)
    require(np.abs(shares - 1) < 1e-9, "shares of attention", shares)
    habit = model.viewers.habit
    require((habit >= 0) & (habit <= 1), "habits", habit.min(initial=0), habit.max(initial=0))
