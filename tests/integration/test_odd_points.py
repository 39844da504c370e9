"""One odd point never ends a sweep: outcomes that are none, values of two types, runs that all fail."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.claims.reading import check_table
from simulation.commands.app import main
from simulation.ensembles.analysis.analysis import SweepResults
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.outcomes import plain_outcomes
from simulation.ensembles.resuming import RunsAgain
from simulation.ensembles.search.policy_search import search_policies
from simulation.ensembles.sweep import run_sweep
from simulation.errors import ArchiveError, ExecutionError
from simulation.laboratory import analyse, work
from simulation.scenario import Scenario, ScenarioError
from tests.support.here import Here, here
from tests.support.questions import small_table

KEY, HALF_LIFE = "sharing.base_rate", "trust.half_life"


def question(**sweep: Any) -> Scenario:
    settings = {"points": 4, "replications": 1, "factors": [{"key": KEY, "low": 0.0, "high": 1.0}]} | sweep
    return check_table(small_table("small", sweep=settings), "test")


def listed(*rows: dict[str, Any], **more: Any) -> Scenario:
    return question(design="list", rows=list(rows), factors=[], **more)


def rate(scenario: Scenario, replicate: int) -> dict[str, dict[str, Any]]:
    return {"feed": {"gmv": 1.0}, "links": {"gmv": scenario.sharing.base_rate}}


class Unspeakable(Exception):
    """An error of which not even the text can be had."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def raises(error: BaseException) -> Any:
    raise error


ODD: dict[str, tuple[Callable[[], Any], str]] = {
    "infinity": (lambda: {"gmv": math.inf}, "gmv of 'links' is infinite"),
    "numpy's infinity": (lambda: {"gmv": np.float32(-np.inf)}, "gmv of 'links' is infinite"),
    "a number too large": (lambda: {"gmv": 10**400}, "gmv of 'links' is infinite"),
    "text": (lambda: {"gmv": "many"}, "gmv of 'links' is 'many', not a number"),
    "a list": (lambda: {"gmv": [1.0]}, "gmv of 'links' is [1.0], not a number"),
    "an array": (lambda: {"gmv": np.ones(2)}, "not a number"),
    "a complex number": (lambda: {"gmv": 1j}, "gmv of 'links' is 1j, not a number"),
    "a column's name": (lambda: {"arm": 1.0}, "calls a measure 'arm'"),
    "a factor's name": (lambda: {KEY: 1.0}, f"calls a measure '{KEY}'"),
    "a number for a name": (lambda: {1: 1.0}, "calls a measure 1"),
    "no measures": (lambda: None, "gave None instead of measures of 'links'"),
    "the end of the program": (lambda: sys.exit(3), "SystemExit: 3"),
    "an error without text": (lambda: raises(Unspeakable()), "Unspeakable: (no text)"),
    "letters that no file takes": (lambda: raises(ValueError("\udc80")), "ValueError: \\udc80"),
    "a long error": (lambda: raises(ValueError("x" * 100_000)), "ValueError: xxx"),
}


@pytest.mark.parametrize("what", ODD)
def test_an_odd_outcome_is_that_point_s_failure(what: str, tmp_path: Path) -> None:
    outcome, words = ODD[what]

    def odd(scenario: Scenario, replicate: int) -> dict[str, Any]:
        found: dict[str, Any] = rate(scenario, replicate)
        return found | ({"links": outcome()} if scenario.sharing.base_rate > 0.5 else {})

    data = run_sweep(question(), tmp_path, Execution(here, 1, model=odd))
    failures = pd.read_parquet(tmp_path / "failures.parquet")
    assert data["point"].nunique() == 2 and len(failures) == 2 and (failures[KEY] > 0.5).all()
    assert failures["error"].str.contains(words, regex=False).all()
    assert (failures["error"].str.len() <= 1000).all() and (failures["seed"] == 2020).all()
    assert np.isfinite(data["gmv"]).all()


def test_a_model_must_give_measures_of_every_arm(tmp_path: Path) -> None:
    answers: list[Any] = [{}, [], {"feed": {"gmv": 1.0}}, None]
    data = run_sweep(
        question(points=5),
        tmp_path,
        Execution(here, 1, model=lambda s, r: answers.pop() if answers else rate(s, r)),
    )
    errors = set(pd.read_parquet(tmp_path / "failures.parquet")["error"])
    assert data["point"].nunique() == 1
    assert errors == {
        "ValueError: the model gave no measures of arm feed or links",
        "ValueError: the model gave no measures of arm links",
        "ValueError: the model gave [] instead of measures by arm",
        "ValueError: the model gave None instead of measures by arm",
    }


def test_numbers_of_any_kind_are_numbers_and_what_is_missing_stays_missing() -> None:
    given = {
        "whole": 3,
        "true": True,
        "numpy": np.int64(4),
        "single": np.float32(0.5),
        "array": np.array(2.0),
        "decimal": Decimal("0.25"),
        "fraction": Fraction(1, 4),
        "large": 2**60,
        "zero": -0.0,
    }
    missing = {"none": None, "nan": math.nan, "not available": pd.NA, "no time": pd.NaT}
    found = plain_outcomes({"a": given | missing}, ["a"])["a"]
    assert [found[name] for name in given] == [3, 1, 4, 0.5, 2.0, 0.25, 0.25, 2.0**60, 0.0]
    assert all(type(found[name]) in (int, float) for name in given) and type(found["whole"]) is int
    assert all(math.isnan(found[name]) for name in missing)


