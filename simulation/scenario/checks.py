"""Checks of a scenario that look at several of its sections at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ..errors import Problem, nearest, shown
from .fields import doubled
from .labels import label_problems
from .sections.merchants import Archetype, NamedMerchant
from .sections.platform import Platform, known_channels
from .sections.policy import EFFECTS, Policy, channels_ever_open
from .tables import SWITCH, Arm, ScenarioTables

MOST_SURFACES = 64
OUR_RULE = "feedback"


def problems_between(scenario: ScenarioTables) -> Iterator[Problem]:
    """Everything that is wrong between sections which are fine by themselves."""
    for what, names in (
        ("arms", [arm.name for arm in scenario.arms]),
        ("claims", [claim.id for claim in scenario.claims]),
        ("policies", [policy.name for policy in scenario.policies]),
        ("merchants.named", [entry.name for entry in scenario.merchants.named_merchants]),
    ):
        yield from _doubled(what, names)
    yield from label_problems(scenario)
    yield from _named_merchants(scenario)
    yield from _plugins(scenario)
    yield from _policies(scenario)
    yield from _spoken_of(scenario)
    yield from _past(scenario)
    yield from _days_left(scenario)
    for arm in scenario.arms:
        served = list(_changes(scenario, arm))
        yield from served
        if not served:
            platforms = scenario.arm_rules(arm)[1]
            yield from _launches(scenario, arm, platforms)
            yield from _stakes(arm, platforms)
            yield from _surfaces(scenario, arm, platforms)
            yield from _amounts(scenario, arm, platforms)


def _doubled(what: str, names: list[str]) -> Iterator[Problem]:
    if twice := doubled(names):
        whose = "merchants" if what == "merchants.named" else what
        yield Problem(what, f"{whose} named twice: {', '.join(twice)}", "a different name for each")


def _named_merchants(scenario: ScenarioTables) -> Iterator[Problem]:
    """Merchants with a name must be of a kind and category that exist, come in time, and find members."""
    kinds, categories, days = scenario.merchants.kinds, scenario.people.categories, scenario.world.days
    yield from _radii(scenario)
    for entry in scenario.merchants.named_merchants:
        key = f"merchants.named.{entry.name}"
        if entry.kind not in kinds:
            yield Problem(
                f"{key}.kind",
                f"there is no kind of merchant '{entry.kind}'{nearest(entry.kind, kinds)}",
                f"one of {', '.join(kinds)}",
            )
        elif problem := _too_many_members(scenario, entry, kinds[entry.kind]):
            yield problem
        if entry.category >= categories:
            yield Problem(
                f"{key}.category",
                f"there is no category {entry.category}",
                f"a category from 0 to {categories - 1}, as people.categories is {categories}",
            )
        if entry.arrival_day >= days:
            yield Problem(
                f"{key}.arrival_day",
                f"it comes on day {entry.arrival_day:,}, after the end of the run",
                f"a day below world.days ({days:,})",
            )


def _radii(scenario: ScenarioTables) -> Iterator[Problem]:
    """Only a merchant with a place delivers around it."""
    kinds = scenario.merchants.kinds
    entries = {f"archetypes.{name}": (kind.radius, kind.local) for name, kind in kinds.items()}
    for entry in scenario.merchants.named_merchants:
        if entry.kind in kinds:
            usual = entries[f"archetypes.{entry.kind}"]
            entries[f"named.{entry.name}"] = (
                usual[0] if entry.radius is None else entry.radius,
                usual[1] if entry.local is None else entry.local,
            )
    for key, (radius, local) in entries.items():
        if radius > 0 and not local:
            yield Problem(
                f"merchants.{key}.radius",
                f"{radius:,.10g} persons around a merchant that has no place",
                "radius = 0, or local = true",
            )


def _too_many_members(scenario: ScenarioTables, entry: NamedMerchant, kind: Archetype) -> Problem | None:
    """Members must be found among neighbours or, unless the merchant is local, among all who have friends."""
    world, local = scenario.world, kind.local if entry.local is None else entry.local
    social = world.social_viewers
    among = min(social, scenario.friendships.neighbourhood_size) if local else social
    share = 1.0 if local else scenario.merchants.largest_private_domain
    most = among * share * world.people_per_viewer
    members = kind.fans_median if entry.members is None else entry.members
    if members <= most:
        return None
    where = (
        "a neighbourhood (friendships.neighbourhood_size)"
        if local
        else f"{share:.0%} of all who have friends (merchants.largest_private_domain)"
    )
    return Problem(
        f"merchants.named.{entry.name}.members",
        f"{members:,.10g} persons, but {where} holds {most:,.10g} "
        f"at {world.people_per_viewer:g} persons an agent",
        f"members = {most:,.0f} or fewer".replace(",", "_"),
    )


def _changes(scenario: ScenarioTables, arm: Arm) -> Iterator[Problem]:
    """What an arm changes must be there, and keep its range and what a market needs."""
    together = _change_problem(scenario, arm, "", dict(arm.changes))
    if together:
        alone = [
            problem
            for key, value in arm.changes.items()
            if (problem := _change_problem(scenario, arm, f".{key}", {key: value}))
        ]
        yield from alone or [together]


def _change_problem(
    scenario: ScenarioTables, arm: Arm, key: str, changes: dict[str, float]
) -> Problem | None:
    """What is wrong if `arm` changes no more than `changes`, which stand at `key` of its changes."""
    try:
        scenario.arm_rules(arm.model_copy(update={"changes": changes}))
    except ValidationError as error:
        entry = error.errors(include_url=False)[0]
        if "error" not in entry.get("ctx", {}):
            return Problem(f"arms.{arm.name}.changes{key}", shown(entry["input"]), entry["msg"])
        words = str(entry["ctx"]["error"])
    except ValueError as error:
        words = str(error)
    else:
        return None
    found, _, allowed = words.partition("; ")
    return Problem(f"arms.{arm.name}.changes{key}", found, allowed)


def _launches(scenario: ScenarioTables, arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """Every platform must open before the last day."""
    days = scenario.world.days
    for platform in platforms:
        if platform.launch_day >= days:
            yield Problem(
                f"{_key_of(arm, platform)}.launch_day",
                f"platform '{platform.name}' of arm '{arm.name}' opens on day "
                f"{platform.launch_day}, after the end of the run",
                f"a launch_day below world.days ({days})",
            )


def _stakes(arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """An owner's stakes are in rivals that the market has."""
    for platform in platforms:
        rivals = [other.name for other in platforms if other.name != platform.name]
        for name in platform.stakes:
            if name not in rivals:
                yield Problem(
                    f"{_key_of(arm, platform)}.stakes.{name}",
                    f"'{name}', which is no rival of '{platform.name}' in arm '{arm.name}'"
                    f"{nearest(name, rivals)}",
                    f"one of {', '.join(rivals)}" if rivals else "no stakes, as there is no rival",
                )


