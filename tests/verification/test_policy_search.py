"""Policy search: a planted front is found, to the same bytes however often the search is stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.claims.reading import check_table, read_scenario
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.search.candidates import is_on_front
from simulation.ensembles.search.policy_search import search_policies
from simulation.errors import ArchiveError, ExecutionError
from simulation.pages.search.page import write_page
from simulation.scenario import Scenario, ScenarioError, find_scenario
from simulation.scenario.sections.policy_search import Goal
from tests.support.planted_fronts import always_fails, fails_in_a_corner, two_parabolas
from tests.support.stated_world import stated
from tests.support.tearing import without_runs
from tests.support.worlds import preset

FIRST, SECOND = "gmv.shared", "conversion_rate.shared"
X, Y = "sharing.base_rate", "people.homophily"
LEVERS = [{"key": X, "low": 0.0, "high": 1.0}, {"key": Y, "low": 0.0, "high": 1.0}]
GOALS = [
    {"measure": "gmv", "arm": "shared", "direction": "higher", "why": "what is earned"},
    {"measure": "conversion_rate", "arm": "shared", "direction": "lower"},
]
ARMS = [
    {"name": "central", "platform": preset("taobao_live")},
    {"name": "shared", "role": "decentralised", "platform": preset("tencent_live")},
]


def question(**search: Any) -> Scenario:
    settings = {"levers": LEVERS, "goals": GOALS, "population": 16, "generations": 8, "replications": 2}
    return check_table(
        {
            "name": "searched",
            "title": "Searched",
            "question": "Which of two parabolas?",
            "article_claims": False,
            "world": {"viewers": 60, "merchants": 5, "days": 4},
            "arms": ARMS,
            "policy_search": settings | search,
            **stated(),
        },
        "test",
    )


class Here(Executor):
    """Runs what it is given at once; after `most` runs it is interrupted, as by Ctrl-C."""

    def __init__(self, most: float = float("inf")):
        self.most, self.runs = most, 0

    def submit(self, function, /, *arguments, **named) -> Future:
        if self.runs >= self.most:
            raise KeyboardInterrupt
        self.runs += 1
        future: Future = Future()
        future.set_result(function(*arguments, **named))
        return future

    @contextmanager
    def open(self) -> Iterator[Executor]:
        yield self


def searched(scenario: Scenario, folder: Path, here: Here | None = None, **more: Any) -> pd.DataFrame:
    table = search_policies(
        scenario, folder, Execution((here or Here()).open, 2, **{"model": two_parabolas} | more)
    )
    write_page(scenario, table, folder)
    return table


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a finished search for the planted front."""
    folder = tmp_path_factory.mktemp("planted")
    searched(question(), folder)
    return folder


def test_a_planted_front_is_found(planted: Path) -> None:
    table = pd.read_parquet(planted / "candidates.parquet")
    front = table[table["on_front"]]
    # World 1 adds 10 to everything, so means lie 5 above the planted values.
    costs = np.stack([-(front[FIRST] - 5), front[SECOND] - 5], axis=1)
    assert len(front) >= 12
    assert (costs > -1e-9).all()
    # On the true front the roots of the costs sum to 1; distance in costs at most a tenth.
    x = np.clip(np.sqrt(np.clip(costs[:, 0], 0, 1)), 0, 1)
    assert np.median(costs[:, 1] - (1 - x) ** 2) < 0.1, "near the planted front"
    assert costs[:, 0].min() < 0.1 and costs[:, 1].min() < 0.1, "both ends of it"
    levers = front[X].to_numpy() * 4 - 1
    assert ((levers > -0.3) & (levers < 1.3)).all() and np.median(np.abs(front[Y] - 0.35)) < 0.05
    tried = table[table["generation"] == 0]
    assert np.median(np.abs(tried[Y] - 0.35)) > 0.15, "the search came nearer than its first generation"


