"""Runs of before a measure was added: read with that measure empty, told of, and never judged by it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from simulation.archive.added_since import added_in_words, added_since
from simulation.archive.archive import StoredRun, read_run
from simulation.archive.two_runs import TwoRuns
from simulation.claims.verdict import judge
from simulation.errors import ArchiveError
from simulation.languages.speaking import speaking
from simulation.measures import MEASURES
from simulation.pages.compare.page import render_page
from simulation.pages.run.about import run_line
from simulation.pages.run.content import Content
from simulation.storage.checksums import list_sums
from tests.support.made_runs import stored, tiny
from tests.support.worlds import preset

GONE, GONE_BY_DAY = "return_rate", "returns"


def claim(measure: str, kind: str = "difference") -> dict[str, object]:
    test = {"measure": measure, "arm": "tencent_live", "direction": "higher", "margin": 0.0, "why": "a try"}
    other = {"against": "taobao_live"} if kind == "difference" else {}
    return {"id": measure, "title": measure, "tests": [test | {"kind": kind} | other]}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> StoredRun:
    arms = [{"name": name, "platform": preset(name)} for name in ("taobao_live", "tencent_live")]
    claims = [claim(GONE), claim("gmv"), claim(GONE_BY_DAY, "trend")]
    return stored(tiny(arms, 2, claims=claims), tmp_path_factory.mktemp("run"))


@pytest.fixture
def old(run: StoredRun, tmp_path: Path) -> StoredRun:
    """The run as a version wrote it that had two measures less."""
    folder = tmp_path / "old"
    shutil.copytree(run.folder, folder)
    alter(folder, "runs", lambda table: table.drop(columns=GONE))
    alter(folder, "daily", lambda table: table.drop(columns=GONE_BY_DAY))
    return read_run(folder)


def alter(folder: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    file = folder / f"{name}.parquet"
    table = pd.read_parquet(file)
    attrs, table = table.attrs, change(table)
    table.attrs = attrs
    table.to_parquet(file, index=False)
    list_sums(folder, [file.name])


def test_what_it_has_not_is_empty_and_all_else_as_it_was(run: StoredRun, old: StoredRun) -> None:
    assert old.results.runs[GONE].isna().all() and old.results.daily[GONE_BY_DAY].isna().all()
    for before, after in ((run.results.runs, old.results.runs), (run.results.daily, old.results.daily)):
        kept = [name for name in before if name not in (GONE, GONE_BY_DAY)]
        pd.testing.assert_frame_equal(before[kept], after[kept])
    assert old.results.lacking == added_since(old.folder) == (GONE, GONE_BY_DAY)
    assert run.results.lacking == added_since(run.folder) == ()


def test_it_is_told_in_a_sentence_with_what_to_do(run: StoredRun, old: StoredRun) -> None:
    said = added_in_words(old.results.lacking)
    assert said in run_line(Content(old)) and said in render_page(TwoRuns(run, old))
    assert MEASURES[GONE].label in said and "run its scenario again" in said
    assert "Not measured" not in run_line(Content(run)) + render_page(TwoRuns(run, run))
    with speaking("zh"):
        assert "重新运行" in run_line(Content(old))


def test_a_claim_that_needs_it_is_not_measured_and_others_are_as_they_were(
    run: StoredRun, old: StoredRun
) -> None:
    before, after = ({entry.id: entry for entry in judge(run.scenario, one.results)} for one in (run, old))
    for name in (GONE, GONE_BY_DAY):
        assert before[name].status != "not tested" and after[name].status == "not tested"
        assert "not measured" in after[name].reason and name in after[name].reason
        assert not after[name].readings[0].tests
    assert after["gmv"].as_dict() == before["gmv"].as_dict()


def test_what_one_of_two_runs_has_not_is_not_compared(run: StoredRun, old: StoredRun) -> None:
    found = TwoRuns(old, run).differences.set_index("measure")
    assert found.loc[GONE, ["first", "difference", "low"]].isna().all(axis=None)
    assert (found.loc["gmv", "difference"] == 0.0).all()


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("runs", lambda table: table.assign(new_measure=1.0), "nothing here fills.*new_measure"),
        ("daily", lambda table: table.assign(new_measure=1.0), "nothing here fills.*new_measure"),
        ("merchants", lambda table: table.assign(gmv_2=1.0), "nothing here fills.*gmv_2"),
        ("merchants", lambda table: table.drop(columns="gmv"), "no column gmv"),
        ("runs", lambda table: table.drop(columns="replicate"), "no column replicate"),
        ("daily", lambda table: table.drop(columns="fan_survival"), "no column fan_survival"),
    ],
    ids=["new", "new by day", "new of merchants", "no measure", "no world", "no survival"],
)
def test_anything_else_is_refused_in_words(
    run: StoredRun, tmp_path: Path, name: str, change: Callable[[pd.DataFrame], pd.DataFrame], said: str
) -> None:
    folder = tmp_path / "altered"
    shutil.copytree(run.folder, folder)
    alter(folder, name, change)
    with pytest.raises(ArchiveError, match=said):
        read_run(folder)
