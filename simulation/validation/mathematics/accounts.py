"""What is conserved in any world, counted in two places that do not know of each other."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...behaviour.merchants.bookkeeping import ADVERTISING, COMMISSION, COSTS, GOODS
from ...state.ledger import CARRIED, FOLLOWS, LOST, ORDERS, STARTED, VISITS, WALK_INS
from ...state.ties import EMPTY, SUBSCRIBED
from ...world.invariants.checks import INVARIANTS, InvariantError
from ...world.model import LiveCommerceModel
from .worlds import busy_models, finish

Meddle = Callable[[LiveCommerceModel], None]


def counted_twice(model: LiveCommerceModel) -> dict[str, tuple[NDArray, NDArray]]:
    """Counts after a day, in whole viewers and fen: as found with people, and as written down.

    ``visits`` and ``orders`` of the day by merchant: in viewers' ties, and in the day's ledger.
    ``money`` by platform: what merchants' accounts have gained since the start, and the books' revenue and
    subsidies less commission, goods, costs and advertising. ``followers`` by merchant: in viewers' ties, and
    won less lost in the journal.

    Parameters
    ----------
    model : LiveCommerceModel
        After at least one day.
    """
    ties, ledger, today = model.ties, model.ledger.stores, model.day - 1
    held = ties.store != EMPTY

    def per_merchant(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(ties.store[held & chosen], minlength=len(ledger))

    gained = model.stores.cash.reshape(len(model.marketplace), model.merchant_count).sum(axis=1)
    gained[0] -= model.cast.roster.cash.sum()
    books = model.journal.books.sum(axis=0)
    signs = np.ones(books.shape[1], np.int64)
    signs[[COMMISSION, GOODS, COSTS, ADVERTISING]] = -1
    sums = model.journal.by_store
    won = sums[:, STARTED] + sums[:, FOLLOWS] + sums[:, WALK_INS] + sums[:, CARRIED]
    return {
        "visits": (per_merchant(ties.last_visit == today), ledger[:, VISITS]),
        "orders": (per_merchant(ties.last_purchase == today), ledger[:, ORDERS]),
        "money": (gained, books @ signs),
        "followers": (per_merchant(ties.flags & SUBSCRIBED > 0), won - sums[:, LOST]),
    }


def broken_invariants(model: LiveCommerceModel) -> int:
    """How many of `simulation.world.invariants` do not hold as the model stands."""
    broken = 0
    for invariant in INVARIANTS:
        try:
            invariant(model)
        except InvariantError:
            broken += 1
    return broken


def accounts_by_day(seed: int, meddle: Meddle | None = None) -> tuple[pd.DataFrame, int, int]:
    """Both counts of everything in `busy_models`, day by day.

    Parameters
    ----------
    seed : int
    meddle : callable, optional
        Called with the model after each day, before it is looked at.

    Returns
    -------
    table : DataFrame
        One row per world, part (`counted_twice`) and day: ``world``, ``part``, ``x`` (day, from 1),
        ``observed`` and ``expected`` (totals of both counts), ``gap`` (largest difference at one merchant or
        platform).
    broken : int
        Invariants broken on the worst day.
    looked : int
        Times that an invariant was looked at.
    """
    rows: list[tuple[str, str, int, int, int, int]] = []
    broken: list[int] = []
    for title, model in busy_models(seed):

        def look(title: str = title, model: LiveCommerceModel = model) -> None:
            if meddle:
                meddle(model)
            broken.append(broken_invariants(model))
            rows.extend(
                (
                    title,
                    part,
                    model.day,
                    int(found.sum()),
                    int(written.sum()),
                    int(np.abs(found - written).max()),
                )
                for part, (found, written) in counted_twice(model).items()
            )

        finish(model, look)
    table = pd.DataFrame(rows, columns=["world", "part", "x", "observed", "expected", "gap"])
    return table, max(broken), len(broken) * len(INVARIANTS)
