"""Facts: what is read, what is refused, and how far a value misses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulation.calibration.facts import Fact, check_facts, measured, misses, read_facts
from simulation.calibration.over_plausible_worlds import is_default
from simulation.calibration.plausible_worlds import EVIDENCE_FOLDER
from simulation.claims.reading import read_scenario
from simulation.scenario import ScenarioError, find_scenario
from tests.support.worlds import platform, scenario

GOOD = 'id = "a"\nmeasure = "conversion_rate"\narm = "only"\n'


def written(folder: Path, text: str, name: str = "facts.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_a_value_and_a_range_say_what_meets_them(tmp_path: Path) -> None:
    facts = read_facts(
        written(
            tmp_path,
            f"[[facts]]\n{GOOD}value = 10.0\ntolerance = 0.2\n"
            f"[[facts]]\n{GOOD.replace('a', 'b', 1)}low = 3.0\nhigh = 5.0\n",
        )
    )
    assert [(fact.lowest, fact.highest, fact.middle) for fact in facts] == [(8, 12, 10), (3, 5, 4)]


def test_a_spreadsheets_export_gives_the_same_facts(tmp_path: Path) -> None:
    text = "id,measure,arm,value,tolerance,low,high,use\na,gmv,only,10,0.2,,,target\nb,gmv,only,,,3,5,check\n"
    facts = read_facts(written(tmp_path, text, "facts.csv"))
    assert [(fact.id, fact.lowest, fact.highest, fact.use) for fact in facts] == [
        ("a", 8, 12, "target"),
        ("b", 3, 5, "check"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["no facts", "[[facts]]"]),
        ("not toml", ["facts"]),
        (f"[[facts]]\n{GOOD}", ["give value and tolerance, or low and high"]),
        (f"[[facts]]\n{GOOD}value = 1.0\ntolerance = 0.1\nlow = 0.0\nhigh = 1.0\n", ["has no figure"]),
        (f"[[facts]]\n{GOOD}low = 2.0\nhigh = 1.0\n", ["empty"]),
        (f"[[facts]]\n{GOOD}valeu = 1.0\ntolerance = 0.1\n", ["did you mean 'value'"]),
        (f"[[facts]]\n{GOOD}value = 1.0\ntolerance = -0.1\n", ["facts.a.tolerance (line 6)", "above 0"]),
        (
            f"[[facts]]\n{GOOD}low = 0.0\nhigh = 1.0\n[[facts]]\n{GOOD}low = 0.0\nhigh = 1.0\n",
            ["named twice: a"],
        ),
    ],
)
def test_what_is_no_fact_gets_a_clear_error(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_facts(written(tmp_path, text))
    assert all(word in str(caught.value) for word in words), str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("facts.toml", b"\xef\xbb\xbf[[facts]]\nid = 1", ["facts.0.id (line 2)", "text of at most 64"]),
        ("facts.toml", "[[facts]]\nlabel = '这'".encode("gbk"), ["not UTF-8", "line 2"]),
        ("facts.toml", b"[[facts]]\nlabel = 'a'\nvalue = " + b"9" * 5000, ["thousands of digits"]),
        ("facts.toml", b"facts = " + b"[" * 3000, ["nested too deeply"]),
        ("facts.toml", b"[[facts]]\nid = 'a'\nvalue = true", ["facts.a.value (line 3)", "true", "a number"]),
        ("facts.toml", b"facts = [1]", ["facts.0 (line 1)", "a table"]),
        ("facts.csv", b"id,value\na,ten\n", ["facts.a.value (line 2)", "'ten'", "a number"]),
        ("facts.csv", b"id,value,label\na,1,x\nb,inf,y\n", ["facts.b.value", "a finite number"]),
        ("facts.csv", b"id,label\na,x\x1b[2J\n", ["U+001B"]),
        ("facts.csv", b'id,value\n"a', ["facts", "EOF"]),
        ("facts.csv", b"", ["facts"]),
    ],
)
def test_facts_in_odd_files_are_refused_in_words(
    name: str, content: bytes, words: list[str], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(ScenarioError) as caught:
        read_facts(file)
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_text_of_a_spreadsheet_may_look_like_numbers(tmp_path: Path) -> None:
    text = "\ufeffid,measure,arm,value,tolerance,use,period\na,gmv,only,10,0.2,target,2020\n"
    assert read_facts(written(tmp_path, text, "facts.CSV"))[0].period == "2020"


def test_facts_must_speak_of_an_arm_and_a_measure_that_there_are() -> None:
    world = scenario({"only": platform({"recommend": 1.0})})
    fact = Fact(id="a", measure="conversion_rat", arm="onyl", low=0, high=1)
    with pytest.raises(ScenarioError) as caught:
        check_facts([fact], world, "facts.toml")
    words = "did you mean 'only'", "did you mean 'conversion_rate'"
    assert all(word in str(caught.value) for word in words)


def test_values_are_means_over_replicates_and_ratios_are_taken_within_them() -> None:
    world = scenario({"only": platform({"recommend": 1.0}), "other": platform({"push": 1.0})})
    facts = [
        Fact(id="plain", measure="x", arm="only", low=0, high=1),
        Fact(id="ratio", measure="x", over="y", arm="only", low=0, high=1),
    ]
    data = pd.DataFrame(
        {
            "point": [0, 0, 1, 0],
            "replicate": [0, 1, 0, 0],
            "arm": ["only", "only", "only", "other"],
            "against": "",
            "x": [1.0, 3.0, 5.0, 99.0],
            "y": [1.0, 6.0, 0.0, 99.0],
        }
    )
    data = pd.concat([data, data.assign(against="other", x=-1.0)])
    values = measured(facts, data, world)
    assert values["plain"].tolist() == [2.0, 5.0]
    np.testing.assert_allclose(values["ratio"], [0.75, np.nan])


def test_misses_count_half_widths_and_missing_values_miss_by_infinity() -> None:
    fact = Fact(id="a", measure="x", arm="only", value=10.0, tolerance=0.2)
    found = misses([fact], pd.DataFrame({"a": [8.0, 10.0, 12.0, 14.0, 5.0, np.nan]}))["a"]
    assert found.tolist() == [0.0, 0.0, 0.0, 1.0, 1.5, np.inf]


def test_our_own_facts_are_complete_and_about_what_there_is() -> None:
    facts = read_facts(EVIDENCE_FOLDER / "facts.toml")
    check_facts(facts, read_scenario(find_scenario("calibration")), "facts.toml")
    assert len([fact for fact in facts if fact.use == "target"]) >= 10
    for fact in facts:
        assert fact.source and fact.why and fact.unit and fact.population and fact.confidence, fact.id


def test_the_defaults_are_the_world_chosen_for_them_or_plausible_as_others_are() -> None:
    found = json.loads((EVIDENCE_FOLDER / "calibration.json").read_text(encoding="utf-8"))
    if not is_default(found["default_world"]):
        by_size = pd.read_csv(EVIDENCE_FOLDER / "facts_by_size.csv")
        size = find_scenario("tencent_live_2020")
        at_home = by_size[
            (by_size["viewers"] == read_scenario(size).world.viewers) & (by_size["use"] == "target")
        ]
        assert len(at_home) >= 20 and (~at_home["met"]).sum() <= found["misses_allowed"]
    worlds = pd.read_csv(EVIDENCE_FOLDER / "plausible_worlds.csv")
    assert len(worlds) >= 200 and list(worlds) == [factor["key"] for factor in found["factors"]]
