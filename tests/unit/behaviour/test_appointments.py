"""The appointment of a viewer with the host it trusts most: for whom, where, and what goes with the host."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simulation.behaviour import appointments
from simulation.state.columns import OPEN, SUSPENDED
from simulation.state.ties import EMPTY, FOLLOWER, MEMBER, SUBSCRIBED
from simulation.validation.mathematics.worlds import EVERYONE_ENTERS, NO_ADAPTATION
from simulation.world.model import LiveCommerceModel
from tests.benchmarks.plain_rules import plain
from tests.support.worlds import build_model, platform, same_shops, small_scenario

VIEWERS, SHOPS = 200, 2
STAR, OTHER = 0, 1
PUBLIC = platform({"follow": 1.0, "recommend": 1.0})
PRIVATE = platform({"push": 1.0}) | {"name": "private_platform"}


def fans_of_two(strength: float, *platforms: dict[str, Any], **sections: Any) -> LiveCommerceModel:
    """After the first day, a world in which nobody opens an app of its own accord, everybody enters, nobody
    buys: viewers trust one of two merchants with .9, by turns, and are its followers and members."""
    market = [rules | {"daily_users": 1e6} for rules in platforms]
    arm = {"name": "a"} | ({"platforms": market} if len(market) > 1 else {"platform": market[0]})
    settings = small_scenario(
        [arm],
        VIEWERS,
        SHOPS,
        6,
        merchants=same_shops(),
        people={"activity_mean": 0.0},
        choice=EVERYONE_ENTERS,
        purchase={"intercept": -20.0},
        following={"leave_rate": 0.0, "annoyance": 0.0},
        shopkeeping=NO_ADAPTATION,
        attention={"appointment": strength, "notice_pull": 0.0, "card_pull": 0.0},
        **sections,
    )
    model = build_model(settings)
    model.step()
    ties = model.ties
    ties.store[:, 0] = np.arange(VIEWERS) % SHOPS
    ties.trust[:, 0], ties.touched[:, 0], ties.last_visit[:, 0] = 0.9, 0, 0
    ties.flags[:, 0] = SUBSCRIBED | FOLLOWER | MEMBER
    model.viewers.fan_ties[:] = 1
    return model


@pytest.mark.parametrize("where", [PUBLIC, PRIVATE], ids=["public", "private"])
def test_openings_for_a_star_go_with_it_and_to_nobody_else(where: dict[str, Any]) -> None:
    """A hundred viewers each: once the star is removed, its hundred stay away, the other's come as before."""
    gone = [{"name": "gone", "effect": "remove", "merchant": STAR, "start": 2}]
    model = fans_of_two(1.0, where, policies=gone)
    second = model.ties  # fans of the star trust the other as well, but less
    second.store[::2, 1], second.trust[::2, 1], second.flags[::2, 1] = (
        OTHER,
        0.7,
        SUBSCRIBED | FOLLOWER | MEMBER,
    )
    second.touched[::2, 1], second.last_visit[::2, 1] = 0, 0
    model.viewers.fan_ties[::2] = 2
    model.run()
    model.close()
    assert model.journal.visits[1].tolist() == [100, 100]
    assert model.journal.visits[2:].tolist() == [[0, 100]] * 4


def test_appointments_are_kept_with_their_chance_and_never_without() -> None:
    for strength, least, most in ((0.0, 0, 0), (0.25, 200, 300)):  # of a thousand, sd 14
        model = fans_of_two(strength, PUBLIC)
        model.run()
        model.close()
        assert least <= model.journal.visits.sum() <= most


def test_an_appointment_is_with_the_one_trusted_most_whom_a_fan_has_visited() -> None:
    model = fans_of_two(1.0, PUBLIC)
    ties, world, host_of = model.ties, model.world, plain(appointments.host_of)
    assert host_of(world, 0) == STAR
    ties.store[:4, 1], ties.trust[:4, 1], ties.touched[:4, 1] = OTHER, 0.95, 0
    ties.last_visit[:4, 1], ties.flags[:4, 1] = 0, SUBSCRIBED | FOLLOWER
    assert host_of(world, 0) == OTHER
    ties.trust[0, 1] = 0.85
    ties.flags[2, 1] = 0
    assert host_of(world, 0) == STAR == host_of(world, 2)
    ties.trust[0, :2] = 0.45
    assert host_of(world, 0) == appointments.NOBODY_TO_MEET
    ties.last_visit[3] = -10_000
    assert host_of(world, 3) == appointments.NOBODY_TO_MEET
    ties.store[4] = EMPTY
    assert host_of(world, 4) == appointments.NOBODY_TO_MEET


def test_a_host_is_met_on_another_platform_where_it_streams_if_not_on_the_one_known() -> None:
    """Stores 0 and 1 stand on the public platform, 2 and 3 are the same merchants on the private one."""
    model = fans_of_two(1.0, PUBLIC, PRIVATE)
    stores, world, where_met = model.stores, model.world, plain(appointments.where_met)
    stores.live[:], stores.status[:] = [1, 1, 1, 1], OPEN
    assert where_met(world, 0) == 0 and where_met(world, 1) == 1
    stores.live[0], stores.status[0] = 0, SUSPENDED
    assert where_met(world, 0) == 2 and where_met(world, 1) == 1
    stores.live[2] = 0
    assert where_met(world, 0) == appointments.NOBODY_TO_MEET
