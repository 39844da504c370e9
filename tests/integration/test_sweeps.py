"""Sweeps: every point is run once, kept at once, and survives whoever is killed."""

from __future__ import annotations

import atexit
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.claims.reading import check_table, read_scenario
from simulation.ensembles.execution.executors import dask_executor, local_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder, run_rows
from simulation.ensembles.planning import planned_tasks
from simulation.ensembles.results import SweepResults
from simulation.ensembles.sampling.factors import unit_position
from simulation.ensembles.sampling.points import changes_at_points
from simulation.ensembles.sweep import rerun, run_sweep
from simulation.ensembles.tasks import pair_name
from simulation.errors import ArchiveError, ExecutionError, LaboratoryError
from simulation.resources import PROJECT_FOLDER
from simulation.scenario import Scenario
from simulation.scenario.reading.read import changed_scenario, resolved_toml
from simulation.scenario.sections.sweep import Sweep
from simulation.storage.folders import RUNS
from tests.support import sweep_driver
from tests.support.here import here
from tests.support.questions import small_table
from tests.support.sweep_models import fails_above_fifty, slow_line, straight_line
from tests.support.tearing import without_runs

FACTORS = [
    {"key": "trust.half_life", "low": 10.0, "high": 100.0, "scale": "log"},
    {"key": "sharing.base_rate", "low": 0.0, "high": 1.0},
]


def question(**sweep: Any) -> Scenario:
    settings = {"design": "latin_hypercube", "points": 12, "replications": 2, "factors": FACTORS} | sweep
    return check_table(small_table("swept", ("central", "shared"), sweep=settings), "test")


@cache
def shared_pool() -> Executor:
    """Two processes for all tests that do not kill any; beginning them takes seconds."""
    context = local_executor(2)
    atexit.register(context.__exit__, None, None, None)
    return context.__enter__()


def two_processes():
    return nullcontext(shared_pool())


def swept(scenario: Scenario, folder: Path, **more: Any) -> pd.DataFrame:
    return run_sweep(scenario, folder, Execution(two_processes, 2, **{"model": straight_line} | more))


def _points(sweep: Sweep) -> pd.DataFrame:
    return pd.DataFrame(changes_at_points(sweep))


def test_designs_fill_the_ranges() -> None:
    points = _points(
        Sweep.model_validate(
            {
                "points": 50,
                "factors": [
                    *FACTORS,
                    {"key": "people.categories", "low": 2, "high": 5, "whole": True},
                    {"key": "run.seed", "choices": [3, 8]},
                ],
            }
        )
    )
    assert points["trust.half_life"].between(10, 100).all()
    assert points["trust.half_life"].median() == pytest.approx(np.sqrt(1000), rel=0.1)  # log scale
    strata = np.sort(np.floor(points["sharing.base_rate"] * 50).astype(int))
    assert (strata == np.arange(50)).all(), "one point in each fiftieth"
    assert points["people.categories"].value_counts().between(12, 13).all()
    assert points["run.seed"].value_counts().to_dict() == {3: 25, 8: 25}


def test_a_grid_has_every_combination_and_a_list_its_rows(tmp_path: Path) -> None:
    grid = _points(
        Sweep.model_validate(
            {
                "design": "grid",
                "factors": [
                    {"key": "a.b", "low": 1.0, "high": 100.0, "scale": "log", "levels": 3},
                    {"key": "c.d", "choices": ["x", "y"]},
                ],
            }
        )
    )
    assert [tuple(row) for row in grid.to_numpy()] == [
        (1.0, "x"),
        (1.0, "y"),
        (pytest.approx(10.0), "x"),
        (pytest.approx(10.0), "y"),
        (pytest.approx(100.0), "x"),
        (pytest.approx(100.0), "y"),
    ]
    rows = [{"trust.half_life": 20.0}, {"trust.half_life": 30.0}]
    assert _points(Sweep.model_validate({"design": "list", "rows": rows})).to_dict("records") == rows
    file = tmp_path / "points.csv"
    file.write_text("trust.half_life\n20\n30\n", encoding="utf-8")
    read = _points(Sweep.model_validate({"design": "list", "csv": str(file)}))
    assert read.to_dict("records") == rows


