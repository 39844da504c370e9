"""Common random numbers: same seed, same bytes; what cannot act changes nothing at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.runs.execution import run_plan
from simulation.runs.probes import Plan, planned_arms
from simulation.scenario import Scenario
from simulation.scenario.tables import Arm
from tests.support.worlds import (
    build_model,
    differences,
    everything_written,
    finished,
    platform,
    preset,
    scenario,
)

PRESETS = ("taobao_live", "tencent_live", "tencent_live_plus_feed")
CENTRAL = {"recommend": 0.5, "hot_list": 0.3, "follow": 0.2}
SHARED = {"push": 0.5, "share": 0.5}


def runs_of(settings: Scenario) -> pd.DataFrame:
    return run_plan(planned_arms(settings, [])).runs


def test_the_same_seed_gives_the_same_bytes(three_platforms: Scenario, tmp_path: Path) -> None:
    files = [tmp_path / "first.parquet", tmp_path / "second.parquet"]
    for file in files:
        runs_of(three_platforms).to_parquet(file, index=False)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_seed_or_replication_is_another_world(three_platforms: Scenario) -> None:
    again = three_platforms.model_copy(update={"run": three_platforms.run.model_copy(update={"seed": 8})})
    first, second = runs_of(three_platforms), runs_of(again)
    assert not (first["visits"] == second["visits"]).any()
    by_replicate = first.pivot(index="arm", columns="replicate", values="visits")
    assert (by_replicate[0] != by_replicate[1]).all()


def test_a_platforms_name_has_no_effect(three_platforms: Scenario) -> None:
    for name in PRESETS:
        other = preset(name) | {"name": "another", "label": "Another", "operator": "Someone"}
        twins = scenario({"one": preset(name), "two": other}, shops=40, days=30, replications=2)
        runs = runs_of(twins).set_index(["arm", "replicate"])
        pd.testing.assert_frame_equal(runs.loc["one"], runs.loc["two"], check_exact=True)
        assert runs["visits"].min() > 0


def test_arms_do_not_touch_each_other(three_platforms: Scenario) -> None:
    """An arm gives the same results whatever ran before it on the same cast."""
    together = runs_of(three_platforms)
    for arm in three_platforms.arms:
        alone = run_plan(Plan(three_platforms, {arm.name: arm})).runs
        shared = together[together["arm"] == arm.name].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, shared[list(alone)], check_exact=True)


IDLE: list[tuple[dict[str, float], dict[str, float]]] = [
    (CENTRAL, {"purchase.endorsement_scale": 0.0}),
    (CENTRAL, {"purchase.repeat_endorsement": 1.0}),
    (CENTRAL, {"sharing.base_rate": 0.0}),
    (CENTRAL, {"sharing.max_waves": 0, "sharing.direct_notice": 1.0}),
    (CENTRAL, {"choice.friend_weight": 9.0}),
    (CENTRAL, {"choice.fatigue_weight": 9.0}),
    (CENTRAL, {"following.annoyance": 1.0}),
    (CENTRAL, {"shopkeeping.push_per_stream": 0.0}),
    (SHARED, {"platform.feed.heat_exponent": 3.0, "platform.feed.exploration": 0.0}),
    (SHARED, {"platform.hot_list.length": 1}),
    (SHARED, {"choice.rank_weight": 5.0}),
    (SHARED, {"shopkeeping.newcomer_days": 1}),
    ({"recommend": 1.0}, {"choice.rank_weight": 5.0}),
    ({"push": 1.0}, {"sharing.base_rate": 1.0, "purchase.endorsement_scale": 0.0}),
    (CENTRAL | {"share": 0.0}, {"sharing.base_rate": 1.0}),
]
"""A mix of channels, and parameters that have nothing to act on there."""


@pytest.mark.parametrize(("channels", "changes"), IDLE, ids=lambda value: "+".join(value))
def test_what_cannot_act_changes_nothing(channels: dict[str, float], changes: dict[str, float]) -> None:
    settings = scenario({"arm": platform(channels)}, shops=30, days=20)
    changed = settings.model_copy(update={"arms": [with_changes(settings.arms[0], changes)]})
    plain, idle = finished(settings), finished(changed)
    assert plain.journal.visits.sum() > 0
    assert differences(everything_written(plain), everything_written(idle)) == []


def with_changes(arm: Arm, changes: dict[str, float]) -> Arm:
    return arm.model_copy(update={"changes": changes})


@pytest.mark.parametrize("name", PRESETS)
def test_what_can_act_changes_something(name: str) -> None:
    """The comparisons above could not fail if every change were ignored."""
    settings = scenario({"arm": preset(name)}, shops=30, days=20)
    changed = settings.model_copy(
        update={"arms": [with_changes(settings.arms[0], {"choice.enter_bias": -0.6})]}
    )
    found = differences(everything_written(finished(settings)), everything_written(finished(changed)))
    assert "journal.visits" in found


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("threads", [2, 5])
def test_threads_change_nothing(name: str, threads: int) -> None:
    settings = scenario(
        {"arm": preset(name)},
        viewers=301,
        shops=40,
        days=30,
        sharing={"base_rate": 0.6, "broadcast_notice": 0.5},
        people={"activity_mean": 3.0},
    )
    alone, together = finished(settings), finished(settings, threads=threads)
    assert differences(everything_written(alone), everything_written(together)) == []


def with_isolated(name: str, extra: int, **sections: Any) -> dict[str, np.ndarray]:
    settings = scenario(
        {"arm": preset(name)},
        viewers=400 + extra,
        shops=60,
        days=30,
        seed=11,
        world={"isolated_viewers": extra},
        **sections,
    )
    found = everything_written(finished(settings))
    return {
        what: value[:400] if what.startswith(("viewers.", "ties.")) else value
        for what, value in found.items()
        if what not in ("journal._bought", "journal._followed")  # by viewer; what is measured is compared
    }


@pytest.mark.parametrize("name", PRESETS)
def test_an_isolated_viewer_changes_nobody_elses_luck(name: str) -> None:
    assert differences(with_isolated(name, 0), with_isolated(name, 1)) == []


@pytest.mark.parametrize("name", PRESETS)
def test_large_private_domains_do_not_feel_an_isolated_viewer(name: str) -> None:
    """Also where the cap on private domains, a share of the population, binds."""
    merchants = {"largest_private_domain": 0.1}
    alone, beside = (with_isolated(name, extra, merchants=merchants) for extra in (0, 30))
    assert differences(alone, beside) == []


def test_columns_of_an_arm_are_its_own(three_platforms: Scenario) -> None:
    """Two models on one cast share traits, never state."""
    first, second = build_model(three_platforms, 0), build_model(three_platforms, 0)
    first.run()
    assert second.viewers.visited_by.sum() == 0 and first.viewers.visited_by.sum() > 0
    second.run()
    assert differences(everything_written(first), everything_written(second)) == []