class Dies(Here):
    """A pool whose processes are killed by points above a rate, and which is of no use from then on."""

    def __init__(self, above: float):
        self._above, self._broken = above, False

    def submit(self, function, /, base, task, model) -> Future:
        if self._broken:
            raise BrokenProcessPool("not usable any longer")
        if task.changes[KEY] <= self._above:
            return super().submit(function, base, task, model)
        self._broken = True
        future: Future = Future()
        future.set_exception(BrokenProcessPool("a process was killed"))
        return future


def test_a_point_that_kills_its_process_fails_and_the_others_do_not(tmp_path: Path) -> None:
    data = run_sweep(
        question(points=12), tmp_path, Execution(lambda: nullcontext(Dies(above=0.75)), 2, model=rate)
    )
    failures = pd.read_parquet(tmp_path / "failures.parquet")
    assert len(failures) == 3 and (failures[KEY] > 0.75).all() and data["point"].nunique() == 9
    assert (failures["error"] == "BrokenProcessPool: a process was killed").all()


def test_processes_that_die_whatever_they_run_are_no_fault_of_the_points(tmp_path: Path) -> None:
    for points in (2, 40):
        with pytest.raises(ExecutionError, match="killed repeatedly") as caught:
            run_sweep(
                question(points=points),
                tmp_path,
                Execution(lambda: nullcontext(Dies(above=-1.0)), 2, model=rate),
            )
        assert "__main__" in str(caught.value) and "fewer workers" in str(caught.value)
        assert SweepFolder(tmp_path).count() == 0


def test_values_have_the_scenario_s_types(tmp_path: Path) -> None:
    rows = [
        {KEY: 0.1, "people.categories": 3.0},
        {KEY: "0.2", "people.categories": "4"},
        {KEY: 0, HALF_LIFE: 30},
    ]

    def some_fail(scenario: Scenario, replicate: int) -> dict[str, Any]:
        if scenario.people.categories == 3:
            raise ValueError("three")
        return rate(scenario, replicate)

    data = run_sweep(listed(*rows), tmp_path, Execution(here, 1, model=some_fail))
    half_life = question().trust.half_life
    own = data[data["arm"] == "links"].drop_duplicates("point")
    assert own[[KEY, "people.categories", HALF_LIFE]].to_numpy().tolist() == [
        [0.2, 4, half_life],
        [0.0, 8, 30.0],
    ], "what a row leaves alone is as the scenario has it"
    failures = pd.read_parquet(tmp_path / "failures.parquet")
    assert failures[[KEY, "people.categories", HALF_LIFE]].to_numpy().tolist() == [[0.1, 3, half_life]]
    stored = pd.read_parquet(tmp_path / "sweep.parquet")
    assert stored.dtypes[[KEY, "people.categories", HALF_LIFE]].tolist() == [float, int, float]
    assert len(SweepResults.read(tmp_path).positions([0, 1, 2])) == 3


def test_choices_have_the_scenario_s_types_and_are_analysed(tmp_path: Path) -> None:
    factors = [
        {"key": KEY, "choices": [0.1, "0.2", 1]},
        {"key": "merchant_rule", "choices": ["feedback"]},
        {"key": "friendships.rewiring", "low": 0.0, "high": 1.0},
    ]
    data = run_sweep(question(points=30, factors=factors), tmp_path, Execution(here, 1, model=rate))
    assert sorted(data[KEY].unique()) == [0.1, 0.2, 1.0]
    results = SweepResults.read(tmp_path)
    assert results.factor(KEY).choices == [0.1, 0.2, 1.0]
    assert results.positions(results.points.index)[KEY].nunique() == 3
    assert analyse(tmp_path).page.is_file()


