"""Ways of asking: a verdict by hand at each margin, and what turns it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulation.checking.remarks import remarks_on
from simulation.claims.reading import read_scenario
from simulation.runs.comparison import estimate
from simulation.scenario import find_scenario
from simulation.scenario.sections.claim import Claim, ClaimTest
from simulation.validation.specifications import agreement, read_specifications, weighed

TEST = ClaimTest(measure="gmv", arm="a", against="b", direction="lower", margin=1.0, why="by hand")
CLAIM = Claim(id="said", title="Said", tests=[TEST])


def test_a_reading_is_weighed_against_multiples_of_its_margin_in_the_direction_claimed() -> None:
    worlds = np.array([-1.4, -1.5, -1.6])  # the interval is 1.5 give or take 0.248
    found = {times: weighed(CLAIM, [estimate(worlds)], times) for times in (0.0, 1.0, 2.0)}
    assert {times: way["status"] for times, way in found.items()} == {
        0.0: "supported",
        1.0: "supported",
        2.0: "contradicted",
    }
    assert found[1.0]["effect"] == pytest.approx(1.5)
    assert (found[1.0]["low"], found[1.0]["high"]) == pytest.approx((1.2516, 1.7484), abs=1e-4)


def test_what_turns_a_verdict_is_what_alone_turns_it() -> None:
    ways = [("none", 90, 1.0, "supported"), ("none", 360, 1.0, "supported")]
    ways += [("own", 90, 1.0, "contradicted"), ("own", 360, 1.0, "undecided")]
    table = pd.DataFrame(ways, columns=["past", "days", "margin", "status"]).assign(claim="said")
    found = agreement(table)
    assert found.loc["said"].to_dict() == {
        "supported": 2,
        "undecided": 1,
        "contradicted": 1,
        "turns_with": "past",
    }


def test_nothing_is_read_where_nothing_is_kept(tmp_path: Path) -> None:
    assert read_specifications(tmp_path) is None


def test_a_past_that_varies_makes_a_difference() -> None:
    told = remarks_on(read_scenario(find_scenario("specifications")))
    assert not [problem for problem in told if "warm_up" in problem.key]
