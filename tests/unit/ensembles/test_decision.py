"""Regret of each choice over possible worlds, and what it is worth to know more before choosing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.ensembles.analysis.decision import decide
from simulation.ensembles.results import SweepResults
from simulation.errors import AnalysisError
from tests.support.evidence_stand_ins import swept_scenario

HALF_LIVES = np.linspace(15, 240, 40)


def results(shared: np.ndarray, central: np.ndarray, measure: str = "gmv") -> SweepResults:
    rows = [
        {
            "point": point,
            "replicate": 0,
            "arm": arm,
            "against": "",
            "trust.half_life": HALF_LIVES[point],
            "sharing.base_rate": 0.01 + 0.007 * (point * 17 % 40),
            measure: values[point],
        }
        for point in range(len(shared))
        for arm, values in (("shared", shared), ("central", central))
    ]
    return SweepResults(swept_scenario(), pd.DataFrame(rows))


def test_regret_is_what_the_best_choice_of_each_world_gives_more() -> None:
    """One gives 3 in a quarter of the worlds and 0 else; the other 1: means .75 and 1; regrets .75 and .5."""
    shared = np.where(np.arange(40) >= 30, 3.0, 0.0)
    found = decide(results(shared, np.ones(40)), "gmv")
    assert list(found.settings.index) == ["central", "shared"]
    assert found.settings["mean_regret"].tolist() == pytest.approx([0.5, 0.75])
    assert found.settings["worst_regret"].tolist() == [2.0, 1.0]
    assert found.settings["best_in"].tolist() == [0.75, 0.25]
    assert found.known_all == pytest.approx(0.5)


def test_the_parameter_that_decides_is_worth_nearly_everything_and_another_nothing() -> None:
    shared = np.where(np.arange(40) >= 30, 3.0, 0.0)
    found = decide(results(shared, np.ones(40)), "gmv")
    assert found.known.index[0] == "trust.half_life"
    assert 0.35 <= found.known["trust.half_life"] <= 0.5 and found.known["sharing.base_rate"] < 0.1
    assert "To know trust.half_life before choosing would be worth" in found.sentence
    assert "central is best in 75% of the worlds and costs 0.5 on average, 2 at worst" in found.sentence


def test_where_one_is_always_best_nothing_is_worth_knowing_and_less_may_be_better() -> None:
    found = decide(results(np.full(40, 0.2), np.full(40, 0.5), "empty_room_share"), "empty_room_share")
    assert found.settings.index[0] == "shared" and found.settings.at["shared", "mean_regret"] == 0
    assert found.settings["mean"].tolist() == [0.2, 0.5] and found.known_all == 0
    assert "Knowing any one parameter would not change it." in found.sentence


def test_few_worlds_decide_nothing() -> None:
    with pytest.raises(AnalysisError, match="5 points with a value of 'gmv' in every arm"):
        decide(results(np.ones(5), np.ones(5)), "gmv")
