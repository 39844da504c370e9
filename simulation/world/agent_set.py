"""A Mesa AgentSet whose members are rows of columns, so that a million agents cost an array.

Members are held as whole numbers: ``row`` for a viewer, ``-1 - row`` for a merchant. Reading,
writing, selecting by type and grouping by an attribute work on columns; everything else is
inherited from Mesa and makes the agents that it touches.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from ..state.columns import ViewerColumns
from .agents import CasualViewer, Fan, Merchant, RowAgent, Viewer, ViewerAgents

try:
    from mesa.agentset import GroupBy  # its place from mesa 3.4 on
except ImportError:
    from mesa.agent import GroupBy

if TYPE_CHECKING:
    import random

WRITE_THROUGH = "members follow from the columns; change the columns or the agents' attributes"


class ColumnAgentSet(AgentSet):
    """Viewers and merchants of a model, in a given order.

    Parameters
    ----------
    viewers : ViewerAgents
        Makes viewers' agents on demand.
    codes : int64 array, shape (members,)
        ``row`` of a viewer or ``-1 - row`` of a merchant.
    """

    random: random.Random

    def __init__(self, viewers: ViewerAgents, codes: np.ndarray):
        self._viewers = viewers
        self._codes = np.asarray(codes, np.int64)
        self.random = viewers.model.random

    @property
    def _agents(self) -> weakref.WeakKeyDictionary:
        """Members as Mesa's own methods expect them; makes every agent."""
        return weakref.WeakKeyDictionary(dict.fromkeys(self))

    @_agents.setter
    def _agents(self, agents: Iterable[RowAgent]) -> None:
        self._codes = np.array([code_of(agent) for agent in agents], np.int64)

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[RowAgent]:
        for code in self._codes:
            yield self._at(int(code))

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, RowAgent) or agent.model is not self._viewers.model:
            return False
        return bool(np.any(self._codes == code_of(agent)))

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return [self._at(int(code)) for code in self._codes[item]]
        return self._at(int(self._codes[item]))

    def __getstate__(self) -> dict[str, Any]:
        return {"viewers": self._viewers, "codes": self._codes.copy()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(state["viewers"], state["codes"])  # type: ignore[misc]

    def select(
        self, filter_func: Callable | None = None, at_most: int | float = float("inf"),
        inplace: bool = False, agent_type: type[mesa.Agent] | None = None,
    ) -> ColumnAgentSet:
        """Subset of members; as Mesa's, by columns where only the type is asked for."""
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        codes = self._codes if agent_type is None else self._codes[self._is_of(agent_type)]
        if filter_func is not None:
            kept: list[int] = []
            for code in codes:
                if len(kept) >= at_most:
                    break
                if filter_func(self._at(int(code))):
                    kept.append(int(code))
            codes = np.array(kept, np.int64)
        if len(codes) > at_most:
            codes = codes[: max(0, int(np.ceil(at_most)))]
        if inplace:
            self._codes = codes.copy()
            return self
        return self._of(codes)

    def shuffle(self, inplace: bool = False) -> ColumnAgentSet:
        """Members in random order, the same as Mesa's for the same generator.

        For a user's own code: no run draws from the model's generator.
        """
        codes = self._codes.tolist()
        self.random.shuffle(codes)
        if inplace:
            self._codes = np.array(codes, np.int64)
            return self
        return self._of(codes)

    def sort(
        self, key: Callable | str, ascending: bool = False, inplace: bool = False
    ) -> ColumnAgentSet:
        """Members sorted by an attribute or function; ties keep their order."""
        if isinstance(key, str) and "." in key:
            key = operator.attrgetter(key)
        values = self.get(key) if isinstance(key, str) else [key(agent) for agent in self]
        order = sorted(range(len(values)), key=values.__getitem__, reverse=not ascending)
        codes = self._codes[np.array(order, np.int64)]
        if inplace:
            self._codes = codes
            return self
        return self._of(codes)

    def get(
        self, attr_names: Any, handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """Attribute, or list of attributes, of every member."""
        if handle_missing not in ("error", "default"):
            raise ValueError(
                f"Unknown handle_missing option: {handle_missing}, "
                "should be one of 'error' or 'default'"
            )
        if isinstance(attr_names, str):
            return self._values(attr_names, handle_missing, default_value)
        columns = [self._values(name, handle_missing, default_value) for name in attr_names]
        return [list(values) for values in zip(*columns, strict=True)] if columns else [
            [] for _ in self._codes
        ]

    def set(self, attr_name: str, value: Any) -> ColumnAgentSet:
        """Give every member the same value of an attribute."""
        viewers = self._codes >= 0
        if attr_name in ViewerColumns._fields:
            rows = self._codes[viewers]
            getattr(self._viewers.model.viewers, attr_name)[rows] = value
        else:
            for code in self._codes[viewers]:
                setattr(self._at(int(code)), attr_name, value)
        for code in self._codes[~viewers]:
            setattr(self._at(int(code)), attr_name, value)
        return self

    def groupby(self, by: Callable | str, result_type: str = "agentset") -> GroupBy:
        """Members grouped by an attribute or by what a function returns."""
        values = self.get(by) if isinstance(by, str) else [by(agent) for agent in self]
        groups: dict[Any, list[int]] = {}
        for code, value in zip(self._codes.tolist(), values, strict=True):
            groups.setdefault(value, []).append(code)
        if result_type == "agentset":
            return GroupBy({value: self._of(codes) for value, codes in groups.items()})
        return GroupBy({value: list(self._of(codes)) for value, codes in groups.items()})

    def add(self, agent: mesa.Agent) -> None:
        """Not possible: members follow from the columns."""
        raise TypeError(WRITE_THROUGH)

    def discard(self, agent: mesa.Agent) -> None:
        """Not possible: members follow from the columns."""
        raise TypeError(WRITE_THROUGH)

    def remove(self, agent: mesa.Agent) -> None:
        """Not possible: members follow from the columns."""
        raise TypeError(WRITE_THROUGH)

    def _from_iterable(self, it: Iterable[Any]) -> ColumnAgentSet:
        """What ``&``, ``|``, ``-`` and ``^`` make of the members that are left."""
        return self._of(list(dict.fromkeys(code_of(agent) for agent in it)))

    def _of(self, codes: Any) -> ColumnAgentSet:
        return ColumnAgentSet(self._viewers, np.array(codes, np.int64))

    def _at(self, code: int) -> RowAgent:
        if code >= 0:
            return self._viewers.at(code)
        return self._viewers.model.merchant_agents[-1 - code]

    def _is_of(self, kind: type[mesa.Agent]) -> np.ndarray:
        """Which members are of class `kind`, shape (members,)."""
        viewers = self._codes >= 0
        fans = np.zeros(len(self._codes), bool)
        fans[viewers] = self._viewers.model.viewers.fan_ties[self._codes[viewers]] > 0
        chosen = np.zeros(len(self._codes), bool)
        for is_member, its_kind in (
            (viewers & fans, Fan), (viewers & ~fans, CasualViewer), (~viewers, Merchant)
        ):
            if issubclass(its_kind, kind):
                chosen |= is_member
        return chosen

    def _values(self, name: str, handle_missing: str, default: Any) -> list[Any]:
        viewers = self._codes >= 0
        if viewers.all() and name in ViewerColumns._fields:
            column = getattr(self._viewers.model.viewers, name)[self._codes]
            return list(column) if column.ndim > 1 else column.tolist()
        if handle_missing == "default":
            return [getattr(agent, name, default) for agent in self]
        return [getattr(agent, name) for agent in self]


def code_of(agent: RowAgent) -> int:
    """Number by which a `ColumnAgentSet` holds `agent`."""
    return agent.row if isinstance(agent, Viewer) else -1 - agent.row


def everybody(viewers: ViewerAgents) -> ColumnAgentSet:
    """All viewers, then the merchants that have arrived."""
    merchants = -1 - np.array(list(viewers.model.merchant_agents), np.int64)
    return ColumnAgentSet(viewers, np.concatenate([np.arange(len(viewers)), merchants]))


def agent_sets_by_type(viewers: ViewerAgents) -> dict[type[mesa.Agent], AgentSet]:
    """Merchants that have arrived, fans and casual viewers as they are now."""
    everyone = everybody(viewers)
    return {kind: everyone.select(agent_type=kind) for kind in (Merchant, Fan, CasualViewer)}
