"""Seven verdicts that were once decided by how books were kept, as experiments: they no longer are.

Each switches on or off what used to decide.

Worlds are small (3,000 viewers, 60 merchants, 120 days, two of each): they show that a thing acts on both
sides or on neither, not how much.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simulation.claims.reading import read_scenario
from simulation.ensembles.tasks import run_arms
from simulation.resources import SCENARIOS_FOLDER
from simulation.scenario.sections.mechanisms import changes_without
from tests.support.stated_world import STATED
from tests.support.worlds import preset, small_scenario

WORLD = {"world.viewers": 3_000, "world.merchants": 60, "world.days": 120}
KINDS = ("community_vendor", "ordinary_shop", "brand", "influencer")
TAOBAO, TENCENT, HYBRID = "taobao_live", "tencent_live", "tencent_live_plus_feed"
Found = dict[str, dict[str, float]]
_known: dict[str, Found] = {}


def of_all_kinds(**changes: float) -> dict[str, float]:
    """The same number for every kind of merchant."""
    return {f"merchants.archetypes.{kind}.{key}": value for kind in KINDS for key, value in changes.items()}


def found(changes: dict[str, Any]) -> Found:
    """Means of all measures by arm over two stated worlds of the headline's question, with changes to it."""
    asked = repr(sorted(changes.items()))
    if asked not in _known:
        question = read_scenario(SCENARIOS_FOLDER / "tencent_live_2020.toml", STATED | WORLD | changes)
        worlds = [run_arms(question, replicate) for replicate in range(2)]
        _known[asked] = {
            arm: {name: float(np.mean([world[arm][name] for world in worlds])) for name in worlds[0][arm]}
            for arm in worlds[0]
        }
    return _known[asked]


def test_messages_annoy_on_both_sides() -> None:
    """Once only platforms with group links could annoy: on others fans stayed, whatever annoyed."""
    calm, annoying = (found({"following.annoyance": chance}) for chance in (0.0, 0.1))
    for arm in (TAOBAO, TENCENT, HYBRID):
        assert annoying[arm]["fan_half_life_days"] < 0.5 * calm[arm]["fan_half_life_days"]


def test_fans_of_a_closed_shop_have_not_left_it() -> None:
    """Once fans of shops that closed counted as leavers, and more shops close under Tencent Live."""
    usual, rich = found({}), found(of_all_kinds(cash=1e8))
    for arm in (TAOBAO, TENCENT, HYBRID):
        assert usual[arm]["merchant_survival_90d"] < 0.9 < rich[arm]["merchant_survival_90d"]
        ratio = usual[arm]["fan_half_life_days"] / rich[arm]["fan_half_life_days"]
        assert ratio == pytest.approx(1.0, abs=0.1)


def test_absolute_and_relative_size_of_the_largest_are_told_apart_and_turn_with_equal_groups() -> None:
    """Once shares of a small platform stood for audiences of a large one."""
    usual, equal = (
        found({}),
        found(of_all_kinds(fanless_share=0.0, fans_median=500, fans_sigma=0.0, walk_in_members=5)),
    )
    absolute, share = "settled_largest_audience_per_100k", "top1_audience_share"
    assert usual[TENCENT][absolute] < usual[TAOBAO][absolute], "fewer persons have seen the largest"
    assert usual[TENCENT][share] > usual[TAOBAO][share], "of whom it has a larger share"
    assert equal[TENCENT][share] < 0.5 * usual[TENCENT][share], "which its starting group decides"


def stall(radius: float) -> Found:
    """One stall that delivers to so many persons; 0 is everywhere."""
    entry = {"name": "stall", "kind": "community_vendor", "category": 0, "members": 300, "radius": radius}
    return found({"merchants.named": [entry]})


def test_a_stall_with_a_radius_sells_to_its_neighbours_only() -> None:
    """Once a feed sold a stall's fruit to anybody."""
    near, anywhere = stall(900)[TAOBAO], stall(0)[TAOBAO]
    near_conversion, anywhere_conversion = (
        arm["named_orders_stall"] / arm["named_visits_stall"] for arm in (near, anywhere)
    )
    assert near["named_visits_stall"] > 1_000, "anybody may watch"
    assert near_conversion < 0.5 * anywhere_conversion


def test_newcomers_with_a_counter_are_visited_wherever_they_run_a_group() -> None:
    """Once newcomers on a platform of fans had no visit, whatever was set."""
    counter = of_all_kinds(walk_in_members=600, community_skill=1.0, fanless_share=1.0) | {
        "merchants.counter_share": 1.0,
        "merchants.without_community": 0.0,
        "shopkeeping.arrivals": 4.0,
    }
    groups = found(counter)
    nobody = found(counter | {"merchants.counter_share": 0.0})
    for arm in (TAOBAO, TENCENT, HYBRID):
        assert groups[arm]["newcomer_first_week_visits"] > 10
    assert nobody[TENCENT]["newcomer_first_week_visits"] == 0, "a group needs members from somewhere"


def test_endorsement_is_judged_on_the_visits_that_it_acts_on() -> None:
    """Once it could not carry the 5% asked of it, since friends' links bring few of all visits."""
    with_it, without = found({}), found(changes_without(["endorsement"]))
    for arm in (TENCENT, HYBRID):
        on_cards = with_it[arm]["card_conversion_ratio"] / without[arm]["card_conversion_ratio"]
        overall = with_it[arm]["conversion_rate"] / without[arm]["conversion_rate"]
        assert on_cards > 1.05 and on_cards - 1.0 > 2.0 * (overall - 1.0)


def test_repurchase_is_set_against_a_world_in_which_nobody_can_follow_or_join() -> None:
    """Once its rise within a run counted, which is as steep where nobody can follow."""
    usual, nobody = found({}), found(changes_without(["following_and_joining"]))
    assert nobody[TAOBAO]["fans_gained"] < 0.2 * usual[TAOBAO]["fans_gained"], "but for the counter"
    gain = usual[TAOBAO]["repurchase_rate_30d"] - nobody[TAOBAO]["repurchase_rate_30d"]
    assert not math.isnan(gain) and abs(gain) < usual[TAOBAO]["repurchase_rate_30d"] / 2


def test_an_empty_launch_leaves_rivals_as_they_were() -> None:
    """Once occasions were divided among platforms, so that an empty one destroyed what fell to it."""
    usual = preset("taobao_live")
    empty = preset("tencent_live") | {"name": "tencent_live", "launch_day": 10}
    question = small_scenario(
        [
            {"name": "alone", "platform": usual},
            {"name": "with_an_empty_rival", "platforms": [usual | {"name": "taobao_live"}, empty]},
        ],
        viewers=500,
        shops=20,
        days=60,
        market={"entry_rate": 0.0},
        shopkeeping={"arrivals": 0.0},
    )
    arms = run_arms(question, 0)
    for measure in ("visits", "orders", "gmv", "fans_gained"):
        assert arms["with_an_empty_rival"][measure] == arms["alone"][measure] > 0
