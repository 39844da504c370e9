"""The friendship graph: small-world neighbourhoods joined by long ties (made by igraph).

Each neighbourhood of consecutive viewers is a Watts-Strogatz small world; on top, long ties follow
the Chung-Lu model, in which everybody has an expected number of them in proportion to sociability.
Together: communities, clustering, short paths and unequal degrees.
"""

from __future__ import annotations

import random as stdlib_random
from threading import Lock
from typing import NamedTuple

import numpy as np
from scipy import special

from ...scenario.scenario import Scenario
from ...scenario.sections.people import Friendships as FriendshipSettings
from ...state.columns import FriendshipGraph, Ints, Longs
from ...state.compiled import kernel
from ...state.luck import decision, four_uniforms, uniform_array
from ...state.niches import WIDTH
from .graphs import igraph
from .viewers import neighbourhood_tastes

LONG_TIE_BATCH = 50_000
"""Long ties are drawn within random batches of this many viewers, which bounds memory."""

STRENGTH_CONCENTRATION = 8.0
"""Strengths are Beta distributed with this a + b around their mean (assumption)."""


QUANTILES = 4096
NEGLIGIBLE = 1e-9
"""Smaller chances count as none: igraph's search for the next tie to rewire would never end."""
STRENGTH = decision("friendships: strength of a tie")
_igraph_s_luck = Lock()
"""Held while igraph draws from ours: it has one source for the whole process, whatever the thread."""


class _KeyedLuck:
    """Random numbers as igraph asks for them, from NumPy's counter-based Philox."""

    def __init__(self, key: np.uint64):
        self._generator = np.random.Generator(np.random.Philox(int(key)))
        self._block: list[float] = []

    def random(self) -> float:
        if not self._block:
            self._block = self._generator.random(4096).tolist()
        return self._block.pop()

    def randint(self, low: int, high: int) -> int:
        return low + int(self.random() * (high - low + 1))

    def gauss(self, mean: float, deviation: float) -> float:
        return float(self._generator.normal(mean, deviation))


def draw_friendships(scenario: Scenario, key: np.uint64) -> FriendshipGraph:
    """Draw the graph among all viewers but the isolated ones, who stand last.

    Returns
    -------
    Friendships
        Compressed rows over all viewers; isolated ones have empty rows.
    """
    settings, viewers = scenario.friendships, scenario.world.viewers
    social = viewers - scenario.world.isolated_viewers
    with _igraph_s_luck:
        igraph.set_random_number_generator(_KeyedLuck(key ^ decision("friendships: graph")))
        try:
            local = _local_ties(settings, social)
            long = _long_ties(settings, social, scenario.arcs, key)
        finally:
            # Give igraph its own default back; nothing here draws from it.
            igraph.set_random_number_generator(stdlib_random)
    return _compressed_rows(settings, local, long, viewers, key)


