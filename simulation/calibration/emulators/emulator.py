"""Emulators of facts: one for each, of the kind that foresees it best, in the parameters that it feels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special, stats
from sklearn.model_selection import KFold

from ..facts import Fact
from .kinds import KINDS, Foreseeing
from .screening import use_of

Floats = NDArray[np.float64]

FEWEST_POINTS, FOLDS = 30, 5
LOOKS = (8, 12, 25)
"""How many parameters an emulator may look at, the most used ones: as many as foresee best."""
NOMINAL = 0.9
FAR = 8.0
"""How many times below or above a fact's ends a value is as far off as any other."""


class Foresees(Protocol):
    """What foresees whether worlds meet a fact."""

    def chance_met(self, positions: Floats) -> Floats:
        """Chance that a world there meets the fact, shape (n,)."""
        ...


@dataclass(frozen=True)
class Emulator:
    """What the model has for one fact, from the positions of the factors.

    Attributes
    ----------
    fact : Fact
        What it speaks of.
    logarithm : bool
        Whether it works on the logarithm, as it does where all values are positive.
    columns : array of int
        The factors that it looks at.
    felt : array of int
        Those that the fact surely feels; see `screening`.
    kind : str
        Of `KINDS`.
    model : Foreseeing
    explained : float
        Share of the variance between points that it follows, of points that it has not seen (Q2).
    coverage : float
        Share of points that it has not seen which lie in its 90% interval.
    """

    fact: Fact
    logarithm: bool
    columns: NDArray[np.intp]
    felt: NDArray[np.intp]
    kind: str
    model: Foreseeing
    explained: float
    coverage: float = NOMINAL

    @classmethod
    def fit(
        cls, fact: Fact, positions: pd.DataFrame, values: pd.Series, kind: str = "polynomial"
    ) -> Emulator | None:
        """Fit to points that have been run; none if too few have a value.

        Parameters
        ----------
        positions : DataFrame
            One row per point, one column per factor, 0 to 1.
        values : Series
            What was measured there, by point; missing where there is none.
        kind : str, optional
            Of `KINDS`.
        """
        known, logarithm = workable(fact, values)
        if len(known) < FEWEST_POINTS:
            return None
        everywhere, target = positions.loc[known.index].to_numpy(float), known.to_numpy(float)
        few = everywhere.shape[1] <= LOOKS[0]  # all of which an emulator looks at
        uses, beats = np.ones((2, everywhere.shape[1])) if few else use_of(everywhere, target)
        columns, held_out = best_columns(everywhere, target, uses, kind)
        places, felt = everywhere[:, columns], np.flatnonzero(beats == 1.0)
        model = KINDS[kind]().fit(places, target)
        return cls(fact, logarithm, columns, felt, kind, model, held_out.explained, held_out.coverage)

    @property
    def spread(self) -> float:
        """Standard deviation of what it misses, on its own scale, in the middle of the ranges."""
        return float(self.model.foresee(np.full((1, len(self.columns)), 0.5))[1][0])

    def chance_met(self, positions: Floats) -> Floats:
        """Chance that a world there meets the fact, with normal errors around what is foreseen, (n,)."""
        foreseen, spread = self.model.foresee(positions[:, self.columns])
        return chance_between(*self.ends, foreseen, spread)

    @property
    def ends(self) -> tuple[float, float]:
        """From where to where the fact is met, on the emulator's own scale."""
        low, high = self.fact.lowest, self.fact.highest
        return (float(np.log(low)), float(np.log(high))) if self.logarithm else (low, high)


def chance_between(low: float, high: float, foreseen: Floats, spread: Floats) -> Floats:
    """Chance of a value from `low` to `high` with normal errors of that spread around what is foreseen."""
    return np.asarray(special.ndtr((high - foreseen) / spread) - special.ndtr((low - foreseen) / spread))


def workable(fact: Fact, values: pd.Series) -> tuple[pd.Series, bool]:
    """Values as emulators take them, without missing ones: in logarithms if they can be, and whether so.

    Logarithms need a fact that is above 0 and values that are not below it. They are cut at `FAR` times the
    fact's ends, since a world so far off misses it whatever the figure is; so nothing bends after one that
    sold next to nothing, and 0 has a logarithm. (Without that the median conversion was foreseen on its own
    scale, because a few worlds had none; of plausible worlds told from others by figures that were held out,
    .73 of all pairs were ordered rightly, with it .78.)
    """
    known = values.replace([np.inf, -np.inf], np.nan).dropna()
    logarithm = bool((known >= 0).all() and fact.lowest > 0)
    return (np.log(known.clip(fact.lowest / FAR, fact.highest * FAR)) if logarithm else known), logarithm


@dataclass(frozen=True)
class HeldOut:
    """How well a kind of emulator foresees points that it has not seen.

    Attributes
    ----------
    explained : float
        Share of the variance that it follows (Q2).
    coverage : float
        Share of the points in its 90% interval.
    score : float
        Mean continuous ranked probability score over the standard deviation of the values; lower is better.
    """

    explained: float
    coverage: float
    score: float


def validated(places: Floats, values: Floats, kind: str) -> HeldOut:
    """Cross-validate a kind. The score is Gneiting and Raftery's (2007, JASA 102:359) of normal
    errors, ``s (z (2 F(z) - 1) + 2 f(z) - 1 / sqrt(pi))`` with z the miss over the spread s."""
    deviation = float(values.std())
    if deviation == 0:
        return HeldOut(1.0, NOMINAL, 0.0)
    mean, spread = np.empty(len(values)), np.empty(len(values))
    for learnt, held in KFold(FOLDS, shuffle=True, random_state=2).split(places):
        model = KINDS[kind]().fit(places[learnt], values[learnt])
        mean[held], spread[held] = model.foresee(places[held])
    z = (values - mean) / spread
    score = spread * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    return HeldOut(
        1.0 - float(((values - mean) ** 2).mean()) / deviation**2,
        float((abs(z) <= stats.norm.ppf((1 + NOMINAL) / 2)).mean()),
        float(score.mean()) / deviation,
    )


def best_columns(places: Floats, values: Floats, uses: Floats, kind: str) -> tuple[NDArray[np.intp], HeldOut]:
    """The most used factors, as many of `LOOKS` as foresee points best that were held out, and how well."""
    order = np.argsort(-uses, kind="stable")
    tried = [np.sort(order[:many]) for many in LOOKS if many < len(uses)] or [np.arange(len(uses))]
    found = [validated(places[:, columns], values, kind) for columns in tried]
    best = min(range(len(tried)), key=lambda one: found[one].score)
    return tried[best], found[best]


def fit_emulators(
    facts: list[Fact], positions: pd.DataFrame, values: pd.DataFrame, kind: str = "polynomial"
) -> list[Emulator]:
    """One for each fact that has values at enough points."""
    found = (Emulator.fit(fact, positions, values[fact.id], kind) for fact in facts)
    return [emulator for emulator in found if emulator is not None]


def chance_plausible(emulators: Sequence[Foresees], positions: Floats, misses: int) -> Floats:
    """Chance that a world there misses at most `misses` of the facts, shape (n,).

    The number missed is a sum of independent events (Poisson-binomial), added one fact at a time; that
    luck moves several facts together is left out, since the chance only says where to look.
    """
    so_many = np.zeros((len(positions), misses + 1))
    so_many[:, 0] = 1.0
    for emulator in emulators:
        met = emulator.chance_met(positions)[:, None]
        one_more = np.hstack([np.zeros((len(positions), 1)), so_many[:, :-1]])
        so_many = so_many * met + one_more * (1.0 - met)
    return np.asarray(so_many.sum(axis=1))
