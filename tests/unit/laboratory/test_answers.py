"""What an experiment answers, in a script and in a notebook."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import simulation as lab
from simulation.calibration.calibrate import PlausibleWorlds
from simulation.claims.reading import read_scenario
from simulation.ensembles.search.candidates import Candidate, candidate_table
from simulation.errors import AnalysisError
from simulation.laboratory import CalibrationAnswer, RunAnswer, SearchAnswer, SweepAnswer, work
from simulation.languages.speaking import speaking
from simulation.scenario import Scenario, ScenarioError, find_scenario
from simulation.terminal import progress
from tests.support.english_on_pages import english
from tests.support.evidence_stand_ins import sweep
from tests.support.questions import small_table

CLAIM = {
    "id": "more",
    "title": "Links <sell> more",
    "tests": [
        {
            "measure": "gmv",
            "arm": "links",
            "against": "feed",
            "direction": "higher",
            "margin": 0.05,
            "relative": True,
            "why": "a try",
        }
    ],
}
QUESTION = small_table(claims=[CLAIM], run={"replications": 2})


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> RunAnswer:
    return lab.run_experiment(
        QUESTION, {"world.days": 3}, results=str(tmp_path_factory.mktemp("results")), workers=1
    )


def test_an_answer_says_what_was_found(answer: RunAnswer) -> None:
    word = answer.claims.loc["more", "word"]
    words = f"2 worlds of feed, links; claims: 1 {word}"
    assert repr(answer) == f"<Experiment 'small': {words}; in {answer.folder}>"
    assert answer.scenario.world.days == 3 and answer.daily["day"].max() == 2
    assert set(answer.runs["arm"]) == {"feed", "links"} and len(answer.runs) == 4
    assert answer.page == answer.folder / "report.html" and answer.page.is_file()


def test_a_notebook_shows_verdicts_and_a_link_and_takes_no_title_for_markup(answer: RunAnswer) -> None:
    html = answer._repr_html_()
    assert "Links &lt;sell&gt; more" in html and "<sell>" not in html
    assert answer.page.absolute().as_uri() in html and answer.claims.loc["more", "in_words"] in html


def test_figures_go_by_name_and_by_view(answer: RunAnswer) -> None:
    name, views = next((name, views) for name, views in answer.figures.items() if len(views) > 1)
    assert answer.figure(name).data and answer.figure(name, views[1]) != answer.figure(name)
    with pytest.raises(AnalysisError, match=f"did you mean '{name}'"):
        answer.figure(f"{name}x")
    with pytest.raises(AnalysisError, match="view"):
        answer.figure(name, "nothing like it")


def test_a_run_can_be_opened_again_and_a_lost_page_is_written_again(answer: RunAnswer) -> None:
    again = RunAnswer(str(answer.folder))
    assert repr(again) == repr(answer) and again.runs.equals(answer.runs)
    again.page.unlink()
    assert again.page.is_file()


def test_what_is_changed_in_python_is_checked_before_it_runs(tmp_path: Path) -> None:
    """Lists and tables of a scenario can be written to; nothing unchecked is run for that."""
    scenario = lab.read_scenario(QUESTION)
    scenario.arms[0].platform.channels["nonsense"] = 2.0
    with pytest.raises(ScenarioError, match="nonsense"):
        lab.run_experiment(scenario, results=tmp_path, workers=1)
    scenario = lab.read_scenario(QUESTION)
    scenario.claims[0].tests.append(scenario.claims[0].tests[0].model_copy(update={"measure": "gvm"}))
    with pytest.raises(ScenarioError, match="did you mean 'gmv'"):
        lab.run_experiment(scenario, results=tmp_path, workers=1)
    assert not list(tmp_path.iterdir())


def test_all_that_runs_takes_a_scenario_its_name_tables_and_changes() -> None:
    from simulation.laboratory.asking import asked

    scenario = lab.read_scenario(QUESTION)
    assert asked(scenario) == scenario == asked(QUESTION) and isinstance(asked("fruit_vendor"), Scenario)
    assert asked(scenario, {"world.days": 9}).world.days == 9 and scenario.world.days == 4


class Shown(list):
    """Stands in for a notebook's outputs: what is shown in the order in which it is."""

    def module(self) -> types.ModuleType:
        shown = types.ModuleType("IPython.display")
        shown.Pretty = str  # type: ignore[attr-defined]
        handle = types.SimpleNamespace(update=self.append)
        shown.display = lambda words, display_id: self.append(words) or handle  # type: ignore[attr-defined]
        return shown


def test_a_notebook_has_a_bar_that_needs_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = Shown()
    package = types.ModuleType("IPython")
    package.display = shown.module()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setattr(progress, "QUIET_SECONDS", -1.0)
    monkeypatch.setattr(work.err, "is_jupyter", True)
    with work.shown(None, "Trying") as tell:
        for share in (0.1, 0.101, 0.5):
            tell(share, ", 1 failed")
    assert shown == ["Trying: 10%, 1 failed", "Trying: 50%, 1 failed", ""]


