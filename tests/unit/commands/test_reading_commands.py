"""Commands that read without running: check, list, new, schema, parameters, --version."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from simulation.claims.reading import read_scenario
from simulation.commands import progress
from simulation.commands.app import app
from simulation.commands.wording import COMMAND_LINE
from simulation.errors import LaboratoryError
from simulation.storage.manifest import MODEL_VERSION
from tests.support.question_files import BASE, SWEEP, factor


def command(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "made", "name"),
    [
        ("my_question", "my_question.toml", "my_question"),
        ("v1.2_pilot", "v1.2_pilot.toml", "v1_2_pilot"),
        ("v1.2_pilot.toml", "v1.2_pilot.toml", "v1_2_pilot"),
        ("sub/x.y.z", "sub/x.y.z.toml", "x_y_z"),
        ("con", "con.toml", "scenario_con"),
        ("2020", "2020.toml", "scenario_2020"),
        ("我的", "我的.toml", "scenario"),
        ("a" * 90, f"{'a' * 90}.toml", "a" * 50),
    ],
)
def test_new_makes_the_file_that_was_asked_for_and_it_is_right(asked: str, made: str, name: str) -> None:
    done = command("new", asked)
    assert done.exit_code == 0, done.output
    assert [str(file) for file in Path().rglob("*.toml")] == [made]
    assert read_scenario(Path(made)).name == name
    assert command("check", made).exit_code == command("check", made.removesuffix(".toml")).exit_code == 0


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("taken", "exists already"),
        (".", "a folder"),
        ("..", "a folder"),
        ("n" * 300, "too long"),
        ("file/x", "file exists already"),
        ("dangling", "exists already"),
    ],
)
def test_new_refuses_what_cannot_be_a_new_file(asked: str, words: str, here: Path) -> None:
    (here / "taken.toml").write_text("kept", encoding="utf-8")
    (here / "file").write_text("kept", encoding="utf-8")
    (here / "dangling.toml").symlink_to("nowhere.toml")
    done = command("new", asked)
    assert isinstance(done.exception, LaboratoryError) and words in str(done.exception), done.exception
    assert sorted(file.name for file in here.iterdir()) == ["dangling.toml", "file", "taken.toml"]
    assert (here / "taken.toml").read_text(encoding="utf-8") == "kept"


def test_reading_commands_run_no_plugin_and_write_nothing(here: Path) -> None:
    (here / "wheel.py").write_text("open(__file__ + '.ran', 'w')\nCHANNEL = 1\n", encoding="utf-8")
    (here / "s.toml").write_text(BASE + "[plugins.channels]\nwheel = 'wheel.py'\n", encoding="utf-8")
    for words in ("check s.toml", "check s", "list", "schema", "parameters", "--version"):
        assert command(*words.split()).exit_code == 0
    assert sorted(file.name for file in here.iterdir()) == ["s.toml", "wheel.py"]


def test_check_prints_its_remarks_and_is_content(here: Path) -> None:
    text = BASE.replace("article_claims = false", "")
    text = text.replace('name = "feed"', 'name = "feed"\nrole = "centralized"')
    (here / "s.toml").write_text(text, encoding="utf-8")
    done = command("check", "s.toml")
    assert done.exit_code == 0 and "good is fine" in done.output
    assert "note  arms.feed.role (line 10): no claim is about the role 'centralized'" in done.output
    assert "did you mean 'centralised'" in done.output


def test_run_says_which_command_a_sweep_wants_and_runs_all_the_same(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "s.toml").write_text(BASE + SWEEP + factor("sharing.base_rate", 0.1, 0.2), encoding="utf-8")
    ran = []
    monkeypatch.setattr(
        "simulation.commands.progress.simulate", lambda question, *_: ran.append(question.name) or here
    )
    monkeypatch.setattr(progress, "print_answer", lambda folder: None)
    done = command("run", "s.toml", "--workers", "1")
    assert done.exit_code == 0 and ran == ["good"]
    assert "run.py sweep s.toml" in done.stderr and "more than one run" in done.stderr


def test_a_scenario_that_cannot_be_read_does_not_hide_the_list(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in (("good", BASE), ("bad", "x = ["), ("odd", "title = 3\n")):
        (here / f"{name}.toml").write_text(content, encoding="utf-8")
    monkeypatch.setattr("simulation.scenario.reading.read.SCENARIOS_FOLDER", here)
    done = command("list")
    assert done.exit_code == 0 and "no valid TOML" in done.output and "Good" in done.output


def test_the_version_is_said() -> None:
    done = command("--version")
    python = ".".join(map(str, sys.version_info[:3]))
    assert done.exit_code == 0 and done.output.startswith("live-commerce-laboratory ")
    assert f"model {MODEL_VERSION}, Python {python}" in done.output


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (f"run.seed={'9' * 5000}", ["--set run.seed", "thousands of digits"]),
        (f"run.seed={'[' * 2000}", ["--set run.seed", "nested too deeply"]),
        ("run.seed", ["no key=value"]),
        ("=3", ["no key=value"]),
        ("arms.fed.label=x", ["one of feed, links"]),
        ("title=a\x1b[2J", ["U+001B"]),
        ("run.seed=true", ["--set run.seed", "true"]),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_a_few_words(setting: str, words: list[str], here: Path) -> None:
    (here / "s.toml").write_text(BASE, encoding="utf-8")
    done = command("check", "s.toml", "--set", setting)
    assert isinstance(done.exception, LaboratoryError)
    said = done.exception.as_text(COMMAND_LINE)
    assert len(said) < 600 and all(word in said for word in words), said
