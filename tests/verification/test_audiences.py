"""Feeds against known mathematics: Poisson audiences, Polya's urn, and other powers of heat."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulation.validation.mathematics import worlds as worlds
from simulation.validation.mathematics.laws import beta_binomial_urn, chi_squared, in_classes
from simulation.validation.mathematics.worlds import urns


@pytest.fixture(scope="module")
def audiences() -> tuple[np.ndarray, float]:
    """Visits by day and room under a uniform feed, and the mean that theory expects."""
    return worlds.audiences(0.0)


def test_a_uniform_feed_gives_poisson_audiences(audiences: tuple[np.ndarray, float]) -> None:
    """Occasions are Poisson and rooms are drawn evenly, so audiences are independent Poisson."""
    visits, mean = audiences
    counts = visits.ravel()
    assert abs(counts.mean() - mean) < 4 * np.sqrt(mean / counts.size)
    dispersion = ((counts - counts.mean()) ** 2).sum() / counts.mean()
    low, high = stats.chi2.ppf([1e-3, 1 - 1e-3], counts.size - 1)
    assert low < dispersion < high
    most = 9
    expected = stats.poisson.pmf(np.arange(most), counts.mean())
    expected = np.append(expected, 1 - expected.sum()) * counts.size
    observed = np.bincount(np.minimum(counts, most), minlength=most + 1)
    assert stats.chisquare(observed, expected, ddof=1).pvalue > 1e-3


def test_uniform_audiences_are_independent_between_rooms_and_days(
    audiences: tuple[np.ndarray, float],
) -> None:
    visits = audiences[0].astype(float)
    pairs = np.corrcoef(visits.T)[np.triu_indices(visits.shape[1], 1)]
    assert abs(pairs.mean()) < 4 / np.sqrt(len(pairs) * len(visits))
    days = np.corrcoef(visits[:-1].ravel(), visits[1:].ravel())[0, 1]
    assert abs(days) < 4 / np.sqrt(visits.size)


def chi_square_of(counts: np.ndarray, chances: np.ndarray) -> float:
    """p-value of whole numbers 0 .. most against their chances."""
    return chi_squared(*in_classes(counts, chances, least=8.0))


@pytest.mark.parametrize("colours", [2, 4])
def test_a_heat_proportional_feed_is_polyas_urn(colours: int) -> None:
    """One ball of each colour at the start (the floor of heat) and one more a draw: the draws of a
    colour are beta-binomial(n, 1, k - 1), and their share tends to Beta(1, k - 1)."""
    draws = 30
    first = urns(1.0, colours, draws, worlds=25)[:, 0]
    assert chi_square_of(first, beta_binomial_urn(draws, colours)) > 1e-3
    luck = (np.random.default_rng(1).random(len(first)) + first) / (draws + 1)
    if colours == 2:  # uniform on 0 .. n, spread out to a continuous uniform
        assert stats.kstest(luck, "uniform").pvalue > 1e-3


def test_exploration_mixes_the_urn_with_even_draws() -> None:
    """With everything at random, draws are binomial whatever the heat."""
    draws, colours = 30, 4
    first = urns(1.0, colours, draws, worlds=12, exploration=1.0)[:, 0]
    assert chi_square_of(first, stats.binom.pmf(np.arange(draws + 1), draws, 1 / colours)) > 1e-3


def top_shares(heat_exponent: float, draws: int, worlds: int = 2) -> np.ndarray:
    table = urns(heat_exponent, 3, draws, worlds)
    return table.max(axis=1) / draws


def test_heat_squared_lets_the_winner_take_all() -> None:
    """Reinforcement faster than in proportion ends in monopoly (Davis 1990)."""
    shares = top_shares(2.0, 1200)
    assert (shares > 0.95).mean() > 0.9
    assert np.median(shares) > 0.98


def test_the_square_root_of_heat_evens_shares_out() -> None:
    """Reinforcement slower than in proportion drives shares towards equality."""
    early, late = top_shares(0.5, 60), top_shares(0.5, 1200)
    assert late.mean() < early.mean()
    assert late.mean() < 0.42 and late.max() < 0.55
