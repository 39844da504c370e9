"""Where a merchant with a name stands among all of its worlds: how far absolute figures can be trusted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...languages.speaking import phrase
from ..kit.names import NamedArm
from ..kit.words import percent, whole
from .content import Content

AMONG = 3
"""Merchants that are the largest of a world."""


class Standing(NamedTuple):
    """What is counted of one merchant over all arms and worlds in which anybody visited anything."""

    worlds: int
    first: int  # worlds in which nobody has more visits
    near: int  # worlds in which it is among the `AMONG` most visited
    low: float  # least share of all visits
    high: float  # greatest

    @property
    def is_large(self) -> bool:
        """Whether it is among the largest in half of the worlds or more."""
        return 2 * self.near >= self.worlds > 0


def large_shops_said(content: Content) -> list[str]:
    """A sentence for each merchant with a name that is among the largest of most of its worlds by visits."""
    return [_sentence(label, found) for label, found in _standings(content) if found.is_large]


def _standings(content: Content) -> Iterator[tuple[str, Standing]]:
    for name, label in content.names.named.items():
        worlds = [world for arm in content.arms for world in _places(content, arm, name)]
        ranks, shares = [rank for rank, _ in worlds], [share for _, share in worlds]
        if worlds:
            near = sum(rank <= AMONG for rank in ranks)
            yield label, Standing(len(worlds), ranks.count(1), near, min(shares), max(shares))


def _places(content: Content, arm: NamedArm, name: str) -> Iterator[tuple[int, float]]:
    """Rank by visits and share of all visits of the merchant `name`, in each world of an arm that has any."""
    for _, world in content.merchants(arm).groupby("replicate"):
        visits, own = world["visits"], world.loc[world["name"] == name, "visits"]
        if visits.sum() > 0 and len(own):
            mine = float(own.iloc[0])
            yield 1 + int((visits > mine).sum()), mine / float(visits.sum())


def _sentence(label: str, found: Standing) -> str:
    return phrase(
        "{shop} is among the three merchants with most visits in {near} of {worlds} worlds of all arms, "
        "and has the most in {first}: {low} to {high} of all visits. Where it is so large, absolute figures "
        "are no forecast for a shop that is one of many; what carries over is how arms differ.",
        shop=label,
        near=whole(found.near),
        worlds=whole(found.worlds),
        first=whole(found.first),
        low=percent(found.low),
        high=percent(found.high),
    )