def _surfaces(scenario: ScenarioTables, arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """What viewers have seen is remembered by a bit a channel, so there are at most 64."""
    policies = scenario.arm_policies(arm)
    many = sum(len(channels_ever_open(platform, policies)) for platform in platforms)
    if many > MOST_SURFACES:
        yield Problem(
            f"arms.{arm.name}",
            f"the platforms of arm '{arm.name}' have {many} channels together",
            f"{MOST_SURFACES} at most, those that policies open included",
        )


def _plugins(scenario: ScenarioTables) -> Iterator[Problem]:
    """Plugins must not have the names of what is ours, and the merchants' rule must exist."""
    rules = scenario.plugins.merchant_rules
    for kind, names, ours in (
        ("channels", scenario.plugins.channels, known_channels()),
        ("merchant_rules", rules, [OUR_RULE]),
    ):
        for name in names:
            if name in ours:
                yield Problem(
                    f"plugins.{kind}.{name}",
                    f"the name '{name}' is taken by one that comes with the project",
                    "another name",
                )
    known = [OUR_RULE, *rules]
    if scenario.merchant_rule not in known:
        yield Problem(
            "merchant_rule",
            f"there is no merchant_rule '{scenario.merchant_rule}'{nearest(scenario.merchant_rule, known)}",
            f"the rules are {', '.join(known)}",
        )


def _spoken_of(scenario: ScenarioTables) -> Iterator[Problem]:
    """Claims and goals must name arms that exist, by name or role."""
    names = {arm.name for arm in scenario.arms} | {arm.role for arm in scenario.arms if arm.role}
    goals = scenario.policy_search.goals if scenario.policy_search else []
    entries: list[tuple[str, str, Any]] = [
        (key, f"claim '{claim.id}'", test) for claim in scenario.claims for key, test in claim.keyed_tests
    ] + [
        (f"policy_search.goals.{number}", f"goal '{goal.measure}'", goal) for number, goal in enumerate(goals)
    ]
    for key, who, entry in entries:
        for part in ("arm", "against"):
            name = getattr(entry, part)
            if name and name not in names:
                yield Problem(
                    f"{key}.{part}",
                    f"{who} names arm '{name}', which does not exist{nearest(name, names)}",
                    f"the arms and roles are {', '.join(sorted(names))}",
                )


def _past(scenario: ScenarioTables) -> Iterator[Problem]:
    """The past that arms share is that of a platform which they have, markets themselves, and which opens."""
    asked, known = scenario.warm_up.platform, {p.name for arm in scenario.arms for p in arm.all_platforms}
    if asked and asked not in known:
        yield Problem("warm_up.platform", f"'{asked}'", f"one of {', '.join(sorted(known))}")
    elif scenario.warm_up.past == SWITCH:
        name = asked or scenario.arms[0].all_platforms[0].name
        for arm in scenario.arms:
            if arm.platforms and name not in [platform.name for platform in arm.platforms]:
                found = f"'{name}', which is not in the market of arm '{arm.name}'"
                yield Problem("warm_up.platform", found, "a platform that every market has")
            elif any(platform.name == name and platform.stays_out for platform in arm.all_platforms):
                found = f"'{name}', which stays out of arm '{arm.name}'"
                yield Problem("warm_up.platform", found, "a platform that opens in every arm that has it")


def _days_left(scenario: ScenarioTables) -> Iterator[Problem]:
    """Days that measures leave out leave some to be counted."""
    left_out, days = scenario.run.warm_up_days, scenario.world.days
    if left_out >= days:
        yield Problem(
            "run.warm_up_days",
            f"{left_out:,}, which leaves none of the {days:,} days to be counted",
            f"a number below world.days ({days:,})",
        )


def _policies(scenario: ScenarioTables) -> Iterator[Problem]:
    """Policies must name arms, platforms and merchants that exist, and not contradict."""
    arms = {arm.name: arm for arm in scenario.arms}
    kinds = list(scenario.merchants.kinds)
    named = [entry.name for entry in scenario.merchants.named_merchants]
    for policy in scenario.policies:
        yield from _unknown(policy, "arms", "arm", policy.arms, list(arms))
        yield from _unknown(policy, "archetypes", "kind of merchant", policy.archetypes, kinds)
        yield from _unknown(policy, "merchants", "merchant", policy.merchants, named)
        for part, rank in (
            ("merchant", policy.merchant),
            ("top", None if policy.top is None else policy.top - 1),
        ):
            if rank is not None and rank >= scenario.world.merchants:
                yield Problem(
                    f"policies.{policy.name}.{part}",
                    f"policy '{policy.name}' removes a merchant that does not exist",
                    f"there are {scenario.world.merchants:,} on the first day, numbered from 0",
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
                    f"policies '{first.name}' and '{second.name}' both remove {whom} at the same time",
                    "drop one of them, or let one end before the other starts",
                )
                break


def _unknown(policy: Policy, part: str, what: str, names: list[str], valid: list[str]) -> Iterator[Problem]:
    for name in names:
        if name not in valid:
            yield Problem(
                f"policies.{policy.name}.{part}",
                f"policy '{policy.name}' names {what} '{name}', which does not exist{nearest(name, valid)}",
                f"one of {', '.join(valid)}" if valid else f"leave out {part}, or give one that name",
            )


def _platform(policy: Policy, arm: Arm, scenario: ScenarioTables) -> Iterator[Problem]:
    """The platform must be one of the arm's, and have a channel that the policy changes."""
    names = [platform.name for platform in arm.all_platforms]
    if policy.platform and policy.platform not in names:
        if policy.arms or not any(
            policy.platform == platform.name for other in scenario.arms for platform in other.all_platforms
        ):  # else it is for all arms that have the platform
            yield from _unknown(policy, "platform", f"platform of arm '{arm.name}'", [policy.platform], names)
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
            f"policy '{policy.name}' changes the channel {quoted} of arm '{arm.name}', which has none",
            f"a platform with a {' or '.join(needs)} channel"
            + (f", or one opened by a policy {openers}" if openers else ""),
        )


def _amounts(scenario: ScenarioTables, arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """Amounts must be such as the platforms can have."""
    for policy in scenario.policies:
        if policy.arms and arm.name not in policy.arms:
            continue
        for platform in platforms:
            refused = EFFECTS[policy.effect].refused(platform, policy.amount or 0.0)
            if refused and policy.platform in ("", platform.name):
                found, allowed = refused
                yield Problem(f"policies.{policy.name}.amount", f"policy '{policy.name}': {found}", allowed)


def _whom(first: Policy, second: Policy) -> str:
    """Whom two policies remove, in words."""
    common = [name for name in first.merchants if name in second.merchants]
    if common:
        return f"merchant '{common[0]}'"
    return f"the merchant of rank {first.top}" if first.top else f"merchant {first.merchant}"


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


def _key_of(arm: Arm, platform: Platform) -> str:
    """Key of a platform of an arm."""
    return f"arms.{arm.name}.platform" if arm.platform else f"arms.{arm.name}.platforms.{platform.name}"
