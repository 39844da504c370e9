"""What is allowed in a scenario but hardly meant: said by ``check``, and no obstacle to anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import Problem, ScenarioError, nearest
from ..languages.speaking import own as own_title
from ..languages.speaking import sentence
from ..scenario.generated.template import QUESTION, QUESTION_ZH
from ..scenario.reading.read import changed_scenario, refusal
from ..scenario.scenario import Scenario
from ..scenario.sections.platform import CHANNEL_SETTINGS, Platform
from ..scenario.sections.policy import EFFECTS, Policy, channels_ever_open
from ..scenario.sections.sweep import Factor
from ..scenario.tables import NO_PAST, Arm
from ..words import counted
from ..world.cast.numbers import own
from .shops import large_shops, mere_labels

WORDS = {"name", "label", "label_zh", "operator", "colour", "launch", "sources"}
"""Keys of a platform that say what it is called."""
ONLY_IN_MARKETS = {"daily_users", "carry_over", "launch_day"}
SHARED = ("world", "people", "friendships", "merchants", "merchant_rule", "plugins")
"""Sections that act in every arm."""
FEWEST_AGENTS = 30
"""Members of a merchant with a name, in agents, below which chance in single agents decides what it sells."""
NEAR = 0.6
"""Likeness from which one name is taken for another."""


def remarks_on(scenario: Scenario) -> list[Problem]:
    """What is pointed out: where it stands (`key`), what it is (`found`), and what may be meant."""
    found = [
        *_unasked(scenario),
        *_roles(scenario),
        *_platforms_asked(scenario),
        *_margins(scenario),
        *_policies(scenario),
        *_plugins(scenario),
        *_days_seen(scenario),
        *_arms(scenario),
        *_factors(scenario),
        *_goals(scenario),
        *mere_labels(scenario),
        *large_shops(scenario),
        *coarse_merchants(scenario),
        *shared_pasts(scenario),
    ]
    return refusal(scenario, found).problems if found else []


def _unasked(scenario: Scenario) -> Iterator[Problem]:
    """Questions that stand as they were made by `new`."""
    for key, placeholder in (("question", QUESTION), ("question_zh", QUESTION_ZH)):
        if getattr(scenario, key) == placeholder:
            yield Problem(
                key, sentence("still “{placeholder}”", placeholder=placeholder), "your own: it heads the page"
            )


def _roles(scenario: Scenario) -> Iterator[Problem]:
    """Roles that no claim speaks of, but that are spelt nearly as one that some claim does."""
    from ..claims.catalogue import scenario_claims

    spoken_of = {
        name
        for claim in scenario_claims(scenario)
        for _, test in claim.keyed_tests
        for name in (test.arm, test.against)
        if name
    } - {arm.name for arm in scenario.arms}
    for arm in scenario.arms:
        meant = nearest(arm.role, spoken_of, NEAR)
        if arm.role and arm.role not in spoken_of and meant:
            yield Problem(
                f"arms.{arm.name}.role",
                sentence("no claim is about the role '{role}'{meant}", role=arm.role, meant=meant),
                "claims of that role are not tested",
            )


def _platforms_asked(scenario: Scenario) -> Iterator[Problem]:
    """Claims about a platform that an arm lacks: each of the scenario's own, one of the article's."""
    from ..claims.catalogue import scenario_claims, why_not_tested
    from ..claims.of_whom import is_of_another_platform

    own_claims, told = {claim.id for claim in scenario.claims}, set()
    for claim in scenario_claims(scenario):
        key = f"claims.{claim.id}" if claim.id in own_claims else "article_claims"
        reasons = [why_not_tested(scenario, part) for part in claim.each]
        lacking = [reason for reason in reasons if is_of_another_platform(reason)]
        if lacking and key not in told:
            told.add(key)
            yield Problem(
                key,
                lacking[0],
                sentence("“{title}” is not tested as it stands", title=own_title(claim, "title")),
            )


def _margins(scenario: Scenario) -> Iterator[Problem]:
    """Relative margins of more than the whole, which are rather percents."""
    for claim in scenario.claims:
        for key, test in claim.keyed_tests:
            if test.relative and test.margin >= 1:
                yield Problem(
                    f"{key}.margin",
                    sentence("{margin:g} with relative = true is +{margin:.0%}", margin=test.margin),
                    sentence("{margin:g}% is {share:g}", margin=test.margin, share=test.margin / 100),
                )


def _goals(scenario: Scenario) -> Iterator[Problem]:
    """Goals that would have a measure worse."""
    from ..measures import MEASURES
    from ..runs.bounds import base_measure

    for number, goal in enumerate(scenario.policy_search.goals if scenario.policy_search else []):
        measure = MEASURES.get(base_measure(goal.measure))
        if measure and measure.better not in ("", goal.direction):
            yield Problem(
                f"policy_search.goals.{number}.direction",
                sentence(
                    "the goal is a {direction} '{measure}'",
                    direction=sentence(goal.direction),
                    measure=goal.measure,
                ),
                sentence("a {better} one is better for most", better=sentence(measure.better)),
            )


def coarse_merchants(scenario: Scenario) -> Iterator[Problem]:
    """Merchants with a name of whom the world is too coarse to tell: members that are few agents, whose
    dealings are mere luck, and a radius that is less than a neighbourhood."""
    grain = scenario.world.people_per_viewer
    for entry in scenario.merchants.named_merchants:
        members = own(scenario, entry, "members")
        if grain > 1 and 0 < members < FEWEST_AGENTS * grain:
            finer = max(1, int(members / FEWEST_AGENTS))
            yield Problem(
                f"merchants.named.{entry.name}.members",
                sentence(
                    "with {members:,.10g} members it has {agents:.3g} agents at {grain:g} persons an agent",
                    members=members,
                    agents=members / grain,
                    grain=grain,
                ),
                sentence("write world.people_per_viewer = {finer} or fewer", finer=finer)
                if finer > 1
                else sentence("write world.people_per_viewer = {finer}", finer=finer),
            )
        radius, size = own(scenario, entry, "radius"), scenario.friendships.neighbourhood_size
        if 0 < radius < size * grain:
            yield Problem(
                f"merchants.named.{entry.name}.radius",
                sentence(
                    "{radius:,.10g} persons, but it delivers to all of its neighbourhood: {size:,} agents, "
                    "{persons:,.10g} persons",
                    radius=radius,
                    size=size,
                    persons=size * grain,
                ),
                sentence(
                    "write radius = {size:.10g}, a smaller friendships.neighbourhood_size, or fewer "
                    "world.people_per_viewer",
                    size=size * grain,
                ),
            )


def shared_pasts(scenario: Scenario) -> Iterator[Problem]:
    """Replications that begin with the same people, as a template has not arcs enough for all of them."""
    if scenario.warm_up.past == NO_PAST:
        return
    from ..warm_up.beginning import pasts_apart  # which imports the model, as pages of other runs need not

    worlds, arcs = scenario.run.replications, scenario.arcs
    if worlds > max(1, apart := pasts_apart(scenario)):
        yield Problem(
            "warm_up.template_arcs",
            sentence(
                "{worlds} of {arcs} begin with {pasts}, so that intervals are too narrow",
                worlds=counted(worlds, "world"),
                arcs=counted(arcs, "arc"),
                pasts=sentence("{apart:,} pasts with nobody in common", apart=apart)
                if apart > 1
                else sentence("the same people"),
            ),
            sentence("{worlds:,} or more gives each world people of its own", worlds=worlds * arcs),
        )


def _days_seen(scenario: Scenario) -> Iterator[Problem]:
    """Measures of the scenario's own, which see the days that are left out of all others."""
    left_out = scenario.run.warm_up_days
    for name in scenario.plugins.measures if left_out else ():
        yield Problem(
            f"plugins.measures.{name}",
            sentence(
                "a measure of one's own sees all days, the first {days} too", days=counted(left_out, "day")
            ),
            "outcome.counted in its file is the run without them",
        )


