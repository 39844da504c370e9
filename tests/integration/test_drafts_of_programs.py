"""Drafts and folders of other programs: left alone while these live, tidied up when they are gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from simulation.archive.archive import new_folder
from simulation.errors import ArchiveError
from simulation.resources import PROJECT_FOLDER
from simulation.storage.drafts import draft_in, remove_abandoned
from simulation.storage.work_folders import held_folder

OWNER = """
import os, sys, time
from pathlib import Path
from simulation.storage.drafts import replacing
from simulation.archive.archive import new_folder
from simulation.storage.work_folders import held_folder
folder = Path(sys.argv[1])
with replacing(folder / "first") as first:
    first.touch()
if "fork" in sys.argv and os.fork() == 0:
    time.sleep(60)
    os._exit(0)
with held_folder(folder), new_folder(folder / "run") as new, replacing(folder / "file") as file:
    (new.draft / "table").write_text("half")
    file.write_text("half")
    (folder / "first").unlink()
    print("ready", flush=True)
    time.sleep(3600)
"""


DEADLINE = 60.0


@contextmanager
def other_program(folder: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A program that works in a folder, with drafts in it, in a group of its own."""
    program = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder), *words],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert program.stdout is not None and program.stdout.readline() == "ready\n"
        yield program
    finally:
        program.kill()
        program.wait()


def heir_of(program: subprocess.Popen[str]) -> psutil.Process:
    (heir,) = psutil.Process(program.pid).children()
    return heir


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_drafts_of_living_programs_stay_and_those_of_killed_ones_go(tmp_path: Path) -> None:
    with other_program(tmp_path) as program:
        heir_of(program).kill()
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
        heir_of(program).kill()
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


@pytest.mark.parametrize(
    ("end", "number"), [(os.kill, signal.SIGKILL), (os.killpg, signal.SIGKILL), (os.killpg, signal.SIGTERM)]
)
def test_a_killed_program_leaves_nothing_half_written(
    end: Callable[[int, int], None], number: signal.Signals, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("of before", encoding="utf-8")
    with other_program(tmp_path) as program:
        heir = heir_of(program)
        assert len(list(tmp_path.glob(".*.partial"))) == 2 and (tmp_path / ".in_use").is_file()
        end(program.pid, number)
        program.wait()
        until(lambda: names_in(tmp_path) == ["file"])
        until(lambda: not heir.is_running())
    assert (tmp_path / "file").read_text(encoding="utf-8") == "of before"


def test_what_is_somebody_elses_by_then_stays(tmp_path: Path) -> None:
    with other_program(tmp_path) as program:
        heir = heir_of(program)
        heir.suspend()
        program.kill()
        program.wait()
        with held_folder(tmp_path):
            heir.resume()
            until(lambda: not heir.is_running())
            assert names_in(tmp_path) == [".in_use"]


def test_processes_that_were_forked_keep_no_draft_of_a_killed_program(tmp_path: Path) -> None:
    with other_program(tmp_path, "fork") as program:
        (forked,) = (child for child in psutil.Process(program.pid).children() if "fork" in child.cmdline())
        program.kill()
        program.wait()
        until(lambda: names_in(tmp_path) == [])
        assert forked.is_running()
        forked.kill()
