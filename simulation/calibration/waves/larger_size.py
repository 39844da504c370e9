"""Worlds that are plausible in a small size are looked at in the larger one, and others drawn in it.

The first look is at points of the small waves. They tell how facts differ between the sizes
(`emulators.bridge`), and so where worlds of the larger size are likely to be plausible: further waves are
drawn and run in it, until there are enough worlds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from ...scenario.sections.sweep import Sweep
from ..asked import calibration_sweep, larger_scenario
from ..emulators.bridge import bridged
from .drawing import drawn_where_plausible, no_world_within
from .wave import Calibrated, CalibrationWave, positions_in

RunWave = Callable[[Calibrated, Sweep, int, tuple[float, pd.Series]], CalibrationWave]
"""Runs the points of a sweep in the larger size: which look it is, from 1, and the share of the ranges left
and weights of its points."""


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


def in_larger_size(done: Calibrated, run: RunWave) -> Calibrated:
    """Look once more at worlds that a smaller size does not rule out; only what is plausible there is.

    Raises
    ------
    AnalysisError
        If there is nothing to look at.
    """
    sized = replace(done, scenario=larger_scenario(done.scenario))
    for look in range(1, done.settings.larger_waves + 2):
        if look > 1 and len(sized.worlds()) >= done.settings.worlds:
            break
        sweep, left, weights = _looked_at_again(sized) if look == 1 else _drawn_there(sized, look)
        sized = replace(sized, larger=(*sized.larger, run(sized, sweep, look, (left, weights))))
    return sized


def _looked_at_again(done: Calibrated) -> tuple[Sweep, float, pd.Series]:
    """The first look, at points of the small waves."""
    points, weights = to_look_at_larger(done)
    if points.empty:
        raise no_world_within(
            done.settings.misses + done.settings.larger_slack,
            sum(len(one.points) for one in done.drawn_waves),
        )
    listed = {"design": "list", "rows": points.to_dict("records"), "csv": ""}
    return calibration_sweep(done.scenario).model_copy(update=listed), done.waves[-1].left, weights


def _drawn_there(done: Calibrated, look: int) -> tuple[Sweep, float, pd.Series]:
    """A further look, at points drawn where those before foresee plausible worlds of the larger size."""
    points = pd.concat([wave.points for wave in done.larger], ignore_index=True)
    values = pd.concat([wave.values for wave in done.larger], ignore_index=True)
    bridges = bridged(done.emulators, positions_in(done.scenario, points), values)
    number = len(done.waves) + look
    return drawn_where_plausible(done.scenario, bridges, number, done.settings.larger_wave_points)
