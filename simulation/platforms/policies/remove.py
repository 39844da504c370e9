"""A merchant, or several with names, are removed until the policy ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...scenario.sections.policy import Policy
from ...state.columns import ABSENT, OPEN, SUSPENDED
from ..policy import PolicyEffect, StoresToday


def to_remove(policy: Policy, gmv: NDArray[np.int64]) -> int:
    """Number of the one merchant that a policy removes: the one given, or by rank of GMV so far."""
    if policy.merchant is not None:
        return policy.merchant
    order = np.argsort(-gmv, kind="stable")
    return int(order[min(policy.top or 1, len(order)) - 1])


def remove(today: StoresToday, policy: Policy) -> None:
    """Suspend the merchants' stores, and keep them from opening one where they have none."""
    if policy.name in today.suspensions:
        return
    platform, stores = today.platform(policy), today.stores
    rows = np.arange(len(stores.status))
    if policy.merchants:
        meant = today.of_names(policy.merchants)
    else:
        gmv = today.gmv.reshape(-1, today.owners)
        meant = rows % today.owners == to_remove(
            policy, gmv.sum(axis=0) if platform is None else gmv[platform]
        )
    here = meant & np.isin(stores.status, (OPEN, ABSENT, SUSPENDED))
    if platform is not None:
        here &= stores.platform == platform
    today.suspensions.begin(policy.name, stores, rows[here])


EFFECT = PolicyEffect("removal", stores=remove, for_one=True)
