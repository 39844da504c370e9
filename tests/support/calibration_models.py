"""Functions that take the model's place in tests of calibration; workers import them by name."""

from __future__ import annotations

import numpy as np

from simulation.scenario import Scenario


def curved(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Two measures tell two of three parameters; nothing tells the third.

    ``gmv = exp(x) y``, ``visits = y``, each with a little luck.
    """
    x, y = scenario.choice.fit_weight, scenario.purchase.fit_weight
    seed = abs(hash((round(x, 9), round(y, 9), round(scenario.trust.half_life, 9), replicate)))
    luck = np.random.default_rng(seed % 2**32).normal(1.0, 0.02, 2)
    found = {"gmv": float(np.exp(x) * y * luck[0]), "visits": float(y * luck[1])}
    return {arm.name: found for arm in scenario.arms}


def curved_by_size(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """As `curved`, but ``visits`` and ``gmv`` are 1.15 times as large in a world of more than 60 viewers."""
    more = 1.15 if scenario.world.viewers > 60 else 1.0
    return {
        arm: {name: value * more for name, value in found.items()}
        for arm, found in curved(scenario, replicate).items()
    }
