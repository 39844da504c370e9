"""From a small size to the larger one: what emulators of the small foresee of the large.

Worlds that were run in both sizes tell how a fact there follows from what an emulator foresees here (an
autoregressive link of two codes: Kennedy and O'Hagan 2000, Biometrika 87:1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .emulator import Emulator, Floats, Foresees, chance_between, workable

FEWEST_PAIRS = 30
LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class Bridge:
    """One fact in the larger size: ``offset + slope * foreseen``, with normal errors of `spread`.

    Attributes
    ----------
    emulator : Emulator
        Of the small size; `offset`, `slope` and `spread` are on its scale.
    offset, slope, spread : float
        By least squares over the worlds that were run in the larger size.
    """

    emulator: Emulator
    offset: float
    slope: float
    spread: float

    def chance_met(self, positions: Floats) -> Floats:
        """Chance that a world there meets the fact in the larger size, shape (n,)."""
        foreseen = self.emulator.model.foresee(positions[:, self.emulator.columns])[0]
        there = self.offset + self.slope * foreseen
        return chance_between(*self.emulator.ends, there, np.full(len(there), self.spread))


def bridged(emulators: Sequence[Emulator], positions: pd.DataFrame, values: pd.DataFrame) -> list[Foresees]:
    """A bridge for each fact; its emulator as it is where too few worlds tell how the sizes differ.

    Parameters
    ----------
    emulators : sequence of Emulator
        Of the small size.
    positions : DataFrame
        Of worlds that were run in the larger size; one row a world, one column a factor, 0 to 1.
    values : DataFrame
        What each fact came to there, by world.
    """
    return [_bridge(emulator, positions, values[emulator.fact.id]) for emulator in emulators]


def _bridge(emulator: Emulator, positions: pd.DataFrame, values: pd.Series) -> Foresees:
    there, logarithm = workable(emulator.fact, values)
    if logarithm != emulator.logarithm or len(there) < FEWEST_PAIRS or np.ptp(there.to_numpy()) == 0:
        return emulator
    places = positions.loc[there.index].to_numpy(float)
    here = emulator.model.foresee(places[:, emulator.columns])[0]
    slope, offset = np.polyfit(here, there.to_numpy(float), 1) if np.ptp(here) else (0.0, there.mean())
    missed = there.to_numpy(float) - (offset + slope * here)
    spread = float(np.sqrt((missed**2).sum() / (len(missed) - 2)))
    return Bridge(emulator, float(offset), float(slope), max(spread, LEAST_SPREAD))
