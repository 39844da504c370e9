"""What policies in force change: a platform's rules, and what is done for or to its merchants."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..scenario.sections.platform import Platform
from ..scenario.sections.policy import OPENS_CHANNEL, Policy
from ..state.columns import OPEN, MerchantColumns

DAYS_OF_A_COURSE = 30.0

Mask = NDArray[np.bool_]


def with_share(channels: dict[str, float], name: str, share: float) -> dict[str, float]:
    """The mix of channels once `share` of all occasions is given to channel `name` on top.

    Other weights shrink by ``1 - share``; the sum of weights stays.
    """
    total = sum(channels.values())
    mix = {channel: weight * (1.0 - share) for channel, weight in channels.items()}
    mix[name] = mix.get(name, 0.0) + share * total
    return mix


def rules_today(platform: Platform, policies: list[Policy]) -> Platform:
    """The platform's rules under those policies that are in force on it, in the order given.

    Of two that set the same number the later counts; shares of traffic and factors combine.
    """
    for policy in policies:
        amount = policy.amount or 0.0
        if policy.effect in OPENS_CHANNEL:
            mix = with_share(platform.channels, OPENS_CHANNEL[policy.effect], amount)
            platform = platform.model_copy(update={"channels": mix})
        elif policy.effect in ("cold_start_quota", "exposure_cap"):
            feed = platform.feed.model_copy(update={policy.effect: amount})
            platform = platform.model_copy(update={"feed": feed})
        elif policy.effect == "commission":
            platform = platform.model_copy(update={"commission": amount})
        elif policy.effect == "traffic":
            platform = platform.model_copy(update={"pool": platform.pool * amount})
    return platform


def chosen_by(
    policy: Policy, merchants: MerchantColumns, kinds: list[str], platform: int | None, day: int,
    newcomer_days: int, people_per_viewer: float,
) -> Mask:
    """Open stores that a policy is for, shape (rows,)."""
    chosen = merchants.status == OPEN
    if platform is not None:
        chosen &= merchants.platform == platform
    if policy.above_fans > 0:
        chosen &= merchants.fans * people_per_viewer >= policy.above_fans
    if policy.archetypes:
        chosen &= np.isin(merchants.archetype, [kinds.index(name) for name in policy.archetypes])
    if policy.newcomers:
        chosen &= (merchants.arrival > 0) & (day - merchants.arrival < newcomer_days)
    return chosen


def learned(skill: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Skill after a day of a course: of what is lacking, `amount` is learned in 30 days.

    ``1 - (1 - skill) (1 - amount) ** (1 / 30)``.
    """
    return (1.0 - (1.0 - skill) * (1.0 - amount) ** (1.0 / DAYS_OF_A_COURSE)).astype(np.float32)


def to_remove(policy: Policy, gmv: NDArray[np.int64]) -> int:
    """Number of the merchant that a policy removes: the one named, or by rank of GMV so far."""
    if policy.merchant is not None:
        return policy.merchant
    order = np.argsort(-gmv, kind="stable")
    return int(order[min(policy.top or 1, len(order)) - 1])
