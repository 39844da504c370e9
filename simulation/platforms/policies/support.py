"""A page of supported merchants, which some viewing occasions open."""

from __future__ import annotations

from ...scenario.sections.policy import Policy
from ..policy import Amount, PolicyEffect, StoresToday


def on_the_page(today: StoresToday, policy: Policy) -> None:
    """Those that the policy is for stand on the page."""
    today.supported[today.chosen(policy)] = True


EFFECT = PolicyEffect(
    "support",
    Amount("of viewing occasions open a page of the supported merchants", "share", 0.0, 1.0, 0.0),
    opens="showcase",
    stores=on_the_page,
    for_some=True,
)
