"""One viewer's life in one world: what the line list says of it, and the story as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd
from rich.console import RenderableType
from rich.table import Table

from ...languages.speaking import counterpart, phrase, template
from ...terminal.console import words
from ...words import counted
from ...world.line_list import BEGINNINGS, EVENTS
from ..kit.names import channel_name
from ..kit.words import whole
from .cascade import Cascade, largest_cascade, read_cascade
from .cascade_text import cascade_text, who_did
from .recorded_world import RecordedWorld, each

TIE_WORDS = {
    "starting": template("was a fan of merchant {merchant}{where} when it opened"),
    "came along": template("came along with merchant {merchant}{where}"),
    "joined outside": template("joined the group of merchant {merchant}{where}, met outside the platform"),
    "left": template("left merchant {merchant}{where}"),
    "crowded out": template("lost sight of merchant {merchant}{where}: others took its place"),
}
NO_CASCADE = template("It neither came by a friend's link nor brought anybody by one of its own.")
GROUP_WORDS = {"full": template(" in a group"), "not full": template(" alone, as the group did not fill")}


@dataclass(frozen=True)
class ViewerLife:
    """All that one viewer did in one world.

    Attributes
    ----------
    number : int
        The viewer.
    day : int or None
        The only day looked at, if there is one.
    visits, ties, shares : DataFrame
        Its rows of the line list.
    """

    world: RecordedWorld
    number: int
    day: int | None
    visits: pd.DataFrame
    ties: pd.DataFrame
    shares: pd.DataFrame

    @classmethod
    def read(cls, world: RecordedWorld, number: int, day: int | None = None) -> ViewerLife:
        """Read the life of viewer `number`, or one day of it."""
        wanted = {"viewer": number} | ({} if day is None else {"day": day})
        return cls(
            world, number, day, **{name: world.rows(name, **wanted) for name in ("visits", "ties", "shares")}
        )

    @property
    def title(self) -> str:
        """Who and where, in one line."""
        return phrase("Viewer {number} on {label}", number=self.number, label=self.world.label)

    @cached_property
    def cascade(self) -> Cascade | None:
        """The largest cascade that the viewer began or belonged to, if any brought anybody."""
        known = pd.concat([self.shares, self.visits[self.visits["cascade"].notna()]])
        if known.empty:
            return None
        days, numbers = ([int(value) for value in known[name].unique()] for name in ("day", "cascade"))
        around = self.world.rows("visits", day=days, cascade=numbers)
        found = largest_cascade(around.merge(known[["day", "cascade"]].drop_duplicates()))
        return read_cascade(self.world, *found) if found else None


def viewer_story(life: ViewerLife) -> list[RenderableType]:
    """The viewer's life as text: a summary, dated lines, the largest cascade."""
    story: list[RenderableType] = [words((life.title, "bold")), words(viewer_summary(life))]
    dated = Table.grid(padding=(0, 2))
    for day, lines in dated_lines(life).items():
        for place, line in enumerate(lines):
            dated.add_row(words(("" if place else phrase("day {day}", day=day), "dim")), words(line))
    story.append(dated)
    return [*story, *cascade_text(life.cascade, counterpart(NO_CASCADE))]


def viewer_summary(life: ViewerLife) -> str:
    """All visits, orders, ties and shares in two sentences."""
    visits, begun = life.visits, life.ties["event"].isin(BEGINNINGS)
    spent = float(visits["price"].fillna(0.0).sum())
    when = "" if life.day is None else phrase("On day {day}: ", day=life.day)
    return phrase(
        "{when}{visits} to {merchants}, {by_link:,} by a friend's link; {orders} for {spent:,.2f} CNY; "
        "became a fan {begun}, stopped {stopped:,}; {links} passed on. It stands for {persons} persons.",
        when=when,
        visits=counted(len(visits), "visit"),
        merchants=counted(visits["merchant"].nunique(), "merchant"),
        by_link=int(visits["friend"].notna().sum()),
        orders=counted(int(visits["ordered"].sum()), "order"),
        spent=spent,
        begun=counted(int(begun.sum()), "time"),
        stopped=int((~begun).sum()),
        links=counted(len(life.shares), "link"),
        persons=whole(life.world.people_per_viewer),
    )


def dated_lines(life: ViewerLife) -> dict[int, list[str]]:
    """What the viewer did, in lines by day: ties that began in the morning, visits, endings."""
    dated: list[tuple[int, int, str]] = []
    shared = {(row.day, row.merchant, row.platform): row for row in each(life.shares)}
    for row in each(life.ties):
        if row.event in TIE_WORDS:
            words = phrase(TIE_WORDS[row.event], merchant=row.merchant, where=life.world.on(row.platform))
            ending = EVENTS.index(row.event) >= len(BEGINNINGS)
            dated.append((int(row.day), 2 if ending else 0, words))
    for row in each(life.visits):
        share = shared.get((row.day, row.merchant, row.platform))
        dated.append((int(row.day), 1, visit_sentence(life.world, row, share)))
    dated.sort(key=lambda entry: entry[:2])
    lines: dict[int, list[str]] = {}
    for day, _, words in dated:
        lines.setdefault(day, []).append(words)
    return lines


def visit_sentence(world: RecordedWorld, visit: Any, share: Any | None) -> str:
    """One visit in words: where, how, and what came of it.

    Parameters
    ----------
    visit : named tuple
        A row of the visits.
    share : named tuple or None
        The row of the shares if the viewer passed the link on.
    """
    visited = phrase(
        "visited merchant {merchant}{where} ({channel}{sender})",
        merchant=visit.merchant,
        where=world.on(visit.platform),
        channel=channel_name(str(visit.channel)),
        sender="" if pd.isna(visit.friend) else phrase(", from viewer {viewer}", viewer=visit.friend),
    )
    did = [_order_words(visit)] if visit.ordered else []
    if not visit.ordered and not pd.isna(visit.group):
        did.append(phrase("waited for a group that did not fill"))
    did += [phrase("followed")] if visit.followed else []
    if share is not None:
        did.append(
            phrase("passed the link on to all friends")
            if share.broadcast
            else phrase("passed the link on to some friends")
        )
    return who_did(visited, did)


def _order_words(visit: Any) -> str:
    group = "" if pd.isna(visit.group) else counterpart(GROUP_WORDS[visit.group])
    liked = phrase("pleased") if visit.satisfied else phrase("disappointed")
    return phrase("bought for {price:,.2f} CNY{group} ({liked})", price=visit.price, group=group, liked=liked)
