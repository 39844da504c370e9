"""Templates: worlds that have run one long past under one platform or market, kept as arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..scenario.identity import as_table
from ..scenario.reading.read import stored_table
from ..scenario.scenario import Scenario
from ..scenario.sections.platform import Platform
from ..state.columns import FriendshipGraph
from ..state.luck import replicate_key
from ..world.cast.cast import Cast, draw_cast
from ..world.cast.past import Past
from ..world.cast.viewers import Traits
from ..world.model import LiveCommerceModel

PAST_ARM = "past"


class Template(NamedTuple):
    """A world at the end of its past."""

    traits: Traits
    friendships: FriendshipGraph
    past: Past
    arcs: int


def arcs_of_template(scenario: Scenario) -> int:
    """Arcs of a template: one where the world has one, since all mix there; else as many as are wanted."""
    return 1 if scenario.arcs == 1 else max(2, scenario.warm_up.template_arcs)


def template_scenario(scenario: Scenario, platforms: list[Platform], number: int) -> Scenario:
    """The question whose world a template is: the same people, rules and goods, for the days of the past.

    As many viewers and merchants an arc as in `scenario`, whole neighbourhoods, no policies, and only the
    platforms that are open on day 0. Templates of another `number` have another seed; see `template_seed`.
    """
    world, arcs = scenario.world, arcs_of_template(scenario)
    social, size = world.social_viewers, scenario.friendships.neighbourhood_size
    viewers = social if arcs == 1 else max(1, round(arcs * social / scenario.arcs / size)) * size
    merchants = max(1, round(arcs * world.merchants / scenario.arcs)) if world.merchants else 0
    niches = arcs * scenario.people.categories
    table = past_table(scenario, platforms, scenario.warm_up.days)
    table["run"]["seed"] = template_seed(scenario.run.seed, number)
    table["world"] |= {
        "viewers": viewers,
        "merchants": merchants,
        "isolated_viewers": 0,
        "merchants_per_niche": max(1.0, merchants / niches) if merchants else world.merchants_per_niche,
    }
    return stored_table(table, scenario.name)


def template_seed(seed: int, number: int) -> int:
    """Seed of the template of that number: the run's own for the first, else a hash of both (31 bits).

    Runs whose seeds lie side by side are independent samples, so that none may have a template of another's.
    """
    return int(replicate_key(seed, number)) % 2**31 if number else seed


def past_table(scenario: Scenario, platforms: list[Platform], days: int) -> dict[str, Any]:
    """Tables of a scenario of one arm in which nothing but `days` under `platforms` happens.

    Without policies, changes and merchants with a name, which all come on day 0 or later.
    """
    there = [platform.model_dump(mode="json", exclude_none=True) for platform in platforms]
    arm = {"name": PAST_ARM} | ({"platform": there[0]} if len(there) == 1 else {"platforms": there})
    table = as_table(scenario) | {"arms": [arm], "policies": [], "claims": [], "article_claims": False}
    for part in ("warm_up", "sweep", "policy_search", "calibration"):
        table.pop(part, None)
    table["merchants"].pop("named", None)
    table["run"] = {"seed": scenario.run.seed, "replications": 1}
    table["world"]["days"] = days
    return table


def nothing() -> None:
    """Called after each day where nobody wants to be told of it."""


def run_template(scenario: Scenario, threads: int = 1, day_done: Callable[[], None] = nothing) -> Template:
    """Live through the past of a template's own scenario; see `template_scenario`."""
    model = past_world(scenario, draw_cast(scenario), threads, day_done)
    return Template(model.cast.traits, model.friendships, model.past(), scenario.arcs)


def past_world(
    scenario: Scenario, cast: Cast, threads: int, day_done: Callable[[], None] = nothing
) -> LiveCommerceModel:
    """The only arm of a scenario after its last day."""
    model = LiveCommerceModel(scenario, scenario.arms[0], cast, threads)
    for _ in range(model.days):
        model.step()
        day_done()
    model.close()
    return model


def rows_of(columns: Any, rows: Any) -> Any:
    """Some rows of a named tuple of columns."""
    return type(columns)(*(column[rows] for column in columns))


def joined(columns: Any, more: Any) -> Any:
    """A named tuple of columns with more rows, which stand last."""
    return type(columns)(*(np.concatenate(both) for both in zip(columns, more, strict=True)))


def on_the_circle(difference: np.ndarray, around: float) -> np.ndarray:
    """Signed way along a circle, the shorter one: from ``-around / 2`` to ``around / 2``."""
    return (difference + around / 2) % around - around / 2
