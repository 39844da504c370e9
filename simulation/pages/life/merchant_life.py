"""One merchant's life in one world: what the line list says of it, and the story as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table

from ...languages.speaking import counterpart, listing, phrase, template
from ...terminal.console import words
from ...words import counted, plain
from ...world.line_list import ENDINGS
from ..kit.periods import by_period, period_cuts, split_periods
from ..kit.words import percent, whole
from .cascade import Cascade, largest_cascade, read_cascade
from .cascade_text import cascade_text
from .recorded_world import RecordedWorld, each

DAYS, WEEK, MONTH = 14, 7, 30
MOST_WEEKS = 60
"""Longest story told day by day, in days, and week by week, in weeks."""
BIGGEST = 5
VISITS_LISTED = 40
BY_PERIOD = {"day": template("By day"), "week": template("By week"), "30 days": template("By 30 days")}
HEADS = (
    *(template("visits"), template("by link"), template("orders"), template("CNY"), template("followed")),
    *(template("shared"), template("fans"), template("channel"), template("conversion")),
    *(template("viewer"), template("wave"), template("friend")),
)
"""Of columns of the tables."""
SUMS = ("visits", "by link", "orders", "sales", "follows")


@dataclass(frozen=True)
class MerchantLife:
    """All that happened at one merchant's in one world.

    Attributes
    ----------
    number : int
        The merchant.
    day : int or None
        The only day looked at, if there is one.
    about : dict
        Its row of merchants.parquet.
    visits, ties, shares : DataFrame
        Its rows of the line list.
    moves : list of dict
        Stores opened on a further platform or given up.
    """

    world: RecordedWorld
    number: int
    day: int | None
    about: dict[str, Any]
    visits: pd.DataFrame
    ties: pd.DataFrame
    shares: pd.DataFrame
    moves: list[dict[str, Any]]

    @classmethod
    def read(cls, world: RecordedWorld, merchant: int | str, day: int | None = None) -> MerchantLife:
        """Read the life of the merchant of that number or name."""
        about = world.merchant(merchant)
        number = int(about["merchant"])
        tables = {name: world.rows(name, merchant=number) for name in ("visits", "ties", "shares")}
        return cls(world, number, day, about, **tables, moves=world.moves(number))

    @property
    def title(self) -> str:
        """Who, where, in one line."""
        kind = counterpart(plain(str(self.about["archetype"])))
        who = phrase("Merchant {number}, {kind}", number=self.number, kind=kind)
        if self.about["name"]:
            name = self.world.named[self.about["name"]]
            who = phrase("{name} (merchant {number}, {kind})", name=name, number=self.number, kind=kind)
        return phrase("{who}, on {where}", who=who, where=self.world.label)

    @cached_property
    def fans(self) -> np.ndarray:
        """Fans at the end of each day, in viewers, over all platforms; shape (days,)."""
        steps = np.where(self.ties["event"].isin(ENDINGS), -1, 1)
        days = self.ties["day"].to_numpy(int)
        return np.cumsum(np.bincount(days, weights=steps, minlength=self.world.days)).astype(int)

    @cached_property
    def by_day(self) -> pd.DataFrame:
        """Visits, those by a friend's link, orders, sales (CNY) and follows by day."""
        visits = self.visits
        columns = {
            "visits": np.ones(len(visits)),
            "by link": visits["friend"].notna(),
            "orders": visits["ordered"],
            "sales": visits["price"].fillna(0.0),
            "follows": visits["followed"],
        }
        days, length = visits["day"].to_numpy(int), self.world.days
        return pd.DataFrame(
            {
                name: np.bincount(days, weights=np.asarray(values, float), minlength=length)
                for name, values in columns.items()
            }
        )

    @cached_property
    def cascade(self) -> Cascade | None:
        """The cascade that brought most visitors (on `day`), if anybody came by a link."""
        found = largest_cascade(self.visits, self.day)
        return read_cascade(self.world, *found) if found else None

    def channel_label(self, row: Any) -> str:
        """Label of the channel of a visit, with its platform if there are several."""
        return self.world.channel(row.platform, row.channel)


def story_period(days: int) -> tuple[int, str]:
    """Days in a row of the story, and what such a period is called."""
    if days <= DAYS:
        return 1, "day"
    return (WEEK, "week") if days <= MOST_WEEKS * WEEK else (MONTH, "30 days")


def merchant_story(life: MerchantLife) -> list[RenderableType]:
    """The merchant's life as text, paragraph by paragraph."""
    story: list[RenderableType] = [words((life.title, "bold")), words(origin(life)), words(summary(life))]
    if life.day is not None:
        return [*story, *_one_day(life)]
    if len(life.visits):
        story += [_periods(life), _channels(life), _biggest_days(life)]
    return [*story, *cascade_text(life.cascade, no_cascade(len(life.shares)))]


def no_cascade(shares: int) -> str:
    """Why there is no cascade, though links were passed on."""
    if not shares:
        return phrase("Nobody came by a friend's link.")
    times = counted(shares, "time")
    return phrase("The link was passed on {times}, but nobody came by a friend's link.", times=times)


