"""Worlds that begin with a past go on where it ended, and count from day 0."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulation import LiveCommerceModel, ScenarioError, warm_cast
from simulation.behaviour.merchants.homing import failed_lately
from simulation.checking.remarks import shared_pasts
from simulation.measures import Outcome, measure_all
from simulation.measures.tables import daily_table, merchant_table
from simulation.runs.execution import run_plan
from simulation.runs.probes import planned_arms
from simulation.scenario import Scenario
from simulation.scenario.reading.read import changed_scenario
from simulation.state.columns import CLOSED, NEVER, OPEN
from simulation.state.ledger import STORE_COUNTS
from simulation.state.luck import replicate_key
from simulation.state.ties import EMPTY
from simulation.warm_up.beginning import DRAWN, to_prepare
from simulation.warm_up.template import template_scenario
from simulation.world.cast.cast import Cast, draw_cast
from simulation.world.cast.merchants import blank_stores, draw_roster
from simulation.world.cast.past import earlier
from simulation.world.invariants.checks import check_invariants
from tests.support.worlds import differences, everything_written, merchant_columns, preset, small_scenario
from tests.unit.warm_up.conftest import asked


def begun(scenario: Scenario, arm: int, cast: Cast, threads: int = 1) -> LiveCommerceModel:
    return LiveCommerceModel(scenario, scenario.arms[arm], cast, threads)


def lived(scenario: Scenario, arm: int, cast: Cast, threads: int = 1) -> LiveCommerceModel:
    model = begun(scenario, arm, cast, threads)
    model.run()
    model.close()
    return model


@pytest.mark.parametrize("past", ["own", "switch"])
@pytest.mark.parametrize("arm", [0, 1])
def test_invariants_hold_on_every_day_and_measures_are_found(past: str, arm: int) -> None:
    scenario = asked(past, world={"isolated_viewers": 20})
    model = begun(scenario, arm, warm_cast(scenario))
    while model.day < model.days:
        model.step()
        check_invariants(model)
    outcome = Outcome.from_model(model)
    measures = measure_all(outcome)
    assert measures["visits"] > 0
    assert len(daily_table(outcome)) == scenario.world.days
    table = merchant_table(outcome)
    assert (table["arrival_day"] >= 0).all()
    assert not outcome.came[
        (table["arrival_day"] == 0) & ~table["in_business"] & table["last_day"].isna()
    ].any()
    assert outcome.came.sum() >= table["in_business"].sum() > 0
    alone = model.viewers.fan_ties[-20:]
    assert not alone.any() and (model.viewers.last_active[-20:] == NEVER).all()


def test_invariants_hold_where_a_world_is_a_part_of_its_template() -> None:
    scenario = asked("own", arcs=2)
    for replicate in range(3):
        model = begun(scenario, 0, warm_cast(scenario, replicate))
        while model.day < model.days:
            model.step()
            check_invariants(model)


def test_without_a_past_worlds_begin_from_nothing() -> None:
    scenario = asked("none")
    cast = warm_cast(scenario)
    assert cast.pasts == {} and len(cast.roster.arrival) == len(draw_cast(scenario).roster.arrival)
    one, other = lived(scenario, 0, cast), lived(scenario, 0, draw_cast(scenario))
    assert differences(everything_written(one), everything_written(other)) == []


def test_a_world_by_itself_is_refused_a_past_that_it_has_not() -> None:
    scenario = asked("own")
    with pytest.raises(ScenarioError, match=r"(?s)no past.*warm_cast"):
        LiveCommerceModel(scenario, "feed")
    with pytest.raises(ScenarioError, match="no past"):
        LiveCommerceModel(scenario, "feed", draw_cast(scenario))


def test_the_same_luck_gives_the_same_whatever_the_threads() -> None:
    scenario = asked("own")
    one = lived(scenario, 0, warm_cast(scenario, 1))
    other = lived(scenario, 0, warm_cast(scenario, 1, threads=3), threads=2)
    assert differences(everything_written(one), everything_written(other)) == []
    third = lived(scenario, 0, warm_cast(scenario, 2))
    assert differences(everything_written(one), everything_written(third)) != []


def test_arms_that_share_a_past_begin_alike_and_part() -> None:
    scenario = asked("switch")
    cast = warm_cast(scenario)
    feed, groups = begun(scenario, 0, cast), begun(scenario, 1, cast)
    for name in ("status", "heat", "cash", "fans", "streams"):
        np.testing.assert_array_equal(getattr(feed.stores, name), getattr(groups.stores, name))
    np.testing.assert_array_equal(feed.ties.store, groups.ties.store)
    feed.run(), groups.run()
    assert (feed.stores.fans != groups.stores.fans).any()


def test_arms_with_pasts_of_their_own_have_the_same_people_and_merchants() -> None:
    scenario = asked("own")
    cast = warm_cast(scenario)
    feed, groups = begun(scenario, 0, cast), begun(scenario, 1, cast)
    for name in ("category", "style", "price", "quality", "arrival"):
        np.testing.assert_array_equal(getattr(feed.stores, name), getattr(groups.stores, name))
    assert (feed.stores.fans != groups.stores.fans).any()
    assert feed.ties.store.max() < len(feed.stores.status)


def test_days_before_are_below_nought_and_what_never_was_never_is() -> None:
    np.testing.assert_array_equal(
        earlier(np.array([5, 0, NEVER, -7], np.int16), 10), np.array([-5, -10, NEVER, -17], np.int16)
    )
    model = begun(asked("own"), 0, warm_cast(asked("own")))
    held = model.ties.store != EMPTY
    assert model.ties.touched[held].max() < 0 and model.ties.touched[held].min() >= -45
    there = model.stores.status == OPEN
    assert model.stores.arrival[there].max() < 0
    assert (model.stores.profit == 0).all()
    assert (model.stores.starting_fans[there] == np.rint(20 * model.stores.fans[there])).all()


def test_whatever_is_drawn_of_a_merchant_comes_along_to_another_platform() -> None:
    settings = asked()
    roster = draw_roster(settings, replicate_key(7, 0))
    drawn = {
        name
        for name, blank in blank_stores(len(roster.status))._asdict().items()
        if (getattr(roster, name) != blank).any()
    }
    assert drawn - {"cash"} <= set(DRAWN)


def test_merchants_that_are_there_have_agents_and_newcomers_get_theirs() -> None:
    scenario = asked("own", world={"days": 20})
    model = begun(scenario, 0, warm_cast(scenario))
    there = int((model.stores.status == OPEN).sum())
    assert len(model.registered) == there > 0
    model.run()
    came = (model.cast.roster.arrival >= 0) & (model.stores.status != 0)
    assert len(model.registered) == there + came.sum()
    assert (model.stores.status == CLOSED).sum() >= 0


@pytest.mark.parametrize("arcs", [1, 3])
def test_a_past_goes_on_as_it_was(arcs: int) -> None:
    """The whole of a template lives on: visits, conversion and followers of the first month of three worlds,
    and of the template had it gone on; the bounds are twice the luck of a month in a world of this size."""
    scenario = changed_scenario(
        asked("own", arcs=arcs, warm_up={"days": 240, "burn_in": 30}, people={"categories": 4}),
        {
            "world.viewers": 2400,
            "world.merchants": 24 * arcs,
            "world.merchants_per_niche": 6.0,
            "world.days": 30,
        },
    )
    longer = changed_scenario(scenario, {"warm_up.days": 240 + 30 + 30})
    own = template_scenario(longer, scenario.arms[0].all_platforms, 0)
    assert (own.arcs, own.world.viewers, own.world.days) == (arcs, 2400, 300)
    before = lived(own, 0, draw_cast(own)).journal
    after = [lived(scenario, 0, warm_cast(scenario, replicate)).journal for replicate in (0, 3, 6)]
    visits, orders = STORE_COUNTS.index("visits"), STORE_COUNTS.index("orders")
    then, now = before.flows[-30:].sum(axis=0), sum(journal.flows.sum(axis=0) / 3 for journal in after)
    assert now[visits] == pytest.approx(then[visits], rel=0.1)
    assert now[orders] / now[visits] == pytest.approx(then[orders] / then[visits], rel=0.15)
    fans = np.mean([journal.fan_ties for journal in after])
    assert fans == pytest.approx(before.fan_ties[-30:].mean(), rel=0.12)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"warm_up.platform": "nobody"}, "(?s)nobody.*one of"),
        ({"warm_up.past": "sometimes"}, "none"),
        ({"warm_up.days": 0}, "warm_up.days"),
    ],
)
def test_pasts_that_cannot_be_are_refused(change: dict[str, object], found: str) -> None:
    with pytest.raises(ScenarioError, match=found):
        changed_scenario(asked("switch"), change)


def test_newcomers_of_a_past_who_failed_keep_others_away() -> None:
    """On day 10, of those who came in the last 90 days one of two before day 0 has closed, one since is open;
    who was there from the beginning of the past is none of them."""
    arrival = np.array([-200, -40, -40, 5], np.int16)
    stores = merchant_columns(1, 4, status=[CLOSED, CLOSED, OPEN, OPEN])
    assert failed_lately(stores, arrival, 10) == pytest.approx(1 / 3)
    assert failed_lately(stores, np.array([0, 0, 0, 5], np.int16), 10) == 0


def test_pasts_that_are_missing_are_made_once_and_told_of(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    scenario = asked("own", warm_up={"days": 6, "burn_in": 1})
    assert [own.arms[0].all_platforms[0].name for own in to_prepare(scenario)] == [
        "taobao_live",
        "tencent_live",
    ]
    told: list[float] = []
    run_plan(planned_arms(scenario, []), report=told.append)
    assert to_prepare(scenario) == [] and len(list(tmp_path.rglob("*.npz"))) == 2
    whole = 2 * 900 * 6 + 2 * 900 * scenario.world.days
    assert told[0] == pytest.approx(900 / whole) and told[-1] == 1.0
    assert told == sorted(told) and len(told) == 2 * 6 + 2 * scenario.world.days
    again: list[float] = []
    run_plan(planned_arms(scenario, []), report=again.append)
    assert again[0] == pytest.approx(1 / (2 * scenario.world.days)) and again[-1] == 1.0


def in_a_market(stays_out: bool) -> Scenario:
    """Two arms, in one of which the platform of the past may stay out."""
    feed, groups = preset("taobao_live"), preset("tencent_live")
    arms = [
        {"name": "with", "platforms": [groups, feed]},
        {"name": "without", "platforms": [groups, feed | {"stays_out": stays_out}]},
    ]
    return small_scenario(arms, 300, 8, 5, 1, 7, warm_up={"past": "switch", "platform": "taobao_live"})


def test_the_past_that_arms_share_is_of_no_platform_that_stays_out() -> None:
    assert in_a_market(False).warm_up.platform == "taobao_live"
    with pytest.raises(ScenarioError, match=r"(?s)warm_up\.platform.*stays out of arm 'without'"):
        in_a_market(True)


def messages_or_streams(past: str) -> Scenario:
    """The same groups, in which merchants send messages or stream."""
    arms = [
        {"name": name, "platform": preset("tencent_live") | {"name": name, "live": live}}
        for name, live in (("messages", False), ("streams", True))
    ]
    warm_up = {"past": past, "platform": "streams", "days": 20, "burn_in": 3, "template_arcs": 1}
    return small_scenario(arms, 300, 8, 5, 1, 7, warm_up=warm_up)


@pytest.mark.parametrize("past", ["none", "own", "switch"])
def test_where_merchants_send_messages_there_are_no_streams_whatever_has_gone_before(past: str) -> None:
    """Neither skills, crowds nor hours; and where they stream hosts have the skill that they were drawn with,
    also where messages have gone before."""
    scenario = messages_or_streams(past)
    cast = warm_cast(scenario)
    messages, streams = lived(scenario, 0, cast), lived(scenario, 1, cast)
    silent, heard = messages.stores, streams.stores
    for name in ("host_skill", "heat", "crowd_cue", "on_air"):
        assert not getattr(silent, name).any(), name
    assert (silent.length == 1.0).all() and messages.journal.live.any() and not messages.journal.hours.any()
    assert (heard.host_skill > 0).all() and (heard.host_skill == cast.roster.host_skill).all()
    assert heard.heat.any() and streams.journal.hours.any()
    found = measure_all(Outcome.from_model(messages))
    of_sessions = ("persons_at_once", "gmv_per_hour", "near_empty_session_share", "empty_room_share")
    of_sessions += ("visits_per_stream", "top20_gmv_per_visit_p50", "crowded_unconverting_session_share")
    assert np.isnan([found[name] for name in of_sessions]).all() and found["streams_per_half_year"] == 0


@pytest.mark.parametrize(
    ("past", "arcs", "template_arcs", "worlds", "shared"),
    [
        ("own", 2, 4, 2, None),
        ("own", 2, 5, 3, "3 worlds of 2 arcs begin with 2 pasts with nobody in common"),
        ("switch", 3, 3, 1, None),
        ("switch", 3, 3, 2, "2 worlds of 3 arcs begin with the same people"),
        ("switch", 3, 2, 2, "2 worlds of 3 arcs begin with the same people"),
        ("own", 1, 2, 2, None),
        ("own", 1, 2, 3, "3 worlds of 1 arc begin with 2 pasts with nobody in common"),
        ("none", 3, 3, 9, None),
    ],
)
def test_worlds_that_share_people_of_their_pasts_are_told_of(
    past: str, arcs: int, template_arcs: int, worlds: int, shared: str | None
) -> None:
    """By what the casts have in common: people whose inclination to trust is the same to the bit."""
    scenario = asked(past, arcs, warm_up={"template_arcs": template_arcs}, replications=worlds)
    (remark,) = list(shared_pasts(scenario)) or [None]
    assert (remark.found.partition(", so")[0] if remark else None) == shared
    if past != "none":
        people = [warm_cast(scenario, replicate).traits.trusting for replicate in range(worlds)]
        known = len(np.unique(np.concatenate(people)))
        assert (known < sum(map(len, people)) * 0.99) == (shared is not None)
