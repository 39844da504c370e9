"""What Mesa expects of a model, kept by one whose viewers live in columns and which ends on a known day."""

from __future__ import annotations

from collections.abc import Callable

import mesa

from ..world_state import WorldState
from .agent_set import ColumnAgentSet, agent_sets_by_type, everybody
from .kinds import Merchant, ViewerAgents
from .reporters import DayCollector


class ColumnModel(WorldState):
    """A Mesa model that ends on a known day, whose agents are viewers in columns and those registered.

    Parameters
    ----------
    merchants : int
        Merchants that may ever arrive.
    days : int
        Days after which the model has run.
    seed : int
        Seed of Mesa's generators, which are there for users' own code: no rule draws from them.

    Attributes
    ----------
    day, days : int
        Days that have passed, and days in all.
    many : int
        Merchants that may ever arrive.
    running : bool
        Whether there are days left; may be set to False to end `run_model` early.
    datacollector : mesa.DataCollector
        Sums of each day, see `reporters`; collected at the end of every `step`.
    registered : dict of int to mesa.Agent
        Agents registered with Mesa by number: merchants by theirs, a user's own from `many` on.
    """

    _viewer_agents: ViewerAgents

    def __init__(self, merchants: int, days: int, seed: int):
        super().__init__(rng=seed)
        self.day, self.days, self.merchant_count = 0, days, merchants
        self.registered: dict[int, mesa.Agent] = {}
        self._next_number = merchants
        self._viewer_agents = ViewerAgents(self)
        self.datacollector = DayCollector()
        # Mesa counts a step before it is made; one past the end is refused before it is counted.
        self._counted_step: Callable[[], None] = self.step
        self.__dict__["step"] = self._step_unless_over

    def run_model(self) -> None:
        """Run all remaining days; afterwards `running` is False."""
        while self.running:
            self.step()

    @property
    def agents(self) -> ColumnAgentSet:
        """All agents: viewers, then merchants that have arrived and agents of a user's own."""
        return everybody(self._viewer_agents)

    @property
    def agents_by_type(self) -> dict[type[mesa.Agent], mesa.agent.AgentSet]:
        """Agents by class: `Merchant`, `Fan` and `CasualViewer`, then classes of a user's own."""
        return agent_sets_by_type(self._viewer_agents)

    @property
    def agent_types(self) -> list[type]:
        """The classes of agents."""
        return list(self.agents_by_type)

    @property
    def merchant_agents(self) -> dict[int, Merchant]:
        """Merchants that have arrived, by their numbers."""
        return {number: agent for number, agent in self.registered.items() if isinstance(agent, Merchant)}

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take in a merchant, or an agent of a user's own; called by Mesa when one is made.

        A merchant's agent takes the place of the one that this merchant had before.
        """
        super().register_agent(agent)
        if isinstance(agent, Merchant):
            number = agent.number
            if number in self.registered:
                super().deregister_agent(self.registered[number])
        else:
            number, self._next_number = self._next_number, self._next_number + 1
        agent.unique_id = len(self._viewer_agents) + number + 1
        agent._number = number
        self.registered[number] = agent
        # mesa 3.3 keeps every model that has agents alive as a key of this; later versions have none.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Let go of a merchant or an agent of a user's own; called by Mesa when one is removed."""
        super().deregister_agent(agent)
        # A new dictionary, as sets that were made before go on with the one they have.
        self.registered = {number: other for number, other in self.registered.items() if other is not agent}

    def _step_unless_over(self) -> None:
        self._refuse_if_over()
        self._counted_step()

    def _refuse_if_over(self) -> None:
        """Raise ``RuntimeError`` if there is no day left."""
        if self.day >= self.days:
            raise RuntimeError(
                f"the world has run all of its {self.days} days; for more, set world.days in the scenario "
                "and make a new model"
            )

    def _end_day(self) -> None:
        """Count a day, the last of which ends the run."""
        self.day += 1
        if self.day >= self.days:
            self.running = False
