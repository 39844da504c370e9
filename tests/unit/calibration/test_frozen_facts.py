"""Our facts as they were written down before the first calibration: what is scored, and what is not."""

from __future__ import annotations

import csv
import datetime
import re
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
import pytest

from simulation.calibration.asked import known_until, targets_among
from simulation.calibration.facts import Fact, misses, read_facts
from simulation.calibration.plausible_worlds import EVIDENCE_FOLDER
from simulation.calibration.unscored import read_unscored
from simulation.claims.checking import measure_names
from simulation.claims.reading import read_scenario
from simulation.scenario import ScenarioError, find_scenario
from simulation.scenario.generated.parameters import parameters

FACTS = read_facts(EVIDENCE_FOLDER / "facts.toml")
UNSCORED = read_unscored(EVIDENCE_FOLDER / "unscored.toml")
BEFORE_MODEL_4 = datetime.date(2026, 11, 26)
TOLD = ("facts", "input", "none", "setting")


def test_at_least_forty_facts_are_scored_and_each_says_how_it_is_read() -> None:
    assert len(FACTS) >= 40
    names = measure_names(read_scenario(find_scenario("calibration")))
    ids = {fact.id for fact in FACTS}
    for fact in FACTS:
        assert fact.measure in names and fact.over in ("", *names), fact.id
        assert fact.reading and fact.date and fact.date <= BEFORE_MODEL_4, fact.id
        assert (
            "/" in fact.reading
            or fact.unit.split(":")[0]
            in {"Gini", "exponent", "correlation", "standard deviation of logarithms", "share of variance"}
            or set(re.findall(r"\bas (\w+)$", fact.reading)) & ids
        ), f"{fact.id}: what is counted of what?"


def test_a_family_is_tuned_to_as_a_whole_or_not_at_all() -> None:
    uses = defaultdict(set)
    for fact in FACTS:
        assert fact.family, fact.id
        uses[fact.family].add(fact.use)
    assert not {family for family, use in uses.items() if len(use) > 1}
    assert sum(use == {"target"} for use in uses.values()) >= 10
    assert sum(use == {"check"} for use in uses.values()) >= 10


def test_what_sets_a_default_is_never_scored() -> None:
    assert not {fact.id for fact in FACTS} & {fact.id for fact in UNSCORED}
    keys = [parameter.key for parameter in parameters()]
    for fact in UNSCORED:
        assert all(any(fnmatchcase(key, name) for key in keys) for name in fact.sets), fact.id
        assert not fact.sets or fact.use != "unscored", f"{fact.id} sets {fact.sets}, so it is an input"


def test_every_parameter_has_its_fact_or_the_plain_word_that_there_is_none() -> None:
    with (EVIDENCE_FOLDER / "parameters.csv").open(encoding="utf-8", newline="") as file:
        table = {row["key"]: row for row in csv.DictReader(file)}
    assert list(table) == list(dict.fromkeys(parameter.key for parameter in parameters()))
    scored, inputs = {fact.id for fact in FACTS}, {fact.id for fact in UNSCORED if fact.sets}
    for key, row in table.items():
        told = set(row["told_by"].split())
        assert row["how"] in TOLD and told <= scored | inputs, key
        assert bool(told & scored) == (row["how"] == "facts"), key
        assert bool(told - scored) >= (row["how"] == "input"), key
        assert bool(told) == (row["how"] in ("facts", "input")), key
    for fact in UNSCORED:
        for key, row in table.items():
            if any(fnmatchcase(key, name) for name in fact.sets):
                assert fact.id in row["told_by"].split(), f"{key} is set by {fact.id}"


@pytest.mark.parametrize(
    ("written", "day"), [("2021-08-31", (2021, 8, 31)), ("2020-02", (2020, 2, 29)), ("2020", (2020, 12, 31))]
)
def test_a_date_is_the_last_day_of_what_is_written(written: str, day: tuple[int, int, int]) -> None:
    assert fact("a", written).date == datetime.date(*day)


@pytest.mark.parametrize("written", ["31.8.2021", "2021-13", "2021-02-30", "summer"])
def test_what_is_no_date_is_refused(written: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text(f'[[facts]]\nid = "a"\ndate = "{written}"\n', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"(?s)facts\.a\.date.*a date"):
        read_facts(file)


def fact(name: str, date: str | None, use: str = "target") -> Fact:
    return Fact.model_validate(
        {"id": name, "measure": "gmv", "arm": "a", "low": 0.0, "high": 1.0, "date": date, "use": use}
    )


def test_facts_dated_after_the_cut_off_are_not_known() -> None:
    facts = [fact("before", "2021-08"), fact("after", "2021-09-01", "check")]
    until = datetime.date(2021, 8, 31)
    assert [one.id for one in known_until(facts, until, "x")] == ["before"]
    assert known_until([fact("undated", None)], None, "x")
    with pytest.raises(ScenarioError, match=r"(?s)facts\.undated\.date.*nothing"):
        known_until([fact("undated", None)], until, "x")


def test_a_calibration_that_states_a_cut_off_is_given_nothing_later() -> None:
    changes = {"calibration.facts_until": "2020-12-31"}
    scenario = read_scenario(find_scenario("calibration"), changes)
    assert scenario.calibration is not None
    known = targets_among(scenario, EVIDENCE_FOLDER / "facts.toml")
    left_out = {one.id for one in FACTS} - {one.id for one in known}
    assert "conversion_median" in left_out and "views_per_session" in {one.id for one in known}
    assert all(one.date and one.date <= datetime.date(2020, 12, 31) for one in known)


def test_the_table_of_a_wave_has_every_parameter_that_varies_and_every_fact() -> None:
    table = pd.read_csv(EVIDENCE_FOLDER / "waves" / "wave_1.csv")
    sweep = read_scenario(find_scenario("calibration")).sweep
    assert sweep is not None
    keys = [factor.key for factor in sweep.factors]
    assert list(table) == ["point", *keys, *(one.id for one in FACTS), "missed", "weight"]
    targets = [one for one in FACTS if one.use == "target"]
    again = (misses(targets, table) > 0).sum(axis=1)
    assert (table["missed"] - again).abs().max() <= 1, "four digits are kept, and some lie at an edge"
    assert (table["missed"] != again).mean() < 0.005
    assert table["point"].tolist() == list(range(len(table)))
