"""A feed beside whatever else a platform has."""

from __future__ import annotations

from ..policy import Amount, PolicyEffect

EFFECT = PolicyEffect(
    "recommendation", Amount("of viewing occasions open a feed", "share", 0.0, 1.0, 0.0), opens="recommend"
)
