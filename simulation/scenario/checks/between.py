"""Checks of a scenario that look at several of its sections at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from ...errors import Problem, nearest, shown
from ...languages.speaking import sentence
from ..fields import doubled
from ..labels import label_problems
from ..sections.merchants import Archetype, NamedMerchant
from ..sections.platform import Platform, known_channels
from ..sections.policy import channels_ever_open
from ..tables import SWITCH, Arm, ScenarioTables
from .policies import amount_problems, policy_problems

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
    yield from policy_problems(scenario)
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
            yield from amount_problems(scenario, arm, platforms)


def _doubled(what: str, names: list[str]) -> Iterator[Problem]:
    if twice := doubled(names):
        whose = "merchants" if what == "merchants.named" else what
        yield Problem(
            what,
            sentence("{whose} named twice: {twice}", whose=whose, twice=", ".join(twice)),
            "a different name for each",
        )


def _named_merchants(scenario: ScenarioTables) -> Iterator[Problem]:
    """Merchants with a name must be of a kind and category that exist, come in time, and find members."""
    kinds, categories, days = scenario.merchants.kinds, scenario.people.categories, scenario.world.days
    yield from _radii(scenario)
    for entry in scenario.merchants.named_merchants:
        key = f"merchants.named.{entry.name}"
        if entry.kind not in kinds:
            yield Problem(
                f"{key}.kind",
                sentence(
                    "there is no kind of merchant '{kind}'{near}",
                    kind=entry.kind,
                    near=nearest(entry.kind, kinds),
                ),
                sentence("one of {kinds}", kinds=", ".join(kinds)),
            )
        elif problem := _too_many_members(scenario, entry, kinds[entry.kind]):
            yield problem
        if entry.category is not None and entry.category >= categories:
            yield Problem(
                f"{key}.category",
                sentence("there is no category {category}", category=entry.category),
                sentence(
                    "a category from 0 to {categories}, as people.categories is {categories_2}",
                    categories=categories - 1,
                    categories_2=categories,
                ),
            )
        if entry.arrival_day >= days:
            yield Problem(
                f"{key}.arrival_day",
                sentence(
                    "it comes on day {arrival_day:,}, after the end of the run", arrival_day=entry.arrival_day
                ),
                sentence("a day below world.days ({days:,})", days=days),
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
                sentence("{radius:,.10g} persons around a merchant that has no place", radius=radius),
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
        sentence("a neighbourhood (friendships.neighbourhood_size)")
        if local
        else sentence("{share:.0%} of all who have friends (merchants.largest_private_domain)", share=share)
    )
    return Problem(
        f"merchants.named.{entry.name}.members",
        sentence(
            "{members:,.10g} persons, but {where} holds {most:,.10g} "
            "at {people_per_viewer:g} persons an agent",
            members=members,
            where=where,
            most=most,
            people_per_viewer=world.people_per_viewer,
        ),
        sentence("members = {most} or fewer", most=f"{most:,.0f}".replace(",", "_")),
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
                sentence(
                    "platform '{name}' of arm '{name_2}' opens on day {launch_day}, after the end of the run",
                    name=platform.name,
                    name_2=arm.name,
                    launch_day=platform.launch_day,
                ),
                sentence("a launch_day below world.days ({days})", days=days),
            )


def _stakes(arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """An owner's stakes are in rivals that the market has."""
    for platform in platforms:
        rivals = [other.name for other in platforms if other.name != platform.name]
        for name in platform.stakes:
            if name not in rivals:
                yield Problem(
                    f"{_key_of(arm, platform)}.stakes.{name}",
                    sentence(
                        "'{name}', which is no rival of '{name_2}' in arm '{name_3}'{near}",
                        name=name,
                        name_2=platform.name,
                        name_3=arm.name,
                        near=nearest(name, rivals),
                    ),
                    sentence("one of {rivals}", rivals=", ".join(rivals))
                    if rivals
                    else "no stakes, as there is no rival",
                )


