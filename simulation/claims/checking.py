"""Checks of a scenario's own claims that need to know measures and parameters."""

from __future__ import annotations

from collections.abc import Iterator

from ..experiments.arms import current_value
from ..experiments.paired_merchants import PAIRED_MEASURES
from ..measures import MEASURES
from ..measures.tables import DAILY_MEASURES
from ..scenario.claim import ClaimTest
from ..scenario.platform import known_channels
from ..scenario.problems import Problem, nearest
from ..scenario.scenario import Scenario


def problems_of_claims(scenario: Scenario) -> list[Problem]:
    """Where claims of the scenario speak of what does not exist."""
    return [
        problem
        for claim in scenario.claims
        for position, test in enumerate(claim.tests)
        for problem in _problems(scenario, test, f"claims.{claim.id}.tests.{position}")
    ]


def measure_names(scenario: Scenario, kind: str = "difference") -> list[str]:
    """Names that a test of `kind` can take as its measure."""
    if kind == "trend":
        return list(DAILY_MEASURES)
    if kind == "merchants":
        return list(PAIRED_MEASURES)
    parts = {
        "channel": channel_names(scenario), "archetype": list(scenario.merchants.archetypes.by_name()),
        "platform": [entry.name for arm in scenario.arms for entry in arm.platforms],
    }
    names = []
    for measure in MEASURES.values():
        names += [measure.name, *(f"{measure.name}_{part}" for part in parts.get(measure.split, []))]
    return names


def channel_names(scenario: Scenario) -> list[str]:
    """Names by which measures are split by channel: in a market ``platform_channel``."""
    served = [entry.name for arm in scenario.arms for entry in arm.platforms]
    channels = [*known_channels(), *scenario.plugins.channels]
    return channels + [f"{name}_{channel}" for name in served for channel in channels]


def _problems(scenario: Scenario, test: ClaimTest, key: str) -> Iterator[Problem]:
    names = measure_names(scenario, test.kind)
    if test.measure not in names:
        whole = [name for name in names if name in MEASURES] or names
        yield Problem(
            f"{key}.measure", f"'{test.measure}'{nearest(test.measure, names)}",
            f"for a test of kind '{test.kind}' one of {', '.join(whole)}"
            + (", or one by channel or archetype (gmv_push)" if whole != names else ""),
        )
    arm = scenario.arm(test.arm)
    if test.kind == "elasticity" and arm:
        for name in ("factor", "against_factor"):
            try:
                current_value(scenario, arm, str(getattr(test, name)))
            except (KeyError, AttributeError, TypeError, ValueError):
                yield Problem(
                    f"{key}.{name}", f"'{getattr(test, name)}'",
                    "the dotted key of a number in choice, purchase, goods, trust, following, "
                    "sharing, shopkeeping or platform: trust.tie_strength",
                )
