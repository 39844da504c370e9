"""Claims over a sweep: at each point what a run of the same scenario would say, of every kind of test."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from simulation.claims.catalogue import answerable_claims, windows_wanted
from simulation.claims.effects import measured_effect
from simulation.claims.reading import check_table
from simulation.claims.verdict import judge_claim
from simulation.ensembles.analysis.analysis import SweepResults, verdicts
from simulation.ensembles.analysis.verdicts import why_not
from simulation.ensembles.claim_worlds import worlds_per_run
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.planning import planned_tasks
from simulation.ensembles.sampling.points import asked_once
from simulation.ensembles.sweep import run_sweep
from simulation.laboratory import analyse
from simulation.runs.execution import run_plan
from simulation.runs.probes import planned_arms, probes_needed
from simulation.runs.results import Results
from simulation.scenario import Scenario
from simulation.scenario.reading.read import changed_scenario
from simulation.scenario.sections.claim import TESTS
from tests.support.here import here
from tests.support.stated_world import stated
from tests.support.worlds import preset

WORLDS = 3
CARRIES: dict[str, Any] = {
    "measure": "conversion_rate",
    "arm": "shared",
    "against": "shared",
    "against_without": ["endorsement"],
    "direction": "higher",
    "margin": 0.01,
    "why": "to be seen",
}
LINKS = "arms.shared.platform.channels.share"


def question(**sweep: Any) -> Scenario:
    """The article's claims where friends' links reach nobody, some and many, in turn."""
    return check_table(
        {
            "name": "swept",
            "title": "Swept",
            "world": {"viewers": 800, "merchants": 60, "days": 180},
            "run": {"replications": WORLDS, "probe_replications": 2, "seed": 4},
            "arms": [
                {"name": "shared", "role": "decentralised", "platform": preset("tencent_live")},
                {"name": "central", "role": "centralised", "platform": preset("taobao_live")},
            ],
            "claims": [{"id": "carries", "title": "Endorsement carries it", "tests": [CARRIES]}],
            "sweep": {
                "design": "list",
                "replications": WORLDS,
                "rows": [
                    {LINKS: 0.0, "purchase.trust_weight": 1.0},
                    {LINKS: 0.4, "purchase.trust_weight": 3.0},
                ],
                **sweep,
            },
            **stated(),
        },
        "test",
    )


@cache
def swept() -> SweepResults:
    """The sweep, read back from disk."""
    with TemporaryDirectory() as folder:
        run_sweep(question(all_claims=True), Path(folder), Execution(here, 1))
        assert analyse(Path(folder)).page.is_file()
        return SweepResults.read(Path(folder))


@cache
def alone(point: int) -> tuple[Scenario, Results]:
    """An ordinary run of the scenario at one point."""
    scenario = question(all_claims=True)
    assert scenario.sweep is not None
    there = changed_scenario(asked_once(scenario), scenario.sweep.rows[point])
    claims = answerable_claims(there)
    return there, run_plan(planned_arms(there, probes_needed(there, claims), windows_wanted(claims)))


CLAIMS = answerable_claims(question())


def test_every_kind_of_test_is_among_them() -> None:
    tests = [test for claim in CLAIMS for test in claim.tests]
    assert {test.kind for test in tests} == set(TESTS)
    assert any(test.against_without for test in tests) and any(test.relative for test in tests)


@pytest.mark.worlds
@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
@pytest.mark.parametrize("point", [0, 1])
def test_a_claim_s_effects_at_a_point_are_those_of_a_run_there(claim: Any, point: int) -> None:
    results = swept()
    assert not why_not(claim, results)
    (found,) = (entry for entry in verdicts(results) if entry.claim.id == claim.id)
    scenario, run = alone(point)
    for effect, test in zip(found.effects, claim.tests, strict=True):
        assert effect.shape == (2, WORLDS)
        np.testing.assert_array_equal(
            effect.loc[point].to_numpy(), measured_effect(test, scenario, run).values, err_msg=test.measure
        )
    assert found.status[point] == judge_claim(claim, scenario, run).status


@pytest.mark.worlds
def test_effects_are_not_all_missing() -> None:
    """So that equal effects are equal numbers; a few worlds are too few for some ratios, and worlds without
    links or with hardly any orders for those of conversions."""
    empty = {
        test.measure
        for entry in verdicts(swept())
        for effect, test in zip(entry.effects, entry.claim.tests, strict=True)
        if effect.isna().all(axis=1).any() and not test.relative
    }
    assert all("conversion_ratio" in measure for measure in empty), empty
    assert any(
        effect.notna().any(axis=1).all()
        for entry in verdicts(swept())
        for effect, test in zip(entry.effects, entry.claim.tests, strict=True)
        if test.relative
    )


@pytest.mark.worlds
def test_probes_are_run_in_the_first_worlds_and_equal_the_arm_where_nothing_can_be_switched_off() -> None:
    effects = {entry.claim.id: entry.effects for entry in verdicts(swept())}
    assert (
        effects["stickiness_beats_pool.literal"][0].notna().to_numpy().tolist() == [[True, True, False]] * 2
    )
    without_endorsement = effects["carries"][0].to_numpy()
    assert (without_endorsement[0] == 0).all(), "no links, so the arm itself, in every world"
    assert (without_endorsement[1, :2] != 0).any() and np.isnan(without_endorsement[1, 2])


@pytest.mark.worlds
def test_paired_merchants_stand_in_the_row_of_both_arms() -> None:
    data = swept().data
    rows = data[data["better_off_share"].notna()]
    assert set(zip(rows["arm"], rows["against"], strict=True)) == {("shared", "central")}
    assert len(rows) == 2 * WORLDS


@pytest.mark.worlds
def test_without_the_wish_only_whole_runs_are_kept_and_runs_are_told_apart() -> None:
    plain, more = question(), question(all_claims=True)
    assert worlds_per_run(plain) == 2 and worlds_per_run(more) == 2 + len(probes_needed(plain, CLAIMS))
    identities = [{task.identity for task in planned_tasks(case)[1]} for case in (plain, more)]
    assert not identities[0] & identities[1], "runs without probes are not taken for runs with them"
    results = swept()
    own = results.data[~results.data["arm"].str.contains(" ")]
    kept = SweepResults(plain, own)
    refused = {claim.id for claim in CLAIMS if "all_claims" in why_not(claim, kept)}
    needing = {
        claim.id
        for claim in CLAIMS
        for test in claim.tests
        if test.kind in ("trend", "merchants", "elasticity")
        or test.without
        or test.against_without
        or "@" in test.measure
    }
    assert refused == needing and needing