def test_every_setting_is_compared_with_today_s_on_the_same_luck(planted: Path) -> None:
    scenario, table = question(), pd.read_parquet(planted / "candidates.parquet")
    today = table.iloc[0]
    assert (today["candidate"], today["generation"]) == (0, 0)
    assert today[X] == scenario.sharing.base_rate and today[Y] == scenario.people.homophily
    change, spread = table[f"{FIRST}.change"], table[f"{FIRST}.high"] - table[FIRST]
    assert change.to_numpy() == pytest.approx((table[FIRST] - today[FIRST]).to_numpy())
    assert (spread > 50).all(), "worlds differ by ten, and there are two"
    assert (table[f"{FIRST}.low"] == 0).all(), "sales are never less than nothing"
    assert (table[f"{FIRST}.change_high"] - table[f"{FIRST}.change_low"]).abs().max() < 1e-9
    assert not table.duplicated([X, Y]).any() and table["candidate"].tolist() == list(range(len(table)))


def test_goals_can_be_differences_of_arms_by_role(tmp_path: Path) -> None:
    goals = [{"measure": "gmv", "arm": "decentralised", "against": "central"}]
    table = searched(question(goals=goals, generations=1, replications=1), tmp_path)
    name = "gmv.decentralised.minus.central"
    waste = 2 * (table[Y] - 0.35).abs()
    assert table[name].to_numpy() == pytest.approx((-((table[X] * 4 - 1) ** 2) - waste).to_numpy())
    assert table["on_front"].sum() == 1 and table.loc[table["on_front"], name].item() == table[name].max()


def test_an_interrupted_search_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    scenario = question(population=6, generations=3)
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    searched(scenario, whole)
    for most in (12, 16):  # in the first generation, and in the second
        with pytest.raises(KeyboardInterrupt):
            searched(scenario, halves, Here(most), resume=True)
    kept = SweepFolder(halves).count()
    assert 14 < kept < 38 and not (halves / "candidates.parquet").exists()
    there = kept - without_runs(halves, slice(None, None, 4))
    here = Here()
    searched(scenario, halves, here, resume=True)
    for name in ("candidates.parquet", "policy_search.html"):
        assert (halves / name).read_bytes() == (whole / name).read_bytes(), name
    assert here.runs == SweepFolder(whole).count() - there, "nothing is run twice"
    status = json.loads((whole / "status.json").read_text(encoding="utf-8"))
    assert status["done"] == status["total"] == (6 * 3 + 1) * 2


def test_one_executor_serves_all_generations_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    scenario = question(population=6, generations=3, replications=1)
    opened: list[Here] = []

    class Breaks(Here):
        def submit(self, function, /, *arguments, **named) -> Future:
            if len(opened) == 1 and self.runs == 10:
                raise BrokenProcessPool("a process was killed")
            return super().submit(function, *arguments, **named)

    @contextmanager
    def opens() -> Iterator[Executor]:
        opened.append(Breaks())
        yield opened[-1]

    table = search_policies(scenario, tmp_path / "broken", Execution(opens, 1, model=two_parabolas))
    assert len(opened) == 2
    pd.testing.assert_frame_equal(table, searched(scenario, tmp_path / "whole"))


def test_the_seed_decides(tmp_path: Path) -> None:
    small = {"population": 4, "generations": 1, "replications": 1}
    first, second = (searched(question(seed=seed, **small), tmp_path / str(seed)) for seed in (1, 2))
    assert not first[X].equals(second[X])


WORDS = "world 1: an error of its code (ArithmeticError: too much sharing)"


def test_failures_are_recorded_and_the_search_goes_on(tmp_path: Path) -> None:
    table = searched(question(generations=3), tmp_path, model=fails_in_a_corner)
    failed = table[table["reason"] != ""]
    assert len(failed) and len(table) > 40
    for _, row in failed.iterrows():
        assert (row["reason"] == WORDS) == (row[X] > 0.8)
        assert (row["reason"] == f"{FIRST} has no value in world 0") == (row[X] < 0.1)
    assert failed[FIRST].isna().all() and not failed["on_front"].any()
    done = table[table["reason"] == ""]
    assert done[X].between(0.1, 0.8).all() and done["on_front"].any()
    last = table[table["generation"] == table["generation"].max()]
    assert (last["reason"] == "").mean() > (table.loc[table["generation"] == 0, "reason"] == "").mean()
    assert "too much sharing" in (tmp_path / "policy_search.html").read_text(encoding="utf-8")


