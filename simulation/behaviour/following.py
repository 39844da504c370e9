"""Phase 6, viewers follow or leave: joining a merchant's following, muting it, leaving it."""

from __future__ import annotations

from ..state.columns import ABSENT, CLOSED
from ..state.compiled import kernel, rule
from ..state.ledger import ASSISTANT_JOINS, FOLLOWS, MUTES, NEW_FOLLOWERS, SHARE_FOLLOWS
from ..state.luck import Draw, decision, roll, short_unit, uniform, unit
from ..state.rules.ties import current_trust, end_subscription
from ..state.surfaces import NO_SURFACE
from ..state.ties import FOLLOWER, MEMBER, MUTED, REFERRED, SUBSCRIBED
from ..state.waves import NO_ROOM
from ..state.world import Shard, World
from .buying import effective_trust
from .community import become_member, joins_group
from .counting import count_joiner, count_new_fan, count_notices

WEEKLY_REVIEW = decision("following: weekly review of a tie")
STAYS_ON = decision("following: whether a fan who would leave stays on")
WEEK = 7


@rule
def follow_probability(trust, pleased, following):
    """Chance to follow after a visit: ``base (1 + trust_boost trust + purchase_boost pleased)``."""
    boost = 1.0 + following.trust_boost * trust + (following.purchase_boost if pleased else 0.0)
    return min(1.0, following.base_rate * boost)


@rule
def annoyance_probability(messages, following):
    """Chance, at a weekly review, that messages annoy: ``1 - (1 - annoyance) ** messages``."""
    return 1.0 - (1.0 - following.annoyance) ** messages


@rule
def starting_trust(trust, propensity, initial):
    """Trust of a new follower: what it has, at least ``initial * 2 propensity``, at most 1."""
    return max(trust, min(1.0, initial * 2.0 * propensity))


@rule
def subscribe(world, viewer, slot, how):
    """Make the tie in `slot` a subscription that begins today, `how` being FOLLOWER or MEMBER."""
    ties, viewers = world.ties, world.viewers
    ties.flags[viewer, slot] = (ties.flags[viewer, slot] | SUBSCRIBED | how) & ~MUTED
    ties.since[viewer, slot] = world.day
    ties.trust[viewer, slot] = starting_trust(
        ties.trust[viewer, slot], viewers.trusting[viewer], world.rules.trust.initial_follow
    )
    viewers.fan_ties[viewer] += 1


@rule
def follows_now(world, wave, row):
    """Whether the visitor of `row`, not a follower yet, follows the store where the platform lets it."""
    store, viewer, slot = wave.chosen[row], wave.viewer[row], wave.slot[row]
    ties = world.ties
    if (
        ties.flags[viewer, slot] & FOLLOWER
        or world.pull.follow_on[world.stores.platform[store]] == NO_SURFACE
    ):
        return False
    trust = effective_trust(ties.trust[viewer, slot], wave.endorsed[row])
    pleased = wave.bought[row] == 1 and wave.satisfied[row]
    chance = follow_probability(trust, pleased, world.rules.following)
    return short_unit(wave.luck[3, row]) < chance


@rule
def bind(world, ledger, viewer, slot, how):
    """A visitor follows or joins (`how`): the tie becomes a subscription unless it is one already.

    Returns whether it has just become one.
    """
    ties = world.ties
    new = not ties.flags[viewer, slot] & SUBSCRIBED
    if new:
        subscribe(world, viewer, slot, how)
    ties.flags[viewer, slot] |= how
    if how == MEMBER:
        become_member(world, ledger, viewer, slot)
    return new


@kernel
def follow_merchants(world: World, shard: Shard, by_link: bool) -> None:
    """After each visit of the shard's wave, decide whether the viewer follows the store or joins a group."""
    wave, ledger, ties = shard.wave, shard.ledger, world.ties
    for row in range(wave.rows[0]):
        store = wave.chosen[row]
        if store == NO_ROOM:
            continue
        viewer, slot, surface = wave.viewer[row], wave.slot[row], wave.surface[row]
        wave.followed[row] = 0
        if follows_now(world, wave, row):
            wave.followed[row] = bind(world, ledger, viewer, slot, FOLLOWER)
            ledger.stores[store, NEW_FOLLOWERS] += 1
        if not ties.flags[viewer, slot] & MEMBER and joins_group(
            world, viewer, store, by_link, wave.bought[row] == 1
        ):
            wave.followed[row] |= bind(world, ledger, viewer, slot, MEMBER)
            count_joiner(ledger, wave, row)
        if wave.followed[row]:
            count_new_fan(ledger, wave, row)
            ledger.stores[store, FOLLOWS] += 1
            ledger.surfaces[surface, FOLLOWS] += 1
            if by_link:
                ties.flags[viewer, slot] |= REFERRED
                ledger.totals[SHARE_FOLLOWS] += 1


