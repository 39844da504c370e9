"""The results folder keeps its contract: files, columns, whole or not at all, the same for any workers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from simulation.archive.archive import read_run, runs_in
from simulation.claims.reading import read_scenario
from simulation.claims.whole import WORDS, Status
from simulation.laboratory import experiment as laboratory
from simulation.laboratory import plan_experiment, store_run
from simulation.measures import MEASURES
from simulation.runs.execution import run_plan
from simulation.scenario import Scenario
from simulation.scenario.identity import as_table, fingerprints
from simulation.scenario.reading.read import find_scenario
from simulation.storage.manifest import belonging

ROWS = {
    "world.viewers": 400,
    "world.merchants": 15,
    "world.days": 35,
    "run.replications": 3,
    "run.probe_replications": 2,
}
MODEL_MD_MEASURES = (
    "conversion_rate",
    "buyer_conversion",
    "gmv",
    "gmv_per_visit",
    "return_rate",
    "revisit_rate_7d",
    "revisit_rate_30d",
    "repurchase_rate_30d",
    "fan_half_life_days",
    "dau_mau",
    "repeat_gmv_share",
    "newcomer_first_week_visits",
    "days_to_first_order",
    "empty_room_share",
    "merchant_survival_90d",
    "profitable_merchant_share",
    "profit_per_merchant",
    "break_even_private_domain",
    "top1_audience_share",
    "top1_gmv_share",
    "top1pct_audience_share",
    "audience_gini",
    "gmv_gini",
    "private_traffic_share",
    "outside_share",
    "k_factor",
    "unreached_demand_share",
)
"""Names that other tools rely on."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read_scenario(find_scenario("tencent_live_2020"), ROWS)


