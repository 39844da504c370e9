"""What there is to run, and files to start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.main import get_command

from simulation.claims.reading import read_scenario
from simulation.commands.app import app
from simulation.commands.common import our_scenarios
from simulation.commands.gallery import command_of
from simulation.errors import LaboratoryError
from simulation.resources import SCENARIOS_FOLDER
from simulation.scenario.generated.template import like_another, new_scenario, with_a_shop


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
    assert (copied.name, copied.title, copied.title_zh) == ("my_own", "My own", "")
    assert copied.arms == original.arms and copied.world == original.world
    assert [merchant.name for merchant in copied.merchants.named_merchants] == ["my_shop"]
    assert not original.merchants.named_merchants


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
