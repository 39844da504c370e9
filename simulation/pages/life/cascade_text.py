"""A cascade as text: a sentence, and the tree drawn with lines."""

from __future__ import annotations

from rich.console import RenderableType
from rich.tree import Tree

from ...terminal.console import words
from ...words import counted
from .cascade import Cascade, Member

MOST_BRANCHES = 60
"""Members drawn at most; a cascade of thousands is better seen as a picture."""


def cascade_text(cascade: Cascade | None, missing: str) -> list[RenderableType]:
    """The largest cascade in words and as a tree, or a sentence where it is `missing`."""
    if cascade is None:
        return [words(missing)]
    drawn: list[RenderableType] = [words(f"Largest cascade: {cascade_sentence(cascade)}"), _tree(cascade)]
    if len(cascade.members) > MOST_BRANCHES:
        drawn.append(words(f"... and {len(cascade.members) - MOST_BRANCHES:,} more"))
    return drawn


def cascade_sentence(cascade: Cascade) -> str:
    """Who began a cascade, whom it brought and what they did."""
    return (
        f"day {cascade.day}, viewer {cascade.members[0].viewer}'s link to merchant {cascade.merchant} "
        f"brought {counted(cascade.adopters, 'viewer')} in {counted(cascade.waves, 'wave')}; "
        f"{cascade.orders:,} ordered, {cascade.follows:,} followed"
    )


def member_text(member: Member) -> str:
    """A viewer of a cascade and what it did."""
    did = [f"bought for {member.price:,.2f} CNY"] if member.price is not None else []
    did += ["followed"] if member.followed else []
    did += ["passed the link on"] if member.shared else []
    return f"viewer {member.viewer}" + (f": {', '.join(did)}" if did else "")


def _tree(cascade: Cascade) -> Tree:
    branches: list[Tree] = []
    for member in cascade.members[:MOST_BRANCHES]:
        text = words((member_text(member), "bold" if member.price is not None else ""))
        branches.append(branches[member.friend].add(text) if branches else Tree(text))
    return branches[0]
