"""The friendship graph: its laws, and that it changes no more than it must."""

from __future__ import annotations

from collections import Counter
from typing import Any

import igraph
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from simulation.scenario import Scenario
from simulation.state.columns import FriendshipGraph
from simulation.state.luck import replicate_key
from simulation.world.cast.friends import STRENGTH_CONCENTRATION, draw_friendships
from simulation.world.cast.long_ties import (
    UNITS,
    Circle,
    consistent_place,
    count_acquaintances,
    draw_acquaintances,
    expected_ties,
    long_ties,
    whose,
)
from simulation.world.cast.neighbourhoods import local_ties
from tests.support.worlds import preset, scenario

KEY = replicate_key(7, 0)
FRIENDSHIPS = scenario({"feed": preset("taobao_live")}).friendships


class Luck:
    """Random numbers as igraph asks for them."""

    def __init__(self) -> None:
        self._numbers = np.random.default_rng(5)

    def random(self) -> float:
        return float(self._numbers.random())

    def randint(self, low: int, high: int) -> int:
        return int(self._numbers.integers(low, high + 1))

    def gauss(self, mean: float, deviation: float) -> float:
        return float(self._numbers.normal(mean, deviation))


def asked(viewers: int, arcs: int = 1, isolated: int = 0, **friendships: Any) -> Scenario:
    """A world of `viewers` viewers and `arcs` arcs."""
    return scenario(
        {"feed": preset("taobao_live")},
        viewers=viewers,
        shops=8 * arcs,
        world={"merchants_per_niche": 1.0, "isolated_viewers": isolated},
        friendships=friendships,
    )


def drawn(viewers: int, arcs: int = 1, isolated: int = 0, **friendships: Any) -> FriendshipGraph:
    return draw_friendships(asked(viewers, arcs, isolated, **friendships), KEY)


def pairs(graph: FriendshipGraph) -> dict[tuple[int, int], float]:
    """Strength by viewer and friend, in both directions."""
    owner = np.repeat(np.arange(len(graph.start) - 1), np.diff(graph.start))
    found = dict(zip(zip(owner.tolist(), graph.friend.tolist(), strict=True), graph.strength, strict=True))
    assert len(found) == len(owner), "somebody is twice in a row"
    return found


def assert_simple(graph: FriendshipGraph) -> None:
    """No loops, no doubles, both directions of a tie with one strength."""
    ties = pairs(graph)
    assert all(one != other and ties.get((other, one)) == strength for (one, other), strength in ties.items())
    assert not len(graph.strength) or 0 <= graph.strength.min() <= graph.strength.max() <= 1


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(1, 4),
    st.integers(0, 5),
    st.fixed_dictionaries(
        {
            "neighbourhood_size": st.integers(3, 70),
            "local_ties": st.integers(0, 40),
            "rewiring": st.sampled_from([0.0, 1e-12, 0.3, 1.0]),
            "long_ties": st.sampled_from([0.0, 1e-12, 1.0, 100.0]),
            "long_ties_shape": st.sampled_from([0.1, 1.2, 100.0]),
        }
    ),
)
def test_every_world_has_a_simple_graph(
    viewers: int, arcs: int, isolated: int, friendships: dict[str, Any]
) -> None:
    isolated = min(isolated, viewers)
    graph = drawn(viewers, arcs, isolated, **friendships)
    assert_simple(graph)
    assert graph.start[0] == 0 and graph.start[viewers - isolated] == len(graph.friend) == graph.start[-1]


@pytest.mark.parametrize(("viewers", "most"), [(1, 0), (2, 1), (3, 3), (10, 45)])
def test_in_a_small_world_with_many_ties_everybody_knows_everybody(viewers: int, most: int) -> None:
    graph = drawn(viewers, long_ties=100.0, long_ties_shape=100.0)
    assert len(graph.friend) == 2 * most


def test_nobody_has_friends_where_there_are_no_ties() -> None:
    assert len(drawn(500, local_ties=0, long_ties=0.0).friend) == 0


def test_without_rewiring_neighbours_on_the_ring_are_friends() -> None:
    graph = drawn(12, neighbourhood_size=6, local_ties=4, rewiring=0.0, long_ties=0.0)
    for first in (0, 6):
        for viewer in range(6):
            here = graph.friend[graph.start[first + viewer] : graph.start[first + viewer + 1]]
            assert sorted(here) == sorted(first + (viewer + step) % 6 for step in (-2, -1, 1, 2))


