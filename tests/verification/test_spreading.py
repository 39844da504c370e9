"""Shared links against known mathematics: branching processes and the Bass curve."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from simulation.scenario import Scenario
from simulation.state.ledger import ENDORSED_VISITS
from simulation.world.journal import Journal
from simulation.world.model import LiveCommerceModel
from tests.worlds import ALWAYS, model_of, platform, same_shops, scenario

EVERYONE_ENTERS = {"enter_bias": ALWAYS, "crowd_weight": 0.0, "trust_weight": 0.0, "friend_weight": 0.0,
                   "fatigue_weight": 0.0}
AMPLE_ATTENTION = {"activity_mean": 20.0, "activity_shape": 100.0, "max_occasions": 20,
                   "remembered_rooms": 64, "categories": 1, "side_interest": 0.0}


def equal_graph(friends: float) -> dict[str, Any]:
    """Friends anywhere, all with the same expected number: degrees are nearly Poisson."""
    return {"local_ties": 0, "long_ties": friends, "long_ties_shape": 100.0}


def spreading_world(channels: dict[str, float], friends: float, **settings: Any) -> Scenario:
    """Identical shops; whoever sees a room enters it; nobody buys; links are broadcast."""
    sharing = {"base_rate": 1.0, "direct_share": 0.0} | settings.pop("sharing")
    return scenario(
        {"arm": platform(channels, pool=5.0, feed={"slate_size": 1, "heat_exponent": 0.0})},
        merchants=same_shops(), people=AMPLE_ATTENTION, friendships=equal_graph(friends),
        choice=EVERYONE_ENTERS, purchase={"intercept": -20.0}, sharing=sharing,
        shopkeeping={"push_per_stream": 1.0, "stream_step": 0.0, "arrivals": 0.0, "group_cost": 0.0},
        **settings,
    )


def with_equal_willingness(settings: Scenario, willingness: float) -> LiveCommerceModel:
    model = model_of(settings)
    model.viewers.sharing[:] = willingness
    return model


def offspring_mean(model: LiveCommerceModel, notice: float) -> tuple[float, float]:
    """Mean links noticed from the first sharer, and from those who came by a link.

    Who comes by a link is chosen in proportion to friends, and its own sharer gains nothing by a
    link back, hence ``E[d (d - 1)] / E[d]``.
    """
    degrees = np.diff(model.friendships.start).astype(float)
    return notice * degrees.mean(), notice * (degrees * (degrees - 1)).mean() / degrees.mean()


@pytest.fixture(scope="module", params=[0.06, 0.12, 0.16])
def cascades(request: pytest.FixtureRequest) -> tuple[LiveCommerceModel, Journal, float]:
    """Rare chance visits, each shared with all friends, who pass the link on if they notice it."""
    settings = spreading_world(
        {"recommend": 1e-4, "share": 1.0}, friends=5.0, viewers=20_000, shops=100, days=40,
        sharing={"broadcast_notice": request.param, "max_waves": 1000},
    )
    model = with_equal_willingness(settings, 1.0)
    journal = model.run()
    return model, journal, request.param


def test_cascades_of_links_have_the_mean_size_of_a_branching_process(
    cascades: tuple[LiveCommerceModel, Journal, float]
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
    settings = spreading_world(
        {"recommend": 1e-4, "share": 1.0}, friends=5.0, viewers=5_000, shops=50, days=20,
        sharing={"broadcast_notice": 0.15, "max_waves": 1},
    )
    model = with_equal_willingness(settings, 1.0)
    journal = model.run()
    first, _ = offspring_mean(model, 0.15)
    sizes, count = journal.cascade_sizes, journal.cascade_sizes.sum()
    # Those of the only wave share too, but nobody gets those links.
    adopters = journal.totals[:, ENDORSED_VISITS].sum() / count
    assert adopters == pytest.approx(first, abs=4 * np.sqrt(first / count))
    assert sizes[0] / count == pytest.approx(np.exp(-first), abs=4 * np.sqrt(0.25 / count))


INNOVATION, IMITATION, FRIENDS = 0.004, 0.10, 100.0
SHARERS = 0.2
BASS_DAYS = 60


@pytest.fixture(scope="module")
def adoption() -> tuple[LiveCommerceModel, np.ndarray]:
    """Share of viewers who ever visited the only shop, by day (0 before the first).

    Innovators find the shop in a feed that few look at (chance p a day). Visitors join its group at
    once, come back daily by its link, and each day pass the link on with chance s to all friends,
    who notice it with chance n: with k friends a share ``q = k s n`` of links reaches anybody.
    """
    settings = spreading_world(
        {"recommend": INNOVATION / 20, "push": 0.4, "share": 0.6}, friends=FRIENDS, viewers=12_000,
        shops=1, days=BASS_DAYS,
        sharing={"broadcast_notice": IMITATION / (FRIENDS * SHARERS), "max_waves": 1},
        following={"base_rate": 1.0, "fade_floor": 0.0, "leave_rate": 0.0, "annoyance": 0.0},
    )
    model = with_equal_willingness(settings, SHARERS)
    ever = [0]
    while model.day < model.days:
        model.step()
        ever.append(np.count_nonzero(model.viewers.visited_by))
    return model, np.array(ever) / 12_000


def effective_parameters(model: LiveCommerceModel) -> tuple[float, float]:
    """p and q of Bass's model from the parameters and the mean number of friends drawn.

    Innovators of a day share on that very day, so that links come from a share ``F + p (1 - F)``
    of viewers: with chance p' of finding the shop and q' of a link if all share, the hazard
    ``p' + (1 - p') q' (F + p' (1 - F))`` is Bass's with the p and q returned, up to order p' squared.
    """
    friends = np.diff(model.friendships.start).mean()
    sharing = model.rules.sharing
    by_link = friends * sharing.base_rate * SHARERS * sharing.broadcast_notice
    by_chance = 1 - (1 - INNOVATION / 20) ** 20
    return by_chance * (1 + by_link), by_link * (1 - by_chance) ** 2


def test_the_hazard_of_adopting_rises_in_a_line_with_adopters(
    adoption: tuple[LiveCommerceModel, np.ndarray]
) -> None:
    """Bass (1969): of those left, a share ``p + q F`` adopts. Regression weighted by those left."""
    model, share = adoption
    p, q = effective_parameters(model)
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
    p, q = effective_parameters(model)
    recursion = [0.0]
    for _ in range(BASS_DAYS):
        recursion.append(recursion[-1] + (p + q * recursion[-1]) * (1 - recursion[-1]))
    assert np.abs(share - recursion).max() < 0.03
    decay = np.exp(-(p + q) * np.arange(BASS_DAYS + 1))
    assert np.abs(share - (1 - decay) / (1 + q / p * decay)).max() < 0.06
    assert share[-1] > 0.9
