"""Folders whose names are not text in this locale are refused before anything is run, in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.claims.reading import read_scenario
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.results import SweepResults
from simulation.ensembles.sweep import run_sweep
from simulation.errors import ScenarioError
from simulation.laboratory import store_run
from simulation.pages.run.page import write_report
from tests.support.here import here
from tests.support.tearing import refused

TEXT = """\
name = "small"
title = "Small"
article_claims = false
[world]
viewers = 60
merchants = 5
days = 3
[[arms]]
name = "feed"
platform = "taobao_live"
[sweep]
design = "list"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name is Latin-1, as Python has it where the locale is UTF-8."""
    made = tmp_path / "caf\udce9"
    made.mkdir()
    (made / "points.csv").write_text("trust.half_life\n20\n", encoding="utf-8")
    (made / "file.toml").write_text(f'{TEXT}csv = "points.csv"\n', encoding="utf-8")
    (made / "rows.toml").write_text(f'{TEXT}rows = [{{"trust.half_life" = 20}}]\n', encoding="utf-8")
    return made


def test_a_path_that_would_be_stored_is_refused(folder: Path) -> None:
    said = refused(lambda place: read_scenario(place / "file.toml"), folder, ScenarioError)
    assert (
        "sweep.csv (line 13)" in said
        and "bytes that are not text in this locale" in said
        and "PYTHONUTF8" in said
    )


def test_results_have_a_folder_that_is_text(folder: Path) -> None:
    question = read_scenario(folder / "rows.toml")
    before = sorted(folder.iterdir())
    for use in (
        lambda place: store_run(question, place),
        write_report,
        SweepResults.read,
        lambda place: run_sweep(question, place, Execution(here, 1)),
    ):
        said = refused(use, folder)
        assert "not text in this locale" in said and "caf\\udce9" in said
    assert sorted(folder.iterdir()) == before
