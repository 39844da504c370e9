"""An assistant asks those who only follow on the platform into a group."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.state.ledger import ASSISTANT_JOINS
from simulation.state.ties import FOLLOWER, MEMBER, SUBSCRIBED
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import build_model, platform, scenario

WEEK = 7


def after_a_week(join: float, work: float) -> tuple[int, int, int]:
    """Fans in a group, all fans, and those counted as won by assistants, a week after each of 70 viewers has
    begun to follow store 0."""
    model: LiveCommerceModel = build_model(
        scenario(
            {"one": platform({"hot_list": 1.0, "follow": 1.0})},
            viewers=70,
            shops=1,
            days=WEEK + 1,
            community={"join_by_assistant": join},
            following={"leave_rate": 0.0, "annoyance": 0.0, "fade_floor": 0.0},
            shopkeeping={"arrivals": 0.0},
        )
    )
    model.step()
    ties = model.ties
    ties.store[:], ties.flags[:] = -1, 0
    ties.store[:, 0], ties.flags[:, 0], ties.trust[:, 0] = 0, SUBSCRIBED | FOLLOWER, 0.5
    ties.touched[:, 0] = ties.since[:, 0] = model.day
    model.viewers.fan_ties[:] = 1
    model.stores.community_work[:] = work
    for _ in range(WEEK):
        model.step()
    fans = ties.flags[:, 0] & SUBSCRIBED > 0
    members = int(np.count_nonzero(ties.flags[fans, 0] & MEMBER))
    return members, int(fans.sum()), int(model.journal.totals[:, ASSISTANT_JOINS].sum())


def test_whoever_follows_is_asked_in_once_a_week() -> None:
    assert after_a_week(join=1.0, work=1.0) == (70, 70, 70)


@pytest.mark.parametrize(("join", "work"), [(0.0, 1.0), (1.0, 0.0)])
def test_nobody_is_asked_in_where_nobody_writes_or_no_group_is_run(join: float, work: float) -> None:
    assert after_a_week(join, work) == (0, 70, 0)
