"""Phase 2, traffic arrives: how often a person has time to watch, and where it looks."""

from __future__ import annotations

import math

from ..state.compiled import kernel, rule
from ..state.exponential import exponential
from ..state.ledger import OCCASIONS
from ..state.luck import Draw, decision, roll, uniform, unit
from ..state.waves import NO_ROOM, Wave
from ..state.world import Shard, World

OCCASIONS_OF_A_DAY = decision("occasions: how many, and which surface each opens")


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
def platform_weight(pull, habit, habit_strength):
    """Weight of a platform in a viewer's attention: ``pull * (1 + habit_strength * habit)``."""
    return pull * (1.0 + habit_strength * habit)


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
def attention(world, viewer):
    """Weights of all platforms together, and occasions a day relative to the viewer's activity.

    The second is the mean of the platforms' pools, each weighted as the viewer weighs it: a platform
    of weight ``w`` of ``W`` draws ``w / W * pool`` occasions for each of the activity's.
    """
    pull = world.pull
    if pull.weight.shape[0] == 1:
        return pull.weight[0], pull.pool[0]
    total, occasions = 0.0, 0.0
    for platform in range(pull.weight.shape[0]):
        weight = platform_weight(
            pull.weight[platform], world.viewers.habit[viewer, platform], pull.habit_strength
        )
        total += weight
        occasions += weight * pull.pool[platform]
    return total, (occasions / total if total > 0.0 else 0.0)


@rule
def draw_surface(world, luck, total, viewer):
    """Surface of one occasion: a platform by its weight times its pool, then one of its channels.

    `total` is the sum of these products over platforms. What is left of `luck` within the platform
    drawn is uniform again and draws the channel.
    """
    pull, surfaces = world.pull, world.surfaces
    platforms = pull.weight.shape[0]
    if platforms == 1:
        return surface_opened(luck, pull.cumulative, 0, pull.cumulative.shape[0])
    target = luck * total
    chosen, within = 0, 0.0
    for platform in range(platforms):
        weight = pull.pool[platform] * platform_weight(
            pull.weight[platform], world.viewers.habit[viewer, platform], pull.habit_strength
        )
        if weight > 0.0:
            chosen, within = platform, min(target / weight, 1.0)
            if target < weight:
                break
            target -= weight
    return surface_opened(within, pull.cumulative, surfaces.first[chosen], surfaces.first[chosen + 1])


@rule
def count_occasions(world, scratch, first, last, most):
    """`occasions_today` of viewers `first` to `last`, all at once, into ``scratch.occasions``.

    The first row of ``scratch.luck`` decides. Chances of 0, 1, 2, .. occasions are worked out for everybody
    before the next number's, since short loops without branches take several viewers at a time.
    """
    count = last - first
    for entry in range(count):
        total, pool = attention(world, first + entry)
        scratch.rate[entry] = world.viewers.activity[first + entry] * pool
        scratch.attention[entry] = total * pool
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


@kernel
def hand_out_occasions(world: World, shard: Shard, most: int) -> None:
    """Fill the shard's wave with today's occasions of its viewers, at most `most` each.

    Occasions that fall to channels of friends' links are saved up in ``viewers.share_left``, each
    for its platform, and spent when a link arrives. Viewers without any interest do not watch.
    """
    viewers, surfaces, wave, scratch = world.viewers, world.surfaces, shard.wave, shard.scratch
    draw = Draw(world.key, OCCASIONS_OF_A_DAY, world.day)
    row, at_a_time = 0, scratch.occasions.shape[0]
    for begin in range(shard.first, shard.last, at_a_time):
        count = min(at_a_time, shard.last - begin)
        for entry in range(count):
            roll(scratch.luck, entry, draw, begin + entry, 0)
        count_occasions(world, scratch, begin, begin + count, most)
        viewers.share_left[begin : begin + count] = 0
        for entry in range(count):
            viewer = begin + entry
            occasions = int(scratch.occasions[entry])
            shard.ledger.totals[OCCASIONS] += occasions
            for occasion in range(occasions):
                if occasion < 3:
                    luck = unit(scratch.luck[occasion + 1, entry])
                else:
                    luck = uniform(world.key, OCCASIONS_OF_A_DAY, world.day, viewer, occasion)
                surface = draw_surface(world, luck, scratch.attention[entry], viewer)
                # Written in any case and kept only if it is not saved up: no branch to guess wrong.
                saved = surfaces.by_links[surface]
                viewers.share_left[viewer, surfaces.platform[surface]] += saved
                wave.viewer[row] = viewer
                wave.occasion[row] = occasion
                wave.surface[row] = surface
                wave.options[row] = 0
                row += 1 - saved
    wave.rows[0] = row


@kernel
def form_habits(world: World, wave: Wave) -> None:
    """After each occasion of `wave`, move the viewer's habits; note where it was seen today.

    A visit strengthens the habit of its platform and weakens the others; an occasion on a
    platform that led nowhere weakens the habit of that platform.
    """
    viewers, rate = world.viewers, world.rules.market.habit_rate
    for row in range(wave.rows[0]):
        viewer, here = wave.viewer[row], world.surfaces.platform[wave.surface[row]]
        if wave.chosen[row] == NO_ROOM:
            viewers.habit[viewer, here] = strengthened(viewers.habit[viewer, here], rate, False)
            continue
        viewers.seen_on[viewer, here] = world.day
        for platform in range(viewers.habit.shape[1]):
            viewers.habit[viewer, platform] = strengthened(
                viewers.habit[viewer, platform], rate, platform == here
            )
