"""Figures over days: flows, stocks and shares; where traffic comes from; survival."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from .content import Band, Content, band_of
from .names import Arm, channel_name, counted, listed
from .style import (
    LEGEND,
    Exhibit,
    View,
    arm_colour,
    arm_dash,
    axis,
    channel_colour,
    faded,
    layout,
    panel_axes,
    panels,
    thin,
)
from .words import amount, percent

WEEK, MONTH, QUARTER = 7, 30, 90
FAR_APART = 20.0
"""Platforms whose means differ by this factor are drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Series:
    """One daily measure: its column, label, unit, and whether weeks are averaged."""

    column: str
    label: str
    unit: str
    averaged: bool


SERIES = (
    Series("visits", "Visits a day", "persons", True),
    Series("orders", "Orders a day", "persons", True),
    Series("gmv", "Sales (GMV) a day", "CNY", True),
    Series("conversion_rate", "Orders per visit", "share", True),
    Series("fans", "Fans", "persons", False),
    Series("private_traffic_share", "Traffic from private channels", "share", True),
    Series("repurchase_rate_30d", "Bought again within 30 days", "share", True),
    Series("merchants_open", "Merchants in business", "", False),
)


def series_exhibit(content: Content) -> Exhibit:
    """Every series of `SERIES`, one at a time."""
    views = [view for series in SERIES if (view := _series_view(content, series))]
    averaged = "each day's value is the mean of the week that ends on it" if _weekly(content) else (
        "single days, as the run is short"
    )
    shading = "; shading is the 95% interval of the mean" if content.worlds > 1 else ""
    return Exhibit(
        "daily", "Day by day",
        f"How to read: one line a platform, the mean over {counted(content.worlds, 'world')}{shading}; "
        f"flows and rates are smoothed: {averaged}. Choose what is shown above the figure.",
        views, "" if views else "Nothing happened on any day, so there is nothing to draw over time.",
        "Measure",
    )


def _weekly(content: Content) -> bool:
    return content.days >= 2 * WEEK


def _series_values(content: Content, arm: Arm, series: Series) -> pd.DataFrame:
    values = content.daily(arm, series.column)
    if not series.averaged or not _weekly(content) or values.empty:
        return values
    if series.column == "conversion_rate":  # a mean of ratios would overrate days without traffic
        orders, visits = (content.daily(arm, name).rolling(WEEK).sum() for name in ("orders", "visits"))
        return orders / visits.where(visits > 0)
    smooth = values.rolling(WEEK, min_periods=1 if series.unit == "share" else WEEK).mean()
    return smooth.where(values.notna())


def _series_view(content: Content, series: Series) -> View | None:
    values = {arm: _series_values(content, arm, series) for arm in content.arms}
    bands = {arm: band_of(table) for arm, table in values.items() if table.notna().any(axis=None)}
    if not any((band.mean[np.isfinite(band.mean)] > 0).any() for band in bands.values()):
        return None
    ends = []
    for arm, band in bands.items():
        last = band.mean[np.isfinite(band.mean)][-MONTH:]
        if len(last):
            ends.append(f"{amount(float(last.mean()), series.unit)} on {arm.label}")
    ended = all(np.isfinite(band.mean[-1]) for band in bands.values())
    when = "on average" if content.days <= MONTH else f"in the last {MONTH} days" + (
        "" if ended else " with a value"
    )
    finding = f"{series.label}: {listed(ends)}, {when}" if ends else series.label
    log = _far_apart(list(bands.values()))
    form = ".3~p" if series.unit == "share" else ",.3~s" if series.unit == "CNY" else ",.4~r"
    title = series.label + (" (CNY)" if series.unit == "CNY" else "") + (", log scale" if log else "")
    figure = go.Figure(layout=layout(
        420, xaxis=axis("Day", rangemode="tozero"), hovermode="x unified",
        yaxis=axis(title, type="log" if log else "linear", rangemode="tozero",
                   tickformat="~%" if series.unit == "share" else "~s", dtick=1 if log else None),
    ))
    for arm, band in bands.items():
        _add_line(figure, arm, band, form)
    return View(series.label, finding, figure, {"height": 380})


def _far_apart(bands: list[Band]) -> bool:
    if any((band.mean[np.isfinite(band.mean)] <= 0).any() for band in bands):
        return False
    means = [float(np.nanmean(band.mean)) for band in bands]
    return max(means) > FAR_APART * min(means)


def _add_line(figure: go.Figure, arm: Arm, band: Band, form: str) -> None:
    """A platform's mean line over its interval."""
    colour, days = arm_colour(arm.place), list(range(len(band.mean)))
    if band.has_interval:
        # Intervals of a mean may reach below zero, where no measure over days can be.
        low, high = np.maximum(band.low, 0.0), band.high
        inside = np.isfinite(low) & np.isfinite(high)
        if figure.layout.yaxis.type == "log":
            inside &= low > 0
        around = [day for day, keep in zip(days, inside, strict=True) if keep]
        figure.add_scatter(
            x=around + around[::-1], y=thin(np.concatenate([high[inside], low[inside][::-1]])),
            fill="toself", fillcolor=faded(colour, 0.15), line={"width": 0}, mode="lines",
            hoverinfo="skip", showlegend=False, legendgroup=arm.name,
        )
    figure.add_scatter(
        x=days, y=thin(band.mean), mode="lines", name=arm.label, legendgroup=arm.name,
        line={"color": colour, "width": 2.2, "dash": arm_dash(arm.place)},
        hovertemplate=f"%{{y:{form}}}",
    )


