"""Emulators of each kind follow what they can; screening finds what a fact feels."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from simulation.calibration.emulators.emulator import Emulator, validated
from simulation.calibration.emulators.kinds import KINDS
from simulation.calibration.emulators.screening import use_of
from simulation.calibration.facts import Fact

LUCK = np.random.default_rng(4)
PLACES = LUCK.random((150, 15))
FELT = np.exp(PLACES[:, 2]) + 2 * PLACES[:, 7] ** 2
FACT = Fact(id="f", measure="gmv", arm="a", low=2.0, high=3.0)


def test_what_is_felt_beats_all_shadows_and_what_is_not_does_not() -> None:
    uses, beats = use_of(PLACES, FELT)
    assert set(np.flatnonzero(beats == 1.0)) == {2, 7}
    assert uses[7] > uses[2] > uses[0]
    assert (use_of(PLACES, LUCK.normal(size=150))[1] == 1.0).sum() <= 2, "of noise next to nothing"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_explains_points_that_it_has_not_seen_and_says_how_surely(kind: str) -> None:
    noisy = FELT + np.random.default_rng(5).normal(0, 0.2, 150)
    found = validated(PLACES[:, [2, 7]], noisy, kind)
    assert found.explained > 0.8 and 0.8 <= found.coverage <= 0.98 and found.score < 0.3


def test_of_noise_nothing_is_explained_and_the_score_is_that_of_the_spread() -> None:
    noise = np.random.default_rng(6).normal(size=150)
    found = validated(PLACES[:, [2, 7]], noise, "polynomial")
    assert abs(found.explained) < 0.15
    assert found.score == pytest.approx(1 / math.sqrt(math.pi), abs=0.05)


def test_an_emulator_of_many_parameters_looks_at_the_most_used_and_names_those_that_it_feels() -> None:
    positions = pd.DataFrame(PLACES, columns=[f"key_{number}" for number in range(15)])
    emulator = Emulator.fit(FACT, positions, pd.Series(FELT))
    assert emulator is not None and {2, 7} <= set(emulator.columns) and len(emulator.columns) < 15
    assert set(emulator.felt) == {2, 7}
    there = np.full((2, 15), 0.5)
    there[1, 7] = 1.0  # 1.65 + 0.5 and 1.65 + 2
    assert emulator.chance_met(there) == pytest.approx([1.0, 0.0], abs=0.05)


def test_a_fact_that_feels_nothing_has_the_same_chance_everywhere() -> None:
    values = pd.Series(np.random.default_rng(7).normal(2.5, 0.5, 150))
    emulator = Emulator.fit(FACT, pd.DataFrame(PLACES), values)
    assert emulator is not None and len(emulator.felt) <= 2
    chance = emulator.chance_met(np.random.default_rng(8).random((50, 15)))
    assert chance.mean() == pytest.approx(0.68, abs=0.08) and np.ptp(chance) < 0.35