def _policies(scenario: Scenario) -> Iterator[Problem]:
    """Policies that never come into force, or that set what is so anyway."""
    varied = _varied(scenario)
    for policy in scenario.policies:
        key = f"policies.{policy.name}"
        if policy.start >= scenario.world.days:
            yield Problem(
                f"{key}.start",
                sentence("it starts on day {start:,}, after the last", start=policy.start),
                sentence("the run ends with day {days:,}", days=scenario.world.days - 1),
            )
            continue
        served = [
            platform
            for arm in scenario.arms
            if not policy.arms or arm.name in policy.arms
            for platform in scenario.arm_rules(arm)[1]
            if policy.platform in ("", platform.name)
        ]
        if f"{key}.amount" not in varied and all(_is_so_anyway(policy, platform) for platform in served):
            yield Problem(
                f"{key}.amount",
                sentence("{effect} is {amount:g} without it", effect=policy.effect, amount=policy.amount),
                "the policy changes nothing",
            )
        asked = EFFECTS[policy.effect].amount
        if asked and asked.unit == "CNY" and 0 < (policy.amount or 0) < 1:
            yield Problem(
                f"{key}.amount",
                sentence("{amount:g} CNY {meaning}", amount=policy.amount, meaning=sentence(asked.meaning)),
                "an amount of 1 CNY or more; no share is meant here",
            )


def _is_so_anyway(policy: Policy, platform: Platform) -> bool:
    """Whether a policy leaves a platform as it is."""
    return bool(EFFECTS[policy.effect].is_so_anyway(platform, policy.amount))


