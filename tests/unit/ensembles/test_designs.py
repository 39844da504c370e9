"""Designs of sweeps: every one is complete, and a scenario can name each of them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from simulation.ensembles.sampling.design import Design, Indices
from simulation.ensembles.sampling.points import changes_at_points
from simulation.scenario.generated.schema import scenario_schema
from simulation.scenario.sections.sweep import DESIGNS, Sweep

FACTORS = [
    {"key": "trust.half_life", "low": 10.0, "high": 20.0, "levels": 2},
    {"key": "run.seed", "choices": [3, 8]},
]
ROWS = [{"trust.half_life": 12.0}, {"run.seed": 8}]


def sweep(name: str, **settings: Any) -> Sweep:
    """A small sweep of that design."""
    given = {"factors": FACTORS} if DESIGNS[name].samples else {"rows": ROWS}
    return Sweep.model_validate({"design": name, "points": 4} | given | settings)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_has_as_many_points_as_it_counts(name: str) -> None:
    assert isinstance(DESIGNS[name], Design)
    assert len(changes_at_points(sweep(name))) == sweep(name).point_count


@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_is_a_choice_of_the_schema(name: str) -> None:
    assert name in scenario_schema()["$defs"]["Sweep"]["properties"]["design"]["enum"]


def test_no_two_designs_are_called_alike() -> None:
    assert len({DESIGNS[name].label for name in DESIGNS}) == len(DESIGNS)


def test_only_saltellis_points_give_sobol_indices() -> None:
    assert [name for name in DESIGNS if DESIGNS[name].indices is Indices.SALTELLI] == ["sobol"]
    assert DESIGNS["sobol"].group(3) == 5 and DESIGNS["grid"].group(3) == 1


@pytest.mark.parametrize(
    ("name", "settings", "words"),
    [
        ("sobol", {"points": 6}, "such as 4 or 8"),
        ("list", {"rows": []}, "give either rows or csv"),
        ("grid", {"factors": []}, "has no factors"),
        ("halton", {}, "grid"),
    ],
)
def test_what_a_design_cannot_have_is_refused(name: str, settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Sweep.model_validate({"design": name, "points": 4, "factors": FACTORS} | settings)
