"""Phase 3, viewers choose: enter one of the rooms offered, or leave."""

from __future__ import annotations

import numpy as np

from ..state.columns import NEVER
from ..state.compiled import kernel, rule
from ..state.exponential import exponential
from ..state.ledger import ADS, ENDORSED_VISITS, KNOWN_VISITS, OUTSIDE, REACH, VISITS
from ..state.luck import Draw, decision, roll, unit
from ..state.niches import taste_distance
from ..state.rules.rows import row_of
from ..state.rules.ties import current_trust, find_tie, make_room, slot_to_fill, write_tie
from ..state.ties import ENDORSED, STARTING, NewTie
from ..state.waves import NO_POST, NO_ROOM, NO_ROOT, NOBODY, Links
from ..state.world import Shard, World
from .counting import count_back_after_a_month, count_visit

CHOOSE = decision("choosing: which room")
HIGHEST_UTILITY = 500.0
"""Utilities above this count as this, so that sums of their exponentials stay finite."""


@rule
def interest_fit(interest, distance, taste_weight):
    """How well a room suits a viewer, 0..1.

    ``interest * (1 - taste_weight * 2 * d)``, d the distance of taste and style in arcs, see
    `taste_distance`.
    """
    return interest * (1.0 - taste_weight * 2.0 * distance)


@rule
def room_fit(world, viewer, store):
    """`interest_fit` of a store's room for a viewer."""
    viewers, stores = world.viewers, world.stores
    distance = taste_distance(viewers.taste[viewer], stores.style[store], world.arcs)
    return interest_fit(
        viewers.interest[viewer, row_of(stores.category[store])], distance, world.rules.choice.taste_weight
    )


@rule
def room_utility(fit, trust, crowd_cue, susceptibility, appeal, choice):
    """Utility of entering a room; leaving has utility 0.

    ``bias + fit_weight fit + trust_weight trust + crowd_weight susceptibility crowd_cue + appeal``
    with crowd_cue = log(1 + persons) [Krumme et al. 2012: crowds act on sampling], and appeal what
    the channel adds: a friend's strength, minus fatigue, minus a low rank.
    """
    return (
        choice.enter_bias
        + choice.fit_weight * fit
        + choice.trust_weight * trust
        + choice.crowd_weight * susceptibility * crowd_cue
        + appeal
    )


@rule
def pick(luck, attraction, options):
    """Logit choice: option i with probability ``a_i / (1 + sum a)``, a = exp(utility); else -1."""
    total = 1.0
    for option in range(options):
        total += attraction[option]
    target = luck * total - 1.0
    if target < 0.0:
        return -1
    for option in range(options):
        target -= attraction[option]
        if target < 0.0:
            return option
    return options - 1


@rule
def record_return(world, ledger, viewer, slot):
    """Count this visit as the return that an earlier visit to the same room led to."""
    last = world.ties.last_visit[viewer, slot]
    if last < 0:  # never, or before day 0, of which nothing is counted
        return
    if world.day - last <= 7:
        ledger.back_7[last] += 1
    if world.day - last <= 30:
        ledger.back_30[last] += 1


@rule
def remember_room(world, ledger, viewer, slot, store):
    """Slot of the viewer's tie to a room on entering it: `slot`, or a new one if that is negative."""
    ties, day = world.ties, world.day
    if slot < 0:
        slot = slot_to_fill(ties, viewer, day)
        make_room(world, ledger, viewer, slot)
        write_tie(ties, viewer, slot, NewTie(store, 0.0, day, 0))
    else:
        if ties.last_visit[viewer, slot] != NEVER:
            ledger.totals[KNOWN_VISITS] += 1
        record_return(world, ledger, viewer, slot)
    count_back_after_a_month(world, ledger, viewer, slot)
    ties.last_visit[viewer, slot] = day
    return slot


@rule
def enter_room(world, shard, row, option, slot, trust):
    """A viewer enters the room of `option`: remember it and count the visit."""
    wave, ledger, viewers = shard.wave, shard.ledger, world.viewers
    viewer, store, surface = row_of(wave.viewer[row]), row_of(wave.room[row, option]), wave.surface[row]
    slot = remember_room(world, ledger, viewer, slot, store)
    outside = 0 if world.ties.flags[viewer, slot] & STARTING else 1
    ledger.stores[store, VISITS] += 1
    ledger.surfaces[surface, VISITS] += 1
    ledger.stores[store, OUTSIDE] += outside
    ledger.surfaces[surface, OUTSIDE] += outside
    viewers.last_active[viewer] = world.day
    viewers.seen_on[viewer, world.surfaces.platform[surface]] = world.day
    viewers.rooms_today[viewer] += 1
    viewers.visited_by[viewer] |= np.uint64(1) << np.uint64(surface)
    wave.chosen[row] = store
    wave.slot[row] = slot
    wave.trust[row] = trust
    wave.endorsed[row] = 0.0
    wave.root[row] = NO_ROOT
    wave.post[row] = NO_POST
    wave.sender[row] = NOBODY
    wave.by_board[row] = 0
    wave.leader[row] = NOBODY


