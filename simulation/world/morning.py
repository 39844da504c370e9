"""The world as channels find it in the morning, platform by platform."""

from __future__ import annotations

import numpy as np

from ..platforms.channel import PlatformToday
from .world_state import WorldState


def platforms_today(model: WorldState, expected: np.ndarray, supported: np.ndarray) -> list[PlatformToday]:
    """What the channels of each platform may look at today.

    Parameters
    ----------
    model : WorldState
    expected : float array, shape (platforms,)
        Viewers' occasions expected on each platform today, in agents.
    supported : bool array, shape (rows,)
        Stores on the page of supported merchants today.
    """
    market, stores = model.marketplace, model.stores
    live = np.flatnonzero(stores.live).astype(np.int32)
    mornings = []
    for number, platform in enumerate(market.today):
        rooms = live if len(market) == 1 else live[stores.platform[live] == number]
        mornings.append(
            PlatformToday(
                world=model.world,
                platform=platform,
                number=number,
                rooms=rooms,
                supported=rooms[supported[rooms]],
                occasions=market.occasions(number, float(expected[number])),
            )
        )
    return mornings
