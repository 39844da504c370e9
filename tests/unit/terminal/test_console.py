"""What is said to the user is shown as it is written, on any console, in pipes and in logs."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console
from rich.table import Table
from typer.testing import CliRunner

from simulation.claims.reading import check_table
from simulation.commands.app import app, main
from simulation.errors import Problem
from simulation.laboratory import store_run
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.resources import PROJECT_FOLDER
from simulation.scenario import ScenarioError
from simulation.storage import manifest
from simulation.terminal import progress
from simulation.terminal.console import PlainConsole
from simulation.visible import visible
from tests.support.worlds import preset

HOSTILE = "Half price [/] [bold]full[/bold] [link=http://x.y]price[/link] :smile: 1,234 'x' \\[b]"
STEERING = "a\x1b[31mred\x1b]0;title\x07\x08\u202eback\r\nnext\x9b2J\u2066\ud800"
WRITTEN_OUT = r"a\x1b[31mred\x1b]0;title\x07\x08\u202eback\r\nnext\x9b2J\u2066\ud800"


def printed(*, terminal: bool = False, width: int | None = None) -> tuple[PlainConsole, io.StringIO]:
    file = io.StringIO()
    return PlainConsole(file=file, force_terminal=terminal, color_system=None, width=width, height=25), file


def test_text_is_no_markup_no_emoji_code_and_is_not_coloured():
    out, file = printed(terminal=True, width=400)
    out.say(HOSTILE, (HOSTILE, "bold"))
    out.print(HOSTILE)
    table = Table(title=HOSTILE)
    table.add_column(HOSTILE)
    table.add_row(HOSTILE)
    out.show(table)
    assert file.getvalue().count(HOSTILE) == 6
    coloured = io.StringIO()
    PlainConsole(file=coloured, force_terminal=True, color_system="truecolor").print(HOSTILE)
    assert coloured.getvalue() == f"{HOSTILE}\n", "numbers, strings and brackets have no colour of their own"


@pytest.mark.parametrize("terminal", [False, True])
def test_hidden_characters_are_written_out_wherever_they_are(terminal: bool):
    out, file = printed(terminal=terminal, width=400)
    out.say(STEERING)
    table = Table(STEERING.replace("\n", ""))
    table.add_row(STEERING)
    out.show(table)
    shown = file.getvalue()
    assert WRITTEN_OUT in shown
    assert not [char for char in shown if visible(char, kept="\n") != char]


def test_letters_of_any_language_stay():
    words = "淘宝直播 ¥12 “x”\u3000é نمی\u200cخواهم 👩\u200d👧 Ünï \xa0"
    assert visible(words) == words


def test_a_mistake_in_words_of_others_is_one_line_a_field():
    error = ScenarioError("a\nb.toml", [Problem("k\x1b[2J", "one\ntwo", "x\u202ey")])
    assert str(error) == "a\\nb.toml: 1 problem\n  k\\x1b[2J\n    found:   one\\ntwo\n    allowed: x\\u202ey"


@pytest.mark.parametrize("terminal", [False, True])
def test_lines_are_never_broken_by_us(terminal: bool):
    path = "/".join(["a folder", "of_a_project"] * 20)
    out, file = printed(terminal=terminal, width=40 if terminal else None)
    out.say_where("Page", path)
    out.say(path)
    assert file.getvalue() == f"Page {path}\n{path}\n"


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_shows_its_words_as_written(terminal: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    out, file = printed(terminal=terminal, width=100 if terminal else None)
    tell = progress.teller(out, "[bold]Sweeping[/]")
    tell(0.5, ", [red]1 failed[/]")
    if isinstance(tell, progress.Bar):
        tell.stop()
    assert "[bold]Sweeping[/]" in file.getvalue() and "[red]1 failed[/]" in file.getvalue()


def test_tables_fit_a_terminal_and_are_whole_in_a_pipe():
    table = Table("question")
    table.add_row("word " * 100)
    narrow, on_terminal = printed(terminal=True, width=40)
    narrow.show(table)
    assert max(map(len, on_terminal.getvalue().splitlines())) <= 40
    anywhere, in_pipe = printed()
    anywhere.show(table)
    assert ("word " * 100).strip() in in_pipe.getvalue()


def test_help_keeps_brackets_and_cuts_nothing_at_80_columns():
    def shown(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80", "TERMINAL_WIDTH": "80"})
        assert done.exit_code == 0
        return done.output

    assert "A scenario file with a [sweep]." in shown("sweep")
    assert "[policy_search]" in shown("search") and "[calibration] and [sweep]" in shown("calibrate")
    overview = shown()
    commands = [command.name or command.callback.__name__ for command in app.registered_commands]
    assert all(f"\n  {name} " in overview for name in commands)
    for text in (overview, *(shown(name) for name in commands)):
        assert "..." not in text.replace("[ARGS]...", "") and str(PROJECT_FOLDER) not in text
        assert max(map(len, text.splitlines())) <= 80


def test_what_git_prints_in_another_encoding_is_no_fault(monkeypatch: pytest.MonkeyPatch):
    def answer(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        words = b"abc123\n" if "rev-parse" in command else b" M caf\xe9\n"
        return subprocess.CompletedProcess(command, 0, words)

    monkeypatch.setattr(manifest.subprocess, "run", answer)
    assert manifest.git_revision() == "abc123+changes"


def test_a_life_is_told_with_labels_as_they_are_written(tmp_path: Path):
    market = [preset(name) | {"label": f"{HOSTILE} {name}"} for name in ("taobao_live", "tencent_live")]
    question = check_table(
        {
            "name": "hostile",
            "title": HOSTILE,
            "article_claims": False,
            "world": {"viewers": 300, "merchants": 5, "days": 15},
            "run": {"record": True, "replications": 1, "seed": 2},
            "arms": [{"name": "market", "label": HOSTILE, "platforms": market}],
        },
        "test",
    )
    folder = store_run(question, tmp_path)
    visits = pd.read_parquet(folder / "agents" / "visits.parquet")
    met = visits.loc[visits["platform"] == "taobao_live", "merchant"].iloc[0]
    for console in (Console, PlainConsole):
        file = io.StringIO()
        inspect_run(folder, console(file=file, width=400), Subject(merchant=int(met)))
        assert f"on {HOSTILE}" in file.getvalue() and f"{HOSTILE} taobao_live: " in file.getvalue()


class Full(io.RawIOBase):
    """A file on a disk that is full, or a pipe that is closed."""

    def __init__(self, number: int):
        self.number = number

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize(
    ("number", "status", "said"),
    [(errno.ENOSPC, 2, "it could not be written: No space left on device"), (errno.EPIPE, 0, "")],
)
def test_output_that_is_lost_is_said_and_ends_no_work(
    number: int, status: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(sys, "argv", ["run.py", "list"])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(Full(number)), encoding="utf-8"))
    with pytest.raises(SystemExit) as ended:
        main()
    errors = capsys.readouterr().err
    assert ended.value.code == status and said in errors and bool(said) == bool(errors)


def test_a_narrow_terminal_cuts_off_no_cell_of_a_table() -> None:
    out, file = printed(terminal=True, width=40)
    table = Table("key", "meaning")
    table.add_row("merchants.named.<name>.category", "不写则每个世界各抽一类商品，编号不代表具体商品")
    out.show(table)
    cells = [line.split("│")[1:3] for line in file.getvalue().splitlines() if line.startswith("│")]
    key, meaning = ("".join(part.strip() for part in column) for column in zip(*cells, strict=True))
    assert key == "merchants.named.<name>.category"
    assert meaning == "不写则每个世界各抽一类商品，编号不代表具体商品"
