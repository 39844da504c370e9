"""Why a run failed is kept with it, and told in the language of whoever reads it."""

from __future__ import annotations

import json
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pandas as pd
import pytest

from simulation.ensembles.execution.failures import in_a_sentence, reason_of
from simulation.ensembles.folder import FAILURES, SweepFolder
from simulation.ensembles.outcomes import plain_outcomes
from simulation.ensembles.search.candidates import goal_values, reason_told
from simulation.ensembles.sweep import about_sweep, all_failed
from simulation.ensembles.tasks import Finished, Task
from simulation.errors import Problem, ScenarioError
from simulation.languages.speaking import sentence, speaking, told
from simulation.languages.stored import as_stored, from_stored
from tests.support.english_on_pages import english
from tests.unit.ensembles.test_added_measures import KEY, question

TASK = Task("r0", 0, 0, {KEY: 0.5}, 1)


def refused() -> ScenarioError:
    found = sentence("'{name}' names a whole entry", name="rate")
    return ScenarioError("points", [Problem(KEY, found, "a key of a table")])


def infinite() -> BaseException:
    with pytest.raises(ValueError) as caught:
        plain_outcomes({"feed": {"gmv": 10**400}}, ["feed"])
    return caught.value


KINDS = {
    "ours": (refused(), f"{KEY}：“rate”"),
    "an outcome": (infinite(), "“feed”的gmv是无穷大"),
    "killed": (BrokenProcessPool("a process was killed"), "其进程被系统终止"),
    "memory": (MemoryError(), "内存不足"),
    "Python's": (ZeroDivisionError("by zero"), "除以零（ZeroDivisionError：by zero）"),
    "a kind of Python's": (
        FileNotFoundError("goods.csv"),
        "文件或连接无法使用（FileNotFoundError：goods.csv）",
    ),
    "one's own": (RuntimeError("no books"), "代码出错（RuntimeError：no books）"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_ended_a_run_is_a_sentence_in_each_language(kind: str) -> None:
    error, chinese = KINDS[kind]
    with speaking("zh"):  # as where a run is run again by somebody who reads Chinese
        record = json.loads(json.dumps(Finished.from_task(TASK, error).as_record()))
    assert record["error"].startswith(f"{type(error).__name__}: ") and record["error"].isascii()
    assert record["trace"].isascii()
    assert str(reason_of(record)) == str(in_a_sentence(error))
    with speaking("zh"):
        assert chinese in told(reason_of(record)) and not english(told(reason_of(record)))


def test_a_reason_of_an_earlier_version_and_a_torn_one_stand_as_they_are() -> None:
    assert reason_of({"error": "ValueError: x"}) == "ValueError: x"
    assert reason_of({"error": "ValueError: x", "said": float("nan")}) == "ValueError: x"
    kept = json.loads(as_stored(sentence("{what} is infinite", what="gmv")))
    assert from_stored(json.dumps(kept)) == "gmv is infinite"
    for torn in ({**kept, "values": {}}, {**kept, "values": {"what": [1]}, "template": "{what[5]}"}, [], "x"):
        with speaking("zh"):
            assert told(from_stored(json.dumps(torn))) == json.dumps(torn), "nothing is made of it"


def test_the_table_of_failures_the_error_of_a_sweep_and_a_search_tell_it(tmp_path: Path) -> None:
    store, scenario = SweepFolder(tmp_path), question()
    store.begin(about_sweep(scenario, [KEY]), resume=False)
    store.keep(Finished.from_task(TASK, infinite()))
    store.gather([TASK])
    row = pd.read_parquet(tmp_path / FAILURES).iloc[0].to_dict()
    first = store.first_failure([TASK])
    _, reason = goal_values(scenario, [], [first] if first else [])
    with speaking("zh"):
        assert told(reason_of(row)) == "“feed”的gmv是无穷大"
        assert "“feed”的gmv是无穷大" in str(all_failed(tmp_path, 1, first))
        assert told(reason) == "世界0：“feed”的gmv是无穷大"


def test_a_search_calls_its_goals_by_their_names() -> None:
    kept, goals = "gmv.links has no value in world 2", {"gmv": "Sales", "gmv.links": "Sales, Links"}
    assert reason_told(kept) == kept
    assert reason_told(kept, goals) == "“Sales, Links” has no value in world 2"
    with speaking("zh"):
        assert reason_told(kept, {"gmv.links": "成交额"}) == "“成交额”在世界2中没有值"
        assert reason_told("world 1: a division by zero (ZeroDivisionError: x)", goals) == (
            "世界1：除以零（ZeroDivisionError：x）"
        )