def channels_exhibit(content: Content) -> Exhibit:
    """Shares of each channel in visits over time, a panel a platform."""
    caption = (
        "How to read: at each point the colours share out all visits among the ways into a room; "
        "private ways belong to the merchant, public ones to the platform."
    )
    shares = {arm: table for arm in content.arms if not (table := _channel_shares(content, arm)).empty}
    if not shares:
        return Exhibit("channels", "Where traffic comes from", caption, [],
                       "Nobody visited a room, so there is no traffic to split.")
    step = WEEK if content.days >= 4 * WEEK else 1
    x = axis("Day", range=[0, content.days])
    y = axis("Share of visits", tickformat=".0%", range=[0, 1])
    titles = [arm.label for arm in shares]
    figure = go.Figure(layout=layout(0, hovermode="x unified") | panels(titles, 3, 320, x, y))
    shown: set[str] = set()
    for panel, table in enumerate(shares.values()):
        for place, name in enumerate(table.columns):
            figure.add_scatter(
                x=[int(day) for day in table.index * step + step // 2], y=thin(table[name].to_numpy()),
                **panel_axes(panel), stackgroup=f"arm{panel}", mode="lines",
                line={"width": 0.5, "color": "white"}, name=_channel_label(content, name),
                fillcolor=channel_colour(name, place), legendgroup=name, showlegend=name not in shown,
                hovertemplate="%{y:.1%}",
            )
            shown.add(name)
    return Exhibit("channels", "Where traffic comes from", caption, [
        View("", _channels_finding(content), figure, _room_for_legend(panels(titles, 1, 220, x, y)))
    ])


def _room_for_legend(narrow: dict) -> dict:
    """The legend of a phone's stack of panels stands below, where it has room to wrap."""
    narrow["legend"] = LEGEND | {"y": -0.1, "yanchor": "top"}
    narrow["height"] += 90
    return narrow


def _channel_label(content: Content, name: str) -> str:
    channels = content.run.results.channels
    private = channels.loc[channels["channel"] == name, "private"].any()
    return f"{channel_name(name)} ({'private' if private else 'public'})"


def _channel_shares(content: Content, arm: Arm) -> pd.DataFrame:
    """Share of each channel in visits by week (or day in short runs), all worlds together."""
    step = WEEK if content.days >= 4 * WEEK else 1
    visits = {
        name: table.mean(axis=1)
        for name in arm_channels(content, arm)
        if not (table := content.daily(arm, f"visits_{name}")).empty
    }
    table = pd.DataFrame(visits)
    if table.empty:
        return table
    table = table.groupby(table.index // step).sum()
    total = table.sum(axis=1)
    return table[total > 0].div(total[total > 0], axis=0)


def arm_channels(content: Content, arm: Arm) -> list[str]:
    """Channels of a platform, public ones first."""
    rows = content.run.results.channels
    rows = rows[rows["arm"] == arm.name].drop_duplicates("channel")
    return list(rows.sort_values("private", kind="stable")["channel"])


def _channels_finding(content: Content) -> str:
    parts = [
        f"{percent(found.mean)} on {arm.label}"
        for arm in content.arms
        if (found := content.estimate(arm, "private_traffic_share")).replications
    ]
    return f"Share of visits from private channels: {listed(parts)}"


def survival_exhibit(content: Content) -> Exhibit:
    """How long merchants stay in business and fans stay fans."""
    caption = (
        "How to read: of all who began, the share still there so many days later (Kaplan-Meier, which "
        "counts those who are still there when the run ends for as long as they were seen)."
    )
    views = [
        view for view in (
            _survival_view(content, "merchant_survival", "Merchants", "Merchants still in business",
                           "Days since opening", lambda day: f"Still in business after {day} days"),
            _survival_view(content, "fan_survival", "Fans", "Fans who still follow",
                           "Days since following", lambda day: f"Fans who still follow after {day} days"),
        ) if view
    ]
    missing = "" if views else "There were neither merchants nor fans whose survival could be drawn."
    return Exhibit("survival", "Who stays", caption, views, missing, "Survival of")


def _survival_view(
    content: Content, column: str, label: str, title: str, across: str, words: Callable[[int], str]
) -> View | None:
    bands = {
        arm: band_of(table) for arm in content.arms
        if (table := content.daily(arm, column)).notna().any(axis=None)
    }
    if not bands:
        return None
    figure = go.Figure(layout=layout(
        400, hovermode="x unified", xaxis=axis(across, rangemode="tozero"),
        yaxis=axis(title, tickformat=".0%", range=[0, 1.02]),
    ))
    for arm, band in bands.items():
        _add_line(figure, arm, band, ".1%")
    day = max((age for age in (QUARTER, MONTH, WEEK) if age < content.days), default=0)
    parts = [
        f"{percent(float(band.mean[day]))} on {arm.label}"
        for arm, band in bands.items() if day and np.isfinite(band.mean[day])
    ]
    return View(label, f"{words(day)}: {listed(parts)}" if parts else title, figure, {"height": 360})
