"""A cap on how much of the feed one room can have."""

from __future__ import annotations

from ...scenario.sections.platform import Platform
from ..policy import Amount, PolicyEffect


def cap(platform: Platform, amount: float) -> Platform:
    """The feed with another cap."""
    return platform.model_copy(update={"feed": platform.feed.model_copy(update={"exposure_cap": amount})})


EFFECT = PolicyEffect(
    "cap on exposure",
    Amount("of a category's slots are all that one room gets, the others get the rest", "share", 0.001, 1.0),
    rules=cap,
    needs="recommend",
)
