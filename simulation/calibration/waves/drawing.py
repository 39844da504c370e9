"""Where a wave's points lie: evenly at first, then in proportion to the chance that they are plausible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from scipy.stats import qmc

from ...ensembles.sampling.factors import value_at
from ...errors import AnalysisError, Problem
from ...languages.speaking import sentence
from ...scenario.scenario import Scenario
from ...scenario.sections.sweep import Calibration, Sweep
from ..asked import calibration_settings, calibration_sweep, first_wave
from ..emulators.emulator import Foresees, chance_plausible

LOOKED_AT, AT_ONCE = 1_000_000, 20_000
"""Candidates that emulators look at between waves, and in one go."""
HELD = 0.95
"""Share of the plausible worlds foreseen that the next wave's region must hold."""
NEXT_TO_NONE = 1e-9


def evenly_drawn(scenario: Scenario) -> tuple[Sweep, float, pd.Series]:
    """The first wave: a sweep over the whole ranges, all of them left, and even weights."""
    first = first_wave(scenario)
    return first, 1.0, pd.Series(1.0, index=range(first.point_count))


def drawn_where_plausible(
    scenario: Scenario, emulators: Sequence[Foresees], number: int, points: int
) -> tuple[Sweep, float, pd.Series]:
    """A wave's points as a sweep, the share of the ranges that are not all but ruled out, and weights."""
    sweep, settings = calibration_sweep(scenario), calibration_settings(scenario)
    places, chance = foreseen_plausible(len(sweep.factors), emulators, settings, number)
    luck = np.random.default_rng(settings.seed + number)
    chosen = drawn_in_proportion(chance, luck)[:points]
    weights = pd.Series(prior_over_drawn(chance, chosen, LOOKED_AT))
    rows = {
        factor.key: value_at(factor, places[chosen, column]) for column, factor in enumerate(sweep.factors)
    }
    listed = {"design": "list", "rows": pd.DataFrame(rows).to_dict("records"), "csv": ""}
    return sweep.model_copy(update=listed), float(held(chance, HELD).sum() / LOOKED_AT), weights


def foreseen_plausible(
    factors: int, emulators: Sequence[Foresees], settings: Calibration, number: int
) -> tuple[np.ndarray, np.ndarray]:
    """Points spread evenly over the ranges that may be plausible, and the chance that each is.

    Returns
    -------
    positions : array, (points, factors)
        In the order in which they were drawn.
    chance : array, (points,)

    Raises
    ------
    AnalysisError
        If no plausible world is foreseen anywhere.
    """
    kept: list[np.ndarray] = []
    chances: list[np.ndarray] = []
    for positions in _candidates(factors, settings.seed + number):
        chance = chance_plausible(emulators, positions, settings.misses)
        some = chance > NEXT_TO_NONE
        kept.append(positions[some])
        chances.append(chance[some])
    places = np.concatenate(kept)
    if not len(places):
        raise no_world_within(settings.misses, LOOKED_AT)
    return places, np.concatenate(chances)


def no_world_within(misses: int, looked_at: int) -> AnalysisError:
    """That nothing is plausible, among so many that were looked at."""
    problem = Problem(
        "calibration.misses",
        sentence(
            "no world that misses at most {misses} facts, among {looked_at:,} looked at",
            misses=misses,
            looked_at=looked_at,
        ),
        "more misses, wider tolerances, or wider ranges of the factors",
    )
    return AnalysisError("calibration", [problem])


def drawn_in_proportion(chance: np.ndarray, luck: np.random.Generator) -> np.ndarray:
    """All numbers from 0 in the order in which they are drawn in proportion to their chances, none put back.

    The one whose exponential waiting time at a rate of its chance ends first is drawn first (Efraimidis and
    Spirakis 2006), so that those who want more go on where those who want fewer stopped.
    """
    return np.argsort(luck.exponential(size=len(chance)) / chance, kind="stable")


def prior_over_drawn(chance: np.ndarray, chosen: np.ndarray, looked_at: int) -> np.ndarray:
    """Weights of candidates drawn in proportion to their chances: ``sum(chance) / (looked_at chance)``.

    The prior is even over all that were looked at; those left out of `chance` have next to none.
    """
    return np.asarray(chance.sum() / (looked_at * chance[chosen]))


def held(chance: np.ndarray, share: float) -> np.ndarray:
    """Which points, those of the highest chances, hold `share` of all chance together, shape (n,)."""
    falling = np.sort(chance)[::-1]
    last = int(np.searchsorted(np.cumsum(falling), share * falling.sum()))
    return np.asarray(chance >= falling[min(last, len(falling) - 1)])


def _candidates(factors: int, seed: int) -> Iterator[np.ndarray]:
    """Points spread evenly over the unit cube, many at a time."""
    sampler = qmc.Halton(factors, rng=seed)
    for _ in range(LOOKED_AT // AT_ONCE):
        yield sampler.random(AT_ONCE)
