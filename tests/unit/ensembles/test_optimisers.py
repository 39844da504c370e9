"""Optimisers of a policy search: each can be chosen, and proposes the same whole generations every time."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.ensembles.search.candidates import Candidate
from simulation.ensembles.search.optimiser import Optimiser
from simulation.ensembles.search.policy_search import evolve
from simulation.scenario.generated.schema import scenario_schema
from simulation.scenario.sections.policy_search import OPTIMISERS, PolicySearch

LEVER = "sharing.base_rate"


def search(optimiser: str, seed: int = 1) -> PolicySearch:
    """A search for the lowest square of one lever in three generations of six."""
    return PolicySearch.model_validate(
        {
            "levers": [{"key": LEVER, "low": -1.0, "high": 1.0}],
            "optimiser": optimiser,
            "seed": seed,
            "goals": [{"measure": "gmv", "arm": "a", "direction": "lower"}],
            "population": 6,
            "generations": 3,
        }
    )


def proposed(optimiser: str, seed: int = 1) -> list[float]:
    """All settings of a search of which those above a half fail."""
    asked: list[float] = []

    def evaluate(generation: int, settings: list[dict]) -> list[Candidate]:
        asked.extend(levers[LEVER] for levers in settings)
        return [
            Candidate(
                number,
                generation,
                levers,
                np.array([[levers[LEVER] ** 2]]),
                "failed" if levers[LEVER] > 0.5 else "",
            )
            for number, levers in enumerate(settings)
        ]

    evolve(search(optimiser, seed), {LEVER: 0.25}, evaluate)
    return asked


@pytest.mark.parametrize("name", OPTIMISERS)
def test_whole_generations_are_proposed_and_the_same_again_from_the_seed(name: str) -> None:
    settings = proposed(name)
    assert len(settings) == 1 + 3 * 6 and settings[0] == settings[1] == 0.25
    assert settings == proposed(name) != proposed(name, seed=2)
    assert all(-1 <= value <= 1 for value in settings) and len(set(settings)) > 9


@pytest.mark.parametrize("name", OPTIMISERS)
def test_an_optimiser_is_complete_and_a_choice_of_the_schema(name: str) -> None:
    assert isinstance(OPTIMISERS[name], Optimiser) and OPTIMISERS[name].label
    assert name in scenario_schema()["$defs"]["PolicySearch"]["properties"]["optimiser"]["enum"]


def test_optimisers_are_told_apart() -> None:
    assert len({entry.label for entry in OPTIMISERS.values()}) == len(OPTIMISERS)
    assert len({tuple(proposed(name)) for name in OPTIMISERS}) == len(OPTIMISERS)
