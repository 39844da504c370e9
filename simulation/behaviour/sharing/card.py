"""A link that somebody has passed on, on its way to whoever notices it."""

from __future__ import annotations

from typing import NamedTuple

from ...state.compiled import rule


class Card(NamedTuple):
    """A link passed on, as those see it who notice it."""

    sender: int
    store: int
    surface: int  # that it counts for
    root: int  # cascade
    post: int
    by_board: int  # 1 if it stands in the group of another merchant
    leader: int  # who began the group that it calls to, or NOBODY
    trust: float  # of the sender in the store


@rule
def card_of(shares, share):
    """The card of one of the `shares`."""
    return Card(
        shares.sender[share],
        shares.store[share],
        shares.surface[share],
        shares.root[share],
        shares.post[share],
        0,
        shares.leader[share],
        shares.trust[share],
    )


@rule
def bring(links, number, receiver, card, strength):
    """Write down as link `number` that a receiver noticed a card, from somebody known with `strength`.

    Its endorsement is ``strength * trust of the sender``.
    """
    links.receiver[number] = receiver
    links.surface[number] = card.surface
    links.store[number] = card.store
    links.strength[number] = strength
    links.endorsement[number] = strength * card.trust
    links.root[number] = card.root
    links.post[number] = card.post
    links.sender[number] = card.sender
    links.by_board[number] = card.by_board
    links.leader[number] = card.leader
