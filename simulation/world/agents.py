"""Mesa agents: merchants as ordinary agents, viewers as views onto rows of columns.

A viewer's agent is made when somebody asks for it and kept from then on, so that asking twice
gives the same object; its class is `Fan` while it follows any merchant and `CasualViewer` while it
does not. Attributes are read from and written to the columns: kernels and agents see one state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import mesa
import numpy as np

from ..state.columns import CLOSED, MerchantColumns, ViewerColumns
from ..state.ties import EMPTY, SUBSCRIBED

if TYPE_CHECKING:
    from .model import LiveCommerceModel


class RowAgent(mesa.Agent):
    """An agent whose attributes live in one row of the model's columns.

    `columns` names the model's attribute that holds the columns, `fields` their names.
    """

    columns: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]

    model: LiveCommerceModel
    row: int

    def __getattr__(self, name: str) -> Any:
        kind = type(self)
        if name in kind.fields:
            value = getattr(getattr(self.model, kind.columns), name)[self.row]
            return value.item() if isinstance(value, np.generic) else value
        raise AttributeError(f"'{kind.__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        kind = type(self)
        if name in kind.fields:
            getattr(getattr(self.model, kind.columns), name)[self.row] = value
        else:
            object.__setattr__(self, name, value)


class Merchant(RowAgent):
    """A merchant, made on the day it opens and kept after it closes.

    Attributes are the fields of `state.columns.MerchantColumns`, money in fen; on several platforms
    they are those of the merchant's first store, and `stores` has the others.
    """

    columns = "merchants"
    fields = MerchantColumns._fields

    def __init__(self, model: LiveCommerceModel, row: int):
        self.row = row
        super().__init__(model)
        self.unique_id = model.settings.world.viewers + row % model.many + 1

    @property
    def stores(self) -> dict[str, Store]:
        """The merchant's store on each platform, by the platform's name, open or not."""
        number, many = self.row % self.model.many, self.model.many
        return {
            platform.name: Store(self.model, place * many + number)
            for place, platform in enumerate(self.model.marketplace.platforms)
        }

    def remove(self) -> None:
        """Close the shop for good, on all platforms, and take it out of the model's agents."""
        self.model.merchants.status[self.row % self.model.many :: self.model.many] = CLOSED
        self.model.merchant_agents.pop(self.row, None)
        super().remove()

    @property
    def kind(self) -> str:
        """Name of the archetype."""
        return list(self.model.settings.merchants.archetypes.by_name())[self.archetype]


class Store(RowAgent):
    """A merchant on one platform: a view onto its row, no agent of its own."""

    columns = "merchants"
    fields = MerchantColumns._fields

    def __init__(self, model: LiveCommerceModel, row: int):
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)


class Viewer(RowAgent):
    """A viewer; made lazily by `ViewerAgents`.

    Attributes are the fields of `state.columns.ViewerColumns`.
    """

    columns = "viewers"
    fields = ViewerColumns._fields

    def __init__(self, model: LiveCommerceModel, row: int):
        # Registering with Mesa would make a dictionary of millions; the column set serves instead.
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)
        object.__setattr__(self, "unique_id", row + 1)
        object.__setattr__(self, "pos", None)

    @property
    def friends(self) -> list[Viewer]:
        """Friends, in the order of their numbers."""
        start, friend = self.model.friendships.start, self.model.friendships.friend
        rows = friend[start[self.row] : start[self.row + 1]]
        return [self.model._viewer_agents.at(int(row)) for row in sorted(rows)]

    @property
    def follows(self) -> list[Merchant]:
        """Merchants that the viewer follows, on whatever platform."""
        ties, many, homes = self.model.ties, self.model.many, self.model.locations.homes
        held = (ties.merchant[self.row] != EMPTY) & (ties.flags[self.row] & SUBSCRIBED > 0)
        numbers = dict.fromkeys(int(row) % many for row in ties.merchant[self.row][held])
        agents = self.model.merchant_agents
        rows = [int(homes[number] * many + number) for number in numbers]
        return [agents[row] for row in rows if row in agents]

    def remove(self) -> None:
        """Viewers stay for the whole run."""
        raise TypeError("viewers cannot be removed; set 'activity' to 0 to keep one from watching")


class Fan(Viewer):
    """A viewer who follows at least one merchant."""


class CasualViewer(Viewer):
    """A viewer who follows nobody."""


class ViewerAgents:
    """All viewers as agents, made lazily."""

    def __init__(self, model: LiveCommerceModel):
        self.model = model
        self._made: dict[int, Viewer] = {}

    def __len__(self) -> int:
        return len(self.model.viewers.taste)

    def at(self, row: int) -> Viewer:
        """The agent of `row`, of the class that it has now."""
        kind = Fan if self.model.viewers.fan_ties[row] > 0 else CasualViewer
        agent = self._made.get(row)
        if agent is None:
            agent = self._made[row] = kind(self.model, row)
        elif type(agent) is not kind:
            agent.__class__ = kind
        return agent
