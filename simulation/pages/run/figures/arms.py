"""Figures that set the arms side by side: key measures, and the funnel."""

from __future__ import annotations

import math

import pandas as pd
import plotly.graph_objects as go

from ....measures.registry import without_days
from ....runs.bounds import measure_unit
from ....runs.comparison import Comparison, Estimate, compare, replicate_values
from ....runs.ratios import why_no_ratio
from ....words import counted, listed
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import FEW, NamedArm, measure_name
from ...kit.style import (
    PHONE,
    SOFT,
    WIDE,
    Exhibit,
    View,
    arm_symbol,
    axis,
    labels_above,
    layout,
    thin,
    whiskers,
    with_legend,
)
from ...kit.words import amount, change, fixed, is_number, percent, precision_width, three_digits
from ..content import Content
from .many import MANY, all_arms_exhibit

KEY_MEASURES = {
    "Conversion": ("conversion_rate", "gmv_per_visit", "gmv"),
    "Stickiness": ("revisit_rate_30d", "repurchase_rate_30d", "fan_half_life_days"),
    "Friendliness to merchants": (
        "newcomer_first_week_visits",
        "empty_room_share",
        "merchant_survival_90d",
        "profitable_merchant_share",
    ),
    "Concentration": ("top1_audience_share", "audience_gini"),
    "Flows": ("visits", "private_traffic_share", "unreached_demand_share"),
}
SHORT = (
    ("conversion_rate",),
    ("fans_back_31_60", "fan_half_life_days"),
    ("counter_newcomer_first_week_visits", "newcomer_first_week_visits"),
)
"""Measures that answer the most often asked questions, for the summary: of each the first at which claims
look, or else the last."""
LARGE_RATIO = 3.0
ROW_HEIGHT, LABEL_WIDTH = 34, 36
ARM_GAP = 0.2

FUNNEL = (
    ("reach", "Rooms offered"),
    ("visits", "Visits"),
    ("orders", "Orders"),
    ("follows", "Follows"),
    ("shares", "Links shared"),
)
STEPS = (
    ("visits", "reach", "Visits per offer"),
    ("orders", "visits", "Orders per visit"),
    ("follows", "visits", "Follows per visit"),
    ("shares", "visits", "Links shared per visit"),
)


def measures_exhibit(content: Content) -> Exhibit:
    """Arms in each key measure, with intervals; every row has its own scale."""
    topic = f"{content.names.noun.capitalize()}s side by side"
    if len(content.arms) >= MANY:
        return all_arms_exhibit(content, topic, key_measures(content))
    rows: list[tuple[str, dict[NamedArm, Estimate]]] = []
    for section, names in key_measures(content).items():
        found = [(name, _estimates(content, name)) for name in names]
        found = [(name, values) for name, values in found if values]
        rows += [(bold(section), {}), *found] if found else []
    interval = "; lines are 95% intervals" if content.worlds > 1 else "; one world gives no intervals"
    caption = (
        "How to read: each row has its own scale from zero, so compare dots within a row; at the right "
        f"stands the largest value of the row{interval}. Hover for the values."
    )
    if not rows:
        return Exhibit("measures", topic, caption, [], "No measure has a value in this run.")
    tall = ROW_HEIGHT * len(rows) + 90
    figure = go.Figure(
        layout=layout(
            tall,
            xaxis=axis(range=[_lowest(rows), 1.03], showticklabels=False, zeroline=True),
            yaxis=_row_axis(rows),
            annotations=_row_maxima(rows),
            hovermode="closest",
            margin={"l": 8, "r": 84, "t": 36, "b": 8},
        )
    )
    for arm in content.arms:
        _add_dots(figure, arm, rows, len(content.arms))
    narrow = labels_above(
        [measure_name(name) if values else name for name, values in rows],
        [_largest_value(name, values) if values else "" for name, values in rows],
        54,
    )
    return Exhibit("measures", topic, caption, [View("", _measures_finding(content, rows), figure, narrow)])


def key_measures(content: Content) -> dict[str, tuple[str, ...]]:
    """Key measures by section, of the days of which claims take them."""
    return {section: tuple(map(content.as_claimed, names)) for section, names in KEY_MEASURES.items()}


