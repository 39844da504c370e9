"""Arms that are one world until a policy acts or a platform is launched: they live through its days once."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from typing import Any

from ..scenario.scenario import Scenario
from ..scenario.sections.policy import channels_ever_open
from ..scenario.tables import OWN, Arm
from .marketplace import Marketplace
from .model import LiveCommerceModel

FEWEST_DAYS = 5
"""Days in common below which a copy is not worth making."""
MOST_VIEWERS = 400_000
"""Viewers of all copies of a replication that wait together, at most: some 0.3 GB."""


def days_alike(scenario: Scenario, arm: Arm, other: Arm) -> int:
    """First days of which two arms make the same world to the bit.

    Until the first day on which a policy acts in one of them, or a platform is launched, and at most until
    the last; 0 where anything else tells them apart, or may: channels and rules from outside may remember
    what they saw in another world.
    """
    if scenario.plugins.channels or scenario.plugins.merchant_rules or not same_past(scenario, arm, other):
        return 0
    sections, platforms = scenario.arm_rules(arm)
    other_sections, other_platforms = scenario.arm_rules(other)
    policies, other_policies = scenario.arm_policies(arm), scenario.arm_policies(other)
    if sections != other_sections or len(platforms) != len(other_platforms):
        return 0
    first = [scenario.world.days - 1]
    for here, there in zip(platforms, other_platforms, strict=True):
        if here != there.model_copy(update={"launch_day": here.launch_day}):
            return 0
        if channels_ever_open(here, policies) != channels_ever_open(there, other_policies):
            return 0
        if here.launch_day != there.launch_day:
            first.append(min(here.launch_day, there.launch_day))
    first += [policy.start for policy in policies if policy not in other_policies]
    first += [policy.start for policy in other_policies if policy not in policies]
    return min(first)


def same_past(scenario: Scenario, arm: Arm, other: Arm) -> bool:
    """Whether two arms begin with the same past: that of platforms open on day 0, an arm's changes apart."""
    here, there = (
        [platform for platform in each.all_platforms if platform.launch_day == 0] for each in (arm, other)
    )
    return scenario.warm_up.past != OWN or here == there


def branched(model: LiveCommerceModel, arm: Arm) -> LiveCommerceModel:
    """A copy of `model` that goes on as `arm`, with which it is alike until today (`days_alike`).

    What no day changes is shared, and what each day begins with empty is not copied.
    """
    kept = (model.settings, model.cast, model.friendships)
    memo: dict[int, Any] = {id(part): part for part in kept}
    memo[id(model.shards)] = model.shards.anew()
    other = copy.deepcopy(model, memo)
    other.arm = arm
    platforms, policies = model.settings.arm_rules(arm)[1], model.settings.arm_policies(arm)
    other.marketplace = Marketplace(platforms, policies, model.settings.plugins.channels, model.key)
    return other


class Branches:
    """Which arms of a replication go on from which, and the copies from which they do.

    Parameters
    ----------
    scenario : Scenario
    arms : mapping of str to Arm
        By name, in the order in which they are run.
    whole : collection of str
        Those that are to be run from their first day all the same, since a line list is kept of them.
    """

    def __init__(self, scenario: Scenario, arms: Mapping[str, Arm], whole: Collection[str] = ()):
        self._arms, self._copies = arms, dict[str, LiveCommerceModel]()
        self._of: dict[str, list[tuple[int, str]]] = {name: [] for name in arms}
        copies = MOST_VIEWERS // scenario.world.viewers
        before: list[str] = []
        for name, arm in arms.items():
            days = {other: days_alike(scenario, arms[other], arm) for other in before}
            parent = max(days, key=lambda other: days[other], default="")
            if name not in whole and days.get(parent, 0) >= FEWEST_DAYS and copies > 0:
                self._of[parent].append((days[parent], name))
                copies -= 1
            before.append(name)

    def taken(self, name: str) -> LiveCommerceModel | None:
        """The world from which the arm called `name` goes on; None if it begins on its first day."""
        return self._copies.pop(name, None)

    def day_over(self, name: str, model: LiveCommerceModel) -> None:
        """Take the copies of the arm called `name` that are due on the morning to which it has come."""
        for day, other in self._of[name]:
            if day == model.day:
                self._copies[other] = branched(model, self._arms[other])
