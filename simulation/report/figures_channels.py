"""Where traffic comes from: shares of the ways into a room over time."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from .content import Content
from .names import Arm, channel_name
from .style import (
    LEGEND,
    PHONE,
    Exhibit,
    View,
    axis,
    channel_colour,
    columns_of,
    layout,
    legend_height,
    panel_axes,
    panels,
    phone_panel,
    thin,
)
from .words import percent

WEEK = 7
MANY_PANELS = 6


def channels_exhibit(content: Content) -> Exhibit:
    """Shares of each channel in visits over time, a panel an arm; in a market, also by platform."""
    caption = (
        "How to read: at each point the colours share out all visits among the ways into a room; "
        "private ways belong to the merchant, public ones to the platform."
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
    step = _step(content)
    x = axis("Day", range=[0, content.days])
    y = axis("Share of visits", tickformat=".0%", range=[0, 1])
    titles = [arm.label for arm in shares]
    height = 320 if len(shares) <= MANY_PANELS else 240
    wide = panels(titles, columns_of(len(titles)), height, x, y)
    figure = go.Figure(layout=layout(0, hovermode="x unified") | wide)
    kinds = {kind: _kind_label(content, kind) for table in shares.values() for kind in table.columns}
    for panel, table in enumerate(shares.values()):
        for kind in table.columns:
            figure.add_scatter(
                x=[int(day) for day in table.index * step + step // 2], y=thin(table[kind].to_numpy()),
                **panel_axes(panel), stackgroup=f"arm{panel}", mode="lines",
                line={"width": 0.5, "color": "white"}, name=kinds[kind], legendgroup=kind,
                hovertemplate="%{y:.1%}",
                fillcolor=channel_colour(kind, list(kinds).index(kind)), showlegend=False,
            )
    _add_legend(figure, content, kinds)
    return View(label, _finding(content, platform), figure,
                room_for_legend(panels(titles, 1, phone_panel(len(titles), 220), x, y), list(kinds.values())))


def _add_legend(figure: go.Figure, content: Content, kinds: dict[str, str]) -> None:
    """Entries of the legend, each kind once, whichever panels have it."""
    for place, (kind, label) in enumerate(kinds.items()):
        figure.add_scatter(
            x=[None], y=[None], mode="lines", name=label, legendgroup=kind, hoverinfo="skip",
            line={"width": 8, "color": channel_colour(kind, place)},
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


def _channel_shares(content: Content, arm: Arm, platform: str) -> pd.DataFrame:
    """Share of each kind of channel in visits by step, all worlds (and, without a `platform`, all
    platforms) together."""
    visits: dict[str, pd.Series] = {}
    for name in arm_channels(content, arm):
        of, kind = content.names.channel_parts(name)
        table = content.daily(arm, f"visits_{name}")
        if not table.empty and platform in ("", of):
            mean = table.mean(axis=1)
            visits[kind] = visits[kind] + mean if kind in visits else mean
    found = pd.DataFrame(visits)
    if found.empty:
        return found
    found = found.groupby(found.index // _step(content)).sum()
    total = found.sum(axis=1)
    return found[total > 0].div(total[total > 0], axis=0)


def arm_channels(content: Content, arm: Arm) -> list[str]:
    """Channels of an arm, public ones first."""
    rows = content.run.results.channels
    rows = rows[rows["arm"] == arm.name].drop_duplicates("channel")
    return list(rows.sort_values("private", kind="stable")["channel"])


def _finding(content: Content, platform: str) -> str:
    shares = {}
    channels = content.run.results.channels
    for arm in content.arms:
        rows = channels[channels["arm"] == arm.name]
        of = [content.names.channel_parts(str(name))[0] for name in rows["channel"]]
        chosen = rows[[platform in ("", name) for name in of]]
        if chosen["visits"].sum() > 0:
            private = chosen.loc[chosen["private"], "visits"].sum()
            shares[arm] = float(private / chosen["visits"].sum())
    where = f" to {content.names.platforms[platform]}" if platform else ""
    return f"Share of visits{where} from private channels: {content.names.across(shares, percent)}"
