"""Trees of posts and the mean distance within them."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.world.posts import SEED, structural_virality


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ([SEED], []),
        ([SEED, 0], [1.0]),
        ([SEED, 0, 0, 0], [(3 * 1 + 3 * 2) / 6]),  # a star
        ([SEED, 0, 1, 2], [(3 * 1 + 2 * 2 + 1 * 3) / 6]),  # a chain
        ([SEED, SEED, 0, 1, 1, SEED], [1.0, 4 / 3]),  # a pair, a star of three, and a post alone
    ],
)
def test_distances_counted_by_hand(parents: list[int], expected: list[float]) -> None:
    assert structural_virality(np.array(parents)).tolist() == pytest.approx(expected)


@given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=25))
def test_any_tree_has_the_distances_that_networkx_finds(places: list[float]) -> None:
    """Each post hangs below an earlier one, or begins a cascade of its own."""
    parents = np.array([int(place * (post + 1)) - 1 for post, place in enumerate(places)])
    graph = nx.Graph([(post, above) for post, above in enumerate(parents) if above != SEED])
    trees = sorted(nx.connected_components(graph), key=min)
    expected = [nx.average_shortest_path_length(graph.subgraph(tree)) for tree in trees]
    assert structural_virality(parents).tolist() == pytest.approx(expected)
