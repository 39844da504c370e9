"""Phase 2, traffic arrives: how often a person has time to watch, and where it looks."""

from __future__ import annotations

import math

from ..state.compiled import kernel, rule
from ..state.exponential import exponential
from ..state.ledger import OCCASIONS
from ..state.luck import Draw, decision, roll, uniform, unit
from ..state.surfaces import NO_SURFACE
from ..state.ties import EMPTY, FOLLOWER, MEMBER, MUTED, SUBSCRIBED
from ..state.waves import NO_ROOM, Wave
from ..state.world import Shard, World
from .appointments import entrance, keeps_appointment, where_met

OCCASIONS_OF_A_DAY = decision("occasions: how many, and which surface each opens")
MOMENT = decision("occasions: into which part of the day one falls")
LOOK_FOR_NOTICES = decision("occasions: a look because of notices")
OF_A_PLATFORM = 32
"""Occasions on platform p are numbered from ``32 p``, so that no two of a viewer's day share their luck."""
FOR_NOTICES = 31
"""Number, among those of a platform, of the look for notices."""
FOR_HOST = 30
"""The same of the opening for the host with whom there is an appointment."""
BEYOND_THREE = 64
"""Luck of the surfaces beyond the third is numbered from here, above all platforms."""


@rule
def occasions_today(luck, activity, most):
    """Number of events of one day: the Poisson(activity) quantile at `luck`, at most `most`.

    ``n = min{k : P(N <= k) >= luck}`` for N ~ Poisson(activity).
    """
    probability = math.exp(-activity)
    below = probability
    occasions = 0
    while luck > below and occasions < most:
        occasions += 1
        probability *= activity / occasions
        below += probability
    return occasions


@rule
def openings_with_habit(openings, habit, habit_strength):
    """Openings of an app by somebody with a habit: ``openings * (1 + habit_strength * habit)``.

    Each app is opened for itself, so that one which has nothing to show takes nothing from another.
    """
    return openings * (1.0 + habit_strength * habit)


@rule
def chance_to_look(pull, waiting):
    """Chance of one look more at what waits: ``1 - exp(-pull * waiting)``, of notices or of cards."""
    return 1.0 - exponential(-pull * waiting)


@rule
def surface_opened(luck, cumulative_weights, first, last):
    """Channel of one occasion: the first of `first` to `last` (not included) whose cumulative
    weight (rising to 1) exceeds `luck`."""
    channel = first
    for earlier in range(first, last - 1):
        channel += luck >= cumulative_weights[earlier]
    return channel


@rule
def strengthened(habit, rate, rewarded):
    """Habit after an occasion: up by ``rate * (1 - habit)`` if it was rewarded, else down by
    ``rate * habit`` (linear operator learning, Bush and Mosteller 1955)."""
    return habit + rate * ((1.0 if rewarded else 0.0) - habit)


@rule
def count_occasions(world, scratch, span, platform, most):
    """`occasions_today` of viewers of a `span` on a platform, all at once, into ``scratch.occasions``.

    The first row of ``scratch.luck`` decides. Chances of 0, 1, 2, .. occasions are worked out for everybody
    before the next number's, since short loops without branches take several viewers at a time.
    """
    first, count = span
    openings, strength = world.pull.openings[platform], world.rules.market.habit_strength
    for entry in range(count):
        viewer = first + entry
        scratch.rate[entry] = world.viewers.activity[viewer] * openings_with_habit(
            openings, world.viewers.habit[viewer, platform], strength
        )
    for entry in range(count):
        scratch.chance[entry] = exponential(-scratch.rate[entry])
        scratch.below[entry] = scratch.chance[entry]
        scratch.occasions[entry] = 0.0
    for occasions in range(1, most + 1):
        for entry in range(count):
            more = unit(scratch.luck[0, entry]) > scratch.below[entry]
            scratch.occasions[entry] += 1.0 if more else 0.0
            scratch.chance[entry] *= scratch.rate[entry] / occasions
            scratch.below[entry] += scratch.chance[entry]