def test_a_saltelli_design_repeats_columns_as_it_must() -> None:
    sweep = Sweep.model_validate({"design": "sobol", "points": 8, "factors": FACTORS})
    points = _points(sweep)
    assert len(points) == 8 * 4
    unit = np.stack([unit_position(factor, points[factor.key]) for factor in sweep.factors], axis=1)
    first, mixed = unit[0::4], unit[1::4]
    assert ((first == mixed).sum(axis=1) == 1).all(), "each mixed row differs in one factor"
    assert ((unit >= 0) & (unit <= 1)).all()


def test_every_point_runs_all_arms_in_every_replication(tmp_path: Path) -> None:
    scenario = question()
    data = swept(scenario, tmp_path / "sweep")
    own = data[data["against"] == ""]
    assert len(own) == 12 * 2 * 2
    assert own.groupby(["point", "replicate"])["arm"].apply(list).map(tuple).unique().tolist() == [
        ("central", "shared")
    ]
    expected = (
        2 * own["trust.half_life"]
        + own["replicate"] ** 2
        + np.where(own["arm"] == "shared", 100 * own["sharing.base_rate"], 0)
    )
    assert own["conversion_rate"].to_numpy() == pytest.approx(expected.to_numpy())
    assert pd.read_parquet(tmp_path / "sweep" / "sweep.parquet").equals(data)
    status = json.loads((tmp_path / "sweep" / "status.json").read_text(encoding="utf-8"))
    assert (status["done"], status["total"], status["failed"]) == (24, 24, 0)


def test_differences_are_paired_by_point_and_replicate(tmp_path: Path) -> None:
    """Luck differs by replicate and cancels only within one: what is left is what sharing adds."""
    data = swept(question(replications=4), tmp_path / "sweep")
    apart = data[data["against"] != ""]
    assert len(apart) == 12 * 4
    assert set(zip(apart["arm"], apart["against"], strict=True)) == {("shared", "central")}
    assert apart["conversion_rate"].to_numpy() == pytest.approx(100 * apart["sharing.base_rate"].to_numpy())
    results = SweepResults.read(tmp_path / "sweep")
    found = results.values("conversion_rate", "shared", "central")
    computed = results.values("conversion_rate", "shared") - results.values("conversion_rate", "central")
    assert found.shape == (12, 4) and found.equals(computed)
    assert results.values("conversion_rate", "central", "shared").equals(-computed)
    assert (found.to_numpy() == apart["conversion_rate"].to_numpy().reshape(12, 4)).all()


def test_every_arm_is_compared_with_the_first_and_missing_stays_missing() -> None:
    found = {
        "a": {"x": 1.0, "y": None},
        "b": {"x": 3.0, "y": 2.0},
        "c": {"x": 7.0, "z": 5.0},
        "a without sharing": {"x": 0.5},
        pair_name("c", "b"): {"better_off_share": 0.25},
    }
    rows = dict(run_rows(found, ["a", "b", "c"]))
    assert list(rows) == [
        ("a", ""),
        ("b", ""),
        ("c", ""),
        ("a without sharing", ""),
        ("b", "a"),
        ("c", "a"),
        ("c", "b"),
    ]
    assert [rows[pair]["x"] for pair in (("b", "a"), ("c", "a"), ("c", "b"))] == [2.0, 6.0, 4.0]
    assert all(np.isnan(rows[pair]["y"]) for pair in rows if pair[1]) and np.isnan(rows["c", "a"]["z"])
    assert rows["c", "b"]["better_off_share"] == 0.25


def test_the_real_model_gives_at_a_point_what_it_gives_alone(tmp_path: Path) -> None:
    from simulation.ensembles.tasks import run_arms

    scenario = question(points=2)
    data = run_sweep(scenario, tmp_path / "sweep", Execution(two_processes, 2))
    _, tasks = planned_tasks(scenario)
    task = tasks[-1]
    alone = run_arms(changed_scenario(scenario, task.changes), task.replicate)
    here = (data["point"] == task.point) & (data["replicate"] == task.replicate) & (data["against"] == "")
    rows = data[here].set_index("arm")
    for arm, measures in alone.items():
        for name, value in measures.items():
            np.testing.assert_equal(rows.at[arm, name], value, err_msg=name)


