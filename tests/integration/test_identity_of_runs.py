"""A run is known by what decides its result and by nothing else, and may serve several points."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from simulation.claims.reading import check_table
from simulation.ensembles import tasks as tasks_module
from simulation.ensembles.analysis.analysis import SweepResults, indices, verdicts
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.folder import SweepFolder
from simulation.ensembles.planning import asked_once, planned_tasks
from simulation.ensembles.sweep import run_sweep
from simulation.ensembles.tasks import run_arms
from simulation.laboratory import analyse
from simulation.scenario import Scenario
from simulation.scenario.reading.read import changed_scenario
from simulation.storage.manifest import scenario_hash
from tests.support.here import here
from tests.support.worlds import preset

RULE = "def RULE(merchants, due, settings):\n    merchants.streams[due] = {streams}\n"
WHOLE = {"key": "people.categories", "low": 3, "high": 5, "whole": True}
POLICY = {"name": "help", "effect": "support", "amount": 0.1, "arms": ["feed", "links"]}
CLAIM = {
    "id": "more",
    "title": "More",
    "tests": [
        {
            "measure": "conversion_rate",
            "arm": "links",
            "against": "feed",
            "direction": "higher",
            "margin": 0.5,
            "why": "so that it is decided",
        }
    ],
}


def table(rule: Path | None = None, **sweep: Any) -> dict[str, Any]:
    """A small scenario as a file would have it."""
    settings = {"points": 12, "replications": 2, "factors": [WHOLE]} | sweep
    plugged = {"plugins": {"merchant_rules": {"own": str(rule)}}, "merchant_rule": "own"} if rule else {}
    return {
        "name": "small",
        "title": "Small",
        "article_claims": False,
        "claims": [CLAIM],
        "world": {"viewers": 60, "merchants": 5, "days": 4},
        "arms": [
            {"name": "feed", "role": "centralised", "platform": preset("taobao_live")},
            {"name": "links", "role": "decentralised", "platform": preset("tencent_live")},
        ],
        "policies": [POLICY],
        "sweep": settings,
        **plugged,
    }


def question(rule: Path | None = None, **sweep: Any) -> Scenario:
    return check_table(table(rule, **sweep), "test")


class Counted:
    """A line in the number of categories and the share rate; keeps count of what is run."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        self.runs += 1
        categories, luck = scenario.people.categories, float(replicate)
        if categories == 4 and scenario.world.days == 5:
            raise ArithmeticError("four of them")
        return {
            "feed": {"conversion_rate": luck},
            "links": {"conversion_rate": luck + categories - 3.5 + scenario.sharing.base_rate},
        }


def test_points_that_come_to_the_same_are_all_there_and_run_once(tmp_path: Path) -> None:
    model = Counted()
    data = run_sweep(question(), tmp_path, Execution(here, 1, model=model))
    assert model.runs == 3 * 2, "three values, two worlds"
    assert data["point"].nunique() == 12 and len(data) == 12 * 2 * 3
    assert data.groupby("people.categories")["point"].nunique().to_dict() == {3: 4, 4: 4, 5: 4}
    own = data[data["against"] == "links"]
    assert own.empty and SweepFolder(tmp_path).count() == 6
    status = json.loads((tmp_path / "status.json").read_text())
    assert (status["done"], status["total"], status["failed"]) == (24, 24, 0)
    (found,) = verdicts(SweepResults.read(tmp_path))
    assert (found.shares["supported"].count, len(found.status)) == (8, 12), "4 and 5, not 3"


def test_a_failed_run_is_a_failure_at_every_point_that_it_serves(tmp_path: Path) -> None:
    five_days = changed_scenario(question(), {"world.days": 5})
    data = run_sweep(five_days, tmp_path, Execution(here, 1, model=Counted()))
    failures = pd.read_parquet(tmp_path / "failures.parquet")
    assert len(failures) == 4 * 2 and failures["point"].nunique() == 4
    assert failures["identity"].nunique() == 2 and (failures["people.categories"] == 4).all()
    assert sorted({*data["point"], *failures["point"]}) == list(range(12))
    assert json.loads((tmp_path / "status.json").read_text())["failed"] == 8
    results = SweepResults.read(tmp_path)
    assert len(results.points) == 12 and results.incomplete == sorted(set(failures["point"]))


def test_a_sobol_design_with_choices_and_whole_numbers_is_analysed(tmp_path: Path) -> None:
    factors = [WHOLE, {"key": "sharing.base_rate", "choices": [0.0, 0.5]}]
    model = Counted()
    run_sweep(question(design="sobol", points=64, factors=factors), tmp_path, Execution(here, 1, model=model))
    results = SweepResults.read(tmp_path)
    assert len(results.points) == 64 * 4 and not results.incomplete and model.runs == 3 * 2 * 2
    found = indices(results, "conversion_rate", "links", "feed")
    # Variances 2/3 of {3, 4, 5} and 1/16 of {0, 1/2}; nothing but their sum.
    expected = np.array([2 / 3, 1 / 16]) / (2 / 3 + 1 / 16)
    assert found["ST"].to_numpy() == pytest.approx(expected, abs=0.12)
    assert analyse(tmp_path).page.is_file()


def identities(scenario: Scenario) -> list[str]:
    return [task.identity for task in planned_tasks(scenario)[1]]


WORDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "title": lambda t: t.update(title="Another", question="Which?"),
    "name": lambda t: t.update(name="renamed"),
    "labels of arms": lambda t: t["arms"][0].update(label="Feed"),
    "roles": lambda t: t["arms"][0].update(role="hybrid"),
    "labels of platforms": lambda t: t["arms"][0]["platform"].update(
        label="L", operator="O", sources={"commission": "a page"}, launch="2016-04-21"
    ),
    "order of arms": lambda t: t["arms"].reverse(),
    "claims": lambda t: t.update(claims=[], article_claims=True),
    "words of policies": lambda t: t["policies"][0].update(name="aid", label="Aid", arms=["links", "feed"]),
    "how many worlds a run has": lambda t: t.update(run={"replications": 3, "probe_replications": 1}),
    "line lists": lambda t: t.update(run={"record": True, "record_replications": 2}),
    "a file that nothing uses": lambda t: t["plugins"]["merchant_rules"].update(other=t["second_rule"]),
    "where files are": lambda t: t["plugins"]["merchant_rules"].update(own=t["same_rule"]),
    "what files are called": lambda t: t.update(
        plugins={"merchant_rules": {"mine": t["same_rule"]}}, merchant_rule="mine"
    ),
}
CONTENT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "seed": lambda t: t.update(run={"seed": 1}),
    "world": lambda t: t["world"].update(viewers=61),
    "people": lambda t: t.update(people={"homophily": 0.1}),
    "friendships": lambda t: t.update(friendships={"rewiring": 0.2}),
    "merchants": lambda t: t.update(merchants={"price_level": 2.0}),
    "behaviour": lambda t: t.update(trust={"half_life": 20.0}),
    "platforms": lambda t: t["arms"][0]["platform"].update(commission=0.2),
    "order of channels": lambda t: t["arms"][0]["platform"].update(
        channels=dict(reversed(t["arms"][0]["platform"]["channels"].items()))
    ),
    "changes of arms": lambda t: t["arms"][0].update(changes={"trust.half_life": 20.0}),
    "names of arms": lambda t: (t["arms"][0].update(name="fed"), t.update(claims=[], policies=[])),
    "more arms": lambda t: t["arms"].append(t["arms"][0] | {"name": "third"}),
    "policies": lambda t: t["policies"][0].update(amount=0.2),
    "whom policies are for": lambda t: t["policies"][0].update(arms=["feed"]),
    "what a file holds": lambda t: t["plugins"]["merchant_rules"].update(own=t["second_rule"]),
    "which rule": lambda t: t.update(merchant_rule="feedback"),
}


@pytest.fixture
def rules(tmp_path: Path) -> list[Path]:
    """A rule, the same again, and another."""
    files = [tmp_path / place / "rule.py" for place in ("here", "there", "elsewhere")]
    for file, streams in zip(files, (1.0, 1.0, 2.0), strict=True):
        file.parent.mkdir()
        file.write_text(RULE.format(streams=streams))
    return files


@pytest.mark.parametrize("what", [*WORDS, *CONTENT])
def test_words_paths_and_order_decide_nothing_and_all_else_does(what: str, rules: list[Path]) -> None:
    first, same, second = rules
    asked = table(first)
    before, run = identities(check_table(asked, "test")), scenario_hash(check_table(asked, "test"))
    assert len(set(before)) == 6
    paths = {"same_rule": str(same), "second_rule": str(second)}
    changed = table(first) | paths
    (WORDS | CONTENT)[what](changed)
    for name in paths:
        del changed[name]
    after = check_table(changed, "test")
    if what in WORDS:
        assert identities(after) == before
        assert (scenario_hash(after) == run) == (what != "how many worlds a run has")
    else:
        assert not set(identities(after)) & set(before)
        assert scenario_hash(after) != run


def test_the_model_s_version_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identities(question())
    monkeypatch.setattr(tasks_module, "MODEL_VERSION", "another")
    assert not set(identities(question())) & set(before)


def test_what_is_kept_decides_but_not_what_claims_say_of_it() -> None:
    plain, kept = question(), table(all_claims=True)
    other_words = table(all_claims=True)
    other_words["claims"] = [CLAIM | {"title": "Otherwise", "tests": [CLAIM["tests"][0] | {"margin": 0.1}]}]
    needs_more = table(all_claims=True)
    needs_more["claims"] = [
        CLAIM,
        {
            "id": "without",
            "title": "Without",
            "tests": [
                CLAIM["tests"][0] | {"arm": "links", "against": "links", "against_without": ["sharing"]}
            ],
        },
    ]
    whole, same, more = (identities(check_table(case, "test")) for case in (kept, other_words, needs_more))
    assert whole == same
    assert not {*identities(plain)} & {*whole} and not {*whole} & {*more}


def test_runs_with_the_same_identity_have_the_same_results() -> None:
    """Arms in another order under other names for readers; and channels in another order differ."""
    asked, words = table(), table()
    for name in ("title", "labels of platforms", "order of arms", "words of policies"):
        WORDS[name](words)
    turned = table()
    CONTENT["order of channels"](turned)
    cases = [asked_once(check_table(case, "test")) for case in (asked, words, turned)]
    first, same, other = (run_arms(case, 0) for case in cases)
    assert list(first) == ["feed", "links"] and list(same) == ["links", "feed"]
    for arm, measures in first.items():
        assert list(measures) == list(same[arm])
        np.testing.assert_array_equal(list(measures.values()), list(same[arm].values()))
    assert first["feed"] != other["feed"], "which occasion opens which channel goes by their order"