@rule
def open_platform(world, shard, span, platform, most):
    """Write down the occasions on which viewers of a `span` open a platform, at most `most` each.

    Occasions that fall to channels of friends' links are saved up in ``viewers.share_left``.
    """
    viewers, surfaces, wave, scratch = world.viewers, world.surfaces, shard.wave, shard.scratch
    draw = Draw(world.key, OCCASIONS_OF_A_DAY, world.day)
    begin, count = span
    first, last = surfaces.first[platform], surfaces.first[platform + 1]
    for entry in range(count):
        roll(scratch.luck, entry, draw, begin + entry, platform)
    count_occasions(world, scratch, span, platform, most)
    row = wave.rows[0]
    for entry in range(count):
        viewer, occasions = begin + entry, int(scratch.occasions[entry])
        shard.ledger.totals[OCCASIONS] += occasions
        for occasion in range(occasions):
            number = platform * OF_A_PLATFORM + occasion
            if occasion < 3:
                luck = unit(scratch.luck[occasion + 1, entry])
            else:
                luck = uniform(world.key, OCCASIONS_OF_A_DAY, world.day, viewer, BEYOND_THREE + number)
            surface = surface_opened(luck, world.pull.cumulative, first, last)
            # Written in any case and kept only if it is not saved up: no branch to guess wrong.
            saved = surfaces.by_links[surface]
            viewers.share_left[viewer, platform] += saved
            begin_row(wave, row, viewer, number, surface)
            row += 1 - saved
    wave.rows[0] = row


@rule
def begin_row(wave, row, viewer, number, surface):
    """An occasion without offers so far."""
    wave.viewer[row] = viewer
    wave.occasion[row] = number
    wave.surface[row] = surface
    wave.options[row] = 0


@rule
def notices_waiting(world, viewer, platform):
    """Notices that a viewer gets of today's streams on a platform: in merchants' groups, and from the app.

    A group's link is a notice to each member who has not muted it; of a stream the platform tells a share
    ``notices`` of the followers.
    """
    ties, stores = world.ties, world.stores
    in_groups, from_app = 0.0, 0.0
    for slot in range(ties.store.shape[1]):
        store, flags = ties.store[viewer, slot], ties.flags[viewer, slot]
        if store == EMPTY or flags & (SUBSCRIBED | MUTED) != SUBSCRIBED or stores.platform[store] != platform:
            continue
        if flags & MEMBER:
            in_groups += stores.pushing[store]
        if flags & FOLLOWER:
            from_app += stores.live[store]
    return in_groups, from_app * world.pull.notices[platform]


@rule
def look_for_notices(world, shard, viewer, platform):
    """One look more where notices wait, with chance `chance_to_look`, at the groups or at the followed.

    Which of both is drawn in proportion to their notices; a group's link takes as much trouble to open
    as the platform's links do.
    """
    wave, pull = shard.wave, world.pull
    in_groups, from_app = notices_waiting(world, viewer, platform)
    groups, followed = pull.groups_on[platform], pull.follow_on[platform]
    in_groups *= pull.opens[groups] if groups != NO_SURFACE else 0.0
    from_app *= 1.0 if followed != NO_SURFACE else 0.0
    waiting = in_groups + from_app
    if waiting <= 0.0:
        return
    luck = uniform(world.key, LOOK_FOR_NOTICES, world.day, viewer, platform)
    chance = chance_to_look(world.rules.attention.notice_pull, waiting)
    if luck < chance:
        row = wave.rows[0]
        surface = groups if luck * waiting < chance * in_groups else followed
        begin_row(wave, row, viewer, platform * OF_A_PLATFORM + FOR_NOTICES, surface)
        wave.rows[0] = row + 1
        shard.ledger.totals[OCCASIONS] += 1


@rule
def look_for_host(world, shard, viewer):
    """An opening more for the host with whom a viewer has an appointment, if it streams and that is kept.

    It belongs to that host alone (`meet_hosts`): it takes nothing from others, and goes when the host goes.
    """
    store = where_met(world, viewer)
    if store < 0 or not keeps_appointment(world, viewer, store):
        return
    wave, platform = shard.wave, world.stores.platform[store]
    begin_row(wave, wave.rows[0], viewer, platform * OF_A_PLATFORM + FOR_HOST, entrance(world, platform))
    wave.rows[0] += 1
    shard.ledger.totals[OCCASIONS] += 1


