"""Parts of the day: when a stream is on air, and that pages show who is on air just then."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulation.behaviour.merchants.streaming import cover
from simulation.measures import Outcome
from simulation.measures.streams.sessions import sessions, within_stores
from simulation.platforms.channel import PlatformToday
from simulation.platforms.channels import follow, hot_list, recommend, search, showcase
from simulation.state.columns import OFF_AIR
from simulation.state.ties import FOLLOWER, SUBSCRIBED
from simulation.state.waves import Wave, new_wave
from simulation.validation.mathematics.worlds import NO_ADAPTATION, PURE_FEED
from simulation.world.model import LiveCommerceModel
from simulation.world.morning import platforms_today
from tests.support.worlds import (
    build_model,
    differences,
    everything_written,
    finished,
    platform,
    same_shops,
    scenario,
)

PAGES = {
    "recommend": recommend,
    "hot_list": hot_list,
    "search": search,
    "showcase": showcase,
    "follow": follow,
}
ROOMS, PARTS = 5, 3


def covered(begins: float, lasts: float, parts: int) -> list[float]:
    return [cover(begins, lasts, part, parts) for part in range(parts)]


def test_a_stream_covers_the_parts_of_the_day_in_which_it_is_on_air() -> None:
    assert covered(0.5, 0.5, 4) == [0, 0, 1, 1]
    assert covered(0.125, 0.25, 4) == [0.5, 0.5, 0, 0]
    assert covered(0.3, 0.1, 2) == pytest.approx([0.2, 0])


def test_what_would_run_past_the_end_of_the_day_is_on_air_at_its_beginning() -> None:
    assert covered(0.875, 0.25, 4) == [0.5, 0, 0, 0.5]
    assert covered(0.75, 0.75, 4) == [1, 1, 0, 1]
    assert covered(0.6, 1.0, 4) == pytest.approx([1, 1, 1, 1]) == covered(0.6, 1.5, 4)


@given(st.floats(0, 1), st.floats(0, 6), st.integers(1, 96))
def test_parts_covered_add_up_to_the_length(begins: float, lasts: float, parts: int) -> None:
    found = covered(begins, lasts, parts)
    assert min(found) >= 0 and max(found) <= 1
    assert sum(found) / parts == pytest.approx(min(1.0, lasts), abs=1e-9)


def world(page: str, parts: int = PARTS, **rules: Any) -> tuple[LiveCommerceModel, PlatformToday]:
    """Five rooms of one category on a platform with that page alone, on air all day, known to everybody."""
    settings = scenario(
        {"a": platform({page: 1.0}, **rules)},
        shops=40,
        days=1,
        people={"categories": 1, "remembered_rooms": 8},
        streams={"parts_of_day": parts},
    )
    model = build_model(settings)
    model.stores.live[:], model.stores.live[:ROOMS] = 0, 1
    model.viewers.interest[:], model.viewers.fan_ties[:] = 1.0, ROOMS
    model.ties.store[:, :ROOMS] = np.arange(ROOMS)
    model.ties.flags[:, :ROOMS] = SUBSCRIBED | FOLLOWER
    model.world.on_air[:] = 0.0
    (today,) = platforms_today(model, model.locations.occasions, np.ones(len(model.stores.live), bool))
    return model, today


def opened(page: ModuleType, today: PlatformToday, openings: int) -> Wave:
    """A wave of `openings` of a page, by all viewers in turn, in all parts of the day in turn."""
    wave = new_wave(openings)
    wave.rows[0] = openings
    number = np.arange(openings)
    wave.viewer[:] = number % len(today.viewers.taste)
    wave.occasion[:] = number // len(today.viewers.taste)
    wave.surface[:], wave.options[:], wave.room[:] = 0, 99, -1
    wave.part[:] = number % today.world.on_air.shape[1]
    page.CHANNEL.offer(today, page.CHANNEL.prepare(today), wave, 0)
    return wave


@pytest.mark.parametrize("page", PAGES)
def test_an_opening_is_offered_who_is_on_air_in_its_part_of_the_day_and_nobody_else(page: str) -> None:
    """Room 0 alone in part 0, rooms 1 to 4 in part 1, nobody in part 2."""
    model, today = world(page)
    model.world.on_air[:] = OFF_AIR
    model.world.on_air[0, 0] = model.world.on_air[1:ROOMS, 1] = 0.0
    wave = opened(PAGES[page], today, 600)
    assert (wave.options[wave.part == 0] == 1).all() and (wave.room[wave.part == 0, 0] == 0).all()
    shown = wave.room[wave.part == 1, :4], wave.options[wave.part == 1]
    assert {int(room) for row, many in zip(*shown, strict=True) for room in row[:many]} == {1, 2, 3, 4}
    assert (wave.options[wave.part == 2] == 0).all()


@pytest.mark.parametrize("page", [name for name in PAGES if name != "recommend"])
def test_on_a_page_a_room_counts_as_much_as_it_is_on_air_in_the_part(page: str) -> None:
    """Half of part 0 and all of part 1: the utility differs by log 2."""
    model, today = world(page)
    model.world.on_air[0, 0] = np.log(0.5)
    wave = opened(PAGES[page], today, 600)
    appeals = [wave.appeal[wave.part == part][wave.room[wave.part == part] == 0] for part in range(PARTS)]
    assert appeals[1].mean() - appeals[0].mean() == pytest.approx(np.log(2.0), abs=1e-5)
    assert appeals[2].mean() == pytest.approx(appeals[1].mean(), abs=1e-5)


def test_twice_the_hours_are_twice_the_openings_on_which_the_feed_shows_a_room() -> None:
    """One slot. Of four parts room 0 is on air in two, room 1 in one, three others all day: in its parts
    each has a quarter of the slots, so that they get 2/16 and 1/16 of the openings of all parts."""
    model, today = world("recommend", 4, feed=PURE_FEED | {"heat_exponent": 0.0, "slate_size": 1})
    model.world.on_air[0, 2:], model.world.on_air[1, 1:] = OFF_AIR, OFF_AIR
    model.world.on_air[1, 0], model.world.on_air[1, 3] = OFF_AIR, 0.0
    shown = np.bincount(opened(recommend, today, 48_000).room[:, 0], minlength=ROOMS)[:ROOMS]
    others = 2 / 4 * 1 / 4 + 1 / 4 * 1 / 4 + 1 / 4 * 1 / 3
    wanted = np.array([2 / 16, 1 / 16, others, others, others])
    assert wanted.sum() == pytest.approx(1.0)
    assert stats.chisquare(shown, 48_000 * wanted).pvalue > 1e-3


def test_a_room_gets_slots_of_the_feed_by_how_much_of_the_part_it_is_on_air() -> None:
    """Half of it against all of it: one slot in nine against two in nine for each of four."""
    model, today = world("recommend", 2, feed=PURE_FEED | {"heat_exponent": 0.0, "slate_size": 1})
    model.world.on_air[0, 1] = np.log(0.5)
    wave = opened(recommend, today, 40_000)
    shown = np.bincount(wave.room[wave.part == 1, 0], minlength=ROOMS)[:ROOMS]
    assert stats.chisquare(shown, 20_000 * np.array([1, 2, 2, 2, 2]) / 9).pvalue > 1e-3


def shops(parts: int, channel: str, **settings: Any) -> Any:
    """Twenty shops, all alike, that stream daily."""
    return scenario(
        {"a": platform({channel: 1.0}, feed=PURE_FEED | {"heat_exponent": 0.0, "slate_size": 1})},
        merchants=same_shops(**settings.pop("traits", {})),
        shopkeeping=NO_ADAPTATION | {"push_per_stream": 1.0},
        streams={"hours_sigma": 0.76, "parts_of_day": parts, "day_hours": 24.0},
        **settings,
    )


def test_openings_fall_into_all_parts_of_the_day_alike() -> None:
    model = build_model(shops(6, "recommend", viewers=4_000))
    model.step()
    waves = [shard.wave for shard in model.shards]
    parts = np.concatenate([wave.part[: wave.rows[0]] for wave in waves])
    viewers = np.concatenate([wave.viewer[: wave.rows[0]] for wave in waves])
    model.close()
    assert stats.chisquare(np.bincount(parts, minlength=6)).pvalue > 1e-3
    again = viewers[1:] == viewers[:-1]
    assert np.mean(parts[1:][again] == parts[:-1][again]) == pytest.approx(1 / 6, abs=0.05)


@pytest.mark.parametrize(("parts", "exponent"), [(1, 0.72), (96, 1.0)])
def test_visits_rise_in_proportion_to_hours_where_rooms_compete_at_a_moment(
    parts: int, exponent: float
) -> None:
    """Five alike, a feed of one slot, people who hardly open it twice a day. Sharing the whole day, a longer
    stream takes slots from itself, one in five and more; at a moment it takes none."""
    seldom = {"activity_mean": 0.05, "activity_shape": 50.0}
    settings = shops(parts, "recommend", viewers=40_000, shops=5, days=60, people=seldom)
    found = sessions(Outcome.from_model(finished(settings)))
    assert within_stores(found, found.visits) == pytest.approx(exponent, abs=0.06)


def test_parts_of_the_day_do_nothing_to_links_in_groups() -> None:
    fans = {"fanless_share": 0.0, "fans_median": 2_000.0, "walk_in_members": 100.0}
    whole, parts = (everything_written(finished(shops(many, "push", traits=fans))) for many in (1, 6))
    assert whole["journal.visits"].sum() > 100 and differences(whole, parts) == []


def test_messages_alone_take_no_hours_and_wait_all_day() -> None:
    """Where merchants do not stream, their pages are there in every part of the day."""
    settings = scenario(
        {"a": platform({"recommend": 1.0}, live=False)}, merchants=same_shops(), streams={"parts_of_day": 6}
    )
    model = finished(settings)
    assert not model.journal.hours.any() and model.journal.visits.sum() > 100
    assert (model.world.on_air == 0.0).all()
