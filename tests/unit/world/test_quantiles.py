"""Quantiles from a table are those of the distributions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

from simulation.world.cast.quantiles import beta_quantiles, gamma_quantiles

LUCK = np.concatenate([np.linspace(2.0**-33, 1 - 2.0**-33, 20_011), [1e-6, 1 - 1e-6]])


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0, 8.0])
def test_gamma_quantiles_are_within_a_thousandth(shape: float) -> None:
    exact = special.gammaincinv(shape, LUCK) * 3.0 / shape
    found = gamma_quantiles(LUCK, shape, 3.0)
    assert np.abs(found - exact).max() < 1e-3 * exact.max()
    told = exact > 3e-3
    np.testing.assert_allclose(found[told], exact[told], rtol=1e-3)


@pytest.mark.parametrize(("first", "second"), [(2.0, 2.0), (0.6, 1.4), (8.0, 2.0)])
def test_beta_quantiles_are_within_a_thousandth(first: float, second: float) -> None:
    exact = special.betaincinv(first, second, LUCK)
    found = beta_quantiles(LUCK, first, second)
    assert ((found >= 0) & (found <= 1)).all()
    np.testing.assert_allclose(found, exact, atol=1e-3)


def test_tables_keep_mean_and_spread() -> None:
    even = (np.arange(200_000) + 0.5) / 200_000
    found = gamma_quantiles(even, 0.7, 1.0)
    assert found.mean() == pytest.approx(1.0, abs=2e-3)
    assert found.std() == pytest.approx(stats.gamma(0.7, scale=1 / 0.7).std(), rel=5e-3)
