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

Every wave is a sweep in its own folder (``wave_1``, ``wave_2``, ... and, in the larger size, ``larger``,
``larger_2``, ...) and so is resumed like any other; what lies between waves is computed again from what is
on disk. Where an earlier calibration is gone on with, its waves are taken from their tables (`kept_tables`).
In the larger size a point is run in the arm that tells most first, and no further if that rules it out
(`ruled_out_early`), so that tables there hold what the other arms tell only of points that it left.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ...ensembles.bookkeeping import Progress
from ...ensembles.execution.options import Execution
from ...ensembles.sweep import run_sweep
from ...scenario.scenario import Scenario
from ...scenario.sections.sweep import Sweep
from ...storage.files import write_csv
from ..asked import calibration_settings
from ..emulators.emulator import Emulator, fit_emulators
from ..facts import Fact
from .drawing import drawn_where_plausible, evenly_drawn
from .kept_tables import KeptTables
from .larger_size import in_larger_size, to_look_at_larger
from .ruled_out_early import run_until_ruled_out
from .wave import DIGITS, Calibrated, CalibrationWave, so_far, wave_of


def larger_name(look: int) -> str:
    """Folder of a look in the larger size; its table is ``wave_<name>.csv``."""
    return "larger" if look == 1 else f"larger_{look}"


@dataclass(frozen=True)
class _Course:
    """Where a calibration's waves run, or from where they are taken."""

    facts: list[Fact]
    folder: Path
    how: Execution
    kept: KeptTables | None

    def wave(
        self, scenario: Scenario, sweep: Sweep, place: tuple[int, str], drawn: tuple[float, pd.Series]
    ) -> CalibrationWave:
        """The wave of a number and a name (``1`` or ``larger``): taken from its table, or run.

        Its table goes to the folder.
        """
        number, name = place
        wave = self.kept.wave(scenario, self.facts, number, name) if self.kept else None
        if wave is None:
            there = self.folder / (f"wave_{name}" if name.isdecimal() else name)
            how = replace(
                self.how, resume=self.how.resume and there.exists(), report=_teller(self.how.report, number)
            )
            if name.isdecimal():
                asked = scenario.model_copy(update={"sweep": sweep, "calibration": None})
                data = run_sweep(asked, there, how)
            else:  # of these only those that are plausible count
                data = run_until_ruled_out(scenario, self.facts, sweep, there, how)
            wave = wave_of(scenario, self.facts, data, number, drawn)
        write_csv(self.folder / f"wave_{name}.csv", wave.table, DIGITS)
        return wave


def calibrate(
    scenario: Scenario, facts: list[Fact], folder: Path, how: Execution, kept: KeptTables | None = None
) -> Calibrated:
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
    kept : KeptTables, optional
        Tables of an earlier calibration's waves, which are taken instead of being run.

    Returns
    -------
    Calibrated
    """
    settings, course = calibration_settings(scenario), _Course(facts, folder, how, kept)
    targets = [fact for fact in facts if fact.use == "target"]
    waves: list[CalibrationWave] = []
    emulators: list[Emulator] = []
    for number in range(1, settings.most_waves + 1):
        taken = kept and kept.has(str(number))
        if number == 1 or taken:
            design = evenly_drawn(scenario)
        else:
            design = drawn_where_plausible(scenario, emulators, number, settings.wave_points)
        sweep, left, weights = design
        waves.append(course.wave(scenario, sweep, (number, str(number)), (left, weights)))
        if kept and kept.has(str(number + 1)):
            continue  # the next is taken as it is, whatever emulators would say
        # Of all waves: fitted to the later ones alone, they take far corners for plausible (tried).
        positions, values = so_far(scenario, waves)
        emulators = fit_emulators(targets, positions, values)
        done = Calibrated(scenario, targets, waves, emulators)
        if enough(done):
            break
    if not settings.larger:
        return done

    def run(sized: Calibrated, sweep: Sweep, look: int, drawn: tuple[float, pd.Series]) -> CalibrationWave:
        return course.wave(sized.scenario, sweep, (len(waves) + look, larger_name(look)), drawn)

    return in_larger_size(done, run)


def enough(done: Calibrated) -> bool:
    """Whether no further wave is needed: there are worlds, or worlds to look at in the larger size."""
    if len(done.waves) < done.settings.waves:
        return False
    if done.settings.larger:
        return len(to_look_at_larger(done)[0]) >= done.settings.larger_points
    return len(done.worlds()) >= done.settings.worlds


def _teller(report: Callable[[int, Progress], None] | None, number: int) -> Callable[[Progress], None] | None:
    return (lambda progress: report(number, progress)) if report else None
