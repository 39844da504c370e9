"""Phase 3, viewers choose: enter one of the rooms offered, or leave."""

from __future__ import annotations

import numpy as np

from ..scenario.sections.channels import MAX_OPTIONS
from ..state.columns import NEVER
from ..state.compiled import kernel, rule
from ..state.exponential import exponential
from ..state.ledger import (
    ADS,
    ENDORSED_VISITS,
    KNOWN_VISITS,
    OUTSIDE,
    REACH,
    VISITS,
    make_room,
)
from ..state.luck import decision, roll, unit
from ..state.ties import (
    ENDORSED,
    STARTING,
    current_trust,
    find_tie,
    slot_to_fill,
    write_tie,
)
from ..state.waves import NO_ROOM, NO_ROOT, NOBODY

CHOOSE = decision("choosing: which room")
HIGHEST_UTILITY = 500.0
"""Utilities above this count as this, so that sums of their exponentials stay finite."""


@rule
def interest_fit(interest, taste, style, taste_weight):
    """How well a room suits a viewer, 0..1.

    ``interest * (1 - taste_weight * 2 * d)``, d the distance of taste and style on a circle of
    circumference 1 (at most 0.5).
    """
    distance = abs(taste - style)
    distance = min(distance, 1.0 - distance)
    return interest * (1.0 - taste_weight * 2.0 * distance)


