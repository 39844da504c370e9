"""Casts with a past: a part of a template, some days of its own, and then day 0."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ..scenario.reading.read import stored_table
from ..scenario.scenario import Scenario
from ..scenario.sections.platform import Platform
from ..scenario.tables import NO_PAST, SWITCH
from ..state.columns import NEVER, FriendshipGraph
from ..state.luck import decision, replicate_key, uniform
from ..state.ties import empty_ties
from ..world.cast.cast import SHARED, Cast, draw_cast, past_key
from ..world.cast.merchants import blank_stores, draw_private_domains, draw_roster
from ..world.cast.named import with_named
from ..world.cast.past import Past
from ..world.cast.viewers import Traits, draw_traits, without_interests
from .cache import made_template, place_of, template_for
from .cutting import cut_for, cut_friendships, cut_past, cut_traits
from .template import arcs_of_template, joined, past_table, past_world, rows_of, template_scenario

FIRST = decision("warm-up: where worlds are cut from a template")
BURN_IN = decision("warm-up: days before day 0")
DRAWN = (
    "archetype",
    "category",
    "style",
    "neighbourhood",
    "sells_from",
    "sells_to",
    "quality",
    "host_skill",
    "community_skill",
    "price",
    "relative_price",
    "margin",
    "arrival",
    "starting_fans",
    "fanless",
    "streams",
    "usual_hours",
    "relative_hours",
    "products",
    "ad_budget",
    "counter",
    "community_work",
)
"""Columns of stores that a merchant brings along where it has not been before."""


class Beginning(NamedTuple):
    """People and what has gone before, without merchants to come."""

    traits: Traits
    friendships: FriendshipGraph
    past: Past


def warm_cast(scenario: Scenario, replicate: int = 0, threads: int = 1) -> Cast:
    """The cast of replication number `replicate`, with the pasts that `[warm_up]` asks for.

    Without one it is `draw_cast`. Templates are read from the user's folder for caches or made anew.

    Parameters
    ----------
    scenario : Scenario
    replicate : int
    threads : int
        Threads of a world that must be run; results do not depend on it.
    """
    if scenario.warm_up.past == NO_PAST:
        return draw_cast(scenario, replicate)
    key = replicate_key(scenario.run.seed, replicate)
    begun = {
        name: _lived_in(scenario, platforms, _begun(scenario, platforms, replicate, threads), key, threads)
        for name, platforms in platforms_of_pasts(scenario).items()
    }
    pasts = {name: beginning.past for name, beginning in begun.items()}
    return _cast_with(scenario, next(iter(begun.values())), key, pasts)


def platforms_of_pasts(scenario: Scenario) -> dict[str, list[Platform]]:
    """Platforms under which pasts are lived through, by key in `Cast.pasts`; those open on day 0."""
    if scenario.warm_up.past == SWITCH:
        return {SHARED: [reference_platform(scenario)]}
    return {
        past_key(arm): [platform for platform in arm.all_platforms if platform.launch_day == 0]
        for arm in scenario.arms
    }


def reference_platform(scenario: Scenario) -> Platform:
    """The platform of the past that all arms share, open from the first day of it."""
    known = {platform.name: platform for arm in scenario.arms for platform in arm.all_platforms}
    name = scenario.warm_up.platform or next(iter(known))
    return known[name].model_copy(update={"launch_day": 0})


def to_prepare(scenario: Scenario) -> list[Scenario]:
    """Own scenarios of the templates that worlds of `scenario` begin with and that are not there yet, if they
    can be kept."""
    if scenario.warm_up.past == NO_PAST:
        return []
    wanted = [
        template_scenario(scenario, platforms, number)
        for platforms in platforms_of_pasts(scenario).values()
        for number in range(min(templates_of(scenario), scenario.run.replications))
    ]
    missing = {path: own for own in wanted if (path := place_of(own)) and not path.is_file()}
    return list(missing.values())


def prepare(missing: list[Scenario], threads: int, day_done: Callable[[float], None]) -> None:
    """Run templates, so that processes which need them find them; `day_done` is told viewers a day."""
    for own in missing:
        made_template(own, threads, partial(day_done, own.world.viewers))


def templates_of(scenario: Scenario) -> int:
    """Templates among which replications are divided: one, or where the world has one arc one for each
    that `template_arcs` asks for."""
    return scenario.warm_up.template_arcs if scenario.arcs == 1 else 1


def pasts_apart(scenario: Scenario) -> int:
    """Worlds that can begin with pasts which have nobody in common: templates that there are or, where worlds
    are parts of one, as many as lie side by side in it."""
    if scenario.arcs == 1:
        return templates_of(scenario)
    return arcs_of_template(scenario) // scenario.arcs


def _begun(scenario: Scenario, platforms: list[Platform], replicate: int, threads: int) -> Beginning:
    """A world as it is cut from its template, isolated viewers last."""
    template = template_for(scenario, platforms, replicate % templates_of(scenario), threads)
    start = int(uniform(replicate_key(scenario.run.seed, 0), FIRST, 0, 0, 0) * template.arcs)
    cut = cut_for(scenario, template, start + replicate * scenario.arcs)
    cut_out = Beginning(
        cut_traits(template, cut), cut_friendships(template.friendships, cut), cut_past(template, cut)
    )
    return _with_isolated(scenario, cut_out) if scenario.world.isolated_viewers else cut_out


def _with_isolated(scenario: Scenario, begun: Beginning) -> Beginning:
    """Add the viewers without friends, interests and past, who stand last."""
    more, viewers = scenario.world.isolated_viewers, scenario.world.viewers
    key = replicate_key(scenario.run.seed, 0)
    fresh = draw_traits(scenario.people, scenario.friendships, viewers, scenario.arcs, key)
    without_interests(fresh, more)
    traits = joined(begun.traits, rows_of(fresh, slice(-more, None)))
    start = np.concatenate([begun.friendships.start, np.full(more, begun.friendships.start[-1])])
    blank: dict[str, Any] = {
        "fan_ties": 0,
        "last_active": NEVER,
        "seen_on": NEVER,
        "habit": 0.0,
        "satisfied_on": NEVER,
    }
    state = {
        name: np.concatenate([column, np.full((more, *column.shape[1:]), blank[name], column.dtype)])
        for name, column in begun.past.viewers.items()
    }
    none = empty_ties(more, begun.past.ties.store.shape[1])
    past = begun.past._replace(viewers=state, ties=joined(begun.past.ties, none))
    return Beginning(traits, begun.friendships._replace(start=start), past)


def _lived_in(
    scenario: Scenario, platforms: list[Platform], begun: Beginning, key: np.uint64, threads: int
) -> Beginning:
    """The world after some days of its own under the platforms of its past."""
    short = stored_table(past_table(scenario, platforms, scenario.warm_up.burn_in), scenario.name)
    model = past_world(short, _cast_with(short, begun, key ^ BURN_IN, {SHARED: begun.past}), threads)
    return begun._replace(past=model.past())


def _cast_with(scenario: Scenario, begun: Beginning, key: np.uint64, pasts: dict[str, Past]) -> Cast:
    """A cast of those who are there and of the merchants to come, drawn by `key`; those with a name last."""
    past = begun.past
    drawn = draw_roster(scenario, key)
    known = rows_of(past.stores, slice(past.merchants))
    blank = blank_stores(past.merchants)._replace(**{name: getattr(known, name).copy() for name in DRAWN})
    roster = with_named(scenario, joined(blank, rows_of(drawn, drawn.arrival > 0)), key)
    roster.starting_fans[: past.merchants] = 0  # whom they had is among the ties
    domains = draw_private_domains(scenario, roster, begun.traits, key)
    roster.starting_fans[: past.merchants] = known.starting_fans
    return Cast(key, begun.traits, begun.friendships, roster, domains, pasts)
