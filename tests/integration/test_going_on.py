"""Going on in a folder: what counts is kept, what does not is said, and another question is refused."""

from __future__ import annotations

import json
import warnings
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.calibration.facts import Fact
from simulation.calibration.waves.history_matching import calibrate
from simulation.claims.reading import check_table
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.results import SweepResults
from simulation.ensembles.resuming import RunsAgain
from simulation.ensembles.search.policy_search import search_policies
from simulation.ensembles.sweep import BYTES_PER_ROW, rerun, run_sweep
from simulation.errors import ArchiveError, ExecutionError
from simulation.scenario import Scenario
from simulation.storage.checksums import SUMS
from simulation.storage.files import write_whole
from simulation.storage.folders import RUNS
from simulation.storage.folders import SWEEP as SWEEP_FILE
from simulation.storage.record_log import line_of
from tests.support.here import Here, here
from tests.support.questions import small_table

RULE = "STREAMS = {streams}\n\n\ndef RULE(merchants, due, settings):\n    merchants.streams[due] = STREAMS\n"
KEY = "sharing.base_rate"
SWEEP = {"points": 4, "replications": 1, "factors": [{"key": KEY, "low": 0.0, "high": 1.0}]}
SEARCH = {
    "levers": [{"key": KEY, "low": 0.0, "high": 1.0}],
    "goals": [{"measure": "gmv", "arm": "links"}],
    "population": 4,
    "generations": 2,
    "replications": 1,
}


@pytest.fixture(autouse=True)
def _no_warning_goes_unnoticed():
    with warnings.catch_warnings():
        warnings.simplefilter("error", RunsAgain)
        yield


def question(rule: Path | None = None, **more: Any) -> Scenario:
    plugged = {"plugins": {"merchant_rules": {"own": str(rule)}}, "merchant_rule": "own"} if rule else {}
    sections = {"sweep": SWEEP, "policy_search": SEARCH} | plugged | more
    return check_table(small_table(**{"name": "small"} | sections), "test")


