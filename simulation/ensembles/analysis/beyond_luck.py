"""In what share of worlds a claim would hold if luck were averaged out.

A world that is run a few times has an effect that is known up to luck, so that a test often stays undecided
there; all worlds together still tell how the true effects lie. Their distribution is found by deconvolution:
an exponential family on a grid, fitted by penalised likelihood (Efron 2016, Biometrika 103:1; Narasimhan and
Efron 2020, Journal of Statistical Software 94:11). From it and from its own draws each world has a chance
that its effect exceeds the margin, and the mean of these chances is the share wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats
from threadpoolctl import threadpool_limits

from ...runs.comparison import wilson_ends

if TYPE_CHECKING:  # which weighs claims by luck and all
    from .verdicts import ClaimOverPoints

Floats = NDArray[np.float64]

CELLS, DEGREE, PENALTY = 81, 5, 1.0
"""Cells of the grid, degree of the family's exponent, and weight of its penalty (as in the source)."""
FEWEST_WORLDS, FEWEST_DRAWS = 20, 2
LEAST_NOISE = 0.05
"""Of the median, below which no world's luck is taken to lie: of few draws some agree by chance."""
RESAMPLES = 100
TAIL = 0.025


@dataclass(frozen=True)
class EffectOverWorlds:
    """One test's effects in all worlds, as claimed if they exceed the margin.

    Attributes
    ----------
    effects : array, (worlds, draws)
        Positive as claimed; missing where a draw has no value.
    margin : float
        The smallest effect that matters.
    """

    effects: Floats
    margin: float


def share_beyond_luck(
    tests: Sequence[EffectOverWorlds], weights: Floats, seed: int = 0
) -> tuple[float, float, float] | None:
    """Share of worlds in which all tests hold, with its 95% interval.

    Parameters
    ----------
    tests : sequence of EffectOverWorlds
        Of the same worlds in the same order, on the same luck.
    weights : array, (worlds,)
        How often each world counts.
    seed : int
        Of the resamples by which the interval is found.

    Returns
    -------
    tuple or None
        Share, low, high. The interval holds what other worlds would have given (resampling them), what luck
        that all worlds share moves together (`common_luck`), and is nowhere narrower than Wilson's of as many
        independent worlds. A test that has no value in a world does not hold there; its upper end is that of
        the other tests. None if a test has fewer than `FEWEST_WORLDS` worlds with `FEWEST_DRAWS` draws.
    """
    found = [Noisy.of(test.effects, test.margin) for test in tests]
    if min(int(test.known.sum()) for test in found) < FEWEST_WORLDS:
        return None
    with threadpool_limits(1):  # of matrices so small, several threads wait for one another
        return _share_and_ends(found, weights, seed)


def _share_and_ends(tests: Sequence[Noisy], weights: Floats, seed: int) -> tuple[float, float, float]:
    """As `share_beyond_luck`, of tests of which each has worlds enough."""
    share, most = _mean_chances(tests, weights, [0.0] * len(tests))
    luck = np.random.default_rng(seed)
    lower, upper = [], []
    for _ in range(RESAMPLES):
        chosen = luck.integers(len(weights), size=len(weights))
        moved = [float(luck.normal(0.0, test.common)) if test.common else 0.0 for test in tests]
        less, more = _mean_chances([test.at(chosen) for test in tests], weights[chosen], moved)
        lower.append(less)
        upper.append(more)
    size = float(weights.sum() ** 2 / (weights**2).sum())
    low, high = float(np.quantile(lower, TAIL)), float(np.quantile(upper, 1.0 - TAIL))
    return share, min(low, wilson_ends(share, size)[0]), max(high, wilson_ends(most, size)[1])


def held_beyond_luck(found: ClaimOverPoints, points: pd.DataFrame) -> tuple[float, float, float] | None:
    """Share of a sweep's points at which a claim holds, with its interval, as `share_beyond_luck`.

    Points that are the same, as plausible worlds drawn by their weights are, are one that counts as often.

    Parameters
    ----------
    found : ClaimOverPoints
    points : DataFrame
        Values of the factors, by point.

    Returns
    -------
    tuple or None
        None also where the claim lacks a test, so that nothing can support it.
    """
    if found.claim.lacks:
        return None
    there = points.loc[found.status.index]
    first = ~there.duplicated()
    counts = there.groupby(list(there), sort=False, dropna=False).size().to_numpy().astype(np.float64)
    worlds = there.index[first]
    tests = [
        EffectOverWorlds(
            effect.loc[worlds].to_numpy(float) * (1.0 if test.direction == "higher" else -1.0), test.margin
        )
        for effect, test in zip(found.effects, found.claim.tests, strict=True)
    ]
    return share_beyond_luck(tests, counts)


def weighed(found: ClaimOverPoints, points: pd.DataFrame) -> dict[str, Any]:
    """What a sweep's points say of a claim: shares by status, and ``holds``, that with luck averaged out.

    Parameters
    ----------
    found, points
        As of `held_beyond_luck`.

    Returns
    -------
    dict
        ``supported``, ``undecided`` and ``contradicted``, each ``count``, ``share``, ``low`` and ``high``;
        ``holds``, ``share``, ``low`` and ``high``, or None (see `held_beyond_luck`).
    """
    held = held_beyond_luck(found, points)
    named = dict(zip(("share", "low", "high"), held, strict=True)) if held else None
    return {name: asdict(share) for name, share in found.shares.items()} | {"holds": named}


