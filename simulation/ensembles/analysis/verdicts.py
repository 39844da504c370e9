"""Claims over a sweep: where each holds, on what share of the points, and what marks where it fails."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ...claims.catalogue import scenario_readings, why_not_tested, windows_wanted
from ...claims.effects import effect_from
from ...claims.kind import Reads
from ...claims.verdict import Status, overall, weigh
from ...errors import AnalysisError, Problem, nearest
from ...languages.speaking import either, sentence
from ...runs.comparison import Estimate, wilson_ends
from ...runs.probes import probes_asked
from ...scenario.sections.claim import TESTS, Claim
from ..claim_worlds import SweepOutcomes, needed_columns
from ..results import SweepResults
from .prim import Box, Extent, Prim
from .sensitivity import outcome_ranking

STATUSES: tuple[Status, ...] = ("supported", "undecided", "contradicted")
FEWEST_POINTS, FEWEST_FAILURES = 20, 5
CHANCE = 0.05


@dataclass(frozen=True)
class ClaimShare:
    """A share of points with its 95% interval (Wilson)."""

    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class ClaimOverPoints:
    """One claim, or one of its readings, at every point.

    Attributes
    ----------
    status : Series
        By point, where the claim could be weighed.
    shares : dict of str to Share
        By status.
    effects : list of DataFrame
        Of each test, the effect by point and replicate.
    estimates : list of dict of int to Estimate
        Of each test, the mean effect and its interval by point, where the claim could be weighed.
    """

    claim: Claim
    status: pd.Series
    shares: dict[str, ClaimShare]
    effects: list[pd.DataFrame]
    estimates: list[dict[int, Estimate]] = field(default_factory=list)


@dataclass(frozen=True)
class Limit:
    """A factor's part of a box: a range or choices, and the chance of such a limit without cause."""

    key: str
    low: float | None
    high: float | None
    choices: list[object] | None
    chance: float | None


@dataclass(frozen=True)
class FailureBox:
    """Where a claim fails.

    `coverage` is the share of failing points that lie in the box, `density` the share of points in the
    box that fail. Without `limits` there is no box; `reason` says why.
    """

    claim_id: str
    points: int
    failing: int
    limits: list[Limit] = field(default_factory=list)
    coverage: float = math.nan
    density: float = math.nan
    reason: str = ""


@dataclass(frozen=True)
class FlipMap:
    """Status over two factors; `points` has columns x, y, status. `factor_y` is "" if there is one."""

    claim_id: str
    factor_x: str
    factor_y: str
    points: pd.DataFrame


def wilson(count: int, total: int, independent: int | None = None) -> ClaimShare:
    """A share with Wilson's interval.

    Parameters
    ----------
    count, total : int
        A number out of a number.
    independent : int, optional
        How many of the total are as good as independent, if not all.
    """
    share = count / total
    return ClaimShare(count, share, *wilson_ends(share, independent or total))


def why_not(claim: Claim, results: SweepResults) -> str:
    """Why a claim with one reading cannot be weighed over a sweep; empty if it can."""
    reason = why_not_tested(results.scenario, claim)
    if reason:
        return reason
    more = bool(probes_asked(results.scenario, [claim]) or windows_wanted([claim])) or any(
        TESTS[test.kind].reads is not Reads.RUNS for test in claim.tests
    )
    if more and not results.sweep.all_claims:
        return sentence(
            "its tests need more than the measures of whole runs, which is all that this sweep kept; "
            "sweep with sweep.all_claims = true"
        )
    worlds = set(results.data["arm"])
    absent = [probe.name for probe in probes_asked(results.scenario, [claim]) if probe.name not in worlds]
    if absent:
        return sentence("the sweep has not run {absent}", absent=either(absent))
    needed = [name for test in claim.tests for name in needed_columns(test)]
    unknown = [name for name in needed if name not in results.measures]
    return sentence("the sweep has no measure {unknown}", unknown=either(unknown)) if unknown else ""


def verdicts(results: SweepResults) -> list[ClaimOverPoints]:
    """Status of every reading of a claim that can be weighed, point by point."""
    return [
        claim_over_points(claim, results)
        for claim in scenario_readings(results.scenario)
        if not why_not(claim, results)
    ]


def find_verdict(results: SweepResults, claim_id: str) -> ClaimOverPoints:
    """One of `verdicts`, by the claim's id, with that of the reading if it has several."""
    claims = {claim.id: claim for claim in scenario_readings(results.scenario)}
    if claim_id not in claims or why_not(claims[claim_id], results):
        usable = [name for name, claim in claims.items() if not why_not(claim, results)]
        reason = why_not(claims[claim_id], results) if claim_id in claims else "no such claim"
        raise AnalysisError(
            results.source,
            [
                Problem(
                    claim_id,
                    reason + nearest(claim_id, usable),
                    sentence("one of {usable}", usable=", ".join(usable) or sentence("(none)")),
                )
            ],
        )
    return claim_over_points(claims[claim_id], results)


