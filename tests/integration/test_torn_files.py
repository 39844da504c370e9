"""Files of results that are torn or altered: one sentence that names the file, whichever command reads it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulation.archive.archive import TABLES
from simulation.claims.reading import read_scenario
from simulation.laboratory import store_run
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.pages.run.page import write_report
from simulation.scenario.reading.read import find_scenario
from simulation.terminal.console import PlainConsole
from simulation.world.line_list import SCHEMAS
from tests.support.tearing import refused, sealed, torn

SMALL = {
    "world.viewers": 60,
    "world.merchants": 6,
    "world.days": 6,
    "run.replications": 2,
    "run.record": True,
}
FILES = ["manifest.json", "scenario.toml", "claims.json", *(f"{name}.parquet" for name in TABLES)]
LINES = [f"agents/{name}.parquet" for name in SCHEMAS]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded run of two arms that the article's claims compare."""
    scenario = read_scenario(find_scenario("tencent_live_2020"), SMALL)
    scenario = scenario.model_copy(update={"arms": scenario.arms[:2]})
    return store_run(scenario, tmp_path_factory.mktemp("results"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "run"))


def inspected(folder: Path) -> Path:
    busiest = pd.read_parquet(folder / "merchants.parquet").nlargest(1, "visits")["merchant"].iloc[0]
    return inspect_run(folder, PlainConsole(quiet=True), Subject(merchant=int(busiest)))


@torn
@pytest.mark.parametrize("name", FILES)
def test_a_report_names_the_file_that_is_torn(name: str, tear: Callable[[Path], None], folder: Path) -> None:
    tear(folder / name)
    before = (folder / "report.html").read_bytes()
    said = refused(write_report, folder)
    assert said.startswith(f"{folder / name}: ") and "again" in said
    assert (folder / "report.html").read_bytes() == before


@torn
@pytest.mark.parametrize("name", ["scenario.toml", "moves.parquet", *LINES])
def test_a_life_names_the_file_that_is_torn(name: str, tear: Callable[[Path], None], folder: Path) -> None:
    tear(folder / name)
    said = refused(inspected, folder)
    assert said.startswith(f"{folder / name}: ") and "again" in said
    assert not list(folder.glob("inspect_*"))


def first_reading(found: dict[str, Any]) -> dict[str, Any]:
    """The first reading of a claim that so small a world can test."""
    return next(reading for claim in found["claims"] for reading in claim["readings"] if reading["tests"])


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        ("claims.json", lambda found: found.pop("comparisons"), "comparisons: Field required"),
        ("claims.json", lambda found: found["claims"][0].update(status="perhaps"), "claims.0.status"),
        ("claims.json", lambda found: first_reading(found)["tests"][0].pop("effect"), "tests.0.effect"),
        ("claims.json", lambda found: found["arms"].pop(), "arms"),
        ("claims.json", lambda found: found["arms"][0].update(name="other"), "arms"),
        ("manifest.json", lambda found: found.pop("model_version"), "model_version: Field required"),
        ("manifest.json", lambda found: found.update(seconds="12"), "seconds"),
        ("manifest.json", lambda found: found.update(peak_memory_bytes="much"), "peak_memory_bytes"),
    ],
)
def test_a_key_that_is_missing_or_of_another_kind_is_named(
    name: str, change: Callable[[dict[str, Any]], Any], expected: str, folder: Path
) -> None:
    found = json.loads((folder / name).read_text(encoding="utf-8"))
    change(found)
    (folder / name).write_text(json.dumps(found), encoding="utf-8")
    said = refused(write_report, folder)
    assert str(folder / name) in said and expected in said


def test_a_table_that_lacks_a_column_or_rows_is_named(folder: Path) -> None:
    table = pd.read_parquet(folder / "merchants.parquet")
    table.drop(columns="starting_fans").to_parquet(folder / "merchants.parquet", index=False)
    assert "no column starting_fans" in refused(write_report, folder)
    table["visits"] += 1
    table.to_parquet(folder / "merchants.parquet", index=False)
    assert "merchants.parquet: " in (said := refused(write_report, folder)) and "altered since" in said
    table.attrs = table.attrs | {"scenario": "other", "scenario_hash": "another"}
    table.to_parquet(folder / "merchants.parquet", index=False)
    sealed(folder)
    assert "a table of another run, of 'other'" in refused(write_report, folder)
    table.attrs = {}
    table.to_parquet(folder / "merchants.parquet", index=False)
    sealed(folder)
    runs = pd.read_parquet(folder / "runs.parquet")
    runs[(runs["arm"] != "tencent_live") | (runs["replicate"] != 1)].to_parquet(folder / "runs.parquet")
    sealed(folder)
    assert "no row of arm 'tencent_live' in replication 1" in refused(write_report, folder)


def test_a_run_of_another_version_says_so(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8")) | {"model_version": "0"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "altered since it was written" in refused(write_report, folder)
    sealed(folder)
    write_report(folder)  # as long as everything is there
    pd.read_parquet(folder / "daily.parquet").drop(columns="day").to_parquet(folder / "daily.parquet")
    said = refused(write_report, folder)
    assert "model version 0" in said and "daily.parquet" in said and "no column day" in said


def test_a_folder_that_is_no_run_says_what_it_is(folder: Path, tmp_path: Path) -> None:
    for read in (write_report, inspected_viewer):
        assert "there is no such folder" in refused(read, tmp_path / "nowhere")
        assert f"a folder of runs, such as {folder}" in refused(read, tmp_path)
        (folder / "runs.parquet").unlink(missing_ok=True)
        (folder / "merchants.parquet").unlink(missing_ok=True)
        assert "merchants.parquet missing" in refused(read, folder)


def inspected_viewer(folder: Path) -> Path:
    return inspect_run(folder, PlainConsole(quiet=True), Subject(viewer=0))
