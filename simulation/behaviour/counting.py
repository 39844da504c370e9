"""What visits and orders are counted as besides: for measures alone, since nothing here acts on anybody."""

from __future__ import annotations

import numpy as np

from ..state.compiled import rule
from ..state.ledger import (
    BUYER_FOLLOWS,
    BUYER_JOINS,
    FAN_REPEAT_ORDERS,
    FIT,
    FIT_CLASSES,
    FIT_UNIT,
    JOINS,
    NOTICES,
    NOTICES_UNIT,
    PRIVATE_ORDERS,
    PRIVATE_VISITS,
    PUBLIC_ORDERS,
    REBOUGHT_AT_ONE,
    STRANGERS,
    WEEKS_AT_ONE,
)
from ..state.rules.rows import row_of
from ..state.ties import MET_OUTSIDE, REFERRED, STARTING, SUBSCRIBED

WEEK, MONTH = 7, 30


@rule
def fit_class(fit):
    """Which of `FIT_CLASSES` equal parts of 0 to 1 an interest fit lies in."""
    return min(FIT_CLASSES - 1, int(fit * FIT_CLASSES))


@rule
def knows_host(ties, viewer, slot):
    """Whether a visitor knows the host: has bought from it, or met it outside the platform.

    So have members of the private domain that a merchant brings; those of a local one are its neighbours.
    """
    return ties.purchases[viewer, slot] > 0 or (ties.flags[viewer, slot] & MET_OUTSIDE) > 0


@rule
def met_in_public(ties, viewer, slot):
    """Whether a visitor first met the host in public: neither outside the platform nor as a fan by a card.

    Who came by a friend's card once and became a fan in another way counts as met in public.
    """
    return not ties.flags[viewer, slot] & (MET_OUTSIDE | REFERRED)


@rule
def is_stranger(ties, viewer, slot, day):
    """Whether a visitor did not follow the store, nor was in its groups, a month before."""
    return not ties.flags[viewer, slot] & SUBSCRIBED or ties.since[viewer, slot] > day - MONTH


@rule
def count_contrasts(world, ledger, wave, row, fit, ordered):
    """Count a visit (`ordered` 0) or its order (1) for comparisons at equal fit.

    Of the same merchant, by visitors who know the host and who do not; and of the same person, by a friend's
    link and in other ways.
    """
    viewer, store = row_of(wave.viewer[row]), row_of(wave.chosen[row])
    place = fit_class(fit)
    ledger.known[store, place, int(knows_host(world.ties, viewer, wave.slot[row])), ordered] += 1
    by_card = world.surfaces.by_links[wave.surface[row]]
    world.viewers.by_card[viewer, place, by_card, ordered] += np.uint16(1)


@rule
def count_visit(world, ledger, wave, row, fit):
    """Count the visit of `row`, to a room of interest fit `fit`, just begun."""
    ties, day, audience = world.ties, world.day, world.audience
    viewer, store = row_of(wave.viewer[row]), row_of(wave.chosen[row])
    slot, surface = wave.slot[row], wave.surface[row]
    ledger.surfaces[surface, FIT] += int(fit * FIT_UNIT + 0.5)
    ledger.stores[store, PRIVATE_VISITS] += world.surfaces.private[surface]
    ledger.stores[store, STRANGERS] += int(is_stranger(ties, viewer, slot, day))
    if viewer % audience.every == 0:
        audience.month[viewer // audience.every, store] = day // MONTH + 1
    count_contrasts(world, ledger, wave, row, fit, 0)


@rule
def count_order(world, ledger, wave, row, fit):
    """Count the order of `row`, before the tie remembers it."""
    ties, surface = world.ties, wave.surface[row]
    viewer, slot, store = wave.viewer[row], wave.slot[row], wave.chosen[row]
    ledger.stores[store, PRIVATE_ORDERS] += world.surfaces.private[surface]
    if ties.purchases[viewer, slot] > 0 and ties.flags[viewer, slot] & SUBSCRIBED:
        ledger.totals[FAN_REPEAT_ORDERS] += 1
    if met_in_public(ties, viewer, slot):
        last = ties.last_purchase[viewer, slot]
        ledger.totals[PUBLIC_ORDERS] += 1
        if last >= 0 and world.day - last <= MONTH:
            ledger.public_rebought_30[last] += 1
    world.viewers.last_order[viewer] = world.day
    count_contrasts(world, ledger, wave, row, fit, 1)


@rule
def count_new_fan(ledger, wave, row):
    """Count a new follower who has just bought."""
    if wave.bought[row] == 1:
        ledger.totals[BUYER_FOLLOWS] += 1


@rule
def count_joiner(ledger, wave, row):
    """Count a visitor who has just joined a group, by the channel of the visit and if it has just bought."""
    ledger.surfaces[wave.surface[row], JOINS] += 1
    if wave.bought[row] == 1:
        ledger.totals[BUYER_JOINS] += 1


@rule
def is_about_one(notices):
    """Whether a fan got about one notice in a week: at least a half and less than one and a half."""
    return 0.5 <= notices < 1.5


@rule
def count_notices(world, ledger, viewer, slot, notices):
    """Count the notices that a fan got in a week, and whether it bought again if they were about one; returns
    them."""
    ledger.totals[NOTICES] += int(NOTICES_UNIT * notices + 0.5)
    if is_about_one(notices):
        ties = world.ties
        ledger.totals[WEEKS_AT_ONE] += 1
        lately = ties.last_purchase[viewer, slot] > world.day - WEEK
        ledger.totals[REBOUGHT_AT_ONE] += int(lately and ties.purchases[viewer, slot] > 1)
    return notices


@rule
def count_back_after_a_month(world, ledger, viewer, slot):
    """Count whoever became a fan and is back in the room 31 to 60 days later, once, by the day it began.

    Starting fans, who were fans before, are not counted. Called while the tie still holds the visit before.
    """
    ties = world.ties
    since, last = ties.since[viewer, slot], ties.last_visit[viewer, slot]
    age = world.day - since
    if since < 0 or age <= MONTH or age > 2 * MONTH or last > since + MONTH:
        return
    arrival = world.stores.arrival[ties.store[viewer, slot]]
    if not ties.flags[viewer, slot] & STARTING or since != arrival:
        ledger.back_60[since] += 1
