"""Ranks of simulation-based calibration: whether posteriors are as wide as they say.

The rank of a world's truth among what is thought of it is even over many worlds if what is thought of it
is calibrated (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, arXiv:1804.06788).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

BINS = 10
LEVELS = [round(0.05 + 0.05 * step, 2) for step in range(19)]
"""Quantiles of the posterior between which a truth is placed: 5%, 10%, ..., 95%."""


def ranks(quantiles: Floats, truth: Floats) -> Floats:
    """Where each truth lies in its posterior, 0 to 1, (worlds,).

    Parameters
    ----------
    quantiles : array, (worlds, len(LEVELS))
        Of each world's posterior, at `LEVELS`.
    truth : array, (worlds,)
    """
    ends = np.column_stack([np.minimum(quantiles[:, 0], 0.0), quantiles, np.maximum(quantiles[:, -1], 1.0)])
    at = [0.0, *LEVELS, 1.0]
    return np.array([float(np.interp(one, row, at)) for one, row in zip(truth, ends, strict=True)])


def evenness(found: Floats) -> tuple[list[int], float]:
    """How many ranks lie in each tenth, and the chance by luck of so uneven ones (chi-square)."""
    counts = np.histogram(found, bins=BINS, range=(0.0, 1.0))[0]
    return counts.tolist(), float(stats.chisquare(counts).pvalue)
