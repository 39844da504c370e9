"""`measures` explains what can be measured, in both languages; unknown words are answered by near ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from simulation.commands.app import app
from simulation.errors import LaboratoryError
from simulation.languages.speaking import speaking, told
from simulation.measures import MEASURES
from simulation.measures.registry import PAIRED_MEASURES
from simulation.runs.bounds import measures_near, measures_with
from tests.support import catalogues


def command(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def names(*words: str) -> list[str]:
    lines = command(*words).output.splitlines()[1:]
    assert all(line.startswith("    ") for line in lines[1::2])
    return [line.split()[0] for line in lines[::2]]


def test_every_measure_stands_in_it_with_its_unit_and_a_sentence_in_each_language() -> None:
    every = [*MEASURES.values(), *PAIRED_MEASURES.values()]
    assert names("measures") == [entry.name for entry in every]
    for entry in every:
        assert re.fullmatch(r"[A-Z`].{15,}\.", entry.meaning), entry.name
        assert ". Missing" not in entry.meaning and "\n" not in entry.meaning
    for language in ("zh",):
        known = dict(catalogues.entries(language))
        assert not [entry.name for entry in every if not known.get(entry.meaning)]


def test_a_word_is_looked_for_in_names_and_meanings_of_either_language() -> None:
    assert names("measures", "monthly_repurchase") == ["monthly_repurchase"]
    assert measures_with("复购") == []
    with speaking("zh"):
        found = measures_with("复购")
        assert {"repurchase_rate_30d", "monthly_repurchase"} <= {entry.name for entry in found}
        assert all("复购" in told(entry.label) + told(entry.meaning) for entry in found)
    assert names("measures", "half of fans") == ["fan_half_life_days"]


@pytest.mark.parametrize("asked", ["market_share_douyin", "market_share@31-180", "market_share"])
def test_a_part_and_days_of_a_measure_are_explained_by_it(asked: str) -> None:
    assert names("measures", asked)[0] == "market_share"
    assert "market_share_PLATFORM" in command("measures", asked).output


@pytest.mark.parametrize(
    ("asked", "near"), [("conversn", "conversion_rate"), ("sales per vist", "gmv_per_visit")]
)
def test_an_unknown_word_is_answered_by_near_ones(asked: str, near: str) -> None:
    done = command("measures", asked)
    assert isinstance(done.exception, LaboratoryError) and near in str(done.exception)
    assert measures_near("xyzxyz") == [] and "without one" in str(command("measures", "xyzxyz").exception)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("categry", "did you mean 'category'"),
        ("repurchase_rate", "“measures repurchase_rate” explains"),
        ("kuaishou", str(Path("platforms", "kuaishou.toml"))),
    ],
)
def test_parameters_says_what_may_be_meant_by_a_word_that_none_has(asked: str, said: str) -> None:
    assert said in str(command("parameters", asked).exception)
