"""In the larger size a point that one arm rules out is not run in the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.calibration.facts import Fact
from simulation.calibration.waves.ruled_out_early import arm_of_most, run_until_ruled_out
from simulation.claims.reading import check_table
from simulation.ensembles.execution.options import Execution
from simulation.scenario import Scenario
from tests.support.here import here
from tests.support.stated_world import stated
from tests.support.worlds import preset

FACTS = [
    Fact(id="sales", measure="gmv", arm="told", value=2.0, tolerance=0.1),
    Fact(id="visits", measure="visits", arm="told", value=2.0, tolerance=0.1),
    Fact(id="links", measure="visits_share", arm="other", value=2.0, tolerance=0.1),
]
POINTS = (1.0, 2.0, 3.0, 2.1)
"""Of which the second and fourth lie within a tenth of 2."""


class Runs:
    """Takes the model's place: all three measures are the parameter; knows what was run."""

    def __init__(self) -> None:
        self.made: list[tuple[str, float]] = []

    def __call__(self, scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
        """What each arm comes to."""
        value = scenario.purchase.fit_weight
        self.made += [(arm.name, value) for arm in scenario.arms]
        figures = {"told": {"gmv": value, "visits": value}, "other": {"visits_share": value}}
        return {arm.name: figures[arm.name] for arm in scenario.arms}


@pytest.fixture
def asked() -> Scenario:
    factor = {"key": "purchase.fit_weight", "low": 0.5, "high": 5.0}
    return check_table(
        {
            "name": "early",
            "title": "Early",
            "article_claims": False,
            "world": {"viewers": 60, "merchants": 5, "days": 4},
            "arms": [{"name": name, "platform": preset("taobao_live")} for name in ("other", "told")],
            "calibration": {"facts": "facts.toml", "misses": 1},
            **stated(),
            "sweep": {"points": 4, "replications": 1, "factors": [factor]},
        },
        "test",
    )


def ran(asked: Scenario, points: tuple[float, ...], folder: Path, runs: Runs, resume: bool = False):
    assert asked.sweep is not None
    rows = [{"purchase.fit_weight": value} for value in points]
    listed = asked.sweep.model_copy(update={"design": "list", "rows": rows})
    how = Execution(here, 1, model=runs, resume=resume)
    return run_until_ruled_out(asked, FACTS, listed, folder / "larger", how)


def test_other_arms_are_run_only_at_points_that_the_first_leaves(asked: Scenario, tmp_path: Path) -> None:
    runs = Runs()
    data = ran(asked, POINTS, tmp_path, runs)
    assert arm_of_most(asked, FACTS).name == "told", "two of the three facts are of it"
    assert runs.made == [("told", value) for value in POINTS] + [("other", 2.0), ("other", 2.1)]
    there = data.set_index(["arm", "point"])["purchase.fit_weight"]
    assert there["other"].to_dict() == {1: 2.0, 3: 2.1}, "numbered as in the whole list"
    again = ran(asked, POINTS, tmp_path, runs, resume=True)
    assert len(runs.made) == 6 and again.equals(data), "nothing is run twice"


def test_where_nothing_is_left_the_measures_of_other_arms_are_empty(asked: Scenario, tmp_path: Path) -> None:
    runs = Runs()
    data = ran(asked, (1.0, 3.0), tmp_path, runs)
    assert {arm for arm, _ in runs.made} == {"told"}
    assert data["visits_share"].isna().all()
