"""Every sentence has its counterpart in every language, with the same values."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from simulation.errors import Problem, ScenarioError, nearest
from simulation.languages.speaking import (
    ENGLISH,
    LANGUAGES,
    halves,
    listing,
    of_system,
    own_entry,
    phrase,
    phrase_of,
    sentence,
    speaking,
    spoken,
    told,
)
from simulation.pages.kit.words import amount, change, whole
from simulation.words import counted
from tests.support import catalogues, spoken_texts

OTHERS = [code for code in LANGUAGES if code != ENGLISH]


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    return catalogues.templates()


def has_words(text: str) -> bool:
    """Whether there is more to a template than values and signs."""
    return bool(re.search(r"[A-Za-z]{2}", re.sub(r"\{[^}]*\}(\.[a-z]+)?", "", text)))


def test_every_language_but_english_is_one_catalogue() -> None:
    assert [file.stem for file in catalogues.files()] == OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_and_every_label_has_a_counterpart(language: str, said: dict[str, list[str]]) -> None:
    known = {text for text, counterpart in catalogues.entries(language) if counterpart.strip()}
    asked = {text: places[0] for text, places in said.items()} | spoken_texts.texts()
    without = [
        f"{text!r} ({place})" for text, place in asked.items() if has_words(text) and text not in known
    ]
    assert len(said) > 100 and not without, "\n".join(["", *without])
    assert not catalogues.labels() - known


@pytest.mark.parametrize("language", OTHERS)
def test_counterparts_have_the_values_of_their_templates_and_no_others(language: str) -> None:
    for text, counterpart in catalogues.entries(language):
        assert catalogues.values_in(text) == catalogues.values_in(counterpart), text


def test_chinese_has_full_width_marks_beside_chinese_letters() -> None:
    for _, counterpart in catalogues.entries("zh"):
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", counterpart), counterpart


COMMAND = r"(?:run\.py|\{command\}|\{typed\})"


def test_commands_stand_apart_from_chinese_letters_to_be_copied() -> None:
    stuck = rf"[\u4e00-\u9fff]{COMMAND}|{COMMAND}(?: (?:[\w./=-]|\{{[a-z]+\}})+)*[\u4e00-\u9fff]"
    assert re.search(stuck, "用run.py new", re.ASCII) and re.search(stuck, "run.py new {file}运行", re.ASCII)
    assert not re.search(stuck, "用 run.py new 新建；“{command}”", re.ASCII)
    for _, counterpart in catalogues.entries("zh"):
        assert not re.search(stuck, counterpart, re.ASCII), counterpart


def test_a_template_without_its_value_is_noticed() -> None:
    with pytest.raises(KeyError):
        phrase("{label}: {arm}", label="Sales")
    assert catalogues.values_in("{low} to {high:.0f}") == {"low", "high"}


def test_a_sentence_is_said_in_the_language_that_is_spoken() -> None:
    assert phrase("Nothing") == "Nothing" and listing(["a", "b", "c"]) == "a, b and c"
    with speaking("zh"):
        assert spoken() == "zh"
        assert phrase("Nothing") == "没有" and listing(["甲", "乙", "丙"]) == "甲、乙和丙"
        assert phrase("a sentence of nobody's, {of}", of=1) == "a sentence of nobody's, 1"
    assert spoken() == ENGLISH


def test_one_thing_is_said_otherwise_than_several_where_a_language_does_so() -> None:
    one, several = "{agree} of {count} world", "{agree} of {count} worlds"
    assert phrase_of(one, several, 1, agree=1) == "1 of 1 world"
    assert phrase_of(one, several, 1200, agree=3) == "3 of 1,200 worlds"
    with speaking("zh"):
        assert phrase_of(one, several, 1, agree=1) == "1个世界中的1个"
        assert told(counted(1, "world")) == "1个世界" and told(counted(2, "world")) == "2个世界"
    assert counted(1, "world") == "1 world" and counted(1200, "world") == "1,200 worlds"


def test_chinese_numbers_go_by_ten_thousands() -> None:
    with speaking("zh"):
        assert amount(1_600_000, "CNY") == "160万元" and amount(4.65e8, "CNY") == "4.65亿元"
        assert whole(400_000) == "40万" and whole(2_000) == "2,000"
        assert change(0.051, "share", False, 0.02) == "+5.1个百分点"
    assert amount(1_600_000, "CNY") == "1.60 million CNY" and whole(400_000) == "400,000"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LC_MESSAGES": "zh-TW"}, "zh"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_a_system_says_which_language_it_speaks(settings: dict[str, str], code: str) -> None:
    assert of_system(settings) == code


def test_what_somebody_wrote_in_one_language_alone_stands_as_it_is() -> None:
    with speaking("zh"):
        assert own_entry({"title": "It sells", "title_zh": "能卖"}, "title") == "能卖"
        assert own_entry({"title": "It sells", "title_zh": ""}, "title") == "It sells"


def test_no_error_is_said_in_a_text_that_nobody_can_translate() -> None:
    glued = spoken_texts.glued()
    assert not glued, "\n".join(["say it by sentence(...):", *glued])
    call = "Problem('key', f'no {name} here', 'x ' + f'{y} zero')"
    assert len(list(spoken_texts.glued_in(call, "file.py"))) == 2
    assert not list(spoken_texts.glued_in("Problem(f'arms {name}', shown(x), f'{a}: {b}')", "file.py"))


def test_a_mistake_is_told_in_the_language_that_is_spoken_and_kept_in_english() -> None:
    problem = Problem(
        "world.day", sentence("unknown key '{name}'", name="day") + nearest("day", ["days"]), ""
    )
    error = pickle.loads(pickle.dumps(ScenarioError("my.toml", [problem])))
    with speaking("zh"):
        assert "发现：" in str(error) and "（您是否想写“days”？）" in str(error)
        assert error.problems[0].found == "unknown key 'day' (did you mean 'days'?)"
        assert "found" in error.args[0]
    assert str(error).startswith("my.toml: 1 problem\n  world.day\n    found:   unknown key 'day' (did")


def test_both_halves_of_what_pydantic_carries_are_told() -> None:
    found, allowed = halves(
        sentence(
            "the range of '{key}' is empty ({low:g} to {high:g}); let high exceed low", key="k", low=2, high=1
        )
    )
    assert (found, allowed) == ("the range of 'k' is empty (2 to 1)", "let high exceed low")
    with speaking("zh"):
        assert (told(found), told(allowed)) == ("“k”的区间为空（2到1）", "请让high大于low")
        assert told(halves("isolated_viewers exceeds viewers; lower it")[1]) == "请调低"


def test_catalogues_are_in_the_order_of_their_templates(tmp_path: Path) -> None:
    for file in catalogues.files():
        texts = [text for text, _ in catalogues.entries(file.stem)]
        assert texts == sorted(texts) and len(texts) == len(set(texts))


def test_catalogues_are_read_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    for file in catalogues.files():
        with file.open("rb") as opened:
            read_po(opened, locale=file.stem)
    assert capsys.readouterr().out == "", (
        "Babel prints what is wrong with a catalogue, such as a plural too many"
    )