def _plugins(scenario: Scenario) -> Iterator[Problem]:
    """Plugins that nothing uses."""
    varied = _varied(scenario)
    used = {
        name
        for arm in scenario.arms
        for platform in scenario.arm_rules(arm)[1]
        for name, weight in platform.channels.items()
        if weight > 0
    }
    used |= {key.rpartition(".")[2] for key in varied}
    for name in scenario.plugins.channels:
        if name not in used:
            yield Problem(f"plugins.channels.{name}", "no platform's mix has this channel", "it is not used")
    for name in scenario.plugins.merchant_rules:
        if name != scenario.merchant_rule and "merchant_rule" not in varied:
            yield Problem(
                f"plugins.merchant_rules.{name}",
                sentence("merchant_rule is '{merchant_rule}'", merchant_rule=scenario.merchant_rule),
                "it is not used",
            )


def _arms(scenario: Scenario) -> Iterator[Problem]:
    """Arms under which the world is the same as under one before."""
    known: dict[str, str] = {}
    varied = _varied(scenario)
    for arm in scenario.arms:
        same = known.setdefault(repr(what_acts(scenario, arm)), arm.name)
        if same != arm.name and not any(
            key.startswith((f"arms.{arm.name}.", f"arms.{same}.")) for key in varied
        ):
            yield Problem(
                f"arms.{arm.name}",
                sentence("it changes nothing against arm '{same}'", same=same),
                "both run the same worlds",
            )


def _factors(scenario: Scenario) -> Iterator[Problem]:
    """Factors and levers that make no difference to any arm."""
    base = scenario.model_copy(update={"sweep": None, "policy_search": None, "calibration": None})
    sweep, search = scenario.sweep, scenario.policy_search
    for key, factors in (
        ("sweep.factors", sweep.factors if sweep else []),
        ("policy_search.levers", search.levers if search else []),
    ):
        for factor in factors:
            if not _acts(base, factor, [other for other in factors if other is not factor]):
                yield Problem(
                    f"{key}.{factor.key}",
                    "it makes no difference to any arm",
                    "what it changes is overruled, not in force, or only a name",
                )


def _acts(base: Scenario, factor: Factor, others: Iterable[Factor]) -> bool:
    """Whether worlds differ between the ends of a factor: with all others as today, or at an end."""
    rest = [(other.key, _ends(other)) for other in others]
    settings: list[dict[str, Any]] = [{}, *({key: ends[which] for key, ends in rest} for which in (0, -1))]
    for setting in settings:
        try:
            worlds = {
                _all_that_acts(changed_scenario(base, setting | {factor.key: value}))
                for value in _ends(factor)
            }
        except ScenarioError:  # of single points it is told elsewhere
            continue
        if len(worlds) > 1:
            return True
    return False


def _ends(factor: Factor) -> list[Any]:
    if factor.choices:
        return list(factor.choices)
    ends = [end for end in (factor.low, factor.high) if end is not None]
    return [int(end) for end in ends] if factor.whole else list(ends)


def _all_that_acts(scenario: Scenario) -> str:
    shared = scenario.model_dump(include={*SHARED, "warm_up"})
    return repr([shared, scenario.run.seed, *(what_acts(scenario, arm) for arm in scenario.arms)])


def what_acts(scenario: Scenario, arm: Arm) -> list[Any]:
    """Everything that sets the worlds of an arm apart from those of others, as far as is plain to see."""
    sections, platforms = scenario.arm_rules(arm)
    policies = scenario.arm_policies(arm)
    several = len(platforms) > 1
    behaviour = {
        name: section.model_dump() for name, section in sections.items() if several or name != "market"
    }
    acting = [
        policy.model_dump(exclude={"name", "label", "label_zh", "arms", "platform"})
        | {
            "on": [
                number for number, platform in enumerate(platforms) if policy.platform in ("", platform.name)
            ]
        }
        for policy in policies
        if not all(_is_so_anyway(policy, platform) for platform in platforms)
    ]
    return [behaviour, acting, [_of_platform(platform, policies, several) for platform in platforms]]


def _of_platform(platform: Platform, policies: list[Policy], several: bool) -> dict[str, Any]:
    open_channels = channels_ever_open(platform, policies)
    idle = {name for name, channel in CHANNEL_SETTINGS.items() if channel not in open_channels}
    table = platform.model_dump(exclude=WORDS | idle | (set() if several else ONLY_IN_MARKETS))
    table["channels"] = {name: weight for name, weight in platform.channels.items() if name in open_channels}
    return table


def _varied(scenario: Scenario) -> set[str]:
    """Keys that a sweep or search varies."""
    sweep, search = scenario.sweep, scenario.policy_search
    factors = [*(sweep.factors if sweep else []), *(search.levers if search else [])]
    return {factor.key for factor in factors} | {key for row in (sweep.rows if sweep else []) for key in row}
