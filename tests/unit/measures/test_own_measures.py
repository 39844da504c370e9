"""Measures of a scenario's own: columns, claims and identity have them, and no process goes without."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from simulation.claims.reading import claim_problems
from simulation.claims.verdict import judge
from simulation.ensembles.execution.probing import check_workers
from simulation.errors import ExecutionError
from simulation.measures import MEASURES, Outcome, measure_all
from simulation.measures.registry import check_processes, measure
from simulation.pages.kit.names import Names
from simulation.pages.run.sentences import measure_in
from simulation.platforms.plugged_in import load_plugins
from simulation.resources import SCENARIOS_FOLDER
from simulation.runs.execution import run_plan
from simulation.runs.probes import planned_arms
from simulation.runs.workers import Workers
from simulation.scenario import Scenario, ScenarioError
from simulation.scenario.identity import as_table, fingerprints, what_decides
from simulation.scenario.plugins import plugged_in_measure
from tests.support.worlds import finished, preset, scenario

BEST_DAY = """
from simulation.measures.registry import own_measure

@own_measure("Sales of the best day", unit="CNY")
def MEASURE(outcome):
    return outcome.cny(outcome.flow("gmv").max())
"""


def asked(folder: Path, text: str = BEST_DAY, name: str = "best_day", **sections: Any) -> Scenario:
    """A tiny scenario with a measure of its own."""
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    return scenario(
        {"a": preset("taobao_live")},
        plugins={"measures": {name: str(file)}},
        run={"replications": 2},
        **sections,
    )


@pytest.fixture
def declared_here() -> Iterator[str]:
    """A measure that only this process has, as if a notebook had declared it."""

    @measure("Only here")
    def only_here(outcome: Outcome) -> float:
        return 1.0

    yield only_here.__name__
    del MEASURES[only_here.__name__]


def test_it_is_a_number_of_every_run_after_ours(tmp_path: Path) -> None:
    values = measure_all(Outcome.from_model(finished(asked(tmp_path))))
    assert list(values)[-1] == "best_day" and 0 <= values["best_day"] <= values["gmv"]


def test_claims_can_speak_of_it_and_of_nothing_else_that_there_is_not(tmp_path: Path) -> None:
    def problems(measure: str) -> list:
        test = {
            "measure": measure,
            "kind": "level",
            "arm": "a",
            "direction": "higher",
            "margin": 1.0,
            "why": "a test",
        }
        return claim_problems(asked(tmp_path, claims=[{"id": "c", "title": "C", "tests": [test]}]))

    assert not problems("best_day")
    (problem,) = problems("best_dya")
    assert "did you mean 'best_day'" in problem.found


def test_verdicts_and_pages_call_it_as_its_file_does_and_pages_do_not_run_it(tmp_path: Path) -> None:
    test = {
        "measure": "best_day",
        "kind": "level",
        "arm": "a",
        "direction": "higher",
        "margin": 1.0,
        "why": "a test",
    }
    question = asked(tmp_path, claims=[{"id": "c", "title": "C", "tests": [test]}], article_claims=False)
    results = run_plan(planned_arms(question, []))
    (verdict,) = judge(question, results)
    assert verdict.tests[0].label == "Sales of the best day (CNY)"
    (tmp_path / "best_day.py").unlink()
    assert (
        measure_in(verdict.as_dict()["readings"][0]["tests"][0], Names(question))
        == "Sales of the best day (CNY)"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gmv", "is the name of a measure of the laboratory"),
        ("gmv_late", "reads as part of 'gmv'"),
        ("fans", "is the name of a measure of the laboratory"),
        ("replicate", "is the name of a measure of the laboratory"),
    ],
)
def test_names_of_ours_are_refused(tmp_path: Path, name: str, words: str) -> None:
    (problem,) = claim_problems(asked(tmp_path, name=name))
    assert problem.key == f"plugins.measures.{name}" and words in problem.found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MEASURE = 5", "its MEASURE is a int"),
        ("def MEASURE(outcome): return 1.0", "its MEASURE is a function"),
        ("x = 1", "defines no MEASURE"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_a_file_without_a_measure_is_refused_before_anything_runs(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(ScenarioError, match=words):
        load_plugins(asked(tmp_path, text) if "MEASURE" in text else _unread(tmp_path, text))


def _unread(folder: Path, text: str) -> Scenario:
    """A scenario whose file was another when it was read."""
    question = asked(folder)
    (folder / "best_day.py").write_text(text, encoding="utf-8")
    return question


@pytest.mark.parametrize(
    ("result", "words"),
    [("[1]", "gave a list"), ("1 / 0", "ZeroDivisionError: .*line 6"), ("None", "gave a NoneType")],
)
def test_one_that_gives_no_number_is_told_as_a_mistake_of_its_file(
    tmp_path: Path, result: str, words: str
) -> None:
    text = BEST_DAY.replace('outcome.cny(outcome.flow("gmv").max())', result)
    with pytest.raises(ScenarioError, match=words):
        measure_all(Outcome.from_model(finished(asked(tmp_path, text))))


def test_what_the_file_holds_is_part_of_what_decides_a_result(tmp_path: Path) -> None:
    def identity() -> dict:
        question = asked(tmp_path, BEST_DAY + comment)
        return what_decides(as_table(question), fingerprints(question))

    comment = ""
    first = identity()
    comment = "# another\n"
    assert identity() != first
    none = scenario({"a": preset("taobao_live")})
    assert what_decides(as_table(none), {})["plugins"] == {}


def test_our_example_is_one() -> None:
    own = plugged_in_measure("best_day", str(SCENARIOS_FOLDER / "plugins" / "best_day.py"))
    outcome = Outcome.from_model(finished(scenario({"a": preset("taobao_live")})))
    assert own.unit == "CNY" and 0 < own.compute(outcome) < measure_all(outcome)["gmv"]


def test_missing_values_are_missing(tmp_path: Path) -> None:
    text = BEST_DAY.replace('outcome.cny(outcome.flow("gmv").max())', "float('nan')")
    assert math.isnan(measure_all(Outcome.from_model(finished(asked(tmp_path, text))))["best_day"])


def test_what_only_this_process_has_runs_in_it_alone(declared_here: str) -> None:
    question = scenario({"a": preset("taobao_live")}, run={"replications": 2})
    assert (run_plan(planned_arms(question, [])).runs[declared_here] == 1.0).all()
    with pytest.raises(ExecutionError, match=f"measure '{declared_here}' is declared in .*test_own_measures"):
        run_plan(planned_arms(question, []), workers=2)


def test_sweeps_in_processes_refuse_it_too(declared_here: str) -> None:
    class Untouched(Workers):
        def __init__(self) -> None:
            pass

    with pytest.raises(ExecutionError, match=f"plugins.measures. {declared_here}"):
        check_workers(Untouched(), "")
    with ThreadPoolExecutor(1) as here:
        check_workers(here, "")


def test_ours_are_known_to_every_process() -> None:
    check_processes("here")
