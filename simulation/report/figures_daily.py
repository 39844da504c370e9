"""Figures over days: flows, stocks and shares; survival."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ..experiments.measured import bounds_of
from ..measures.registry import FRACTION
from .content import Band, Content, band_of
from .names import Arm, counted
from .style import (
    MOST_BANDS,
    PHONE,
    WIDE,
    Exhibit,
    View,
    arm_colour,
    arm_dash,
    axis,
    faded,
    layout,
    thin,
    with_legend,
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
    averaged = "each day's value is the mean of the week that ends on it" if weekly(content) else (
        "single days, as the run is short"
    )
    return Exhibit(
        "daily", "Day by day",
        f"How to read: one line {a_noun(content)}, the mean over {counted(content.worlds, 'world')}"
        f"{shading(content)}; flows and rates are smoothed: {averaged}. "
        "Choose what is shown above the figure.",
        views, "" if views else "Nothing happened on any day, so there is nothing to draw over time.",
        "Measure",
    )


def a_noun(content: Content) -> str:
    """``a platform`` or ``an arm``."""
    return "a platform" if content.names.are_platforms else "an arm"


def shading(content: Content) -> str:
    """What a caption says of the shaded intervals."""
    if content.worlds == 1:
        return ""
    if len(content.arms) > MOST_BANDS:
        return " (intervals would hide one another and are left out; see the measures side by side)"
    return "; shading is the 95% interval of the mean"


def weekly(content: Content) -> bool:
    """Whether the run is long enough for means over weeks."""
    return content.days >= 2 * WEEK


def series_values(content: Content, arm: Arm, series: Series) -> pd.DataFrame:
    """A series by day (rows) and world (columns), smoothed if it is averaged."""
    values = content.daily(arm, series.column)
    if not series.averaged or not weekly(content) or values.empty:
        return values
    if series.column == "conversion_rate":  # a mean of ratios would overrate days without traffic
        orders, visits = (content.daily(arm, name).rolling(WEEK).sum() for name in ("orders", "visits"))
        return orders / visits.where(visits > 0)
    smooth = values.rolling(WEEK, min_periods=1 if series.unit == "share" else WEEK).mean()
    return smooth.where(values.notna())


def bands_of(values: dict[Arm, pd.DataFrame], series: Series) -> dict[Arm, Band]:
    """Mean and interval of a series by arm, where it has any value."""
    bounds = bounds_of(series.column)
    return {arm: band_of(table, bounds) for arm, table in values.items() if table.notna().any(axis=None)}


def _series_view(content: Content, series: Series) -> View | None:
    values = {arm: series_values(content, arm, series) for arm in content.arms}
    bands = bands_of(values, series)
    if not any((band.mean[np.isfinite(band.mean)] > 0).any() for band in bands.values()):
        return None
    ends = {
        arm: float(last.mean()) for arm, band in bands.items()
        if len(last := band.mean[np.isfinite(band.mean)][-MONTH:])
    }
    ended = all(np.isfinite(band.mean[-1]) for band in bands.values())
    when = "on average" if content.days <= MONTH else f"in the last {MONTH} days" + (
        "" if ended else " with a value"
    )
    spread = content.names.across(ends, lambda value: amount(value, series.unit))
    finding = f"{series.label}: {spread}, {when}" if ends else series.label
    figure = lines_figure(bands, series)
    return View(series.label, finding, figure, narrow_lines(380, list(bands)))


def lines_figure(bands: dict[Arm, Band], series: Series) -> go.Figure:
    """A line an arm over days, with shaded intervals if there are few."""
    log = _far_apart(list(bands.values()))
    form = ".3~p" if series.unit == "share" else ",.3~s" if series.unit == "CNY" else ",.4~r"
    title = series.label + (" (CNY)" if series.unit == "CNY" else "") + (", log scale" if log else "")
    figure = go.Figure(layout=layout(
        with_legend(420, [arm.label for arm in bands], WIDE), xaxis=axis("Day", rangemode="tozero"),
        hovermode="x unified",
        yaxis=axis(title, type="log" if log else "linear", rangemode="tozero",
                   tickformat="~%" if series.unit == "share" else "~s", dtick=1 if log else None),
    ))
    for arm, band in bands.items():
        _add_line(figure, arm, band, form, len(bands) <= MOST_BANDS)
    return figure


def narrow_lines(height: int, arms: list[Arm]) -> dict:
    """A phone's layout of lines: room for the legend."""
    return {"height": with_legend(height, [arm.label for arm in arms], PHONE)}


def _far_apart(bands: list[Band]) -> bool:
    if any((band.mean[np.isfinite(band.mean)] <= 0).any() for band in bands):
        return False
    means = [float(np.nanmean(band.mean)) for band in bands]
    return max(means) > FAR_APART * min(means)


def _add_line(figure: go.Figure, arm: Arm, band: Band, form: str, shaded: bool) -> None:
    """An arm's mean line over its interval."""
    colour, days = arm_colour(arm.place), list(range(len(band.mean)))
    if band.has_interval and shaded:
        low, high = band.low, band.high
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
        arm: band_of(table, FRACTION) for arm in content.arms
        if (table := content.daily(arm, column)).notna().any(axis=None)
    }
    if not bands:
        return None
    figure = go.Figure(layout=layout(
        with_legend(400, [arm.label for arm in bands], WIDE), hovermode="x unified",
        xaxis=axis(across, rangemode="tozero"),
        yaxis=axis(title, tickformat=".0%", range=[0, 1.02]),
    ))
    for arm, band in bands.items():
        _add_line(figure, arm, band, ".1%", len(bands) <= MOST_BANDS)
    day = max((age for age in (QUARTER, MONTH, WEEK) if age < content.days), default=0)
    left = {
        arm: float(band.mean[day]) for arm, band in bands.items() if day and np.isfinite(band.mean[day])
    }
    finding = f"{words(day)}: {content.names.across(left, percent)}" if left else title
    return View(label, finding, figure, narrow_lines(360, list(bands)))