@dataclass(frozen=True)
class Noisy:
    """Effects known up to luck: mean over draws, its standard error, and the degrees of freedom of that.

    All are missing where fewer than `FEWEST_DRAWS` draws have a value.
    `common` is the standard error of what luck does to all worlds alike.
    """

    mean: Floats
    error: Floats
    freedom: Floats
    margin: float
    common: float

    @classmethod
    def of(cls, effects: Floats, margin: float) -> Noisy:
        """From draws, (worlds, draws)."""
        draws = np.isfinite(effects).sum(axis=1)
        known = draws >= FEWEST_DRAWS
        mean, error = np.full((2, len(effects)), np.nan)
        if not known.any():
            return cls(mean, error, draws - 1.0, margin, 0.0)
        mean[known] = np.nanmean(effects[known], axis=1)
        error[known] = np.nanstd(effects[known], axis=1, ddof=1) / np.sqrt(draws[known])
        floor = LEAST_NOISE * float(np.nanmedian(error))
        return cls(mean, np.maximum(error, floor), draws - 1.0, margin, common_luck(effects[known]))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Worlds that have a value."""
        return np.isfinite(self.mean)

    def at(self, chosen: NDArray[np.intp]) -> Noisy:
        """Of some of the worlds."""
        return Noisy(self.mean[chosen], self.error[chosen], self.freedom[chosen], self.margin, self.common)

    def chances(self, weights: Floats, moved: float) -> Floats:
        """Chance that each world's true effect exceeds the margin, all moved by so much, (worlds,).

        Missing where there is no value.
        """
        found = np.full(len(self.mean), np.nan)
        if self.known.any():
            found[self.known] = self.at(np.flatnonzero(self.known))._chances(weights[self.known], moved)
        return found

    def _chances(self, weights: Floats, moved: float) -> Floats:
        mean = self.mean + moved
        if not self.error.any():  # no luck at all
            return np.asarray(mean > self.margin, float)
        span = 0.1 * float(np.ptp(mean)) + float(np.median(self.error))
        ends = min(mean.min(), self.margin) - span, max(mean.max(), self.margin) + span
        grid = np.linspace(*ends, CELLS)
        error = np.maximum(self.error, np.finfo(float).tiny)[:, None]
        likely = stats.t.logpdf((mean[:, None] - grid) / error, self.freedom[:, None])
        likelihood = np.exp(likely - likely.max(axis=1, keepdims=True))
        posterior = likelihood * deconvolved(likelihood, weights)
        return np.asarray(posterior[:, grid > self.margin].sum(axis=1) / posterior.sum(axis=1))


def _mean_chances(tests: Sequence[Noisy], weights: Floats, moved: Sequence[float]) -> tuple[float, float]:
    """Mean over worlds of the chance that all tests hold, their errors taken for independent.

    First as if a test without a value failed, then as if it held.
    """
    chances = np.array([test.chances(weights, by) for test, by in zip(tests, moved, strict=True)])
    least, most = (np.prod(np.nan_to_num(chances, nan=without), axis=0) for without in (0.0, 1.0))
    return float(np.average(least, weights=weights)), float(np.average(most, weights=weights))


def common_luck(effects: Floats) -> float:
    """Standard error of what luck does to all worlds alike, since they share it.

    With d the effects less their world's mean over r draws, ``sqrt(max(0, var(mean d by draw) - var(d) / n)
    / r)`` for n worlds.
    """
    apart = effects - np.nanmean(effects, axis=1, keepdims=True)
    by_draw = np.nanmean(apart, axis=0)
    own = float(np.nanvar(apart - by_draw, ddof=1)) / len(effects)
    return float(np.sqrt(max(0.0, float(np.var(by_draw, ddof=1)) - own) / len(by_draw)))


def deconvolved(likelihood: Floats, weights: Floats) -> Floats:
    """Distribution of true effects over a grid, shape (cells,), from each world's likelihood of each.

    ``g = exp(Q a) / sum``, Q orthogonal polynomials of degree 1 to `DEGREE`, a the maximum of
    ``sum w log(L g) - c |a|``.

    Parameters
    ----------
    likelihood : array, (worlds, cells)
    weights : array, (worlds,)
    """
    place = np.linspace(-1.0, 1.0, likelihood.shape[1])
    powers = np.column_stack([np.polynomial.legendre.Legendre.basis(k)(place) for k in range(1, DEGREE + 1)])
    powers *= np.sqrt(len(place)) / np.linalg.norm(powers, axis=0)
    weights = weights * len(weights) / weights.sum()

    def density(a: Floats) -> Floats:
        exponent = powers @ a
        found = np.exp(exponent - exponent.max())
        return np.asarray(found / found.sum())

    def loss(a: Floats) -> tuple[float, Floats]:
        g, size = density(a), float(np.sqrt(a @ a + 1e-9))
        seen = likelihood @ g
        pull = weights @ (likelihood * g / seen[:, None] - g)
        return -float(weights @ np.log(seen)) + PENALTY * size, PENALTY * a / size - powers.T @ pull

    best = optimize.minimize(loss, np.zeros(DEGREE), jac=True, method="L-BFGS-B")
    return density(best.x)
