"""A cap on how much of what the platform shows one room can have."""

from __future__ import annotations

import numpy as np

from ...scenario.sections.platform import Platform
from ...scenario.sections.policy import Policy
from ..policy import Amount, PolicyEffect, StoresToday


def cap(platform: Platform, amount: float) -> Platform:
    """The feed and the hot list with another cap."""
    return platform.model_copy(update={"feed": platform.feed.model_copy(update={"exposure_cap": amount})})


def limit(today: StoresToday, policy: Policy) -> None:
    """Limit those that the policy is for, where it is for some only."""
    if policy.is_for_some:
        chosen, limits = today.chosen(policy), today.stores.limit
        limits[chosen] = np.minimum(limits[chosen], policy.amount or 0.0)


EFFECT = PolicyEffect(
    "cap on exposure",
    Amount("of a category's slots are all that one room gets, the others get the rest", "share", 0.001, 1.0),
    rules=cap,
    stores=limit,
    for_some=True,
    needs=("recommend", "hot_list"),
    stands=lambda platform: platform.feed.exposure_cap if platform.feed.exposure_cap < 1 else None,
)