def test_threads_of_one_process_give_the_same(tmp_path: Path) -> None:
    """As of a Dask worker with several."""
    scenario = changed_scenario(question(points=8), {"world.viewers": 1000, "friendships.long_ties": 12.0})
    alone = run_sweep(scenario, tmp_path / "alone", Execution(here, 1))
    together = run_sweep(scenario, tmp_path / "together", Execution(lambda: ThreadPoolExecutor(4), 4))
    assert together.equals(alone)


def test_a_failing_point_is_recorded_stops_nothing_and_can_be_rerun(tmp_path: Path) -> None:
    folder = tmp_path / "sweep"
    data = swept(question(), folder, model=fails_above_fifty)
    failures = pd.read_parquet(folder / "failures.parquet")
    assert len(failures) * 3 + len(data) == 72 and 0 < len(failures) < 24
    assert (failures["trust.half_life"] > 50).all() and (data["trust.half_life"] <= 50).all()
    assert failures["error"].unique().tolist() == ["ArithmeticError: too long a half-life"]
    assert failures["trace"].str.contains("fails_above_fifty").all() and (failures["seed"] == 2020).all()
    identity = failures["identity"].iloc[0]
    assert rerun(folder, identity, fails_above_fifty).error
    assert not rerun(folder, identity[:12], straight_line).error
    assert len(pd.read_parquet(folder / "failures.parquet")) == len(failures) - 1
    assert len(pd.read_parquet(folder / "sweep.parquet")) == len(data) + 3
    with pytest.raises(ArchiveError, match="those that failed"):
        rerun(folder, "nothing like it", straight_line)
    again = swept(question(), folder, resume=True)  # tries again what failed
    assert len(again) == 72 and not (folder / "failures.parquet").exists()


def test_a_resumed_sweep_runs_only_what_is_missing_and_never_mixes_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sweep"
    whole = swept(question(), folder)
    without_runs(folder, slice(None, None, 3))
    kept = (folder / RUNS).read_bytes()
    with pytest.raises(ArchiveError, match="resume=True"):
        swept(question(), folder)
    assert swept(question(), folder, resume=True).equals(whole)
    assert (folder / RUNS).read_bytes().startswith(kept)
    about = json.loads((folder / "sweep.json").read_text(encoding="utf-8"))
    (folder / "sweep.json").write_text(json.dumps(about | {"model_version": "0"}))
    with pytest.raises(ArchiveError, match="model version 0"):
        swept(question(), folder, resume=True)
    assert len(swept(question(), folder, resume=True, other_version=True)) == 72


def kill_when(folder: Path, runs: int, processes: list[int]) -> None:
    """Kill the first of `processes` once `runs` runs are on disk."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and SweepFolder(folder).count() < runs:
        time.sleep(0.01)
    os.kill(processes[0], signal.SIGKILL)


def test_a_killed_worker_costs_only_the_runs_in_flight(tmp_path: Path) -> None:
    folder, scenario = tmp_path / "sweep", question(points=30)
    processes: list[int] = []
    pools = []

    class Watched:
        """A local executor that tells its first process's number."""

        def __enter__(self):
            self._context = local_executor(2)
            pool = self._context.__enter__()
            pools.append(pool)
            processes[:] = [pool.submit(os.getpid).result()]
            return pool

        def __exit__(self, *error):
            return self._context.__exit__(*error)

    killer = threading.Thread(target=kill_when, args=(folder, 10, processes))
    killer.start()
    data = run_sweep(scenario, folder, Execution(Watched, 2, model=slow_line))
    killer.join()
    assert len(pools) == 3, "one to try, one that was killed, one that went on"
    assert data.equals(swept(scenario, tmp_path / "whole"))


