"""Figures over days: flows, stocks and shares; survival."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....claims.effects import last_days
from ....measures.daily import DAILY_MEASURES
from ....measures.registry import FRACTION
from ....runs.bounds import measure_bounds
from ....runs.comparison import estimate
from ....words import counted
from ...kit.day_marks import LABEL_ROW, day_lines, heading, marks_in
from ...kit.names import NamedArm
from ...kit.periods import WEEK, Mark, broken, outline, period_cuts, seen_alone, smoothed
from ...kit.style import (
    MOST_BANDS,
    PHONE,
    WIDE,
    Exhibit,
    View,
    arm_dash,
    axis,
    faded,
    layout,
    thin,
    with_legend,
)
from ...kit.words import amount, is_number, percent
from ..content import Band, Content, mean_band

MONTH, QUARTER = 30, 90
PLOT = 330
"""Height of the area inside the axes on a desktop, in pixels."""
FAR_APART = 20.0
"""Platforms whose means differ by this factor are drawn on a logarithmic axis."""


@dataclass(frozen=True)
class Series:
    """One daily measure: its column, label, unit, and whether weeks are averaged.

    Of a share, `whole` is the column of what it is a share of.
    """

    column: str
    label: str
    unit: str
    averaged: bool
    whole: str = ""


def daily_series(column: str, averaged: bool = True) -> Series:
    """A daily measure as figures show it; its unit is left out where its label says it."""
    entry = DAILY_MEASURES[column]
    unit = "" if entry.unit in entry.label.lower().split() else entry.unit
    return Series(column, entry.label, unit, averaged, entry.whole)


SERIES = (
    *(daily_series(name) for name in ("visits", "orders", "gmv", "conversion_rate")),
    daily_series("fans", averaged=False),
    daily_series("private_traffic_share"),
    daily_series("repurchase_rate_30d"),
    daily_series("merchants_open", averaged=False),
)
LOOKS_AHEAD = (
    " What is bought again within 30 days stands at the day of the first order, so that it shows what begins "
    "up to 30 days later."
)


def series_exhibit(content: Content) -> Exhibit:
    """Every series of `SERIES`, one at a time."""
    views = [view for series in SERIES if (view := _series_view(content, series))]
    return Exhibit(
        "daily",
        "Day by day",
        f"How to read: one line {a_noun(content)}, the mean over {counted(content.worlds, 'world')}"
        f"{shading(content)}; flows and rates are smoothed: {smoothing(content)}. "
        "Choose what is shown above the figure."
        + (LOOKS_AHEAD if period_cuts(marks_in(content, content.arms)) else ""),
        views,
        "" if views else "Nothing happened on any day, so there is nothing to draw over time.",
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


def smoothing(content: Content) -> str:
    """How the lines are smoothed, in words."""
    if not weekly(content):
        return "single days, as the run is short"
    first = "the first week has one mean"
    if period_cuts(marks_in(content, content.arms)):
        first = (
            "the first week, and the first after each dashed line (a policy begins or ends, or a "
            "platform opens), has one mean"
        )
    return f"each day's value is the mean of the week that ends on it, but {first}"


def weekly(content: Content) -> bool:
    """Whether the run is long enough for means over weeks."""
    return content.days >= 2 * WEEK


def series_values(content: Content, arm: NamedArm, series: Series) -> pd.DataFrame:
    """A series by day (rows) and world (columns), smoothed if it is averaged.

    Alike for all arms, whichever of them it is in which something begins, so that they can be compared.
    """
    values = content.daily(arm, series.column)
    if not series.averaged or not weekly(content) or values.empty:
        return values
    # A plain mean of shares would overrate days with little traffic.
    whole = content.daily(arm, series.whole) if series.whole else None
    return smoothed(values, period_cuts(marks_in(content, content.arms)), whole)


def series_bands(values: dict[NamedArm, pd.DataFrame], series: Series) -> dict[NamedArm, Band]:
    """Mean and interval of a series by arm, where it has any value."""
    bounds = measure_bounds(series.column)
    return {arm: mean_band(table, bounds) for arm, table in values.items() if table.notna().any(axis=None)}


def _series_view(content: Content, series: Series) -> View | None:
    values = {arm: series_values(content, arm, series) for arm in content.arms}
    bands = series_bands(values, series)
    if not any((band.mean[np.isfinite(band.mean)] > 0).any() for band in bands.values()):
        return None
    ends = {arm: value for arm in bands if is_number(value := last_month(content, arm, series))}
    ended = all(np.isfinite(band.mean[-1]) for band in bands.values())
    when = (
        ("over the days that are counted" if content.left_out else "over the run")
        if content.days_counted <= MONTH
        else f"in the last {MONTH} days" + ("" if ended else " with a value")
    )
    spread = content.names.across(ends, lambda value: amount(value, series.unit))
    finding = f"{series.label}: {spread}, {when}" if ends else series.label
    marks = marks_in(content, content.arms)
    figure = lines_figure(bands, series, marks)
    return View(series.label, finding, figure, narrow_lines(290, list(bands), marks, content.days))


def last_month(content: Content, arm: NamedArm, series: Series) -> float:
    """A series in the last 30 days with a value, as claims about trends look at it; over a run that is no
    longer, the measure itself, if it is one.

    Mean over days in each world, and over worlds of that.
    """
    short = content.days_counted <= MONTH
    whole = content.level(arm.name, series.column) if short and series.whole else math.nan
    if is_number(whole):
        return whole
    values = content.daily(arm, series.column).iloc[content.left_out :]
    ends = [last_days(values[world].dropna().to_numpy()) for world in values]
    return estimate(np.array(ends)).mean


def lines_figure(bands: dict[NamedArm, Band], series: Series, marks: Sequence[Mark]) -> go.Figure:
    """One line per arm over days, with shaded intervals if there are few, and `marks` above."""
    days = max(len(band.mean) for band in bands.values())
    log = _far_apart(list(bands.values()))
    form = ".3~p" if series.unit == "share" else ",.3~s" if series.unit == "CNY" else ",.4~r"
    title = series.label + (" (CNY)" if series.unit == "CNY" else "") + (", log scale" if log else "")
    height = PLOT + 90 + LABEL_ROW * len(marks)
    figure = go.Figure(
        layout=layout(
            with_legend(height, [arm.label for arm in bands], WIDE),
            hovermode="x unified",
            xaxis=axis("Day", range=[0, max(days - 1, 1)]),
            shapes=day_lines(marks),
            yaxis=axis(
                title,
                type="log" if log else "linear",
                rangemode="tozero",
                tickformat="~%" if series.unit == "share" else "~s",
                dtick=1 if log else None,
            ),
        )
    )
    if marks:
        figure.update_layout(heading(marks, days, WIDE - 90, PLOT))
    for arm, band in bands.items():
        _add_line(figure, arm, band, form, len(bands) <= MOST_BANDS, period_cuts(marks))
    return figure


def narrow_lines(
    plot: int, arms: list[NamedArm], marks: Sequence[Mark] = (), days: int = 0
) -> dict[str, Any]:
    """A phone's layout of lines over `days` days: room for the legend and for the names of `marks`."""
    height = {"height": with_legend(plot + 90 + LABEL_ROW * len(marks), [arm.label for arm in arms], PHONE)}
    return heading(marks, days, PHONE - 60, plot) | height if marks else height


