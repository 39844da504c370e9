"""Another commission."""

from __future__ import annotations

from ...scenario.sections.platform import Platform
from ..policy import Amount, PolicyEffect


def charge(platform: Platform, amount: float) -> Platform:
    """The platform with another commission."""
    return platform.model_copy(update={"commission": amount})


EFFECT = PolicyEffect(
    "commission",
    Amount("of net revenue goes to the platform", "share", 0.0, 1.0),
    rules=charge,
    stands=lambda platform: platform.commission,
)