def test_settings_that_the_scenario_does_not_allow_are_failures(tmp_path: Path) -> None:
    feed = "arms.central.platform.feed"
    levers = [
        {"key": f"{feed}.exploration", "low": 0.0, "high": 0.9},
        {"key": f"{feed}.cold_start_quota", "low": 0.0, "high": 0.9},
    ]
    table = searched(question(levers=levers, generations=1, replications=1), tmp_path)
    over = table[f"{feed}.exploration"] + table[f"{feed}.cold_start_quota"] > 1
    assert over.any() and ((table["reason"] != "") == over).all()
    assert table.loc[over, "reason"].str.contains("exceed 1").all()


def test_a_search_in_which_all_fails_says_so(tmp_path: Path) -> None:
    with pytest.raises(ExecutionError, match="never works"):
        searched(question(population=4, generations=2, replications=1), tmp_path, model=always_fails)


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ({"levers": []}, ["no levers", "[[policy_search.levers]]"]),
        ({"goals": []}, ["no goals", "[[policy_search.goals]]"]),
        ({"goals": [{"measure": f"m{i}", "arm": "shared"} for i in range(5)]}, ["5 goals", "at most 4"]),
        ({"goals": [{"measure": "gmv", "arm": "share"}]}, ["arm 'share'", "did you mean 'shared'"]),
        ({"levers": [LEVERS[0], LEVERS[0]]}, ["levers named twice: sharing.base_rate"]),
        ({"goals": [GOALS[0], GOALS[0]]}, ["goals named twice: gmv.shared"]),
        ({"levers": [{**LEVERS[0], "kind": "uncertainty"}]}, ["nobody can set"]),
        ({"goals": [{"measure": "gmw", "arm": "shared"}]}, ["'gmw'", "did you mean 'gmv'"]),
        ({"levers": [{"key": "sharing.base_rte", "low": 0.0, "high": 1.0}]}, ["did you mean 'base_rate'"]),
        (
            {"levers": [{"key": "arms.shared.platform.channels.showcase", "low": 1, "high": 9}]},
            ["without a value in the scenario"],
        ),
        ({"levers": [{"key": X, "low": 0.0, "high": 7.0}]}, ["7.0", "a number from 0 to 1"]),
    ],
)
def test_mistakes_are_named_before_anything_is_written(
    search: dict[str, Any], expected: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        searched(question(**search), tmp_path / "new")
    assert all(words in str(caught.value) for words in expected), str(caught.value)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_runs_is_not_overwritten(tmp_path: Path) -> None:
    scenario = question(population=4, generations=1, replications=1)
    searched(scenario, tmp_path)
    with pytest.raises(ArchiveError, match="resume=True"):
        searched(scenario, tmp_path)


def test_the_front_is_what_nothing_dominates() -> None:
    goals = [Goal.model_validate(entry) for entry in GOALS]
    values = np.array([[1, 1], [2, 1], [2, 2], [0, 0], [2, 1], [-1, 0.5]], float)  # higher, lower
    assert is_on_front(values, goals).tolist() == [False, True, False, True, True, False]


def test_the_page_tells_the_front(planted: Path) -> None:
    table = pd.read_parquet(planted / "candidates.parquet")
    page = (planted / "policy_search.html").read_text(encoding="utf-8")
    assert "Which of two parabolas?" in page and "http-equiv" not in page
    better = ((table[f"{FIRST}.change"] > 0) & (table[f"{SECOND}.change"] < 0)).sum()
    assert f"{better} settings of {len(table)} improve all goals at once" in page
    assert f"Of {len(table)} settings tried, {table['on_front'].sum()} are on the front" in page
    best = table.loc[table[FIRST].idxmax()]
    assert f"Setting {int(best['candidate'])}" in page and "Sales (GMV)" in page
    assert "<script src" not in page and "what is earned" in page


def test_the_shipped_scenario_searches_over_what_is_there(tmp_path: Path) -> None:
    scenario = read_scenario(
        find_scenario("fix_tencent_live"), {"policy_search.population": 4, "policy_search.generations": 1}
    )
    assert scenario.policy_search is not None

    def constant(case: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        names = [goal.measure for goal in case_goals]
        return {"tencent_live": dict.fromkeys(names, 1.0)}

    case_goals = scenario.policy_search.goals
    table = searched(scenario, tmp_path, model=constant)
    assert len(table) == 5 and (table["reason"] == "").all()
