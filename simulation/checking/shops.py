"""What an answer about one shop rests on beside the shop: which goods it is said to sell, and how large it is
among the merchants of its world."""

from __future__ import annotations

from collections.abc import Iterator

from ..errors import Problem
from ..languages.speaking import sentence
from ..scenario.scenario import Scenario
from ..words import counted
from ..world.cast.numbers import own

CYCLE = "purchase.cycle"
FEW_WORLDS = 10
"""Worlds below which one draw of rivals and interests or another may turn an answer about one shop: of one
that asked where to sell, orders differed by 21% (16% to 26%) and 16% (7% to 24%) under two labels in 24
worlds, and in the first six by 19% (0% to 38%) and 14% (a gain of 15% to a loss of 42%)."""
MANY_STREAMS = 2.5
"""Streams of a shop, in those of the mean merchant, from which it is likely to be among the largest of its
world by visits: with 3 times as many a shop of 300 members had a sixth of all visits among 60 merchants, with
twice as many the fruit stall had a twentieth among 40."""


def mere_labels(scenario: Scenario) -> Iterator[Problem]:
    """Kinds of goods that are given where all are alike, in too few worlds to see that."""
    worlds, varied = scenario.run.replications, _varied(scenario)
    if worlds >= FEW_WORLDS or CYCLE in varied or _needs_come_back(scenario):
        return
    for entry in scenario.merchants.named_merchants:
        key = f"merchants.named.{entry.name}.category"
        if entry.category is not None and key not in varied:
            yield Problem(
                key,
                sentence(
                    "{category} is no more than a label: with purchase.cycle = 0 all {categories} kinds of "
                    "goods are alike, and another number is another draw of rivals and of who is interested, "
                    "which in {worlds} may turn the answer",
                    category=entry.category,
                    categories=scenario.people.categories,
                    worlds=counted(worlds, "world"),
                ),
                sentence(
                    "run.replications = {worlds} or more; left out, each world draws a kind",
                    worlds=FEW_WORLDS,
                ),
            )


def _needs_come_back(scenario: Scenario) -> bool:
    """Whether kinds of goods differ in how soon they are needed again, in any arm."""
    return scenario.purchase.cycle > 0 or any(CYCLE in arm.changes for arm in scenario.arms)


def _varied(scenario: Scenario) -> set[str]:
    """Keys that a sweep varies."""
    sweep = scenario.sweep
    return (
        {factor.key for factor in sweep.factors} | {key for row in sweep.rows for key in row}
        if sweep
        else set()
    )


def large_shops(scenario: Scenario) -> Iterator[Problem]:
    """Shops that stream so much more than others that they are likely to be among the largest of their
    world."""
    usual = sum(kind.share * kind.streams_per_week for kind in scenario.merchants.kinds.values())
    for entry in scenario.merchants.named_merchants:
        streams = own(scenario, entry, "streams_per_week")
        if usual and streams >= MANY_STREAMS * usual:
            yield Problem(
                f"merchants.named.{entry.name}.streams_per_week",
                sentence(
                    "{streams:.3g} a week, {times:.1f} times as many as the mean merchant streams: among "
                    "{merchants} it is likely to be one of the largest by visits",
                    streams=streams,
                    times=streams / usual,
                    merchants=counted(scenario.world.merchants, "merchant"),
                ),
                "absolute figures of such a world are no forecast: compare arms; the page says where it was",
            )