def _local_ties(settings: FriendshipSettings, social: int) -> np.ndarray:
    """Ties inside neighbourhoods, shape (ties, 2)."""
    size, reach = settings.neighbourhood_size, settings.local_ties // 2
    rewiring = settings.rewiring if settings.rewiring > NEGLIGIBLE else 0.0
    parts = [np.empty((0, 2), np.int32)]
    for first in range(0, social, size):
        here = min(size, social - first)
        near = min(reach, (here - 1) // 2)
        if near >= 1:
            graph = igraph.Graph.Watts_Strogatz(1, here, near, rewiring)
            parts.append(np.array(graph.get_edgelist(), np.int32).reshape(-1, 2) + first)
    return np.concatenate(parts)


def _long_ties(settings: FriendshipSettings, social: int, arcs: int, key: np.uint64) -> np.ndarray:
    """Ties across neighbourhoods, shape (ties, 2)."""
    parts = [np.empty((0, 2), np.int32)]
    if settings.long_ties < NEGLIGIBLE or social < 2:
        return parts[0]
    luck = uniform_array(key, decision("friendships: sociability"), 0, social, 0)
    shape = settings.long_ties_shape
    wanted = special.gammaincinv(shape, luck) * settings.long_ties / shape
    order = _mixed(settings, social, arcs, key)
    batches = max(arcs, -(-social // LONG_TIE_BATCH))
    for members in np.array_split(order, batches):
        weights = np.minimum(wanted[members], np.sqrt(wanted[members].sum()))
        graph = igraph.Graph.Chung_Lu(weights.tolist(), loops=False, variant="maxent")
        ties = np.array(graph.get_edgelist(), np.int64).reshape(-1, 2)
        parts.append(members[ties].astype(np.int32))
    return np.concatenate(parts)


def _mixed(settings: FriendshipSettings, social: int, arcs: int, key: np.uint64) -> np.ndarray:
    """Viewers in the order in which they are cut into batches that have long ties among them.

    All are mixed where there is one arc, else those whose neighbourhoods' tastes are within an arc.
    """
    luck = uniform_array(key, decision("friendships: batch"), 0, social, 0)
    if arcs > 1:
        neighbourhood = np.arange(social) // settings.neighbourhood_size
        tastes = neighbourhood_tastes(int(neighbourhood[-1]) + 1, arcs, key)
        luck = (tastes[neighbourhood] + WIDTH * (luck - 0.5)) % arcs
    return np.argsort(luck)


def _without_doubles(
    settings: FriendshipSettings, local: np.ndarray, long: np.ndarray, social: int
) -> np.ndarray:
    """Long ties that are not local ones already; only neighbours can be."""
    size = settings.neighbourhood_size
    near = np.flatnonzero(long[:, 0] // size == long[:, 1] // size)
    if len(near) == 0:
        return long

    def keys(ties: np.ndarray) -> np.ndarray:
        return ties.min(axis=1).astype(np.int64) * social + ties.max(axis=1)

    return np.delete(long, near[np.isin(keys(long[near]), keys(local))], axis=0)


def _strength_table(mean: float) -> np.ndarray:
    """Quantiles of the Beta distribution of strengths around `mean`, shape (QUANTILES,)."""
    mean = min(max(mean, 0.01), 0.99)
    grid = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return special.betaincinv(
        mean * STRENGTH_CONCENTRATION, (1 - mean) * STRENGTH_CONCENTRATION, grid
    ).astype(np.float32)


def _compressed_rows(
    settings: FriendshipSettings, local: np.ndarray, long: np.ndarray, viewers: int, key: np.uint64
) -> FriendshipGraph:
    """Both directions of all ties by viewer, with strengths.

    A local tie is close with chance `close_share`; strengths are read off tables of quantiles.
    """
    ties = np.concatenate([local, _without_doubles(settings, local, long, viewers)])
    start = np.zeros(viewers + 1, np.int64)
    np.cumsum(np.bincount(ties.ravel(), minlength=viewers), out=start[1:])
    friend = np.empty(2 * len(ties), np.int32)
    strength = np.empty(2 * len(ties), np.float32)
    graph = FriendshipGraph(start, friend, strength)
    strengths = Strengths(
        len(local),
        settings.close_share,
        _strength_table(settings.close_strength),
        _strength_table(settings.loose_strength),
    )
    _fill_rows(graph, start[:-1].copy(), ties, strengths, key)
    return graph


class Strengths(NamedTuple):
    """How strengths of ties are drawn: the first `local` of the ties may be close, all others are loose."""

    local: int
    close_share: float
    close: np.ndarray  # (QUANTILES,)
    loose: np.ndarray  # (QUANTILES,)


@kernel
def _fill_rows(graph: FriendshipGraph, free: Longs, ties: Ints, strengths: Strengths, key: np.uint64) -> None:
    """Write each tie into the rows of both friends; `free` is each row's next free entry."""
    for tie in range(ties.shape[0]):
        luck = four_uniforms(key, STRENGTH, 0, tie, 0)
        table = strengths.loose
        if tie < strengths.local and luck[0] < strengths.close_share:
            table = strengths.close
        value = table[int(luck[1] * QUANTILES)]
        for side in range(2):
            viewer = ties[tie, side]
            graph.friend[free[viewer]] = ties[tie, 1 - side]
            graph.strength[free[viewer]] = value
            free[viewer] += 1
