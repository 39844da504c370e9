"""Calibration by history matching: wave after wave of runs, each where the facts leave it plausible.

The first wave spreads over the whole ranges of the factors. Emulators fitted to it say where worlds are
likely to be plausible, and further waves are drawn in proportion to that (refocusing: Vernon, Goldstein and
Bower 2010, Bayesian Analysis 5:619), until there are enough worlds. A world that was *run* and misses at most
`misses` facts is plausible. Drawn in proportion to a chance, likely regions would count twice, by being drawn
and by being accepted, so that each world has the weight of the prior over what it was drawn from, and the
worlds kept are drawn by their weights. (Drawn evenly from where the emulators hold 95% of the plausible
worlds foreseen, one in a hundred of 50 parameters' worlds was plausible; drawn in proportion, one in ten.)

Why not an optimiser: its trail crowds around the one best point, while robustness asks for all that the
facts allow, evenly; a factor of which no fact speaks then keeps its whole range.

Every wave is a sweep in its own folder (``wave_1``, ``wave_2``, ...) and so is resumed like any other;
what lies between waves is computed again from what is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import qmc

from ..ensembles.bookkeeping import Progress
from ..ensembles.execution.options import Execution
from ..ensembles.sampling.factors import unit_position, value_at
from ..ensembles.sweep import run_sweep
from ..errors import AnalysisError, Problem
from ..languages.speaking import sentence
from ..scenario.scenario import Scenario
from ..scenario.sections.sweep import Calibration, Sweep
from ..storage.files import write_csv
from .asked import calibration_settings, calibration_sweep, first_wave, larger_scenario
from .emulators.emulator import Emulator, chance_plausible, fit_emulators
from .facts import Fact, measured, misses

LOOKED_AT, AT_ONCE = 1_000_000, 20_000
"""Candidates that emulators look at between waves, and in one go."""
HELD = 0.95
"""Share of the plausible worlds foreseen that the next wave's region must hold."""
NEXT_TO_NONE = 1e-9
LARGER, LARGER_TABLE = "larger", "wave_larger.csv"
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
    """What a calibration found."""

    scenario: Scenario
    facts: list[Fact]
    waves: list[CalibrationWave]
    emulators: list[Emulator]
    larger: CalibrationWave | None = None

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

    def enough(self) -> bool:
        """Whether no further wave is needed: there are worlds, or worlds to look at in the larger size."""
        if len(self.waves) < self.settings.waves:
            return False
        if self.settings.larger:
            return len(to_look_at_larger(self)[0]) >= self.settings.larger_points
        return len(self.worlds()) >= self.settings.worlds

    def worlds(self) -> pd.DataFrame:
        """Plausible worlds: factor values, what each fact came to, ``missed``, their number, and ``weight``.

        As they came out in the larger size, if there is one. Weights are cut at their mean times the root of
        their number (truncated importance sampling: Ionides 2008, JCGS 17:295).
        """
        tables = []
        for wave in [self.larger] if self.larger else self.drawn_waves:
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


def calibrate(scenario: Scenario, facts: list[Fact], folder: Path, how: Execution) -> Calibrated:
    """Run waves until there are enough plausible worlds.

    Parameters
    ----------
    scenario : Scenario
        With ``[calibration]`` and ``[sweep]``.
    facts : list of Fact
        Only those with ``use = "target"`` are tuned to.
    folder : Path
        A folder a wave is made in it.
    how : Execution
        Its `report` is told the wave and the progress within it.

    Returns
    -------
    Calibrated
    """
    settings = calibration_settings(scenario)
    targets = [fact for fact in facts if fact.use == "target"]
    waves: list[CalibrationWave] = []
    emulators: list[Emulator] = []
    for number in range(1, settings.most_waves + 1):
        sweep, left, weights = _design(scenario, emulators, number)
        asked = scenario.model_copy(update={"sweep": sweep, "calibration": None})
        wave_folder = folder / f"wave_{number}"
        data = run_sweep(
            asked,
            wave_folder,
            replace(how, resume=how.resume and wave_folder.exists(), report=_teller(how.report, number)),
        )
        waves.append(_wave(scenario, facts, data, number, (left, weights)))
        write_csv(folder / f"wave_{number}.csv", waves[-1].table, DIGITS)
        # Of all waves: fitted to the later ones alone, they take far corners for plausible (tried).
        emulators = fit_emulators(targets, *_so_far(scenario, waves))
        done = Calibrated(scenario, targets, waves, emulators)
        if done.enough():
            break
    return in_larger_size(done, facts, folder, how) if settings.larger else done


