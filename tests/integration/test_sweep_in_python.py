"""The notebook's way through a sweep, as the README shows it, on a small world."""

from __future__ import annotations

from pathlib import Path

from simulation.claims.reading import read_scenario
from simulation.ensembles.analysis.analysis import failure_box, indices, replications_needed, verdicts
from simulation.laboratory import sweep_experiment
from simulation.scenario import find_scenario


def test_a_question_its_sweep_and_what_it_teaches(tmp_path: Path) -> None:
    small = {"world.viewers": 100, "world.merchants": 6, "world.days": 10, "sweep.points": 16,
             "sweep.replications": 2}
    question = read_scenario(find_scenario("what_drives_it"), small)
    results = sweep_experiment(question, tmp_path / "sweep", workers=2)
    shares = {claim.claim.id: claim.shares["supported"].share for claim in verdicts(results)}
    assert {"no_superstars", "sticky_fans"} <= set(shares)
    table = indices(results, "conversion_rate", "tencent_live", against="taobao_live")
    assert set(table.index) == {factor.key for factor in question.sweep.factors}
    assert failure_box(results, "no_superstars").points == 16
    assert replications_needed(results, "conversion_rate", "tencent_live", width=0.05) >= 2
