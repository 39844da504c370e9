"""Policies that act on merchants: support, courses, subsidies, removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..platforms.policies import chosen_by, learned, to_remove
from ..scenario.sections.policy import Policy
from ..state.columns import ABSENT, FEN, OPEN, SUSPENDED
from ..state.ledger import GMV

if TYPE_CHECKING:
    from .model import LiveCommerceModel


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
        self._removed: dict[str, np.ndarray] = {}
        self._before = np.full(rows, ABSENT, np.uint8)
        self.subsidies = np.zeros(rows, np.int64)
        self.supported = np.zeros(rows, bool)

    def act(self, model: LiveCommerceModel) -> None:
        """What policies in force on the model's day do to its merchants."""
        if model.many == 0:
            return
        self.subsidies[:] = 0
        self.supported[:] = False
        for policy in model.marketplace.policies:
            if not policy.acts_on(model.day):
                self._reinstate(model, policy)
            elif policy.effect == "remove":
                self._remove(model, policy)
            elif policy.effect in ("support", "training", "subsidy"):
                self._favour(model, policy)

    def _place(self, policy: Policy) -> int | None:
        return self._platforms.index(policy.platform) if policy.platform else None

    def _favour(self, model: LiveCommerceModel, policy: Policy) -> None:
        merchants = model.merchants
        chosen = chosen_by(
            policy, merchants, model.archetypes, self._place(policy), model.day, model.newcomer_days,
            model.people_per_viewer,
        )
        amount = policy.amount or 0.0
        if policy.effect == "support":
            self.supported |= chosen
        elif policy.effect == "subsidy":
            self.subsidies[chosen] += round(amount * FEN)
        else:  # people learn, not stores: whoever takes the course knows more on every platform
            taught = np.tile(chosen.reshape(-1, model.many).any(axis=0), len(self._platforms))
            for skill in (merchants.host_skill, merchants.community_skill):
                skill[taught] = learned(skill[taught], amount)

    def _remove(self, model: LiveCommerceModel, policy: Policy) -> None:
        """Suspend the merchant's stores, and keep it from opening one where it has none."""
        if policy.name in self._removed:
            return
        place, merchants = self._place(policy), model.merchants
        gmv = model.journal.merchants[:, GMV].reshape(-1, model.many)
        target = to_remove(policy, gmv.sum(axis=0) if place is None else gmv[place])
        rows = np.arange(len(merchants.status))
        found = (rows % model.many == target) & np.isin(merchants.status, (OPEN, ABSENT, SUSPENDED))
        if place is not None:
            found &= merchants.platform == place
        new = found & (merchants.status != SUSPENDED)
        self._before[new] = merchants.status[new]
        merchants.status[found] = SUSPENDED
        self._removed[policy.name] = rows[found]

    def _reinstate(self, model: LiveCommerceModel, policy: Policy) -> None:
        """Let the merchant be again what it was, unless another policy still removes it."""
        rows = self._removed.pop(policy.name, np.empty(0, np.int64))
        for others in self._removed.values():
            rows = np.setdiff1d(rows, others)
        status = model.merchants.status
        rows = rows[status[rows] == SUSPENDED]
        status[rows] = self._before[rows]