@pytest.mark.parametrize(
    ("sweep", "words"),
    [
        ({"rows": [{KEY: 0.1}, {KEY: "much"}]}, ["point 1", KEY, "'much'"]),
        ({"rows": [{HALF_LIFE: float("inf")}]}, [HALF_LIFE, "inf", "finite"]),
        ({"rows": [{"merchant_rule": 1}]}, ["merchant_rule"]),
    ],
)
def test_values_that_do_not_fit_are_refused_before_anything_is_written(
    sweep: dict[str, Any], words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        run_sweep(
            question(design="list", factors=[], **sweep), tmp_path / "new", Execution(here, 1, model=rate)
        )
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{KEY},{HALF_LIFE}\n0.1,20\n,30\n", [KEY, "nothing at point 1"]),
        (f"{KEY}\n0.1\nNA\n", ["point 1", KEY, "'NA'"]),
        (f"{KEY}\n0.1\nnan\n", ["point 1", KEY]),
        (f"{HALF_LIFE}\n20\ninf\n", ["point 1", HALF_LIFE, "inf"]),
        (f"{KEY}\n\n", ["no points"]),
    ],
)
def test_a_file_of_points_with_gaps_or_words_is_refused(text: str, words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        run_sweep(
            question(design="list", factors=[], csv=str(file)),
            tmp_path / "new",
            Execution(here, 1, model=rate),
        )
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert not (tmp_path / "new").exists()


def test_a_file_of_points_may_end_in_empty_rows(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text(f"{KEY},{HALF_LIFE}\n0.1,20\n0,30.5\n,\n,\n")
    data = run_sweep(
        question(design="list", factors=[], csv=str(file)), tmp_path / "s", Execution(here, 1, model=rate)
    )
    assert data.drop_duplicates("point")[[KEY, HALF_LIFE]].to_numpy().tolist() == [[0.1, 20], [0, 30.5]]


def fails(scenario: Scenario, replicate: int) -> dict[str, Any]:
    raise RuntimeError(f"no books in world {replicate}")


def test_a_sweep_of_which_every_run_fails_says_so_and_why(tmp_path: Path) -> None:
    run_sweep(question(), tmp_path, Execution(here, 1, model=rate))
    said = (
        r"every run failed, 10 in all; the first, point 0, replicate 0, run [0-9a-f]{20}: "
        r"an error of its code \(RuntimeError: no books in world 0\)"
    )
    for _ in range(2):  # with data of before, and without
        with pytest.raises(ExecutionError, match=said), pytest.warns(RunsAgain):
            run_sweep(
                question(replications=2, points=5), tmp_path, Execution(here, 1, resume=True, model=fails)
            )
        assert len(pd.read_parquet(tmp_path / "failures.parquet")) == 10
        assert not (tmp_path / "sweep.parquet").exists(), "data of an earlier time is not this sweep's"
        with pytest.raises(ArchiveError, match="every run failed"):
            SweepResults.read(tmp_path)
    status = json.loads((tmp_path / "status.json").read_text())
    assert (status["done"], status["failed"]) == (10, 10)


FILE = """
name = "little"
title = "Little"
article_claims = false
merchant_rule = "broken"
world = { viewers = 40, merchants = 4, days = 2 }
[plugins.merchant_rules]
broken = "broken.py"
[[arms]]
name = "feed"
platform = "taobao_live"
[sweep]
points = 2
replications = 1
[[sweep.factors]]
key = "sharing.base_rate"
low = 0.01
high = 0.3
"""


def typed(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Exit status of a command, run here."""
    monkeypatch.setattr(work, "executor_for", lambda workers, cluster: (lambda: nullcontext(Here()), 1))
    monkeypatch.setattr(sys, "argv", ["run.py", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_the_command_line_ends_with_the_error_and_goes_on_once_it_is_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rule, folder = tmp_path / "broken.py", str(tmp_path / "out")
    (tmp_path / "s.toml").write_text(FILE)
    rule.write_text("def RULE(merchants, due, settings):\n    raise RuntimeError('no books today')\n")
    command = ("sweep", str(tmp_path / "s.toml"), "--trust-plugins", "--out", folder)
    assert typed(monkeypatch, *command) == 2
    said = capsys.readouterr()
    assert "every run failed" in said.err and "RuntimeError: no books today" in said.err
    assert "Data" not in said.out
    rule.write_text("def RULE(merchants, due, settings):\n    pass\n")
    assert typed(monkeypatch, *command) == 0, "nothing is lost by beginning anew"
    capsys.readouterr()
    assert typed(monkeypatch, *command) == 2
    said = capsys.readouterr()
    assert "--resume to go on, or another --out" in said.err and "resume=True" not in said.err
    rule.write_text("def RULE(merchants, due, settings):\n    merchants.streams[due] = 1.0\n")
    assert typed(monkeypatch, *command, "--resume") == 0
    said = capsys.readouterr()
    assert "2 finished runs there, of which 0 still count; 2 of 2 will be run" in said.err
    assert "Warning" not in said.err and ".py:" not in said.err


def test_a_search_takes_choices_of_two_types_and_infinite_goals(tmp_path: Path) -> None:
    def endless(scenario: Scenario, replicate: int) -> dict[str, Any]:
        return {"feed": {"gmv": 1.0}, "links": {"gmv": math.inf if scenario.sharing.base_rate > 0.3 else 1.0}}

    search = {
        "levers": [{"key": KEY, "choices": [0.1, "0.2", 0.5]}],
        "replications": 1,
        "population": 8,
        "generations": 1,
        "goals": [{"measure": "gmv", "arm": "links"}],
    }
    asked = question().model_dump(mode="json", exclude_none=True) | {"policy_search": search}
    table = search_policies(check_table(asked, "test"), tmp_path, Execution(here, 1, model=endless))
    assert set(table[KEY]) <= {0.048, 0.1, 0.2, 0.5} and table[KEY].dtype == float
    reasons = table.set_index(KEY)["reason"]
    assert reasons[0.5] == "world 0: gmv of 'links' is infinite" and reasons[0.1] == ""
