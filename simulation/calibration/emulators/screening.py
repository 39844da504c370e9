"""Screening: which parameters a fact feels at all.

A parameter is felt if a forest of random trees finds more use for it than for any of the parameters'
shadows, which are the same numbers in another order and so have nothing to do with the fact (Boruta: Kursa
and Rudnicki 2010, Journal of Statistical Software 36:11), in all of several goes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesRegressor

Floats = NDArray[np.float64]

GOES, TREES, LEAF = 7, 100, 5


def use_of(places: Floats, values: Floats, seed: int = 1) -> tuple[Floats, Floats]:
    """What each parameter is used for, and how often it beats all shadows, both (factors,).

    Parameters
    ----------
    places : array, (points, factors)
        Positions in the ranges, 0 to 1.
    values : array, (points,)
        What was measured there.

    Returns
    -------
    use : array, (factors,)
        Share of the forest's gain in fit, mean over the goes.
    beats : array, (factors,)
        Share of the goes in which that is more than the most used shadow's.
    """
    many = places.shape[1]
    uses, beats = np.zeros(many), np.zeros(many)
    for go in range(GOES):
        luck = np.random.default_rng([seed, go])
        shadows = luck.permuted(places, axis=0)
        forest = ExtraTreesRegressor(TREES, min_samples_leaf=LEAF, max_features=0.5, random_state=go)
        found = forest.fit(np.hstack([places, shadows]), values).feature_importances_
        uses += found[:many] / GOES
        beats += found[:many] > found[many:].max()
    return uses, beats / GOES