@rule
def notices_a_week(world, viewer, slot):
    """Notices that a fan gets of a store in a week: links in its group, and what the platform tells it."""
    stores, flags, store = world.stores, world.ties.flags[viewer, slot], world.ties.store[viewer, slot]
    notices = 0.0
    if flags & MEMBER:
        notices += stores.week_pushes[store]
    if flags & FOLLOWER:
        notices += stores.streams[store] * world.pull.notices[stores.platform[store]]
    return notices


@rule
def leaving_probability(days, trust, referred, following):
    """Chance to leave at a weekly review for no other reason, the same on every platform.

    ``leave_rate (1 + days / 30) ** -tenure_slope (1 - trust_hold trust)``, times ``referred_factor``
    for whoever became a fan by a friend's card [Schmitt, Skiera, Van den Bulte 2011].
    """
    chance = following.leave_rate * (1.0 + days / 30.0) ** -following.tenure_slope
    chance *= 1.0 - following.trust_hold * trust
    return chance * (following.referred_factor if referred else 1.0)


@rule
def leaves(world, ledger, viewer, slot):
    """A fan who would leave does with chance ``1 / fan_life``; whether it has."""
    following, store = world.rules.following, world.ties.store[viewer, slot]
    if following.fan_life > 1.0:
        luck = uniform(world.key, STAYS_ON, world.day, viewer, store)
        if luck * following.fan_life >= 1.0:
            return False
    end_subscription(world, ledger, viewer, slot)
    return True


@rule
def chance_by_assistant(community):
    """Chance a week to join because an assistant writes: ``joining * join_by_assistant``, at most 1."""
    return min(1.0, community.joining * community.join_by_assistant)


@rule
def is_asked_in(world, viewer, slot):
    """Whether the merchant's assistant can write to a fan: one in no group, of a store that runs some."""
    flags, store = world.ties.flags[viewer, slot], world.ties.store[viewer, slot]
    return not flags & MEMBER and world.stores.community_work[store] > 0.0


@rule
def review_tie(world, ledger, luck, viewer, slot):
    """Once a week: leave if trust has faded, the store is gone or messages annoy; or mute.

    Who stays and follows on the platform alone may join a group, with ``join_by_assistant``. `luck` holds a
    random word for each of: annoyed or not, muting, leaving, joining.
    """
    ties, stores, following = world.ties, world.stores, world.rules.following
    store, trust = ties.store[viewer, slot], current_trust(ties, viewer, slot, world.day, world.fading)
    if stores.status[store] in (CLOSED, ABSENT):
        end_subscription(world, ledger, viewer, slot)
        return
    if trust < following.fade_floor and leaves(world, ledger, viewer, slot):
        return
    muted = ties.flags[viewer, slot] & MUTED
    annoyed = not muted and unit(luck[0]) < annoyance_probability(
        count_notices(world, ledger, viewer, slot, notices_a_week(world, viewer, slot)), following
    )
    if annoyed and unit(luck[1]) < following.mute_share:
        ties.flags[viewer, slot] |= MUTED
        ledger.totals[MUTES] += 1
    elif annoyed or unit(luck[2]) < leaving_probability(
        world.day - ties.since[viewer, slot], trust, ties.flags[viewer, slot] & REFERRED, following
    ):
        leaves(world, ledger, viewer, slot)
    elif is_asked_in(world, viewer, slot) and unit(luck[3]) < chance_by_assistant(world.rules.community):
        become_member(world, ledger, viewer, slot)
        ledger.totals[ASSISTANT_JOINS] += 1


@rule
def subscriptions(world, scratch, first, last):
    """Note the subscriptions of every seventh viewer from `first` to `last`; returns their number."""
    ties, count = world.ties, 0
    for viewer in range(first, last, WEEK):
        if world.viewers.fan_ties[viewer] == 0:
            continue
        for slot in range(ties.store.shape[1]):
            if ties.flags[viewer, slot] & SUBSCRIBED:
                scratch.viewer[count] = viewer
                scratch.slot[count] = slot
                count += 1
    return count


@kernel
def review_ties(world: World, shard: Shard) -> None:
    """Fans of the shard whose weekday it is look over the stores that they follow."""
    ties, scratch, day = world.ties, shard.scratch, world.day
    draw = Draw(world.key, WEEKLY_REVIEW, day)
    todays = shard.first + (-shard.first - day) % WEEK  # first viewer with (viewer + day) % 7 == 0
    at_a_time = WEEK * ((scratch.slot.shape[0] - 1) // ties.store.shape[1])
    for begin in range(todays, shard.last, at_a_time):
        count = subscriptions(world, scratch, begin, min(begin + at_a_time, shard.last))
        for entry in range(count):
            viewer, slot = scratch.viewer[entry], scratch.slot[entry]
            roll(scratch.luck, entry, draw, viewer, ties.store[viewer, slot])
        for entry in range(count):
            review_tie(
                world, shard.ledger, scratch.luck[:, entry], scratch.viewer[entry], scratch.slot[entry]
            )
