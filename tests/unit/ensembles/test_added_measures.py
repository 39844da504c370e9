"""Sweeps, searches and calibrations that went on after a measure was added: never mixed in silence."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest

from simulation.calibration.facts import Fact, measured
from simulation.claims.reading import check_table
from simulation.ensembles.adaptive import run_until
from simulation.ensembles.analysis.verdicts import why_not
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.results import SweepResults
from simulation.ensembles.resuming import MeasuresLeftOut
from simulation.ensembles.sweep import about_sweep
from simulation.ensembles.tasks import Finished, Task
from simulation.errors import AnalysisError
from simulation.scenario import Scenario
from tests.support.questions import small_table

KEY, GONE = "sharing.base_rate", "return_rate"
TEST = {
    "measure": GONE,
    "arm": "links",
    "against": "feed",
    "direction": "higher",
    "margin": 0.0,
    "why": "try",
}


def question(**sweep: Any) -> Scenario:
    settings = {"points": 3, "replications": 1, "factors": [{"key": KEY, "low": 0.0, "high": 1.0}]}
    claims = [{"id": "returns", "title": "Returns", "tests": [TEST]}]
    return check_table(small_table("small", sweep=settings | sweep, claims=claims), "test")


def kept(folder: Path, scenario: Scenario, early: int) -> tuple[SweepFolder, list[Task]]:
    """Three finished runs, of which the first `early` were made before `GONE` was measured."""
    store, tasks = SweepFolder(folder), [Task(f"r{n}", n, 0, {KEY: n / 4}, 1) for n in range(3)]
    store.begin(about_sweep(scenario, [KEY]), resume=False)
    for task in tasks:
        measures = {"gmv": 10.0 + task.point} | (
            {} if task.point < early else {GONE: 0.1, f"{GONE}_push": 0.2}
        )
        finished = Finished.from_task(task)
        finished.arms = {"feed": measures, "links": measures}
        store.keep(finished)
    return store, tasks


def test_a_measure_that_some_runs_lack_is_left_out_and_told_of(tmp_path: Path) -> None:
    scenario = question()
    store, tasks = kept(tmp_path, scenario, early=2)
    with pytest.warns(MeasuresLeftOut, match=f"made before these were measured.*{GONE}; a folder of its own"):
        data = store.gather(tasks)
    assert "gmv" in data and not [name for name in data if name.startswith(GONE)]
    results = SweepResults.read(tmp_path)
    assert f"the sweep has no measure {GONE}" in why_not(scenario.claims[0].each[0], results)


@pytest.mark.parametrize("early", [0, 3])
def test_nothing_is_left_out_where_all_runs_are_alike(tmp_path: Path, early: int) -> None:
    store, tasks = kept(tmp_path, question(), early)
    with warnings.catch_warnings():
        warnings.simplefilter("error", MeasuresLeftOut)
        assert (GONE in store.gather(tasks)) == (early == 0)


def test_an_interval_of_it_is_refused(tmp_path: Path) -> None:
    until = {"measure": GONE, "arm": "links", "width": 0.1, "most": 8}
    scenario = question(replications=4, until=until)
    store, tasks = kept(tmp_path, scenario, early=2)
    with pytest.raises(AnalysisError, match=r"was not measured yet when 2 runs in the folder were made"):
        run_until(scenario, tasks, store, lambda batch: None, lambda many: None)


@pytest.mark.filterwarnings("ignore::simulation.ensembles.resuming.MeasuresLeftOut")
def test_a_fact_of_it_is_refused(tmp_path: Path) -> None:
    scenario = question()
    store, tasks = kept(tmp_path, scenario, early=1)
    fact = Fact(id="sent_back", measure=GONE, arm="links", low=0.0, high=1.0)
    with pytest.raises(AnalysisError, match=rf"facts\.sent_back\s.*{GONE}.*made too early"):
        measured([fact], store.gather(tasks), scenario)