@rule
def in_order_of_viewers(wave, scratch, span, first_row):
    """Put the rows from `first_row` on, of viewers of a `span`, in the order of viewers, else as they stand.

    What is written down of a day must not tell how viewers were divided among threads.
    """
    begin, count = span
    number, place = scratch.viewer, scratch.slot
    for entry in range(count):
        number[entry] = 0
    for row in range(first_row, wave.rows[0]):
        number[wave.viewer[row] - begin] += 1
    start = 0
    for entry in range(count):
        place[entry] = start
        start += number[entry]
    for row in range(first_row, wave.rows[0]):
        entry = wave.viewer[row] - begin
        scratch.attraction[place[entry]] = wave.occasion[row] * 256.0 + wave.surface[row]
        place[entry] += 1
    row = first_row
    for entry in range(count):
        for _ in range(number[entry]):
            kept = int(scratch.attraction[row - first_row])
            begin_row(wave, row, begin + entry, kept // 256, kept % 256)
            row += 1


@rule
def settle_moments(world, wave):
    """Draw the part of the day into which each occasion falls, all alike."""
    draw, parts = Draw(world.key, MOMENT, world.day), world.on_air.shape[1]
    for row in range(wave.rows[0]):
        roll(wave.luck, row, draw, wave.viewer[row], wave.occasion[row])
    for row in range(wave.rows[0]):
        wave.part[row] = int(unit(wave.luck[0, row]) * parts)


@kernel
def hand_out_occasions(world: World, shard: Shard, most: int) -> None:
    """Fill the shard's wave with today's occasions of its viewers: openings of each app, at most `most`
    each, a look for notices, and one for a host.

    Viewers without any interest do not watch.
    """
    viewers, scratch, platforms = world.viewers, shard.scratch, world.pull.openings.shape[0]
    shard.wave.rows[0] = 0
    notices, hosts = world.rules.attention.notice_pull > 0.0, world.rules.attention.appointment > 0.0
    room = scratch.attraction.shape[0] // (platforms * (most + 1) + 1)  # for `in_order_of_viewers`
    at_a_time = max(1, min(scratch.occasions.shape[0], room))
    viewers.share_left[shard.first : shard.last] = 0
    viewers.rooms_today[shard.first : shard.last] = 0
    for begin in range(shard.first, shard.last, at_a_time):
        span, first_row = (begin, min(at_a_time, shard.last - begin)), shard.wave.rows[0]
        for turn in range(platforms):  # by turns, since a day's rooms may run out
            open_platform(world, shard, span, world.pull.turns[turn], most)
        for viewer in range(begin, begin + span[1] if notices or hosts else begin):
            if viewers.fan_ties[viewer] > 0:
                for platform in range(platforms if notices else 0):
                    look_for_notices(world, shard, viewer, platform)
                if hosts:
                    look_for_host(world, shard, viewer)
        if notices or hosts or platforms > 1:
            in_order_of_viewers(shard.wave, scratch, span, first_row)
    if world.on_air.shape[1] > 1:
        settle_moments(world, shard.wave)


@kernel
def meet_hosts(world: World, wave: Wave) -> None:
    """Offer the host's room, and it alone, on the openings for a host, whatever else their surface shows."""
    for row in range(wave.rows[0]):
        if wave.occasion[row] % OF_A_PLATFORM == FOR_HOST:
            wave.room[row, 0] = where_met(world, wave.viewer[row])
            wave.appeal[row, 0] = 0.0
            wave.options[row] = 1


@kernel
def form_habits(world: World, wave: Wave) -> None:
    """After each occasion of `wave`, move the viewer's habits.

    A visit strengthens the habit of its platform and weakens the others; an occasion on a
    platform that led nowhere weakens the habit of that platform.
    """
    viewers, rate = world.viewers, world.rules.market.habit_rate
    for row in range(wave.rows[0]):
        viewer, here = wave.viewer[row], world.surfaces.platform[wave.surface[row]]
        if wave.chosen[row] == NO_ROOM:
            viewers.habit[viewer, here] = strengthened(viewers.habit[viewer, here], rate, False)
            continue
        for platform in range(viewers.habit.shape[1]):
            viewers.habit[viewer, platform] = strengthened(
                viewers.habit[viewer, platform], rate, platform == here
            )