def claim_over_points(claim: Claim, results: SweepResults) -> ClaimOverPoints:
    """Weigh one claim at every point that has a run."""
    outcomes = SweepOutcomes(results)
    found = [effect_from(test, results.scenario, outcomes) for test in claim.tests]
    worlds = range(results.sweep.most_replications)
    effects = [pd.DataFrame(effect.values, results.points.index, worlds) for effect in found]
    rows = np.flatnonzero(results.points.index.isin(results.data["point"]))
    ran = results.points.index[rows]
    estimates = [
        {point: effect.estimate(row) for point, row in zip(ran, rows.tolist(), strict=True)}
        for effect in found
    ]
    status = pd.Series(
        {
            point: overall(
                [weigh(there[point], test)[0] for there, test in zip(estimates, claim.tests, strict=True)],
                claim.lacks,
            )
            for point in ran
        },
        name="status",
    ).rename_axis("point")
    independent = independent_points(results, status.index)
    shares: dict[str, ClaimShare] = {
        name: wilson(int((status == name).sum()), len(status), independent) for name in STATUSES
    }
    return ClaimOverPoints(claim, status, shares, effects, estimates)


def independent_points(results: SweepResults, points: pd.Index) -> int:
    """How many points are as good as independent.

    Of Saltelli's groups, which share coordinates, two each; of points of which some are the same, as
    plausible worlds drawn by their weights are, ``n^2 / sum c^2`` for those that occur c times (Kish).
    """
    if results.is_sobol:
        return min(len(points), 2 * len(set(results.groups(points))))
    copies = results.points.loc[points].value_counts(dropna=False)
    return round(len(points) ** 2 / float((copies**2).sum()))


def failure_box(results: SweepResults, claim_id: str) -> FailureBox:
    """A box of factor values in which the claim is not supported, by PRIM (Friedman and Fisher 1999).

    Of the boxes on the way from all points to the densest, that with the best balance of coverage and
    density (their harmonic mean); limits that chance alone would often give are dropped.
    """
    status = find_verdict(results, claim_id).status
    fails = (status != "supported").to_numpy()
    about = claim_id, len(fails), int(fails.sum())
    if fails.all():
        return FailureBox(*about, reason=sentence("It fails at every point."))
    if not fails.any():
        return FailureBox(*about, reason=sentence("It holds at every point."))
    if len(fails) < FEWEST_POINTS or not FEWEST_FAILURES <= fails.sum() <= len(fails) - FEWEST_FAILURES:
        return FailureBox(
            *about,
            reason=(
                sentence(
                    "It fails at {fails} of {count} points: too few points of one kind to mark off a "
                    "region (at least {fewest_failures} of each kind and {fewest_points} in all).",
                    fails=fails.sum(),
                    count=len(fails),
                    fewest_failures=FEWEST_FAILURES,
                    fewest_points=FEWEST_POINTS,
                )
            ),
        )
    limits, coverage, density = _limits(results, status.index, fails)
    if not limits:
        return FailureBox(*about, reason=sentence("No range of the factors marks off where it fails."))
    return FailureBox(*about, limits, coverage, density)


def _limits(results: SweepResults, points: pd.Index, fails: np.ndarray) -> tuple[list[Limit], float, float]:
    """Limits, coverage and density of the box; no limits where none marks anything off."""
    table = results.points.loc[points].reset_index(drop=True)
    prim = Prim(
        pd.DataFrame(
            {
                factor.key: table[factor.key].map(str).astype(object)
                if factor.choices
                else table[factor.key].astype(float)
                for factor in results.factors
            }
        ),
        fails,
    )
    box = max(prim.trajectory(), key=_balance)
    while chances := {key: prim.chance(box, key) for key in prim.restricted(box)}:
        least_sure = max(chances, key=lambda key: chances[key])
        if chances[least_sure] <= CHANCE:
            break
        box = prim.without_limit(box, least_sure)
    limits = [
        _limit(results, key, box.extents[key], table[key], prim.chance(box, key))
        for key in prim.restricted(box)
    ]
    return limits, box.coverage, box.density


def _balance(box: Box) -> float:
    """Harmonic mean of coverage and density."""
    return 2 * box.coverage * box.density / max(box.coverage + box.density, 1e-12)


def _limit(results: SweepResults, key: str, extent: Extent, values: pd.Series, chance: float) -> Limit:
    factor = results.factor(key)
    if isinstance(extent, frozenset):
        return Limit(key, None, None, [value for value in factor.choices if str(value) in extent], chance)
    low, high = extent
    return Limit(
        key, low if low > values.min() else None, high if high < values.max() else None, None, chance
    )


def flip_map(
    results: SweepResults, claim_id: str, factor_x: str | None = None, factor_y: str | None = None
) -> FlipMap:
    """Status at each point over two factors, by default those that move the claim's first effect most."""
    return verdict_flip_map(results, find_verdict(results, claim_id), factor_x, factor_y)


def verdict_flip_map(
    results: SweepResults, verdict: ClaimOverPoints, factor_x: str | None = None, factor_y: str | None = None
) -> FlipMap:
    """As `flip_map`, of a claim that has been weighed."""
    effect = verdict.effects[0].mean(axis=1)
    order = [] if factor_x and factor_y else outcome_ranking(results, effect.dropna(), verdict.claim.id)
    free = iter([key for key in order if key not in (factor_x, factor_y)])
    across = factor_x or next(free, "")
    up = factor_y or next(free, "")
    table = pd.DataFrame({"x": results.points[results.factor(across).key]})
    table["y"] = results.points[results.factor(up).key] if up else effect
    table["status"] = verdict.status
    return FlipMap(verdict.claim.id, across, up, table.dropna(subset="status"))
