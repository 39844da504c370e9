"""Functions that take the model's place in tests of sweeps; workers import them by name."""

from __future__ import annotations

import time

from simulation.scenario import Scenario


def straight_line(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Two arms whose outcomes are plain functions of two keys, and of a luck they share in a replicate."""
    x, y = scenario.trust.half_life, scenario.sharing.base_rate
    luck = replicate**2
    return {
        "central": {"conversion_rate": 2.0 * x + luck},
        "shared": {"conversion_rate": 2.0 * x + 100.0 * y + luck},
    }


def slow_line(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """The same, a twentieth of a second later, so that there is time to be killed."""
    time.sleep(0.05)
    return straight_line(scenario, replicate)


def fails_above_fifty(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """The same, with an error at part of the points."""
    if scenario.trust.half_life > 50:
        raise ArithmeticError("too long a half-life")
    return straight_line(scenario, replicate)
