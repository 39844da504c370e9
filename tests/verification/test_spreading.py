"""Shared links against known mathematics: branching processes and the Bass curve."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from simulation.state.ledger import ENDORSED_VISITS
from simulation.validation.mathematics import worlds as worlds
from simulation.validation.mathematics.worlds import cascading_model, offspring_mean
from simulation.world.journal import Journal
from simulation.world.model import LiveCommerceModel

BASS_DAYS = 60


@pytest.fixture(scope="module", params=[0.06, 0.12, 0.16])
def cascades(request: pytest.FixtureRequest) -> tuple[LiveCommerceModel, Journal, float]:
    model = cascading_model(request.param)
    journal = worlds.finish(model)
    return model, journal, request.param


def test_cascades_of_links_have_the_mean_size_of_a_branching_process(
    cascades: tuple[LiveCommerceModel, Journal, float],
) -> None:
    """Adopters a cascade: ``m_0 / (1 - m)`` for mean offspring m (m_0 of the first sharer)."""
    model, journal, notice = cascades
    first, later = offspring_mean(model, notice)
    count = journal.cascade_sizes.sum()
    adopters = journal.totals[:, ENDORSED_VISITS].sum() / count
    spread = np.sqrt(first / (1 - later) ** 3 / count)
    assert count > 1000
    assert abs(adopters - first / (1 - later)) < 4 * spread


def test_cascades_of_links_have_borel_sizes(cascades: tuple[LiveCommerceModel, Journal, float]) -> None:
    """Offspring is Poisson on a graph with Poisson degrees, so that totals follow Borel's law:
    ``P(n) = exp(-m n) (m n)^(n - 1) / n!`` (Otter-Dwass), n adopters and the first sharer."""
    model, journal, notice = cascades
    mean = offspring_mean(model, notice)[1]
    totals = np.arange(1, 7)
    law = stats.poisson.pmf(totals - 1, mean * totals) / totals
    expected = np.append(law, 1 - law.sum()) * journal.cascade_sizes.sum()
    observed = np.append(journal.cascade_sizes[:6], journal.cascade_sizes[6:].sum())
    assert stats.chisquare(observed, expected).pvalue > 1e-3


def test_links_stop_after_the_last_wave() -> None:
    model = cascading_model(0.15, viewers=5_000, shops=50, days=20, max_waves=1)
    journal = worlds.finish(model)
    first, _ = offspring_mean(model, 0.15)
    sizes, count = journal.cascade_sizes, journal.cascade_sizes.sum()
    # Those of the only wave share too, but nobody gets those links.
    adopters = journal.totals[:, ENDORSED_VISITS].sum() / count
    assert adopters == pytest.approx(first, abs=4 * np.sqrt(first / count))
    assert sizes[0] / count == pytest.approx(np.exp(-first), abs=4 * np.sqrt(0.25 / count))


@pytest.fixture(scope="module")
def adoption() -> tuple[LiveCommerceModel, np.ndarray]:
    """Share of viewers who ever visited the only shop, by day (0 before the first)."""
    model = worlds.adopting_model(viewers=12_000, days=BASS_DAYS)
    return model, worlds.shares_adopted(model)


def test_the_hazard_of_adopting_rises_in_a_line_with_adopters(
    adoption: tuple[LiveCommerceModel, np.ndarray],
) -> None:
    """Bass (1969): of those left, a share ``p + q F`` adopts. Regression weighted by those left."""
    model, share = adoption
    p, q = worlds.bass_parameters(model)
    left, new = 1 - share[:-1], np.diff(share)
    usable = left > 0.02
    hazard, before = (new / left)[usable], share[:-1][usable]
    slope, intercept = np.polyfit(before, hazard, 1, w=np.sqrt(left[usable] / (p + q * before)))
    assert slope == pytest.approx(q, rel=0.08)
    assert intercept == pytest.approx(p, rel=0.15)
    assert np.corrcoef(before, hazard)[0, 1] > 0.9


def test_adopters_follow_the_bass_curve(adoption: tuple[LiveCommerceModel, np.ndarray]) -> None:
    """``F(t) = (1 - e) / (1 + q/p e)``, ``e = exp(-(p + q) t)``, and its recursion in whole days."""
    model, share = adoption
    p, q = worlds.bass_parameters(model)
    recursion = [0.0]
    for _ in range(BASS_DAYS):
        recursion.append(recursion[-1] + (p + q * recursion[-1]) * (1 - recursion[-1]))
    assert np.abs(share - recursion).max() < 0.03
    decay = np.exp(-(p + q) * np.arange(BASS_DAYS + 1))
    assert np.abs(share - (1 - decay) / (1 + q / p * decay)).max() < 0.06
    assert share[-1] > 0.9


def test_targeted_links_reach_friends_whom_the_room_suits_and_no_more_of_them() -> None:
    """With targeting, those who come by direct links fit better; the number of links stays."""
    from simulation.behaviour.choosing import room_fit
    from tests.support.worlds import build_model, platform, scenario

    fits, noticed = [], []
    for targeting in (0.0, 6.0):
        model = build_model(
            scenario(
                {"links": platform({"push": 1.0, "share": 1.0})},
                viewers=2_000,
                shops=20,
                sharing={
                    "base_rate": 0.3,
                    "direct_share": 1.0,
                    "direct_notice": 1.0,
                    "targeting": targeting,
                    "max_waves": 1,
                },
            )
        )
        seen: list[float] = []
        count = 0
        for _ in range(10):
            model.step()
            links, last = model._post.links, model._post.count
            count += last
            seen += [
                room_fit(model.world, viewer, store)
                for viewer, store in zip(links.receiver[:last], links.store[:last], strict=True)
            ]
        model.close()
        fits.append(np.mean(seen))
        noticed.append(count)
    assert fits[1] > fits[0] + 0.1
    assert noticed[1] == pytest.approx(noticed[0], rel=0.25)
