"""The cast of one replication: people, friendships and merchants that all arms share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...scenario.scenario import Scenario
from ...state.columns import FriendshipGraph, StoreColumns
from ...state.luck import replicate_key
from .friends import draw_friendships
from .merchants import PrivateDomains, draw_private_domains, draw_roster
from .named import with_named
from .viewers import Traits, draw_traits, without_interests


@dataclass(frozen=True)
class Cast:
    """Who is in the world, before any arm begins. Never changed by a run."""

    key: np.uint64
    traits: Traits
    friendships: FriendshipGraph
    roster: StoreColumns
    private_domains: PrivateDomains


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
