"""Figures that set the platforms side by side: key measures, and the funnel."""

from __future__ import annotations

import math
from textwrap import wrap

import plotly.graph_objects as go

from ..experiments.compare import Estimate
from .content import Content
from .names import Arm, counted, listed, measure_name, unit_of
from .style import (
    FONT,
    INK,
    SOFT,
    Exhibit,
    View,
    arm_colour,
    arm_symbol,
    axis,
    layout,
    thin,
)
from .words import amount, is_number, percent, three_digits

KEY_MEASURES = {
    "Conversion": ("conversion_rate", "gmv_per_visit", "gmv"),
    "Stickiness": ("revisit_rate_30d", "repurchase_rate_30d", "fan_half_life_days"),
    "Friendliness to merchants": (
        "newcomer_first_week_visits", "empty_room_share", "merchant_survival_90d",
        "profitable_merchant_share", "profit_per_merchant",
    ),
    "Concentration": ("top1_audience_share", "audience_gini"),
    "Flows": ("visits", "private_traffic_share", "unreached_demand_share"),
}
ROW_HEIGHT = 34
ARM_GAP = 0.2
LABEL_WIDTH, NARROW_LABEL_WIDTH = 44, 17

FUNNEL = (
    ("reach", "Rooms offered"), ("visits", "Visits"), ("orders", "Orders"),
    ("follows", "New followers"), ("shares", "Links shared"),
)
STEPS = (
    ("visits", "reach", "Visits per offer"), ("orders", "visits", "Orders per visit"),
    ("follows", "visits", "New followers per visit"), ("shares", "visits", "Links shared per visit"),
)


def measures_exhibit(content: Content) -> Exhibit:
    """Platforms in each key measure, with intervals; every row has its own scale."""
    rows: list[tuple[str, dict[Arm, Estimate]]] = []
    for section, names in KEY_MEASURES.items():
        found = [(name, _estimates(content, name)) for name in names]
        found = [(name, values) for name, values in found if values]
        rows += [(f"<b>{section}</b>", {}), *found] if found else []
    interval = "; lines are 95% intervals" if content.worlds > 1 else "; one world gives no intervals"
    caption = (
        "How to read: each row has its own scale from zero to the row's largest value, which stands at "
        f"the right, so compare dots within a row{interval}. Hover for the values."
    )
    if not rows:
        return Exhibit("measures", "Platforms side by side", caption, [],
                       "No measure has a value in this run.")
    tall = ROW_HEIGHT * len(rows) + 90
    figure = go.Figure(layout=layout(
        tall, xaxis=axis(range=[_lowest(rows), 1.08], showticklabels=False, zeroline=True),
        yaxis=_row_axis(rows, LABEL_WIDTH), annotations=_row_maxima(rows), hovermode="closest",
    ))
    for arm in content.arms:
        _add_dots(figure, arm, rows, len(content.arms))
    narrow = {"yaxis": _row_axis(rows, NARROW_LABEL_WIDTH), "height": 44 * len(rows) + 110,
              "font": {"family": FONT, "size": 11, "color": INK}}
    return Exhibit("measures", "Platforms side by side", caption,
                   [View("", _measures_finding(content, rows), figure, narrow)])


def _estimates(content: Content, measure: str) -> dict[Arm, Estimate]:
    found = {arm: content.estimate(arm, measure) for arm in content.arms}
    return {arm: value for arm, value in found.items() if value.replications}


def _ends(value: Estimate) -> tuple[float, float]:
    """Ends of the interval, or the mean twice."""
    return (value.low, value.high) if is_number(value.low) else (value.mean, value.mean)


def _scale(values: dict[Arm, Estimate]) -> float:
    return max((abs(end) for value in values.values() for end in (*_ends(value), value.mean)), default=0) or 1.0


def _lowest(rows: list[tuple[str, dict[Arm, Estimate]]]) -> float:
    lowest = min(
        (_ends(value)[0] / _scale(values) for _, values in rows for value in values.values()), default=0.0
    )
    return min(lowest, 0.0) - 0.03


def _row_axis(rows: list[tuple[str, dict[Arm, Estimate]]], width: int) -> dict:
    labels = [
        "<br>".join(wrap(measure_name(name), width)) if values else name for name, values in rows
    ]
    return axis(
        tickvals=[-place for place in range(len(rows))], ticktext=labels, zeroline=False,
        range=[0.6 - len(rows), 0.7],
    )


def _row_maxima(rows: list[tuple[str, dict[Arm, Estimate]]]) -> list[dict]:
    return [
        {"text": amount(_scale(values), unit_of(name)).replace(" CNY per 30 days", " CNY"),
         "x": 1.0, "y": -place, "xref": "x", "yref": "y",
         "xanchor": "right", "yanchor": "bottom", "yshift": 5, "showarrow": False,
         "font": {"size": 10, "color": SOFT}}
        for place, (name, values) in enumerate(rows) if values
    ]


