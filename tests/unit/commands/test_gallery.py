"""What there is to run, and files to start from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from simulation.checking.problems import check_scenario
from simulation.claims.reading import read_scenario
from simulation.commands.app import app
from simulation.commands.common import our_scenarios
from simulation.commands.gallery import command_of
from simulation.errors import LaboratoryError
from simulation.languages.speaking import speaking
from simulation.resources import SCENARIOS_FOLDER, TYPED
from simulation.scenario import scenario_files
from simulation.scenario.generated.template import (
    QUESTION,
    QUESTION_ZH,
    SHOPS_QUESTION,
    SHOPS_QUESTION_ZH,
    like_another,
    new_scenario,
    with_a_shop,
)


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("tencent_live_2020", "run"),
        ("what_drives_it", "sweep"),
        ("fix_tencent_live", "search"),
        ("calibration", "calibrate"),
    ],
)
def test_each_scenario_has_the_command_that_it_is_written_for(name: str, command: str) -> None:
    assert command_of(SCENARIOS_FOLDER / f"{name}.toml") == command


def test_a_file_that_cannot_be_read_is_to_be_checked(tmp_path: Path) -> None:
    (tmp_path / "torn.toml").write_text("name = ", encoding="utf-8")
    assert command_of(tmp_path / "torn.toml") == "check"


def test_a_copy_has_a_name_of_its_own_and_all_else_of_the_original(tmp_path: Path) -> None:
    text = with_a_shop(like_another(tmp_path / "My Own.toml", "tencent_live_2020"))
    (tmp_path / "My Own.toml").write_text(text, encoding="utf-8")
    copied = read_scenario(tmp_path / "My Own.toml")
    original = read_scenario(SCENARIOS_FOLDER / "tencent_live_2020.toml")
    assert copied.name == "my_own"
    assert copied.title == f"My own, after: {original.title}"
    assert copied.title_zh == f"My own，参照：{original.title_zh}"
    assert (copied.question, copied.question_zh) == (SHOPS_QUESTION, SHOPS_QUESTION_ZH)
    assert copied.arms == original.arms and copied.world == original.world
    assert [merchant.name for merchant in copied.merchants.named_merchants] == ["my_shop"]
    assert not original.merchants.named_merchants


def test_a_copy_of_any_of_ours_asks_nothing_of_its_own_until_somebody_does(tmp_path: Path) -> None:
    alone = [
        file for file in scenario_files() if not re.search(r'"[^"]*[.](py|csv)"', file.read_text("utf-8"))
    ]
    assert len(alone) > 9
    for file in alone:
        (tmp_path / "mine.toml").write_text(like_another(tmp_path / "mine.toml", file.stem), encoding="utf-8")
        copied, original = read_scenario(tmp_path / "mine.toml"), read_scenario(file)
        assert (copied.question, copied.question_zh) == (QUESTION, QUESTION_ZH)
        assert original.title in copied.title and original.title_zh in copied.title_zh
        asked = (tmp_path / "mine.toml").read_text(encoding="utf-8")
        assert f'# question_zh = "{original.question_zh}"' in asked
        apart = {"name", "title", "title_zh", "question", "question_zh", "calibration"}  # which has paths
        assert copied.model_dump(exclude=apart) == original.model_dump(exclude=apart)


def test_check_says_where_a_question_is_the_template_s(tmp_path: Path) -> None:
    def said(text: str) -> list[str]:
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        return [remark.key for remark in check_scenario(tmp_path / "mine.toml").remarks]

    made = new_scenario(tmp_path / "mine.toml")
    assert said(made) == ["question"]
    assert said(made.replace(QUESTION, "Which sells more?")) == []
    assert said(like_another(tmp_path / "mine.toml", "late_entry")) == ["question", "question_zh"]
    assert not {"question", "question_zh"} & set(said(with_a_shop(made)))


def test_a_new_file_is_written_in_the_language_that_is_spoken(tmp_path: Path) -> None:
    def content(text: str) -> dict[str, Any]:
        (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
        scenario = read_scenario(tmp_path / "mine.toml")
        return scenario.model_dump(exclude={"title_zh", "question", "question_zh", "claims"})

    english = with_a_shop(new_scenario(tmp_path / "mine.toml"))
    with speaking("zh"):
        chinese = with_a_shop(new_scenario(tmp_path / "mine.toml"))
    assert content(english) == content(chinese)
    comments = [line.partition("# ")[2] for line in chinese.splitlines()[1:] if "# " in line]
    plain = [text for text in comments if not re.fullmatch(r"\[sharing\]|base_rate = 0.05", text)]
    assert len(plain) > 10 and all(re.search("[\u4e00-\u9fff]", text) for text in plain)
    assert 'title_zh = "我的问题（Mine）"' in chinese and SHOPS_QUESTION_ZH in chinese
    assert not re.search("[\u4e00-\u9fff]", english.replace("我的店", ""))


def test_commands_to_copy_stand_in_lines_by_themselves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, typed in (("茶", "茶.toml"), ("my tea", "'my tea.toml'")):
        with speaking("zh"):
            lines = CliRunner().invoke(app, ["new", name]).output.splitlines()
        assert lines[1:] == [f"  {TYPED} check {typed}", f"  {TYPED} run {typed}"]


def test_a_shop_is_added_once() -> None:
    text = with_a_shop(new_scenario(Path("mine.toml")))
    assert text.count("[[merchants.named]]") == 1 and with_a_shop(text) == text


@pytest.mark.parametrize(
    ("name", "said"), [("fruit_vendr", "did you mean 'fruit_vendor'"), ("own_rules", "files beside it")]
)
def test_what_cannot_be_copied_is_refused(name: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(LaboratoryError, match=said):
        like_another(tmp_path / "mine.toml", name)


def test_a_shell_completes_names_of_our_scenarios_and_of_files_that_are_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tenants.toml").touch()
    assert our_scenarios("ten") == ["tenants.toml", "tencent_live_2020"]
    command = get_command(app)
    context = command.make_context("run.py", ["run"], resilient_parsing=True)
    (argument,) = [part for part in command.commands["run"].params if part.name == "scenario"]
    assert [item.value for item in argument.shell_complete(context, "fruit")] == ["fruit_vendor"]
