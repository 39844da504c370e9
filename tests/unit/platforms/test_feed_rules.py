"""Rules of the feed, one by one: who gets the slots, what a cap does, what viewers are shown."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulation.platforms.channels import recommend
from simulation.scenario.sections.channels import Feed
from simulation.state.waves import new_wave
from simulation.world.morning import platforms_today
from tests.support.worlds import build_model, platform, scenario

UNIT = np.linspace(0.0, 1.0, 11)


def test_a_category_counts_in_the_feed_by_interest_and_only_while_somebody_is_live() -> None:
    assert recommend.relevance(0.3, 1.0, 1.0) == 0.3
    assert recommend.relevance(0.3, 1.0, 2.0) == pytest.approx(0.09)
    assert recommend.relevance(0.3, 0.0, 1.0) == recommend.relevance(0.3, 0.0, 0.0) == 0.0


def random_shares(count: int) -> list[tuple[np.ndarray, float]]:
    draw = np.random.default_rng(5)
    sizes = draw.integers(1, 15, count)
    return [(draw.dirichlet(np.full(size, 0.3)), float(draw.uniform(0.001, 1))) for size in sizes]


def test_capped_shares_never_exceed_the_cap_if_others_can_take_the_rest() -> None:
    for shares, cap in random_shares(500):
        found = recommend.capped(shares, cap)
        assert found.sum() == pytest.approx(1.0)
        assert found.min() >= 0 and (found.max() <= cap + 1e-9 or len(shares) * cap < 1)


def test_a_cap_never_turns_the_order_of_rooms_nor_lowers_one_below_it() -> None:
    for shares, cap in random_shares(500):
        found = recommend.capped(shares, cap)
        assert (np.diff(found[np.argsort(shares)]) >= -1e-12).all()
        assert (found >= np.minimum(shares, cap) - 1e-12).all()


def test_rooms_that_cannot_all_be_below_the_cap_share_what_is_left_by_heat() -> None:
    """Two rooms and a cap of a tenth: a tenth each, and four fifths by their shares."""
    np.testing.assert_allclose(recommend.capped(np.array([0.9, 0.1]), 0.1), [0.82, 0.18])
    np.testing.assert_allclose(recommend.capped(np.array([1.0]), 0.1), [1.0])


@pytest.mark.parametrize(("rooms", "floor", "by_heat"), [(2, 0.1, 0.8), (5, 0.1, 0.5), (20, 0.0, 1.0)])
def test_a_capped_feed_ranks_by_heat_however_few_are_live(rooms: int, floor: float, by_heat: float) -> None:
    """Scores 1 to n under a cap of a tenth: of 20 rooms none reaches it, of 2 or 5 all would have to."""
    feed = {"exploration": 0.0, "cold_start_quota": 0.0, "heat_exponent": 1.0, "exposure_cap": 0.1}
    scores = np.arange(1, rooms + 1)
    found = slots(list(scores - 1.0), [False] * rooms, **feed)
    np.testing.assert_allclose(found, floor + by_heat * scores / scores.sum())


def test_the_cap_passes_excess_on_in_proportion() -> None:
    np.testing.assert_allclose(recommend.capped(np.array([0.6, 0.3, 0.1]), 0.4), [0.4, 0.4, 0.2])
    np.testing.assert_allclose(recommend.capped(np.array([0.6, 0.2, 0.2]), 0.4), [0.4, 0.3, 0.3])
    np.testing.assert_allclose(recommend.capped(np.array([0.2, 0.3, 0.5]), 0.5), [0.2, 0.3, 0.5])
    np.testing.assert_allclose(recommend.capped(np.array([1.0, 0.0, 0.0]), 0.5), [0.5, 0.25, 0.25])
    own = np.array([0.1, 1.0, 1.0])
    np.testing.assert_allclose(recommend.capped(np.array([0.6, 0.3, 0.1]), own), [0.1, 0.675, 0.225])
    np.testing.assert_allclose(recommend.capped(np.array([0.05, 0.65, 0.3]), own), [0.05, 0.65, 0.3])


def slots(heat: list[float], new: list[bool], **feed: float) -> np.ndarray:
    quality = np.full(len(heat), 0.5, np.float32)
    settings = Feed(**feed)
    alone = np.zeros(len(heat), int)
    shares = recommend.slot_shares(alone, np.array(heat), quality, np.array(new), settings)
    return recommend.capped(shares, settings.exposure_cap)


def test_niches_share_their_slots_among_themselves() -> None:
    """Each as if alone: heats of 3 and 1, one of them new; and 7, 7 and 1, of which a cap bites one."""
    niche, heat = np.array([0, 0, 1, 1, 1]), [3.0, 1.0, 7.0, 7.0, 1.0]
    new = [False, True, False, False, False]
    settings = {"exploration": 0.1, "cold_start_quota": 0.2, "heat_exponent": 1.0, "exposure_cap": 1.0}
    quality = np.full(5, 0.5, np.float32)
    shares = recommend.slot_shares(niche, np.array(heat), quality, np.array(new), Feed(**settings))
    apart = [slots(heat[some], new[some], **settings) for some in (slice(2), slice(2, 5))]
    np.testing.assert_allclose(shares, np.concatenate(apart))
    kept = recommend.caps_kept(niche, shares, np.array([1.0, 1.0, 0.4, 1.0, 1.0]))
    np.testing.assert_allclose(kept[:2], shares[:2])
    np.testing.assert_allclose(kept[2:], recommend.capped(shares[2:], np.array([0.4, 1.0, 1.0])))


def test_a_guide_begins_at_the_first_room_that_exceeds_its_share() -> None:
    start, shares = np.array([0, 2, 2, 5]), np.array([0.25, 0.75, 0.5, 0.0, 0.5])
    cumulative, guide = np.empty(5), np.empty(5 * recommend.FINENESS, np.int32)
    recommend.lay_guides(start, shares, cumulative, guide)
    assert cumulative.tolist() == [0.25, 1.0, 0.5, 0.5, 1.0]
    for first, last in ((0, 2), (2, 5)):
        entries = recommend.FINENESS * (last - first)
        found = guide[recommend.FINENESS * first :][:entries]
        wanted = [first + int(np.argmax(cumulative[first:last] > k / entries)) for k in range(entries)]
        assert found.tolist() == wanted


def test_slots_go_by_heat_exploration_and_quota() -> None:
    pure = {"exploration": 0.0, "cold_start_quota": 0.0, "heat_exponent": 1.0}
    old = [False, False, False]
    np.testing.assert_allclose(slots([0, 1, 6], old, **pure), [0.1, 0.2, 0.7])
    np.testing.assert_allclose(slots([0, 1, 6], old, **pure | {"heat_exponent": 0.0}), [1 / 3] * 3)
    np.testing.assert_allclose(slots([0, 1, 6], old, **pure | {"exploration": 1.0}), [1 / 3] * 3)
    one_new = [True, False, False]
    with_quota = slots([0, 1, 6], one_new, **pure | {"cold_start_quota": 0.5})
    np.testing.assert_allclose(with_quota, [0.55, 0.1, 0.35])
    # A quota for which nobody is new enough falls back to heat.
    np.testing.assert_allclose(slots([0, 1, 6], old, **pure | {"cold_start_quota": 0.5}), [0.1, 0.2, 0.7])


def test_a_feed_shows_rooms_by_interest_and_share_of_slots() -> None:
    """Category by interest among those in which somebody is live, then room by its share."""
    feed = {"slate_size": 1, "heat_exponent": 1.0, "quality_weight": 0.0, "exploration": 0.2}
    model = build_model(
        scenario(
            {"arm": platform({"recommend": 1.0}, feed=feed)},
            viewers=20_000,
            shops=6,
            days=1,
            people={"categories": 3},
            friendships={"local_ties": 0, "long_ties": 0.0},
        )
    )
    merchants, viewers = model.stores, model.viewers
    merchants.category[:6], merchants.live[:6] = [0, 0, 1, 1, 1, 2], [1, 1, 1, 1, 1, 0]
    merchants.heat[:6] = [0, 3, 5, 0, 1, 50]
    viewers.interest[:] = [0.2, 0.6, 0.9]
    wave = new_wave(20_000)
    wave.rows[0] = 20_000
    wave.viewer[:], wave.occasion[:], wave.surface[:] = np.arange(20_000), 0, 0
    (today,) = platforms_today(model, model.locations.occasions, model.interventions.supported)
    recommend.offer(today, recommend.prepare(today), wave, 0)
    assert (wave.options == 1).all()
    by_heat = 0.8 * np.array([1 / 5, 4 / 5, 6 / 9, 1 / 9, 2 / 9]) + 0.2 / np.array([2, 2, 3, 3, 3])
    expected = by_heat * np.array([0.25, 0.25, 0.75, 0.75, 0.75]) * 20_000
    shown = np.bincount(wave.room[:, 0], minlength=6)
    assert shown[5] == 0 and stats.chisquare(shown[:5], expected).pvalue > 1e-3
