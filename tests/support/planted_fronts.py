"""Functions with a known Pareto front that take the model's place; workers import them by name."""

from __future__ import annotations

import math

from simulation.scenario import Scenario


def two_parabolas(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Costs ``x**2`` and ``(x - 1)**2`` (Schaffer), plus the distance of a second lever from 0.35.

    On the front x lies between 0 and 1 and the second lever at 0.35; there the roots of the costs
    sum to 1. Every world adds the same to all settings.
    """
    x, y = scenario.sharing.base_rate * 4 - 1, scenario.people.homophily
    luck, waste = 10.0 * replicate, 2.0 * abs(y - 0.35)
    return {
        "shared": {"gmv": -(x**2) - waste + luck, "conversion_rate": (x - 1) ** 2 + waste + luck},
        "central": {"gmv": luck, "conversion_rate": luck},
    }


def fails_in_a_corner(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """The same; in a corner of the levers' ranges the second world ends in an error, in another a goal
    has no value."""
    found = two_parabolas(scenario, replicate)
    if scenario.sharing.base_rate > 0.8 and replicate:
        raise ArithmeticError("too much sharing")
    if scenario.sharing.base_rate < 0.1:
        found["shared"]["gmv"] = math.nan
    return found


def always_fails(scenario: Scenario, replicate: int) -> dict[str, dict[str, float]]:
    """Nothing but an error."""
    raise ArithmeticError("never works")
