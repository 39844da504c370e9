"""Settings drawn at random, each as likely as any other: what an optimiser has to be better than."""

from __future__ import annotations

from typing import Any

from ....languages.speaking import template
from ....scenario.sections.policy_search import PolicySearch
from ..optimiser import Optimiser


def sampler(search: PolicySearch) -> Any:
    """Independent draws over the ranges of the levers."""
    import optuna

    return optuna.samplers.RandomSampler(seed=search.seed)


OPTIMISER = Optimiser(template("random draws"), sampler)
