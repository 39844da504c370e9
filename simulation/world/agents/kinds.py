"""Mesa agents: merchants as ordinary agents, viewers as views onto rows of columns.

A viewer's agent is made when somebody asks for it and kept from then on, so that asking twice
gives the same object; its class is `Fan` while it follows any merchant and `CasualViewer` while it
does not. Attributes are read from and written to the columns: kernels and agents see one state. Columns
hold money in fen, agents tell it in CNY.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import mesa
import numpy as np

from ...state.columns import CLOSED, FEN, MONEY, NEVER_REVIEWED, STATUSES, StoreColumns, ViewerColumns
from ...state.ties import EMPTY, SUBSCRIBED
from ...words import counted
from ..world_state import WorldState


class RowAgent(mesa.Agent):
    """An agent whose attributes live in one row of the model's columns.

    `columns` names the model's attribute that holds the columns, `fields` their names, and `money` those
    that hold fen, which the agent's attributes tell and take in CNY.
    """

    columns: ClassVar[str]
    fields: ClassVar[tuple[str, ...]]
    money: ClassVar[tuple[str, ...]] = ()

    model: WorldState
    row: int

    def __getattr__(self, name: str) -> Any:
        kind = type(self)
        if name in kind.fields:
            value = getattr(getattr(self.model, kind.columns), name)[self.row]
            if name in kind.money:
                return in_cny(value)
            return value.item() if isinstance(value, np.generic) else value
        raise AttributeError(f"'{kind.__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        kind = type(self)
        if name in kind.fields:
            column = getattr(getattr(self.model, kind.columns), name)
            column[self.row] = in_fen(value, column.dtype) if name in kind.money else value
        else:
            object.__setattr__(self, name, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *type(self).fields]


def in_cny(fen: Any) -> float:
    """An amount of a column in CNY; NaN for a profit that there has not been yet."""
    return math.nan if fen == NEVER_REVIEWED else float(fen) / FEN


def in_fen(cny: float, dtype: np.dtype) -> float | int:
    """The same the other way, rounded to whole fen where the column holds these."""
    if not np.issubdtype(dtype, np.integer):
        return cny * FEN
    return NEVER_REVIEWED if math.isnan(cny) else round(cny * FEN)


class Merchant(RowAgent):
    """A merchant, made on the day it opens and kept after it closes.

    Attributes are the fields of `state.columns.StoreColumns`, with money in CNY: `price`, `cash`,
    `profit` (since arrival), `review_profit` (since the last review), `last_profit` (between the last two,
    NaN before), `ad_budget` (a day), `ad_earned` and `ad_result`. `fans` are counted in viewers. On several
    platforms attributes are those of the merchant's first store, and `stores` has the others.

    Parameters
    ----------
    model : WorldState
        The world.
    row : int
        Row of the merchant's first store. An agent of a class of your own takes the place of the one that
        the model has made, or will make on the day on which the merchant opens.
    """

    columns = "stores"
    fields = StoreColumns._fields
    money = MONEY

    def __init__(self, model: WorldState, row: int):
        rows = len(model.stores.status)
        if not 0 <= row < rows:
            raise ValueError(
                f"there is no row {row} of merchants: they are 0 to {rows - 1}"
                if rows
                else f"there is no row {row} of merchants: the world has none"
            )
        self.row = int(row)
        super().__init__(model)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.number}: {self.kind}, {_shop_in_words(self)}>"

    @property
    def number(self) -> int:
        """The merchant's number in results, line lists and ``inspect``, from 0."""
        return self.row % self.model.merchant_count

    @property
    def stores(self) -> dict[str, Store]:
        """The merchant's store on each platform, by the platform's name, open or not."""
        number, many = self.number, self.model.merchant_count
        return {
            platform.name: Store(self.model, place * many + number)
            for place, platform in enumerate(self.model.marketplace.platforms)
        }

    def remove(self) -> None:
        """Close the shop for good, on all platforms, and take it out of the model's agents."""
        if self.model.registered.get(self.number) is self:
            self.model.stores.status[self.number :: self.model.merchant_count] = CLOSED
        super().remove()

    @property
    def kind(self) -> str:
        """Name of the archetype."""
        return self.model.archetypes[self.archetype]


