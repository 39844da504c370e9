"""Sweeps on a scheduler and workers that were started as programs of their own, outside the checkout."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulation.calibration.facts import Fact
from simulation.calibration.waves.history_matching import calibrate
from simulation.claims.reading import check_table
from simulation.ensembles.execution import probing
from simulation.ensembles.execution.executors import dask_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.search.policy_search import search_policies
from simulation.ensembles.sweep import run_sweep
from simulation.errors import ExecutionError
from simulation.resources import PACKAGE_FOLDER, PROJECT_FOLDER
from simulation.scenario import Scenario
from simulation.storage.manifest import MODEL_VERSION
from tests.support.cluster import Programs
from tests.support.here import here
from tests.support.sweep_models import straight_line
from tests.support.worlds import preset

RULE = "def RULE(merchants, due, settings):\n    merchants.streams[due] = {streams}\n"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """A scheduler that knows nothing of this package, and a worker that imports it from here."""
    running = Programs(tmp_path_factory.mktemp("cluster"))
    try:
        running.worker(PROJECT_FOLDER)
        yield running
    finally:
        running.stop()


def question(rule: Path | None = None, **more: Any) -> Scenario:
    plugged = {"plugins": {"merchant_rules": {"own": str(rule)}}, "merchant_rule": "own"} if rule else {}
    return check_table(
        {
            "name": "swept",
            "title": "Swept",
            "article_claims": False,
            "world": {"viewers": 60, "merchants": 5, "days": 16},
            "arms": [
                {"name": "central", "platform": preset("taobao_live")},
                {"name": "shared", "platform": preset("tencent_live")},
            ],
            "sweep": {
                "points": 3,
                "replications": 1,
                "factors": [{"key": "sharing.base_rate", "low": 0.0, "high": 1.0}],
            },
            **plugged,
            **more,
        },
        "test",
    )


def refused(programs: Programs, folder: Path, scenario: Scenario | None = None) -> str:
    """Why a sweep is refused; nothing has been written."""
    with pytest.raises(ExecutionError) as caught:
        run_sweep(scenario or question(), folder, Execution(lambda: dask_executor(programs.address), 2))
    assert not folder.exists()
    return str(caught.value)


def test_workers_elsewhere_give_what_is_found_here(programs: Programs, tmp_path: Path) -> None:
    rule = tmp_path / "rule.py"
    rule.write_text(RULE.format(streams=2.0))
    there = run_sweep(
        question(rule), tmp_path / "there", Execution(lambda: dask_executor(programs.address), 2)
    )
    alone = run_sweep(question(rule), tmp_path / "here", Execution(here, 1))
    pd.testing.assert_frame_equal(there, alone)
    rule.write_text(RULE.format(streams=1.0))
    with pytest.warns(UserWarning, match="has changed since"):
        edited = run_sweep(
            question(rule),
            tmp_path / "there",
            Execution(lambda: dask_executor(programs.address), 2, resume=True),
        )
    pd.testing.assert_frame_equal(edited, run_sweep(question(rule), tmp_path / "edited", Execution(here, 1)))
    assert not edited.equals(there), "a worker that goes on running reads an edited file again"


def test_a_search_runs_on_them_too(programs: Programs, tmp_path: Path) -> None:
    search = {
        "levers": [{"key": "sharing.base_rate", "low": 0.0, "high": 1.0}],
        "population": 4,
        "generations": 1,
        "replications": 1,
        "goals": [{"measure": "conversion_rate", "arm": "shared"}],
    }
    table = search_policies(
        question(policy_search=search),
        tmp_path,
        Execution(lambda: dask_executor(programs.address), 2, model=straight_line),
    )
    assert len(table) >= 4 and (table["reason"] == "").all()


def test_a_calibration_runs_on_them_and_finds_what_it_finds_here(programs: Programs, tmp_path: Path) -> None:
    settings = {"facts": "none", "waves": 2, "most_waves": 2, "wave_points": 30, "misses": 0, "worlds": 10}
    factors = [{"key": "sharing.base_rate", "low": 0.0, "high": 1.0}]
    sweep = {"points": 30, "replications": 1, "factors": factors}
    asked = question(sweep=sweep, calibration=settings)
    half = asked.trust.half_life
    facts = [Fact(id="rate", measure="conversion_rate", arm="shared", low=2 * half + 20, high=2 * half + 60)]
    there, at_home = (
        calibrate(asked, facts, tmp_path / name, Execution(executor, 2, model=straight_line)).worlds()
        for name, executor in (("there", lambda: dask_executor(programs.address)), ("here", here))
    )
    assert len(there) >= 10 and there["sharing.base_rate"].between(0.2, 0.6).all()
    pd.testing.assert_frame_equal(there, at_home)


def test_a_worker_without_the_package_is_named_before_anything_is_begun(
    programs: Programs, tmp_path: Path
) -> None:
    worker = programs.worker(None)
    words = refused(programs, tmp_path / "new")
    programs.stop(worker)
    assert "tcp://127.0.0.1:" in words and "No module named 'simulation'" in words
    assert f"PYTHONPATH={PROJECT_FOLDER}" in words and "requirements.txt" in words
    assert words.startswith("cluster=: 1 problem"), "the other one is fine"


def test_a_worker_of_another_version_is_named(programs: Programs, tmp_path: Path) -> None:
    shutil.copytree(
        PACKAGE_FOLDER, tmp_path / "old" / "simulation", ignore=shutil.ignore_patterns("__pycache__")
    )
    # Compiled rules are kept by the content of their sources, which are the same.
    (tmp_path / "old" / "simulation" / "__pycache__").symlink_to(PACKAGE_FOLDER / "__pycache__")
    manifest = tmp_path / "old" / "simulation" / "storage" / "manifest.py"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(
        text.replace(f'MODEL_VERSION = "{MODEL_VERSION}"', 'MODEL_VERSION = "0"'), encoding="utf-8"
    )
    worker = programs.worker(tmp_path / "old")
    words = refused(programs, tmp_path / "new")
    programs.stop(worker)
    assert f"model version 0; here it is {MODEL_VERSION}" in words


def test_a_worker_without_a_file_from_outside_or_with_another_is_named(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is the same, so that the file is another between handing out and looking."""
    rule = tmp_path / "rule.py"
    rule.write_text(RULE.format(streams=2.0))
    asked = question(rule)
    ask = dask_executor

    def with_it_changed(change: Any) -> Any:
        def opened(address: str) -> Any:
            change()
            return ask(address)

        return opened

    for change, words in (
        (lambda: rule.write_text("RULE = 1"), "has changed since the work began"),
        (rule.unlink, "No such file"),
    ):
        rule.write_text(RULE.format(streams=2.0))
        monkeypatch.setitem(globals(), "dask_executor", with_it_changed(change))
        found = refused(programs, tmp_path / "new", asked)
        assert words in found and "the same files, under the same paths" in found


def test_other_code_under_the_same_version_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    assert probing.code_version() == probing.code_version.__wrapped__()
    assert "its code differs" in str(probing.what_is_wrong_here(MODEL_VERSION, "another", "{}"))


def test_a_scheduler_without_workers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulation.ensembles.execution.executors.WORKERS_SECONDS", 0.2)
    folder = tmp_path / "cluster"
    folder.mkdir()
    running = Programs(folder)
    try:
        words = refused(running, tmp_path / "new")
    finally:
        running.stop()
    assert "a scheduler without workers" in words and "dask worker" in words


@pytest.mark.parametrize(
    "address", ["tls://127.0.0.1:8786", "127.0.0.1:99999", "nowhere", "tcp://", "ftp://x:1"]
)
def test_an_address_at_which_nothing_can_answer_is_refused_in_words(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("simulation.ensembles.execution.executors.CONNECT_SECONDS", 0.5)
    with pytest.raises(ExecutionError, match="no scheduler answers"):
        run_sweep(question(), tmp_path / "new", Execution(lambda: dask_executor(address), 2))
    assert not (tmp_path / "new").exists()
