"""Where traffic comes from: shares of the ways into a room over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import phrase, sentences, template
from ....runs.comparison import replicate_values
from ...kit.day_marks import mark_panels, marks_in
from ...kit.names import NamedArm, channel_name
from ...kit.periods import WEEK, by_period, period_cuts, split_periods
from ...kit.style import (
    ALONG,
    INK,
    LEGEND,
    LEGEND_ROW,
    PAPER,
    Exhibit,
    View,
    axis,
    faded,
    layout,
    panel_axes,
    panel_columns,
    panels,
    phone_panel,
    thin,
)
from ...kit.tables.data_table import DataTable, value_cell
from ...kit.words import percent
from ..content import Content
from ..telling import spread

MANY_PANELS = 6
LEAST_TOLD = 0.06
"""Smallest share that has room for its number."""
MOST_COLUMNS = 9
"""Periods in a table of shares."""
SHARES_OF_VISITS = template("Shares of visits, means over worlds")
"""What a table of shares is called."""
STACKED = {"barmode": "stack", "bargap": 0, "hovermode": "x unified"}
"""Layout of shares that add up to all of a period."""


def channels_exhibit(content: Content) -> Exhibit:
    """Shares of each channel in visits over time, one panel per arm; in a market, also by platform."""
    caption = sentences(
        [
            phrase("How to read: the colours share out all visits of each week among the ways into a room.")
            if period_step(content) > 1
            else phrase(
                "How to read: the colours share out all visits of each day among the ways into a room."
            ),
            phrase(
                "Private ways belong to the merchant, public ones to the platform. Numbers are shares over "
                "the whole run."
            ),
            new_periods(content, content.arms),
        ]
    )
    chosen = {"": ""}
    if content.names.is_market:
        chosen = {"": phrase("All platforms together")} | content.names.platforms
    views = [view for platform, label in chosen.items() if (view := _view(content, platform, label))]
    missing = "" if views else phrase("Nobody visited a room, so there is no traffic to split.")
    return Exhibit(
        "channels", phrase("Where traffic comes from"), caption, views, missing, phrase("Visits on")
    )


def _view(content: Content, platform: str, label: str) -> View | None:
    shares = {
        arm: table for arm in content.arms if not (table := _channel_shares(content, arm, platform)).empty
    }
    if not shares:
        return None
    x = axis(phrase("Day"), range=[0, content.days])
    y = axis(phrase("Share of visits"), tickformat=".0%", range=[0, 1])
    titles = [arm.label for arm in shares]
    columns, height = panel_columns(len(titles)), 320 if len(shares) <= MANY_PANELS else 240
    figure = go.Figure(layout=layout(0, **STACKED) | panels(titles, columns, height, x, y))
    kinds = {kind: _kind_label(content, kind) for table in shares.values() for kind in table.columns}
    for panel, (arm, table) in enumerate(shares.items()):
        for kind in table.columns:
            add_shares(
                figure,
                panel,
                table[kind],
                arm_periods(content, arm),
                content.names.channel_colours[kind],
                name=kinds[kind],
                legendgroup=kind,
            )
    _add_legend(figure, content, kinds)
    low = phone_panel(len(titles), 220)
    narrow = mark_panels(figure, panels(titles, 1, low, x, y), content, list(shares), columns, (height, low))
    whole = {arm: _whole_shares(content, arm, platform) for arm in shares}
    narrow = add_share_labels(figure, narrow, content, whole)
    narrow = room_for_legend(narrow)
    data = shares_table(content, shares, whole, kinds, phrase("Way into a room"))
    return View(label, _finding(content, platform), figure, narrow, data=data)


def add_share_labels(
    figure: go.Figure, narrow: dict, content: Content, whole: dict[NamedArm, pd.Series]
) -> dict:
    """Shares over the whole run in the middle of each panel, those that have room; as on a phone."""
    labels = []
    for panel, shares in enumerate(whole.values()):
        axes, foot = panel_axes(panel), 0.0
        for share in shares:
            if share >= LEAST_TOLD:
                labels.append(
                    {
                        "x": content.days / 2,
                        "y": foot + share / 2,
                        "xref": axes["xaxis"],
                        "yref": axes["yaxis"],
                        "text": percent(share),
                        "name": ALONG,
                        "showarrow": False,
                        "font": {"size": 12, "color": INK},
                        "bgcolor": faded(PAPER, 0.85),
                        "borderpad": 1,
                    }
                )
            foot += share
    figure.layout.annotations = [*figure.layout.annotations, *labels]
    return narrow | {"annotations": [*narrow["annotations"], *labels]}


def shares_table(
    content: Content,
    shares: dict[NamedArm, pd.DataFrame],
    whole: dict[NamedArm, pd.Series],
    kinds: dict[str, str],
    what: str,
    caption: str = SHARES_OF_VISITS,
) -> DataTable:
    """Shares over the whole run, and from then to then; of many periods every so many."""
    rows = []
    days = sorted({int(day) for table in shares.values() for day in table.index})
    for arm, table in shares.items():
        for kind in table.columns:
            at = [float(table[kind].get(day, math.nan)) for day in days[:: -(-len(days) // MOST_COLUMNS)]]
            cells = [value_cell(value, "share") for value in (float(whole[arm][kind]), *at)]
            rows.append((phrase("{label}: {arm}", label=arm.label, arm=kinds[kind]), cells))
    heads = [phrase("From day {day}", day=day) for day in days[:: -(-len(days) // MOST_COLUMNS)]]
    return DataTable(phrase(caption), [what, phrase("Whole run"), *heads], rows)


def _whole_shares(content: Content, arm: NamedArm, platform: str) -> pd.Series:
    """Share of each kind of channel in all visits of the run, the mean over worlds."""
    return whole_shares(content, _visits(content, arm, platform))


def whole_shares(content: Content, parts: dict[str, pd.DataFrame]) -> pd.Series:
    """Shares of parts in all days that are counted, the mean over worlds."""
    counted = {name: table[table.index >= content.left_out] for name, table in parts.items()}
    return mean_shares(counted, [(content.left_out, content.days)]).iloc[0]


def add_shares(
    figure: go.Figure,
    panel: int,
    shares: pd.Series,
    periods: Sequence[tuple[int, int]],
    colour: str,
    **look: Any,
) -> None:
    """Shares by the first day of each of `periods` as bars as wide as these, which stack."""
    width = dict(periods)
    firsts = [int(day) for day in shares.index]
    figure.add_bar(
        x=firsts,
        y=thin(shares.to_numpy()),
        width=[width[day] - day for day in firsts],
        offset=0,
        **panel_axes(panel),
        hovertemplate="%{y:.1%}",
        showlegend=False,
        **look,
        # Lines around bars would hide the many narrow ones of a long run.
        marker={"color": colour, "line": {"width": 0}},
    )


def arm_periods(content: Content, arm: NamedArm) -> list[tuple[int, int]]:
    """Weeks of an arm (days in short runs), anew from each day on which something begins or ends in it."""
    return split_periods(content.days, period_step(content), period_cuts(marks_in(content, [arm])))


def new_periods(content: Content, arms: Sequence[NamedArm]) -> str:
    """What a caption says of periods and of the days that are marked; empty if none is."""
    weekly, marked = period_step(content) > 1, bool(period_cuts(marks_in(content, arms)))
    if not marked:
        if weekly and content.days % WEEK:
            return phrase("A week has 7 days or, at the end, up to 13.")
        return ""
    if not weekly:
        return phrase("A dashed line stands on the day on which a policy begins or ends or a platform opens.")
    return phrase(
        "Weeks begin anew, at a dashed line, on the day on which a policy begins or ends or a platform "
        "opens. A week has 7 days or, before a dashed line or the end, up to 13."
    )


def _add_legend(figure: go.Figure, content: Content, kinds: dict[str, str]) -> None:
    """Entries of the legend, each kind once, whichever panels have it."""
    for kind, label in kinds.items():
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="lines",
            name=label,
            legendgroup=kind,
            hoverinfo="skip",
            line={"width": 8, "color": content.names.channel_colours[kind]},
        )


def room_for_legend(narrow: dict) -> dict:
    """The legend of a phone's stack of panels stands below, where it has room to wrap."""
    room = 70 + LEGEND_ROW
    plots = narrow["height"] - 100
    narrow["legend"] = LEGEND | {"y": -60 / plots, "yanchor": "top"}
    narrow["height"] += room
    return narrow


