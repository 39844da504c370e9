"""Analyses of sweeps against functions of which the answer is known."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.claims.reading import check_table
from simulation.ensembles.analysis.analysis import (
    SweepResults,
    convergence,
    failure_box,
    flip_map,
    indices,
    partial_dependence,
    replications_needed,
    verdicts,
)
from simulation.ensembles.analysis.sensitivity import delta_index
from simulation.ensembles.analysis.verdicts import independent_points, wilson
from simulation.ensembles.sampling.points import changes_at_points
from simulation.ensembles.sweep import about_sweep
from simulation.errors import AnalysisError
from simulation.laboratory import analyse
from simulation.scenario import Scenario
from tests.support.tearing import refused, torn
from tests.support.worlds import preset, scenario

KEYS = ("sharing.base_rate", "trust.half_life", "merchants.trait_spread")
CLAIM = {
    "id": "above_half",
    "title": "Above a half",
    "tests": [
        {
            "measure": "outcome",
            "arm": "b",
            "against": "a",
            "direction": "higher",
            "margin": 0.5,
            "why": "so that it is decided",
        }
    ],
}


def swept(factors: list[dict[str, Any]], **settings: Any) -> Scenario:
    """A scenario with arms a and b and one claim, and a sweep over `factors`."""
    base = scenario({"a": preset("taobao_live"), "b": preset("tencent_live")}, claims=[CLAIM])
    table = base.model_dump(mode="json", exclude_none=True)
    for number, arm in enumerate(table["arms"]):
        arm.pop("role", None)
        arm["name"] = "ab"[number]
    return check_table(table | {"sweep": {"factors": factors, **settings}}, "test")


def results_of(
    case: Scenario, function: Callable[[pd.DataFrame], np.ndarray], noise: float = 0.0
) -> SweepResults:
    """What a sweep would find if arm b exceeded arm a by `function` of the points, plus noise."""
    assert case.sweep is not None
    points, rng = pd.DataFrame(changes_at_points(case.sweep)), np.random.default_rng(5)
    outcome, rows = function(points), []
    for replicate in range(case.sweep.replications):
        luck = rng.normal(size=len(points))
        for arm, lift in (("a", 0.0 * outcome), ("b", outcome + noise * rng.normal(size=len(points)))):
            rows.append(
                points.assign(
                    outcome=luck + lift, point=range(len(points)), replicate=replicate, arm=arm, against=""
                )
            )
    data = pd.concat(rows, ignore_index=True)
    return SweepResults(case, data[["point", "replicate", "arm", "against", *points, "outcome"]])


def unit(*keys: str, **more: Any) -> list[dict[str, Any]]:
    return [{"key": key, "low": 0.0, "high": 1.0, **more} for key in keys]


def ishigami(points: pd.DataFrame) -> np.ndarray:
    x, y, z = (math.pi * (2 * points[key].to_numpy(float) - 1) for key in KEYS)
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def test_sobol_indices_of_ishigami() -> None:
    case = swept(unit(*KEYS), design="sobol", points=2048, replications=1)
    found = indices(results_of(case, ishigami), "outcome", "b", "a")
    for key, first, total in zip(KEYS, (0.314, 0.442, 0.0), (0.558, 0.442, 0.244), strict=True):
        row = found.loc[key]
        assert row["S1"] == pytest.approx(first, abs=0.03)
        assert row["ST"] == pytest.approx(total, abs=0.03)
        assert row["S1_low"] - 0.01 < first < row["S1_high"] + 0.01
        assert row["ST_low"] - 0.01 < total < row["ST_high"] + 0.01


def test_sobol_refuses_holes_and_names_the_points() -> None:
    case = swept(unit(*KEYS), design="sobol", points=16, replications=2)
    whole = results_of(case, ishigami)
    lost = ((whole.data["point"] == 7) & (whole.data["replicate"] == 1)) | (whole.data["point"] == 79)
    holed = SweepResults(case, whole.data[~lost])
    with pytest.raises(AnalysisError, match=r"7, 79"):
        indices(holed, "outcome", "b", "a")


def test_given_data_indices_rank_ishigami() -> None:
    case = swept(unit(*KEYS), design="latin_hypercube", points=500, replications=1)
    found = indices(results_of(case, ishigami), "outcome", "b", "a")
    for name in ("delta", "pawn"):
        # Published order: SALib's own tests give delta 0.21, 0.36, 0.16 of 10,000 points.
        assert list(found[name].sort_values(ascending=False).index[:2]) == [KEYS[1], KEYS[0]]
        assert (found[f"{name}_low"] <= found[name]).all() and (found[name] <= found[f"{name}_high"]).all()


def test_a_factor_without_effect_stays_below_the_floor() -> None:
    case = swept(unit(*KEYS), points=200, replications=1)
    found = indices(results_of(case, lambda points: points[KEYS[0]].to_numpy(float)), "outcome", "b", "a")
    assert found.loc[KEYS[0], "pawn"] > found["floor"].iloc[0] > found.loc[KEYS[2], "pawn"] - 0.05
    assert found.loc[KEYS[0], "delta"] > 5 * abs(found.loc[KEYS[2], "delta"])


def test_an_outcome_that_hardly_varies_has_no_indices_and_says_why() -> None:
    case = swept(unit(*KEYS), design="latin_hypercube", points=40, replications=1)
    found = results_of(case, lambda points: np.where(np.arange(len(points)), 0.0, 5.0))
    with pytest.raises(AnalysisError, match="the same value at nearly all"):
        indices(found, "outcome", "b", "a")
    assert math.isnan(delta_index(found, found.outcomes("outcome", "b", "a"), KEYS[0])["delta"])


def test_partial_dependence_of_a_line_is_a_line() -> None:
    case = swept([*unit(*KEYS[:2]), {"key": "x.kind", "choices": ["u", "v"]}], points=1000, replications=1)
    steps = {"u": 0.0, "v": 2.0}
    found = partial_dependence(
        results_of(
            case, lambda points: 3 * points[KEYS[0]].to_numpy(float) + points["x.kind"].map(steps).to_numpy()
        ),
        "outcome",
        "b",
        "a",
    )
    line = found[found["factor"] == KEYS[0]]
    slope, start = np.polyfit(line["value"].astype(float), line["mean"], 1)
    assert (slope, start) == (pytest.approx(3, abs=0.35), pytest.approx(1, abs=0.25))
    expected = 3 * line["value"].astype(float) + 1
    assert ((line["low"] < expected) & (expected < line["high"])).sum() >= 8
    flat = found[found["factor"] == KEYS[1]]
    assert ((flat["low"] < 2.5) & (flat["high"] > 2.5)).sum() >= 8
    kinds = found[found["factor"] == "x.kind"].set_index("value")["mean"]
    assert kinds["v"] - kinds["u"] == pytest.approx(2, abs=0.3)


def test_a_planted_boundary_gives_its_shares() -> None:
    case = swept([*unit(KEYS[0], levels=10), *unit(*KEYS[1:])], design="grid", replications=4)

    def steps(points: pd.DataFrame) -> np.ndarray:
        return np.select([points[KEYS[0]] > 0.65, points[KEYS[0]] < 0.3], [1.0, -1.0], 0.0)

    (found,) = verdicts(results_of(case, steps, noise=1e-6))
    # Levels 0, 1/9, ..., 1: four lie above 0.65, three below 0.3; those between show no difference.
    assert found.shares["supported"].share == pytest.approx(0.4)
    assert found.shares["contradicted"].share == pytest.approx(0.6)
    assert set(found.status[found.status == "supported"].index) == set(
        np.flatnonzero(pd.DataFrame(changes_at_points(case.sweep))[KEYS[0]] > 0.65)  # type: ignore[arg-type]
    )


def test_points_that_recur_count_as_fewer() -> None:
    points = pd.DataFrame({"x": [1.0, 1.0, 1.0, 2.0], "y": [5.0, 5.0, 5.0, 5.0]})
    sweep: Any = SimpleNamespace(is_sobol=False, points=points)
    assert independent_points(sweep, points.index) == round(16 / (9 + 1))
    assert independent_points(sweep, points.index[2:]) == 2


def test_wilson_interval() -> None:
    share = wilson(8, 10)  # published: Brown, Cai and DasGupta (2001)
    assert (share.low, share.high) == (pytest.approx(0.490, abs=0.001), pytest.approx(0.943, abs=0.001))
    assert wilson(0, 20).low == 0.0


def test_prim_finds_a_planted_box() -> None:
    case = swept(unit(*KEYS), points=600, replications=3)
    found = failure_box(
        results_of(
            case, lambda points: np.where((points[KEYS[0]] > 0.6) & (points[KEYS[1]] < 0.5), 0.0, 1.0), 1e-6
        ),
        "above_half",
    )
    limits = {limit.key: limit for limit in found.limits}
    assert set(limits) == set(KEYS[:2])
    assert limits[KEYS[0]].low == pytest.approx(0.6, abs=0.05) and limits[KEYS[0]].high is None
    assert limits[KEYS[1]].high == pytest.approx(0.5, abs=0.05) and limits[KEYS[1]].low is None
    assert found.coverage > 0.9 and found.density > 0.9
    assert all(limit.chance is not None and limit.chance < 0.001 for limit in found.limits)


def test_prim_finds_no_box_in_noise_or_where_all_holds() -> None:
    case = swept(unit(*KEYS), points=100, replications=3)
    always = failure_box(results_of(case, lambda points: np.ones(len(points)), 1e-6), "above_half")
    assert not always.limits and "holds at every point" in always.reason


def test_flip_map_takes_the_factors_that_matter() -> None:
    case = swept(unit(*KEYS), points=200, replications=2)
    results = results_of(case, lambda points: (2 * points[KEYS[2]] + points[KEYS[1]]).to_numpy(float), 1e-6)
    found = flip_map(results, "above_half")
    assert (found.factor_x, found.factor_y) == (KEYS[2], KEYS[1])
    holds = 2 * found.points["x"] + found.points["y"] > 0.5
    assert ((found.points["status"] == "supported") == holds).mean() > 0.99


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_convergence_ends_at_the_whole(design: str) -> None:
    case = swept(unit(*KEYS), design=design, points=128, replications=1)
    results = results_of(case, ishigami)
    found = convergence(results, "outcome", "b", "a")
    assert found["points"].is_monotonic_increasing and found["points"].iloc[-1] == len(results.points)
    assert found["mean"].iloc[-1] == pytest.approx(3.5, abs=0.5)  # a / 2 with a = 7
    table = indices(results, "outcome", "b", "a")
    row = table.loc[found["factor"].iloc[0]]
    if design == "sobol":
        assert found["value"].iloc[-1] == pytest.approx(row["ST"])
    else:  # partly a matter of luck, but with one number on one page
        assert convergence(results, "outcome", "b", "a", found=table)["value"].iloc[-1] == row["delta"]
    assert found["high"].iloc[-1] - found["low"].iloc[-1] < found["high"].iloc[0] - found["low"].iloc[0]


def test_replications_needed_give_that_width() -> None:
    case = swept(unit(*KEYS), points=400, replications=8)
    needed = replications_needed(results_of(case, ishigami, noise=2.0), "outcome", "b", "a", width=1.5)
    rng = np.random.default_rng(1)

    def width(worlds: int) -> float:
        from scipy.stats import t

        drawn = rng.normal(0, 2.0, (4000, worlds))
        spread = np.sqrt(drawn.var(axis=1, ddof=1).mean())
        return float(2 * t.ppf(0.975, worlds - 1) * spread / math.sqrt(worlds))

    assert width(needed) <= 1.55 and width(needed - 2) > 1.5


def test_the_page_and_its_numbers_are_written(tmp_path: Path) -> None:
    case = swept(unit(*KEYS), points=60, replications=3)
    results = results_of(case, lambda points: points[KEYS[0]].to_numpy(float), noise=0.05)
    (tmp_path / "sweep.json").write_text(json.dumps(about_sweep(case)), encoding="utf-8")
    results.data.to_parquet(tmp_path / "sweep.parquet", index=False)
    page = analyse(tmp_path).page
    text = page.read_text(encoding="utf-8")
    assert "Above a half" in text and "http://" not in text.split("<script>")[0]
    found = json.loads((tmp_path / "analysis.json").read_text(encoding="utf-8"))
    assert 0.3 < found["claims"][0]["shares"]["supported"]["share"] <= 0.5  # some stay undecided
    assert found["failure_boxes"][0]["limits"][0]["key"] == KEYS[0]


def written(folder: Path) -> Path:
    """A sweep's folder with its data, and a run that failed."""
    case = swept(unit(*KEYS), points=20, replications=3)
    data = results_of(case, ishigami).data
    folder.mkdir()
    (folder / "sweep.json").write_text(json.dumps(about_sweep(case)), encoding="utf-8")
    data.to_parquet(folder / "sweep.parquet", index=False)
    failed = data.head(1)[["point", "replicate", *KEYS]].assign(error="it failed")
    failed.to_parquet(folder / "failures.parquet", index=False)
    return folder


