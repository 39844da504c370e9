"""A Mesa AgentSet whose members are rows of columns, so that a million agents cost an array.

Members are held as whole numbers: ``row`` for a viewer, ``-1 - number`` for an agent registered with
Mesa, which is a merchant or a user's own. Reading, writing, selecting by type and grouping by an
attribute work on columns; everything else is inherited from Mesa and makes the agents that it touches.
"""

from __future__ import annotations

import operator
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from ...state.columns import ViewerColumns
from .kinds import CasualViewer, Fan, Merchant, Viewer, ViewerAgents

try:
    from mesa.agentset import GroupBy  # its place from mesa 3.4 on
except ImportError:
    from mesa.agent import GroupBy

if TYPE_CHECKING:
    import random

WRITE_THROUGH = "members follow from the columns; change the columns or the agents' attributes"


class ColumnAgentSet(AgentSet):
    """Viewers and registered agents of a model, in a given order.

    Agents that are removed from the model stay in sets made before, as they do in Mesa's own.

    Parameters
    ----------
    viewers : ViewerAgents
        Makes viewers' agents on demand.
    codes : int64 array, shape (members,)
        ``row`` of a viewer or ``-1 - number`` of a registered agent.
    registered : dict of int to mesa.Agent
        Registered agents by number.
    """

    random: random.Random

    def __init__(self, viewers: ViewerAgents, codes: np.ndarray, registered: dict[int, mesa.Agent]):
        self._viewers = viewers
        self._codes = np.asarray(codes, np.int64)
        self._registered = registered
        self.random = viewers.model.random

    def __repr__(self) -> str:
        viewers = self._codes[self._codes >= 0]
        fans = int(np.count_nonzero(self._viewers.model.viewers.fan_ties[viewers]))
        kinds = Counter({Fan.__name__: fans, CasualViewer.__name__: len(viewers) - fans})
        kinds.update(type(self._at(int(code))).__name__ for code in self._codes[self._codes < 0])
        parts = [f"{count:,} {kind}" for kind, count in kinds.items() if count]
        return f"<{type(self).__name__}: {', '.join(parts) or 'nobody'}>"

    @property
    def _agents(self) -> weakref.WeakKeyDictionary:
        """Members as Mesa's own methods expect them; makes every agent."""
        return weakref.WeakKeyDictionary(dict.fromkeys(self))

    @_agents.setter
    def _agents(self, agents: Iterable[mesa.Agent]) -> None:
        self._codes = np.array([agent_code(agent) for agent in agents], np.int64)

    def __len__(self) -> int:
        return len(self._codes)

    def __iter__(self) -> Iterator[mesa.Agent]:
        for code in self._codes:
            yield self._at(int(code))

    def __contains__(self, agent: object) -> bool:
        if not isinstance(agent, mesa.Agent) or agent.model is not self._viewers.model:
            return False
        code = agent_code(agent)
        return code is not None and bool(np.any(self._codes == code)) and self._at(code) is agent

    def __getitem__(self, item: int | slice) -> Any:
        if isinstance(item, slice):
            return [self._at(int(code)) for code in self._codes[item]]
        return self._at(int(self._codes[item]))

    def __getstate__(self) -> dict[str, Any]:
        return {"viewers": self._viewers, "codes": self._codes.copy(), "registered": self._registered}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(**state)  # type: ignore[misc]

    def select(
        self,
        filter_func: Callable | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[mesa.Agent] | None = None,
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

    def sort(self, key: Callable | str, ascending: bool = False, inplace: bool = False) -> ColumnAgentSet:
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

    def get(self, attr_names: Any, handle_missing: str = "error", default_value: Any = None) -> list[Any]:
        """Attribute, or list of attributes, of every member."""
        if handle_missing not in ("error", "default"):
            raise ValueError(
                f"Unknown handle_missing option: {handle_missing}, should be one of 'error' or 'default'"
            )
        if isinstance(attr_names, str):
            return self._values(attr_names, handle_missing, default_value)
        columns = [self._values(name, handle_missing, default_value) for name in attr_names]
        return (
            [list(values) for values in zip(*columns, strict=True)] if columns else [[] for _ in self._codes]
        )

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
        return self._of(list(dict.fromkeys(agent_code(agent) for agent in it)))

    def _of(self, codes: Any) -> ColumnAgentSet:
        return ColumnAgentSet(self._viewers, np.array(codes, np.int64), self._registered)

    def _at(self, code: int) -> mesa.Agent:
        if code >= 0:
            return self._viewers.at(code)
        return self._registered[-1 - code]

    def _is_of(self, kind: type[mesa.Agent]) -> np.ndarray:
        """Which members are of class `kind`, shape (members,)."""
        viewers = self._codes >= 0
        fans = np.zeros(len(self._codes), bool)
        fans[viewers] = self._viewers.model.viewers.fan_ties[self._codes[viewers]] > 0
        chosen = np.zeros(len(self._codes), bool)
        for is_member, its_kind in ((viewers & fans, Fan), (viewers & ~fans, CasualViewer)):
            if issubclass(its_kind, kind):
                chosen |= is_member
        chosen[~viewers] = [isinstance(self._at(int(code)), kind) for code in self._codes[~viewers]]
        return chosen

    def _values(self, name: str, handle_missing: str, default: Any) -> list[Any]:
        viewers = self._codes >= 0
        if viewers.all() and name in ViewerColumns._fields:
            column = getattr(self._viewers.model.viewers, name)[self._codes]
            return list(column) if column.ndim > 1 else column.tolist()
        if handle_missing == "default":
            return [getattr(agent, name, default) for agent in self]
        return [getattr(agent, name) for agent in self]


def agent_code(agent: mesa.Agent) -> Any:
    """Number by which a `ColumnAgentSet` holds `agent`; None if none holds it."""
    if isinstance(agent, Viewer):
        return agent.row
    number = getattr(agent, "_number", None)
    return None if number is None else -1 - number


def everybody(viewers: ViewerAgents) -> ColumnAgentSet:
    """All viewers, then registered agents in the order in which they came."""
    registered = viewers.model.registered
    codes = np.concatenate([np.arange(len(viewers)), -1 - np.array(list(registered), np.int64)])
    return ColumnAgentSet(viewers, codes, registered)


def agent_sets_by_type(viewers: ViewerAgents) -> dict[type[mesa.Agent], AgentSet]:
    """Agents as they are now by their very class: merchants, fans, casual viewers, and users' own."""
    everyone, registered = everybody(viewers), viewers.model.registered
    own: dict[type[mesa.Agent], list[int]] = {Merchant: []}
    for number, agent in registered.items():
        own.setdefault(type(agent), []).append(-1 - number)
    sets = {
        kind: ColumnAgentSet(viewers, np.array(codes, np.int64), registered) for kind, codes in own.items()
    }
    by_ties = {kind: everyone.select(agent_type=kind) for kind in (Fan, CasualViewer)}
    return {Merchant: sets[Merchant], **by_ties, **sets}
