"""The share of worlds in which a claim holds beyond luck, against worlds whose true effects are known."""

import numpy as np
import pytest

from simulation.ensembles.analysis import beyond_luck
from simulation.ensembles.analysis.beyond_luck import (
    EffectOverWorlds,
    common_luck,
    deconvolved,
    share_beyond_luck,
)

WORLDS, DRAWS = 60, 4


def drawn(luck: np.random.Generator, truth: np.ndarray, noise: float, common: float = 0.0) -> np.ndarray:
    """Effects of four draws, (worlds, draws): truth, luck of each, and luck that all worlds share."""
    shared = luck.normal(0.0, common, DRAWS) if common else np.zeros(DRAWS)
    return truth[:, None] + luck.normal(0.0, noise, (len(truth), DRAWS)) + shared


def test_luck_no_longer_draws_shares_towards_one_half(monkeypatch: pytest.MonkeyPatch) -> None:
    # True effects are normal around .8 with spread 1, so that 79% lie above 0; four draws of noise 2 know
    # each to within 1, so that 71% of their means do.
    monkeypatch.setattr(beyond_luck, "RESAMPLES", 1)
    luck = np.random.default_rng(1)
    shares, naive = [], []
    for _ in range(60):
        effects = drawn(luck, luck.normal(0.8, 1.0, WORLDS), 2.0)
        found = share_beyond_luck([EffectOverWorlds(effects, 0.0)], np.ones(WORLDS))
        assert found is not None
        shares.append(found[0])
        naive.append(float((effects.mean(axis=1) > 0).mean()))
    assert np.mean(naive) == pytest.approx(0.714, abs=0.02)
    assert np.mean(shares) == pytest.approx(0.788, abs=0.03)


def test_intervals_hold_the_truth_in_nine_cases_of_ten_with_luck_that_all_share(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beyond_luck, "RESAMPLES", 40)
    luck = np.random.default_rng(2)
    held = 0
    for _ in range(30):
        effects = drawn(luck, luck.normal(0.5, 1.0, WORLDS), 1.0, common=0.5)
        share, low, high = share_beyond_luck([EffectOverWorlds(effects, 0.0)], np.ones(WORLDS)) or (0, 0, 0)
        assert low <= share <= high
        held += low <= 0.691 <= high
    assert held >= 27


def test_a_reading_holds_where_all_its_tests_do() -> None:
    luck = np.random.default_rng(3)
    # One test holds in the even worlds, the other in all but every fourth: both in 1 of 4 of them.
    number = np.arange(WORLDS)
    one, other = np.where(number % 2, -3.0, 3.0), np.where(number % 4 == 0, -3.0, 3.0)
    tests = [EffectOverWorlds(drawn(luck, truth, 0.3), 0.0) for truth in (one, other)]
    share, *_ = share_beyond_luck(tests, np.ones(WORLDS)) or (0.0,)
    assert share == pytest.approx(0.25, abs=0.02)


def test_a_test_without_a_value_does_not_hold_but_might() -> None:
    effects = np.repeat(np.linspace(-1.0, 1.0, 40)[:, None], DRAWS, axis=1)
    effects[20:30] = np.nan  # of the upper half, one half has no value
    share, low, high = share_beyond_luck([EffectOverWorlds(effects, 0.0)], np.ones(40)) or (0.0, 0.0, 0.0)
    assert share == pytest.approx(0.25) and low < 0.2 and high > 0.6


def test_without_luck_it_is_the_plain_share_by_weight() -> None:
    effects = np.repeat(np.arange(40.0)[:, None], DRAWS, axis=1)
    weights = np.where(np.arange(40) < 10, 3.0, 1.0)
    share, low, high = share_beyond_luck([EffectOverWorlds(effects, 9.5)], weights) or (0.0, 0.0, 0.0)
    assert share == pytest.approx(0.5) and low < 0.4 and high > 0.6


def test_too_few_worlds_or_draws_say_nothing() -> None:
    few = np.ones((19, DRAWS))
    one_draw = np.full((30, DRAWS), np.nan)
    one_draw[:, 0] = 1.0
    assert share_beyond_luck([EffectOverWorlds(few, 0.0)], np.ones(19)) is None
    assert share_beyond_luck([EffectOverWorlds(one_draw, 0.0)], np.ones(30)) is None


def test_luck_that_all_worlds_share_is_found() -> None:
    luck = np.random.default_rng(4)
    alone = [common_luck(drawn(luck, np.zeros(200), 1.0)) for _ in range(40)]
    shared = [common_luck(drawn(luck, np.zeros(200), 1.0, common=1.0)) for _ in range(40)]
    assert np.mean(alone) < 0.05
    assert np.sqrt(np.mean(np.square(shared))) == pytest.approx(0.5, rel=0.2), "1 / sqrt(4 draws)"


def test_a_sharp_likelihood_gives_back_where_effects_lie() -> None:
    grid = np.linspace(-3.0, 3.0, 81)
    truth = np.random.default_rng(5).normal(0.0, 1.0, 400)
    likelihood = np.exp(-0.5 * ((truth[:, None] - grid) / 0.1) ** 2)
    found = deconvolved(likelihood, np.ones(400))
    assert found.sum() == pytest.approx(1.0)
    assert found @ grid == pytest.approx(truth.mean(), abs=0.05)
    assert found @ grid**2 - (found @ grid) ** 2 == pytest.approx(1.0, abs=0.15)
