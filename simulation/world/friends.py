"""The friendship graph: small-world neighbourhoods joined by long ties (made by igraph).

Each neighbourhood of consecutive viewers is a Watts-Strogatz small world; on top, long ties follow
the Chung-Lu model, in which everybody has an expected number of them in proportion to sociability.
Together: communities, clustering, short paths and unequal degrees.
"""

from __future__ import annotations

import random as stdlib_random

import igraph
import numpy as np
from scipy import special

from ..scenario.people import Friendships as FriendshipSettings
from ..state.columns import Friendships
from ..state.luck import decision, uniforms_of_many

LONG_TIE_BATCH = 50_000
"""Long ties are drawn within random batches of this many viewers, which bounds memory."""

STRENGTH_CONCENTRATION = 8.0
"""Strengths are Beta distributed with this a + b around their mean (assumption)."""


QUANTILES = 4096


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


def draw_friendships(
    settings: FriendshipSettings, viewers: int, isolated: int, key: np.uint64
) -> Friendships:
    """Draw the graph among all but the last `isolated` of `viewers` viewers.

    Returns
    -------
    Friendships
        Compressed rows over all viewers; isolated ones have empty rows.
    """
    social = viewers - isolated
    igraph.set_random_number_generator(_KeyedLuck(key ^ decision("friendships: graph")))
    try:
        local = _local_ties(settings, social)
        long = _long_ties(settings, social, key)
    finally:
        igraph.set_random_number_generator(stdlib_random)
    return _compressed_rows(settings, local, long, viewers, key)


def _local_ties(settings: FriendshipSettings, social: int) -> np.ndarray:
    """Ties inside neighbourhoods, shape (ties, 2)."""
    size, reach = settings.neighbourhood_size, settings.local_ties // 2
    parts = [np.empty((0, 2), np.int32)]
    for first in range(0, social, size):
        here = min(size, social - first)
        near = min(reach, (here - 1) // 2)
        if near >= 1:
            graph = igraph.Graph.Watts_Strogatz(1, here, near, settings.rewiring)
            parts.append(np.array(graph.get_edgelist(), np.int32).reshape(-1, 2) + first)
    return np.concatenate(parts)


def _long_ties(settings: FriendshipSettings, social: int, key: np.uint64) -> np.ndarray:
    """Ties across neighbourhoods, shape (ties, 2)."""
    parts = [np.empty((0, 2), np.int32)]
    if settings.long_ties == 0 or social < 2:
        return parts[0]
    luck = uniforms_of_many(key, decision("friendships: sociability"), 0, social, 0)
    shape = settings.long_ties_shape
    wanted = special.gammaincinv(shape, luck) * settings.long_ties / shape
    order = np.argsort(uniforms_of_many(key, decision("friendships: batch"), 0, social, 0))
    batches = max(1, -(-social // LONG_TIE_BATCH))
    for members in np.array_split(order, batches):
        weights = np.minimum(wanted[members], np.sqrt(wanted[members].sum()))
        graph = igraph.Graph.Chung_Lu(weights.tolist(), loops=False)
        ties = np.array(graph.get_edgelist(), np.int64).reshape(-1, 2)
        parts.append(members[ties].astype(np.int32))
    return np.concatenate(parts)


def _strengths(mean: float, luck: np.ndarray) -> np.ndarray:
    """Beta quantiles around `mean` at `luck`, read off a fine table (ten times as quick)."""
    mean = min(max(mean, 0.01), 0.99)
    grid = (np.arange(QUANTILES) + 0.5) / QUANTILES
    table = special.betaincinv(
        mean * STRENGTH_CONCENTRATION, (1 - mean) * STRENGTH_CONCENTRATION, grid
    )
    return np.interp(luck, grid, table)


def _compressed_rows(
    settings: FriendshipSettings, local: np.ndarray, long: np.ndarray, viewers: int, key: np.uint64
) -> Friendships:
    """Both directions of all ties, sorted by viewer, with strengths."""
    ties = np.sort(np.concatenate([local, long]), axis=1)
    is_local = np.arange(len(ties)) < len(local)
    _, first = np.unique(ties[:, 0].astype(np.int64) * viewers + ties[:, 1], return_index=True)
    ties, is_local = ties[first], is_local[first]
    luck = uniforms_of_many(key, decision("friendships: closeness"), 0, len(ties), 0)
    close = is_local & (luck < settings.close_share)
    luck = uniforms_of_many(key, decision("friendships: strength"), 0, len(ties), 0)
    strength = np.where(
        close, _strengths(settings.close_strength, luck), _strengths(settings.loose_strength, luck)
    ).astype(np.float32)
    source = np.concatenate([ties[:, 0], ties[:, 1]])
    friend = np.concatenate([ties[:, 1], ties[:, 0]])
    order = np.argsort(source, kind="stable")
    start = np.zeros(viewers + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=viewers), out=start[1:])
    both = np.concatenate([strength, strength])[order]
    total = np.bincount(source[order], weights=both, minlength=viewers).astype(np.float32)
    return Friendships(start, friend[order].astype(np.int32), both, total)
