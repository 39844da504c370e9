"""Slots of the feed that are kept for new merchants."""

from __future__ import annotations

from ...languages.speaking import sentence
from ...scenario.sections.platform import Platform
from ..policy import Amount, PolicyEffect


def keep_slots(platform: Platform, amount: float) -> Platform:
    """The feed with another quota."""
    feed = platform.feed.model_copy(update={"cold_start_quota": amount})
    return platform.model_copy(update={"feed": feed})


def beyond_all_slots(platform: Platform, amount: float) -> tuple[str, str] | None:
    """Slots for new merchants and those filled at random cannot be more than all."""
    exploration = platform.feed.exploration
    if exploration + amount <= 1:
        return None
    return sentence(
        "its amount and the exploration of '{name}' ({exploration:g}) exceed 1",
        name=platform.name,
        exploration=exploration,
    ), "a lower amount"


EFFECT = PolicyEffect(
    "slots for new merchants",
    Amount("of the feed's slots are kept for new merchants", "share", 0.0, 1.0),
    rules=keep_slots,
    needs=("recommend",),
    refused=beyond_all_slots,
    stands=lambda platform: platform.feed.cold_start_quota or None,
)
