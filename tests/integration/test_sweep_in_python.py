"""The notebook's way through a sweep, as the README shows it, on a small world."""

from __future__ import annotations

from pathlib import Path

import pytest
from markupsafe import escape

from simulation.claims.reading import read_scenario
from simulation.ensembles.analysis.analysis import failure_box, indices, replications_needed, verdicts
from simulation.laboratory import analyse, run_sweep, search
from simulation.scenario import find_scenario
from tests.support.questions import small_table


def test_a_question_its_sweep_and_what_it_teaches(tmp_path: Path) -> None:
    small = {
        "world.viewers": 100,
        "world.merchants": 6,
        "world.days": 10,
        "sweep.points": 16,
        "sweep.replications": 2,
    }
    question = read_scenario(find_scenario("what_drives_it"), small)
    answer = run_sweep(question, folder=tmp_path / "sweep", workers=1)
    results = answer.results
    shares = {claim.claim.id: claim.shares["supported"].share for claim in verdicts(results)}
    assert {"endorsement_converts.literal", "hard_to_find.literal"} <= set(shares)
    table = indices(results, "conversion_rate", "tencent_live", against="taobao_live")
    assert set(table.index) == {factor.key for factor in question.sweep.factors}
    assert failure_box(results, "hard_to_find.literal").points == 16
    assert replications_needed(results, "conversion_rate", "tencent_live", width=0.05) >= 2
    assert answer.claims["supported"].to_dict() == pytest.approx(shares)
    assert repr(answer).startswith("<Sweep 'what_drives_it': 16 points of 2 worlds; ")
    assert answer.page == answer.folder / "analysis.html" and answer.page.is_file()
    assert set(answer.figures) and answer.figure(next(iter(answer.figures))).data
    assert escape(answer.claims["title"].iloc[0]) in answer._repr_html_()
    with pytest.raises(AttributeError, match="only runs keep days"):
        answer.daily  # noqa: B018
    again = analyse(str(answer.folder))
    assert again.runs.equals(answer.runs) and (again.folder / "analysis.json").is_file()


def test_a_search_and_what_it_brings(tmp_path: Path) -> None:
    wanted = {
        "levers": [{"key": "sharing.base_rate", "low": 0.0, "high": 0.5}],
        "population": 4,
        "goals": [{"measure": "gmv", "arm": "links"}],
        "generations": 2,
        "replications": 1,
    }
    told: list[float] = []
    answer = search(
        small_table(policy_search=wanted), folder=str(tmp_path / "search"), workers=1, progress=told.append
    )
    words = f"{len(answer.candidates)} settings tried, {len(answer.front)} on the front; in "
    assert repr(answer).startswith(f"<Search 'small': {words}")
    assert told[-1] == 1.0 and answer.runs is answer.candidates and answer.page.is_file()
    assert "Sharing base rate" in answer._repr_html_() and answer.figure(next(iter(answer.figures))).data
