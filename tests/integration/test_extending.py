"""Sweeps that go on: with more points or worlds, until an interval is narrow, and after they were stopped."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.archive.integrity import check_folder
from simulation.calibration.facts import Fact
from simulation.calibration.waves.drawing import drawn_in_proportion
from simulation.calibration.waves.history_matching import calibrate
from simulation.claims.reading import check_table
from simulation.ensembles.bookkeeping import Progress
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.resuming import NothingMeasured, RunsAgain
from simulation.ensembles.stopped import gather_what_is_there
from simulation.ensembles.sweep import about_sweep, run_sweep
from simulation.ensembles.tasks import pair_name
from simulation.errors import AnalysisError, ArchiveError, ScenarioError
from simulation.laboratory import analyse
from simulation.scenario import Scenario
from simulation.storage.checksums import SUMS
from simulation.storage.folders import RUNS
from tests.support.here import Here, here
from tests.support.questions import small_table

KEY = "sharing.base_rate"
FACTORS = [{"key": KEY, "low": 0.0, "high": 1.0}, {"key": "trust.half_life", "low": 10.0, "high": 20.0}]


def question(**sweep: Any) -> Scenario:
    settings = {"points": 24, "replications": 1, "factors": FACTORS} | sweep
    return check_table(small_table(sweep=settings), "test")


class Noisy:
    """Outcomes that scatter the more, the higher the key is: by one from world to world at its top."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        self.runs += 1
        luck = float(np.random.default_rng(replicate).normal())
        rate = scenario.sharing.base_rate
        return {"feed": {"gmv": luck}, "links": {"gmv": luck + rate + rate * (replicate % 2)}}


def swept(asked: Scenario, folder: Path, model: Noisy, **how: Any) -> pd.DataFrame:
    return run_sweep(asked, folder, Execution(here, 1, model=model, **how))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"design": "halton_sequence"}, {"points": 32}),
        ({"design": "sobol", "points": 8}, {"points": 16}),
        ({}, {"replications": 2}),
    ],
)
def test_more_points_or_worlds_keep_all_that_is_there_and_say_how_much(
    before: dict[str, Any], after: dict[str, Any], tmp_path: Path
) -> None:
    model, told = Noisy(), list[Progress]()
    swept(question(**before), tmp_path / "a", model)
    there = model.runs
    more = swept(question(**before | after), tmp_path / "a", model, resume=True, report=told.append)
    assert model.runs == more[["point", "replicate"]].drop_duplicates().shape[0]
    assert {progress.kept for progress in told} == {there} and told[-1].done == told[-1].total == model.runs
    assert more.equals(swept(question(**before | after), tmp_path / "b", Noisy()))


def test_a_latin_hypercube_of_another_size_says_that_it_has_other_points_and_which_design_goes_on(
    tmp_path: Path,
) -> None:
    swept(question(), tmp_path, Noisy())
    with pytest.warns(RunsAgain, match="24 finished runs.*0 still count.*design = 'halton_sequence' goes on"):
        swept(question(points=32), tmp_path, Noisy(), resume=True)


class StopsAfter(Here):
    """An executor that is stopped after a number of runs."""

    def __init__(self, most: int):
        self._left = most

    def submit(self, function, /, *arguments, **named):
        self._left -= 1
        if self._left < 0:
            raise KeyboardInterrupt
        return super().submit(function, *arguments, **named)

    def __enter__(self):
        return self


def test_a_stopped_sweep_is_analysed_as_far_as_it_came_and_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    model, folder, whole = Noisy(), tmp_path / "stopped", tmp_path / "whole"
    for most in (9, 6):
        with pytest.raises(KeyboardInterrupt):
            stop = Execution(lambda most=most: StopsAfter(most), 1, folder.exists(), model=model)
            run_sweep(question(), folder, stop)
        there = SweepFolder(folder).count()
        answer = analyse(folder)
        assert len(answer.points) == there < 24 and check_folder(folder)
        assert f"{there} points of the 24 asked for" in answer.page.read_text(encoding="utf-8")
    swept(question(), folder, model, resume=True)
    swept(question(), whole, Noisy())
    assert 24 <= model.runs <= 24 + 2 * 4, "nothing but what was out when it was stopped"
    assert (folder / "sweep.parquet").read_bytes() == (whole / "sweep.parquet").read_bytes()
    assert len(analyse(folder).points) == 24


