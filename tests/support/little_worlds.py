"""A little busy world, and agents of a user's own, for tests of what users of Mesa do."""

from __future__ import annotations

from typing import Any

import mesa

from simulation.claims.reading import read_scenario
from simulation.scenario import Scenario
from simulation.world.agents.kinds import Merchant
from tests.support.stated_world import stated

DAYS = 5
ARMS = (
    {"name": "feed", "role": "centralised", "platform": "taobao_live"},
    {"name": "links", "role": "decentralised", "platform": "tencent_live"},
)


def question(**world: Any) -> Scenario:
    """Two arms and a few busy people, with merchants who come later."""
    sizes = {"viewers": 60, "merchants": 6, "days": DAYS, "people_per_viewer": 10.0}
    busy = {
        "shopkeeping": {"arrivals": 50.0},
        "people": {"activity_mean": 5.0},
        "purchase": {"intercept": 0.0},
    }
    return read_scenario(
        {
            "name": "little",
            "title": "Little",
            "article_claims": False,
            "arms": ARMS,
            "world": sizes | world,
            **stated(**busy),
        }
    )


class Regulator(mesa.Agent):
    """An agent of a user's own."""


class Wholesaler(Merchant):
    """A merchant of a user's own."""

    tier = 1
