"""NSGA-II (Deb, Pratap, Agarwal and Meyarivan 2002): settings descend from the best of those before."""

from __future__ import annotations

import warnings
from typing import Any

from ....scenario.sections.policy_search import PolicySearch
from ..optimiser import Optimiser

FEWEST_PARENTS = 2
SPREAD = 2.0
"""Distribution index of the crossover."""


def sampler(search: PolicySearch) -> Any:
    """NSGA-II with the operators of the original, which Optuna calls experimental.

    Children lie further from their parents than in long searches (index 2 instead of 20): generations
    are few here.
    """
    import optuna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.NSGAIISampler(
            population_size=search.population,
            seed=search.seed,
            crossover=optuna.samplers.nsgaii.SBXCrossover(eta=SPREAD),
            mutation=optuna.samplers.nsgaii.PolynomialMutation(),
        )


def after(sampler: Any, succeeded: int) -> None:
    """Optuna takes a generation for complete once that many trials have succeeded."""
    sampler.population_size = max(FEWEST_PARENTS, succeeded)


OPTIMISER = Optimiser("NSGA-II", sampler, after)