def test_what_has_no_run_yet_is_no_sweep_to_analyse(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_sweep(question(), tmp_path, Execution(lambda: StopsAfter(0), 1, model=Noisy()))
    with pytest.raises(ArchiveError, match="no gathered sweep"):
        analyse(tmp_path)


@pytest.mark.parametrize("changed", ["model version", "file", "nothing"])
def test_analysing_never_costs_the_table_that_was_there(changed: str, tmp_path: Path) -> None:
    """After a sweep that went on was stopped, and its runs can be told from others no longer, or are none."""
    rule, folder = tmp_path / "rule.py", tmp_path / "sweep"
    rule.write_text("def RULE(merchants, due, settings):\n    pass\n", encoding="utf-8")
    table = small_table(sweep={"points": 3, "replications": 1, "factors": FACTORS})
    plugged = {"plugins": {"merchant_rules": {"own": str(rule)}}, "merchant_rule": "own"}
    asked = check_table(table | (plugged if changed == "file" else {}), "test")
    swept(asked, folder, Noisy())
    store = SweepFolder(folder)
    store.begin(about_sweep(asked), resume=True)  # as a command that is stopped at once does
    known = (folder / "sweep.parquet").read_bytes()
    if changed == "file":
        rule.write_text("def RULE(merchants, due, settings):\n    return\n", encoding="utf-8")
    elif changed == "model version":
        about = json.loads((folder / "sweep.json").read_text(encoding="utf-8")) | {"model_version": "0.1"}
        (folder / "sweep.json").write_text(json.dumps(about), encoding="utf-8")
        (folder / SUMS).unlink()
    else:
        (folder / RUNS).write_bytes(b"")
    with nullcontext() if changed == "nothing" else pytest.raises(ArchiveError, match="runs of before"):
        gather_what_is_there(folder)
    assert (folder / "sweep.parquet").read_bytes() == known


UNTIL = {"measure": "gmv", "arm": "links", "against": "feed", "width": 0.3, "most": 12}


def test_a_point_has_worlds_until_its_interval_is_as_narrow_as_is_wanted(tmp_path: Path) -> None:
    asked, model, told = question(design="halton_sequence", replications=4, until=UNTIL), Noisy(), []
    data = swept(asked, tmp_path / "a", model, report=told.append)
    pairs = data[(data["arm"] == "links") & (data["against"] == "feed")]
    worlds = pairs.groupby("point")["replicate"].nunique()
    rate = pairs.groupby("point")[KEY].first()
    # Differences are the rate and twice it, in turn: of n worlds the interval is t rate / sqrt(n - 1) wide.
    width = {4: 3.182 / np.sqrt(3), 8: 2.365 / np.sqrt(7)}
    expected = rate.map(lambda at: next((n for n, each in width.items() if each * at <= 0.3), 12))
    assert worlds.to_dict() == expected.to_dict() and len(set(worlds)) == 3
    assert model.runs == worlds.sum()
    shares = [progress.share for progress in told]
    assert shares == sorted(shares) and shares[-1] == 1.0 and told[-1].total == model.runs
    again, told = Noisy(), []
    assert swept(asked, tmp_path / "a", again, resume=True, report=told.append).equals(data)
    assert again.runs == 0 and (told[-1].kept, told[-1].total) == (model.runs, model.runs)
    assert len(analyse(tmp_path / "a").points) == 24


def test_failed_runs_of_every_batch_are_in_the_status(tmp_path: Path) -> None:
    class Fails(Noisy):
        def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
            if replicate in (0, 5):
                raise RuntimeError("bad luck")
            return super().__call__(scenario, replicate)

    swept(question(points=1, replications=4, until=UNTIL | {"width": 0.0}), tmp_path, Fails())
    status = json.loads((tmp_path / "status.json").read_text(encoding="utf-8"))
    assert (status["failed"], status["done"], status["total"], status["kept"]) == (2, 12, 12, 0)


@pytest.mark.parametrize("lacking", ["measure of an arm", "value"])
def test_a_point_without_any_value_gets_no_further_worlds_and_is_told_of(
    lacking: str, tmp_path: Path
) -> None:
    class Lacks(Noisy):
        def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
            found = super().__call__(scenario, replicate)
            if scenario.sharing.base_rate > 0.5:
                found["feed"] = {} if lacking == "measure of an arm" else {"gmv": float("nan")}
            return found

    model = Lacks()
    with pytest.warns(NothingMeasured, match=r"'gmv' of links less feed has no value .* of 12 points"):
        data = swept(question(replications=4, until=UNTIL | {"width": 0.0}), tmp_path, model)
    worlds = data.groupby("point")["replicate"].nunique()
    assert (worlds == np.where(data.groupby("point")[KEY].first() > 0.5, 4, 12)).all()


def test_a_measure_of_two_arms_together_is_read_as_the_data_has_it(tmp_path: Path) -> None:
    class Pairs(Noisy):
        def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
            better = {"better_off_share": 0.5 + 0.1 * (replicate % 2)}
            return super().__call__(scenario, replicate) | {pair_name("links", "feed"): better}

    until = UNTIL | {"measure": "better_off_share", "width": 0.1}
    data = swept(question(replications=4, until=until), tmp_path, Pairs())
    # The interval is 0.1 t / sqrt(n - 1) wide: 0.18 of 4 worlds, 0.09 of 8. Of the arms' own there is none.
    assert data["replicate"].nunique() == 8


@pytest.mark.parametrize(
    ("change", "more", "words"),
    [
        ({"measure": "gvm"}, {}, "no such measure 'gvm'.*'gmv'"),
        ({"measure": "better_off_share"}, {}, "kept only where a claim asks.*all_claims = true"),
        ({"measure": "better_off_share", "against": ""}, {"all_claims": True}, "sweep.until.against, too"),
    ],
)
def test_a_measure_that_our_model_cannot_have_is_refused_before_anything_runs(
    change: dict[str, Any], more: dict[str, Any], words: str, tmp_path: Path
) -> None:
    asked = question(replications=4, until=UNTIL | change, **more)
    with pytest.raises(ScenarioError, match=f"(?s)sweep.until.measure.*{words}"):
        run_sweep(asked, tmp_path / "none", Execution(here, 1))
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"arm": "nobody"}, ScenarioError, "sweep.until.arm.*no such arm 'nobody'"),
        ({"measure": "gvm"}, AnalysisError, "sweep.until.measure.*no such measure 'gvm'.*'gmv'"),
        ({"most": 4}, None, ""),
    ],
)
def test_an_interval_of_nothing_is_refused(
    change: dict[str, Any], error: type[Exception] | None, words: str, tmp_path: Path
) -> None:
    asked = question(replications=4, until=UNTIL | change)
    if error is None:
        assert len(swept(asked, tmp_path, Noisy())) == 24 * 4 * 3
        assert json.loads((tmp_path / "status.json").read_text())["total"] == 96
        return
    with pytest.raises(error, match=f"(?s){words}"):
        swept(asked, tmp_path, Noisy())


