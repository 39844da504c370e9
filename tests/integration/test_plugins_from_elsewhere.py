"""Code from outside the working folder is run only by whoever says so; files of one name do not mix."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from simulation.claims.reading import read_scenario
from simulation.commands.app import app
from simulation.commands.questions import read_question
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.sweep import about_sweep
from simulation.errors import ScenarioError
from simulation.platforms.plugged_in import load_plugins
from simulation.resources import SCENARIOS_FOLDER
from simulation.scenario.plugins import plugged_in
from simulation.terminal.console import err
from tests.support.questions import small_question

RULE = """\
from pathlib import Path
Path({place!r}, "ma" + "rk").write_text("it was run")
def RULE(merchants, due, settings):
    pass
"""
NAMED = """
[plugins.merchant_rules]
lazy = "lazy.py"
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario with a rule of its own, which leaves a mark, seen from a folder that does not hold it."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    (place / "lazy.py").write_text(RULE.format(place=str(tmp_path)), encoding="utf-8")
    question = small_question().replace("[world]", 'merchant_rule = "lazy"\n[world]', 1) + NAMED
    (place / "s.toml").write_text(question, encoding="utf-8")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return place


@pytest.mark.parametrize("command", ["run", "sweep", "search", "calibrate", "sizes", "steadiness"])
def test_what_nobody_trusts_is_not_run(
    command: str, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    with pytest.raises(ScenarioError, match=r"plugins\.merchant_rules\.lazy(.|\n)*--trust-plugins"):
        app([command, str(elsewhere / "s.toml")], standalone_mode=False)
    assert not (elsewhere.parent / "mark").exists()


@pytest.mark.parametrize("trusted", [False, True])
def test_a_run_of_a_sweep_is_run_again_with_code_from_elsewhere_only_by_whoever_trusts_it(
    trusted: bool, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    rows = {"design": "list", "replications": 1, "rows": [{"trust.half_life": 9.0}]}
    asked = read_scenario(elsewhere / "s.toml", {"sweep": rows})
    folder = elsewhere.parent / "swept"
    SweepFolder(folder).begin(about_sweep(asked), resume=False)
    if trusted:
        app(["rerun", str(folder), "", "--trust-plugins"], standalone_mode=False)
        assert (folder / "sweep.parquet").is_file()
    else:
        with pytest.raises(ScenarioError, match=r"plugins\.merchant_rules\.lazy(.|\n)*--trust-plugins"):
            app(["rerun", str(folder), ""], standalone_mode=False)
    assert (elsewhere.parent / "mark").exists() == trusted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("typed", "trusted"), [("y\n", True), ("n\n", False)])
def test_somebody_at_a_terminal_is_asked_once(
    typed: str, trusted: bool, elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(type(err), "is_terminal", True)
    if trusted:
        assert read_question(str(elsewhere / "s.toml"), trusted=False).merchant_rule == "lazy"
    else:
        with pytest.raises(ScenarioError, match="--trust-plugins"):
            read_question(str(elsewhere / "s.toml"), trusted=False)


def test_what_is_trusted_at_home_or_a_copy_of_ours_is_taken_unasked(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(elsewhere / "s.toml")
    load_plugins(read_question(file, trusted=True))
    assert (elsewhere.parent / "mark").is_file()
    monkeypatch.chdir(elsewhere)
    read_question("s.toml", trusted=False)
    monkeypatch.chdir(elsewhere.parent / "here")
    shutil.copy(SCENARIOS_FOLDER / "plugins" / "cautious.py", elsewhere / "lazy.py")
    read_question(file, trusted=False)


def test_two_plugins_of_one_name_each_have_the_modules_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "prices_beside.py").write_text(f"VALUE = '{folder}'\n", encoding="utf-8")
        (tmp_path / folder / "rule.py").write_text(
            f"import sys\nsys.path.insert(0, {str(tmp_path / folder)!r})\n"
            "import prices_beside\nimport json\nRULE = prices_beside.VALUE\n",
            encoding="utf-8",
        )
    files = [str(tmp_path / name / "rule.py") for name in ("one", "two", "one")]
    found = [plugged_in("merchant_rules", "r", file) for file in files]
    assert found == ["one", "two", "one"] and sys.modules["json"] is json


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise SystemExit(3)", "ends the program"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise KeyError('x')", "KeyError"),
        ("CHANNEL = 7", "its CHANNEL is a int"),
        ("from simulation.platforms.channel import Channel as CHANNEL", "its CHANNEL is a type"),
    ],
)
def test_one_that_exits_raises_or_is_no_channel_is_an_error_of_the_scenario(
    code: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "wheel.py").write_text(f"CHANNEL = None\n{code}\n", encoding="utf-8")
    text = small_question() + '\n[plugins.channels]\nwheel = "wheel.py"\n'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=words):
        load_plugins(read_scenario(tmp_path / "s.toml"))