def to_look_at_larger(done: Calibrated) -> tuple[pd.DataFrame, pd.Series]:
    """Points that are not all but ruled out, the last wave's first, and their weights.

    Those that miss at most ``misses + larger_slack`` facts, the first ``larger_points`` of them: most of the
    others would be run in the larger size for nothing (delayed acceptance: Christen and Fox 2005, Journal of
    Computational and Graphical Statistics 14:795).
    """
    allowed = done.settings.misses + done.settings.larger_slack
    near = [(wave, wave.plausible(allowed)) for wave in reversed(done.drawn_waves)]
    points = pd.concat([wave.points[chosen] for wave, chosen in near], ignore_index=True)
    weights = pd.concat([wave.weights[chosen] for wave, chosen in near], ignore_index=True)
    return points.head(done.settings.larger_points), weights.head(done.settings.larger_points)


def in_larger_size(done: Calibrated, facts: list[Fact], folder: Path, how: Execution) -> Calibrated:
    """Look once more at worlds that a smaller size does not rule out; only what is plausible there is.

    Runs go to the folder `LARGER`, the table of points and facts to `LARGER_TABLE`.

    Raises
    ------
    AnalysisError
        If there is nothing to look at.
    """
    points, weights = to_look_at_larger(done)
    last = done.waves[-1]
    if points.empty:
        raise no_world_within(
            done.settings.misses + done.settings.larger_slack,
            sum(len(one.points) for one in done.drawn_waves),
        )
    sized = larger_scenario(done.scenario)
    sweep = calibration_sweep(sized).model_copy(
        update={"design": "list", "rows": points.to_dict("records"), "csv": ""}
    )
    there = folder / LARGER
    data = run_sweep(
        sized.model_copy(update={"sweep": sweep, "calibration": None}),
        there,
        replace(how, resume=how.resume and there.exists(), report=_teller(how.report, last.number + 1)),
    )
    wave = _wave(sized, facts, data, last.number + 1, (last.left, weights))
    write_csv(folder / LARGER_TABLE, wave.table, DIGITS)
    return replace(done, scenario=sized, larger=wave)


def _teller(report: Callable[[int, Progress], None] | None, number: int) -> Callable[[Progress], None] | None:
    return (lambda progress: report(number, progress)) if report else None


def _wave(
    scenario: Scenario, facts: list[Fact], data: pd.DataFrame, number: int, drawn: tuple[float, pd.Series]
) -> CalibrationWave:
    """A wave that was run; `drawn` is the share of the ranges left and the weights of all its points."""
    keys = [factor.key for factor in calibration_sweep(scenario).factors]
    points = data.drop_duplicates("point").set_index("point")[keys].sort_index()
    values = measured(facts, data, scenario).reindex(points.index)
    targets = [fact for fact in facts if fact.use == "target"]
    left, weights = drawn
    return CalibrationWave(
        number, points, values, misses(targets, values), left, weights.reindex(points.index)
    )


def _so_far(scenario: Scenario, waves: list[CalibrationWave]) -> tuple[pd.DataFrame, pd.DataFrame]:
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


def _design(scenario: Scenario, emulators: list[Emulator], number: int) -> tuple[Sweep, float, pd.Series]:
    """The wave's points as a sweep, the share of the ranges that are not all but ruled out, and weights."""
    sweep, settings = calibration_sweep(scenario), calibration_settings(scenario)
    if number == 1:
        first = first_wave(scenario)
        return first, 1.0, pd.Series(1.0, index=range(first.point_count))
    places, chance = foreseen_plausible(len(sweep.factors), emulators, settings, number)
    luck = np.random.default_rng(settings.seed + number)
    chosen = drawn_in_proportion(chance, luck)[: settings.wave_points]
    weights = pd.Series(prior_over_drawn(chance, chosen, LOOKED_AT))
    rows = {
        factor.key: value_at(factor, places[chosen, column]) for column, factor in enumerate(sweep.factors)
    }
    listed = {"design": "list", "rows": pd.DataFrame(rows).to_dict("records"), "csv": ""}
    return sweep.model_copy(update=listed), float(held(chance, HELD).sum() / LOOKED_AT), weights


def foreseen_plausible(
    factors: int, emulators: list[Emulator], settings: Calibration, number: int
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