def _far_apart(bands: list[Band]) -> bool:
    if any((band.mean[np.isfinite(band.mean)] <= 0).any() for band in bands):
        return False
    means = [float(np.nanmean(band.mean)) for band in bands]
    return max(means) > FAR_APART * min(means)


def _add_line(
    figure: go.Figure, arm: NamedArm, band: Band, form: str, shaded: bool, cuts: Sequence[int] = ()
) -> None:
    """An arm's mean line over its interval, both broken at `cuts`."""
    colour = arm.colour
    if band.has_interval and shaded:
        x, y = outline(range(len(band.mean)), band.low, band.high, figure.layout.yaxis.type == "log", cuts)
        figure.add_scatter(
            x=x,
            y=y,
            fill="toself",
            fillcolor=faded(colour, 0.15),
            line={"width": 0},
            mode="lines",
            hoverinfo="skip",
            showlegend=False,
            legendgroup=arm.name,
        )
    days, means = broken(range(len(band.mean)), thin(band.mean), cuts)
    figure.add_scatter(
        x=days,
        y=means,
        name=arm.label,
        legendgroup=arm.name,
        **seen_alone(means),
        line={"color": colour, "width": 2.2, "dash": arm_dash(arm.place)},
        hovertemplate=f"%{{y:{form}}}",
    )


@dataclass(frozen=True)
class Survival:
    """One survival curve: its daily column, label, titles of axes, and words before ``after 90 days``.

    `measures` are measures by the age of which they say the same.
    """

    column: str
    label: str
    title: str
    across: str
    words: str
    measures: dict[int, str]


SURVIVALS = (
    Survival(
        "merchant_survival",
        "Merchants",
        "Merchants still in business",
        "Days since opening",
        "Still in business",
        {QUARTER: "merchant_survival_90d"},
    ),
    Survival(
        "fan_survival", "Fans", "Fans who still follow", "Days since following", "Fans who still follow", {}
    ),
)


def survival_exhibit(content: Content) -> Exhibit:
    """How long merchants stay in business and fans stay fans."""
    caption = (
        "How to read: of all who began, the share still there after a number of days (Kaplan-Meier, which "
        "counts those who are still there when the run ends for as long as they were seen)."
    )
    views = [view for curve in SURVIVALS if (view := _survival_view(content, curve))]
    if _age_told(content) == QUARTER:
        caption += (
            f" Merchants in business after {QUARTER} days, as in the title and in tables, are counted among "
            "those who opened that long before the end; the curve also uses the others, and may differ."
        )
    missing = "" if views else "There were neither merchants nor fans whose survival could be drawn."
    return Exhibit("survival", "Who stays", caption, views, missing, "Survival of")


def _age_told(content: Content) -> int:
    """The age of which titles speak; 0 in runs of a week."""
    return max((age for age in (QUARTER, MONTH, WEEK) if age < content.days), default=0)


def _survival_view(content: Content, curve: Survival) -> View | None:
    bands = {
        arm: mean_band(table, FRACTION)
        for arm in content.arms
        if (table := content.daily(arm, curve.column)).notna().any(axis=None)
    }
    if not bands:
        return None
    figure = go.Figure(
        layout=layout(
            with_legend(400, [arm.label for arm in bands], WIDE),
            hovermode="x unified",
            xaxis=axis(curve.across, rangemode="tozero"),
            yaxis=axis(curve.title, tickformat=".0%", range=[0, 1.02]),
        )
    )
    for arm, band in bands.items():
        _add_line(figure, arm, band, ".1%", len(bands) <= MOST_BANDS)
    day = _age_told(content)
    told = {
        arm: content.level(arm.name, curve.measures[day]) if day in curve.measures else float(band.mean[day])
        for arm, band in bands.items()
        if day
    }
    left = {arm: share for arm, share in told.items() if is_number(share)}
    shares = content.names.across(left, percent) if left else ""
    finding = f"{curve.words} after {day} days: {shares}" if left else curve.title
    return View(curve.label, finding, figure, narrow_lines(270, list(bands)))
