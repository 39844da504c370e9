"""Scale: whether what is measured in a small world would be so in a larger one.

The same scenario is run with more and more viewers, merchants in proportion and as many persons to a
viewer, so that only the extent of the world changes. A measure that does not care is *stable*; of one
that does, the trend is measured. What is said of 10^8 users rests on these trends, not on hope.

What the world's extent does change, by construction:

* the largest of many is larger than the largest of few: measures of one merchant or one stream speak of a
  narrower selection in a larger world;
* starting private domains, drawn in persons, never exceed a share of all viewers, which binds in small
  worlds only;
* a world of fewer than three arcs of tastes (`state.niches`) has friends and rooms nearer to one another
  in taste than a larger one.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import AnalysisError, Problem, Remedy, nearest
from ..languages.speaking import sentence
from ..measures import MEASURES, Outcome, measure_all
from ..measures.registry import LARGEST as OF_THE_LARGEST
from ..measures.registry import PER_MERCHANT, PER_PERSON
from ..runs.bounds import base_measure, is_signed, measure_unit
from ..runs.execution import Report, run_world
from ..runs.probes import planned_arms
from ..scenario.reading.read import changed_scenario
from ..scenario.scenario import Scenario
from ..storage.files import read_csv, write_csv
from ..warm_up.beginning import warm_cast
from .trends import fit_trend, followed, interval_ends, quotient, why_unforeseen

SIZES = ((5_000, 8), (20_000, 4), (100_000, 2), (1_000_000, 1))
"""Viewers, and worlds of that size: small worlds differ more from one another."""
LARGEST = "largest_stream_audience"
WORLD = ("viewers", "persons", "merchants", "replicate", "arm")
"""Columns that say which world a row is of; all others are measures."""
TOTALS = {
    name: entry.scales for name, entry in MEASURES.items() if entry.scales in (PER_PERSON, PER_MERCHANT)
}
"""Measures that are sums over the whole world, and by what they are divided to compare worlds."""
POWER_LAWS = (LARGEST, *(name for name, entry in MEASURES.items() if entry.scales == OF_THE_LARGEST))
"""Measures of the largest of all, which follow powers of the number of those it is the largest of."""
STRAIGHT, POWER = "straight", "power"
STABLE, DRIFTS, CANNOT_TELL = "stable", "drifts", "cannot tell"
MARGIN = 0.05
"""Relative change per factor of ten of viewers up to which a measure counts as stable."""


def largest_stream_audience(outcome: Outcome) -> float:
    """Visits to the most visited stream (a store's day) of the run, in persons; 0 without visits."""
    return outcome.persons(float(outcome.journal.visits.max(initial=0)))


def resized_scenario(scenario: Scenario, viewers: int) -> Scenario:
    """The scenario with `viewers` viewers, and merchants and isolated viewers in proportion."""
    times = viewers / scenario.world.viewers
    changes = {
        f"world.{name}": round(getattr(scenario.world, name) * times)
        for name in ("viewers", "merchants", "isolated_viewers")
    }
    return changed_scenario(scenario, changes, "scale")


def measure_scale(
    scenario: Scenario,
    sizes: Sequence[tuple[int, int]] = SIZES,
    threads: int = 1,
    report: Report | None = None,
) -> pd.DataFrame:
    """Run every arm in worlds of several sizes.

    One world is in memory at a time: 0.62 GB for 400,000 viewers and 60 days, growing by 0.63 GB a million.

    Parameters
    ----------
    scenario : Scenario
        Its ratio of merchants to viewers, days and arms are kept.
    sizes : sequence of (int, int)
        Viewers, and how many worlds of that size.
    threads : int
        Threads of each world; results do not depend on it.
    report : callable, optional
        Told the share of work done, by viewer-days.

    Returns
    -------
    DataFrame
        One row per world and arm: the columns `WORLD`, then all measures with their names in runs.parquet,
        and `largest_stream_audience`. No two sizes share a replicate, so that worlds of different size
        have nothing in common but the rules.

    Raises
    ------
    AnalysisError
        If a size is not allowed.
    """
    sized = [resized_scenario(scenario, viewers) for viewers, _ in sizes]
    day = 1.0 / (len(scenario.arms) * scenario.world.days * sum(viewers * many for viewers, many in sizes))
    done, rows, replicate = 0.0, [], 0
    for world, (viewers, many) in zip(sized, sizes, strict=True):

        def day_done(step: float = viewers * day) -> None:
            nonlocal done
            done += step
            if report:
                report(min(done, 1.0))

        for _ in range(many):
            rows += _rows_of(world, replicate, threads, day_done)
            replicate += 1
            gc.collect()
    return pd.DataFrame(rows)


def _rows_of(
    scenario: Scenario, replicate: int, threads: int, day_done: Callable[[], None]
) -> list[dict[str, Any]]:
    """Measures of each arm of one world, arms one after another."""
    plan, cast, world = planned_arms(scenario, []), warm_cast(scenario, replicate), scenario.world
    rows = []
    for arm in scenario.arms:
        persons = world.viewers * world.people_per_viewer
        which = (world.viewers, persons, world.merchants, replicate, arm.name)
        outcome = run_world(plan, arm, cast, threads, day_done)
        rows.append(
            dict(zip(WORLD, which, strict=True))
            | {LARGEST: largest_stream_audience(outcome)}
            | measure_all(outcome)
        )
        # Models hold on to themselves in cycles: without this two large ones would be in memory.
        del outcome
        gc.collect()
    return rows


def write_scale(frame: pd.DataFrame, path: Path) -> None:
    """Write what `measure_scale` found as CSV, values with six significant digits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, frame, digits=6)


def read_scale(path: Path) -> pd.DataFrame:
    """Read what `write_scale` wrote; AnalysisError if it cannot be read or is another table."""
    return read_csv(path, WORLD, Remedy("measure_scale"), texts=("arm",))


def drift(frame: pd.DataFrame, arm: str) -> pd.DataFrame:
    """How each measure of a frame from `measure_scale` changes with the world's size, in one arm.

    Returns
    -------
    DataFrame
        One row per measure that has a value; missing numbers where there are too few worlds.

        * ``measure``; ``per``: ``persons`` or ``merchants`` if a total was divided by these; ``worlds``
          and ``sizes`` with a value; ``at_5000``, ...: mean at each size.
        * ``law``: ``straight`` over log10 of size, or ``power`` (straight on both logarithms).
        * ``slope``, ``slope_low``, ``slope_high``: change per factor of ten of viewers with its 95%
          interval (`fit_trend`), in the measure's unit; of power laws ``exponent`` and so on instead.
        * ``relative``, ``relative_low``, ``relative_high``: the same as a share:
          ``slope / mean of the means`` (none if the measure can be negative), or ``10^exponent - 1``;
          ``last_step`` and so on likewise, between the two largest sizes.
        * ``verdict``: ``stable`` if the relative interval lies within `MARGIN`, ``drifts`` if wholly
          beyond, else ``cannot tell``. Where the line is ``bent`` (`fit_trend`), ``stable`` if every step
          between sizes is, ``drifts`` if any does. ``trend``: the `Trend`, for `foreseen`.

    Raises
    ------
    AnalysisError
        If there is no such arm.
    """
    rows = frame[frame["arm"] == arm]
    if rows.empty:
        arms = [str(name) for name in frame["arm"].unique()]
        raise AnalysisError(
            "scale",
            [Problem("arm", sentence("'{arm}'{near}", arm=arm, near=nearest(arm, arms)), ", ".join(arms))],
        )
    names = [str(name) for name in frame if name not in WORLD]
    return pd.DataFrame([_drift_of(rows, name) for name in names if rows[name].notna().any()])


def comparable(rows: pd.DataFrame, measure: str) -> tuple[pd.Series, str]:
    """Values by which worlds of different size can be compared, and what they were divided by.

    Totals (`TOTALS`, also of one channel, archetype or platform) are divided by persons or merchants.
    """
    per = TOTALS.get(base_measure(measure), "")
    values = rows[measure].astype(float)
    return (values / rows[per] if per else values), per


def _drift_of(rows: pd.DataFrame, measure: str) -> dict[str, Any]:
    values, per = comparable(rows, measure)
    law = POWER if measure in POWER_LAWS else STRAIGHT
    known = values.notna()
    values, persons = values[known], rows.loc[known, "persons"].to_numpy(float)
    means = values.groupby(rows.loc[known, "viewers"]).mean()
    found = {"measure": measure, "per": per, "law": law, "worlds": len(values), "sizes": len(means)}
    found |= {f"at_{viewers}": means.get(viewers, math.nan) for viewers in np.unique(rows["viewers"])}
    for name in ("slope", "exponent", "relative", "last_step"):
        found |= _named(name, [math.nan] * 3)
    if len(means) < 2 or (law == POWER and (values <= 0).any()):
        return found | {"bent": False, "verdict": CANNOT_TELL, "trend": None}
    trend = fit_trend(np.log10(persons), np.asarray(np.log10(values) if law == POWER else values))
    mean = math.nan if is_signed(measure) else float(means.mean())

    def relative(slope: float, half: float) -> list[float]:
        return [
            10.0**end - 1.0 if law == POWER else quotient(end, mean) for end in interval_ends(slope, half)
        ]

    line, last = (trend.slope, trend.slope_half), (float(trend.steps[-1]), float(trend.step_halves[-1]))
    found |= _named("exponent" if law == POWER else "slope", interval_ends(*line))
    found |= _named("relative", relative(*line)) | _named("last_step", relative(*last))
    steps = zip(trend.steps, trend.step_halves, strict=True) if trend.bent else [line]
    verdicts = {classified(*relative(*step)[1:]) for step in steps}
    verdict = DRIFTS if DRIFTS in verdicts else CANNOT_TELL if CANNOT_TELL in verdicts else STABLE
    return found | {"bent": trend.bent, "verdict": verdict, "trend": trend}


def _named(name: str, ends: list[float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))


def classified(low: float, high: float) -> str:
    """Verdict on an interval of relative change per factor of ten; see `drift`."""
    if low >= -MARGIN and high <= MARGIN:
        return STABLE
    return DRIFTS if low > MARGIN or high < -MARGIN else CANNOT_TELL


def foreseen(drift: pd.DataFrame, persons: float = 1e8) -> pd.DataFrame:
    """What the trends come to in a world of `persons` persons.

    A straight line is followed: ``level + slope d``, half-width ``sqrt(level_half^2 + (slope_half d)^2)``,
    with d the factors of ten from its centre. Of a bent one the last step is followed from the largest
    size, and the interval also holds that nothing changes any more. Power laws on the logarithm.

    Parameters
    ----------
    drift : DataFrame
        Of the function `drift`.
    persons : float
        Size of the world.

    Returns
    -------
    DataFrame
        One row per measure: ``measure``, ``per``, ``value``, ``low``, ``high``; and ``why`` there is none:
        fewer than `LEAST_SIZES` sizes, no interval, a world more than `FARTHEST` times the largest, a
        bent line whose last step is the steeper one, or an interval beyond what the measure can be.
    """
    return pd.DataFrame([_foreseen_of(row, math.log10(persons)) for row in drift.to_dict("records")])


def _foreseen_of(row: dict[Any, Any], x: float) -> dict[str, Any]:
    why, ends = why_unforeseen(row["trend"], row["sizes"], x), [math.nan] * 3
    if not why:
        ends = followed(row["trend"], x)
        ends = [10.0**end for end in ends] if row["law"] == POWER else ends
        if measure_unit(row["measure"]) in ("share", "Gini") and not 0 <= ends[1] <= ends[2] <= 1:
            why, ends = "the trend leads beyond 0 to 1", [math.nan] * 3
    return {
        "measure": row["measure"],
        "per": row["per"],
        **dict(zip(("value", "low", "high"), ends, strict=True)),
        "why": why,
    }