def test_a_killed_driver_is_resumed_to_the_same_bytes(tmp_path: Path) -> None:
    """Killed three times at random moments, which a failure names, tidied up and resumed each time."""
    file = tmp_path / "swept.toml"
    scenario = question(points=40)
    file.write_text(resolved_toml(scenario), encoding="utf-8")
    command = [sys.executable, str(Path(sweep_driver.__file__)), str(file)]
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    resume: list[str] = []
    moments = sorted(random.SystemRandom().sample(range(1, 75), 3))
    for runs in moments:
        driver = subprocess.Popen(
            [*command, str(killed), *resume],
            cwd=PROJECT_FOLDER,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        kill_when(killed, runs, [driver.pid])
        driver.wait()
        gone = time.monotonic() + 10
        while left := [*killed.rglob(".*.partial"), *killed.rglob(".in_use")]:
            assert time.monotonic() < gone, (moments, left)
            time.sleep(0.05)
        assert SweepFolder(killed).count() < 80 and not (killed / "sweep.parquet").exists(), moments
        resume = ["--resume"]
    asked = read_scenario(file)
    swept(asked, killed, resume=True)
    swept(asked, whole)
    assert (killed / "sweep.parquet").read_bytes() == (whole / "sweep.parquet").read_bytes(), moments
    assert SweepFolder(killed).count() == 80, moments


def test_dask_gives_the_same_and_survives_a_killed_worker(tmp_path: Path) -> None:
    from distributed import Client, LocalCluster

    scenario = question(points=40)
    folder = tmp_path / "dask"
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        worker_dashboard_address=None,
    ) as cluster:
        with Client(cluster.scheduler_address, set_as_default=False) as client:
            processes = list(client.run(os.getpid).values())
        killer = threading.Thread(target=kill_when, args=(folder, 15, processes))
        killer.start()
        address = cluster.scheduler_address
        data = run_sweep(scenario, folder, Execution(lambda: dask_executor(address), 2, model=slow_line))
        killer.join()
    assert data.equals(swept(scenario, tmp_path / "local"))


@pytest.mark.parametrize(
    ("sweep", "words"),
    [
        ({"factors": [{"key": "trust.half_lif", "low": 1.0, "high": 2.0}]}, ["did you mean 'half_life'"]),
        ({"factors": [{"key": "trust.half_life", "low": 2.0, "high": 2.0}]}, ["empty", "let high exceed"]),
        ({"factors": [{"key": "trust.half_life", "low": -5.0, "high": 2.0}]}, ["half_life", "from"]),
        ({"factors": [{"key": "trust.half_life", "low": 0.0, "high": 2.0, "scale": "log"}]}, ["above 0"]),
        ({"factors": [{"key": "trust.half_life"}]}, ["low and high, or choices"]),
        ({"factors": []}, ["no factors"]),
        ({"factors": [FACTORS[0], FACTORS[0]]}, ["named twice"]),
        ({"design": "sobol", "points": 12}, ["power of two", "8 or 16"]),
        ({"design": "list"}, ["rows or csv"]),
        ({"design": "list", "csv": "/nowhere/points.csv"}, ["points.csv", "column per key"]),
        ({"points": 1_000_000, "replications": 100_000}, ["MB"]),
    ],
)
def test_bad_designs_get_clear_errors_before_anything_is_written(
    sweep: dict[str, Any], words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "MB" in words:
        sweep = {"points": 4}
        monkeypatch.setattr("shutil.disk_usage", lambda path: Full())
    with pytest.raises(LaboratoryError) as caught:
        swept(question(**sweep), tmp_path / "sweep")
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not (tmp_path / "sweep").exists()


class Full:
    """A disk without room."""

    free = 0


def test_an_unreachable_scheduler_is_found_out_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulation.ensembles.execution.executors.CONNECT_SECONDS", 1)
    with pytest.raises(ExecutionError, match="no scheduler answers"):
        run_sweep(question(), tmp_path / "sweep", Execution(lambda: dask_executor("tcp://127.0.0.1:1"), 2))
    assert not (tmp_path / "sweep").exists()
