"""Help and mistakes on the command line are told in the language that is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.main import get_command

from simulation.commands.app import app
from simulation.languages.speaking import speaking
from simulation.terminal.help import in_words, language_apart, mistake_in_words, paragraphs

SENTENCE = re.compile(r"[A-Za-z][a-z']+(?: [A-Za-z][a-z']+){3,}")
"""Four English words in a row."""


@pytest.fixture(autouse=True)
def click_as_before() -> Iterator[None]:
    of_click: Any = next(kind for kind in typer.Context.__mro__ if "formatter_class" in vars(kind))
    before = of_click.formatter_class
    yield
    of_click.formatter_class = before


def help_of(name: str = "") -> str:
    whole: Any = in_words(get_command(app))
    command = whole.commands[name] if name else whole
    return command.get_help(command.context_class(command, info_name="run.py", terminal_width=80))


@pytest.mark.parametrize("name", ["", "run", "sizes", "export"])
def test_chinese_help_has_no_english_sentence_and_no_line_is_too_wide(name: str) -> None:
    with speaking("zh"):
        text = help_of(name)
    assert "用法：" in text and "选项：" in text and not SENTENCE.findall(text)
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert SENTENCE.search(help_of(name)), "English is as it was declared"


def test_what_a_line_lacks_is_told() -> None:
    with speaking("zh"):
        told = mistake_in_words(
            "Error: Invalid value for '--days': Input should be greater than or equal to 1"
        )
        assert told == "错误：'--days'的值无效：应不小于1"
        assert mistake_in_words("nobody's words") == "nobody's words"
    assert mistake_in_words("Error: Missing command.") == "Error: Missing command."


@pytest.mark.parametrize(
    ("line", "language", "rest"),
    [
        (["sweep", "x", "--lang", "zh"], "zh", ["sweep", "x"]),
        (["--lang=en", "list"], "en", ["list"]),
        (["list", "--lang"], None, ["list", "--lang"]),
        (["new", "--", "--lang", "zh"], None, ["new", "--", "--lang", "zh"]),
    ],
)
def test_the_language_may_stand_anywhere(line: list[str], language: str | None, rest: list[str]) -> None:
    assert language_apart(line) == (language, rest)


def test_paragraphs_of_a_docstring_are_one_line_each() -> None:
    assert paragraphs("One\n    line.\n\n    Two.\n") == ["One line.", "Two."] and paragraphs(None) == []