@pytest.mark.parametrize("worlds", [1, 3, 13])
def test_few_worlds_at_a_time_or_more_than_there_may_be_are_refused(worlds: int) -> None:
    with pytest.raises(
        ScenarioError, match=f"(?s)no interval to go by of {worlds} .*replications be from 4 to"
    ):
        question(replications=worlds, until=UNTIL)


def calibration(folder: Path, model: Noisy, points: int, wave_points: int, resume: bool = True) -> int:
    """Calibrate to one fact in three waves; how many runs that took."""
    settings = {"facts": "none", "waves": 3, "most_waves": 4, "wave_points": wave_points, "misses": 0}
    sweep = {"design": "halton_sequence", "points": points, "replications": 1, "factors": FACTORS}
    asked = check_table(small_table(sweep=sweep, calibration=settings | {"worlds": 40}), "test")
    facts = [Fact(id="sales", measure="gmv", arm="links", low=0.6, high=0.9)]
    before = model.runs
    calibrate(asked, facts, folder, Execution(here, 1, resume, model=model))
    return model.runs - before


@pytest.mark.filterwarnings("ignore::simulation.ensembles.resuming.RunsAgain")
def test_a_calibration_goes_on_with_more_points(tmp_path: Path) -> None:
    model = Noisy()
    first = calibration(tmp_path, model, points=40, wave_points=30, resume=False)
    assert first >= 100
    assert calibration(tmp_path, model, points=40, wave_points=30) == 0
    calibration(tmp_path, model, points=40, wave_points=45)
    assert SweepFolder(tmp_path / "wave_2").count() == 45, "the first 30 points are kept"
    calibration(tmp_path, model, points=50, wave_points=45)
    assert SweepFolder(tmp_path / "wave_1").count() == 50, "the first 40 points are kept"


def test_whoever_wants_more_draws_in_proportion_goes_on() -> None:
    chance = np.repeat([0.1, 0.0001, 0.3], 1000)
    drawn = drawn_in_proportion(chance, np.random.default_rng(1))
    assert sorted(drawn) == list(range(3000))
    first = np.bincount(drawn[:400] // 1000, minlength=3)
    assert first[1] <= 2 and first[2] / first[0] == pytest.approx(3.0, rel=0.35)