@pytest.mark.parametrize("wanted", [None, False])
def test_progress_is_for_people_unless_it_is_asked_for(
    wanted: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "QUIET_SECONDS", -1.0)
    monkeypatch.setattr(progress, "LOG_SECONDS", -1.0)
    told: list[float] = []
    for progress_wanted in (wanted, told.append):
        with work.shown(progress_wanted, "Trying") as tell:
            tell(0.5)
    assert capsys.readouterr() == ("", "") and told == [0.5]
    with work.shown(True, "Trying") as tell:
        tell(0.5)
    assert "Trying: 50%" in capsys.readouterr().err


def test_worlds_are_divided_among_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "usable_processors", lambda: 8)

    def asked(replications: int, viewers: int = work.THREADS_FROM) -> Scenario:
        return read_scenario(
            find_scenario("tencent_live_2020"), {"run.replications": replications, "world.viewers": viewers}
        )

    assert work.divided(asked(4), None) == (4, 2) and work.divided(asked(10), None) == (8, 1)
    assert work.divided(asked(1), None) == (1, 8) and work.divided(asked(10), 2) == (2, 4)
    assert work.divided(asked(10), None, threads=1) == (8, 1)
    small = asked(1, work.THREADS_FROM - 1)
    assert work.divided(small, None) == (1, 1), "in a small world threads would only wait for one another"
    assert work.divided(small, None, threads=3) == (1, 3)


def test_a_calibration_says_what_was_met_and_that_it_has_no_page() -> None:
    found = PlausibleWorlds(
        pd.DataFrame({"trust.half_life": [9.0, 11.0]}),
        {
            "at_default": [{"met": True}, {"met": False}],
            "recovery": [{"identified": True}],
            "spread": {"trust.half_life": [0.1, 0.5, 0.9]},
        },
    )
    answer = CalibrationAnswer(lab.read_scenario(QUESTION), found, Path("here"))
    words = "2 plausible worlds; the default one meets 1 of 2 facts; 1 of 1 parameter identified"
    assert repr(answer) == f"<Calibration 'small': {words}; in here>"
    assert "trust.half_life" in answer._repr_html_() and answer.runs is answer.worlds
    assert answer.facts["met"].tolist() == [True, False] and answer.figures == {}
    for name in ("page", "daily", "claims"):
        with pytest.raises(AttributeError, match=f"calibration 'small' has no {name}: "):
            getattr(answer, name)
    with pytest.raises(lab.AnalysisError, match="draws none"):
        answer.figure("front")


def test_answers_show_themselves_in_the_language_that_is_spoken(answer: RunAnswer, tmp_path: Path) -> None:
    swept = SweepAnswer(sweep(tmp_path / "sweep"))
    levers = [{"key": "people.homophily", "low": 0, "high": 1}]
    searched = lab.read_scenario(
        small_table(policy_search={"levers": levers, "goals": [{"measure": "gmv", "arm": "links"}]})
    )
    tried = [Candidate(number, 0, {"people.homophily": 0.1}, np.ones((1, 3))) for number in range(2)]
    found = SearchAnswer(searched, candidate_table(searched.policy_search, tried), tmp_path)
    spread = PlausibleWorlds(pd.DataFrame(), {"spread": {"trust.half_life": [0.1, 0.5, 0.9]}})
    calibrated = CalibrationAnswer(lab.read_scenario(QUESTION), spread, Path("here"))
    compared = lab.compare(answer, answer)
    with speaking("zh"):
        heads = {type(each): each._table()[0] for each in (answer, swept, found, calibrated, compared)}
        assert heads[RunAnswer] == ("结论", "论断", "理由")
        assert heads[SweepAnswer] == ("论断", "支持", "未定", "反驳")
        assert heads[SearchAnswer] == ("人群：同质性", "成交额（GMV），腾讯直播")
        assert heads[CalibrationAnswer] == ("因素", "键", "5%", "中位数", "95%")
        assert not [head for head in heads[type(compared)] if head.isascii()]
        assert [row[0] for row in swept._table()[1]] == ["总是成立", "从不成立", "视情况而定"]
        assert calibrated._table()[1][0][0] == "信任：半衰期"
        assert not english("".join(answer._table()[1][0]).replace(CLAIM["title"], ""))
        assert repr(swept).startswith("<参数扫描“plausible”：60个参数点")
        assert repr(answer).startswith("<实验“small”：")
        with pytest.raises(AttributeError, match="校准“small”没有page：它没有自己的页面"):
            calibrated.page  # noqa: B018
    assert swept._table()[0] == ("claim", "supported", "undecided", "contradicted")
