"""The friendship graph: small-world neighbourhoods joined by long ties.

Each neighbourhood of consecutive viewers is a Watts-Strogatz small world (`neighbourhoods`); on top, long
ties follow the model of Chung and Lu, in which everybody has an expected number of them in proportion to
sociability (`long_ties`). Together: communities, clustering, short paths and unequal degrees.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy import special

from ...scenario.scenario import Scenario
from ...state.columns import Bytes, Floats, FriendshipGraph, Ints, Longs
from ...state.compiled import kernel
from ...state.luck import decision, four_uniforms
from .long_ties import long_ties
from .neighbourhoods import local_ties

STRENGTH_CONCENTRATION = 8.0
"""Strengths are Beta distributed with this a + b around their mean (assumption)."""
QUANTILES = 4096
STRENGTH = decision("friendships: strength of a tie")
LONG, LOCAL, DOUBLE = range(3)
"""Kinds of tie: across neighbourhoods, within one, and one that is there already."""


class TiesByLower(NamedTuple):
    """Ties by the friend who stands first, local ones before long ones; those of a viewer are together."""

    start: Longs  # (viewers + 1,)
    other: Ints  # (ties,), the friend who stands last
    kind: Bytes  # (ties,)


class Strengths(NamedTuple):
    """How strengths of ties are drawn: of local ties a share is close, all others are loose."""

    close_share: float
    close: Floats  # (QUANTILES,)
    loose: Floats  # (QUANTILES,)
    key: np.uint64


def draw_friendships(scenario: Scenario, key: np.uint64) -> FriendshipGraph:
    """Draw the graph among all viewers but the isolated ones, who stand last.

    Returns
    -------
    FriendshipGraph
        Compressed rows over all viewers, each in the order of friends who stand before the viewer, then those
        after; isolated viewers have empty rows.
    """
    settings, viewers = scenario.friendships, scenario.world.viewers
    social = scenario.world.social_viewers
    local = local_ties(settings, social, key)
    long = long_ties(settings, social, scenario.arcs, key)
    strengths = Strengths(
        settings.close_share,
        strength_table(settings.close_strength),
        strength_table(settings.loose_strength),
        key,
    )
    return compressed_rows(by_lower(local, long, viewers), strengths)


def by_lower(local: Ints, long: Ints, viewers: int) -> TiesByLower:
    """Sort ties by the friend who stands first and mark those that are there already."""
    counts = np.zeros(viewers + 1, np.int64)
    for ties in (local, long):
        counts[1:] += np.bincount(ties.min(axis=1), minlength=viewers)
    start = np.cumsum(counts)
    sorted_ties = TiesByLower(start, np.empty(start[-1], np.int32), np.empty(start[-1], np.uint8))
    free = start[:-1].copy()
    sort_in(sorted_ties, free, local, LOCAL)
    sort_in(sorted_ties, free, long, LONG)
    mark_doubles(sorted_ties, np.full(viewers, -1, np.int32))
    return sorted_ties


@lru_cache(maxsize=16)
def strength_table(mean: float) -> Floats:
    """Quantiles of the Beta distribution of strengths around `mean`, shape (QUANTILES,).

    To be read alone: worlds with the same `mean` have the same table, which takes longer than a tiny world.
    """
    mean = min(max(mean, 0.01), 0.99)
    grid = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return special.betaincinv(
        mean * STRENGTH_CONCENTRATION, (1 - mean) * STRENGTH_CONCENTRATION, grid
    ).astype(np.float32)


def compressed_rows(ties: TiesByLower, strengths: Strengths) -> FriendshipGraph:
    """Both directions of all ties by viewer, with strengths."""
    start = np.zeros(len(ties.start), np.int64)
    count_friends(ties, start[1:])
    np.cumsum(start, out=start)
    graph = FriendshipGraph(start, np.empty(start[-1], np.int32), np.empty(start[-1], np.float32))
    fill_rows(graph, start[:-1].copy(), ties, strengths)
    return graph


@kernel
def sort_in(sorted_ties: TiesByLower, free: Longs, ties: Ints, kind: int) -> None:
    """Write ties of one kind in their rows; `free` is each row's next free entry."""
    for tie in range(ties.shape[0]):
        lower = min(ties[tie, 0], ties[tie, 1])
        entry = free[lower]
        sorted_ties.other[entry] = max(ties[tie, 0], ties[tie, 1])
        sorted_ties.kind[entry] = kind
        free[lower] = entry + 1


@kernel
def mark_doubles(ties: TiesByLower, met: Ints) -> None:
    """Mark ties that stand in a row for the second time; `met` is -1 everywhere, shape (viewers,)."""
    for lower in range(ties.start.shape[0] - 1):
        for entry in range(ties.start[lower], ties.start[lower + 1]):
            other = ties.other[entry]
            if met[other] == lower:
                ties.kind[entry] = DOUBLE
            met[other] = lower


@kernel
def count_friends(ties: TiesByLower, counts: Longs) -> None:
    """Number of each viewer's friends, in `counts`, which is 0 everywhere."""
    for lower in range(ties.start.shape[0] - 1):
        for entry in range(ties.start[lower], ties.start[lower + 1]):
            if ties.kind[entry] != DOUBLE:
                counts[lower] += 1
                counts[ties.other[entry]] += 1


@kernel
def fill_rows(graph: FriendshipGraph, free: Longs, ties: TiesByLower, strengths: Strengths) -> None:
    """Write each tie into the rows of both friends; its strength belongs to the two of them.

    A local tie is close with chance `close_share`; strengths are read off tables of quantiles.
    """
    for lower in range(ties.start.shape[0] - 1):
        for entry in range(ties.start[lower], ties.start[lower + 1]):
            if ties.kind[entry] == DOUBLE:
                continue
            other = ties.other[entry]
            luck = four_uniforms(strengths.key, STRENGTH, 0, lower, other)
            place = int(luck[1] * QUANTILES)
            value = strengths.loose[place]
            if ties.kind[entry] == LOCAL and luck[0] < strengths.close_share:
                value = strengths.close[place]
            graph.friend[free[lower]], graph.friend[free[other]] = other, lower
            graph.strength[free[lower]] = graph.strength[free[other]] = value
            free[lower] += 1
            free[other] += 1