def origin(life: MerchantLife) -> str:
    """When it opened, with what following, and what became of it."""
    about = life.about
    if about["in_business"] or life.fans.any() or len(life.visits) or _closed(life) is not None:
        fans = int(about["starting_fans"])
        brought = counted(fans, "person", "persons") if fans else phrase("nobody")
        told = {"day": about["arrival_day"], "brought": brought}
        words = [phrase("Opened on day {day} with {brought} in its private domain", **told)]
    else:
        words = [phrase("Would have come on day {day}; never opened", day=about["arrival_day"])]
    for move in life.moves:
        if move["what"] == "opened":
            to, day = life.world.platforms[move["to"]], move["day"] + 1
            words.append(phrase("opened on {platform} too on day {day}", platform=to, day=day))
        else:
            left = life.world.platforms[move["from"]]
            words.append(phrase("left {platform} on day {day}", platform=left, day=move["day"]))
    if _closed(life) is not None:
        words.append(phrase("closed on day {day}", day=_closed(life)))
    elif about["in_business"]:
        words.append(phrase("still in business on day {day}", day=life.world.days - 1))
    story = counterpart("; ").join(words)
    return phrase("{story}. Profit: {profit} CNY.", story=story, profit=whole(round(about["profit"])))


def summary(life: MerchantLife) -> str:
    """All visits, orders and fans in two sentences."""
    totals, ties = life.by_day.sum(), life.ties["event"].value_counts()
    begun = [
        phrase("{many} {event}", many=whole(ties[event]), event=counterpart(plain(event)))
        for event in ties.index
        if event not in ENDINGS
    ]
    lost = int(ties.reindex(list(ENDINGS), fill_value=0).sum())
    return phrase(
        "{visits} by {viewers} (each stands for {persons} persons), {orders} for {sales} CNY, {links} passed "
        "on. Fans: {begun}, {lost} lost, {fans} at the end.",
        visits=counted(int(totals["visits"]), "visit"),
        viewers=counted(life.visits["viewer"].nunique(), "viewer"),
        persons=whole(life.world.people_per_viewer),
        orders=counted(int(totals["orders"]), "order"),
        sales=whole(round(totals["sales"])),
        links=counted(len(life.shares), "link"),
        begun=listing(begun) if begun else phrase("none ever"),
        lost=whole(lost),
        fans=whole(int(life.fans[-1])),
    )


def _closed(life: MerchantLife) -> int | None:
    last = life.about["last_day"]
    return None if last is None or life.about["in_business"] else int(last)


def _periods(life: MerchantLife) -> Table:
    length, word = story_period(life.world.days)
    periods = split_periods(life.world.days, length, period_cuts(life.world.marks))
    passed_on = np.bincount(life.shares["day"].to_numpy(int), minlength=life.world.days)
    sums = by_period(life.by_day.assign(shared=passed_on), periods).to_dict("index")
    table = _table(
        BY_PERIOD[word],
        template("days") if length > 1 else template("day"),
        "visits",
        "by link",
        "orders",
        "CNY",
        "followed",
        "shared",
        "fans",
    )
    busy = life.by_day["visits"].to_numpy() + life.fans > 0
    begun = int(busy.argmax()) if busy.any() else 0
    for first, end in periods:
        if end <= begun:
            continue
        row, last = sums[first], end - 1
        table.add_row(
            f"{first}-{last}" if last > first else str(first),
            *(whole(round(row[name])) for name in (*SUMS, "shared")),
            whole(int(life.fans[last])),
        )
    return table


def _channels(life: MerchantLife) -> Table:
    table = _table(template("By channel"), "channel", "visits", "orders", "CNY", "conversion")
    labels = pd.Series([life.channel_label(row) for row in each(life.visits)], dtype=object)
    groups = life.visits.groupby(labels.to_numpy())
    for label, rows in sorted(groups, key=lambda group: -len(group[1])):
        orders = int(rows["ordered"].sum())
        table.add_row(
            words(str(label)),
            whole(len(rows)),
            whole(orders),
            whole(round(rows["price"].sum())),
            percent(orders / len(rows)),
        )
    return table


def _biggest_days(life: MerchantLife) -> Table:
    table = _table(template("Biggest days"), "day", "visits", "by link", "orders", "CNY", "followed")
    largest = life.by_day[life.by_day["visits"] > 0].nlargest(BIGGEST, "visits")
    for day, row in largest.iterrows():
        table.add_row(str(day), *(whole(round(row[name])) for name in SUMS))
    return table


def _one_day(life: MerchantLife) -> list[RenderableType]:
    """The visits of one day, and its largest cascade."""
    visits = life.visits[life.visits["day"] == life.day]
    shares = life.shares[life.shares["day"] == life.day]
    table = _table(
        phrase("Visits on day {day}", day=life.day), "viewer", "wave", "channel", "friend", "CNY", "followed"
    )
    for row in each(visits.head(VISITS_LISTED)):
        table.add_row(
            str(row.viewer),
            str(row.wave),
            words(life.channel_label(row)),
            "" if pd.isna(row.friend) else str(row.friend),
            f"{row.price:,.2f}" if row.ordered else "",
            phrase("yes") if row.followed else "",
        )
    more = len(visits) - VISITS_LISTED
    if visits.empty:
        return [words(phrase("Nobody came on day {day}.", day=life.day))]
    left_out = [words(phrase("... and {visits} more", visits=counted(more, "visit")))] if more > 0 else []
    return [table, *left_out, *cascade_text(life.cascade, no_cascade(len(shares)))]


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(title=counterpart(title), title_justify="left", box=SIMPLE_HEAD)
    table.add_column(counterpart(first), no_wrap=True)
    for name in others:
        table.add_column(counterpart(name), justify="left" if name == "channel" else "right")
    return table
