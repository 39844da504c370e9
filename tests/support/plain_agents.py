"""Ordinary Mesa agents that carry the values of column-backed ones, to compare answers with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import mesa
import numpy as np

from simulation.claims.reading import read_scenario
from simulation.scenario import Scenario, find_scenario
from simulation.world.agents.kinds import CasualViewer, Fan, Merchant, Viewer
from simulation.world.model import LiveCommerceModel
from tests.support.stated_world import STATED

VIEWERS = 250
FIELDS = {
    Fan: Viewer.fields,
    CasualViewer: Viewer.fields,
    Viewer: Viewer.fields,
    Merchant: (*Merchant.fields, "kind"),
}


class PlainAgent(mesa.Agent):
    """An ordinary Mesa agent with the attribute values of `original`."""

    def __init__(self, model: mesa.Model, original: mesa.Agent):
        super().__init__(model)
        self.unique_id = original.unique_id
        for name in FIELDS[type(original)]:
            setattr(self, name, getattr(original, name))


class PlainViewer(PlainAgent):
    """Base class, as `Viewer` is."""


class PlainFan(PlainViewer):
    """As `Fan`."""


class PlainCasualViewer(PlainViewer):
    """As `CasualViewer`."""


class PlainMerchant(PlainAgent):
    """As `Merchant`."""


PLAIN = {
    Fan: PlainFan,
    CasualViewer: PlainCasualViewer,
    Merchant: PlainMerchant,
    Viewer: PlainViewer,
    mesa.Agent: mesa.Agent,
    None: None,
}
"""Mesa's counterpart of each class."""


def plain_copy(model: LiveCommerceModel) -> mesa.Model:
    """A plain model with an ordinary agent for each of `model`'s."""
    plain = mesa.Model(rng=1)
    for agent in model.agents:
        PLAIN[type(agent)](plain, agent)
    return plain


def names(agents: Iterable[mesa.Agent]) -> list[int]:
    """Numbers by which counterparts know each other."""
    return [agent.unique_id for agent in agents]


def first(agents: Iterable[mesa.Agent]) -> Any:
    """The first member."""
    return next(iter(agents))


def equal(left: Any, right: Any) -> bool:
    """Whether values are equal, arrays within lists included; NaN equals NaN."""
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return bool(np.array_equal(left, right))
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(equal, left, right))
    return bool(left == right) or (left != left and right != right)


def small_world(viewers: int, days: int = 12) -> Scenario:
    """A world with casual viewers, fans, and merchants of whom some arrive later."""
    sizes = {
        "world.viewers": viewers,
        "world.merchants": 12,
        "world.days": days,
        "world.isolated_viewers": 60,
        "shopkeeping.arrivals": 5,
    }
    return read_scenario(find_scenario("tencent_live_2020"), STATED | sizes)


def new_model(viewers: int = VIEWERS, days_run: int = 6) -> LiveCommerceModel:
    """A model of that world, some days old."""
    settings = small_world(viewers)
    arm = settings.arm("hybrid")
    assert arm is not None
    model = LiveCommerceModel(settings, arm)
    for _ in range(days_run):
        model.step()
    return model
