"""Two arms, platforms, levers or goals are never called alike where readers see them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.claims.reading import check_table, read_scenario
from simulation.ensembles.analysis.findings import SweepFindings
from simulation.ensembles.results import SweepResults
from simulation.ensembles.search.candidates import Candidate, candidate_table
from simulation.laboratory import store_run
from simulation.pages.kit.names import Names
from simulation.pages.life.inspect import Subject, inspect_run
from simulation.pages.search.page import render_page
from simulation.pages.search.sentences import SearchFindings
from simulation.pages.sweep.page import arm_names
from simulation.scenario import Scenario, ScenarioError
from simulation.terminal.console import PlainConsole
from tests.support.evidence_stand_ins import sweep, swept_scenario
from tests.support.worlds import preset

LINKS = preset("tencent_live")
FIRST, SECOND = {"name": "links_only", "platform": LINKS}, {"name": "second", "platform": LINKS}


def table_of(arms: list[dict[str, Any]], **sections: Any) -> dict[str, Any]:
    return {
        "name": "labels",
        "title": "Labels",
        "article_claims": False,
        "arms": arms,
        "world": {"viewers": 40, "merchants": 4, "days": 4},
        "run": {"replications": 2},
    } | sections


def scenario_of(arms: list[dict[str, Any]], **sections: Any) -> Scenario:
    return check_table(table_of(arms, **sections), "test")


@pytest.mark.parametrize(
    ("arms", "titles"),
    [
        ([FIRST], ["Tencent Live"]),
        ([FIRST, SECOND], ["Tencent Live (links_only)", "Tencent Live (second)"]),
        ([FIRST, SECOND | {"label": "Tencent Live"}], ["Tencent Live (links_only)", "Tencent Live"]),
        ([FIRST, SECOND | {"label": "With a feed"}], ["Tencent Live", "With a feed"]),
        ([FIRST | {"label": "  "}, SECOND | {"label": " With  a feed "}], ["Tencent Live", "With a feed"]),
        (
            [FIRST, {"name": "taobao_live", "platform": preset("taobao_live")}],
            ["Tencent Live", "Taobao Live"],
        ),
    ],
)
def test_arms_without_labels_are_told_apart_by_their_own_names(
    arms: list[dict[str, Any]], titles: list[str]
) -> None:
    scenario = scenario_of(arms)
    assert list(scenario.titles.values()) == titles
    assert [arm.label for arm in Names(scenario).arms] == titles


def test_probes_are_called_after_their_arm() -> None:
    names = Names(scenario_of([FIRST, SECOND]))
    assert names.side("second without own_trust") == "Tencent Live (second) without own trust in the merchant"


def test_equal_labels_are_refused(tmp_path: Path) -> None:
    same = [FIRST | {"label": "No plan"}, SECOND | {"label": "No  plan "}]
    with pytest.raises(ScenarioError, match=r"arms.second.label[\s\S]*'No plan', which arm 'links_only' is"):
        scenario_of(same)
    file = tmp_path / "labels.toml"
    file.write_text(
        'name = "labels"\ntitle = "Labels"\n[world]\nviewers = 40\nmerchants = 4\ndays = 4\n'
        '[[arms]]\nname = "a"\nlabel = "One"\nplatform = "douyin"\n'
        '[[arms]]\nname = "b"\nlabel = "Two"\nplatform = "douyin"\n',
        encoding="utf-8",
    )
    assert list(read_scenario(file).titles.values()) == ["One", "Two"]
    with pytest.raises(ScenarioError, match=r"arms\.b\.label"):
        read_scenario(file, {"arms.b.label": "One"})


def test_an_added_name_that_is_another_arm_s_label_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"arms.links_only.label|arms.third.label"):
        scenario_of([FIRST, SECOND, {"name": "third", "label": "Tencent Live (second)", "platform": LINKS}])


def test_platforms_of_one_market_are_told_apart() -> None:
    rival = LINKS | {"name": "rival"}
    for label, shown in (
        ("Tencent Live", ["Tencent Live (tencent_live)", "Tencent Live (rival)"]),
        ("Rival", ["Tencent Live", "Rival"]),
    ):
        market = {"name": "market", "platforms": [LINKS, rival | {"label": label}]}
        names = Names(scenario_of([market]))
        assert list(names.platforms.values()) == shown
        assert names.channel("rival_push") == f"{shown[1]}: group link"
        assert names.measure("visits_rival") == f"Visits ({shown[1]})"


def test_platforms_of_several_markets_are_told_apart() -> None:
    douyin, other = preset("douyin"), LINKS | {"name": "rival"}
    scenario = scenario_of(
        [{"name": "first", "platforms": [douyin, LINKS]}, {"name": "second", "platforms": [douyin, other]}]
    )
    assert list(Names(scenario).platforms.values()) == [
        "Douyin",
        "Tencent Live (tencent_live)",
        "Tencent Live (rival)",
    ]


CAPS = [f"arms.{arm}.platform.feed.exposure_cap" for arm in ("links_only", "second")]
LEVERS = [{"key": key, "low": 0.1, "high": 1.0} for key in CAPS]
GOALS = [{"measure": "gmv", "arm": "links_only"}, {"measure": "gmv", "arm": "second"}]


def test_a_search_s_page_tells_levers_and_goals_apart() -> None:
    scenario = scenario_of([FIRST, SECOND], policy_search={"levers": LEVERS, "goals": GOALS})
    search = scenario.policy_search
    assert search is not None
    made = [
        Candidate(number, 0, dict.fromkeys(CAPS, 0.1 * (number + 1)), np.full((2, 3), number))
        for number in range(3)
    ]
    table = candidate_table(search, made)
    found = SearchFindings(scenario, search, table)
    assert [found.lever_name(lever) for lever in search.levers] == [
        f"Feed exposure cap ({key})" for key in CAPS
    ]
    assert [found.goal_name(goal) for goal in search.goals] == [
        "Sales (GMV), Tencent Live (links_only)",
        "Sales (GMV), Tencent Live (second)",
    ]
    page = render_page(scenario, table)
    assert all(found.lever_name(lever) in page for lever in search.levers)


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ({"levers": [lever | {"label": "Cap"} for lever in LEVERS], "goals": GOALS}, "'Cap', which lever"),
        ({"levers": LEVERS, "goals": [goal | {"label": "Sales"} for goal in GOALS]}, "'Sales', which goal"),
    ],
)
def test_equal_labels_of_levers_or_goals_are_refused(search: dict[str, Any], words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        scenario_of([FIRST, SECOND], policy_search=search)


def test_a_sweep_s_page_tells_arms_apart(tmp_path: Path) -> None:
    results = SweepResults.read(sweep(tmp_path, points=4))
    table = swept_scenario().model_dump(mode="json", exclude_none=True)
    for arm in table["arms"]:
        arm["platform"] = LINKS
    same = SweepResults(check_table(table, "test"), results.data)
    names = arm_names(SweepFindings(same, [], [], [], [], [], {}))
    assert [arm.label for arm in names.arms] == ["Tencent Live (shared)", "Tencent Live (central)"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recorded run of two arms on one preset, with a claim about them."""
    test = {
        "measure": "visits",
        "arm": "second",
        "against": "links_only",
        "direction": "higher",
        "margin": 1,
        "why": "made up",
    }
    scenario = scenario_of(
        [FIRST, SECOND],
        run={"replications": 2, "record": True},
        claims=[{"id": "mine", "title": "Mine", "tests": [test]}],
    )
    return store_run(scenario, tmp_path_factory.mktemp("results"))


def test_a_run_s_files_and_page_tell_arms_apart(folder: Path) -> None:
    claims = json.loads((folder / "claims.json").read_text(encoding="utf-8"))
    assert [arm["label"] for arm in claims["arms"]] == ["Tencent Live (links_only)", "Tencent Live (second)"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Tencent Live (second)” against" in page or "Tencent Live (second) against" in page
    assert "Tencent Live against Tencent Live" not in page and "“Tencent Live”" not in page


def test_a_life_says_on_which_of_the_arms_it_was(folder: Path) -> None:
    for arm in ("links_only", "second"):
        screen = io.StringIO()
        inspect_run(folder, PlainConsole(file=screen), Subject(merchant=0), arm=arm)
        assert f"on Tencent Live ({arm})" in screen.getvalue()
