"""Everything that is asked of a sweep for its page: the claims, and a handful of outcomes."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from ...claims.catalogue import scenario_readings
from ...errors import AnalysisError
from ...languages.speaking import sentence
from ...storage.plain_values import plain_values
from ..results import SweepResults
from .beyond_luck import weighed
from .effects import convergence, partial_dependence, worlds_for
from .sensitivity import indices, leading_index
from .verdicts import ClaimOverPoints, FailureBox, FlipMap, failure_box, verdict_flip_map, verdicts, why_not

KEY_MEASURES = (
    "conversion_rate",
    "fan_half_life_days",
    "top1_audience_share",
    "newcomer_first_week_visits",
    "merchant_survival_90d",
    "gmv",
)
"""Outcomes whose causes are asked for: buying, loyalty, concentration, newcomers, survival, sales."""
COUNTERPARTS = ("decentralised", "centralised")


@dataclass(frozen=True)
class OutcomeFindings:
    """One outcome and what moves it; `reason` says why there is nothing to say of it."""

    measure: str
    arm: str
    against: str | None
    mean: float
    indices: pd.DataFrame | None
    dependence: pd.DataFrame | None
    convergence: pd.DataFrame | None
    reason: str = ""


@dataclass(frozen=True)
class Worlds:
    """How many worlds a point would need for an interval as wide as a test's margin."""

    claim_id: str
    measure: str
    margin: float
    relative: bool
    worlds: int | None


@dataclass(frozen=True)
class SweepFindings:
    """What the page tells.

    `weighed` says of a list of points, by claim, in what share of them it holds with luck averaged out
    (`beyond_luck.weighed`); of points over ranges, whose spread nobody asks for, nothing.
    """

    results: SweepResults
    outcomes: list[OutcomeFindings]
    claims: list[ClaimOverPoints]
    boxes: list[FailureBox]
    maps: list[FlipMap]
    worlds: list[Worlds]
    untested: dict[str, str]
    weighed: dict[str, dict[str, Any]] = field(default_factory=dict)

    def as_table(self) -> dict[str, Any]:
        """Nested plain values, as they stand in analysis.json."""
        sweep = self.results.sweep
        return plain_values(
            {
                "scenario": self.results.scenario.name,
                "design": sweep.design,
                "points": len(self.results.points),
                "replications": sweep.replications,
                "factors": [factor.model_dump(mode="json") for factor in self.results.factors],
                "claims": [_claim_table(claim, self.weighed.get(claim.claim.id)) for claim in self.claims],
                "not_tested": self.untested,
                "failure_boxes": [asdict(box) for box in self.boxes],
                "flip_maps": [
                    {
                        "claim_id": entry.claim_id,
                        "factor_x": entry.factor_x,
                        "factor_y": entry.factor_y,
                        "points": entry.points,
                    }
                    for entry in self.maps
                ],
                "outcomes": [
                    {name: getattr(outcome, name) for name in OutcomeFindings.__dataclass_fields__}
                    for outcome in self.outcomes
                ],
                "worlds_needed": [asdict(entry) for entry in self.worlds],
                "incomplete_points": self.results.incomplete,
                "failures": self.results.failures.drop(columns=["trace", "said"], errors="ignore"),
            }
        )


def collect_findings(results: SweepResults) -> SweepFindings:
    """Ask everything."""
    claims = verdicts(results)
    untested = {
        claim.id: reason
        for claim in scenario_readings(results.scenario)
        if (reason := why_not(claim, results))
    }
    return SweepFindings(
        results,
        [outcome_drivers(results, *wanted) for wanted in key_outcomes(results)],
        claims,
        [failure_box(results, claim.claim.id) for claim in claims],
        [verdict_flip_map(results, claim) for claim in claims] if results.factors else [],
        [entry for claim in claims for entry in worlds_needed(claim)],
        untested,
        {} if results.design.samples else {each.claim.id: weighed(each, results.points) for each in claims},
    )


def key_outcomes(results: SweepResults) -> list[tuple[str, str, str | None]]:
    """Measures and the two arms compared: of the two kinds the claims speak of, else the first two."""
    arms = [results.scenario.arm(role) for role in COUNTERPARTS]
    names = [arm.name for arm in arms if arm is not None]
    if len(names) < 2:
        every = [arm.name for arm in results.scenario.arms]
        names = [every[1], every[0]] if len(every) > 1 else every
    against = names[1] if len(names) > 1 else None
    measures = [name for name in KEY_MEASURES if name in results.measures] or results.measures[:6]
    return [(measure, names[0], against) for measure in measures]


def outcome_drivers(results: SweepResults, measure: str, arm: str, against: str | None) -> OutcomeFindings:
    """What moves one outcome, as far as the sweep can tell."""
    values = results.outcomes(measure, arm, against)
    if values.empty or not results.factors:
        return OutcomeFindings(
            measure, arm, against, math.nan, None, None, None, sentence("It has no value at any point.")
        )
    dependence = partial_dependence(results, measure, arm, against)
    mean = float(values.mean())
    try:
        table = indices(results, measure, arm, against)
        top = str(table[leading_index(table)].idxmax())
        grown = convergence(results, measure, arm, against, top, table)
    except AnalysisError as error:
        first = error.problems[0]
        reason = sentence(
            "{key}: {found}; needed: {allowed}.", key=first.key, found=first.found, allowed=first.allowed
        )
        return OutcomeFindings(measure, arm, against, mean, None, dependence, None, reason)
    return OutcomeFindings(measure, arm, against, mean, table, dependence, grown)


def worlds_needed(claim: ClaimOverPoints) -> list[Worlds]:
    """Worlds that a point needs for each test with a margin."""
    return [
        Worlds(claim.claim.id, test.measure, test.margin, test.relative, worlds_for(effect, test.margin))
        for test, effect in zip(claim.claim.tests, claim.effects, strict=True)
        if test.margin > 0
    ]


def _claim_table(claim: ClaimOverPoints, beyond: dict[str, Any] | None) -> dict[str, Any]:
    held = {"holds_luck_averaged_out": beyond["holds"]} if beyond else {}
    return {
        "id": claim.claim.id,
        "title": claim.claim.title,
        "shares": {name: asdict(share) for name, share in claim.shares.items()},
        **held,
        "status": {str(point): status for point, status in claim.status.items()},
    }
