"""Ties against known mathematics: exponential fading, leaving at the floor, constant hazard."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from simulation.measures import Outcome, measure_all
from simulation.measures.tables import fan_survival
from simulation.state.ledger import MUTES
from simulation.state.rules.ties import current_trust
from simulation.state.ties import SUBSCRIBED, fading_table
from simulation.validation.mathematics.worlds import quiet_world
from simulation.world.model import LiveCommerceModel
from tests.support.worlds import build_model

WEEK = 7
HALF_LIFE, FLOOR = 9.0, 0.12
HAZARD = 0.08


@pytest.fixture(scope="module")
def fading() -> tuple[LiveCommerceModel, list[np.ndarray]]:
    """A run in which trust only fades, and who followed whom after each day."""
    model = build_model(
        quiet_world(
            60,
            trust={"half_life": HALF_LIFE},
            following={"fade_floor": FLOOR, "leave_rate": 0.0, "annoyance": 0.0},
        )
    )
    following = []
    while model.day < model.days:
        model.step()
        following.append(model.ties.flags & SUBSCRIBED > 0)
    return model, following


@pytest.mark.parametrize("half_life", [1.0, 7.0, 60.0, 1000.0])
def test_trust_without_contact_halves_every_half_life(half_life: float) -> None:
    ages = np.arange(366)
    expected = 2.0 ** (-ages / half_life)
    np.testing.assert_allclose(fading_table(half_life, 365), expected, rtol=1e-6, atol=1e-38)


def test_trust_read_in_a_run_is_the_exponential(fading: tuple[LiveCommerceModel, list[np.ndarray]]) -> None:
    model, _ = fading
    table = fading_table(HALF_LIFE, model.days)
    viewers, slots = np.nonzero(model.ties.store >= 0)
    assert len(viewers) > 1000
    for viewer, slot in list(zip(viewers, slots, strict=True))[::50]:
        start = model.ties.trust[viewer, slot]
        for day in (0, 9, 18, 45):
            found = current_trust(model.ties, viewer, slot, day, table)
            assert found == pytest.approx(start * 2.0 ** (-day / HALF_LIFE), rel=1e-5)
    np.testing.assert_array_equal(model.ties.touched[viewers, slots], 0)


def test_fans_leave_at_the_first_review_below_the_floor(
    fading: tuple[LiveCommerceModel, list[np.ndarray]],
) -> None:
    """Viewer v looks over its ties on days t with (v + t) divisible by seven."""
    model, following = fading
    held = model.ties.store >= 0
    start = np.where(held, model.ties.trust, 0.0).astype(float)
    age = np.full(start.shape, -1.0)
    np.log2(start / FLOOR, out=age, where=held)
    age *= HALF_LIFE
    viewers = np.arange(len(start))[:, None]
    expected = held.copy()
    for day, now in enumerate(following):
        due = (viewers + day) % WEEK == 0
        expected &= ~(due & (day > age))
        unclear = np.abs(day - age) < 1e-4
        np.testing.assert_array_equal(now[~unclear], expected[~unclear])
        expected = now.copy()
    assert model.stores.fans.sum() < 0.05 * np.count_nonzero(held)


@pytest.fixture(scope="module")
def leaving() -> LiveCommerceModel:
    """A run in which fans leave for no reason at all, with the same chance every week."""
    model = build_model(
        quiet_world(
            20 * WEEK,
            trust={"half_life": 1000.0},
            following={"fade_floor": 0.0, "leave_rate": HAZARD, "annoyance": 0.0}
            | {"tenure_slope": 0.0, "trust_hold": 0.0, "referred_factor": 1.0},
        )
    )
    model.run()
    return model


def test_a_constant_hazard_gives_geometric_survival(leaving: LiveCommerceModel) -> None:
    """Of n fans, ``n h (1 - h)^(w - 1)`` leave at their w-th weekly review."""
    journal = leaving.journal
    fans = np.count_nonzero(leaving.ties.store >= 0)
    weeks = np.arange(20)
    lost = journal.lost_at_age[: 20 * WEEK].reshape(20, WEEK).sum(axis=1)
    expected = fans * HAZARD * (1 - HAZARD) ** weeks
    stayed = fans - lost.sum()
    assert fans > 2000
    observed, theory = np.append(lost, stayed), np.append(expected, fans * (1 - HAZARD) ** 20)
    assert stats.chisquare(observed, theory).pvalue > 1e-3


def test_survival_table_is_geometric(leaving: LiveCommerceModel) -> None:
    survival = fan_survival(Outcome.from_model(leaving))
    ends = survival[WEEK - 1 :: WEEK]
    np.testing.assert_allclose(ends, (1 - HAZARD) ** np.arange(1, len(ends) + 1), atol=0.03)


def test_half_life_of_a_fan_is_that_of_the_hazard(leaving: LiveCommerceModel) -> None:
    """``ln 2 / h`` weeks; the exposure is counted at the end of days, after those who left."""
    found = measure_all(Outcome.from_model(leaving))["fan_half_life_days"]
    assert found == pytest.approx(WEEK * math.log(2) / HAZARD, rel=0.08)
    assert found == pytest.approx(WEEK * math.log(2) / -math.log(1 - HAZARD), rel=0.05)


def test_annoyance_mutes_or_drives_out_in_the_given_proportion() -> None:
    """With one message surely annoying, a share `mute_share` mutes and the others leave."""
    model = build_model(
        quiet_world(
            15,
            trust={"half_life": 1000.0},
            following={"fade_floor": 0.0, "leave_rate": 0.0, "annoyance": 1.0, "mute_share": 0.7},
        )
    )
    model.run()
    fans = np.count_nonzero(model.ties.store >= 0)
    muted = model.journal.totals[:, MUTES].sum()
    lost = model.journal.lost_at_age.sum()
    assert muted + lost == fans
    assert muted == pytest.approx(0.7 * fans, abs=4 * math.sqrt(0.21 * fans))


def test_a_member_won_back_has_only_the_trust_that_is_left() -> None:
    """Somebody who left long ago and joins the group again starts from faded or initial trust."""
    model = build_model(
        quiet_world(
            40,
            trust={"half_life": 3.0, "initial_follow": 0.05},
            walk_ins=40_000.0,
            following={"fade_floor": FLOOR, "leave_rate": 0.0, "annoyance": 0.0},
        )
    )
    model.step()
    before = model.ties.trust.copy()
    held = model.ties.store.copy()
    model.run()
    ties = model.ties
    back = (held >= 0) & (ties.store == held) & (ties.since > 0)
    assert np.count_nonzero(back) > 100
    first = np.minimum(1.0, 0.05 * 2.0 * model.viewers.trusting)[:, None]
    faded = before * 2.0 ** (-np.maximum(ties.since, 0) / 3.0)
    bound = np.maximum(faded, first)
    assert (ties.trust[back] <= bound[back] + 1e-5).all()
