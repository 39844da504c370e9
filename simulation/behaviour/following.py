"""Phase 6, viewers follow or leave: joining a merchant's following, muting it, leaving it."""

from __future__ import annotations

from ..state.columns import ABSENT, CLOSED
from ..state.compiled import kernel, rule
from ..state.ledger import FOLLOWS, MUTES, SHARE_FOLLOWS, end_subscription
from ..state.luck import decision, roll, short_unit, unit
from ..state.ties import MUTED, SUBSCRIBED, current_trust
from ..state.waves import NO_ROOM
from .buying import effective_trust

WEEKLY_REVIEW = decision("following: weekly review of a tie")
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
def subscribe(viewers, ties, viewer, slot, day, initial):
    """Make the tie in `slot` a subscription that begins on `day`."""
    ties.flags[viewer, slot] = (ties.flags[viewer, slot] | SUBSCRIBED) & ~MUTED
    ties.since[viewer, slot] = day
    ties.trust[viewer, slot] = starting_trust(
        ties.trust[viewer, slot], viewers.trusting[viewer], initial
    )
    viewers.fan_ties[viewer] += 1


@kernel
def follow_merchants(viewers, ties, wave, ledger, rules, day, by_link):
    """After each visit of `wave`, decide whether the viewer follows the merchant."""
    for row in range(wave.rows[0]):
        merchant = wave.chosen[row]
        if merchant == NO_ROOM:
            continue
        viewer, slot = wave.viewer[row], wave.slot[row]
        wave.followed[row] = 0
        if ties.flags[viewer, slot] & SUBSCRIBED:
            continue
        trust = effective_trust(ties.trust[viewer, slot], wave.endorsed[row])
        pleased = wave.bought[row] == 1 and wave.satisfied[row]
        if short_unit(wave.luck[3, row]) < follow_probability(trust, pleased, rules.following):
            subscribe(viewers, ties, viewer, slot, day, rules.trust.initial_follow)
            wave.followed[row] = 1
            ledger.merchants[merchant, FOLLOWS] += 1
            ledger.channels[wave.channel[row], FOLLOWS] += 1
            if by_link:
                ledger.totals[SHARE_FOLLOWS] += 1


@rule
def review_tie(viewers, ties, merchants, ledger, rules, fading, luck, day, viewer, slot):
    """Once a week: leave if trust has faded, the merchant is gone or messages annoy; or mute.

    `luck` holds a random word for each of: annoyed or not, muting, leaving.
    """
    merchant = ties.merchant[viewer, slot]
    following = rules.following
    if (
        merchants.status[merchant] in (CLOSED, ABSENT)
        or current_trust(ties, viewer, slot, day, fading) < following.fade_floor
    ):
        end_subscription(ties, viewers, ledger, viewer, slot, day)
        return
    muted = ties.flags[viewer, slot] & MUTED
    annoyed = not muted and unit(luck[0]) < annoyance_probability(
        merchants.week_pushes[merchant], following
    )
    if annoyed and unit(luck[1]) < following.mute_share:
        ties.flags[viewer, slot] |= MUTED
        ledger.totals[MUTES] += 1
    elif annoyed or unit(luck[2]) < following.leave_rate:
        end_subscription(ties, viewers, ledger, viewer, slot, day)


@rule
def subscriptions(viewers, ties, scratch, first, last):
    """Note the subscriptions of every seventh viewer from `first` to `last`; returns how many."""
    count = 0
    for viewer in range(first, last, WEEK):
        if viewers.fan_ties[viewer] == 0:
            continue
        for slot in range(ties.merchant.shape[1]):
            if ties.flags[viewer, slot] & SUBSCRIBED:
                scratch.viewer[count] = viewer
                scratch.slot[count] = slot
                count += 1
    return count


@kernel
def review_ties(viewers, merchants, ties, ledger, rules, fading, scratch, key, day, first, last):
    """Fans whose weekday it is look over the merchants that they follow."""
    todays = first + (-first - day) % WEEK  # first viewer with (viewer + day) % 7 == 0
    at_a_time = WEEK * ((scratch.slot.shape[0] - 1) // ties.merchant.shape[1])
    for begin in range(todays, last, at_a_time):
        count = subscriptions(viewers, ties, scratch, begin, min(begin + at_a_time, last))
        for place in range(count):
            viewer, slot = scratch.viewer[place], scratch.slot[place]
            roll(
                scratch.luck, place, key, WEEKLY_REVIEW, day, viewer, ties.merchant[viewer, slot]
            )
        for place in range(count):
            review_tie(
                viewers, ties, merchants, ledger, rules, fading, scratch.luck[:, place], day,
                scratch.viewer[place], scratch.slot[place],
            )
