"""No claim is wired in: each comes out one way in one world and the other way in another."""

from __future__ import annotations

from typing import Any

import pytest

from simulation.claims.catalogue import article_claims
from simulation.claims.verdict import Verdict, judge_claim
from simulation.experiments.arms import plan_of, probes_of
from simulation.experiments.execution import run_plan
from simulation.scenario import Scenario, check_table
from tests.integration.claim_worlds import WORLDS
from tests.worlds import preset

CLAIMS = {claim.id: claim for claim in article_claims()}
ROLES = {"central": ("centralised", "taobao_live"), "shared": ("decentralised", "tencent_live")}


def world_of(changes: dict[str, Any]) -> Scenario:
    """The small default world with `changes`."""
    platforms = {name: preset(platform) for name, (_, platform) in ROLES.items()}
    table: dict[str, Any] = {
        "name": "claim_world", "title": "A world for a claim", "article_claims": False,
        "world": {"viewers": 1_500, "merchants": 40, "days": 90},
        "run": {"replications": 5, "seed": 11},
    }
    for key, value in changes.items():
        *path, last = key.split(".")
        at = platforms if path and path[0] in platforms else table
        for part in path:
            at = at.setdefault(part, {})
        at[last] = value
    table["arms"] = [
        {"name": name, "role": role, "platform": platforms[name]} for name, (role, _) in ROLES.items()
    ]
    return check_table(table, "test")


def verdict_in(claim_id: str, changes: dict[str, Any]) -> Verdict:
    """Verdict on one claim in the world with `changes`."""
    scenario, claim = world_of(changes), CLAIMS[claim_id]
    results = run_plan(plan_of(scenario, probes_of(scenario, [claim])))
    return judge_claim(claim, scenario, results)


def test_every_testable_claim_has_both_worlds():
    assert set(WORLDS) == set(CLAIMS)
    assert all(set(worlds) == {"supported", "contradicted"} for worlds in WORLDS.values())


@pytest.mark.parametrize("claim_id", list(WORLDS))
@pytest.mark.parametrize("status", ["supported", "contradicted"])
def test_claim_comes_out_as_its_world_decides(claim_id: str, status: str):
    verdict = verdict_in(claim_id, WORLDS[claim_id][status])
    found = [(test.label, test.effect, test.low, test.high, test.status) for test in verdict.tests]
    assert verdict.status == status, found