def _kind_label(content: Content, kind: str) -> str:
    channels = content.run.results.channels
    of_kind = [content.names.channel_parts(str(name))[1] == kind for name in channels["channel"]]
    if channels.loc[of_kind, "private"].any():
        return phrase("{way} (private)", way=channel_name(kind))
    return phrase("{way} (public)", way=channel_name(kind))


def period_step(content: Content) -> int:
    """Days taken together: a week, or a day in short runs."""
    return WEEK if content.days >= 4 * WEEK else 1


def _channel_shares(content: Content, arm: NamedArm, platform: str) -> pd.DataFrame:
    """Share of each kind of channel in visits (without a `platform`, to all platforms) by period."""
    return mean_shares(_visits(content, arm, platform), arm_periods(content, arm))


def _visits(content: Content, arm: NamedArm, platform: str) -> dict[str, pd.DataFrame]:
    """Visits by kind of channel, each by day and world."""
    visits: dict[str, pd.DataFrame] = {}
    for name in arm_channels(content, arm):
        of, kind = content.names.channel_parts(name)
        table = content.daily(arm, f"visits_{name}")
        if not table.empty and platform in ("", of):
            visits[kind] = visits[kind] + table if kind in visits else table
    return visits


def mean_shares(parts: dict[str, pd.DataFrame], periods: Sequence[tuple[int, int]]) -> pd.DataFrame:
    """Shares of parts in their sum by period (rows) and part (columns), the mean over worlds.

    Parameters
    ----------
    parts : dict of str to DataFrame
        By day (rows) and world (columns).
    periods : sequence of (int, int)
        See `split_periods`. One in which no world has anything is left out.
    """
    sums = {name: by_period(table, periods) for name, table in parts.items()}
    if not sums:
        return pd.DataFrame()
    whole = pd.concat(sums.values()).groupby(level=0).sum()
    shares = {name: (table / whole.where(whole > 0)).mean(axis=1) for name, table in sums.items()}
    return pd.DataFrame(shares).dropna(how="all")


