"""Every sentence has its counterpart in every language, with the same values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulation.languages.speaking import (
    ENGLISH,
    LANGUAGES,
    listing,
    of_system,
    own_entry,
    phrase,
    phrase_of,
    speaking,
    spoken,
)
from simulation.pages.kit.words import amount, change, whole
from tests.support import catalogues

OTHERS = [code for code in LANGUAGES if code != ENGLISH]


@pytest.fixture(scope="module")
def said() -> dict[str, list[str]]:
    return catalogues.templates()


def test_every_language_but_english_is_one_catalogue() -> None:
    assert [file.stem for file in catalogues.files()] == OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_and_every_label_has_a_counterpart(language: str, said: dict[str, list[str]]) -> None:
    known = {text for text, counterpart in catalogues.entries(language) if counterpart.strip()}
    without = [f"{text!r} ({places[0]})" for text, places in said.items() if text not in known]
    assert len(said) > 100 and not without, "\n".join(["", *without])
    assert not catalogues.labels() - known


@pytest.mark.parametrize("language", OTHERS)
def test_counterparts_have_the_values_of_their_templates_and_no_others(language: str) -> None:
    for text, counterpart in catalogues.entries(language):
        assert catalogues.values_in(text) == catalogues.values_in(counterpart), text


def test_chinese_has_full_width_marks_beside_chinese_letters() -> None:
    for _, counterpart in catalogues.entries("zh"):
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]", counterpart), counterpart


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


def test_catalogues_are_in_the_order_of_their_templates(tmp_path: Path) -> None:
    for file in catalogues.files():
        texts = [text for text, _ in catalogues.entries(file.stem)]
        assert texts == sorted(texts) and len(texts) == len(set(texts))
