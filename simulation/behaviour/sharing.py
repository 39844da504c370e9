"""Phase 6, viewers share: who passes a link on, to whom, and who notices it."""

from __future__ import annotations

from ..state.compiled import kernel, rule
from ..state.exponential import exponential
from ..state.ledger import SHARES
from ..state.luck import decision, roll, unit
from ..state.surfaces import NO_SURFACE
from ..state.waves import NO_ROOM, NO_ROOT, NOBODY
from .choosing import fit_of
from .grouping import WAITS

AFTER_THE_VISIT = decision("after the visit: sharing")
NOTICE = decision("sharing: a friend notices the link")
DAY_BITS = 12


@rule
def share_probability(willingness, pleased, sharing):
    """Chance to pass the link on: ``base * willingness * (1 + purchase_boost pleased)``."""
    boost = 1.0 + (sharing.purchase_boost if pleased else 0.0)
    return min(1.0, sharing.base_rate * willingness * boost)


@rule
def receiver_weight(strength, fit, targeting):
    """How readily a direct link is sent to a friend: ``strength exp(targeting fit)``.

    Whoever passes on a link picks those whom it suits, and knows close friends best.
    """
    return strength * exponential(targeting * fit)


@rule
def notice_probability(broadcast, weight, total_weight, sharing):
    """Chance that one friend gets and notices the link.

    Direct links go to ``direct_friends`` friends on average, chosen in proportion to
    `receiver_weight` (``min(1, n w / sum w)``), and are noticed with ``direct_notice``; a broadcast
    reaches all friends, each noticing with ``broadcast_notice``.
    """
    if broadcast:
        return sharing.broadcast_notice
    if total_weight <= 0.0:
        return 0.0
    return sharing.direct_notice * min(1.0, sharing.direct_friends * weight / total_weight)


@rule
def invitation_probability(willingness, invite_rate, sharing):
    """Chance that somebody who waits for a group to fill calls friends to it.

    The larger of ``invite_rate`` and of the chance to pass on any link.
    """
    return max(invite_rate, share_probability(willingness, False, sharing))


@kernel
def share_links(viewers, merchants, ties, wave, shares, ledger, surfaces, groups, rules, key, day):
    """After each visit of `wave`, decide whether the viewer passes the link on, and how.

    A link counts for the platform's channel of friends' links; from somebody who waits for a
    group it is a call to the group and goes to few friends directly.
    """
    sharing = rules.sharing
    count = 0
    for row in range(wave.rows[0]):
        roll(wave.luck, row, key, AFTER_THE_VISIT, day, wave.viewer[row], wave.chosen[row])
    for row in range(wave.rows[0]):
        merchant = wave.chosen[row]
        if merchant == NO_ROOM:
            continue
        viewer, platform = wave.viewer[row], merchants.platform[merchant]
        waits = wave.bought[row] == WAITS
        surface = surfaces.group[platform] if waits else surfaces.share[platform]
        if surface == NO_SURFACE:
            continue
        if waits:
            chance = invitation_probability(
                viewers.sharing[viewer], groups.invite_rate[platform], sharing
            )
        else:
            pleased = wave.bought[row] == 1 and wave.satisfied[row]
            chance = share_probability(viewers.sharing[viewer], pleased, sharing)
        if unit(wave.luck[0, row]) >= chance:
            continue
        shares.sender[count] = viewer
        shares.merchant[count] = merchant
        shares.surface[count] = surface
        shares.broadcast[count] = not waits and unit(wave.luck[1, row]) >= sharing.direct_share
        shares.root[count] = wave.root[row]
        shares.leader[count] = wave.leader[row] if waits else NOBODY
        shares.trust[count] = ties.trust[viewer, wave.slot[row]]
        count += 1
        ledger.merchants[merchant, SHARES] += 1
        ledger.channels[wave.channel[row], SHARES] += 1
    shares.rows[0] = count


@rule
def weigh_receivers(viewers, merchants, friendships, rules, sender, merchant, weights):
    """`receiver_weight` of each friend of `sender` for a link to `merchant`; returns their sum."""
    first, last = friendships.start[sender], friendships.start[sender + 1]
    total = 0.0
    for entry in range(first, last):
        fit = fit_of(
            viewers, merchants, friendships.friend[entry], merchant, rules.choice.taste_weight
        )
        weights[entry - first] = receiver_weight(
            friendships.strength[entry], fit, rules.sharing.targeting
        )
        total += weights[entry - first]
    return total


@kernel
def deliver_links(
    viewers, merchants, friendships, shares, links, cascades, weights, luck, rules, key, day
):
    """Pass each shared link to the friends who notice it.

    Parameters
    ----------
    links : Links
        Filled from the start. Capacity is the number of friends of all senders.
    cascades : array
        Adopters of each cascade; ``cascades[-1]`` counts the cascades begun so far today.
    weights : float array
        Scratch, as long as the longest list of friends.
    luck : uint32 array
        Scratch of shape (4, longest list of friends).

    Returns
    -------
    int
        Links noticed.
    """
    sharing, tie_strength = rules.sharing, rules.trust.tie_strength
    count = 0
    for share in range(shares.rows[0]):
        sender, merchant, root = shares.sender[share], shares.merchant[share], shares.root[share]
        broadcast = shares.broadcast[share]
        if root == NO_ROOT:
            root = cascades[-1]
            cascades[-1] += 1
        first, last = friendships.start[sender], friendships.start[sender + 1]
        when = day | (merchant << DAY_BITS)
        for entry in range(first, last):
            roll(luck, entry - first, key, NOTICE, when, sender, friendships.friend[entry])
        total = 0.0
        if not broadcast:
            total = weigh_receivers(
                viewers, merchants, friendships, rules, sender, merchant, weights
            )
        for entry in range(first, last):
            chance = notice_probability(broadcast, weights[entry - first], total, sharing)
            if unit(luck[0, entry - first]) >= chance:
                continue
            strength = min(1.0, friendships.strength[entry] * tie_strength)
            links.receiver[count] = friendships.friend[entry]
            links.surface[count] = shares.surface[share]
            links.merchant[count] = merchant
            links.strength[count] = strength
            links.endorsement[count] = strength * shares.trust[share]
            links.root[count] = root
            links.sender[count] = sender
            links.leader[count] = shares.leader[share]
            count += 1
    return count
