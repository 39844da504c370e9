"""Ties within neighbourhoods: each is a small world after Watts and Strogatz (1998).

Members sit on a ring and know those next to them; then each end of a tie is moved, with the chance
`friendships.rewiring`, to somebody else of the neighbourhood. Luck belongs to a member and a step along the
ring, so that a neighbourhood depends on nobody outside it, and a further one changes no other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...scenario.sections.people import Friendships as FriendshipSettings
from ...state.columns import Ints
from ...state.compiled import kernel, rule
from ...state.luck import decision, four_uniforms, uniform

Bits = NDArray[np.uint64]

REWIRED = decision("friendships: rewired tie")
PARTNER = decision("friendships: new partner of a rewired tie")
TRIES = 64
"""Draws of a new partner before members are gone through in turn, which only crowded neighbourhoods need."""
LAST_BITS = np.uint64(63)
ONE = np.uint64(1)


class Rings(NamedTuple):
    """Neighbourhoods of consecutive viewers, before any tie is rewired."""

    size: int  # members of each, the last may have fewer
    social: int  # members of all
    reach: int  # members known on each side, see `ring_reach`
    rewiring: float
    key: np.uint64


@rule
def ring_reach(members, reach):
    """Members whom each knows on either side of a ring: `reach`, fewer where it is short."""
    return max(0, min(reach, (members - 1) // 2))


def local_ties(settings: FriendshipSettings, social: int, key: np.uint64) -> Ints:
    """Ties inside neighbourhoods, shape (ties, 2), those of a neighbourhood together."""
    size, reach = min(settings.neighbourhood_size, max(1, social)), settings.local_ties // 2
    whole, rest = divmod(social, size)
    count = whole * size * ring_reach(size, reach) + rest * ring_reach(rest, reach)
    ties = np.empty((count, 2), np.int32)
    known = np.empty((size, (size + 63) // 64), np.uint64)
    small_worlds(Rings(size, social, reach, settings.rewiring, key), known, ties)
    return ties


@rule
def meet_or_part(known, one, other):
    """Note that two members know each other or, if they do, that they no longer do."""
    known[one, other >> 6] ^= ONE << (np.uint64(other) & LAST_BITS)
    known[other, one >> 6] ^= ONE << (np.uint64(one) & LAST_BITS)


@rule
def acquainted(known, one, other):
    """Whether two members know each other."""
    return (known[one, other >> 6] >> (np.uint64(other) & LAST_BITS)) & ONE != 0


@rule
def new_partner(known, kept, members, key, viewer, end):
    """A member whom `kept` does not know, drawn evenly by the luck of a `viewer` and a tie's `end`."""
    chosen = kept
    for attempt in range(TRIES):
        chosen = min(int(uniform(key, PARTNER, attempt, viewer, end) * members), members - 1)
        if chosen != kept and not acquainted(known, kept, chosen):
            break
    while chosen == kept or acquainted(known, kept, chosen):
        chosen = (chosen + 1) % members
    return chosen


@kernel
def small_worlds(rings: Rings, known: Bits, ties: Ints) -> None:
    """Fill `ties` with the rings of all neighbourhoods, rewired; `known` has a row of bits for each member.

    Each of the two ends of a tie is moved with the chance `rewiring`, so that of all ties a share of
    ``1 - (1 - rewiring)^2`` is, and degrees vary as much by leaving as by arriving.
    """
    tie = 0
    for first in range(0, rings.social, rings.size):
        members = min(rings.size, rings.social - first)
        reach = ring_reach(members, rings.reach)
        for member in range(members):
            for word in range(known.shape[1]):
                known[member, word] = 0
        for member in range(members):
            for step in range(reach):
                meet_or_part(known, member, (member + step + 1) % members)
        for member in range(members):
            for step in range(reach):
                one, other = member, (member + step + 1) % members
                viewer = first + member
                luck = four_uniforms(rings.key, REWIRED, 0, viewer, step)
                if luck[0] < rings.rewiring:
                    meet_or_part(known, one, other)
                    other = new_partner(known, one, members, rings.key, viewer, 2 * step)
                    meet_or_part(known, one, other)
                if luck[1] < rings.rewiring:
                    meet_or_part(known, one, other)
                    one = new_partner(known, other, members, rings.key, viewer, 2 * step + 1)
                    meet_or_part(known, one, other)
                ties[tie, 0], ties[tie, 1] = first + one, first + other
                tie += 1
