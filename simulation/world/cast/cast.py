"""The cast of one replication: people, friendships and merchants that all arms share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ...scenario.scenario import Scenario
from ...scenario.tables import Arm
from ...state.columns import FriendshipGraph, StoreColumns
from ...state.luck import replicate_key
from .friends import draw_friendships
from .merchants import PrivateDomains, draw_private_domains, draw_roster
from .named import with_named
from .past import Past
from .viewers import Traits, draw_traits, without_interests

SHARED = ""
"""Key of a past that all arms share."""


@dataclass(frozen=True)
class Cast:
    """Who is in the world, before any arm begins. Never changed by a run.

    `pasts` holds what has gone before by `past_key` of arms; it is empty where worlds begin from nothing.
    """

    key: np.uint64
    traits: Traits
    friendships: FriendshipGraph
    roster: StoreColumns
    private_domains: PrivateDomains
    pasts: Mapping[str, Past] = field(default_factory=dict)

    def past_of(self, arm: Arm) -> Past | None:
        """What has gone before in an arm; None where it begins from nothing."""
        return self.pasts.get(SHARED) or self.pasts.get(past_key(arm))


def past_key(arm: Arm) -> str:
    """What the past of an arm depends on: its platforms. What else an arm changes acts from day 0 on."""
    return "\n".join(platform.model_dump_json() for platform in arm.all_platforms)


def draw_cast(scenario: Scenario, replicate: int = 0) -> Cast:
    """Draw people, friendships and merchants, those with a name last, of replication number `replicate`."""
    key = replicate_key(scenario.run.seed, replicate)
    viewers, isolated = scenario.world.viewers, scenario.world.isolated_viewers
    friendships = draw_friendships(scenario, key)
    traits = draw_traits(scenario.people, scenario.friendships, viewers, scenario.arcs, key)
    without_interests(traits, isolated)
    roster = with_named(scenario, draw_roster(scenario, key), key)
    domains = draw_private_domains(scenario, roster, traits, key)
    return Cast(key, traits, friendships, roster, domains)
