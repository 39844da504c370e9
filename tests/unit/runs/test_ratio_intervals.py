"""Intervals of ratios: they hold the truth as often as they say, and say what paired differences say."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.runs.comparison import estimate
from simulation.runs.ratios import ratio_effects, ratio_estimate


def skewed_worlds(draw: np.random.Generator, worlds: int) -> tuple[np.ndarray, np.ndarray]:
    """Levels of a few worlds, and of the same with a tenth more, most of it in one or two of them."""
    other = draw.lognormal(-0.125, 0.5, worlds)  # mean 1
    return other + 0.1 * draw.lognormal(-0.5, 1.0, worlds), other


@pytest.mark.parametrize("worlds", [5, 6, 8, 10])
def test_few_skewed_worlds_hold_the_true_ratio_nearly_as_often_as_they_say(worlds: int) -> None:
    """And more often than an interval of the delta method, which takes the ratio's whole as known."""
    draw = np.random.default_rng(worlds)
    held = dict.fromkeys(("Fieller", "delta"), 0)
    for _ in range(1_000):
        side, other = skewed_worlds(draw, worlds)
        found = {"Fieller": ratio_estimate(side, other), "delta": estimate(ratio_effects(side, other))}
        for name, one in found.items():
            held[name] += one.low <= 0.1 <= one.high or not one.replications  # no ratio, no claim
    assert held["Fieller"] >= 880 and held["Fieller"] > held["delta"] + 20, held


@pytest.mark.parametrize("worlds", [2, 3, 5, 8])
def test_a_ratio_is_beyond_luck_where_the_paired_difference_is_and_only_there(worlds: int) -> None:
    draw, seen, apart = np.random.default_rng(worlds), set(), 0
    for _ in range(500):
        side, other = skewed_worlds(draw, worlds)
        found, plain = ratio_estimate(side, other), estimate(side - other)
        if not found.replications:
            continue
        assert found.beyond_luck == plain.beyond_luck
        assert found.mean == pytest.approx(side.mean() / other.mean() - 1.0)
        assert found.low <= found.mean <= found.high
        seen.add(found.beyond_luck)
        apart += estimate(ratio_effects(side, other)).beyond_luck != plain.beyond_luck
    assert {0, 1} <= seen and apart, "what the delta method says otherwise is among them"


def test_the_interval_of_a_ratio_is_counted_by_hand() -> None:
    side, other = np.array([6.0, 8.0, 10.0]), np.array([3.0, 5.0, 4.0])
    found = ratio_estimate(side, other)
    for end in (found.low, found.high):  # where the mean of side - rho other lies a half interval from zero
        left = estimate(side - (1.0 + end) * other)
        assert min(abs(left.low), abs(left.high)) == pytest.approx(0.0, abs=1e-12)
    same = ratio_estimate(2 * other, other)
    assert (same.mean, same.low, same.high) == (1.0, 1.0, 1.0)
    missing = ratio_estimate(np.append(side, np.nan), np.append(other, 7.0))
    assert missing == found
    one = ratio_estimate(np.array([6.0]), np.array([4.0]))
    assert one.mean == 0.5 and not one.has_interval and not one.beyond_luck
    assert np.isnan(ratio_estimate(np.full(4, 6.0), np.array([0.0, 0.0, 0.0, 8.0])).mean)
