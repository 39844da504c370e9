"""A supposed reason counts only where the miss shrinks with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulation.calibration.facts import Fact, read_facts
from simulation.calibration.plausible_worlds import EVIDENCE_FOLDER
from simulation.claims.checking import measure_names
from simulation.claims.reading import read_scenario
from simulation.scenario import ScenarioError, find_scenario
from simulation.validation.reasons import REASONS, SMALL, read_reasons, read_tried, weighed

FACT = Fact.model_validate({"id": "a", "measure": "gmv", "arm": "x", "low": 1.0, "high": 3.0})
BEFORE = np.array([5.0, 5.2, 4.8, 5.0])


@pytest.mark.parametrize(
    ("shift", "left", "shrunk"),
    [
        ([-2.0, -2.1, -1.9, -2.0], 0.0, True),
        ([-0.2, -0.2, -0.2, -0.2], 1.8, False),
        ([2.0, 2.0, 2.0, 2.1], 4.025, False),
        ([-9.0, 8.0, 0.0, -1.4], 1.4, False),
    ],
    ids=["met", "too little", "the wrong way", "within luck"],
)
def test_a_miss_has_shrunk_where_little_is_left_and_luck_cannot_do_it(
    shift: list[float], left: float, shrunk: bool
) -> None:
    found = weighed(FACT, BEFORE, BEFORE + np.array(shift))
    assert found["missed_before"] == pytest.approx(2.0) and found["missed_after"] == pytest.approx(left)
    assert found["shrunk"] is shrunk


def test_what_is_met_anyway_has_nothing_to_shrink() -> None:
    assert weighed(FACT, BEFORE - 3.0, BEFORE - 3.5)["shrunk"] is False


def test_our_reasons_are_of_checks_and_change_keys_that_there_are() -> None:
    facts = read_facts(EVIDENCE_FOLDER / "facts.toml")
    reasons, uses = read_reasons(EVIDENCE_FOLDER / REASONS, facts), {fact.id: fact.use for fact in facts}
    assert len({one.fact for one in reasons if uses[one.fact] == "check"}) >= 6
    for one in reasons:
        scenario = read_scenario(find_scenario("calibration"), {**SMALL, one.key: one.value})
        assert {fact.measure for fact in facts if fact.id == one.fact} <= {*measure_names(scenario)}
        assert one.says_zh
    tried = read_tried(EVIDENCE_FOLDER)
    assert tried is not None and set(zip(tried["fact"], tried["key"], strict=True)) == {
        (one.fact, one.key) for one in reasons
    }


def test_a_reason_of_no_fact_is_refused(tmp_path: Path) -> None:
    (tmp_path / REASONS).write_text(
        '[[reasons]]\nid = "r"\nfact = "b"\nsays = "It is so."\nkey = "people.homophily"\nvalue = 0.0\n',
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match=r"reasons\.r\.fact"):
        read_reasons(tmp_path / REASONS, [FACT])
    assert read_tried(tmp_path) is None