def _surfaces(scenario: ScenarioTables, arm: Arm, platforms: list[Platform]) -> Iterator[Problem]:
    """What viewers have seen is remembered by a bit a channel, so there are at most 64."""
    policies = scenario.arm_policies(arm)
    many = sum(len(channels_ever_open(platform, policies)) for platform in platforms)
    if many > MOST_SURFACES:
        yield Problem(
            f"arms.{arm.name}",
            sentence("the platforms of arm '{name}' have {many} channels together", name=arm.name, many=many),
            sentence(
                "{most_surfaces} at most, those that policies open included", most_surfaces=MOST_SURFACES
            ),
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
                    sentence("the name '{name}' is taken by one that comes with the project", name=name),
                    "another name",
                )
    known = [OUR_RULE, *rules]
    if scenario.merchant_rule not in known:
        yield Problem(
            "merchant_rule",
            sentence(
                "there is no merchant_rule '{merchant_rule}'{near}",
                merchant_rule=scenario.merchant_rule,
                near=nearest(scenario.merchant_rule, known),
            ),
            sentence("the rules are {known}", known=", ".join(known)),
        )


def _spoken_of(scenario: ScenarioTables) -> Iterator[Problem]:
    """Claims and goals must name arms that exist, by name or role."""
    names = {arm.name for arm in scenario.arms} | {arm.role for arm in scenario.arms if arm.role}
    goals = scenario.policy_search.goals if scenario.policy_search else []
    entries: list[tuple[str, str, Any]] = [
        (key, sentence("claim '{id}'", id=claim.id), test)
        for claim in scenario.claims
        for key, test in claim.keyed_tests
    ] + [
        (f"policy_search.goals.{number}", sentence("goal '{measure}'", measure=goal.measure), goal)
        for number, goal in enumerate(goals)
    ]
    for key, who, entry in entries:
        for part in ("arm", "against"):
            name = getattr(entry, part)
            if name and name not in names:
                yield Problem(
                    f"{key}.{part}",
                    sentence(
                        "{who} names arm '{name}', which does not exist{near}",
                        who=who,
                        name=name,
                        near=nearest(name, names),
                    ),
                    sentence("the arms and roles are {names}", names=", ".join(sorted(names))),
                )


def _past(scenario: ScenarioTables) -> Iterator[Problem]:
    """The past that arms share is that of a platform which they have, markets themselves, and which opens."""
    asked, known = scenario.warm_up.platform, {p.name for arm in scenario.arms for p in arm.all_platforms}
    if asked and asked not in known:
        yield Problem(
            "warm_up.platform", f"'{asked}'", sentence("one of {known}", known=", ".join(sorted(known)))
        )
    elif scenario.warm_up.past == SWITCH:
        name = asked or scenario.arms[0].all_platforms[0].name
        for arm in scenario.arms:
            if arm.platforms and name not in [platform.name for platform in arm.platforms]:
                found = sentence(
                    "'{name}', which is not in the market of arm '{name_2}'", name=name, name_2=arm.name
                )
                yield Problem("warm_up.platform", found, "a platform that every market has")
            elif any(platform.name == name and platform.stays_out for platform in arm.all_platforms):
                found = sentence("'{name}', which stays out of arm '{name_2}'", name=name, name_2=arm.name)
                yield Problem("warm_up.platform", found, "a platform that opens in every arm that has it")


def _days_left(scenario: ScenarioTables) -> Iterator[Problem]:
    """Days that measures leave out leave some to be counted."""
    left_out, days = scenario.run.warm_up_days, scenario.world.days
    if left_out >= days:
        yield Problem(
            "run.warm_up_days",
            sentence(
                "{left_out:,}, which leaves none of the {days:,} days to be counted",
                left_out=left_out,
                days=days,
            ),
            sentence("a number below world.days ({days:,})", days=days),
        )


def _key_of(arm: Arm, platform: Platform) -> str:
    """Key of a platform of an arm."""
    return f"arms.{arm.name}.platform" if arm.platform else f"arms.{arm.name}.platforms.{platform.name}"
