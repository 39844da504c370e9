"""What a world holds, for whatever looks at it or acts on it below the model that runs it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

import mesa
import numpy as np

from ..scenario.scenario import Scenario
from ..state.columns import FriendshipGraph, StoreColumns, ViewerColumns
from ..state.ledger import Ledger
from ..state.rule_numbers import Rules
from ..state.ties import Ties
from ..state.world import World
from .cast.cast import Cast
from .marketplace import Marketplace
from .threads import Shards


class ViewersByRow(Protocol):
    """Viewers' agents, made when they are asked for."""

    def __len__(self) -> int: ...

    def at(self, row: int) -> Any:
        """The agent of `row`."""


class WorldState(mesa.Model):
    """Columns, counts and settings of one world; the model, which knows all rules, is derived from it.

    Attributes
    ----------
    settings : Scenario
        The question.
    cast : Cast
        People and merchants before the first day.
    day, days, merchant_count : int
        Days that have passed, days in all, and merchants that may ever arrive.
    newcomer_days : int
        Days for which a merchant counts as a newcomer.
    people_per_viewer : float
        Persons for whom a viewer stands.
    daily_cost : float array, shape (archetypes,)
        Usual costs of a day in business, in fen.
    registered : dict of int to mesa.Agent
        Agents registered with Mesa by number.
    """

    settings: Scenario
    cast: Cast
    day: int
    days: int
    merchant_count: int
    key: np.uint64
    rules: Rules
    newcomer_days: int
    people_per_viewer: float
    daily_cost: np.ndarray
    marketplace: Marketplace
    viewers: ViewerColumns
    stores: StoreColumns
    friendships: FriendshipGraph
    ties: Ties
    ledger: Ledger
    world: World
    shards: Shards
    registered: dict[int, mesa.Agent]
    _viewer_agents: ViewersByRow

    @cached_property
    def archetypes(self) -> list[str]:
        """Kinds of merchant, in the order of their codes."""
        return list(self.settings.merchants.kinds)
