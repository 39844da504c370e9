"""The figure of effects month by month: whether they last, fade, turn or only come."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from ...languages.speaking import counterpart, phrase, phrase_of, template
from ...measures.daily import DAILY_MEASURES
from ...runs.monthly import (
    COMES,
    FADES,
    GROWS,
    LASTS,
    MONTH,
    TURNS,
    UNSEEN,
    MonthlyEffect,
    counted_days,
    effect_by_month,
)
from ..kit.names import NamedArm
from ..kit.style import INK, WIDE, Exhibit, View, arm_dash, arm_symbol, axis, layout, thin, with_legend
from ..kit.tables.data_table import NOTHING, Cell, DataTable, with_intervals
from ..kit.words import POINTS, change, change_parts, is_number
from .content import Content
from .telling import direction

MEASURES = (
    "conversion_rate",
    "visits",
    "orders",
    "gmv",
    "fans",
    "private_traffic_share",
    "repurchase_rate_30d",
    "merchants_open",
)
"""Daily measures whose effects are shown, in this order."""
LEAST_MONTHS = 3
MOST_ARMS = 6
"""Arms of which each has a line; more would hide one another."""
MOST_TOLD = 2
"""Arms up to which values stand at the points."""
COURSES = {
    LASTS: template("{said}: it lasts"),
    GROWS: template("{said}: it grows"),
    FADES: template("{said}: it fades"),
    TURNS: template("{said}: it turns"),
    COMES: template("{said}: it comes only later"),
    UNSEEN: template("{said}: luck can explain both"),
}
"""What becomes of an effect, in words."""


def months_exhibit(content: Content) -> Exhibit | None:
    """Effects of arms against the first by months; None for a single arm and for runs of fewer months."""
    arms = content.arms
    if not 1 < len(arms) <= MOST_ARMS or content.days_counted < LEAST_MONTHS * MONTH:
        return None
    views = [view for measure in MEASURES if (view := _view(content, measure))]
    if not views:
        return None
    caption = phrase_of(
        "How to read: each point is the mean difference to {base} in a month of 30 days over {count} world, "
        "with its 95% interval. An effect is seen where that excludes none; it fades or grows if the last "
        "month has less than half or more than twice what the first had.",
        "How to read: each point is the mean difference to {base} in a month of 30 days over {count} worlds, "
        "with its 95% interval. An effect is seen where that excludes none; it fades or grows if the last "
        "month has less than half or more than twice what the first had.",
        content.worlds,
        base=arms[0].label,
    )
    return Exhibit("months", phrase("Effects month by month"), caption, views, choose=phrase("Measure"))


def _view(content: Content, measure: str) -> View | None:
    first, *others = content.arms
    daily = counted_days(content.run.results.daily, content.left_out)
    if measure not in daily:
        return None
    found = {arm: effect_by_month(daily, arm.name, first.name, measure) for arm in others}
    found = {arm: effect for arm, effect in found.items() if _has_values(effect)}
    if not found:
        return None
    entry = DAILY_MEASURES[measure]
    label = counterpart(entry.label)
    finding = phrase(
        "{measure} against {base}: {said}",
        measure=label,
        base=first.label,
        said=counterpart("; ").join(
            effect_sentence(arm, effect, entry.unit) for arm, effect in found.items()
        ),
    )
    figure, narrow = months_figure(found, label, entry.unit), {"height": 380}
    data = _table(found, label, first, entry.unit)
    return View(label, finding, figure, narrow, data=data, better=direction(measure))


def _table(found: dict[NamedArm, MonthlyEffect], label: str, base: NamedArm, unit: str) -> DataTable:
    """Differences by month with their intervals."""
    rows = []
    for month in sorted({month for effect in found.values() for month in effect.months}):
        cells = []
        for effect in found.values():
            at = dict(zip(effect.months, effect.effects, strict=True)).get(month)
            if at is None:
                cells += [Cell(NOTHING), Cell(NOTHING)]
                continue
            width = at.high - at.low
            cells.append(Cell(change(at.mean, unit, False, width), (at.mean,)))
            ends = [change(end, unit, False, width) for end in (at.low, at.high) if is_number(end)]
            cells.append(
                Cell(f"{ends[0]} – {ends[1]}", (at.low, at.high)) if len(ends) > 1 else Cell(NOTHING)
            )
        rows.append((f"{month}", cells))
    head = [phrase("Month"), *with_intervals([arm.label for arm in found], True)]
    caption = phrase("{measure}: difference from {base} by month", measure=label, base=base.label)
    return DataTable(caption, head, rows)


def _has_values(effect: MonthlyEffect) -> bool:
    return len(effect.months) > 1 and any(month.mean != 0 for month in effect.effects)


def effect_sentence(arm: NamedArm, effect: MonthlyEffect, unit: str) -> str:
    """``Tencent Live +5.1 points in the first month, +0.3 in the sixth: it fades``."""
    first, last = effect.effects[0], effect.effects[-1]
    start, end = (change(month.mean, unit, False, month.high - month.low) for month in (first, last))
    said = phrase(
        "{arm} {start} in month {first}, {end} in month {last}",
        arm=arm.label,
        start=start,
        end=end,
        first=effect.months[0],
        last=effect.months[-1],
    )
    return phrase(COURSES[effect.course], said=said) if first.replications > 1 else said


def months_figure(found: dict[NamedArm, MonthlyEffect], label: str, unit: str) -> go.Figure:
    """A line with intervals for each arm over months, and a line at no effect."""
    months = max(max(effect.months) for effect in found.values())
    share = unit == "share"
    scale = 100.0 if share else 1.0
    figure = go.Figure(
        layout=layout(
            with_legend(420, [arm.label for arm in found], WIDE),
            hovermode="x unified",
            xaxis=axis(phrase("Month"), dtick=1, range=[0.5, months + 0.5]),
            yaxis=axis(_axis_title(label, unit)),
            shapes=[
                {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": {"color": INK}}
            ],
        )
    )
    points = counterpart(POINTS)
    for place, (arm, effect) in enumerate(found.items()):
        ends = [[month.mean, month.low, month.high] for month in effect.effects]
        mean, low, high = scale * np.array(ends).T
        figure.add_scatter(
            x=[month + 0.06 * (place - (len(found) - 1) / 2) for month in effect.months],
            y=thin(mean),
            error_y={
                "array": thin(np.nan_to_num(high - mean)),
                "arrayminus": thin(np.nan_to_num(mean - low)),
                "thickness": 1.2,
                "color": arm.colour,
            },
            name=arm.label,
            mode="lines+markers+text" if len(found) <= MOST_TOLD else "lines+markers",
            text=[month_text(month.mean, unit, month.high - month.low) for month in effect.effects],
            textposition="top right" if place % 2 == 0 else "bottom right",
            textfont={"size": 11, "color": arm.colour},
            cliponaxis=False,
            marker={"symbol": arm_symbol(arm.place), "size": 8},
            line={"color": arm.colour, "width": 2, "dash": arm_dash(arm.place)},
            hovertemplate="%{y:+,.3~r}" + (points if share else ""),
        )
    return figure


def month_text(value: float, unit: str, width: float) -> str:
    """What stands at a point: the number with its scale, without the unit, which the axis says."""
    return change_parts(value, unit, False, width)[0] if unit == "share" else change(value, "", False, width)


def _axis_title(label: str, unit: str) -> str:
    """What the axis of differences is called."""
    if unit == "share":
        return phrase("{measure}, difference in points", measure=label)
    if unit == "CNY":
        return phrase("{measure}, difference in CNY", measure=label)
    return phrase("{measure}, difference", measure=label)
