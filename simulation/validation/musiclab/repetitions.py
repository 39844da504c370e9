"""MusicLab over and over: its orderings, and how closely success follows quality.

Each repetition has its own songs, participants and luck, so that differences have intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...measures.registry import FRACTION
from ...runs.comparison import Estimate, estimate, within
from ...scenario.scenario import Scenario
from .experiment import (
    ALONE,
    CONDITIONS,
    COUNTS_IN_GRID,
    INDEPENDENT,
    INDEPENDENT_IN_COLUMN,
    RANKED_BY_COUNTS,
    Experiment,
    MusicLab,
    run_musiclab,
)
from .statistics import BOUNDS, beyond_the_median, extremes, rank_correlation, top_retained

STATISTICS = ("gini", "unpredictability")
EXPECTED = (
    (INDEPENDENT, COUNTS_IN_GRID),
    (INDEPENDENT_IN_COLUMN, RANKED_BY_COUNTS),
    (COUNTS_IN_GRID, RANKED_BY_COUNTS),
    (INDEPENDENT, RANKED_BY_COUNTS),
)
"""Pairs of which the paper finds the second higher in both statistics."""
EXTREME = 0.1
"""Share of songs that count as the best, and as the worst."""


@dataclass(frozen=True)
class QualityAndSuccess:
    """How closely success follows quality in one condition.

    Attributes
    ----------
    best_below_median : float
        Of the best tenth of songs by independent share, how often one ends below the median, 0..1.
    worst_above_median : float
        Of the worst tenth, how often one ends above the median, 0..1.
    top_five_kept : float
        Of the best five songs, the share that end among the five most successful, 0..1.
    rank_correlation : float
        Spearman correlation of success and independent share, mean over worlds.
    """

    condition: str
    best_below_median: float
    worst_above_median: float
    top_five_kept: float
    rank_correlation: float

    @property
    def sentence(self) -> str:
        """The finding in words."""
        return (
            f"Of the best tenth of songs {self.best_below_median:.0%} ended below the median, of the "
            f"worst tenth {self.worst_above_median:.0%} above it."
        )


@dataclass(frozen=True)
class Ordering:
    """Whether a statistic is lower in one condition than in another.

    Attributes
    ----------
    difference : Estimate
        Of `higher` minus `lower`, paired by repetition.
    """

    statistic: str
    lower: str
    higher: str
    difference: Estimate

    @property
    def holds(self) -> bool:
        """Whether the whole interval lies above zero."""
        return bool(self.difference.low > 0)


def repeat_musiclab(
    scenario: Scenario, repetitions: int, seed: int, experiment: Experiment | None = None
) -> pd.DataFrame:
    """Run the experiment many times, with new songs, participants and luck each time.

    Returns
    -------
    DataFrame
        One row per repetition and condition: condition, repetition, gini, unpredictability,
        listens_per_person, downloads_per_person, and, where counts are shown, best_below_median,
        worst_above_median, top_five_kept, rank_correlation (else missing).
    """
    rows = []
    for repetition in range(repetitions):
        lab = run_musiclab(scenario, seed, experiment, repetition)
        followed = {entry.condition: entry for entry in quality_and_success(lab)}
        for name, found in lab.conditions.items():
            row = {
                "condition": name,
                "repetition": repetition,
                "gini": found.gini,
                "unpredictability": found.unpredictability,
                "listens_per_person": found.listens_per_person,
                "downloads_per_person": found.downloads_per_person,
            }
            rows.append(row | (vars(followed[name]) if name in followed else {}))
    return pd.DataFrame(rows)


def summary(frame: pd.DataFrame, statistic: str) -> dict[str, Estimate]:
    """Mean and 95% interval over repetitions, by condition."""
    values = {name: frame.loc[frame["condition"] == name, statistic] for name in CONDITIONS}
    bounds = BOUNDS.get(statistic, FRACTION)
    return {name: within(estimate(found.to_numpy(float)), bounds) for name, found in values.items()}


def orderings(frame: pd.DataFrame) -> list[Ordering]:
    """The paper's orderings of both statistics, in the frame of `repeat_musiclab`.

    Counts against none in a grid and in a column, a ranked column against a grid of counts, and the
    two ends; differences are paired by repetition.
    """
    found = []
    for statistic in STATISTICS:
        table = frame.pivot(index="repetition", columns="condition", values=statistic)
        for lower, higher in EXPECTED:
            difference = (table[higher] - table[lower]).to_numpy(float)
            apart = within(estimate(difference), FRACTION.for_differences)
            found.append(Ordering(statistic, lower, higher, apart))
    return found


def quality_and_success(musiclab: MusicLab) -> list[QualityAndSuccess]:
    """Do the best songs rarely do badly and the worst rarely well? One entry per condition with counts."""
    found = []
    for name, alone in ALONE.items():
        shares, quality = musiclab.conditions[name].shares, musiclab.conditions[alone].shares[0]
        found.append(
            QualityAndSuccess(
                name,
                beyond_the_median(shares, extremes(quality, EXTREME, best=True), below=True),
                beyond_the_median(shares, extremes(quality, EXTREME, best=False), below=False),
                top_retained(shares, quality),
                rank_correlation(shares, quality),
            )
        )
    return found
