"""Feeds against known mathematics: Poisson audiences, Polya's urn, and other powers of heat."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.scenario import Scenario
from simulation.world.cast import draw_cast
from simulation.world.model import LiveCommerceModel
from tests.worlds import ALWAYS, model_of, platform, same_shops, scenario

PURE_FEED = {"slate_size": 1, "quality_weight": 0.0, "exploration": 0.0, "cold_start_quota": 0.0}
NO_ADAPTATION = {"stream_step": 0.0, "arrivals": 0.0, "push_per_stream": 0.0, "group_cost": 0.0}
URNS = 32
"""Urns in one world: one a category, each with one viewer who is interested in nothing else."""


def feed_world(heat_exponent: float, feed: dict[str, Any] | None = None, **settings: Any) -> Scenario:
    """Identical shops that stream daily, shown one at a time by a feed and entered by all."""
    rules = platform(
        {"recommend": 1.0}, heat_memory=0.0, pool=settings.pop("pool", 1.0),
        feed=PURE_FEED | {"heat_exponent": heat_exponent} | (feed or {}),
    )
    return scenario(
        {"feed": rules}, merchants=same_shops(), shopkeeping=NO_ADAPTATION,
        choice={"enter_bias": ALWAYS, "crowd_weight": 0.0, "trust_weight": 0.0},
        friendships={"local_ties": 0, "long_ties": 0.0}, **settings,
    )


@pytest.fixture(scope="module")
def audiences() -> tuple[np.ndarray, float]:
    """Visits by day and room under a uniform feed, and the mean that theory expects."""
    settings = feed_world(
        0.0, viewers=4_000, shops=60, days=40,
        people={"categories": 1, "activity_mean": 0.06, "max_occasions": 11},
    )
    model = model_of(settings)
    model.run()
    return model.journal.visits, float(model.viewers.activity.sum()) / 60


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
    audiences: tuple[np.ndarray, float]
) -> None:
    visits = audiences[0].astype(float)
    pairs = np.corrcoef(visits.T)[np.triu_indices(visits.shape[1], 1)]
    assert abs(pairs.mean()) < 4 / np.sqrt(len(pairs) * len(visits))
    days = np.corrcoef(visits[:-1].ravel(), visits[1:].ravel())[0, 1]
    assert abs(days) < 4 / np.sqrt(visits.size)


def urns(heat_exponent: float, colours: int, draws: int, worlds: int, **feed: float) -> np.ndarray:
    """Draws of each colour in many urns, shape (urns, colours).

    One viewer in each category watches exactly once a day and always enters: one draw a day.
    """
    settings = feed_world(
        heat_exponent, feed=dict(feed), viewers=URNS, shops=URNS * colours, days=draws, pool=100.0,
        people={"categories": URNS, "max_occasions": 1, "remembered_rooms": colours + 1,
                "activity_mean": 20.0, "activity_shape": 100.0},
    )
    found = []
    for world in range(worlds):
        model = model_of(settings, cast=draw_cast(settings, world))
        one_urn_a_category(model)
        journal = model.run()
        assert (journal.visits.reshape(draws, colours, URNS).sum(axis=1) == 1).all()
        found.append(journal.visits.sum(axis=0).reshape(colours, URNS).T)
    return np.concatenate(found)


def one_urn_a_category(model: LiveCommerceModel) -> None:
    """Deal merchants to categories in turn and give viewer i no interest but category i."""
    model.viewers.interest[:] = np.eye(URNS)
    model.merchants.category[:] = np.arange(len(model.merchants.category)) % URNS


def chi_square_of(counts: np.ndarray, law: Any, most: int) -> float:
    """p-value of whole numbers 0 .. most against `law`, classes pooled to at least 8 expected."""
    expected = law.pmf(np.arange(most + 1)) * len(counts)
    pooled = np.minimum((np.cumsum(expected) - expected / 2) // 12, expected.sum() // 12 - 1).astype(int)
    observed = np.bincount(pooled[counts], minlength=pooled.max() + 1)
    expected = np.bincount(pooled, weights=expected)
    kept = expected > 0
    assert expected[kept].min() >= 5
    return float(stats.chisquare(observed[kept], expected[kept]).pvalue)


@pytest.mark.parametrize("colours", [2, 4])
def test_a_heat_proportional_feed_is_polyas_urn(colours: int) -> None:
    """One ball of each colour at the start (the floor of heat) and one more a draw: the draws of a
    colour are beta-binomial(n, 1, k - 1), and their share tends to Beta(1, k - 1)."""
    draws = 30
    first = urns(1.0, colours, draws, worlds=25)[:, 0]
    assert chi_square_of(first, stats.betabinom(draws, 1, colours - 1), draws) > 1e-3
    luck = (np.random.default_rng(1).random(len(first)) + first) / (draws + 1)
    if colours == 2:  # uniform on 0 .. n, spread out to a continuous uniform
        assert stats.kstest(luck, "uniform").pvalue > 1e-3


def test_exploration_mixes_the_urn_with_even_draws() -> None:
    """With everything at random, draws are binomial whatever the heat."""
    draws, colours = 30, 4
    first = urns(1.0, colours, draws, worlds=12, exploration=1.0)[:, 0]
    assert chi_square_of(first, stats.binom(draws, 1 / colours), draws) > 1e-3


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