def _private(content: Content, arm: NamedArm, platform: str) -> np.ndarray:
    """Share of visits to `platform`, or to all, that come by private channels, in each world."""
    runs = content.run.results.runs
    if not platform:
        return replicate_values(runs, arm.name, "private_traffic_share")
    rows = content.run.results.channels
    rows = rows[rows["arm"] == arm.name]
    rows = rows[[content.names.channel_parts(str(name))[0] == platform for name in rows["channel"]]]
    private, every = (part.groupby("replicate")["visits"].sum() for part in (rows[rows["private"]], rows))
    found = private.reindex(every.index, fill_value=0.0) / every.where(every > 0)
    return found.reindex(np.sort(runs["replicate"].unique())).to_numpy(float)


def arm_channels(content: Content, arm: NamedArm) -> list[str]:
    """Channels of an arm, public ones first."""
    rows = content.run.results.channels
    rows = rows[rows["arm"] == arm.name].drop_duplicates("channel")
    return list(rows.sort_values("private", kind="stable")["channel"])


def _finding(content: Content, platform: str) -> str:
    shares = {arm: _private(content, arm, platform) for arm in content.arms}
    what = phrase("Share of visits from private channels")
    if platform:
        what = phrase(
            "Share of visits to {platform} from private channels", platform=content.names.platforms[platform]
        )
    return spread(content, what, shares, percent)
