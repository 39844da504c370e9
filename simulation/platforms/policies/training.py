"""Courses in hosting and in running a community."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...scenario.sections.policy import Policy
from ..policy import Amount, PolicyEffect, StoresToday

DAYS_OF_A_COURSE = 30.0


def learned(skill: NDArray[np.float32], amount: float) -> NDArray[np.float32]:
    """Skill after a day of a course: of what is lacking, `amount` is learned in 30 days.

    ``1 - (1 - skill) (1 - amount) ** (1 / 30)``.
    """
    return (1.0 - (1.0 - skill) * (1.0 - amount) ** (1.0 / DAYS_OF_A_COURSE)).astype(np.float32)


def teach(today: StoresToday, policy: Policy) -> None:
    """People learn, not stores: whoever takes the course knows more on every platform."""
    chosen = today.chosen(policy)
    taught = np.tile(chosen.reshape(-1, today.owners).any(axis=0), len(today.platforms))
    for skill in (today.stores.host_skill, today.stores.community_skill):
        skill[taught] = learned(skill[taught], policy.amount or 0.0)


EFFECT = PolicyEffect(
    "training",
    Amount("of what hosts and operators lack in skill is learned in 30 days", "share", 0.0, 1.0, 0.0),
    stores=teach,
    for_some=True,
)
