"""Drafts and folders of other programs: left alone while these live, tidied up when they are gone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulation.archive.archive import new_folder
from simulation.errors import ArchiveError
from simulation.resources import PROJECT_FOLDER
from simulation.storage.drafts import draft_in, remove_abandoned
from simulation.storage.work_folders import held_folder

OWNER = """
import sys, time
from pathlib import Path
from simulation.storage.drafts import replacing
from simulation.archive.archive import new_folder
from simulation.storage.work_folders import held_folder
folder = Path(sys.argv[1])
with held_folder(folder), new_folder(folder / "run") as new, replacing(folder / "file") as file:
    (new.draft / "table").write_text("half")
    file.write_text("half")
    print("ready", flush=True)
    time.sleep(3600)
"""


@contextmanager
def other_program(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A program that works in a folder, with a draft in it."""
    program = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, text=True
    )
    try:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        yield program
    finally:
        program.kill()
        program.wait()


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_drafts_of_living_programs_stay_and_those_of_killed_ones_go(tmp_path: Path) -> None:
    with other_program(tmp_path) as program:
        with draft_in(tmp_path, "ours") as ours:
            remove_abandoned(tmp_path)
            file, folder = sorted(entry for entry in tmp_path.glob(".*.partial") if entry != ours)
            assert ours.is_dir() and file.is_file() and (folder / "run" / "table").is_file()
        program.kill()
        program.wait()
        assert file.exists() and folder.exists()
        with new_folder(tmp_path / "run"):
            assert not file.exists() and not folder.exists()
    assert names_in(tmp_path) == [".in_use", "run"]


def test_a_folder_in_use_is_refused_in_words_until_its_program_is_gone(tmp_path: Path) -> None:
    with other_program(tmp_path) as program:
        with (
            pytest.raises(ArchiveError, match=f"in use by process {program.pid} on ") as caught,
            held_folder(tmp_path),
        ):
            pass
        assert "another folder" in str(caught.value)
        program.kill()
        program.wait()
        with held_folder(tmp_path):
            assert not list(tmp_path.glob(".*.partial")), "what was killed is tidied up"
            with pytest.raises(ArchiveError, match="in use"), held_folder(tmp_path):
                pass
        assert names_in(tmp_path) == []
