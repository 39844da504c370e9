"""Pictures of one life: a timeline, and a share cascade as a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ...languages.speaking import counterpart, phrase, sentences, template
from ...words import counted
from ...world.line_list import BEGINNINGS, ENDINGS
from ..kit.colours import channel_colours, coloured
from ..kit.day_marks import LABEL_ROW, PHONE_PANEL, day_lines, heading, mark_labels, panel_lines
from ..kit.periods import Mark, by_period, period_cuts, split_periods
from ..kit.style import INK, PART_COLOURS, SOFT, Exhibit, View, axis, layout, panel_axes, panels, thin
from .cascade import Cascade, Member
from .cascade_text import cascade_sentence, member_text
from .merchant_life import MerchantLife, story_period
from .recorded_world import each
from .viewer_life import ViewerLife

MOST_ROOMS, PANEL = 25, 170
"""Rooms of a viewer that are shown at most, and height of a panel in pixels."""
MOST_LABELS = 40
HALF_A_DAY = 0.5
DAILY_BARS = 130
"""Up to this number of days a bar is a day, beyond that a period of the story."""
ORANGE, BLUE, PINK, GREY, GREEN, _ = PART_COLOURS
KINDS = {
    "came": (template("only looked"), "#C9CFD6", "circle"),
    "followed": (template("followed"), BLUE, "diamond"),
    "bought": (template("bought"), ORANGE, "square"),
    "both": (template("bought and followed"), GREEN, "star"),
}
"""What a member of a cascade did: label, colour and marker."""
DEEDS = (
    (template("visited"), "#9AA5B1", "circle", 7),
    (template("came by a friend's link"), PINK, "circle", 9),
    (template("bought"), ORANGE, "square", 10),
    (template("followed"), BLUE, "diamond", 11),
    (template("passed the link on"), GREY, "triangle-up-open", 14),
    (template("left"), INK, "x", 9),
)
"""What a viewer did: label, colour, marker and its size."""


def merchant_timeline(life: MerchantLife) -> Exhibit:
    """Visits by channel, sales, and fans over time, one above the other."""
    days, marks = life.world.days, life.world.marks
    length, word = story_period(days) if days > DAILY_BARS else (1, "day")
    caption = phrase(
        "How to read: a bar is {period}, coloured by the channel through which visitors came; all panels "
        "share the days. Counts are of viewers, each of whom stands for {persons:g} persons.",
        period=_period_words(length, word, marks),
        persons=life.world.people_per_viewer,
    )
    if life.visits.empty and life.ties.empty:
        return Exhibit("timeline", phrase("Day by day"), caption, [], phrase("Nobody ever came or followed."))
    titles = [phrase("Visits a day"), phrase("Sales a day (CNY)"), phrase("Fans")]
    x = axis(phrase("Day"), range=[-0.5, days - 0.5], zeroline=False)
    spots = panels(titles, 1, PANEL, x, axis(rangemode="tozero", tickformat="~s"))
    spots["annotations"] += mark_labels(marks, days, PHONE_PANEL, PANEL, panel_axes(0))
    spots["shapes"] = [
        line for place in range(len(titles)) for line in panel_lines(marks, panel_axes(place), HALF_A_DAY)
    ]
    figure = go.Figure(layout=layout(0, barmode="stack", hovermode="x unified") | spots)
    periods = split_periods(days, length, period_cuts(marks))
    colours = _colours(life)
    for label, on in _days_by_channel(life):
        counts = pd.Series(np.bincount(on, minlength=days)).to_frame()
        _bars(figure, 0, counts, periods, name=label, marker={"color": colours[label]})
    sales = life.by_day[["sales"]]
    _bars(figure, 1, sales, periods, name=phrase("sales"), marker={"color": ORANGE}, showlegend=False)
    figure.add_scatter(
        x=list(range(days)),
        y=life.fans.tolist(),
        mode="lines",
        name=phrase("fans"),
        line={"color": BLUE, "width": 2, "shape": "hv"},
        showlegend=False,
        **panel_axes(2),
    )
    totals = life.by_day.sum()
    finding = phrase(
        "{visits}, {orders}, {fans} at the end",
        visits=counted(int(totals["visits"]), "visit"),
        orders=counted(int(totals["orders"]), "order"),
        fans=counted(int(life.fans[-1]), "fan"),
    )
    return Exhibit("timeline", phrase("Day by day"), caption, [View("", finding, figure)])


def viewer_timeline(life: ViewerLife) -> Exhibit:
    """Rooms visited over time, with what was done in each and how long the viewer was a fan."""
    caption = phrase(
        "How to read: a row is a merchant, a mark is something that the viewer did; "
        "the line says how long it was a fan."
    )
    known = pd.concat([life.visits, life.ties])["merchant"].value_counts()
    if known.empty:
        return Exhibit(
            "timeline", phrase("Day by day"), caption, [], phrase("The viewer visited and followed nobody.")
        )
    rooms = {int(merchant): -place for place, merchant in enumerate(known.index[:MOST_ROOMS])}
    if len(known) > len(rooms):
        few = phrase("Only the {most} merchants with which it had most to do are shown.", most=MOST_ROOMS)
        caption = sentences([caption, few])
    days = life.world.days
    rows = axis(
        phrase("Merchant"),
        tickvals=list(rooms.values()),
        ticktext=[str(room) for room in rooms],
        zeroline=False,
        range=[0.6 - len(rooms), 0.6],
    )
    marks, plot = life.world.marks, 26 * len(rooms) + 30
    figure = go.Figure(
        layout=layout(
            plot + 120 + LABEL_ROW * len(marks),
            yaxis=rows,
            shapes=day_lines(marks, before=HALF_A_DAY),
            xaxis=axis(phrase("Day"), range=[-0.5, days - 0.5], zeroline=False),
        )
        | (heading(marks, days, PHONE_PANEL, plot) if marks else {})
    )
    _add_fan_lines(figure, life, rooms)
    _add_deeds(figure, life, rooms)
    finding = phrase(
        "{visits} to {merchants}, {orders}",
        visits=counted(len(life.visits), "visit"),
        merchants=counted(len(known), "merchant"),
        orders=counted(int(life.visits["ordered"].sum()), "order"),
    )
    return Exhibit("timeline", phrase("Day by day"), caption, [View("", finding, figure)])


def _add_deeds(figure: go.Figure, life: ViewerLife, rooms: dict[int, int]) -> None:
    """A mark for whatever the viewer did in one of `rooms`, which stand at these heights."""
    for (label, colour, symbol, size), table in zip(DEEDS, _deeds(life), strict=True):
        shown = table[table["merchant"].isin(list(rooms))]
        if len(shown):
            figure.add_scatter(
                x=shown["day"].tolist(),
                y=[rooms[int(room)] for room in shown["merchant"]],
                mode="markers",
                name=counterpart(label),
                marker={"color": colour, "symbol": symbol, "size": size},
                text=[
                    phrase(
                        "day {day}: {label}, merchant {merchant}",
                        day=row.day,
                        label=counterpart(label),
                        merchant=row.merchant,
                    )
                    for row in each(shown)
                ],
                hovertemplate="%{text}<extra></extra>",
            )


def cascade_exhibit(cascade: Cascade | None, missing: str, viewer: int | None = None) -> Exhibit:
    """The largest cascade as a tree, a level a wave; `viewer` is ringed, if it is one of them."""
    caption = phrase(
        "How to read: each mark is a viewer, each line a link from a friend above to the friend "
        "below who came by it; hold the pointer over a mark to see who it is."
    )
    if cascade is None:
        return Exhibit("cascade", phrase("Largest share cascade"), caption, [], missing)
    across, down = tree_layout(cascade)
    levels = axis(
        phrase("Wave"), tickvals=list(range(cascade.waves + 1)), autorange="reversed", zeroline=False
    )
    figure = go.Figure(
        layout=layout(
            160 + 90 * (cascade.waves + 1),
            yaxis=levels,
            hovermode="closest",
            xaxis=axis(showgrid=False, zeroline=False, showticklabels=False),
        )
    )
    edge_x: list[float | None] = []
    edge_y: list[float | None] = []
    for place, member in enumerate(cascade.members[1:], 1):
        edge_x += [across[member.friend], across[place], None]
        edge_y += [down[member.friend], down[place], None]
    figure.add_scatter(
        x=edge_x,
        y=edge_y,
        mode="lines",
        line={"color": "#AAB4BF", "width": 1.2},
        hoverinfo="skip",
        showlegend=False,
    )
    for kind, places in _by_kind(cascade):
        _add_members(figure, cascade, kind, places, across, down)
    if viewer is not None:
        _ring(figure, [p for p, m in enumerate(cascade.members) if m.viewer == viewer], across, down)
    sentence = cascade_sentence(cascade)
    view = View("", sentence[0].upper() + sentence[1:], figure)
    return Exhibit("cascade", phrase("Largest share cascade"), caption, [view])


def tree_layout(cascade: Cascade) -> tuple[list[float], list[int]]:
    """Positions of the members of a cascade: across, whoever has called nobody in stands in a row of
    their own and others in the middle above those whom they have called in; down by wave."""
    called: list[list[int]] = [[] for _ in cascade.members]
    for place, member in enumerate(cascade.members):
        if member.friend >= 0:
            called[member.friend].append(place)
    across, column, to_do = [0.0] * len(called), 0.0, [0]
    while to_do:
        place = to_do.pop()
        to_do += reversed(called[place])
        if not called[place]:
            across[place], column = column, column + 1
    for place in range(len(called) - 1, -1, -1):  # members stand after those who have called them in
        if called[place]:
            across[place] = (across[called[place][0]] + across[called[place][-1]]) / 2
    return across, [member.wave for member in cascade.members]


def member_kind(member: Member) -> str:
    """What a member of a cascade did, as a key of `KINDS`."""
    if member.price is not None:
        return "both" if member.followed else "bought"
    return "followed" if member.followed else "came"


def _by_kind(cascade: Cascade) -> Iterator[tuple[str, list[int]]]:
    for kind in KINDS:
        places = [place for place, member in enumerate(cascade.members) if member_kind(member) == kind]
        if places:
            yield kind, places


def _add_members(
    figure: go.Figure, cascade: Cascade, kind: str, places: list[int], across: list[float], down: list[int]
) -> None:
    label, colour, symbol = KINDS[kind]
    named = len(cascade.members) <= MOST_LABELS
    members = [cascade.members[place] for place in places]
    friends = {member.friend for member in cascade.members}
    figure.add_scatter(
        x=[across[place] for place in places],
        y=[down[place] for place in places],
        name=counterpart(label),
        mode="markers+text" if named else "markers",
        text=[f" {member.viewer}" for member in members],
        textposition=["middle right" if place in friends else "bottom center" for place in places],
        textfont={"size": 10, "color": SOFT},
        marker={
            "color": colour,
            "symbol": symbol,
            "size": [16 if place == 0 else 11 for place in places],
            "line": {"color": INK, "width": [2.5 if place == 0 else 0.8 for place in places]},
        },
        hovertext=[
            member_text(member) if place else phrase("{member} (began it)", member=member_text(member))
            for place, member in zip(places, members, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _ring(figure: go.Figure, places: list[int], across: list[float], down: list[int]) -> None:
    if places:
        figure.add_scatter(
            x=[across[place] for place in places],
            y=[down[place] for place in places],
            mode="markers",
            name=phrase("this viewer"),
            hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 24, "color": "#D55E00", "line": {"width": 3}},
        )


def _period_words(length: int, word: str, marks: Sequence[Mark]) -> str:
    """What a bar is, in words."""
    if length == 1:
        return phrase("a day")
    mean = phrase("the mean of a week") if word == "week" else phrase("the mean of 30 days")
    if not marks:
        return mean
    return phrase(
        "{mean}, anew from each dashed line (a policy begins or ends or a platform opens)", mean=mean
    )


def _bars(
    figure: go.Figure, panel: int, by_day: pd.DataFrame, periods: Sequence[tuple[int, int]], **look: Any
) -> None:
    """One bar per period, as wide as it and as high as the mean over its days of the only column `by_day`."""
    lengths = np.array([end - first for first, end in periods])
    means = by_period(by_day, periods).iloc[:, 0].to_numpy(float) / lengths
    figure.add_bar(
        x=[(first + end - 1) / 2 for first, end in periods],
        y=thin(means),
        width=(0.9 * lengths).tolist(),
        **look,
        **panel_axes(panel),
    )


def _days_by_channel(life: MerchantLife) -> Iterator[tuple[str, np.ndarray]]:
    """Days of visits by channel's label, the channel with most visits first."""
    labels = np.array([life.channel_label(row) for row in each(life.visits)], dtype=object)
    days = life.visits["day"].to_numpy(int)
    for label in pd.Series(labels, dtype=object).value_counts().index:
        yield str(label), days[labels == label]


