"""Kinds of test: each is complete, can be chosen, and says by itself what it reads, needs and writes."""

from __future__ import annotations

from string import Formatter
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simulation.claims.effects import Effect, effect_from
from simulation.claims.kind import Kind, Reads
from simulation.claims.verdict import effect_bounds
from simulation.measures.registry import ANYTHING, Bounds
from simulation.pages.run.sentences import sentence_fields
from simulation.scenario.generated.schema import scenario_schema
from simulation.scenario.sections.claim import OF_SOME_KINDS, TESTS, ClaimTest
from tests.support.worlds import preset, scenario

GIVEN: dict[str, Any] = {
    "without": ["sharing"],
    "part": 0.25,
    "against": "b",
    "factor": "trust.tie_strength",
    "against_factor": "platform.pool",
}


def claim_test(kind: str, **settings: Any) -> ClaimTest:
    """A test of that kind with all that it needs."""
    needed = {name: GIVEN[name] for name in TESTS[kind].needs}
    return ClaimTest.model_validate(
        {
            "measure": "conversion_rate",
            "kind": kind,
            "arm": "a",
            "margin": 0.1,
            "direction": "higher",
            "why": "a test",
        }
        | needed
        | settings
    )


class Planted:
    """Two worlds: 3 and 5 in arm a, 1 and 2 in arm b, a quarter more than in a where something is raised."""

    def world(self, wanted: Any) -> str:
        return wanted.name

    def values(self, world: str, measure: str) -> np.ndarray:
        return np.array([3.0, 5.0] if world == "a" else [1.0, 2.0] if world == "b" else [3.75, 6.25])

    def ends(self, arm: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
        return np.array([1.0, 1.0]), np.array([4.0, 6.0])

    def paired(self, arm: str, against: str, measure: str) -> np.ndarray:
        return np.array([0.25, 0.5])


@pytest.mark.parametrize(
    ("kind", "settings", "expected"),
    [
        ("difference", {}, [2.0, 3.0]),
        ("level", {"reference": 1.0}, [2.0, 4.0]),
        ("trend", {}, [3.0, 5.0]),
        ("merchants", {"reference": 0.25}, [0.0, 0.25]),
        ("elasticity", {}, [0.0, 0.0]),
        # In another world 3.75 and 6.25, so that -0.75 and -1.25 go with it, less a quarter of 2 and of 3.
        ("part", {}, [-1.25, -2.0]),
    ],
)
def test_effects_are_what_each_kind_says(kind: str, settings: dict[str, Any], expected: list[float]) -> None:
    arms = scenario({"a": preset("taobao_live"), "b": preset("tencent_live")})
    effect = effect_from(claim_test(kind, **settings), arms, Planted())
    assert isinstance(effect, Effect) and effect.values == pytest.approx(expected)


@pytest.mark.parametrize("name", TESTS)
def test_a_kind_is_complete_and_a_choice_of_the_schema(name: str) -> None:
    kind, key = TESTS[name], scenario_schema()["$defs"]["ClaimTest"]["properties"]["kind"]
    assert isinstance(kind, Kind) and name in key["enum"] and kind.about in key["description"]
    assert set(kind.needs) | set(kind.raises) <= set(ClaimTest.model_fields)
    assert set(kind.settings) <= set(OF_SOME_KINDS)


@pytest.mark.parametrize("name", TESTS)
def test_sentences_speak_of_what_pages_can_fill_in(name: str) -> None:
    kind = TESTS[name]
    spoken = {
        field
        for text in (kind.sentence, kind.sentence_apart, kind.against)
        for _, field, _, _ in Formatter().parse(text)
        if field
    }
    described = sentence_fields.__doc__ or ""
    assert spoken and all(f"``{field}``" in described for field in spoken)


@pytest.mark.parametrize("name", [name for name in TESTS if TESTS[name].needs])
def test_a_test_without_what_its_kind_needs_is_refused(name: str) -> None:
    for missing in TESTS[name].needs:
        with pytest.raises(ValidationError, match=f"needs '{missing}'"):
            claim_test(
                name, **{missing: ClaimTest.model_fields[missing].get_default(call_default_factory=True)}
            )


@pytest.mark.parametrize("name", TESTS)
def test_a_setting_that_a_kind_makes_no_use_of_is_refused_and_its_default_is_not(name: str) -> None:
    given = GIVEN | {"against_without": ["sharing"], "reference": 0.5}
    for setting in OF_SOME_KINDS:
        if setting in TESTS[name].settings:
            claim_test(name, **{setting: given[setting]})
        else:
            with pytest.raises(ValidationError, match=f"makes no use of '{setting}'; leave it out"):
                claim_test(name, **{setting: given[setting]})
            claim_test(
                name, **{setting: ClaimTest.model_fields[setting].get_default(call_default_factory=True)}
            )


def test_what_a_kind_reads_bounds_what_can_come_out() -> None:
    assert effect_bounds(claim_test("elasticity")) == ANYTHING
    assert effect_bounds(claim_test("level", reference=0.25)) == Bounds(-0.25, 0.75)
    assert effect_bounds(claim_test("trend")) == Bounds(-1.0, 1.0)
    assert {name for name in TESTS if TESTS[name].reads is Reads.PAIRS} == {"merchants"}
