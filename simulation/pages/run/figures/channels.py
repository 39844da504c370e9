"""Where traffic comes from: shares of the ways into a room over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from ...kit.day_marks import mark_panels, marks_in
from ...kit.names import NamedArm, channel_name
from ...kit.periods import WEEK, by_period, period_cuts, split_periods
from ...kit.style import (
    LEGEND,
    PHONE,
    Exhibit,
    View,
    axis,
    layout,
    legend_height,
    panel_axes,
    panel_columns,
    panels,
    phone_panel,
    thin,
)
from ...kit.words import is_number, percent
from ..content import Content

MANY_PANELS = 6
STACKED = {"barmode": "stack", "bargap": 0, "hovermode": "x unified"}
"""Layout of shares that add up to all of a period."""


def channels_exhibit(content: Content) -> Exhibit:
    """Shares of each channel in visits over time, one panel per arm; in a market, also by platform."""
    caption = (
        f"How to read: in each {period_word(content)} the colours share out all visits among the ways into a "
        "room; private ways belong to the merchant, public ones to the platform."
        f"{new_periods(content, content.arms)}"
    )
    chosen = {"": "All platforms together"} | content.names.platforms if content.names.is_market else {"": ""}
    views = [view for platform, label in chosen.items() if (view := _view(content, platform, label))]
    missing = "" if views else "Nobody visited a room, so there is no traffic to split."
    return Exhibit("channels", "Where traffic comes from", caption, views, missing, "Visits on")


def _view(content: Content, platform: str, label: str) -> View | None:
    shares = {
        arm: table for arm in content.arms if not (table := _channel_shares(content, arm, platform)).empty
    }
    if not shares:
        return None
    x = axis("Day", range=[0, content.days])
    y = axis("Share of visits", tickformat=".0%", range=[0, 1])
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
    return View(label, _finding(content, platform), figure, room_for_legend(narrow, list(kinds.values())))


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
    return split_periods(content.days, _step(content), period_cuts(marks_in(content, [arm])))


def period_word(content: Content) -> str:
    """What is taken together: ``week`` or ``day``."""
    return "week" if _step(content) > 1 else "day"


def new_periods(content: Content, arms: Sequence[NamedArm]) -> str:
    """What a caption says of periods and of the days that are marked; empty if none is."""
    weekly, marked = _step(content) > 1, bool(period_cuts(marks_in(content, arms)))
    end = "before a dashed line or the end" if marked else "at the end"
    rest = f" A week has 7 days or, {end}, up to 13." if weekly and (marked or content.days % WEEK) else ""
    if not marked:
        return rest
    anew = "Weeks begin anew, at a dashed line," if weekly else "A dashed line stands"
    return f" {anew} on the day on which a policy begins or ends or a platform opens.{rest}"


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


def room_for_legend(narrow: dict, labels: list[str]) -> dict:
    """The legend of a phone's stack of panels stands below, where it has room to wrap."""
    room = 70 + legend_height(labels, PHONE)
    plots = narrow["height"] - 100
    narrow["legend"] = LEGEND | {"y": -60 / plots, "yanchor": "top"}
    narrow["height"] += room
    return narrow


def _kind_label(content: Content, kind: str) -> str:
    channels = content.run.results.channels
    of_kind = [content.names.channel_parts(str(name))[1] == kind for name in channels["channel"]]
    return f"{channel_name(kind)} ({'private' if channels.loc[of_kind, 'private'].any() else 'public'})"


def _step(content: Content) -> int:
    """Days taken together: a week, or a day in short runs."""
    return WEEK if content.days >= 4 * WEEK else 1


def _channel_shares(content: Content, arm: NamedArm, platform: str) -> pd.DataFrame:
    """Share of each kind of channel in visits (without a `platform`, to all platforms) by period."""
    visits: dict[str, pd.DataFrame] = {}
    for name in arm_channels(content, arm):
        of, kind = content.names.channel_parts(name)
        table = content.daily(arm, f"visits_{name}")
        if not table.empty and platform in ("", of):
            visits[kind] = visits[kind] + table if kind in visits else table
    return mean_shares(visits, arm_periods(content, arm))


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


def _private(content: Content, arm: NamedArm, platform: str) -> float:
    """Share of visits to `platform`, or to all, that come by private channels, the mean over worlds."""
    if not platform:
        return content.estimate(arm, "private_traffic_share").mean
    rows = content.run.results.channels
    rows = rows[rows["arm"] == arm.name]
    rows = rows[[content.names.channel_parts(str(name))[0] == platform for name in rows["channel"]]]
    private, every = (part.groupby("replicate")["visits"].sum() for part in (rows[rows["private"]], rows))
    every = every[every > 0]
    return float((private.reindex(every.index, fill_value=0.0) / every).mean())


def arm_channels(content: Content, arm: NamedArm) -> list[str]:
    """Channels of an arm, public ones first."""
    rows = content.run.results.channels
    rows = rows[rows["arm"] == arm.name].drop_duplicates("channel")
    return list(rows.sort_values("private", kind="stable")["channel"])


def _finding(content: Content, platform: str) -> str:
    shares = {arm: share for arm in content.arms if is_number(share := _private(content, arm, platform))}
    where = f" to {content.names.platforms[platform]}" if platform else ""
    return f"Share of visits{where} from private channels: {content.names.across(shares, percent)}"
