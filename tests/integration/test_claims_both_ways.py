"""No reading is wired in: each comes out one way in one world and the other way in another."""

from __future__ import annotations

from typing import Any

import pytest

from simulation.claims.catalogue import article_claims, windows_wanted
from simulation.claims.reading import check_table, read_scenario
from simulation.claims.verdict import ReadingVerdict, judge_claim
from simulation.runs.execution import run_plan
from simulation.runs.probes import planned_arms, probes_needed
from simulation.scenario import Scenario, find_scenario
from tests.support.claim_worlds import HAND_SET, ROLES_END, WORLDS
from tests.support.market_claim_worlds import MARKET_WORLDS
from tests.support.shop_claim_worlds import SHOP_WORLDS
from tests.support.stated_world import STATED
from tests.support.worlds import preset

READINGS = {reading.id: reading for claim in article_claims() for reading in claim.each if reading.tests}
NOT_YET = {
    "defensive_entry.literal": "undecided in 4 sets of parameters",
    "late_entry.accept": "not looked for",
    "late_entry.literal": "contradicted in 1, supported in none of 4",
    "late_entry.strict": "not looked for: worlds of 1,200 days",
    "mechanism_holds_back_plan.strict": "contradicted in 1, supported in none of 1",
    "stickiness_beats_pool.strict": "contradicted in 2, supported in none of 2",
    "unfriendly_to_newcomers.literal": "supported in 5, contradicted in none of 4",
    "views_without_sales.strict": "contradicted in 2, supported in none of 1",
}
"""Readings that have not turned so far, and in how many sets of parameters they came out how."""
ROLES = {"central": ("centralised", "taobao_live"), "shared": ("decentralised", "tencent_live")}


def world_of(changes: dict[str, Any]) -> Scenario:
    """The small world of `HAND_SET` with `changes`."""
    platforms = {name: preset(platform) for name, (_, platform) in ROLES.items()}
    changes = {ROLES_END: ""} | changes
    ending = changes.pop(ROLES_END)
    table: dict[str, Any] = {
        "name": "claim_world",
        "title": "A world for a claim",
        "article_claims": False,
        "world": {"viewers": 1_500, "merchants": 40, "days": 180},
        "run": {"replications": 5, "seed": 11},
    }
    for key, value in (HAND_SET | changes).items():
        *path, last = key.split(".")
        at = platforms if path and path[0] in platforms else table
        for part in path:
            at = at.setdefault(part, {})
        at[last] = value
    table["arms"] = [
        {"name": name, "role": role + ending, "platform": platforms[name]}
        for name, (role, _) in ROLES.items()
    ]
    return check_table(table, "test")


def market_of(
    arms: list[dict[str, Any]], policies: list[dict[str, Any]], changes: dict[str, Any]
) -> Scenario:
    """The small world of `HAND_SET` with these arms, policies and changes, long enough for a late entry."""
    table = world_of(changes).model_dump(exclude_none=True)
    days = 180 + max((p.get("launch_day", 0) for arm in arms for p in arm.get("platforms", [])), default=0)
    table["world"]["days"] = days if any("platforms" in arm for arm in arms) else 180
    return check_table(table | {"arms": arms, "policies": policies}, "test")


def verdict_in(name: str, scenario: Scenario) -> ReadingVerdict:
    """Verdict on one reading in the world of `scenario`."""
    claim = READINGS[name]
    results = run_plan(planned_arms(scenario, probes_needed(scenario, [claim]), windows_wanted([claim])))
    return judge_claim(claim, scenario, results).readings[0]


def test_readings_have_both_worlds_and_what_has_none_is_listed():
    worlds = WORLDS | SHOP_WORLDS | MARKET_WORLDS
    assert set(worlds) | set(NOT_YET) == set(READINGS) and not set(worlds) & set(NOT_YET)
    assert len(worlds) == len(WORLDS) + len(SHOP_WORLDS) + len(MARKET_WORLDS)
    assert all(set(both) == {"supported", "contradicted"} for both in worlds.values())


def test_the_worlds_state_whatever_calibration_may_change() -> None:
    """Otherwise a reading would turn with a calibration, though neither it nor its worlds had changed."""
    sweep = read_scenario(find_scenario("calibration")).sweep
    assert sweep is not None
    assert {factor.key for factor in sweep.factors} <= set(STATED) <= set(HAND_SET)


def assert_status(verdict: ReadingVerdict, status: str) -> None:
    found = [(test.label, test.effect, test.low, test.high, test.status) for test in verdict.tests]
    assert verdict.status == status, found


@pytest.mark.worlds
@pytest.mark.parametrize("name", WORLDS | SHOP_WORLDS | MARKET_WORLDS)
@pytest.mark.parametrize("status", ["supported", "contradicted"])
def test_a_reading_comes_out_as_its_world_decides(name: str, status: str):
    if name in MARKET_WORLDS:
        assert_status(verdict_in(name, market_of(*MARKET_WORLDS[name][status])), status)
    else:
        assert_status(verdict_in(name, world_of((WORLDS | SHOP_WORLDS)[name][status])), status)