@rule
def take_link(world, shard, links, row, option):
    """Note whose link was followed; a second endorsement of the same store counts less."""
    wave, ties = shard.wave, world.ties
    viewer, slot, link = wave.viewer[row], wave.slot[row], wave.link[row, option]
    endorsement = links.endorsement[link]
    if ties.flags[viewer, slot] & ENDORSED:
        endorsement *= world.rules.purchase.repeat_endorsement
    ties.flags[viewer, slot] |= ENDORSED
    shard.ledger.totals[ENDORSED_VISITS] += 1
    wave.endorsed[row] = endorsement
    wave.root[row] = links.root[link]
    wave.post[row] = links.post[link]
    wave.sender[row] = links.sender[link]
    wave.by_board[row] = links.by_board[link]
    wave.leader[row] = links.leader[link]


@rule
def appraise_rooms(world, shard, first, last):
    """Attraction of the rooms offered in rows `first` to `last` to somebody who knows none of them.

    ``exp(room_utility)``, one after another from the start of ``scratch.attraction``; counts who was
    reached by whom.
    """
    wave, ledger, attraction = shard.wave, shard.ledger, shard.scratch.attraction
    viewers, stores, choice = world.viewers, world.stores, world.rules.choice
    entry = np.int64(0)
    for row in range(first, last):
        viewer, surface = row_of(wave.viewer[row]), wave.surface[row]
        options = np.int64(wave.options[row])
        strong = False
        for option in range(options):
            store = row_of(wave.room[row, option])
            ledger.stores[store, REACH] += 1
            fit = room_fit(world, viewer, store)
            strong |= fit >= choice.strong_fit
            utility = room_utility(
                fit, 0.0, stores.crowd_cue[store], viewers.crowd[viewer], wave.appeal[row, option], choice
            )
            attraction[entry + option] = utility
        entry += options
        if strong:
            viewers.offered_fit[viewer] = world.day
        if options > 0:
            ledger.surfaces[surface, REACH] += 1
        if world.surfaces.by_ads[surface]:
            for option in range(options):
                ledger.stores[row_of(wave.room[row, option]), ADS] += 1
    for position in range(entry):
        attraction[position] = exponential(min(attraction[position], HIGHEST_UTILITY))


@rule
def choose_room(world, wave, row, attraction):
    """Option that the viewer of `row` takes, or -1, its slot among the viewer's ties, or -1, and
    the viewer's trust in it.

    Trust multiplies the `attraction` of a room by ``exp(trust_weight trust)``; one visited today has none.
    """
    ties, day = world.ties, world.day
    viewer, options = row_of(wave.viewer[row]), np.int64(wave.options[row])
    for option in range(options):
        slot = find_tie(ties, viewer, wave.room[row, option])
        if slot >= 0:
            trust = current_trust(ties, viewer, slot, day, world.fading)
            known = exponential(world.rules.choice.trust_weight * trust)
            attraction[option] *= 0.0 if ties.last_visit[viewer, slot] == day else known
    option = pick(unit(wave.luck[0, row]), attraction, options)
    if option < 0:
        return option, -1, 0.0
    slot = find_tie(ties, viewer, wave.room[row, option])
    trust = current_trust(ties, viewer, slot, day, world.fading) if slot >= 0 else 0.0
    return option, slot, trust


@kernel
def choose_rooms(world: World, shard: Shard, links: Links, by_link: bool) -> None:
    """Each occasion of the shard's wave leads to at most one room, none twice a day by the same viewer,
    and to none once the viewer has been in as many as a day allows.

    `by_link` says that all offers are rows of `links`.
    """
    wave, attraction = shard.wave, shard.scratch.attraction
    rows, at_a_time = wave.rows[0], shard.scratch.slot.shape[0]
    draw = Draw(world.key, CHOOSE, world.day)
    for row in range(rows):
        roll(wave.luck, row, draw, wave.viewer[row], wave.occasion[row])
    for first in range(0, rows, at_a_time):
        last = min(first + at_a_time, rows)
        appraise_rooms(world, shard, first, last)
        entry = np.int64(0)
        for row in range(first, last):
            wave.chosen[row] = NO_ROOM
            if wave.options[row] == 0:
                continue
            option, slot, trust = choose_room(world, wave, row, attraction[entry:])
            entry += wave.options[row]
            if option < 0 or world.viewers.rooms_today[row_of(wave.viewer[row])] >= world.most_rooms:
                continue
            enter_room(world, shard, row, option, slot, trust)
            if by_link:
                take_link(world, shard, links, row, option)
            viewer = row_of(wave.viewer[row])
            count_visit(world, shard.ledger, wave, row, room_fit(world, viewer, row_of(wave.chosen[row])))
