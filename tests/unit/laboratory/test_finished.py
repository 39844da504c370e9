"""Finished runs that come with the laboratory: small, of this version or said to be older, and whole runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from simulation.archive.archive import StoredRun, read_run, runs_in
from simulation.archive.integrity import check_folder
from simulation.errors import ArchiveError
from simulation.laboratory.finished import CAME_WITH, finished_runs, open_finished, pack, wanted
from simulation.languages.speaking import speaking
from simulation.pages.run import page
from simulation.pages.run.about import run_line
from simulation.pages.run.content import Content
from simulation.resources import FINISHED_FOLDER, PROJECT_FOLDER
from simulation.scenario.reading.read import scenario_files
from simulation.storage.manifest import MODEL_VERSION
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

SHIPPED = sorted(FINISHED_FOLDER.glob("*.zip"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    return stored(tiny(arms, 2), tmp_path_factory.mktemp("run"))


@pytest.fixture
def shelf(run: StoredRun, tmp_path: Path) -> Path:
    """A folder with that run as the finished one of its scenario."""
    folder = tmp_path / "finished"
    folder.mkdir()
    pack(run.folder, folder / "tiny.zip", {"run.replications": 2})
    return folder


def test_what_is_opened_is_the_run_with_its_pages(run: StoredRun, shelf: Path, tmp_path: Path) -> None:
    found, now = open_finished("tiny", tmp_path / "results", shelf)
    assert now and found == tmp_path / "results" / "tiny" / run.folder.name
    opened = read_run(found)
    pd.testing.assert_frame_equal(opened.results.runs, run.results.runs)
    pd.testing.assert_frame_equal(
        opened.results.daily, run.results.daily, check_dtype=False, rtol=1e-6, check_exact=False
    )
    assert opened.claims == run.claims and (found / "report.zh.html").is_file()
    assert check_folder(found) > 8 and runs_in(tmp_path / "results") == [found]
    assert "scenario&#39;s file has: 2 worlds" in (found / "report.html").read_text(encoding="utf-8")


def test_it_is_opened_once_and_the_latest_then(shelf: Path, tmp_path: Path) -> None:
    first, _ = open_finished("tiny", tmp_path / "results", shelf)
    again, now = open_finished("tiny", tmp_path / "results", shelf)
    assert (again, now) == (first, False)
    assert json.loads((first / "manifest.json").read_text(encoding="utf-8"))["number"] == 1


def test_the_same_run_is_the_same_bytes(run: StoredRun, shelf: Path, tmp_path: Path) -> None:
    pack(run.folder, tmp_path / "again.zip", {"run.replications": 2})
    assert (tmp_path / "again.zip").read_bytes() == (shelf / "tiny.zip").read_bytes()


def test_an_unknown_name_is_refused_with_those_that_there_are(shelf: Path, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"'tinny' \(did you mean 'tiny'\?\)(.|\n)*one of tiny"):
        open_finished("tinny", tmp_path, shelf)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_says_that_another_version_made_its_run(
    run: StoredRun, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    with speaking(language):
        assert "4.0" not in run_line(Content(run))
        monkeypatch.setitem(run.manifest, "model_version", "4.0")
        assert "4.0" in run_line(Content(run)) and MODEL_VERSION in run_line(Content(run))


def test_sizes_are_said_in_the_language_of_the_page(run: StoredRun, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {"world.viewers": 10_000, "run.replications": 6}
    monkeypatch.setitem(run.manifest, CAME_WITH, {"changes": changes})
    with speaking("zh"):
        assert "10,000个用户和6个世界" in run_line(Content(run))


def test_every_question_that_is_to_have_a_finished_run_has_one() -> None:
    assert set(finished_runs()) == set(wanted()) <= {file.stem for file in scenario_files()}


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_those_that_come_along_are_small_and_of_this_version(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert file.stat().st_size < 2e6 and sum(entry.stat().st_size for entry in SHIPPED) < 10e6
    monkeypatch.setattr(page, "write_report", lambda folder: folder)  # which takes seconds
    run, _ = open_finished(file.stem, tmp_path)
    about = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert about["scenario"] == file.stem and about[CAME_WITH]["changes"] == wanted()[file.stem]
    content = Content(read_run(run))
    assert about["model_version"] == MODEL_VERSION or about["model_version"] in run_line(content)
    assert str(PROJECT_FOLDER).encode() not in b"".join(part.read_bytes() for part in run.iterdir())


def test_a_measure_that_there_was_not_yet_is_missing(run: StoredRun, shelf: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(run.folder, old)
    table = pd.read_parquet(old / "runs.parquet")
    attrs, table = table.attrs, table.drop(columns="return_rate")
    table.attrs = attrs
    table.to_parquet(old / "runs.parquet", index=False)
    pack(old, shelf / "tiny.zip", {})
    found, _ = open_finished("tiny", tmp_path / "results", shelf)
    assert read_run(found).results.runs["return_rate"].isna().all()
