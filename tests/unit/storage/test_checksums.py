"""Checksums of a folder: what is altered, missing, or listed wrongly is named."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from simulation.archive.integrity import check_folder
from simulation.errors import ArchiveError, Remedy
from simulation.storage.checksums import SUMS, begin_sums, check_sum, faults_in, known_sums, list_sums
from simulation.storage.files import read_table, write_table, write_whole
from tests.support.tearing import flip, refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a list, two files, and one further below."""
    (tmp_path / "agents").mkdir()
    for name in ("a.txt", "b 二.txt", "agents/c.txt"):
        (tmp_path / name).write_text(f"{name}\n", encoding="utf-8")
    begin_sums(tmp_path, ["a.txt", "b 二.txt", "agents/c.txt"])
    return tmp_path


def test_what_is_as_it_was_has_no_faults_and_the_system_s_own_tool_agrees(folder: Path) -> None:
    assert faults_in(folder) == [] and check_folder(folder) == 3
    if tool := shutil.which("sha256sum"):
        subprocess.run([tool, "--check", "--quiet", SUMS], cwd=folder, check=True)


def test_missing_and_altered_files_are_named(folder: Path) -> None:
    (folder / "a.txt").unlink()
    flip(folder / "agents/c.txt", 3)
    found = {problem.key: problem.found for problem in faults_in(folder)}
    assert found == {"a.txt": "missing", "agents/c.txt": "altered since it was written"}


@pytest.mark.parametrize("bit", range(0, 8 * 80, 37))
def test_an_altered_list_is_found(folder: Path, bit: int) -> None:
    flip(folder / SUMS, bit)
    with pytest.raises(ArchiveError):
        check_folder(folder)


def test_whoever_reads_an_altered_file_is_told(folder: Path) -> None:
    table = pd.DataFrame({"visits": [1, 2]})
    write_table(folder / "t.parquet", table)
    assert read_table(folder / "t.parquet", ["visits"], Remedy("end")).equals(table)
    (table + 1).to_parquet(folder / "t.parquet", index=False)
    said = refused(lambda place: read_table(place / "t.parquet", ["visits"], Remedy("end")), folder)
    assert "t.parquet: " in said and "altered since it was written" in said


def test_a_file_whose_name_is_not_in_an_altered_list_is_not_believed(folder: Path) -> None:
    text = (folder / SUMS).read_text(encoding="utf-8")
    (folder / SUMS).write_text(text.replace("  a.txt", "  q.txt"), encoding="utf-8")
    said = refused(lambda place: check_sum(place / "a.txt", Remedy("end")), folder)
    assert "it lists q.txt, which is not there" in said


def test_the_list_follows_what_is_written_and_taken_away(folder: Path) -> None:
    write_whole(folder / "d.txt", "new")
    write_whole(folder / "passing.txt", "new", lasting=False)
    (folder / "a.txt").unlink()
    list_sums(folder, [])
    assert sorted(known_sums(folder)) == ["agents/c.txt", "b 二.txt", "d.txt"]


def test_a_folder_without_a_list_is_read_as_it_is_and_gets_none(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "text")
    check_sum(tmp_path / "a.txt", Remedy("end"))
    assert known_sums(tmp_path) == {} and not (tmp_path / SUMS).exists()
    assert "without checksums" in refused(check_folder, tmp_path)
