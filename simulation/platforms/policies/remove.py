"""A merchant is removed until the policy ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...scenario.sections.policy import Policy
from ...state.columns import ABSENT, OPEN, SUSPENDED
from ..policy import PolicyEffect, StoresToday


def to_remove(policy: Policy, gmv: NDArray[np.int64]) -> int:
    """Number of the merchant that a policy removes: the one named, or by rank of GMV so far."""
    if policy.merchant is not None:
        return policy.merchant
    order = np.argsort(-gmv, kind="stable")
    return int(order[min(policy.top or 1, len(order)) - 1])


def remove(today: StoresToday, policy: Policy) -> None:
    """Suspend the merchant's stores, and keep it from opening one where it has none."""
    if policy.name in today.suspensions:
        return
    platform, stores = today.platform(policy), today.stores
    gmv = today.gmv.reshape(-1, today.owners)
    target = to_remove(policy, gmv.sum(axis=0) if platform is None else gmv[platform])
    rows = np.arange(len(stores.status))
    here = (rows % today.owners == target) & np.isin(stores.status, (OPEN, ABSENT, SUSPENDED))
    if platform is not None:
        here &= stores.platform == platform
    today.suspensions.begin(policy.name, stores, rows[here])


EFFECT = PolicyEffect("removal", stores=remove, for_one=True)