def _colours(life: MerchantLife) -> dict[str, str]:
    """Colours of channels by label; where platforms share a channel, each of its labels has another."""
    labels = dict(sorted((life.channel_label(row), str(row.channel)) for row in each(life.visits)))
    if len(life.world.platforms) > 1:
        return coloured(dict.fromkeys(labels, ""))
    colours = channel_colours(labels.values())
    return {label: colours[name] for label, name in labels.items()}


def _deeds(life: ViewerLife) -> list[pd.DataFrame]:
    """Rows of the line list for each of `DEEDS`."""
    visits, by_link = life.visits, life.visits["friend"].notna()
    return [
        visits[~by_link],
        visits[by_link],
        visits[visits["ordered"].astype(bool)],
        life.ties[life.ties["event"].isin(BEGINNINGS)],
        life.shares,
        life.ties[life.ties["event"].isin(ENDINGS)],
    ]


def _add_fan_lines(figure: go.Figure, life: ViewerLife, rooms: dict[int, int]) -> None:
    """A line from each beginning of a tie to its end, or to the last day."""
    x: list[float | None] = []
    y: list[float | None] = []
    for (merchant, _), events in life.ties.groupby(["merchant", "platform"], sort=False):
        if merchant not in rooms:
            continue
        begun: int | None = None
        last = (life.world.days - 1, ENDINGS[0])
        for day, event in [*zip(events["day"], events["event"], strict=True), last]:
            if event in BEGINNINGS:
                begun = int(day)
            elif begun is not None:
                x, y, begun = [*x, begun, int(day), None], [*y, rooms[merchant], rooms[merchant], None], None
    figure.add_scatter(
        x=x,
        y=y,
        mode="lines",
        name=phrase("a fan"),
        hoverinfo="skip",
        line={"color": BLUE, "width": 5},
        opacity=0.35,
    )
