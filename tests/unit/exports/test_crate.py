"""A run as an RO-Crate: every file is described, what made it is named, the same run is the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from simulation.archive.archive import StoredRun
from simulation.errors import ArchiveError
from simulation.exports.crate import DESCRIPTION, VERSION
from simulation.exports.exporting import export
from simulation.storage.manifest import MODEL_VERSION
from tests.support.made_runs import stored, tiny
from tests.support.tearing import flip
from tests.support.worlds import preset


@pytest.fixture
def run(tmp_path: Path) -> StoredRun:
    folder = tmp_path / "run"
    folder.mkdir()
    return stored(tiny([{"name": "taobao_live", "platform": preset("taobao_live")}], 1), folder)


def test_every_file_is_described_as_it_is(run: StoredRun) -> None:
    with ZipFile(export(run.folder, "crate")) as archive:
        graph = {entry["@id"]: entry for entry in json.loads(archive.read(DESCRIPTION))["@graph"]}
        names = set(archive.namelist()) - {DESCRIPTION}
        assert {"scenario.toml", "runs.parquet", "claims.json", "manifest.json"} <= names
        assert {part["@id"] for part in graph["./"]["hasPart"]} == names
        for name in names:
            content = archive.read(name)
            assert graph[name]["sha256"] == hashlib.sha256(content).hexdigest()
            assert graph[name]["contentSize"] == str(len(content)) and graph[name]["@type"] == "File"


def test_the_description_is_a_crate_s_and_names_what_made_the_run(run: StoredRun) -> None:
    with ZipFile(export(run.folder, "crate")) as archive:
        text = json.loads(archive.read(DESCRIPTION))
    graph = {entry["@id"]: entry for entry in text["@graph"]}
    assert text["@context"] == f"{VERSION}/context" and len(graph) == len(text["@graph"])
    about = graph[DESCRIPTION]
    assert about["conformsTo"] == {"@id": VERSION} and about["about"] == {"@id": "./"}
    root = graph["./"]
    assert root["@type"] == "Dataset" and all(root[key] for key in ("name", "description", "datePublished"))
    made = graph[root["mentions"]["@id"]]
    assert f"model {MODEL_VERSION}" in graph[made["instrument"]["@id"]]["version"]
    asked = [entry["@id"] for entry in graph[made["instrument"]["@id"]]["softwareRequirements"]]
    assert "#mesa" in asked and all(graph[name]["version"] for name in asked)


def test_the_same_run_is_the_same_bytes_and_no_export_is_within_another(run: StoredRun) -> None:
    first = export(run.folder, "crate").read_bytes()
    export(run.folder, "csv")
    export(run.folder, "whole")
    assert export(run.folder, "crate").read_bytes() == first


def test_a_run_that_is_not_whole_is_refused(run: StoredRun) -> None:
    flip(run.folder / "daily.parquet", 80)
    with pytest.raises(ArchiveError, match=r"daily\.parquet"):
        export(run.folder, "crate")
