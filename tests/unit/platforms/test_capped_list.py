"""A limit on exposure on the hot list: it binds above a room's share alone, and empties no list."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.errors import ScenarioError
from simulation.platforms.channels import hot_list
from simulation.state.waves import Wave, new_wave
from simulation.world.morning import platforms_today
from tests.support.worlds import build_model, platform, scenario

VIEWERS = 4_000


def shown(rooms: int, cap: float, limits: tuple[float, ...] = ()) -> Wave:
    """Six places of `rooms` live rooms, room 0 the hottest, as each viewer sees them once; the first of them
    have `limits` of their own."""
    rules = platform({"hot_list": 1.0}, feed={"exposure_cap": cap})
    model = build_model(scenario({"a": rules}, viewers=VIEWERS, shops=rooms, days=1))
    model.stores.live[:], model.stores.heat[:rooms] = 0, np.arange(rooms, 0, -1)
    model.stores.live[:rooms] = 1
    model.stores.limit[: len(limits)] = limits
    wave = new_wave(VIEWERS)
    wave.rows[0] = VIEWERS
    wave.viewer[:], wave.occasion[:], wave.surface[:] = np.arange(VIEWERS), 0, 0
    (today,) = platforms_today(model, model.locations.occasions, model.interventions.supported)
    hot_list.offer(today, hot_list.prepare(today), wave, 0)
    return wave


@pytest.mark.parametrize("cap", [1.0, 0.17])
def test_a_limit_above_a_sixth_leaves_a_list_of_six_as_it_is(cap: float) -> None:
    wave = shown(40, cap)
    assert (wave.options == 6).all() and (wave.room == np.arange(6)).all()


def test_below_it_each_room_has_the_limit_s_share_of_places_and_others_move_up_in_their_order() -> None:
    """A tenth of six places is a place on six openings in ten; of places, one in ten."""
    wave = shown(40, 0.1)
    assert (wave.options == 6).all() and (np.diff(wave.room, axis=1) > 0).all()
    places = np.bincount(wave.room.ravel(), minlength=40) / wave.room.size
    assert places[:4] == pytest.approx([0.1] * 4, abs=0.006)  # two and a half sd of 4,000 openings' means
    assert places[6] > 0.05 and places[25] < 0.01


def test_few_rooms_fill_the_list_whatever_the_limit() -> None:
    """Of three rooms those that give way stand last: all are seen, the hottest first on six openings in ten
    and when all three give way."""
    wave = shown(3, 0.1)
    assert (wave.options == 3).all() and (np.sort(wave.room[:, :3], axis=1) == [0, 1, 2]).all()
    assert np.mean(wave.room[:, 0] == 0) == pytest.approx(0.6 + 0.4**3, abs=0.03)


def test_a_limit_for_one_room_moves_that_one_alone() -> None:
    """Room 1 may have a twentieth of six places: it stands there on three openings in ten."""
    wave = shown(40, 1.0, (1.0, 0.05))
    assert (wave.room[:, 0] == 0).all()
    assert np.mean(wave.room[:, 1] == 1) == pytest.approx(0.3, abs=0.03)
    assert np.mean((wave.room == 6).any(axis=1)) == pytest.approx(0.7, abs=0.03)


def with_policy(*channels: str) -> None:
    """An arm of its own whose platform has `channels`, where the policy is for."""
    capped = {"name": "capped", "effect": "exposure_cap", "amount": 0.1, "arms": ["a"]}
    scenario({"a": platform(dict.fromkeys(channels, 1.0))}, policies=[capped])


@pytest.mark.parametrize("channel", ["hot_list", "recommend"])
def test_a_policy_may_limit_a_platform_that_shows_rooms_in_either_way(channel: str) -> None:
    with_policy("follow", channel)


def test_a_policy_is_refused_where_the_platform_shows_nothing_to_limit() -> None:
    with pytest.raises(ScenarioError, match="a platform with a recommend or hot_list channel, or one opened"):
        with_policy("follow", "search")
