"""Ties across neighbourhoods: everybody has an expected number of them in proportion to sociability.

The Poissonian form (Norros and Reittu 2006) of the model of Chung and Lu (2002): a viewer of expected
degree w makes a Poisson number of acquaintances with mean w / 2, each of them somebody in proportion to
*their* expected degree, so that i and j are friends with the chance ``1 - exp(-w_i w_j / W)``, where W is the
sum of w over all among whom they choose. Luck belongs to a viewer and the number of an acquaintance. Places
are drawn by consistent hashing (Lamping and Veach 2014): with one viewer more, only those acquaintances
change that are the new one's.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ...scenario.sections.people import Friendships as FriendshipSettings
from ...state.columns import Ints, Longs
from ...state.compiled import kernel, rule
from ...state.luck import decision, four_uniforms, uniform, uniform_array
from .quantiles import gamma_quantiles

SOCIABILITY = decision("friendships: sociability")
WAIT = decision("friendships: number of acquaintances")
PLACE = decision("friendships: place of an acquaintance")
UNITS = 100
"""Units in which an expected tie is counted, so that sums are whole numbers."""
STEPS = 4
"""Steps to an acquaintance where there are arcs, each drawn evenly from an arc's length, by turns up and down
the circle: as far as two lie apart whose company varies over an arc and meets within one."""


class Circle(NamedTuple):
    """Where acquaintances are drawn: viewers in their order, each as wide as its expected ties."""

    edges: Longs  # (viewers + 1,), where each viewer's part of the circle begins, in units
    reach: int  # units in an arc's length; 0 where everybody is within reach of everybody
    key: np.uint64


def expected_ties(settings: FriendshipSettings, social: int, key: np.uint64) -> np.ndarray:
    """Long ties that each viewer is expected to have, gamma distributed, shape (social,)."""
    luck = uniform_array(key, SOCIABILITY, 0, social, 0)
    return gamma_quantiles(luck, settings.long_ties_shape, settings.long_ties)


def long_ties(settings: FriendshipSettings, social: int, arcs: int, key: np.uint64) -> Ints:
    """Ties across neighbourhoods, shape (ties, 2); some may be there twice."""
    edges = np.zeros(social + 1, np.int64)
    np.cumsum(np.rint(expected_ties(settings, social, key) * UNITS).astype(np.int64), out=edges[1:])
    circle = Circle(edges, int(edges[-1]) // arcs if arcs > 1 else 0, key)
    start = np.zeros(social + 1, np.int64)
    count_acquaintances(circle, start[1:])
    np.cumsum(start, out=start)
    ties = np.empty((int(start[-1]), 2), np.int32)
    draw_acquaintances(circle, start, ties)
    return ties[ties[:, 0] != ties[:, 1]]


@kernel
def count_acquaintances(circle: Circle, counts: Longs) -> None:
    """Poisson number of each viewer's acquaintances: as many as exponential waits fit in w / 2."""
    for viewer in range(counts.shape[0]):
        left = (circle.edges[viewer + 1] - circle.edges[viewer]) / (2.0 * UNITS)
        counts[viewer] = 0
        while True:
            left += math.log(uniform(circle.key, WAIT, 0, viewer, counts[viewer]))
            if left < 0:
                break
            counts[viewer] += 1


@kernel
def draw_acquaintances(circle: Circle, start: Longs, ties: Ints) -> None:
    """Fill `ties`, rows ``start[viewer]`` to ``start[viewer + 1]`` with the viewer's own acquaintances."""
    around = circle.edges[circle.edges.shape[0] - 1]
    for viewer in range(start.shape[0] - 1):
        own = (circle.edges[viewer] + circle.edges[viewer + 1]) // 2
        for tie in range(start[viewer], start[viewer + 1]):
            number = tie - start[viewer]
            if circle.reach == 0:
                place = consistent_place(circle.key, viewer, number, around)
            else:
                place = own
                for step in range(STEPS):  # there and back, so that a longer reach moves nobody
                    way = consistent_place(circle.key, viewer, STEPS * number + step, circle.reach)
                    place += way if step % 2 == 0 else -way
            ties[tie, 0] = viewer
            ties[tie, 1] = whose(circle.edges, place % around)


@rule
def consistent_place(key, viewer, number, places):
    """One of `places` places, drawn evenly; with one place more it is that one or stays.

    Jump consistent hashing: of the places drawn so far, the next that would be taken as places grow in
    number is ``(last + 1) / uniform``.
    """
    place, following, jump = 0, 0, 0
    luck = four_uniforms(key, PLACE, 0, viewer, number)
    while following < places:
        if jump % 4 == 0 and jump > 0:
            luck = four_uniforms(key, PLACE, jump // 4, viewer, number)
        place = following
        following = int((place + 1) / luck[jump % 4])
        jump += 1
    return place


@rule
def whose(edges, place):
    """The viewer in whose part of the circle a place lies."""
    first, last = 0, edges.shape[0] - 1
    while last - first > 1:
        middle = (first + last) // 2
        if edges[middle] <= place:
            first = middle
        else:
            last = middle
    return first
