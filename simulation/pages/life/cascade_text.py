"""A cascade as text: a sentence, and the tree drawn with lines."""

from __future__ import annotations

from rich.console import RenderableType
from rich.tree import Tree

from ...languages.speaking import counterpart, phrase
from ...terminal.console import words
from ...words import counted
from .cascade import Cascade, Member

MOST_BRANCHES = 60
"""Members drawn at most; a cascade of thousands is better seen as a picture."""


def cascade_text(cascade: Cascade | None, missing: str) -> list[RenderableType]:
    """The largest cascade in words and as a tree, or a sentence where it is `missing`."""
    if cascade is None:
        return [words(missing)]
    largest = phrase("Largest cascade: {sentence}", sentence=cascade_sentence(cascade))
    drawn: list[RenderableType] = [words(largest), _tree(cascade)]
    if len(cascade.members) > MOST_BRANCHES:
        drawn.append(words(phrase("... and {more:,} more", more=len(cascade.members) - MOST_BRANCHES)))
    return drawn


def cascade_sentence(cascade: Cascade) -> str:
    """Who began a cascade, whom it brought and what they did."""
    return phrase(
        "day {day}, viewer {viewer}'s link to merchant {merchant} brought {viewers} in {waves}; {orders:,} "
        "ordered, {follows:,} followed",
        day=cascade.day,
        viewer=cascade.members[0].viewer,
        merchant=cascade.merchant,
        viewers=counted(cascade.adopters, "viewer"),
        waves=counted(cascade.waves, "wave"),
        orders=cascade.orders,
        follows=cascade.follows,
    )


def member_text(member: Member) -> str:
    """A viewer of a cascade and what it did."""
    did = [phrase("bought for {price:,.2f} CNY", price=member.price)] if member.price is not None else []
    did += [phrase("followed")] if member.followed else []
    did += [phrase("passed the link on")] if member.shared else []
    return who_did(phrase("viewer {viewer}", viewer=member.viewer), did)


def who_did(who: str, did: list[str]) -> str:
    """``viewer 7: followed, passed the link on``."""
    return phrase("{label}: {value}", label=who, value=counterpart(", ").join(did)) if did else who


def _tree(cascade: Cascade) -> Tree:
    branches: list[Tree] = []
    for member in cascade.members[:MOST_BRANCHES]:
        text = words((member_text(member), "bold" if member.price is not None else ""))
        branches.append(branches[member.friend].add(text) if branches else Tree(text))
    return branches[0]