class Store(RowAgent):
    """A merchant on one platform: a view onto its row, no agent of its own. Money is in CNY."""

    columns = "stores"
    fields = StoreColumns._fields
    money = MONEY

    def __init__(self, model: WorldState, row: int):
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)

    def __repr__(self) -> str:
        platform = self.model.marketplace.platforms[self.platform].name
        number = self.row % self.model.merchant_count
        return f"<Store of merchant {number} on {platform}: {_shop_in_words(self)}>"


def _shop_in_words(shop: Merchant | Store) -> str:
    return (
        f"{STATUSES[shop.status]}, {shop.fans:,} viewers follow it, "
        f"profit {shop.profit:,.2f} CNY, cash {shop.cash:,.2f} CNY"
    )


class Viewer(RowAgent):
    """A viewer; made lazily by `ViewerAgents`, and by nobody else.

    Attributes are the fields of `state.columns.ViewerColumns`.
    """

    columns = "viewers"
    fields = ViewerColumns._fields

    def __init__(self, *args: Any, **kwargs: Any):
        raise TypeError(
            "viewers are made by the model, as many as world.viewers, and are Fan or CasualViewer by whom "
            "they follow; look them up in model.agents, or derive an agent of your own from mesa.Agent"
        )

    def __repr__(self) -> str:
        followed = f"follows {counted(self.fan_ties, 'merchant')}" if self.fan_ties else "follows nobody"
        last = f"last visit on day {self.last_active}" if self.last_active >= 0 else "no visit yet"
        return f"<{type(self).__name__} {self.row}: {followed}, {last}>"

    @property
    def friends(self) -> list[Viewer]:
        """Friends, in the order of their numbers."""
        start, friend = self.model.friendships.start, self.model.friendships.friend
        rows = friend[start[self.row] : start[self.row + 1]]
        return [self.model._viewer_agents.at(int(row)) for row in sorted(rows)]

    @property
    def follows(self) -> list[Merchant]:
        """Merchants that the viewer follows, on whatever platform."""
        ties, agents = self.model.ties, self.model.registered
        held = (ties.store[self.row] != EMPTY) & (ties.flags[self.row] & SUBSCRIBED > 0)
        numbers = dict.fromkeys(int(row) % self.model.merchant_count for row in ties.store[self.row][held])
        return [agents[number] for number in numbers if number in agents]

    def remove(self) -> None:
        """Viewers stay for the whole run."""
        raise TypeError("viewers cannot be removed; set 'activity' to 0 to keep one from watching")


class Fan(Viewer):
    """A viewer who follows at least one merchant."""


class CasualViewer(Viewer):
    """A viewer who follows nobody."""


class ViewerAgents:
    """All viewers as agents, made lazily."""

    def __init__(self, model: WorldState):
        self.model = model
        self._made: dict[int, Viewer] = {}

    def __len__(self) -> int:
        return len(self.model.viewers.taste)

    def at(self, row: int) -> Viewer:
        """The agent of `row`, of the class that it has now."""
        kind = Fan if self.model.viewers.fan_ties[row] > 0 else CasualViewer
        agent = self._made.get(row)
        if agent is None:
            agent = self._made[row] = self._new(kind, row)
        elif type(agent) is not kind:
            agent.__class__ = kind
        return agent

    def _new(self, kind: type[Viewer], row: int) -> Viewer:
        # Registering with Mesa would make a dictionary of millions; the column set serves instead.
        agent = object.__new__(kind)
        agent.__dict__.update(model=self.model, row=row, unique_id=row + 1, pos=None)
        return agent
