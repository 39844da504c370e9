"""Tree-structured Parzen estimator for several goals (Ozaki, Tanigaki, Watanabe and Onishi 2020).

Settings are drawn where those that were on the front lie dense and others do not; for searches of few
generations over many levers.
"""

from __future__ import annotations

import warnings
from typing import Any

from ....languages.speaking import template
from ....scenario.sections.policy_search import PolicySearch
from ..optimiser import Optimiser


def sampler(search: PolicySearch) -> Any:
    """TPE that draws all levers of a setting together; its first generation is drawn at random."""
    import optuna

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return optuna.samplers.TPESampler(
            n_startup_trials=search.population, multivariate=True, seed=search.seed
        )


OPTIMISER = Optimiser(template("a Parzen estimator (TPE)"), sampler)
