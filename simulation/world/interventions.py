"""An arm's policies as they act on its merchants, every morning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..platforms.policy import StoresToday
from ..platforms.suspensions import Suspensions
from ..scenario.sections.policy import EFFECTS
from ..state.ledger import GMV
from ..state.luck import decision, uniform_array
from .world_state import WorldState

LOT = decision("policy: a store's lot")


class Interventions:
    """Carries out an arm's policies on its merchants, every morning.

    Attributes
    ----------
    subsidies : int64 array, shape (rows,)
        Fen paid to each store today.
    supported : bool array, shape (rows,)
        Stores on the page of supported merchants today.
    """

    def __init__(self, rows: int, platforms: list[str]):
        self._platforms = platforms
        self._suspensions = Suspensions(rows)
        self.subsidies = np.zeros(rows, np.int64)
        self.supported = np.zeros(rows, bool)
        self._lots: NDArray[np.float64] | None = None

    def act(self, model: WorldState, so_far: np.ndarray) -> None:
        """What policies in force on the model's day do to its merchants.

        Parameters
        ----------
        model : WorldState
        so_far : int64 array, shape (rows, len(STORE_COUNTS))
            Counts by store over all days until now.
        """
        if model.merchant_count == 0:
            return
        self.subsidies[:] = 0
        self.supported[:] = False
        model.stores.limit[:] = 1.0
        if not model.marketplace.policies:
            return
        today = self._today(model, so_far[:, GMV])
        for policy in model.marketplace.policies:
            effect = EFFECTS[policy.effect]
            if not policy.acts_on(model.day):
                self._suspensions.end(policy.name, model.stores)
            elif effect.stores:
                effect.stores(today, policy)

    def _lots_of(self, model: WorldState) -> NDArray[np.float64]:
        """A lot for each store, the same in all arms and on all days."""
        if self._lots is None:
            self._lots = uniform_array(model.key, LOT, 0, len(self.subsidies), 0)
        return self._lots

    def _today(self, model: WorldState, gmv: NDArray[np.int64]) -> StoresToday:
        return StoresToday(
            stores=model.stores,
            platforms=self._platforms,
            kinds=model.archetypes,
            owners=model.merchant_count,
            gmv=gmv,
            subsidies=self.subsidies,
            supported=self.supported,
            suspensions=self._suspensions,
            day=model.day,
            newcomer_days=model.newcomer_days,
            people_per_viewer=model.people_per_viewer,
            lots=self._lots_of(model),
            named=model.settings.merchants.named_numbers(model.merchant_count),
        )
