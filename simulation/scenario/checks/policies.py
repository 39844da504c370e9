"""Checks of policies against what they are about."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import Problem, nearest
from ...languages.speaking import either, sentence
from ..sections.platform import Platform
from ..sections.policy import EFFECTS, Policy
from ..tables import Arm, ScenarioTables


def policy_problems(scenario: ScenarioTables) -> Iterator[Problem]:
    """Policies must name arms, platforms and merchants that exist, and not contradict."""
    arms = {arm.name: arm for arm in scenario.arms}
    kinds = list(scenario.merchants.kinds)
    named = [entry.name for entry in scenario.merchants.named_merchants]
    for policy in scenario.policies:
        yield from _unknown(policy, "arms", sentence("arm"), policy.arms, list(arms))
        yield from _unknown(policy, "archetypes", sentence("kind of merchant"), policy.archetypes, kinds)
        yield from _unknown(policy, "merchants", sentence("merchant"), policy.merchants, named)
        for part, rank in (
            ("merchant", policy.merchant),
            ("top", None if policy.top is None else policy.top - 1),
        ):
            if rank is not None and rank >= scenario.world.merchants:
                yield Problem(
                    f"policies.{policy.name}.{part}",
                    sentence("policy '{name}' removes a merchant that does not exist", name=policy.name),
                    sentence(
                        "there are {merchants:,} on the first day, numbered from 0",
                        merchants=scenario.world.merchants,
                    ),
                )
        for arm in [arms[name] for name in policy.arms or arms if name in arms]:
            yield from _platform(policy, arm, scenario)
    removing = [policy for policy in scenario.policies if EFFECTS[policy.effect].for_one]
    for number, first in enumerate(removing):
        for second in removing[number + 1 :]:
            if _remove_the_same(first, second):  # told of the next one only
                whom = _whom(first, second)
                yield Problem(
                    f"policies.{second.name}",
                    sentence(
                        "policies '{name}' and '{name_2}' both remove {whom} at the same time",
                        name=first.name,
                        name_2=second.name,
                        whom=whom,
                    ),
                    "drop one of them, or let one end before the other starts",
                )
                break


def _unknown(policy: Policy, part: str, what: str, names: list[str], valid: list[str]) -> Iterator[Problem]:
    for name in names:
        if name not in valid:
            yield Problem(
                f"policies.{policy.name}.{part}",
                sentence(
                    "policy '{name}' names {what} '{name_2}', which does not exist{near}",
                    name=policy.name,
                    what=what,
                    name_2=name,
                    near=nearest(name, valid),
                ),
                sentence("one of {valid}", valid=", ".join(valid))
                if valid
                else sentence("leave out {part}, or give one that name", part=part),
            )


def _platform(policy: Policy, arm: Arm, scenario: ScenarioTables) -> Iterator[Problem]:
    """The platform must be one of the arm's, and have a channel that the policy changes."""
    names = [platform.name for platform in arm.all_platforms]
    if policy.platform and policy.platform not in names:
        if policy.arms or not any(
            policy.platform == platform.name for other in scenario.arms for platform in other.all_platforms
        ):  # else it is for all arms that have the platform
            yield from _unknown(
                policy,
                "platform",
                sentence("platform of arm '{arm}'", arm=arm.name),
                [policy.platform],
                names,
            )
        return
    needs = EFFECTS[policy.effect].needs
    if not needs:
        return
    opened = any(
        EFFECTS[other.effect].opens in needs
        and other.platform in ("", policy.platform)
        and (not other.arms or arm.name in other.arms)
        for other in scenario.policies
    )
    here = [p for p in arm.all_platforms if p.name == policy.platform or not policy.platform]
    if (
        policy.arms
        and not opened
        and not any(p.channels.get(channel, 0) > 0 for p in here for channel in needs)
    ):
        quoted = " or ".join(f"'{channel}'" for channel in needs)
        openers = " or ".join(f"'{name}'" for name in EFFECTS if EFFECTS[name].opens in needs)
        yield Problem(
            f"policies.{policy.name}",
            sentence(
                "policy '{name}' changes the channel {quoted} of arm '{name_2}', which has none",
                name=policy.name,
                quoted=quoted,
                name_2=arm.name,
            ),
            sentence("a platform with a {needs} channel", needs=either(needs))
            + (sentence(", or one opened by a policy {openers}", openers=openers) if openers else ""),
        )


def amount_problems(scenario: ScenarioTables, arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """Amounts must be such as the platforms can have."""
    for policy in scenario.policies:
        if policy.arms and arm.name not in policy.arms:
            continue
        for platform in platforms:
            refused = EFFECTS[policy.effect].refused(platform, policy.amount or 0.0)
            if refused and policy.platform in ("", platform.name):
                found, allowed = refused
                yield Problem(
                    f"policies.{policy.name}.amount",
                    sentence("policy '{name}': {found}", name=policy.name, found=found),
                    allowed,
                )


def _whom(first: Policy, second: Policy) -> str:
    """Whom two policies remove, in words."""
    common = [name for name in first.merchants if name in second.merchants]
    if common:
        return sentence("merchant '{common}'", common=common[0])
    return (
        sentence("the merchant of rank {top}", top=first.top)
        if first.top
        else sentence("merchant {merchant}", merchant=first.merchant)
    )


def _remove_the_same(first: Policy, second: Policy) -> bool:
    """Whether two policies remove the same merchant on common days in a common place."""
    one = first.merchant is not None or first.top is not None
    same = one and (first.merchant, first.top) == (second.merchant, second.top)
    same = same or bool(set(first.merchants) & set(second.merchants))
    arms = not first.arms or not second.arms or bool(set(first.arms) & set(second.arms))
    platforms = "" in (first.platform, second.platform) or first.platform == second.platform
    overlap = (first.end is None or second.start < first.end) and (
        second.end is None or first.start < second.end
    )
    return same and arms and platforms and overlap
