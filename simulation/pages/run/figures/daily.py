"""Figures over days: flows, stocks and shares."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....claims.effects import last_days
from ....languages.speaking import counterpart, phrase, phrase_of, sentences, template
from ....measures.daily import DAILY_MEASURES
from ....runs.bounds import measure_bounds
from ....runs.comparison import estimate, replicate_values
from ...kit.day_marks import LABEL_ROW, day_lines, heading, marks_in
from ...kit.label_places import EndLabel, end_labels, end_room
from ...kit.names import NamedArm
from ...kit.periods import WEEK, Mark, broken, outline, period_cuts, seen_alone, smoothed
from ...kit.style import (
    MARGIN,
    MOST_BANDS,
    PHONE,
    WIDE,
    Exhibit,
    View,
    arm_dash,
    axis,
    faded,
    layout,
    number_ticks,
    thin,
    with_legend,
)
from ...kit.tables.data_table import Cell, DataTable, span_cell, value_cell, with_intervals
from ...kit.words import amount, is_number
from ..content import Band, Content, mean_band
from ..telling import direction, spread

MONTH = 30
PLOT, PHONE_PLOT = 330, 290
"""Height of the area inside the axes on a desktop and on a phone, in pixels."""
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

    @property
    def name(self) -> str:
        """Its label in the language that is spoken."""
        return counterpart(self.label)


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
LOOKS_AHEAD = template(
    "What is bought again within 30 days stands at the day of the first order, so that it shows what begins "
    "up to 30 days later."
)


def series_exhibit(content: Content) -> Exhibit:
    """Every series of `SERIES`, one at a time."""
    views = [view for series in SERIES if (view := _series_view(content, series))]
    parts = [lines_caption(content), phrase("Choose what is shown above the figure.")]
    if period_cuts(marks_in(content, content.arms)):
        parts.append(counterpart(LOOKS_AHEAD))
    return Exhibit(
        "daily",
        phrase("Day by day"),
        sentences(parts),
        views,
        "" if views else phrase("Nothing happened on any day, so there is nothing to draw over time."),
        phrase("Measure"),
    )


def lines_caption(content: Content) -> str:
    """How lines over days are read."""
    return sentences(
        [
            phrase_of(
                "How to read: each line is the mean of {count} world; at its right end stands the mean of "
                "the last 30 days, or of all that are counted if these are fewer.",
                "How to read: each line is the mean of {count} worlds; at its right end stands the mean of "
                "the last 30 days, or of all that are counted if these are fewer.",
                content.worlds,
            ),
            shading(content),
            smoothing(content),
        ]
    )


def shading(content: Content) -> str:
    """What a caption says of the shaded intervals."""
    if content.worlds == 1:
        return ""
    if len(content.arms) > MOST_BANDS:
        return phrase("Intervals would hide one another here; they stand in the table.")
    return phrase("Shaded is the 95% interval of the mean.")


def smoothing(content: Content) -> str:
    """How the lines are smoothed, in words."""
    if not weekly(content):
        return phrase("Values are of single days, as the run is short.")
    if period_cuts(marks_in(content, content.arms)):
        return phrase(
            "Flows and rates are means of the week that ends on a day; the first week, and the first after "
            "each dashed line (a policy begins or ends, or a platform opens), has one mean."
        )
    return phrase("Flows and rates are means of the week that ends on a day; the first week has one mean.")


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
    marks = marks_in(content, content.arms)
    ends = {arm: last_month(content, arm, series) for arm in bands}
    figure = lines_figure(bands, series, marks)
    narrow = narrow_lines(290, list(bands), marks, content.days)
    narrow = with_ends(figure, narrow, {arm: estimate(end).mean for arm, end in ends.items()}, series)
    finding = spread(content, _when(content, series, bands), ends, lambda value: amount(value, series.unit))
    data = lines_table(content, bands, series, ends)
    return View(series.name, finding, figure, narrow, data=data, better=direction(series.column))


def _when(content: Content, series: Series, bands: dict[NamedArm, Band]) -> str:
    """A series, and of which days a title tells it."""
    if content.days_counted <= MONTH:
        return phrase("{measure} over all days that are counted", measure=series.name)
    if all(np.isfinite(band.mean[-1]) for band in bands.values()):
        return phrase("{measure} in the last 30 days", measure=series.name)
    return phrase("{measure} in the last 30 days with a value", measure=series.name)


def lines_table(
    content: Content, bands: dict[NamedArm, Band], series: Series, ends: dict[NamedArm, np.ndarray]
) -> DataTable:
    """What lines show at the end of each week (each day of a short run), and the means at their ends."""
    known = content.worlds > 1

    def cells(values: list[tuple[float, float, float]]) -> list[Cell]:
        return [
            cell
            for mean, low, high in values
            for cell in (
                value_cell(mean, series.unit),
                *([span_cell(low, high, series.unit)] if known else []),
            )
        ]

    rows = []
    for day in range(WEEK - 1 if weekly(content) else 0, content.days, WEEK if weekly(content) else 1):
        at = [(float(b.mean[day]), float(b.low[day]), float(b.high[day])) for b in bands.values()]
        rows.append((f"{day}", cells(at)))
    last = [estimate(ends[arm]) for arm in bands]
    rows.append((phrase("Last 30 days"), cells([(found.mean, found.low, found.high) for found in last])))
    head = [phrase("Day"), *with_intervals([arm.label for arm in bands], known)]
    return DataTable(phrase("{measure} by day, means over worlds", measure=series.name), head, rows)


def last_month(content: Content, arm: NamedArm, series: Series) -> np.ndarray:
    """A series in the last 30 days with a value, as claims about trends look at it; over a run that is no
    longer, the measure itself, if it is one.

    Mean over days, in each world.
    """
    short = content.days_counted <= MONTH
    whole = replicate_values(content.run.results.runs, arm.name, series.column)
    if short and series.whole and np.isfinite(whole).any():
        return whole
    values = content.daily(arm, series.column).iloc[content.left_out :]
    return np.array([last_days(values[world].dropna().to_numpy()) for world in values], float)


def lines_figure(bands: dict[NamedArm, Band], series: Series, marks: Sequence[Mark]) -> go.Figure:
    """One line per arm over days, with shaded intervals if there are few, and `marks` above."""
    days = max(len(band.mean) for band in bands.values())
    log = _far_apart(list(bands.values()))
    form = ".3~p" if series.unit == "share" else ",.3~s" if series.unit == "CNY" else ",.4~r"
    title = phrase("{measure} (CNY)", measure=series.name) if series.unit == "CNY" else series.name
    title = phrase("{title}, log scale", title=title) if log else title
    height = PLOT + 90 + LABEL_ROW * len(marks)
    reach = _reach(list(bands.values()), log)
    figure = go.Figure(
        layout=layout(
            with_legend(height, [arm.label for arm in bands], WIDE),
            hovermode="x unified",
            xaxis=axis(phrase("Day"), range=[0, max(days - 1, 1)]),
            shapes=day_lines(marks),
            yaxis=axis(
                title,
                type="log" if log else "linear",
                range=reach,
                **(
                    {"tickformat": "~%", "dtick": 1 if log else None}
                    if series.unit == "share"
                    else number_ticks(reach[0], reach[1], log)
                ),
            ),
        )
    )
    if marks:
        figure.update_layout(heading(marks, days, WIDE - 90, PLOT))
    for arm, band in bands.items():
        add_line(figure, arm, band, form, len(bands) <= MOST_BANDS, period_cuts(marks))
    return figure


def _reach(bands: list[Band], log: bool) -> list[float]:
    """Ends of an axis on which all means and intervals are seen."""
    ends = np.concatenate([[*band.mean, *band.high] for band in bands])
    high = float(np.nanmax(ends))
    if log:
        low = float(np.nanmin(np.concatenate([band.mean for band in bands])))
        return [math.log10(low) - 0.15, math.log10(high) + 0.1]
    return [0.0, 1.06 * high or 1.0]


def with_ends(
    figure: go.Figure, narrow: dict[str, Any], ends: dict[NamedArm, float], series: Series
) -> dict[str, Any]:
    """Write values at the right of lines, and give back the phone's layout with them."""
    log = figure.layout.yaxis.type == "log"
    labels = [
        EndLabel(math.log10(value) if log else value, amount(value, series.unit), arm.colour)
        for arm, value in ends.items()
        if is_number(value) and (value > 0 or not log)
    ]
    reach = tuple(figure.layout.yaxis.range)
    room = end_room(labels)
    margin = figure.layout.margin.to_plotly_json() | {"r": room}
    figure.layout.margin = margin
    phone = [*narrow.get("annotations", ()), *end_labels(labels, reach, PHONE_PLOT)]
    found = narrow | {"annotations": phone, "margin": narrow.get("margin", MARGIN) | {"r": room}}
    figure.layout.annotations = [*figure.layout.annotations, *end_labels(labels, reach, PLOT)]
    return found


def narrow_lines(
    plot: int, arms: list[NamedArm], marks: Sequence[Mark] = (), days: int = 0
) -> dict[str, Any]:
    """A phone's layout of lines over `days` days: room for the legend and for the names of `marks`."""
    height = {"height": plot + 90 + LABEL_ROW * len(marks)}
    return heading(marks, days, PHONE - 60, plot) | height if marks else height


def _far_apart(bands: list[Band]) -> bool:
    if any((band.mean[np.isfinite(band.mean)] <= 0).any() for band in bands):
        return False
    means = [float(np.nanmean(band.mean)) for band in bands]
    return max(means) > FAR_APART * min(means)


def add_line(
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
