"""A share cascade as a tree: who brought whom into one room on one day."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from .recorded_world import RecordedWorld, each


@dataclass(frozen=True)
class Member:
    """A viewer in a cascade.

    Attributes
    ----------
    viewer : int
        Number of the viewer.
    friend : int
        Position of the friend whose link brought it, among the members; -1 for who began.
    wave : int
        Steps from who began it.
    price : float or None
        CNY paid, None if nothing was ordered.
    followed, shared : bool
        Whether it followed the merchant after the visit, and passed the link on.
    """

    viewer: int
    friend: int
    wave: int
    price: float | None
    followed: bool
    shared: bool


@dataclass(frozen=True)
class Cascade:
    """A cascade; the first of its members began it, friends come before those they brought."""

    day: int
    merchant: int
    platform: str
    members: list[Member]

    @property
    def adopters(self) -> int:
        """Viewers who came by a link."""
        return len(self.members) - 1

    @property
    def waves(self) -> int:
        """Steps from who began to the last who came."""
        return self.members[-1].wave

    @property
    def orders(self) -> int:
        """Orders of those who came by a link."""
        return sum(member.price is not None for member in self.members[1:])

    @property
    def follows(self) -> int:
        """Those who came by a link and followed."""
        return sum(member.followed for member in self.members[1:])

    def brought_by(self, position: int) -> list[int]:
        """Positions of those whom the member at `position` brought."""
        return [place for place, member in enumerate(self.members) if member.friend == position]


def largest_cascade(visits: pd.DataFrame, day: int | None = None) -> tuple[int, int, int] | None:
    """The cascade by which most of `visits` came, the earliest of several.

    Returns
    -------
    tuple or None
        Its day, its number within the day, and the merchant; None if nobody came by a link.
    """
    came = visits[visits["cascade"].notna()]
    came = came if day is None else came[came["day"] == day]
    if came.empty:
        return None
    sizes = came.groupby(["day", "cascade", "merchant"]).size()
    found, number, merchant = sizes.index[int(sizes.to_numpy().argmax())]
    return int(found), int(number), int(merchant)


def read_cascade(world: RecordedWorld, day: int, number: int, merchant: int) -> Cascade:
    """Read cascade `number` of a day, which led to `merchant`, from the line list."""
    shares = world.rows("shares", day=day, cascade=number)
    visits = world.rows("visits", day=day, merchant=merchant)
    return build_cascade(visits, shares, number)


def build_cascade(visits: pd.DataFrame, shares: pd.DataFrame, number: int) -> Cascade:
    """Cascade `number` as a tree.

    Parameters
    ----------
    visits : DataFrame
        All visits of the day to the merchant.
    shares : DataFrame
        Shares of the cascade.
    """
    first = shares.iloc[int(shares["wave"].to_numpy().argmin())]
    began, platform = int(first["viewer"]), str(first["platform"])
    of_began = visits[(visits["viewer"] == began) & (visits["platform"] == platform)]
    came = visits[visits["cascade"] == number].sort_values(["wave", "viewer"])
    sharers = set(shares["viewer"])
    members: list[Member] = []
    place: dict[int, int] = {}
    for row in each(pd.concat([of_began, came])):
        friend = place[int(row.friend)] if members else -1
        wave = members[friend].wave + 1 if members else 0
        place[int(row.viewer)] = len(members)
        members.append(
            Member(
                int(row.viewer),
                friend,
                wave,
                float(row.price) if row.ordered else None,
                bool(row.followed),
                row.viewer in sharers,
            )
        )
    return Cascade(int(first["day"]), int(first["merchant"]), platform, members)
