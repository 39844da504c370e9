"""The world as channels find it in the morning, platform by platform."""

from __future__ import annotations

import numpy as np

from ..platforms.channel import PlatformToday
from .world_state import WorldState


def platforms_today(
    model: WorldState, expected: np.ndarray, supported: np.ndarray
) -> list[PlatformToday]:
    """What the channels of each platform may look at today.

    Parameters
    ----------
    model : WorldState
    expected : float array, shape (platforms,)
        Viewers' occasions expected on each platform today, in agents.
    supported : bool array, shape (rows,)
        Stores on the page of supported merchants today.
    """
    market, merchants = model.marketplace, model.merchants
    live = np.flatnonzero(merchants.live).astype(np.int32)
    mornings = []
    for number, platform in enumerate(market.today):
        rooms = live if len(market) == 1 else live[merchants.platform[live] == number]
        mornings.append(PlatformToday(
            viewers=model.viewers, merchants=merchants, ties=model.ties, platform=platform,
            number=number, rooms=rooms, supported=rooms[supported[rooms]],
            occasions=market.occasions(number, float(expected[number])), rules=model.rules,
            key=model.key, day=model.day, newcomer_days=model.newcomer_days,
            people_per_viewer=model.people_per_viewer,
        ))
    return mornings
