"""Longer lives of fans, and more members, and nothing else: what an elasticity needs."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.behaviour.community import join_probability
from simulation.scenario.sections.behaviour import Community
from simulation.state.rule_numbers import CommunityNumbers
from tests.support.worlds import build_model, platform, scenario

WEEK = 7


def lost(fan_life: float, annoyance: float, fade_floor: float) -> int:
    """Fans lost in one week of 700 who would all leave, as they are annoyed or have no trust."""
    model = build_model(
        scenario(
            {"one": platform({"hot_list": 1.0, "follow": 1.0}) | {"notices": 1.0}},
            viewers=700,
            shops=1,
            days=WEEK + 1,
            following={"leave_rate": 0.0, "annoyance": annoyance, "mute_share": 0.0, "fade_floor": fade_floor}
            | {"fan_life": fan_life, "base_rate": 0.0},
            people={"activity_mean": 0.01},
            shopkeeping={"arrivals": 0.0},
        )
    )
    model.step()
    ties = model.ties
    ties.store[:], ties.flags[:] = -1, 0
    ties.store[:, 0], ties.flags[:, 0], ties.trust[:, 0] = 0, 1 | 16, 0.5
    ties.touched[:, 0] = ties.since[:, 0] = model.day
    model.viewers.fan_ties[:], model.stores.streams[:] = 1, 7.0
    before = int(np.count_nonzero(ties.flags[:, 0] & 1))
    for _ in range(WEEK):
        model.step()
    return before - int(np.count_nonzero(ties.flags[:, 0] & 1))


@pytest.mark.parametrize(("annoyance", "fade_floor"), [(1.0, 0.0), (0.0, 1.0)])
def test_of_those_who_would_leave_one_in_so_many_does(annoyance: float, fade_floor: float) -> None:
    assert lost(1.0, annoyance, fade_floor) == 700
    assert lost(4.0, annoyance, fade_floor) == pytest.approx(175, abs=4 * (700 * 0.25 * 0.75) ** 0.5)


def test_joining_multiplies_the_chance_to_join_and_never_exceeds_one() -> None:
    def numbers(joining: float) -> CommunityNumbers:
        ways = {"join_by_visit": 0.2, "join_by_card": 0.4, "join_by_parcel": 0.5}
        return CommunityNumbers(**Community(**ways, joining=joining).model_dump())

    assert join_probability(False, False, numbers(1.5)) == pytest.approx(0.3)
    assert join_probability(True, True, numbers(1.0)) == pytest.approx(0.7)
    assert join_probability(True, True, numbers(2.0)) == 1.0
    assert join_probability(True, True, numbers(0.0)) == 0.0
