"""A wave of a calibration, and all of them together."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...ensembles.sampling.factors import unit_position
from ...scenario.scenario import Scenario
from ...scenario.sections.sweep import Calibration
from ..asked import calibration_settings, calibration_sweep
from ..emulators.emulator import Emulator
from ..facts import Fact, measured, misses

DIGITS = 4
"""Significant digits of the tables of points and facts."""


@dataclass(frozen=True)
class CalibrationWave:
    """One wave: where its points lie, and what was measured there.

    Attributes
    ----------
    number : int
        From 1.
    points : DataFrame
        Factor values; one row per point, one column per key.
    values : DataFrame
        One row per point, one column per fact, targets and checks.
    missed : DataFrame
        How far each target is missed (see `facts.misses`).
    left : float
        Share of the ranges that the waves before have not all but ruled out.
    weights : Series
        By point, the prior over the density that it was drawn from.
    """

    number: int
    points: pd.DataFrame
    values: pd.DataFrame
    missed: pd.DataFrame
    left: float
    weights: pd.Series

    @property
    def table(self) -> pd.DataFrame:
        """Points and facts as they are kept, how many targets each point misses, and its weight."""
        many = (self.missed > 0).sum(axis=1).rename("missed")
        return pd.concat(
            [self.points, self.values, many, self.weights.rename("weight")], axis=1
        ).reset_index()

    def plausible(self, misses_allowed: int) -> pd.Series:
        """Whether each point misses few enough of the facts, by point."""
        return (self.missed > 0).sum(axis=1) <= misses_allowed


@dataclass(frozen=True)
class Calibrated:
    """What a calibration found.

    Attributes
    ----------
    scenario : Scenario
        In the larger size, if worlds have been looked at there.
    facts : list of Fact
        Targets.
    waves : list of CalibrationWave
        In the size in which it began.
    emulators : list of Emulator
        Fitted to these.
    larger : tuple of CalibrationWave
        In the larger size: points of `waves` run once more, then points drawn for it.
    """

    scenario: Scenario
    facts: list[Fact]
    waves: list[CalibrationWave]
    emulators: list[Emulator]
    larger: tuple[CalibrationWave, ...] = ()

    @property
    def settings(self) -> Calibration:
        """How it was done."""
        return calibration_settings(self.scenario)

    @property
    def keys(self) -> list[str]:
        """Keys that were free."""
        return [factor.key for factor in calibration_sweep(self.scenario).factors]

    @property
    def drawn_waves(self) -> list[CalibrationWave]:
        """Waves that were drawn where the emulators foresaw plausible worlds."""
        return self.waves[1:]

    def worlds(self) -> pd.DataFrame:
        """Plausible worlds: factor values, what each fact came to, ``missed``, their number, and ``weight``.

        As they came out in the larger size, if there is one. Weights are cut at their mean times the root of
        their number (truncated importance sampling: Ionides 2008, JCGS 17:295).
        """
        tables = []
        for wave in self.larger or self.drawn_waves:
            chosen = wave.plausible(self.settings.misses)
            missed = (wave.missed > 0).sum(axis=1).rename("missed")
            table = pd.concat([wave.points, wave.values, missed, wave.weights.rename("weight")], axis=1)
            tables.append(table[chosen.to_numpy()])
        if not tables or not (every := pd.concat(tables, ignore_index=True)).size:
            return pd.DataFrame()
        return every.assign(weight=cut(every["weight"]))


def cut(weights: pd.Series) -> pd.Series:
    """Weights, none above their mean times the root of their number."""
    return weights.clip(upper=weights.mean() * len(weights) ** 0.5)


def wave_of(
    scenario: Scenario, facts: list[Fact], data: pd.DataFrame, number: int, drawn: tuple[float, pd.Series]
) -> CalibrationWave:
    """A wave from its `data`; `drawn` is the share of the ranges left and the weights of all its points."""
    keys = [factor.key for factor in calibration_sweep(scenario).factors]
    points = data.drop_duplicates("point").set_index("point")[keys].sort_index()
    values = measured(facts, data, scenario).reindex(points.index)
    targets = [fact for fact in facts if fact.use == "target"]
    left, weights = drawn
    return CalibrationWave(
        number, points, values, misses(targets, values), left, weights.reindex(points.index)
    )


def so_far(scenario: Scenario, waves: list[CalibrationWave]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Positions and values of all points of all waves."""
    points = pd.concat([wave.points for wave in waves], ignore_index=True)
    values = pd.concat([wave.values for wave in waves], ignore_index=True)
    return positions_in(scenario, points), values


def positions_in(scenario: Scenario, points: pd.DataFrame) -> pd.DataFrame:
    """Where points lie in each factor's range, 0 to 1; one column per factor."""
    return pd.DataFrame(
        {
            factor.key: unit_position(factor, points[factor.key])
            for factor in calibration_sweep(scenario).factors
        },
        index=points.index,
    )
