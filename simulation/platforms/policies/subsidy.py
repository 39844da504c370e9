"""Money for merchants, every day."""

from __future__ import annotations

from ...scenario.sections.policy import Policy
from ...state.columns import FEN
from ..policy import Amount, PolicyEffect, StoresToday


def pay(today: StoresToday, policy: Policy) -> None:
    """Pay whom the policy is for."""
    today.subsidies[today.chosen(policy)] += round((policy.amount or 0.0) * FEN)


EFFECT = PolicyEffect(
    "subsidy",
    Amount("a day to each merchant that it is for", "CNY", 0.0, 1e7, 0.0),
    stores=pay,
    for_some=True,
)
