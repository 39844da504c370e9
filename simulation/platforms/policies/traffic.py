"""More viewing occasions, or fewer."""

from __future__ import annotations

from ...scenario.sections.platform import Platform
from ..policy import Amount, PolicyEffect


def multiply(platform: Platform, amount: float) -> Platform:
    """The platform with a larger or smaller pool."""
    return platform.model_copy(update={"pool": platform.pool * amount})


EFFECT = PolicyEffect("traffic", Amount("the viewing occasions", "times", 0.0, 100.0, 1.0), rules=multiply)
