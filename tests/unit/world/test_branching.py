"""Arms that are alike for some days live through them once, and end as if each had been alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulation.claims.reading import read_scenario
from simulation.laboratory.experiment import plan_experiment
from simulation.runs import execution
from simulation.scenario import Scenario, find_scenario
from simulation.world import branching
from simulation.world.branching import Branches, branched, days_alike
from simulation.world.cast.cast import draw_cast
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import differences, everything_written

SMALL = {"world.viewers": 600, "world.merchants": 12, "world.days": 75, "run.replications": 1}


@pytest.fixture(scope="module")
def plans() -> Scenario:
    """A plan that supports some merchants from day 60 on; arms differ in whom."""
    return read_scenario(find_scenario("support_plan"), SMALL)


def market_table(*launches: int, **changes: float) -> dict[str, Any]:
    """Two platforms, the second launched on another day in each arm; the last arm has `changes`."""
    table: dict[str, Any] = {
        "name": "launches",
        "title": "Launches",
        "article_claims": False,
        "world": {"viewers": 500, "merchants": 10, "days": 40},
        "run": {"replications": 1},
        "arms": [
            {"name": f"arm_{number}", "platforms": ["taobao_live", {"preset": "douyin", "launch_day": day}]}
            for number, day in enumerate(launches)
        ],
    }
    table["arms"][-1]["changes"] = changes
    return table


def market(*launches: int, **changes: float) -> Scenario:
    """`market_table` as a scenario."""
    return read_scenario(market_table(*launches, **changes))


def test_arms_are_alike_until_a_policy_acts_in_one_of_them(plans: Scenario) -> None:
    lot, above, none = (plans.arm(name) for name in ("by_lot", "above_50000", "no_plan"))
    assert lot and above and none
    assert days_alike(plans, lot, above) == days_alike(plans, above, lot) == 60
    assert days_alike(plans, none, above) == 0, "a page of the supported is a surface more from the start"
    assert days_alike(plans, lot, lot) == 74


def test_arms_with_other_pasts_are_never_alike() -> None:
    """Platforms of a past are those before an arm's changes, so that what is alike from day 0 on is not."""
    written = {"preset": "taobao_live", "link_friction": 0.9}
    arms = [
        {"name": "written", "platform": written},
        {"name": "changed", "platform": "taobao_live", "changes": {"platform.link_friction": 0.9}},
    ]
    table = {"name": "pasts", "title": "Pasts", "article_claims": False, "arms": arms}
    table["world"] = {"viewers": 300, "merchants": 6, "days": 30}
    alike = {}
    for past in ("none", "own"):
        scenario = read_scenario(table | {"warm_up": {"past": past}})
        alike[past] = days_alike(scenario, *scenario.arms)
    assert alike == {"none": 29, "own": 0}


def test_rules_from_outside_may_remember_another_world(tmp_path: Path) -> None:
    rule = tmp_path / "rule.py"
    rule.write_text("def RULE(merchants, due, shopkeeping):\n    pass\n")
    table = market_table(10, 25) | {"plugins": {"merchant_rules": {"own": str(rule)}}, "merchant_rule": "own"}
    scenario = read_scenario(table)
    assert days_alike(scenario, *scenario.arms) == 0


def test_no_more_copies_wait_than_there_is_memory_for(
    plans: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    arms = {arm.name: arm for arm in plans.arms}
    monkeypatch.setattr(branching, "MOST_VIEWERS", 2 * plans.world.viewers)
    branches = Branches(plans, arms)
    assert sum(map(len, branches._of.values())) == 2


def test_arms_are_alike_until_a_platform_is_launched() -> None:
    scenario = market(10, 25, 38, **{"trust.half_life": 20.0})
    first, second, last = scenario.arms
    assert days_alike(scenario, first, second) == 10
    assert days_alike(scenario, second, last) == 0, "trust fades in another way"


@pytest.mark.parametrize("threads", [1, 2])
def test_a_branch_ends_as_the_arm_does_alone(plans: Scenario, threads: int) -> None:
    above = plans.arm("above_1000")
    assert above is not None
    model = LiveCommerceModel(plans, "by_lot", draw_cast(plans), threads)
    while model.day < 60:
        model.step()
    other, alone = branched(model, above), LiveCommerceModel(plans, above, draw_cast(plans))
    for each in (other, model, alone):
        each.run()
    assert differences(everything_written(other), everything_written(alone)) == []
    assert differences(everything_written(other), everything_written(model)) != [], "the plan does something"


@pytest.mark.parametrize("scenario", ["plans", market(10, 25, 25, 38)], ids=["policies", "launches"])
def test_a_replication_is_the_same_with_branches_and_without(
    scenario: Any, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = request.getfixturevalue(scenario) if isinstance(scenario, str) else scenario
    plan, days, steps = plan_experiment(asked), [0, 0], [0, 0]
    step = LiveCommerceModel.step
    found = []
    for turn, most in enumerate((branching.MOST_VIEWERS, 0)):

        def counted(model: LiveCommerceModel, turn: int = turn) -> None:
            steps[turn] += 1
            step(model)

        def day_done(turn: int = turn) -> None:
            days[turn] += 1

        monkeypatch.setattr(LiveCommerceModel, "step", counted)
        monkeypatch.setattr(branching, "MOST_VIEWERS", most)
        found.append(execution.run_replicate(plan, 0, 1, day_done))
    pd.testing.assert_frame_equal(*(pd.DataFrame(each.runs) for each in found), check_exact=True)
    for name, tables in found[0].tables.items():
        pd.testing.assert_frame_equal(
            *(pd.concat(each) for each in (tables, found[1].tables[name])), check_exact=True
        )
    assert days == [len(plan.arms) * asked.world.days] * 2, "progress counts days that are shared as well"
    assert steps[1] - steps[0] == (4 * 60 if isinstance(scenario, str) else 10 + 39 + 25)


def test_an_arm_with_a_line_list_begins_on_its_first_day(plans: Scenario) -> None:
    arms = {arm.name: arm for arm in plans.arms}
    model = LiveCommerceModel(plans, "by_lot")
    branches = Branches(plans, arms, whole=["above_10000"])
    while model.day < 60:
        model.step()
    branches.day_over("above_50000", model)
    assert branches.taken("above_10000") is None
    assert branches.taken("above_1000") is not None
    assert branches.taken("above_1000") is None, "each is taken once"