class Line:
    """The share rate plus what the rule in the file says now; keeps count of what is run."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        self.runs += 1
        added = 0.0
        for path in scenario.plugins.merchant_rules.values():
            added = float(Path(path).read_text(encoding="utf-8").split()[2])
        value = scenario.sharing.base_rate + replicate + added
        return {"feed": {"gmv": 0.0}, "links": {"gmv": value}}


def swept(scenario: Scenario, folder: Path, model: Line, resume: bool = True) -> pd.DataFrame:
    return run_sweep(scenario, folder, Execution(here, 1, resume, model=model))


def test_what_is_there_needs_no_room_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, model = question(), Line()
    swept(asked, tmp_path / "there", model)
    gathered = SimpleNamespace(free=4 * len(asked.arms) * BYTES_PER_ROW)
    monkeypatch.setattr("shutil.disk_usage", lambda path: gathered)
    assert len(swept(asked, tmp_path / "there", model)) and model.runs == 4
    with pytest.raises(ExecutionError, match=r"4 runs, for about 0\.1 MB"):
        swept(asked, tmp_path / "new", model)


def test_words_cost_no_run(tmp_path: Path) -> None:
    model = Line()
    first = swept(question(), tmp_path, model)
    again = swept(question(title="A better title", question="Why?"), tmp_path, model)
    assert model.runs == 4 and again.equals(first)
    assert SweepResults.read(tmp_path).scenario.title == "A better title"


def test_more_worlds_a_point_run_only_what_is_new(tmp_path: Path) -> None:
    model = Line()
    swept(question(), tmp_path, model)
    assert len(swept(question(sweep=SWEEP | {"replications": 3}), tmp_path, model)) == 4 * 3 * 3
    assert model.runs == 4 * 3


def test_other_points_are_run_and_the_rest_is_said_to_count_no_longer(tmp_path: Path) -> None:
    model = Line()
    swept(question(), tmp_path, model)
    with pytest.warns(RunsAgain, match=r"4 finished runs there, of which 0 still count; 5 of 5 will be run"):
        data = swept(question(sweep=SWEEP | {"points": 5}), tmp_path, model)
    assert data["point"].nunique() == 5 and model.runs == 9


def test_a_key_that_was_added_since_costs_no_run_at_its_default(tmp_path: Path) -> None:
    model = Line()
    first = swept(question(), tmp_path, model)
    forget(tmp_path, "streams", "parts_of_day")
    assert swept(question(), tmp_path, model).equals(first) and model.runs == 4
    forget(tmp_path, "streams", "parts_of_day")
    with pytest.raises(ArchiveError, match=r"streams\.parts_of_day is nothing there and 6 here"):
        swept(question(streams={"parts_of_day": 6}), tmp_path, model)


def forget(folder: Path, section: str, key: str) -> None:
    """Take a key out of the scenario of a sweep, as if it had been made before there was one."""
    file = folder / SWEEP_FILE
    about = json.loads(file.read_text(encoding="utf-8"))
    del about["scenario"][section][key]
    write_whole(file, json.dumps(about))


def test_another_question_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    swept(question(), tmp_path, Line())
    before = {file: file.read_bytes() for file in tmp_path.rglob("*.*")}
    with pytest.raises(ArchiveError) as caught:
        swept(question(name="other", people={"homophily": 0.9}), tmp_path, Line())
    words = str(caught.value)
    assert "another question ('small'): people.homophily is 0.4 there and 0.9 here" in words
    assert str(tmp_path) in words and "another folder" in words
    with pytest.raises(ArchiveError, match=r"world\.viewers is 60 there and 61 here"):
        swept(question(world={"viewers": 61, "merchants": 5, "days": 4}), tmp_path, Line())
    assert {file: file.read_bytes() for file in tmp_path.rglob("*.*")} == before


def test_what_varies_anyway_may_have_another_value_in_the_scenario(tmp_path: Path) -> None:
    model = Line()
    first = swept(question(), tmp_path, model)
    assert swept(question(sharing={"base_rate": 0.9}), tmp_path, model).equals(first) and model.runs == 4


def test_an_edited_file_counts_as_another_and_is_never_mixed(tmp_path: Path) -> None:
    rule, folder, model = tmp_path / "rule.py", tmp_path / "sweep", Line()
    rule.write_text(RULE.format(streams=10))
    first = swept(question(rule), folder, model)
    rule.write_text(RULE.format(streams=20))
    said = (
        r"4 finished runs there, of which 0 still count; 4 of 4 will be run \(the file of "
        r"plugins\.merchant_rules\.own has changed since\)"
    )
    with pytest.raises(ArchiveError, match="own has changed since"):
        rerun(folder, "", model)
    with pytest.warns(RunsAgain, match=said):
        second = swept(question(rule), folder, model)
    assert model.runs == 8
    np.testing.assert_allclose((second["gmv"] - first["gmv"])[first["arm"] == "links"], 10.0)
    rule.write_text(RULE.format(streams=10))
    with pytest.warns(RunsAgain, match="of which 4 still count; 0 of 4"):
        assert swept(question(rule), folder, model).equals(first)
    assert model.runs == 8, "as it was before, so that what was run with it counts again"


def test_a_file_that_is_edited_while_a_sweep_runs_makes_its_runs_fail(tmp_path: Path) -> None:
    rule = tmp_path / "rule.py"
    rule.write_text(RULE.format(streams=10))

    def edits(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        if scenario.sharing.base_rate > 0.5:
            rule.write_text(RULE.format(streams=20))
        return Line()(scenario, replicate)

    data = run_sweep(question(rule), tmp_path / "sweep", Execution(here, 1, model=edits))
    assert (data["gmv"] < 11).all(), "none of the new rule under the old one's name"
    failures = pd.read_parquet(tmp_path / "sweep" / "failures.parquet")
    assert failures["error"].str.contains("has changed since the work began").all()
    assert data["point"].nunique() + len(failures) == 4


def test_a_sweep_and_a_search_have_folders_of_their_own(tmp_path: Path) -> None:
    swept(question(), tmp_path, Line())
    with pytest.raises(ArchiveError, match=r"runs of a sweep\s.*a folder of its own for the policy search"):
        search_policies(question(), tmp_path, Execution(here, 1, resume=True, model=Line()))


def test_a_search_keeps_its_runs_over_words_and_not_over_an_edited_file(tmp_path: Path) -> None:
    rule, folder, model = tmp_path / "rule.py", tmp_path / "search", Line()
    rule.write_text(RULE.format(streams=10))
    first = search_policies(question(rule), folder, Execution(here, 1, model=model))
    once = model.runs
    titled = question(rule, title="Another")
    pd.testing.assert_frame_equal(
        search_policies(titled, folder, Execution(here, 1, True, model=model)), first
    )
    assert model.runs == once
    with pytest.raises(ArchiveError, match=r"another question.*trust\.half_life"):
        search_policies(
            question(rule, trust={"half_life": 5.0}), folder, Execution(here, 1, True, model=model)
        )
    rule.write_text(RULE.format(streams=20))
    with pytest.warns(RunsAgain, match="finished runs there no longer count where the file of plugins"):
        second = search_policies(question(rule), folder, Execution(here, 1, True, model=model))
    assert model.runs == 2 * once
    np.testing.assert_allclose(second["gmv.links"] - first["gmv.links"], 10.0)


def test_a_search_runs_again_what_was_made_before_its_goal_was_measured(tmp_path: Path) -> None:
    model = Line()
    first = search_policies(question(), tmp_path, Execution(here, 1, model=model))
    once, log = model.runs, tmp_path / RUNS
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    del lines[0]["checksum"]
    for measures in lines[0]["arms"].values():
        measures.pop("gmv", None)
    log.write_bytes(b"".join([line_of(lines[0]), *log.read_bytes().splitlines(True)[1:]]))
    with pytest.warns(
        RunsAgain, match="1 finished run there will be run again: made before gmv was measured"
    ):
        second = search_policies(question(), tmp_path, Execution(here, 1, True, model=model))
    assert model.runs == once + 1
    pd.testing.assert_frame_equal(first, second)


def test_settings_that_come_to_the_same_share_a_run_and_none_vanishes(tmp_path: Path) -> None:
    levers = [*SEARCH["levers"], {"key": "run.probe_replications", "low": 1, "high": 50, "whole": True}]
    model = Line()
    same_rate = SEARCH | {
        "levers": [{"key": KEY, "choices": [0.2, "0.4"]}, levers[1]],
        "population": 12,
        "generations": 1,
    }
    table = search_policies(question(policy_search=same_rate), tmp_path, Execution(here, 1, model=model))
    settings = table[[KEY, "run.probe_replications"]]
    assert len(table) > 9 and not settings.duplicated().any() and table[KEY].dtype == float
    assert model.runs == 3, "today's rate and two others; nothing else decides"
    assert json.loads((tmp_path / "status.json").read_text())["done"] == 13


def test_a_calibration_keeps_its_waves_over_words(tmp_path: Path) -> None:
    facts = [Fact(id="sales", measure="gmv", arm="links", low=0.2, high=0.8)]
    settings = {"facts": "none.toml", "waves": 2, "wave_points": 30, "misses": 0, "worlds": 5}
    asked = {"calibration": settings, "sweep": SWEEP | {"points": 30}}
    model = Line()
    calibrate(question(**asked), facts, tmp_path, Execution(here, 1, model=model))
    once = model.runs
    calibrate(
        question(**asked, title="Another"), facts, tmp_path, Execution(here, 1, resume=True, model=model)
    )
    assert model.runs == once
    with pytest.raises(ArchiveError, match="another question"):
        other = question(**asked, trust={"half_life": 5.0})
        calibrate(other, facts, tmp_path, Execution(here, 1, resume=True, model=model))


def test_a_sweep_that_was_stopped_before_its_first_run_protects_nothing(tmp_path: Path) -> None:
    class Stopped(Here):
        def submit(self, function, /, *arguments, **named):
            raise KeyboardInterrupt

    class Opens:
        def __enter__(self):
            return Stopped()

        def __exit__(self, *error):
            return None

    with pytest.raises(KeyboardInterrupt):
        run_sweep(question(), tmp_path, Execution(Opens, 1, model=Line()))
    assert (tmp_path / "sweep.json").is_file()
    other = question(people={"homophily": 0.9})  # another question even
    assert len(swept(other, tmp_path, Line(), resume=False)) == 12
    with pytest.raises(ArchiveError, match="4 finished runs of an earlier sweep"):
        swept(other, tmp_path, Line(), resume=False)


def test_data_without_its_runs_is_not_written_over(tmp_path: Path) -> None:
    swept(question(), tmp_path, Line())
    (tmp_path / RUNS).unlink()
    with pytest.raises(ArchiveError, match="the data of an earlier sweep"):
        swept(question(), tmp_path, Line(), resume=False)


@pytest.mark.parametrize("torn", ["sweep.json", "a run", "sweep.parquet", "status.json"])
def test_what_is_torn_is_said_and_made_again(torn: str, tmp_path: Path) -> None:
    model = Line()
    first = swept(question(), tmp_path, model)
    file = tmp_path / (RUNS if torn == "a run" else torn)
    file.write_bytes(file.read_bytes()[: -20 if torn == "a run" else 20])
    if torn in ("sweep.json", "sweep.parquet"):
        with pytest.raises(ArchiveError, match=torn):
            SweepResults.read(tmp_path)
    with pytest.warns(RunsAgain, match="torn or altered") if torn == "a run" else nullcontext():
        again = swept(question(), tmp_path, model)
    assert again.equals(first)
    assert model.runs == (5 if torn == "a run" else 4)
    assert json.loads((tmp_path / "status.json").read_text())["done"] == 4
    assert SweepResults.read(tmp_path).data.equals(first)


def test_a_folder_of_an_earlier_version_is_read_and_its_runs_are_run_again(tmp_path: Path) -> None:
    """Which told runs apart in another way, and wrote down neither files nor what kind of work it was."""
    model = Line()
    first = swept(question(), tmp_path, model)
    about = json.loads((tmp_path / "sweep.json").read_text())
    for name in ("files", "keys", "what"):
        del about[name]
    (tmp_path / "sweep.json").write_text(json.dumps(about))
    (tmp_path / "runs").mkdir()
    for number, run in enumerate(SweepFolder(tmp_path).runs()):
        run["identity"] = f"{number:020}"
        (tmp_path / "runs" / f"{number:020}.json").write_text(json.dumps(run))
    (tmp_path / RUNS).unlink()
    (tmp_path / SUMS).unlink()
    assert SweepResults.read(tmp_path).data.equals(first)
    with pytest.raises(ArchiveError, match="an earlier version told runs apart in another way"):
        rerun(tmp_path, "0000", model)
    with pytest.warns(RunsAgain, match="4 finished runs there, of which 0 still count.*in another way"):
        assert swept(question(), tmp_path, model).equals(first)
    assert model.runs == 8
