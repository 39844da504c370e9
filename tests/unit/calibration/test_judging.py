"""What a hit means: families met, what the others foretell, and ranks of truths."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.calibration.facts import Fact
from simulation.calibration.judging.families import NEAREST, left_out, met_families, shares_met
from simulation.calibration.judging.ranks import BINS, LEVELS, evenness, ranks


def fact(name: str, family: str, use: str = "target") -> Fact:
    table = {"id": name, "measure": "gmv", "arm": "a", "low": 0.0, "high": 1.0, "family": family, "use": use}
    return Fact.model_validate(table)


FACTS = [fact("a", "one"), fact("b", "one"), fact("c", ""), fact("d", "three", "check")]


def test_a_family_is_met_where_all_of_its_facts_are() -> None:
    values = pd.DataFrame({"a": [0.5, 0.5], "b": [0.5, 2.0], "c": [2.0, np.nan], "d": [0.0, 1.0]})
    assert met_families(FACTS, values).to_dict("list") == {
        "one": [True, False],
        "c": [False, False],
        "three": [True, True],
    }
    assert shares_met(FACTS, values) == {"target": 0.25, "check": 1.0}


def test_a_family_is_foretold_where_worlds_that_meet_the_others_meet_it() -> None:
    """Whoever meets c meets d as well, in half of the draws; a and b go their own way."""
    half = np.arange(4 * NEAREST) % 2 * 2.0
    own = np.repeat([0.5, 2.0], 2 * NEAREST)
    values = pd.DataFrame({"a": own, "b": own, "c": half, "d": half})
    rows = {row["family"]: row for row in left_out(FACTS, values, 0)}
    assert rows["three"]["prior"] == 0.5 and rows["three"]["foretold"] == 1.0
    assert rows["one"]["foretold"] == rows["one"]["prior"] == 0.5
    assert rows["three"]["worlds"] == NEAREST and rows["three"]["use"] == "check"


def test_ranks_are_even_where_what_is_thought_is_calibrated_and_not_where_it_is_too_sure() -> None:
    truth = np.linspace(0.0005, 0.9995, 1000)
    prior = np.tile(LEVELS, (1000, 1))
    assert ranks(prior, truth) == pytest.approx(truth)
    counts, chance = evenness(ranks(prior, truth))
    assert counts == [100] * BINS and chance == pytest.approx(1.0)
    sure = 0.5 + 0.2 * (prior - 0.5)
    counts, chance = evenness(ranks(sure, truth))
    assert counts[0] > 300 and chance < 1e-6
