"""Random scenarios drawn from the declared ranges of all parameters, so that new ones are covered."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from simulation.claims.reading import check_table
from simulation.scenario import RULES, Scenario
from simulation.scenario.sections.channels import Feed, GroupBuy, HotList, Paid, Search
from simulation.scenario.sections.merchants import Archetype, Merchants
from simulation.scenario.sections.people import Friendships, People
from simulation.scenario.sections.platform import Platform, known_channels
from simulation.scenario.sections.policy import EFFECTS
from tests.support.worlds import KINDS

SENSIBLE_HIGHEST = 10_000.0
"""Largest value drawn of any parameter whose declared range goes beyond it."""

SMALLER = {"neighbourhood_size": 300, "local_ties": 40, "long_ties": 40.0, "arrivals": 100.0}
"""Where a smaller largest value keeps worlds small enough to run many of them."""


def values_of_field(name: str, field: FieldInfo) -> st.SearchStrategy[Any]:
    """Values of one parameter within its declared range, both ends included."""
    if field.annotation is bool:
        return st.booleans()
    low = next((rule.ge for rule in field.metadata if hasattr(rule, "ge")), 0)
    high = next((rule.le for rule in field.metadata if hasattr(rule, "le")), SENSIBLE_HIGHEST)
    high = min(high, SMALLER.get(name, SENSIBLE_HIGHEST))
    if field.annotation is int:
        return st.integers(int(low), int(high))
    ends = st.sampled_from([float(low), float(high)])
    return st.floats(float(low), float(high), allow_subnormal=False) | ends


def is_number(field: FieldInfo) -> bool:
    """Whether a field is one parameter rather than a table, a text or a date."""
    return field.annotation in (int, float, bool)


@st.composite
def changed_parameters(draw: st.DrawFn, section: type[BaseModel]) -> dict[str, Any]:
    """Some parameters of `section` (all, few or none) at random values."""
    fields = {name: field for name, field in section.model_fields.items() if is_number(field)}
    names = draw(st.sets(st.sampled_from(sorted(fields))))
    return {name: draw(values_of_field(name, fields[name])) for name in sorted(names)}


@st.composite
def platforms(draw: st.DrawFn) -> dict[str, Any]:
    """A platform with any mix of channels."""
    channels = draw(
        st.dictionaries(st.sampled_from(known_channels()), st.sampled_from([1e-3, 0.2, 1.0, 5.0]), min_size=1)
    )
    feed = draw(changed_parameters(Feed))
    taken = feed.get("exploration", 0.10) + feed.get("cold_start_quota", 0.05)
    if taken > 1:
        feed = {name: value for name, value in feed.items() if name != "exploration"}
        feed["cold_start_quota"] = min(feed.get("cold_start_quota", 0.05), 0.9)
    numbers = draw(changed_parameters(Platform))
    sections = {"hot_list": HotList, "search": Search, "paid": Paid, "group_buy": GroupBuy}
    drawn = {name: draw(changed_parameters(section)) for name, section in sections.items()}
    return {
        "name": "drawn",
        "label": "Drawn",
        "channels": channels,
        "feed": feed,
        **drawn,
        **numbers,
        "launch_day": 0,
        "stays_out": False,
    }


@st.composite
def markets(draw: st.DrawFn, days: int) -> list[dict[str, Any]]:
    """One to three platforms, all but the first launched on any day."""
    found = draw(st.lists(platforms(), min_size=1, max_size=3))
    for number, platform in enumerate(found):
        platform["name"] = f"drawn_{number}"
        platform["daily_users"] = draw(st.sampled_from([1.0, 1e6, 1e9]))
        platform["launch_day"] = draw(st.integers(0, days - 1)) if number else 0
        platform["stays_out"] = bool(number) and draw(st.booleans())
    return found


@st.composite
def policies(draw: st.DrawFn, days: int, merchants: int, served: list[dict[str, Any]]) -> list[Any]:
    """Up to four policies on any days; at most one removes a merchant."""
    allowed = [
        effect
        for effect in EFFECTS
        if effect != "cold_start_quota" and (merchants or not EFFECTS[effect].for_one)
    ]
    found = []
    for number in range(draw(st.integers(0, 4))):
        effect = draw(st.sampled_from(allowed))
        start = draw(st.integers(0, days + 2))
        policy: dict[str, Any] = {
            "name": f"policy_{number}",
            "effect": effect,
            "start": start,
            "platform": draw(st.sampled_from(["", *(platform["name"] for platform in served)])),
        }
        if draw(st.booleans()):
            policy["end"] = start + draw(st.integers(1, days))
        meant = EFFECTS[effect].amount
        if meant is None:
            rank = draw(st.integers(1, merchants))
            policy |= draw(st.sampled_from([{"merchant": rank - 1}, {"top": rank}]))
            allowed.remove(effect)
        else:
            low, high = meant.low, meant.high
            policy["amount"] = draw(st.sampled_from([low, min(high, 5.0), min(high, 0.3)]))
        if EFFECTS[effect].for_some:
            policy["above_fans"] = draw(st.sampled_from([0.0, 1.0, 500.0]))
            policy["newcomers"] = draw(st.booleans())
        found.append(policy)
    return found


@st.composite
def archetypes(draw: st.DrawFn) -> dict[str, Any]:
    """One, some or all archetypes changed."""
    changed = draw(st.sets(st.sampled_from(KINDS)))
    found = {}
    for kind in sorted(changed):
        parameters = draw(changed_parameters(Archetype))
        parameters.pop("share", None)
        defaults = Scenario.model_fields["merchants"].get_default(call_default_factory=True)
        found[kind] = getattr(defaults.archetypes, kind).model_dump() | parameters
        if not found[kind]["local"]:
            found[kind]["radius"] = 0.0
    return found


@st.composite
def named_merchants(draw: st.DrawFn, table: dict[str, Any]) -> list[dict[str, Any]]:
    """Up to two merchants with a name in the world of `table`, with at most the members that it may hold."""
    world, categories = table["world"], table["people"].get("categories", 8)
    among = min(
        world["viewers"] - world["isolated_viewers"], table["friendships"].get("neighbourhood_size", 150)
    )
    most = among * table["merchants"].get("largest_private_domain", 0.25) * world["people_per_viewer"]
    return [
        {
            "name": f"named_{number}",
            "kind": draw(st.sampled_from(KINDS)),
            "category": draw(st.integers(0, categories - 1)),
            "arrival_day": draw(st.integers(0, world["days"] - 1)),
            "members": draw(st.sampled_from([0.0, 0.5, 1.0])) * most,
            "local": (local := draw(st.booleans())),
            "radius": draw(st.sampled_from([0.0, 1.0, most])) if local else 0.0,
            "price": draw(st.sampled_from([0.01, 30.0])),
        }
        for number in range(draw(st.integers(0, 2)))
    ]


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    """Section ``people`` whose memory outlasts a day."""
    section = draw(changed_parameters(People))
    occasions = section.get("max_occasions", 6)
    if section.get("remembered_rooms", 12) <= occasions:
        section["remembered_rooms"] = occasions + 1
    return section


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A whole scenario with one arm: a platform, or a market of several, and policies."""
    viewers, shops, days = draw(st.integers(1, 200)), draw(st.integers(0, 20)), draw(st.integers(1, 15))
    served = draw(markets(days))
    table: dict[str, Any] = {
        "name": "drawn",
        "title": "Drawn",
        "world": {
            "viewers": viewers,
            "merchants": shops,
            "days": days,
            "merchants_per_niche": draw(st.sampled_from([1.0, 1.5, 12.5, 1e6])),
            "people_per_viewer": draw(st.sampled_from([1.0, 2.5, 20.0, 1000.0])),
            "isolated_viewers": draw(st.just(0) | st.integers(0, viewers)),
        },
        "run": {"seed": draw(st.integers(0, 2**63 - 1))},
        "people": draw(people()),
        "friendships": draw(changed_parameters(Friendships)),
        "merchants": draw(changed_parameters(Merchants)) | {"archetypes": draw(archetypes())},
        "arms": [{"name": "drawn", "platforms": served}],
        "policies": draw(policies(days, shops, served)),
    }
    table["merchants"]["named"] = draw(named_merchants(table))
    for name in RULES:
        section = Scenario.model_fields[name].annotation
        table[name] = draw(changed_parameters(section))
    return check_table(table, "drawn")
