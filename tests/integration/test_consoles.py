"""The command line on any console, in pipes and in logs, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.resources import PROJECT_FOLDER
from tests.support.command_lines import told
from tests.support.questions import MORE_SALES, small_question

QUESTION = small_question(title="Half [/] 淘宝 😀") + MORE_SALES.format(title="Links [sell] more ✔")


def run(*words: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command line as a process, with variables of its environment."""
    return subprocess.run(
        [sys.executable, str(PROJECT_FOLDER / "run.py"), *words],
        cwd=PROJECT_FOLDER,
        capture_output=True,
        check=False,
        timeout=300,
        env=os.environ | more,
    )


def test_a_mistake_on_the_command_line_is_one_line_and_shown_as_written():
    path = f"{'a_long_folder/' * 20}[bold]\x1b[31m.toml"
    done = run("check", "fruit_vendor", path)
    assert done.returncode == 2
    assert path.replace("\x1b", "\\x1b") in done.stderr.decode() and b"\x1b" not in done.stderr


def test_a_message_is_at_most_four_kilobytes_whatever_it_quotes():
    done = run("check", "fruit_vendor", "淘" * 30_000)
    assert done.returncode == 2 and len(done.stderr) < 4096 and "(30,0" in done.stderr.decode()


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp1252"])
def test_any_console_can_show_every_listing(encoding: str):
    for words in (["list"], ["parameters"], ["check", "no_such_文件"]):
        done = run(*words, PYTHONIOENCODING=encoding)
        assert done.returncode == (2 if words[0] == "check" else 0), done.stderr
        assert b"Traceback" not in done.stderr
    schema = run("schema", PYTHONIOENCODING=encoding)
    assert json.loads(schema.stdout.decode(encoding)) == json.loads(told("schema").stdout)


@pytest.mark.parametrize(("encoding", "sign"), [("gbk", "+"), ("utf-8", "✔")])
def test_a_run_ends_well_on_a_console_that_has_no_tick(encoding: str, sign: str, tmp_path: Path):
    file = tmp_path / "s.toml"
    file.write_text(QUESTION, encoding="utf-8")
    done = run("run", str(file), "--workers", "1", "--out", str(tmp_path / "o"), PYTHONIOENCODING=encoding)
    shown = done.stdout.decode(encoding)
    assert done.returncode == 0, done.stderr
    assert "Half [/] 淘宝" in shown and f"Links [sell] more {sign}" in shown
    (page,) = (tmp_path / "o").rglob("report.html")
    assert f"Page    {page}\n" in shown
    for name in ("report.html", "scenario.toml"):
        assert "Half [/] 淘宝 😀" in (page.parent / name).read_text(encoding="utf-8"), "whatever the console"


def _piped(*words: str, to: int) -> tuple[int, str]:
    """Exit status and errors of a command whose output goes to a file of the system."""
    done = subprocess.run(
        [sys.executable, str(PROJECT_FOLDER / "run.py"), *words],
        stdout=to,
        stderr=subprocess.PIPE,
        cwd=PROJECT_FOLDER,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("words", [["list"], ["schema"], ["sweep", "--help"]])
def test_a_reader_that_has_seen_enough_is_no_fault(words: list[str]):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert _piped(*words, to=writing) == (0, "")
    finally:
        os.close(writing)
