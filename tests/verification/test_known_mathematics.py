"""The checks against known mathematics pass, and each of them can fail."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulation.pages.evidence.figures.mathematics import figures, sentence
from simulation.state.ties import SUBSCRIBED
from simulation.validation.mathematics import checks as known
from simulation.validation.mathematics.laws import (
    adopters_of_a_cascade,
    bass_by_days,
    beta_binomial_urn,
    in_classes,
    reinforced_urn_leader,
)
from simulation.world.model import LiveCommerceModel


@pytest.fixture(scope="module", params=[7, 8])
def checks(request: pytest.FixtureRequest) -> list[known.Check]:
    return known.run_checks(seed=request.param)


def test_every_check_passes(checks: list[known.Check]) -> None:
    assert [check.id for check in checks] == [check.__name__ for check in known.CHECKS]
    assert [sentence(check) for check in checks if not check.passed] == []


def test_every_figure_shows_what_was_counted_and_the_law(checks: list[known.Check]) -> None:
    shown = figures(checks)
    assert [title for title, _, _ in shown] == [check.title for check in checks]
    for check, (_, text, figure) in zip(checks, shown, strict=True):
        assert check.statement in text and "Passed" in text
        assert len(figure.data) >= 2
        assert list(check.observed["x"]) == list(check.expected["x"])


def take_a_fen(model: LiveCommerceModel) -> None:
    if model.day == 5:
        model.stores.cash[0] -= 1


def invent_a_visit(model: LiveCommerceModel) -> None:
    if model.day == 5:
        model.ledger.stores[0, 0] += 1


def lose_a_follower(model: LiveCommerceModel) -> None:
    if model.day == 5:
        viewers, slots = np.nonzero(model.ties.flags & SUBSCRIBED)
        model.ties.flags[viewers[0], slots[0]] &= ~np.uint8(SUBSCRIBED)


WRONG: dict[str, Callable[[], known.Check]] = {
    "Poisson audiences though heat counts": lambda: known.poisson_audiences(heat_exponent=1.0),
    "Polya's urn though heat does not count": lambda: known.polya_urn(heat_exponent=0.0),
    "Polya's urn though heat counts a little less": lambda: known.polya_urn(heat_exponent=0.8),
    "winner takes all though heat counts in proportion": lambda: known.winner_takes_all(heat_exponent=1.0),
    "cascades of another chance to notice": lambda: known.cascade_sizes(expected_notice=0.14),
    "another half-life": lambda: known.half_life(expected_days=9.01),
    "another imitation": lambda: known.bass_curve(expected_imitation=1.1 * known.IMITATION),
    "a fen that is gone": lambda: known.conservation(meddle=take_a_fen),
    "a visit that nobody made": lambda: known.conservation(meddle=invent_a_visit),
    "a follower whom nobody lost": lambda: known.conservation(meddle=lose_a_follower),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_no_check_passes_what_is_wrong(wrong: str) -> None:
    found = WRONG[wrong]()
    assert not found.passed, found.value
    assert "Failed" in sentence(found)


def test_every_check_is_shown_to_fail() -> None:
    """Each check stands in `WRONG` at least once."""
    named = {name for make in WRONG.values() for name in make.__code__.co_names}
    assert {check.__name__ for check in known.CHECKS} <= named


def test_a_missing_value_does_not_pass(checks: list[known.Check]) -> None:
    for at_least in (True, False):
        first = checks[0]
        check = known.Check(
            first.id,
            first.title,
            first.statement,
            first.observed,
            first.expected,
            first.statistic,
            float("nan"),
            0.0,
            at_least,
        )
        assert not check.passed


@pytest.mark.parametrize("exponent", [0.0, 1.0])
def test_the_leader_of_an_urn_follows_the_laws_known_for_it(exponent: float) -> None:
    """Reinforced evenly or in proportion, one colour is binomial or uniform; the leader is its fold."""
    draws = 7
    one = beta_binomial_urn(draws, 2) if exponent else np.array([1, 7, 21, 35, 35, 21, 7, 1]) / 2**7
    expected = np.append(np.zeros(4), one[4:] + one[3::-1])
    np.testing.assert_allclose(reinforced_urn_leader(draws, exponent), expected, atol=1e-12)
    assert reinforced_urn_leader(8, exponent).sum() == pytest.approx(1.0)


def test_cascades_have_the_mean_of_a_branching_process() -> None:
    chances = adopters_of_a_cascade(400, 0.7, 0.6)
    assert chances.sum() == pytest.approx(1.0)
    assert chances @ np.arange(401) == pytest.approx(0.7 / (1 - 0.6))
    assert chances[0] == pytest.approx(np.exp(-0.7))


def test_bass_by_days_is_the_bass_curve_where_days_are_short() -> None:
    """``F(t) = (1 - e) / (1 + q/p e)``, ``e = exp(-(p + q) t)``; chance shrinks with the crowd."""
    p, q, finer = 0.004, 0.1, 50
    share, spread = bass_by_days(p / finer, q / finer, 60 * finer, 1000)
    decay = np.exp(-(p + q) * np.arange(61))
    np.testing.assert_allclose(share[::finer], (1 - decay) / (1 + q / p * decay), atol=1e-3)
    np.testing.assert_allclose(bass_by_days(p, q, 60, 4000)[1] * 2, bass_by_days(p, q, 60, 1000)[1])
    assert spread[0] == 0


def test_the_spread_of_bass_is_that_of_chains_drawn() -> None:
    """The linear noise approximation against a thousand crowds drawn person by person."""
    p, q, people, luck = 0.005, 0.1, 3000, np.random.default_rng(1)
    adopters = np.zeros(1000, int)
    for _ in range(30):
        chance = 1 - np.exp(-(p + q * adopters / people))
        adopters += luck.binomial(people - adopters, chance)
    share, spread = bass_by_days(p, q, 30, people)
    assert adopters.mean() / people == pytest.approx(share[-1], abs=4 * spread[-1] / np.sqrt(1000) + 1e-3)
    assert adopters.std() / people == pytest.approx(spread[-1], rel=0.1)


def test_classes_hold_every_case_and_enough_of_each() -> None:
    counts = np.random.default_rng(2).poisson(3.0, 500)
    chances = adopters_of_a_cascade(3, 3.0, 0.0)  # Poisson with mean 3
    observed, expected = in_classes(counts, chances)
    assert list(observed["x"]) == ["0", "1", "2", "3", "4+"]
    assert observed["observed"].sum() == 500
    assert expected["expected"].sum() == pytest.approx(500)
    assert (expected["expected"] >= 10).all()
    assert ((expected["low"] <= expected["expected"]) & (expected["expected"] <= expected["high"])).all()