@pytest.fixture(scope="module")
def folder(scenario: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return store_run(scenario, tmp_path_factory.mktemp("results"), workers=2)


def test_runs_have_a_row_per_arm_and_replicate_and_a_column_per_measure(folder: Path):
    runs = pd.read_parquet(folder / "runs.parquet")
    assert not runs.duplicated(["arm", "replicate"]).any()
    counts = runs.groupby("arm")["replicate"].count()
    assert set(counts[["taobao_live", "tencent_live", "tencent_live_plus_feed"]]) == {3}
    assert set(counts.drop(["taobao_live", "tencent_live", "tencent_live_plus_feed"])) == {2}, "probes"
    assert set(MODEL_MD_MEASURES) <= set(MEASURES)
    assert {name for name, entry in MEASURES.items() if entry.of_all} <= set(runs.columns)
    assert {"conversion_rate_push", "gmv_share", "profit_per_merchant_brand"} <= set(runs.columns)
    without_feed = runs[runs["arm"] == "tencent_live"]
    assert without_feed["conversion_rate_recommend"].isna().all(), "missing, never zero"
    assert without_feed["merchant_survival_90d"].isna().all(), "no value in a run of 35 days"


def test_tables_hold_the_columns_of_the_contract(folder: Path):
    daily = pd.read_parquet(folder / "daily.parquet")
    assert {"arm", "replicate", "day", "visits", "gmv", "private_traffic_share"} <= set(daily.columns)
    assert len(daily) == 3 * 3 * 35
    merchants = pd.read_parquet(folder / "merchants.parquet")
    assert {
        "arm",
        "replicate",
        "merchant",
        "name",
        "archetype",
        "starting_fans",
        "visits",
        "orders",
        "gmv",
        "profit",
        "fans",
        "first_order_day",
        "last_day",
    } <= set(merchants.columns)
    channels = pd.read_parquet(folder / "channels.parquet")
    assert {"arm", "replicate", "channel", "reach", "visits", "orders", "gmv"} <= set(channels.columns)


def test_tables_agree_with_each_other(folder: Path):
    keys = ["arm", "replicate"]
    runs = pd.read_parquet(folder / "runs.parquet").set_index(keys)
    for name in ("daily", "merchants", "channels"):
        sums = pd.read_parquet(folder / f"{name}.parquet").groupby(keys)[["visits", "orders", "gmv"]].sum()
        expected = runs.loc[sums.index, ["visits", "orders", "gmv"]]
        pd.testing.assert_frame_equal(sums, expected, check_exact=False, rtol=1e-9)


def test_people_and_merchants_are_the_same_under_each_arm(folder: Path):
    merchants = pd.read_parquet(folder / "merchants.parquet")
    traits = ["archetype", "arrival_day", "starting_fans"]
    arms = [rows.set_index(["replicate", "merchant"])[traits] for _, rows in merchants.groupby("arm")]
    assert len(arms) == 3 and all(arms[0].equals(other) for other in arms[1:])
    assert merchants.groupby("replicate")["starting_fans"].sum().nunique() > 1, "replications differ"


def test_manifest_says_where_results_come_from(folder: Path, scenario: Scenario):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == scenario.run.seed and manifest["arms"] == [a.name for a in scenario.arms]
    assert manifest["viewer_days_per_second"] > 0 and manifest["peak_memory_bytes"] > 1e7
    assert manifest["packages"]["mesa"] and len(manifest["scenario_hash"]) == 64
    assert {"started", "git_revision", "model_version", "python"} <= set(manifest)


def test_every_claim_has_a_verdict_with_effect_interval_and_margin(folder: Path):
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    assert len(claims["claims"]) == 19
    for claim in claims["claims"]:
        assert claim["word"] in WORDS
        assert claim["decides"] in {reading["id"] for reading in claim["readings"]}
        for reading in claim["readings"]:
            assert reading["status"] in get_args(Status)
            assert reading["reason"] or reading["status"] != "not tested"
            for test in reading["tests"]:
                assert {"effect", "low", "high", "status", "in_words"} <= set(test)
                assert test["test"]["why"] and test["test"]["margin"] >= 0
    parts = claims["decomposition"]["parts"]
    assert [part["name"] for part in parts] == ["endorsement", "own_trust", "selection"]
    gap = claims["decomposition"]["gap"]["effect"]
    assert sum(part["effect"] for part in parts) == pytest.approx(gap, abs=1e-12)
    pairs = {entry["measure"]: entry for entry in claims["comparisons"]}
    assert {"correlation", "variance_reduction", "low", "high"} <= set(
        pairs["visits"] | pairs["visits"]["difference"]
    )


def test_results_are_the_same_bytes_for_any_number_of_workers_and_threads(
    scenario: Scenario, folder: Path, tmp_path: Path
):
    other, again = tmp_path / "runs.parquet", run_plan(plan_experiment(scenario), workers=1, threads=3).runs
    again.attrs = belonging(as_table(scenario), fingerprints(scenario))
    again.to_parquet(other, index=False)
    assert other.read_bytes() == (folder / "runs.parquet").read_bytes()


def test_a_stored_run_is_read_back_whole(folder: Path, scenario: Scenario):
    stored = read_run(folder)
    assert stored.scenario == scenario and len(stored.results.runs) > 0
    assert runs_in(folder.parents[1]) == [folder]


def test_runs_of_one_moment_or_of_a_clock_set_back_are_all_kept_in_their_order(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small = scenario.model_copy(
        update={
            "world": scenario.world.model_copy(update={"days": 2}),
            "run": scenario.run.model_copy(update={"replications": 1, "probe_replications": 1}),
        }
    )
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    made = []
    for hour in (0, 0, -2):
        then = moment + timedelta(hours=hour)
        monkeypatch.setattr(laboratory, "now", lambda then=then: then)
        made.append(store_run(small, tmp_path))
    first, second, third = made
    assert second.name == f"{first.name}-2" and third.name < first.name
    assert runs_in(tmp_path) == made
    assert all(read_run(folder).folder == folder and (folder / "report.html").is_file() for folder in made)


def test_nothing_is_left_of_a_run_that_fails(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full_disk(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(laboratory, "write_run", full_disk)
    small = scenario.model_copy(
        update={
            "world": scenario.world.model_copy(update={"days": 2}),
            "run": scenario.run.model_copy(update={"replications": 1}),
        }
    )
    with pytest.raises(OSError, match="No space"):
        store_run(small, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file() or path.name.startswith(".")]


@pytest.mark.parametrize(
    "changes",
    [
        {"world.merchants": 0, "shopkeeping.arrivals": 0},
        {"world.viewers": 1},
        {"world.days": 1},
        {"world.isolated_viewers": 400},
        {"sharing.base_rate": 0, "purchase.intercept": -20},
    ],
    ids=["no merchants", "one viewer", "one day", "nobody social", "no orders"],
)
def test_the_emptiest_worlds_still_give_a_whole_run(changes: dict, tmp_path: Path):
    small = ROWS | {"world.days": 8, "run.replications": 1} | changes
    folder = store_run(read_scenario(find_scenario("tencent_live_2020"), small), tmp_path)
    assert (folder / "report.html").stat().st_size > 0
    runs = pd.read_parquet(folder / "runs.parquet")
    if changes.get("purchase.intercept"):
        assert runs["return_rate"].isna().all() and (runs["conversion_rate"].fillna(0) == 0).all()
