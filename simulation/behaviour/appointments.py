"""Phase 2, traffic arrives: the one appointment that a viewer may keep, with the host it trusts most."""

from __future__ import annotations

from ..state.columns import NEVER
from ..state.compiled import rule
from ..state.luck import decision, uniform
from ..state.rules.ties import current_trust
from ..state.surfaces import NO_SURFACE
from ..state.ties import EMPTY, SUBSCRIBED

KEEP = decision("appointments: whether one is kept today")
NOBODY_TO_MEET = -1


@rule
def host_of(world, viewer):
    """Store whose host a viewer has an appointment with, or -1 without one.

    Of the stores that it is a fan of and has visited, the one that it trusts most, if with at least
    ``appointment_trust``; whether that is open or not, so that nobody else gets the openings of a host who is
    kept away.
    """
    ties, host = world.ties, NOBODY_TO_MEET
    most = world.rules.attention.appointment_trust
    for slot in range(ties.store.shape[1]):
        store = ties.store[viewer, slot]
        if (
            store == EMPTY
            or not ties.flags[viewer, slot] & SUBSCRIBED
            or ties.last_visit[viewer, slot] == NEVER
        ):
            continue
        trust = current_trust(ties, viewer, slot, world.day, world.fading)
        if trust >= most and (host < 0 or trust > most):
            host, most = store, trust
    return host


@rule
def entrance(world, platform):
    """Surface by which viewers come to a host of their own accord: that of the followed, else of groups."""
    followed = world.pull.follow_on[platform]
    return followed if followed != NO_SURFACE else world.pull.groups_on[platform]


@rule
def where_met(world, viewer):
    """Store in which a viewer can meet its host today, or -1: the one that it knows, else that of the same
    merchant on the first of the other platforms where it streams and viewers can come of their own accord."""
    stores, known = world.stores, host_of(world, viewer)
    if known < 0:
        return NOBODY_TO_MEET
    platforms = world.pull.openings.shape[0]
    merchants = stores.status.shape[0] // platforms
    for turn in range(platforms + 1):
        store = known if turn == 0 else known % merchants + (turn - 1) * merchants
        platform = stores.platform[store]
        reached = world.pull.openings[platform] > 0.0 and entrance(world, platform) != NO_SURFACE
        if stores.live[store] and reached:
            return store
    return NOBODY_TO_MEET


@rule
def keeps_appointment(world, viewer, store):
    """Whether the appointment is kept, with chance ``appointment`` on each day on which the host streams."""
    merchant = store % (world.stores.status.shape[0] // world.pull.openings.shape[0])
    return uniform(world.key, KEEP, world.day, viewer, merchant) < world.rules.attention.appointment
