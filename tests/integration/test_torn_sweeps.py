"""Sweeps, searches and calibrations go on over files that are torn; a run whose file is torn is none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulation.archive.integrity import check_folder
from simulation.calibration.facts import Fact
from simulation.calibration.waves.history_matching import calibrate
from simulation.claims.reading import check_table
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.resuming import RunsAgain
from simulation.ensembles.search.policy_search import search_policies
from simulation.ensembles.sweep import rerun, run_sweep
from simulation.errors import ArchiveError
from simulation.scenario import Scenario
from simulation.storage.checksums import SUMS
from simulation.storage.folders import RUNS
from tests.support.here import here
from tests.support.tearing import TEARS, flip, refused, sealed, torn
from tests.support.worlds import preset

KEY = "sharing.base_rate"
FACTORS = [{"key": KEY, "low": 0.0, "high": 1.0}]
Tear = Callable[[Path], None]


def question() -> Scenario:
    return check_table(
        {
            "name": "small",
            "title": "Small",
            "article_claims": False,
            "world": {"viewers": 60, "merchants": 5, "days": 4},
            "arms": [{"name": "links", "platform": preset("tencent_live")}],
            "sweep": {"points": 30, "replications": 1, "factors": FACTORS},
            "policy_search": {
                "levers": FACTORS,
                "goals": [{"measure": "gmv", "arm": "links"}],
                "population": 4,
                "generations": 2,
                "replications": 1,
            },
            "calibration": {"facts": "none.toml", "waves": 2, "wave_points": 30, "misses": 0, "worlds": 5},
        },
        "test",
    )


class Counted:
    """A model of which every run has an answer, and is counted."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        self.runs += 1
        return {"links": {"gmv": scenario.sharing.base_rate + replicate}}


def sweep(folder: Path, model: Counted, resume: bool = False) -> pd.DataFrame:
    return run_sweep(question(), folder, Execution(here, 1, resume, model=model))


def search(folder: Path, model: Counted, resume: bool = False) -> pd.DataFrame:
    return search_policies(question(), folder, Execution(here, 1, resume, model=model))


def calibration(folder: Path, model: Counted, resume: bool = False) -> pd.DataFrame:
    facts = [Fact(id="sales", measure="gmv", arm="links", low=0.2, high=0.8)]
    return calibrate(question(), facts, folder, Execution(here, 1, resume, model=model)).worlds()


@pytest.mark.filterwarnings("ignore::simulation.ensembles.resuming.RunsAgain")
@pytest.mark.parametrize(
    ("make", "data", "tear"),
    [
        *(
            (make, data, tear)
            for tear in TEARS
            for make, data in ((sweep, "sweep.parquet"), (search, "candidates.parquet"))
        ),
        (calibration, "wave_2/sweep.parquet", TEARS[0]),
    ],
)
def test_what_is_torn_is_made_again_and_nothing_else(
    make: Callable[..., pd.DataFrame], data: str, tear: Tear, tmp_path: Path
) -> None:
    model = Counted()
    first, once = make(tmp_path, model), model.runs
    within = (tmp_path / data).parent
    before, lines = SweepFolder(within).count(), (within / RUNS).read_bytes().splitlines(keepends=True)
    for file in (within / RUNS, within / "sweep.json", within / "status.json", tmp_path / data):
        tear(file)
    left = sum(line in (within / RUNS).read_bytes() for line in lines)
    pd.testing.assert_frame_equal(make(tmp_path, model, resume=True), first)
    assert model.runs == once + before - left
    pd.testing.assert_frame_equal(make(tmp_path, model, resume=True), first)
    assert model.runs == once + before - left, "what was torn is whole again"
    assert SweepFolder(within).count() == before and check_folder(tmp_path)


def test_an_altered_run_is_named_and_made_again_and_the_others_are_not(tmp_path: Path) -> None:
    model = Counted()
    first, once = sweep(tmp_path, model), model.runs
    lines = (tmp_path / RUNS).read_text(encoding="utf-8").splitlines(keepends=True)
    run = json.loads(lines[4])
    lines[4] = lines[4].replace('"replicate": 0', '"replicate": 1')
    (tmp_path / RUNS).write_text("".join(lines), encoding="utf-8")
    said = refused(check_folder, tmp_path, problems=2)
    assert f"line 5 (run {run['identity']}): torn or altered" in said and "goes on" not in said
    with pytest.warns(RunsAgain, match=rf"runs.jsonl: torn or altered.*line 5 \(run {run['identity']}\)"):
        again = sweep(tmp_path, model, resume=True)
    pd.testing.assert_frame_equal(again, first)
    assert model.runs == once + 1 and check_folder(tmp_path) == 4


@pytest.mark.filterwarnings("ignore::simulation.ensembles.resuming.RunsAgain")
def test_flipped_bits_are_found_wherever_they_are(tmp_path: Path) -> None:
    model = Counted()
    sweep(tmp_path / "whole", model)
    files = sorted(file.name for file in (tmp_path / "whole").iterdir())
    assert files == [SUMS, RUNS, "status.json", "sweep.json", "sweep.parquet"]
    luck = np.random.default_rng(11)
    for number in range(30):
        folder = Path(shutil.copytree(tmp_path / "whole", tmp_path / f"{number}"))
        file = folder / files[number % len(files)]
        flip(file, bit := int(luck.integers(file.stat().st_size * 8)))
        with pytest.raises(ArchiveError):
            print(file.name, bit, "passed as whole", check_folder(folder))
        sweep(folder, model, resume=True)
        assert check_folder(folder) == 4


@torn
def test_to_rerun_needs_to_know_the_sweep(tear: Tear, tmp_path: Path) -> None:
    sweep(tmp_path, Counted())
    tear(tmp_path / "sweep.json")
    said = refused(lambda folder: rerun(folder, "a", model=Counted()), tmp_path)
    assert said.startswith(f"{tmp_path / 'sweep.json'}: ") and f"--resume --out {tmp_path}" in said


def test_a_scenario_within_a_sweep_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    sweep(tmp_path, Counted())
    about = json.loads((tmp_path / "sweep.json").read_bytes())
    about["scenario"] = {"name": "small", "odd": 1}
    (tmp_path / "sweep.json").write_text(json.dumps(about), encoding="utf-8")
    sealed(tmp_path)
    said = refused(lambda folder: rerun(folder, "a", model=Counted()), tmp_path)
    assert "no scenario of this version" in said


def test_another_folder_says_what_it_is(tmp_path: Path) -> None:
    search(tmp_path / "search", Counted())
    calibration(tmp_path / "calibration", Counted())
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}", encoding="utf-8")
    for name, words in (
        ("search", "goes on with a policy search"),
        ("run", "writes a run's page"),
        ("calibration", "goes on with a calibration"),
        ("nowhere", "there is no such folder"),
    ):
        with pytest.raises(ArchiveError) as caught:
            rerun(tmp_path / name, "a")
        assert words in str(caught.value), name
