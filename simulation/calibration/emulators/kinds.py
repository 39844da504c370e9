"""Kinds of emulators: a polynomial, a Gaussian process, a quantile forest. Each foresees a mean and a spread.

The spread holds both what the emulator cannot follow and the luck of single worlds, which is what a plausible
world must be allowed to differ by.
"""

from __future__ import annotations

import warnings
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from quantile_forest import RandomForestQuantileRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

Floats = NDArray[np.float64]

DEGREE = 2
PENALTIES = np.logspace(-3, 3, 13)
MOST_POINTS = 300
"""Points that a Gaussian process learns from, since its cost grows with their cube."""
TREES, LEAF = 200, 5
ONE_SD = (0.1587, 0.5, 0.8413)
"""Quantiles of a normal distribution at minus one, no and one standard deviation."""
LEAST_SPREAD = 1e-12


class Foreseeing(Protocol):
    """What emulators of all kinds do."""

    def fit(self, places: Floats, values: Floats) -> Foreseeing:
        """Learn from points that have been run: places, (n, factors), and values, (n,)."""

    def foresee(self, places: Floats) -> tuple[Floats, Floats]:
        """Mean and spread there, both (n,)."""


class Polynomial:
    """A polynomial of the second degree by ridge regression; one spread, that of what it misses where each
    point is foreseen by all others."""

    model: Pipeline
    spread: float

    def fit(self, places: Floats, values: Floats) -> Polynomial:
        """See `Foreseeing`."""
        ridge = RidgeCV(PENALTIES, store_cv_results=True)
        terms = PolynomialFeatures(DEGREE, include_bias=False)
        self.model = make_pipeline(terms, StandardScaler(), ridge).fit(places, values)
        errors = ridge.cv_results_.mean(axis=0)  # squared, each point foreseen by all others, by penalty
        self.spread = max(float(np.sqrt(errors.min())), LEAST_SPREAD)
        return self

    def foresee(self, places: Floats) -> tuple[Floats, Floats]:
        """See `Foreseeing`."""
        return self.model.predict(places), np.full(len(places), self.spread)


class Process:
    """A Gaussian process: squared exponential with a length for each factor, and noise (scikit-learn)."""

    model: GaussianProcessRegressor

    def fit(self, places: Floats, values: Floats) -> Process:
        """See `Foreseeing`; of many points every so many."""
        chosen = np.unique(np.linspace(0, len(values) - 1, MOST_POINTS).astype(int))
        kernel = ConstantKernel(1.0, (1e-2, 1e2)) * RBF(np.ones(places.shape[1]), (0.1, 30.0))
        self.model = GaussianProcessRegressor(
            kernel + WhiteKernel(0.3, (1e-6, 2.0)), normalize_y=True, random_state=1
        )
        with warnings.catch_warnings():  # a length at its bound is a factor that is not felt
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.model.fit(places[chosen], values[chosen])
        return self

    def foresee(self, places: Floats) -> tuple[Floats, Floats]:
        """See `Foreseeing`."""
        mean, spread = self.model.predict(places, return_std=True)
        return mean, np.maximum(spread, LEAST_SPREAD)


class Forest:
    """A quantile regression forest (Meinshausen 2006, JMLR 7:983; package quantile-forest)."""

    model: RandomForestQuantileRegressor

    def fit(self, places: Floats, values: Floats) -> Forest:
        """See `Foreseeing`."""
        self.model = RandomForestQuantileRegressor(
            n_estimators=TREES, min_samples_leaf=LEAF, max_features=0.5, random_state=1
        ).fit(places, values)
        return self

    def foresee(self, places: Floats) -> tuple[Floats, Floats]:
        """See `Foreseeing`: the median, and half of what lies between one standard deviation either way."""
        low, middle, high = self.model.predict(places, quantiles=list(ONE_SD)).T
        return middle, np.maximum((high - low) / 2, LEAST_SPREAD)


KINDS: dict[str, type[Foreseeing]] = {"polynomial": Polynomial, "process": Process, "forest": Forest}
"""By name, the kinds that can be chosen."""