@rule
def fit_of(viewers, merchants, viewer, merchant, taste_weight):
    """`interest_fit` of a merchant's room for a viewer."""
    return interest_fit(
        viewers.interest[viewer, merchants.category[merchant]], viewers.taste[viewer],
        merchants.style[merchant], taste_weight,
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
def record_return(ties, ledger, viewer, slot, day, days):
    """Count this visit as the return that an earlier visit to the same room led to."""
    last = ties.last_visit[viewer, slot]
    if last == NEVER:
        return
    if day - last <= 7:
        ledger.back_7[last] += 1
    if day - last <= 30:
        ledger.back_30[last] += 1


@rule
def enter_room(viewers, ties, ledger, wave, row, option, slot, trust, day, days):
    """A viewer enters the room of `option`: remember it and count the visit."""
    viewer, merchant, channel = wave.viewer[row], wave.room[row, option], wave.channel[row]
    if slot < 0:
        slot = slot_to_fill(ties, viewer, day)
        make_room(ties, viewers, ledger, viewer, slot, day)
        write_tie(ties, viewer, slot, merchant, 0.0, day, 0)
    else:
        if ties.last_visit[viewer, slot] != NEVER:
            ledger.totals[KNOWN_VISITS] += 1
        record_return(ties, ledger, viewer, slot, day, days)
    ties.last_visit[viewer, slot] = day
    outside = 0 if ties.flags[viewer, slot] & STARTING else 1
    ledger.merchants[merchant, VISITS] += 1
    ledger.channels[channel, VISITS] += 1
    ledger.merchants[merchant, OUTSIDE] += outside
    ledger.channels[channel, OUTSIDE] += outside
    viewers.last_active[viewer] = day
    viewers.visited_by[viewer] |= np.uint64(1) << np.uint64(channel)
    wave.chosen[row] = merchant
    wave.slot[row] = slot
    wave.trust[row] = trust


@rule
def take_link(ties, ledger, wave, links, row, option, purchase):
    """Note whose link was followed; a second endorsement of the same merchant counts less."""
    viewer, slot, link = wave.viewer[row], wave.slot[row], wave.link[row, option]
    endorsement = links.endorsement[link]
    if ties.flags[viewer, slot] & ENDORSED:
        endorsement *= purchase.repeat_endorsement
    ties.flags[viewer, slot] |= ENDORSED
    ledger.totals[ENDORSED_VISITS] += 1
    wave.endorsed[row] = endorsement
    wave.root[row] = links.root[link]
    wave.sender[row] = links.sender[link]
    wave.leader[row] = links.leader[link]


@rule
def appraise_rooms(viewers, merchants, wave, ledger, surfaces, choice, attraction, first, last):
    """Attraction of the rooms offered in rows `first` to `last` to somebody who knows none of them.

    ``exp(room_utility)``, one after another from the start of `attraction`; counts who was reached by
    whom.
    """
    entry = np.int64(0)
    for row in range(first, last):
        viewer, channel = wave.viewer[row], wave.channel[row]
        options = np.int64(wave.options[row])
        strong = False
        for option in range(options):
            merchant = wave.room[row, option]
            ledger.merchants[merchant, REACH] += 1
            fit = fit_of(viewers, merchants, viewer, merchant, choice.taste_weight)
            strong |= fit >= choice.strong_fit
            utility = room_utility(
                fit, 0.0, merchants.crowd_cue[merchant], viewers.crowd[viewer],
                wave.appeal[row, option], choice,
            )
            attraction[entry + option] = utility
        entry += options
        if strong:
            viewers.offered_fit[viewer] = 1
        if options > 0:
            ledger.channels[channel, REACH] += 1
        if surfaces.by_ads[channel]:
            for option in range(options):
                ledger.merchants[wave.room[row, option], ADS] += 1
    for place in range(entry):
        attraction[place] = exponential(min(attraction[place], HIGHEST_UTILITY))


@rule
def choose_room(ties, wave, row, attraction, choice, fading, day):
    """Option that the viewer of `row` takes, or -1, its slot among the viewer's ties, or -1, and
    the viewer's trust in it.

    Trust multiplies the `attraction` of a room by ``exp(trust_weight trust)``; one visited today has none.
    """
    viewer, options = wave.viewer[row], np.int64(wave.options[row])
    for option in range(options):
        slot = find_tie(ties, viewer, wave.room[row, option])
        if slot >= 0:
            trust = current_trust(ties, viewer, slot, day, fading)
            known = exponential(choice.trust_weight * trust)
            attraction[option] *= 0.0 if ties.last_visit[viewer, slot] == day else known
    option = pick(unit(wave.luck[0, row]), attraction, options)
    if option < 0:
        return option, -1, 0.0
    slot = find_tie(ties, viewer, wave.room[row, option])
    trust = current_trust(ties, viewer, slot, day, fading) if slot >= 0 else 0.0
    return option, slot, trust


@kernel
def choose_rooms(
    viewers, merchants, ties, wave, links, ledger, surfaces, rules, fading, attraction, key, day,
    days, by_link,
):
    """Each occasion of `wave` leads to at most one room, none twice a day by the same viewer.

    `attraction` is scratch of shape (rows at a time * MAX_OPTIONS,); `by_link` says that all offers
    are rows of `links`.
    """
    rows, at_a_time = wave.rows[0], attraction.shape[0] // MAX_OPTIONS
    for row in range(rows):
        roll(wave.luck, row, key, CHOOSE, day, wave.viewer[row], wave.occasion[row])
    for first in range(0, rows, at_a_time):
        last = min(first + at_a_time, rows)
        appraise_rooms(
            viewers, merchants, wave, ledger, surfaces, rules.choice, attraction, first, last
        )
        entry = np.int64(0)
        for row in range(first, last):
            wave.chosen[row] = NO_ROOM
            if wave.options[row] == 0:
                continue
            option, slot, trust = choose_room(
                ties, wave, row, attraction[entry:], rules.choice, fading, day
            )
            entry += wave.options[row]
            if option < 0:
                continue
            enter_room(viewers, ties, ledger, wave, row, option, slot, trust, day, days)
            wave.endorsed[row] = 0.0
            wave.root[row] = NO_ROOT
            wave.sender[row] = NOBODY
            wave.leader[row] = NOBODY
            if by_link:
                take_link(ties, ledger, wave, links, row, option, rules.purchase)