def degrees_and_clustering(ties: np.ndarray, members: int, many: int) -> tuple[np.ndarray, float]:
    """Degrees in `many` neighbourhoods, and the mean of their clustering coefficients."""
    of = ties.min(axis=1) // members
    graphs = [
        igraph.Graph(members, (ties[of == number] - number * members).tolist()) for number in range(many)
    ]
    return np.concatenate([g.degree() for g in graphs]), np.mean(
        [g.transitivity_undirected() for g in graphs]
    )


@pytest.mark.parametrize(("rewiring", "members", "near"), [(0.1, 150, 5), (0.5, 60, 3), (1.0, 40, 4)])
def test_neighbourhoods_are_small_worlds_as_igraph_draws_them(
    rewiring: float, members: int, near: int
) -> None:
    many = 120
    rules = FRIENDSHIPS.model_copy(
        update={"rewiring": rewiring, "neighbourhood_size": members, "local_ties": 2 * near}
    )
    ties = local_ties(rules, many * members, KEY)
    assert (ties[:, 0] // members == ties[:, 1] // members).all() and len(ties) == many * members * near
    igraph.set_random_number_generator(Luck())
    theirs = np.concatenate(
        [
            np.array(igraph.Graph.Watts_Strogatz(1, members, near, rewiring).get_edgelist()) + n * members
            for n in range(many)
        ]
    )
    degrees, clustering = degrees_and_clustering(ties, members, many)
    their_degrees, their_clustering = degrees_and_clustering(theirs, members, many)
    assert degrees.mean() == their_degrees.mean() == 2 * near
    assert degrees.var() == pytest.approx(their_degrees.var(), rel=0.06)
    ours, others = (np.quantile(found, [0.05, 0.5, 0.95]) for found in (degrees, their_degrees))
    assert abs(ours - others).max() <= 1
    assert clustering == pytest.approx(their_clustering, rel=0.04)


@pytest.mark.parametrize("shape", [0.4, 1.2, 20.0])
def test_long_ties_follow_the_chance_of_each_pair(shape: float) -> None:
    """Degrees against the sums of ``1 - exp(-w_i w_j / W)`` over all others: means and variances."""
    viewers, worlds = 400, 60
    rules = FRIENDSHIPS.model_copy(update={"long_ties_shape": shape})
    seen = np.zeros(viewers)
    spread = np.zeros(viewers)
    wanted = expected_ties(rules, viewers, KEY)
    chance = 1 - np.exp(-np.outer(wanted, wanted) / wanted.sum())
    np.fill_diagonal(chance, 0)
    for world in range(worlds):  # the same people, another luck
        key = replicate_key(world, 1)
        ties = in_world(rules, wanted, key)
        counts = np.bincount(ties.ravel(), minlength=viewers)
        seen += counts
        spread += counts.astype(float) ** 2
    mean = seen / worlds
    expected, within = chance.sum(axis=1), (chance * (1 - chance)).sum(axis=1)
    assert mean.mean() == pytest.approx(expected.mean(), rel=0.02)
    score = (mean - expected) / np.sqrt(np.maximum(within, 1e-9) / worlds)
    assert abs(score[expected > 0.5]).max() < 4.8 and score[expected > 0.5].std() == pytest.approx(
        1, abs=0.15
    )
    variance = (spread / worlds - mean**2) * worlds / (worlds - 1)
    assert variance.mean() == pytest.approx(within.mean(), rel=0.1)


def in_world(rules: Any, wanted: np.ndarray, key: np.uint64) -> np.ndarray:
    """Long ties of viewers of given sociability, none twice."""
    edges = np.concatenate([[0], np.cumsum(np.rint(wanted * UNITS).astype(np.int64))])
    circle = Circle(edges, 0, key)
    start = np.zeros(len(edges), np.int64)
    count_acquaintances(circle, start[1:])
    start = np.cumsum(start)
    ties = np.empty((int(start[-1]), 2), np.int32)
    draw_acquaintances(circle, start, ties)
    return np.unique(np.sort(ties[ties[:, 0] != ties[:, 1]], axis=1), axis=0)


def test_everybody_has_as_many_friends_as_the_parameters_say() -> None:
    degrees = np.diff(drawn(6_000, arcs=3).start)
    rules = FRIENDSHIPS
    assert degrees.mean() == pytest.approx(rules.local_ties + rules.long_ties, rel=0.02)
    local = rules.local_ties * rules.rewiring * (2 - rules.rewiring)  # ends that leave, and that come
    long = rules.long_ties + rules.long_ties**2 / rules.long_ties_shape  # Poisson of gamma
    assert degrees.var() == pytest.approx(local + long, rel=0.08)


def test_long_ties_reach_over_an_arc_and_everywhere_where_there_is_one() -> None:
    """Distances in arcs are a sum of four even steps of an arc: variance 4 / 12, never beyond 2."""
    viewers, arcs = 6_000, 6
    ties = long_ties(FRIENDSHIPS, viewers, arcs, KEY).astype(int)
    apart = (ties[:, 1] - ties[:, 0] + viewers // 2) % viewers - viewers // 2
    apart = apart * arcs / viewers
    assert abs(apart).max() < 2.2 and apart.var() == pytest.approx(4 / 12, rel=0.1)
    assert apart.mean() == pytest.approx(0, abs=0.03)
    everywhere = long_ties(FRIENDSHIPS, viewers, 1, KEY)
    assert stats.kstest(everywhere[:, 1], stats.uniform(0, viewers).cdf).statistic < 0.05


def test_strengths_are_two_beta_distributions() -> None:
    rules = FRIENDSHIPS
    local = drawn(3_000, long_ties=0.0, rewiring=0.0).strength
    share, many = rules.close_share, STRENGTH_CONCENTRATION

    def law(x: np.ndarray) -> np.ndarray:
        close = stats.beta(rules.close_strength * many, (1 - rules.close_strength) * many).cdf(x)
        loose = stats.beta(rules.loose_strength * many, (1 - rules.loose_strength) * many).cdf(x)
        return share * close + (1 - share) * loose

    assert stats.kstest(local, law).statistic < 0.01
    far = drawn(3_000, local_ties=0).strength
    loose = stats.beta(rules.loose_strength * many, (1 - rules.loose_strength) * many)
    assert stats.kstest(far, loose.cdf).statistic < 0.015


@pytest.mark.parametrize("arcs", [1, 4])
def test_a_further_viewer_changes_few_ties_of_others(arcs: int) -> None:
    """A neighbourhood of the last 150 is drawn anew; of the rest hardly anything is, but where there are arcs
    ties over the seam, at which the last viewer is followed by the first."""
    before, after = pairs(drawn(6_000, arcs)), pairs(drawn(6_001, arcs))
    settled = 6_000 - 150

    def of_others(ties: dict[tuple[int, int], float]) -> set[tuple[tuple[int, int], float]]:
        return {
            (tie, float(strength))
            for tie, strength in ties.items()
            if max(tie) < settled and (arcs == 1 or abs(tie[0] - tie[1]) < 3_000)
        }

    changed = len(of_others(before) ^ of_others(after))
    assert changed < 0.003 * len(before)


def test_isolated_viewers_change_nobody_s_ties() -> None:
    assert pairs(drawn(400)) == pairs(drawn(470, isolated=70))


def test_places_are_drawn_evenly_and_move_to_new_ones_only() -> None:
    places = np.array(
        [[consistent_place(KEY, viewer, 3, count) for count in (10, 11)] for viewer in range(20_000)]
    )
    moved = places[:, 0] != places[:, 1]
    assert (places[moved, 1] == 10).all() and moved.mean() == pytest.approx(1 / 11, abs=0.01)
    assert stats.chisquare(np.bincount(places[:, 0], minlength=10)).pvalue > 1e-3
    assert consistent_place(KEY, 5, 0, 1) == 0


def test_a_place_is_that_of_whose_part_it_lies_in() -> None:
    edges = np.array([0, 3, 3, 7, 8])
    assert [whose(edges, place) for place in range(8)] == [0, 0, 0, 2, 2, 2, 2, 3]


def test_replications_have_graphs_of_their_own() -> None:
    settings = asked(300)
    one, other = (Counter(pairs(draw_friendships(settings, replicate_key(7, n)))) for n in (0, 1))
    assert len(one.keys() & other.keys()) > 0.3 * len(one), "rings are alike"
    assert len(one.keys() & other.keys()) < 0.8 * len(one)