def _add_dots(
    figure: go.Figure, arm: Arm, rows: list[tuple[str, dict[Arm, Estimate]]], arms: int
) -> None:
    x, y, below, above, words = [], [], [], [], []
    for place, (name, values) in enumerate(rows):
        if arm not in values:
            continue
        value, scale, unit = values[arm], _scale(values), unit_of(name)
        low, high = _ends(value)
        x.append(value.mean / scale)
        y.append(-place - ARM_GAP * (arm.place - (arms - 1) / 2))
        below.append((value.mean - low) / scale)
        above.append((high - value.mean) / scale)
        interval = f"<br>95% interval {amount(low, unit)} to {amount(high, unit)}" if high > low else ""
        words.append(f"<b>{measure_name(name)}</b><br>{arm.label}: {amount(value.mean, unit)}{interval}")
    colour = arm_colour(arm.place)
    figure.add_scatter(
        x=thin(x), y=y, mode="markers", name=arm.label, text=words, hovertemplate="%{text}<extra></extra>",
        marker={"color": colour, "size": 9, "symbol": arm_symbol(arm.place)},
        error_x={"type": "data", "symmetric": False, "array": thin(above), "arrayminus": thin(below),
                 "color": colour, "thickness": 2, "width": 0},
    )


def _measures_finding(content: Content, rows: list[tuple[str, dict[Arm, Estimate]]]) -> str:
    shown = [name for name, values in rows if values]
    if len(content.arms) < 2:
        return f"{content.arms[0].label} in {counted(len(shown), 'measure')}"
    first, second = content.arms[:2]
    apart = [
        entry for entry in content.claims["comparisons"]
        if entry["arm"] == second.name and entry["measure"] in shown
        and entry["difference"]["low"] is not None
        and (entry["difference"]["low"] > 0 or entry["difference"]["high"] < 0)
    ]
    if content.worlds < 2:
        return f"{second.label} against {first.label} in {counted(len(shown), 'measure')}"
    return (
        f"{second.label} differs clearly from {first.label} in {len(apart)} of "
        f"{counted(len(shown), 'key measure')}"
    )


def funnel_exhibit(content: Content) -> Exhibit:
    """From offers to visits, orders, follows and shares."""
    caption = (
        "How to read: each step follows from the one before it; followers and shared links follow "
        "from visits. The scale is logarithmic: every gridline is ten times the one before. A missing "
        "bar or dot is a zero."
    )
    totals = {
        arm: {name: content.estimate(arm, name).mean for name, _ in FUNNEL} for arm in content.arms
    }
    totals = {arm: values for arm, values in totals.items() if values["reach"] > 0}
    if not totals:
        return Exhibit("funnel", "The funnel", caption, [], "No room was offered to anybody.")
    takes = [
        f"{three_digits(values['visits'] / values['orders'])} on {arm.label}"
        for arm, values in totals.items() if values["orders"] > 0
    ]
    rates = {arm: _rates(values) for arm, values in totals.items()}
    reached = [f"{percent(rates[arm][0])} on {arm.label}" for arm in totals]
    first = f"Visits that an order takes: {listed(takes)}" if takes else "Visits, but no orders"
    counts = {arm: [values[name] for name, _ in FUNNEL] for arm, values in totals.items()}
    return Exhibit("funnel", "The funnel", caption, [
        View("Persons", first, _bars(counts, [label for _, label in FUNNEL], "Persons, log scale", "~s"),
             {"height": 420}),
        View("Rates from step to step", f"Offers that become visits: {listed(reached)}",
             _bars(rates, [label for *_, label in STEPS], "Rate, log scale", ".3~%"), {"height": 420}),
    ])


def _rates(values: dict[str, float]) -> list[float]:
    return [values[part] / values[all_] if values[all_] > 0 else math.nan for part, all_, _ in STEPS]


def _bars(values: dict[Arm, list[float]], labels: list[str], title: str, form: str) -> go.Figure:
    """Bars by step and platform on a logarithmic axis, zeros left out."""
    figure = go.Figure(layout=layout(
        400, barmode="group", bargap=0.3, xaxis=axis(tickangle=0, tickfont={"size": 12}),
        yaxis=axis(title, type="log", tickformat="~%" if "%" in form else "~s", dtick=1),
    ))
    steps = ["<br>".join(wrap(label, 12)) for label in labels]
    for arm, numbers in values.items():
        shown = [number if number > 0 else math.nan for number in numbers]
        figure.add_bar(
            x=steps, y=thin(shown), name=arm.label, marker={"color": arm_colour(arm.place)},
            hovertemplate=f"{arm.label}: %{{y:{form}}}<extra></extra>",
        )
    return figure
