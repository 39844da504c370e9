"""Rules of ties: finding, writing and ending them, what is left of trust, and how groups divide members.

What a tie consists of, and what is counted of it, is known without these, which take a second to import.
"""

from __future__ import annotations

import numpy as np

from ..columns import ABSENT, CLOSED, NEVER
from ..compiled import rule
from ..ledger import LOST, LOST_TO_CLOSING, MEMBERS_LOST
from ..ties import EMPTY, FOLLOWER, MEMBER, REFERRED, SUBSCRIBED


@rule
def find_tie(ties, viewer, store):
    """Slot of `viewer`'s tie to `store`, or -1."""
    last = -1
    for slot in range(ties.store.shape[1]):
        if ties.store[viewer, slot] == store:
            last = slot
    return last


@rule
def slot_to_fill(ties, viewer, day):
    """Slot in which a new tie of `viewer` goes: empty, else oldest memory, else least trusted.

    Ties visited today are never given up, so slots stay valid within a day as long as a row is
    wider than a day has occasions.
    """
    oldest, oldest_visit = -1, day
    weakest, weakest_trust = -1, 2.0
    for slot in range(ties.store.shape[1]):
        if ties.store[viewer, slot] == EMPTY:
            return slot
        last = ties.last_visit[viewer, slot]
        if last == day:
            continue
        if ties.flags[viewer, slot] & SUBSCRIBED:
            if ties.trust[viewer, slot] < weakest_trust:
                weakest, weakest_trust = slot, ties.trust[viewer, slot]
        elif last < oldest_visit:
            oldest, oldest_visit = slot, last
    return oldest if oldest >= 0 else weakest


@rule
def write_tie(ties, viewer, slot, new):
    """Start the tie `new` in `slot`: no visit, no purchase, subscribed from its day if flags say so."""
    ties.store[viewer, slot] = new.store
    ties.trust[viewer, slot] = new.trust
    ties.touched[viewer, slot] = new.day
    ties.last_visit[viewer, slot] = NEVER
    ties.last_purchase[viewer, slot] = NEVER
    ties.since[viewer, slot] = new.day if new.flags & SUBSCRIBED else NEVER
    ties.purchases[viewer, slot] = 0
    ties.flags[viewer, slot] = new.flags
    ties.group[viewer, slot] = 0


@rule
def current_trust(ties, viewer, slot, day, fading):
    """Trust on `day`: as stored, times ``fading[days since touched]``."""
    return ties.trust[viewer, slot] * fading[day - ties.touched[viewer, slot]]


@rule
def groups_needed(members, people_per_viewer, most_members):
    """Groups of a store: ``ceil(members * people_per_viewer / most_members)``, at least 1."""
    return max(1, int(np.ceil(members * people_per_viewer / most_members)))


@rule
def persons_in_a_group(members, people_per_viewer, groups):
    """Mean size of a store's groups: ``members * people_per_viewer / groups``."""
    return members * people_per_viewer / groups


@rule
def end_subscription(world, ledger, viewer, slot):
    """A fan leaves, or its store has gone: the subscription ends and is counted; the memory stays.

    Whoever loses a store that has gone has not left it: it counts apart.
    """
    ties = world.ties
    if ties.flags[viewer, slot] & MEMBER:
        ledger.stores[ties.store[viewer, slot], MEMBERS_LOST] += 1
    ties.flags[viewer, slot] &= ~np.uint8(SUBSCRIBED | FOLLOWER | MEMBER | REFERRED)
    world.viewers.fan_ties[viewer] -= 1
    ledger.stores[ties.store[viewer, slot], LOST] += 1
    since = ties.since[viewer, slot]
    age = world.day - since if since >= 0 else ledger.lost_at_age.shape[0] - 1
    if world.stores.status[ties.store[viewer, slot]] in (CLOSED, ABSENT):
        ledger.totals[LOST_TO_CLOSING] += 1
        ledger.closed_at_age[age] += 1
    else:
        ledger.lost_at_age[age] += 1


@rule
def make_room(world, ledger, viewer, slot):
    """Empty `slot`, counting a lost fan if it held a subscription."""
    ties = world.ties
    if ties.store[viewer, slot] != EMPTY and ties.flags[viewer, slot] & SUBSCRIBED:
        end_subscription(world, ledger, viewer, slot)
    ties.store[viewer, slot] = EMPTY
