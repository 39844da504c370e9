"""Broadcasts reach the wide circle: some 150 persons beyond friends, not stored (`state.wide_circle`)."""

from __future__ import annotations

from ...state.compiled import rule
from ...state.luck import Draw, decision, roll, unit
from ...state.wide_circle import KINDS, MEMBERS, block_member, block_of
from .card import bring

NOTICE_BROADCAST = decision("sharing: an acquaintance notices a broadcast")
STORE_BITS = 12
MOST_ACQUAINTANCES = KINDS * (2 * MEMBERS)
"""More than anybody has: a block has fewer than two times its usual members."""


FOURS = -(-2 * MEMBERS // 4)
"""Draws of four random words that are enough for a block."""


@rule
def tell_acquaintances(world, links, count, card, words):
    """A broadcast `card` comes to those of the sender's wide circle who notice it, each with ``wide_notice``.

    They are known with ``wide_strength``. Returns the number of `links`, of which there were `count`; `words`
    is scratch of shape (4, `FOURS`) or more.
    """
    sharing = world.rules.sharing
    if sharing.wide_notice <= 0.0 or card.sender >= world.circles.social:
        return count
    strength = min(1.0, sharing.wide_strength * world.rules.trust.tie_strength)
    draw = Draw(world.key, NOTICE_BROADCAST, world.day | (card.store << STORE_BITS))
    for kind in range(KINDS):
        block = block_of(world.circles, card.sender, kind)
        for four in range((block.members + 3) // 4):
            roll(words, four, draw, card.sender, kind * FOURS + four)
        for place in range(block.members):
            if place != block.place and unit(words[place % 4, place // 4]) < sharing.wide_notice:
                bring(links, count, block_member(world.circles, block, place), card, strength)
                count += 1
    return count