def _estimates(content: Content, measure: str) -> dict[NamedArm, Estimate]:
    found = {arm: content.estimate(arm, measure) for arm in content.arms}
    return {arm: value for arm, value in found.items() if value.replications}


def _ends(value: Estimate) -> tuple[float, float]:
    """Ends of the interval, or the mean twice."""
    return (value.low, value.high) if is_number(value.low) else (value.mean, value.mean)


def _scale(values: dict[NamedArm, Estimate]) -> float:
    """What a row is divided by: the farthest end of its intervals, or one if all are zero."""
    return max(abs(end) for value in values.values() for end in _ends(value)) or 1.0


def _largest_value(measure: str, values: dict[NamedArm, Estimate]) -> str:
    """The largest of a row's values, not of the ends of their intervals."""
    return amount(max((value.mean for value in values.values()), key=abs), measure_unit(measure))


def _lowest(rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> float:
    lowest = min(
        (_ends(value)[0] / _scale(values) for _, values in rows for value in values.values()), default=0.0
    )
    return min(lowest, 0.0) - 0.03


def _row_axis(rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> dict:
    labels = [wrapped(measure_name(name), LABEL_WIDTH) if values else name for name, values in rows]
    return axis(
        tickvals=[-place for place in range(len(rows))],
        ticktext=labels,
        zeroline=False,
        range=[0.6 - len(rows), 0.7],
    )


def _row_maxima(rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> list[dict]:
    return [
        {
            "text": _largest_value(name, values).replace(" million", f"{BREAK}million"),
            "x": 1.01,
            "y": -place,
            "xref": "paper",
            "yref": "y",
            "xanchor": "left",
            "align": "left",
            "showarrow": False,
            "font": {"size": 11, "color": SOFT},
        }
        for place, (name, values) in enumerate(rows)
        if values
    ]


def _add_dots(
    figure: go.Figure, arm: NamedArm, rows: list[tuple[str, dict[NamedArm, Estimate]]], arms: int
) -> None:
    x, y, lows, highs, words = [], [], [], [], []
    for place, (name, values) in enumerate(rows):
        if arm not in values:
            continue
        value, scale, unit = values[arm], _scale(values), measure_unit(name)
        low, high = _ends(value)
        x.append(value.mean / scale)
        y.append(-place - ARM_GAP * (arm.place - (arms - 1) / 2))
        lows.append(low / scale)
        highs.append(high / scale)
        interval = f"{BREAK}95% interval {amount(low, unit)} to {amount(high, unit)}" if high > low else ""
        words.append(f"{bold(measure_name(name))}{BREAK}{arm.label}: {amount(value.mean, unit)}{interval}")
    colour = arm.colour
    figure.add_scatter(
        x=thin(x),
        y=y,
        mode="markers",
        name=arm.label,
        text=words,
        hovertemplate="%{text}<extra></extra>",
        marker={"color": colour, "size": 9, "symbol": arm_symbol(arm.place)},
        error_x=whiskers(x, lows, highs, color=colour, thickness=2, width=0),
    )


def in_short(content: Content) -> str:
    """The second arm against the first in three measures; empty without two, with many, or without
    intervals, as one world may mislead."""
    if not 2 <= len(content.arms) <= FEW:
        return ""
    first, second = content.arms[:2]
    runs = content.run.results.runs
    by_days: dict[str, list[str]] = {}
    for choices in SHORT:
        name, days = without_days(measure := content.as_claimed(*choices))
        found = compare(runs, second.name, first.name, measure)
        if is_number(found.difference.low):
            label = measure_name(name)
            by_days.setdefault(days, []).append(f"{label[0].lower()}{label[1:]} {_changed(runs, found)}")
    parts = [f"{listed(some)}{_of_days(days) if any(by_days) else ''}" for days, some in by_days.items()]
    return f"{second.label} against {first.label}: {'; '.join(parts)}" if parts else ""


def _of_days(days: str) -> str:
    """Which days something is of: ``" (days 31 to 180)"``."""
    return f" (days {days.replace('-', ' to ')})" if days else " (the whole run)"


def _changed(runs: pd.DataFrame, found: Comparison) -> str:
    """How far one arm is from the other: relative to it or, where that has no meaning, in the unit."""
    sides = (replicate_values(runs, arm, found.measure) for arm in (found.arm, found.against))
    if not why_no_ratio(*sides):
        return _times(found.arm_mean / found.against_mean)
    apart = found.difference
    if apart.mean == 0:
        return "the same"
    return change(apart.mean, measure_unit(found.measure), False, precision_width(apart.low, apart.high))


def _times(ratio: float) -> str:
    """A ratio as a change in percent or, where it is large, as a multiple."""
    if ratio >= LARGE_RATIO:
        return f"{three_digits(ratio)} times as high"
    # What all but vanishes has not vanished.
    decimals = 2 if 0 < ratio < 0.005 else 0
    return f"{fixed((ratio - 1) * 100, decimals, sign=True)}%"


def _measures_finding(content: Content, rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> str:
    labels = [arm.label for arm in content.arms]
    if len(labels) > FEW:
        labels = [counted(len(labels), content.names.noun)]
    measures = counted(sum(1 for _, values in rows if values), "key measure")
    return in_short(content) or f"{listed(labels)} in {measures}"


def funnel_exhibit(content: Content) -> Exhibit:
    """From offers to visits, orders, follows and shares."""
    caption = (
        "How to read: each step follows from the one before it; follows and shared links come "
        "from visits. The scale is logarithmic: every gridline is ten times the one before. A missing "
        "mark is a zero. Rates are taken in each world; what is shown is their mean."
    )
    totals = {arm: {name: content.estimate(arm, name).mean for name, _ in FUNNEL} for arm in content.arms}
    totals = {arm: values for arm, values in totals.items() if values["reach"] > 0}
    if not totals:
        return Exhibit("funnel", "The funnel", caption, [], "No room was offered to anybody.")
    rates = {arm: [content.ratio(arm, part, whole) for part, whole, _ in STEPS] for arm in totals}
    takes = {arm: 1.0 / orders for arm, (_, orders, *_) in rates.items() if orders > 0}
    reached = content.names.across({arm: rates[arm][0] for arm in totals}, percent)
    across = content.names.across
    first = f"Visits that an order takes: {across(takes, three_digits)}" if takes else "Visits, but no orders"
    labels = [arm.label for arm in totals]
    narrow = {"height": with_legend(420, labels, PHONE)}
    counts = {arm: [values[name] for name, _ in FUNNEL] for arm, values in totals.items()}
    return Exhibit(
        "funnel",
        "The funnel",
        caption,
        [
            View(
                "Persons",
                first,
                _dots(counts, [label for _, label in FUNNEL], "Persons, log scale", ".3~s"),
                narrow,
            ),
            View(
                "Rates from step to step",
                f"Offers that become visits: {reached}",
                _dots(rates, [label for *_, label in STEPS], "Rate, log scale", ".3~p"),
                narrow,
            ),
        ],
    )


def _dots(values: dict[NamedArm, list[float]], labels: list[str], title: str, form: str) -> go.Figure:
    """A mark for each step and arm on a logarithmic axis, zeros left out."""
    gap = min(ARM_GAP, 0.75 / len(values))
    figure = go.Figure(
        layout=layout(
            with_legend(400, [arm.label for arm in values], WIDE),
            hovermode="closest",
            xaxis=axis(
                tickvals=list(range(len(labels))),
                range=[-0.5, len(labels) - 0.5],
                showgrid=False,
                zeroline=False,
                ticktext=[wrapped(label, 9) for label in labels],
                tickangle=0,
            ),
            yaxis=axis(title, type="log", tickformat="~%" if "p" in form else "~s", dtick=1),
        )
    )
    for place, (arm, numbers) in enumerate(values.items()):
        shift = gap * (place - (len(values) - 1) / 2)
        figure.add_scatter(
            x=[round(step + shift, 3) for step in range(len(labels))],
            y=thin([number if number > 0 else math.nan for number in numbers]),
            mode="markers",
            name=arm.label,
            text=labels,
            marker={
                "color": arm.colour,
                "size": 12 if len(values) < MANY else 9,
                "symbol": arm_symbol(arm.place),
            },
            hovertemplate=f"%{{text}}<br>%{{fullData.name}}: %{{y:{form}}}<extra></extra>",
        )
    return figure