@torn
@pytest.mark.parametrize("name", ["sweep.json", "sweep.parquet", "failures.parquet"])
def test_a_file_that_is_torn_is_named(name: str, tear: Callable[[Path], None], tmp_path: Path) -> None:
    folder = written(tmp_path / "sweep")
    SweepResults.read(folder)
    tear(folder / name)
    said = refused(analyse, folder)
    assert said.startswith(f"{folder / name}: ") and f"--resume --out {folder}" in said
    assert not (folder / "analysis.html").exists()


def test_data_without_a_factor_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "sweep")
    data = pd.read_parquet(folder / "sweep.parquet").drop(columns=KEYS[0])
    data.to_parquet(folder / "sweep.parquet")
    assert f"no column {KEYS[0]}" in refused(analyse, folder)


def test_a_folder_without_a_sweep_says_what_it_is(tmp_path: Path) -> None:
    assert "no gathered sweep" in refused(SweepResults.read, tmp_path)
    assert "no such folder" in refused(SweepResults.read, tmp_path / "nowhere")
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    assert "it is a run\n" in refused(SweepResults.read, tmp_path)


def test_unknown_names_are_refused_with_the_nearest() -> None:
    results = results_of(swept(unit(*KEYS), points=20), ishigami)
    with pytest.raises(AnalysisError, match="did you mean 'outcome'"):
        indices(results, "outcom", "b", "a")
    with pytest.raises(AnalysisError, match="no such arm"):
        indices(results, "outcome", "c")
