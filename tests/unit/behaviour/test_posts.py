"""Posts of links: their trees, the mean distance within them, and what became of links that buyers sent."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.behaviour.sharing.posts import (
    CASCADES,
    POSTS,
    Posts,
    enter_posts,
    measure_cascades,
    new_posts,
    write_posts,
)
from simulation.state.columns import copy_rows
from simulation.state.ledger import (
    CASCADES_REPOSTED,
    DIRECT_BY_BUYERS,
    REPOSTS,
    TOTALS,
    VIRALITY,
    VIRALITY_UNIT,
)
from simulation.state.waves import BROADCAST, DIRECT, NO_POST, NO_ROOT, new_shares


def posts_below(parents: list[int] | np.ndarray) -> Posts:
    """Posts that hang below those of these numbers."""
    posts = new_posts(len(parents))
    posts.above[:] = parents
    posts.numbers[POSTS] = len(parents)
    return posts


def distances(parents: list[int] | np.ndarray) -> list[float]:
    """Of each cascade that was re-posted."""
    posts = posts_below(parents)
    measure_cascades(posts)
    return posts.distance[posts.distance > 0].tolist()


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ([NO_POST], []),
        ([NO_POST, 0], [1.0]),
        ([NO_POST, 0, 0, 0], [(3 * 1 + 3 * 2) / 6]),  # a star
        ([NO_POST, 0, 1, 2], [(3 * 1 + 2 * 2 + 1 * 3) / 6]),  # a chain
        ([NO_POST, NO_POST, 0, 1, 1, NO_POST], [1.0, 4 / 3]),  # a pair, a star of three, and a post alone
    ],
)
def test_distances_counted_by_hand(parents: list[int], expected: list[float]) -> None:
    assert distances(parents) == pytest.approx(expected)
    totals = np.zeros(len(TOTALS), np.int64)
    enter_posts(posts_below(parents), totals)
    assert totals[REPOSTS] == sum(parent != NO_POST for parent in parents)
    assert totals[CASCADES_REPOSTED] == len(expected)
    assert totals[VIRALITY] == sum(round(VIRALITY_UNIT * distance) for distance in expected)


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=25))
def test_any_tree_has_the_distances_that_networkx_finds(places: list[float]) -> None:
    """Each post hangs below an earlier one, or begins a cascade of its own."""
    parents = np.array([int(place * (post + 1)) - 1 for post, place in enumerate(places)])
    graph = nx.Graph([(post, above) for post, above in enumerate(parents) if above != NO_POST])
    trees = sorted(nx.connected_components(graph), key=min)
    expected = [nx.average_shortest_path_length(graph.subgraph(tree)) for tree in trees]
    assert distances(parents) == pytest.approx(expected)


def test_posts_and_cascades_are_numbered_in_the_order_in_which_they_begin() -> None:
    shares, posts = new_shares(4), new_posts(4)
    shares.rows[0] = 4
    shares.root[:], shares.above[:] = NO_ROOT, NO_POST
    shares.way[:], shares.bought[:] = [DIRECT, BROADCAST, DIRECT, DIRECT], [1, 1, 0, 1]
    write_posts(posts, shares)
    assert shares.post.tolist() == shares.root.tolist() == [0, 1, 2, 3]
    posts = copy_rows(posts, new_posts(6))
    shares.rows[0], shares.above[:2], shares.root[:2] = 2, [3, NO_POST], [3, NO_ROOT]  # a re-post, a new one
    write_posts(posts, shares)
    assert shares.post[:2].tolist() == [4, 5]
    assert shares.root[:2].tolist() == [3, 4]
    assert posts.above[:6].tolist() == [NO_POST] * 4 + [3, NO_POST]
    assert (posts.numbers[POSTS], posts.numbers[CASCADES]) == (6, 5)
    totals = np.zeros(len(TOTALS), np.int64)
    enter_posts(posts, totals)
    assert totals[DIRECT_BY_BUYERS] == 3, "the first and the fourth, and the re-post, which came of the first"
