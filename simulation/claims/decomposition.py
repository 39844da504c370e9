"""Where the conversion gap comes from: endorsement, own trust, and who arrives.

Each mechanism's contribution to an arm's conversion is its Shapley value over the arms with and
without it (Shapley 1953): the average of what it adds when it comes first and when it comes last,
so that contributions add up whatever the order. What is left of the gap between two arms with both
mechanisms off is selection: different people arrive, at different rooms, for different prices.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd

from ..measures.registry import Bounds
from ..runs.bounds import measure_bounds
from ..runs.comparison import Estimate, estimate, replicate_values, within
from ..runs.probes import Probe, carries_links, effective
from ..runs.ratios import ratio_estimate
from ..scenario.scenario import Scenario
from ..scenario.sections.mechanisms import MECHANISM_LABELS
from ..scenario.tables import Arm
from .catalogue import as_claimed

MEASURE = "conversion_rate"
GAP = measure_bounds(MEASURE).for_differences
"""What a difference of conversion can be; a part of it that a mechanism has in two arms differs by more."""
BUYING_MECHANISMS = ("endorsement", "own_trust")
COALITIONS: tuple[tuple[str, ...], ...] = (("endorsement",), ("own_trust",), BUYING_MECHANISMS)


@dataclass(frozen=True)
class Part:
    """One part of the gap, in orders per visit, with its interval."""

    name: str
    label: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True)
class Decomposition:
    """The gap in conversion between two arms and its parts, which sum to it.

    `measure` is conversion of the days of which claims take it.
    """

    measure: str
    arm: str
    against: str
    gap: Part
    parts: list[Part]

    def as_dict(self) -> dict[str, Any]:
        """Nested plain values, as they stand in claims.json."""
        return asdict(self)


def decomposition_probes(scenario: Scenario) -> list[Probe]:
    """Probes that the decomposition needs: none unless both roles are there."""
    pair = compared_arms(scenario)
    probes = [
        Probe(arm.name, effective(scenario, arm, without)) for arm in pair or () for without in COALITIONS
    ]
    return list(dict.fromkeys(probe for probe in probes if probe.without))


def compared_arms(scenario: Scenario) -> tuple[Arm, Arm] | None:
    """The decentralised and the centralised arm, if the scenario has both."""
    arm, against = scenario.arm("decentralised"), scenario.arm("centralised")
    return (arm, against) if arm and against else None


def decompose(scenario: Scenario, runs: pd.DataFrame) -> Decomposition | None:
    """Split the gap in conversion between the decentralised and the centralised arm."""
    pair = compared_arms(scenario)
    if pair is None:
        return None
    measure = as_claimed(scenario, MEASURE, runs.columns)
    values = [_coalition_values(scenario, arm, runs, measure) for arm in pair]
    shapley = [_shapley(table) for table in values]
    parts = [
        _part(name, MECHANISM_LABELS[name], shapley[0][name] - shapley[1][name], GAP.for_differences)
        for name in BUYING_MECHANISMS
    ]
    bare = [table[frozenset(BUYING_MECHANISMS)] for table in values]
    parts.append(_part("selection", "who arrives where", bare[0] - bare[1]))
    full = [table[frozenset()] for table in values]
    probed = np.isfinite(bare[0] - bare[1])  # so that the parts add up to the gap
    gap = _part("gap", "the whole gap", np.where(probed, full[0] - full[1], np.nan))
    return Decomposition(measure, pair[0].name, pair[1].name, gap, parts)


def _coalition_values(
    scenario: Scenario, arm: Arm, runs: pd.DataFrame, measure: str
) -> dict[frozenset[str], np.ndarray]:
    """A measure by replication for each set of mechanisms switched off."""
    return {
        frozenset(without): replicate_values(
            runs, Probe(arm.name, effective(scenario, arm, without)).name, measure
        )
        for without in ((), *COALITIONS)
    }


def _shapley(values: dict[frozenset[str], np.ndarray]) -> dict[str, np.ndarray]:
    """Shapley value of each mechanism: its mean marginal effect over orders of switching off."""
    orders = list(permutations(BUYING_MECHANISMS))
    shares: dict[str, np.ndarray] = {}
    for order in orders:
        off: frozenset[str] = frozenset()
        for name in order:
            effect = values[off] - values[off | {name}]
            shares[name] = shares.get(name, 0.0) + effect / len(orders)
            off = off | {name}
    return shares


def _part(name: str, label: str, values: np.ndarray, bounds: Bounds = GAP) -> Part:
    found = within(estimate(values), bounds)
    return Part(name, label, found.mean, found.low, found.high)


@dataclass(frozen=True)
class Contribution:
    """What a measure of an arm loses when a mechanism is switched off, relative to its value."""

    arm: str
    mechanism: str
    label: str
    measure: str
    effect: float
    low: float
    high: float


AT_MOST_ALL = Bounds(-math.inf, 1.0)
"""What is lost can be: no more than there is, as no measure below is ever negative."""

CONTRIBUTION_MEASURES = (
    "conversion_rate",
    "gmv",
    "visits",
    "outside_share",
    "fan_half_life_days",
    "audience_gini",
)


def contribution_probes(scenario: Scenario) -> list[Probe]:
    """Probes that show each mechanism's contribution in the decentralised arm."""
    pair = compared_arms(scenario)
    if pair is None:
        return []
    names = [
        name
        for name in ("endorsement", "own_trust", "sharing")
        if carries_links(pair[0]) or name == "own_trust"
    ]
    return [Probe(pair[0].name, (name,)) for name in names]


def _lost(without: np.ndarray, whole: np.ndarray) -> Estimate:
    """One less the ratio of the mean without to that with, and its interval."""
    left = ratio_estimate(without, whole)
    return Estimate(-left.mean, -left.high, -left.low, left.replications)


def contributions(scenario: Scenario, runs: pd.DataFrame) -> list[Contribution]:
    """Share of each measure that goes when a mechanism goes: one less the ratio of means without and with.

    Of the days of which claims take a measure.

    Missing where the measure cannot be told from zero: see `why_no_ratio`.
    """
    found = []
    measures = [as_claimed(scenario, measure, runs.columns) for measure in CONTRIBUTION_MEASURES]
    for probe in contribution_probes(scenario):
        for measure in measures:
            whole = replicate_values(runs, probe.base, measure)
            without = replicate_values(runs, probe.name, measure)
            share = within(_lost(without, whole), AT_MOST_ALL)
            mechanism = probe.without[0]
            found.append(
                Contribution(
                    probe.base,
                    mechanism,
                    MECHANISM_LABELS[mechanism],
                    measure,
                    share.mean,
                    share.low,
                    share.high,
                )
            )
    return found
