"""Checks of a scenario that look at several of its sections at once."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from .platform import Platform, known_channels
from .plugins import attribute_of
from .policy import Policy, channels_of
from .problems import nearest

if TYPE_CHECKING:
    from .scenario import Arm, Scenario

FEED_EFFECTS = ("cold_start_quota", "exposure_cap")
MOST_SURFACES = 64


def check_market(arm: str, platforms: list[Platform]) -> None:
    """Platforms side by side need users, and viewers a platform from the first day."""
    if len(platforms) > 1:
        for platform in platforms:
            if not platform.daily_users:
                raise ValueError(f"platform '{platform.name}' has no daily_users; give them, since "
                                 "they say how much attention it draws in a market")
        if all(platform.launch_day > 0 for platform in platforms):
            raise ValueError(f"no platform of arm '{arm}' is open on day 0; "
                             "let one of them have launch_day = 0")
    elif platforms[0].launch_day > 0:
        raise ValueError("the only platform of an arm opens after day 0; let launch_day be 0")


def check_surfaces(scenario: Scenario) -> None:
    """What viewers have seen is remembered by a bit a channel, so there are at most 64."""
    for arm in scenario.arms:
        policies = scenario.policies_of(arm)
        many = sum(len(channels_of(platform, policies)) for platform in scenario.rules_of(arm)[1])
        if many > MOST_SURFACES:
            raise ValueError(f"the platforms of arm '{arm.name}' have {many} channels together; "
                             f"let there be {MOST_SURFACES} at most, those that policies open included")


def check_launches(scenario: Scenario) -> None:
    """Every platform must open before the last day."""
    for arm in scenario.arms:
        for platform in scenario.rules_of(arm)[1]:
            if platform.launch_day >= scenario.world.days:
                raise ValueError(
                    f"platform '{platform.name}' of arm '{arm.name}' opens on day {platform.launch_day}, "
                    f"after the end of the run; let launch_day be below world.days ({scenario.world.days})"
                )


def check_plugins(scenario: Scenario) -> None:
    """Files from outside must hold what they are named for, and the merchants' rule must exist."""
    rules = scenario.plugins.merchant_rules
    for name in [*scenario.plugins.channels, *rules]:
        if name in (known_channels() if name in scenario.plugins.channels else ["feedback"]):
            raise ValueError(f"what plugins call '{name}' is the name of one of ours; choose another name")
    for path in scenario.plugins.channels.values():
        attribute_of(path, "CHANNEL")
    for path in rules.values():
        attribute_of(path, "RULE")
    known = ["feedback", *rules]
    if scenario.merchant_rule not in known:
        raise ValueError(f"there is no merchant_rule '{scenario.merchant_rule}'"
                         f"{nearest(scenario.merchant_rule, known)}; the rules are {', '.join(known)}")


def check_policies(scenario: Scenario) -> None:
    """Policies must speak of arms, platforms and merchants that are there, and not contradict."""
    arms = {arm.name: arm for arm in scenario.arms}
    kinds = list(scenario.merchants.archetypes.by_name())
    for policy in scenario.policies:
        for name in policy.arms:
            _known(policy, "arm", name, list(arms))
        for rank in (policy.merchant, None if policy.top is None else policy.top - 1):
            if rank is not None and rank >= scenario.world.merchants:
                raise ValueError(f"policy '{policy.name}' removes a merchant that is not there; there are "
                                 f"{scenario.world.merchants} on the first day, numbered from 0")
        for name in policy.archetypes:
            _known(policy, "kind of merchant", name, kinds)
        for arm in (arms[name] for name in policy.arms or arms):
            _check_platform(policy, arm, scenario)
    for first, second in combinations(scenario.policies, 2):
        if _remove_the_same(first, second):
            whom = f"the merchant of rank {first.top}" if first.top else f"merchant {first.merchant}"
            raise ValueError(f"policies '{first.name}' and '{second.name}' both remove {whom} at the same "
                             "time; drop one of them, or let one end before the other starts")


def _known(policy: Policy, what: str, name: str, valid: list[str]) -> None:
    if name not in valid:
        raise ValueError(f"policy '{policy.name}' speaks of {what} '{name}', which is none"
                         f"{nearest(name, valid)}; there are {', '.join(valid)}")


def _check_platform(policy: Policy, arm: Arm, scenario: Scenario) -> None:
    """The platform must be one of the arm's, and have a feed if the policy changes one."""
    names = [platform.name for platform in arm.all_platforms]
    if policy.platform and policy.platform not in names:
        if not policy.arms and any(
            policy.platform == platform.name for other in scenario.arms for platform in other.all_platforms
        ):
            return  # for all arms that have the platform
        _known(policy, f"platform of arm '{arm.name}'", policy.platform, names)
    if policy.effect not in FEED_EFFECTS:
        return
    opened = any(
        other.effect == "recommendation" and other.platform in ("", policy.platform)
        and (not other.arms or arm.name in other.arms) for other in scenario.policies
    )
    fed = [p for p in arm.all_platforms if p.name == policy.platform or not policy.platform]
    if policy.arms and not opened and not any(p.channels.get("recommend", 0) > 0 for p in fed):
        raise ValueError(f"policy '{policy.name}' changes the feed of arm '{arm.name}', which has none; "
                         "give the platform a recommend channel, or open it by a policy 'recommendation'")
    if policy.effect == "cold_start_quota":
        named = {platform.name for platform in fed}
        for platform in (p for p in scenario.rules_of(arm)[1] if p.name in named):
            if platform.feed.exploration + (policy.amount or 0.0) > 1:
                raise ValueError(f"policy '{policy.name}' and the exploration of '{platform.name}' "
                                 f"({platform.feed.exploration:g}) exceed 1; lower the amount")


def _remove_the_same(first: Policy, second: Policy) -> bool:
    """Whether two policies remove the same merchant on common days in a common place."""
    if first.effect != "remove" or second.effect != "remove":
        return False
    same = (first.merchant, first.top) == (second.merchant, second.top)
    arms = not first.arms or not second.arms or bool(set(first.arms) & set(second.arms))
    platforms = "" in (first.platform, second.platform) or first.platform == second.platform
    overlap = (first.end is None or second.start < first.end) and (
        second.end is None or first.start < second.end
    )
    return same and arms and platforms and overlap
