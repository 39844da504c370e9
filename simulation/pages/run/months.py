"""The figure of effects month by month: whether they last, fade, turn or only come."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

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
from ...words import counted
from ..kit.names import NamedArm
from ..kit.style import INK, PHONE, WIDE, Exhibit, View, arm_dash, arm_symbol, axis, layout, thin, with_legend
from ..kit.words import change
from .content import Content

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
COURSES = {
    LASTS: "it lasts",
    GROWS: "it grows",
    FADES: "it fades",
    TURNS: "it turns",
    COMES: "it comes only later",
    UNSEEN: "seen in neither",
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
    return Exhibit(
        "months",
        "Effects month by month",
        f"How to read: one line {content.names.noun} after the first, each point the mean difference to "
        f"{arms[0].label} in a month of {MONTH} days over {counted(content.worlds, 'world')}, "
        "with its 95% interval. An effect is seen where that excludes none; it fades or grows if the last "
        "month has less than half or more than twice what the first had.",
        views,
        choose="Measure",
    )


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
    finding = f"{entry.label} against {first.label}: " + "; ".join(
        effect_sentence(arm, effect, entry.unit) for arm, effect in found.items()
    )
    return View(entry.label, finding, months_figure(found, entry.label, entry.unit), _narrow(list(found)))


def _has_values(effect: MonthlyEffect) -> bool:
    return len(effect.months) > 1 and any(month.mean != 0 for month in effect.effects)


def effect_sentence(arm: NamedArm, effect: MonthlyEffect, unit: str) -> str:
    """``Tencent Live +5.1 points in the first month, +0.3 in the sixth: it fades``."""
    first, last = effect.effects[0], effect.effects[-1]
    ends = [change(month.mean, unit, False, month.high - month.low) for month in (first, last)]
    said = f"{arm.label} {ends[0]} in month {effect.months[0]}, {ends[1]} in month {effect.months[-1]}"
    return f"{said}: {COURSES[effect.course]}" if first.replications > 1 else said


def months_figure(found: dict[NamedArm, MonthlyEffect], label: str, unit: str) -> go.Figure:
    """A line with intervals for each arm over months, and a line at no effect."""
    months = max(max(effect.months) for effect in found.values())
    share = unit == "share"
    scale = 100.0 if share else 1.0
    figure = go.Figure(
        layout=layout(
            with_legend(420, [arm.label for arm in found], WIDE),
            hovermode="x unified",
            xaxis=axis("Month", dtick=1, range=[0.5, months + 0.5]),
            yaxis=axis(f"{label}, difference" + (" (points)" if share else f" ({unit})" if unit else "")),
            shapes=[
                {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0, "y1": 0, "line": {"color": INK}}
            ],
        )
    )
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
            mode="lines+markers",
            marker={"symbol": arm_symbol(arm.place), "size": 8},
            line={"color": arm.colour, "width": 2, "dash": arm_dash(arm.place)},
            hovertemplate="%{y:+,.3~r}" + (" points" if share else ""),
        )
    return figure


def _narrow(arms: Sequence[NamedArm]) -> dict[str, int]:
    return {"height": with_legend(380, [arm.label for arm in arms], PHONE)}
