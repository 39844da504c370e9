"""Emulators: what the model would say, without running it, and how surely.

One polynomial of the second degree in the factors' positions for each fact, fitted by ridge regression
(scikit-learn), with the spread of what it misses found by cross-validation. That spread holds both what
the polynomial cannot follow and the luck of single worlds, which is what a plausible world must be
allowed to differ by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from sklearn.linear_model import RidgeCV
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from .facts import Fact

Floats = NDArray[np.float64]

DEGREE = 2
FOLDS = 5
PENALTIES = np.logspace(-3, 3, 13)
FEWEST_POINTS = 30


@dataclass(frozen=True)
class Emulator:
    """What the model has for one fact, from the positions of the factors.

    Attributes
    ----------
    fact : Fact
        What it speaks of.
    logarithm : bool
        Whether it works on the logarithm, as it does where all values are positive.
    spread : float
        Standard deviation of what it misses, on the scale that it works on.
    explained : float
        Share of the variance between points that it follows (cross-validated).
    """

    fact: Fact
    logarithm: bool
    model: Pipeline
    spread: float
    explained: float

    @classmethod
    def fit(cls, fact: Fact, positions: pd.DataFrame, values: pd.Series) -> Emulator | None:
        """Fit to points that have been run; none if too few have a value.

        Parameters
        ----------
        positions : DataFrame
            One row per point, one column per factor, 0 to 1.
        values : Series
            What was measured there, by point; missing where there is none.
        """
        known = values.replace([np.inf, -np.inf], np.nan).dropna()
        if len(known) < FEWEST_POINTS:
            return None
        logarithm = bool((known > 0).all() and fact.lowest > 0)
        target = np.log(known) if logarithm else known
        places = positions.loc[known.index].to_numpy(float)
        model = make_pipeline(
            PolynomialFeatures(DEGREE, include_bias=False), StandardScaler(), RidgeCV(PENALTIES)
        )
        folds = KFold(FOLDS, shuffle=True, random_state=1)
        missed = target.to_numpy(float) - cross_val_predict(model, places, target, cv=folds)
        variance = float(target.var())
        explained = 1.0 - float(missed.var()) / variance if variance > 0 else 1.0
        return cls(fact, logarithm, model.fit(places, target), float(missed.std()), explained)

    def chance_met(self, positions: Floats) -> Floats:
        """Chance that a world there meets the fact, with normal errors around what is foreseen, (n,)."""
        foreseen = self.model.predict(positions)
        low, high = self.fact.lowest, self.fact.highest
        if self.logarithm:
            low, high = np.log(low), np.log(high)
        spread = max(self.spread, 1e-12)
        met = special.ndtr((high - foreseen) / spread) - special.ndtr((low - foreseen) / spread)
        return np.asarray(met)


def fit_emulators(facts: list[Fact], positions: pd.DataFrame, values: pd.DataFrame) -> list[Emulator]:
    """One for each fact that has values at enough points."""
    found = (Emulator.fit(fact, positions, values[fact.id]) for fact in facts)
    return [emulator for emulator in found if emulator is not None]


def chance_plausible(emulators: list[Emulator], positions: Floats, misses: int) -> Floats:
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
