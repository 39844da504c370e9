"""Tables for other programs: what is written is what was there, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from simulation.archive.integrity import check_folder
from simulation.errors import ArchiveError
from simulation.exports import exporting
from simulation.exports.exporting import EXPORTERS, Exporter, export
from simulation.storage.checksums import SUMS, begin_sums
from tests.support.tearing import flip

RUNS = pd.DataFrame(
    {"arm": ["淘宝", "=1+1"], "replicate": [0, 1], "gmv": [0.1, np.nan], "won": [True, False]}
)
DAILY = pd.DataFrame({"day": np.arange(3, dtype=np.int32), "visits": np.array([1.5, np.inf, 3], np.float32)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Results with two tables."""
    RUNS.to_parquet(tmp_path / "runs.parquet", index=False)
    DAILY.to_parquet(tmp_path / "daily.parquet", index=False)
    return tmp_path


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_format_has_a_label_and_an_ending_of_its_own(name: str) -> None:
    assert isinstance(EXPORTERS[name], Exporter) and EXPORTERS[name].label
    assert [entry.ending for entry in EXPORTERS.values()].count(EXPORTERS[name].ending) == 1


def test_csv_has_the_mark_that_excel_looks_for_and_reads_back(folder: Path) -> None:
    file = export(folder, "csv")
    with ZipFile(file) as archive:
        assert sorted(archive.namelist()) == ["daily.csv", "runs.csv"]
        assert archive.read("runs.csv").startswith("\ufeffarm,replicate".encode())
        with archive.open("runs.csv") as entry:
            pd.testing.assert_frame_equal(pd.read_csv(entry), RUNS)


def test_a_workbook_has_a_sheet_a_table_and_text_is_no_formula(folder: Path) -> None:
    book = load_workbook(export(folder, "xlsx"))
    assert book.sheetnames == ["daily", "runs"]
    assert [list(row) for row in book["runs"].values] == [
        ["arm", "replicate", "gmv", "won"],
        ["淘宝", 0, 0.1, True],
        ["=1+1", 1, None, False],
    ]
    assert book["runs"]["A3"].data_type == "s"
    assert [row[1] for row in book["daily"].values] == ["visits", 1.5, None, 3]


def test_a_table_that_is_too_long_for_a_format_is_refused_and_nothing_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = Exporter("a short format", ".short", lambda tables, file: file.touch(), most_rows=2)
    monkeypatch.setattr(exporting, "EXPORTERS", {"short": short})
    with pytest.raises(ArchiveError, match="daily has 3 rows; a short format takes 2"):
        export(folder, "short")
    assert not (folder / "tables.short").exists()


def test_a_format_that_fails_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(tables: object, file: Path) -> None:
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "EXPORTERS", {"full": Exporter("full", ".full", fails)})
    (folder / "tables.full").write_text("before")
    with pytest.raises(ArchiveError, match="No space left"):
        export(folder, "full")
    assert (folder / "tables.full").read_text() == "before"


@pytest.mark.parametrize("target", ["nowhere/tables.csv.zip", "."])
def test_a_target_that_cannot_be_is_refused(folder: Path, target: str) -> None:
    with pytest.raises(ArchiveError, match="cannot be written"):
        export(folder, "csv", folder / target)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no tables"):
        export(tmp_path, "csv")
    (tmp_path / "runs.parquet").write_text("torn")
    with pytest.raises(ArchiveError, match=r"runs\.parquet"):
        export(tmp_path, "csv")


def test_paths_are_taken_as_strings_and_a_format_that_there_is_not_is_refused(folder: Path) -> None:
    assert export(str(folder), "csv", str(folder / "mine.zip")) == folder / "mine.zip"
    with pytest.raises(ArchiveError, match=r"format=\n.*'xslx' \(did you mean 'xlsx'\?\)"):
        export(folder, format="xslx")


def test_a_folder_is_handed_on_whole_with_the_files_that_it_names_and_only_if_it_is_whole(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    plugin = tmp_path_factory.mktemp("elsewhere") / "lucky.py"
    plugin.write_text("import odds\n\nCHANNEL = odds.NONE\n", encoding="utf-8")
    (plugin.parent / "odds.py").write_text("NONE = None\n", encoding="utf-8")
    scenario = {"plugins": {"channels": {"lucky": str(plugin)}}, "sweep": {"csv": "/nowhere.csv"}}
    (folder / "sweep.json").write_text(json.dumps({"scenario": scenario}), encoding="utf-8")
    (folder / ".draft").write_text("half", encoding="utf-8")
    begin_sums(folder, ["sweep.json", "runs.parquet", "daily.parquet"])
    export(folder, "csv")
    for _ in range(2):
        file = export(folder, "whole")
        with ZipFile(file) as archive:
            names = {Path(name).relative_to(folder.name).as_posix() for name in archive.namelist()}
            archive.extractall(there := tmp_path_factory.mktemp("colleague"))
        tables = {"runs.parquet", "daily.parquet"}
        assert names == {SUMS, "sweep.json", "from_outside/1_lucky.py", "from_outside/2_odds.py", *tables}
        assert check_folder(there / folder.name) == 3
    flip(folder / "daily.parquet", 80)
    with pytest.raises(ArchiveError, match=r"daily\.parquet"):
        export(folder, "whole")
