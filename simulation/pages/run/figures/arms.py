"""Figures that set the arms side by side: key measures, and the funnel."""

from __future__ import annotations

import math

import numpy as np
import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, sentences, template
from ....measures.registry import without_days
from ....runs.bounds import measure_unit
from ....runs.comparison import Estimate, replicate_values
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import FEW, NamedArm, measure_name
from ...kit.style import (
    UPRIGHT,
    WIDE,
    Exhibit,
    View,
    arm_symbol,
    axis,
    labels_above,
    layout,
    number_ticks,
    thin,
    whiskers,
    with_legend,
)
from ...kit.tables.data_table import DataTable, value_cell
from ...kit.words import amount, is_number, percent
from ..answer.clauses import clauses
from ..answer.effects import Effect, paired_effect
from ..content import Content
from ..telling import direction, estimates_table, interval_note, spread
from .many import MANY, all_arms_exhibit, hover_words

KEY_MEASURES = {
    template("Conversion"): ("conversion_rate", "gmv_per_visit", "gmv"),
    template("Stickiness"): ("revisit_rate_30d", "repurchase_rate_30d", "fan_half_life_days"),
    template("Friendliness to merchants"): (
        "newcomer_first_week_visits",
        "empty_room_share",
        "merchant_survival_90d",
        "profitable_merchant_share",
    ),
    template("Concentration"): ("top1_audience_share", "audience_gini"),
    template("Flows"): ("visits", "private_traffic_share", "unreached_demand_share"),
}
SHORT = (
    ("conversion_rate",),
    ("fans_back_31_60", "fan_half_life_days"),
    ("counter_newcomer_first_week_visits", "newcomer_first_week_visits"),
)
"""Measures that answer the most often asked questions, for the summary: of each the first at which claims
look, or else the last."""
ROW_HEIGHT, LABEL_WIDTH, VALUE_WIDTH = 34, 36, 76
"""Height of a row and width of a value, in pixels; letters of a label on a line."""
ARM_GAP = 0.2

FUNNEL = (
    ("reach", template("Rooms offered")),
    ("visits", template("Visits")),
    ("orders", template("Orders")),
    ("follows", template("Follows")),
    ("shares", template("Links shared")),
)
STEPS = (
    ("visits", "reach", template("Visits per offer")),
    ("orders", "visits", template("Orders per visit")),
    ("follows", "visits", template("Follows per visit")),
    ("shares", "visits", template("Links shared per visit")),
)


def measures_exhibit(content: Content) -> Exhibit:
    """Arms in each key measure, with intervals; every row has its own scale."""
    platforms = content.names.are_platforms
    topic = phrase("Platforms side by side") if platforms else phrase("Arms side by side")
    if len(content.arms) >= MANY:
        return all_arms_exhibit(content, topic, key_measures(content))
    rows: list[tuple[str, dict[NamedArm, Estimate]]] = []
    for section, names in key_measures(content).items():
        found = [(name, _estimates(content, name)) for name in names]
        found = [(name, values) for name, values in found if values]
        rows += [(bold(counterpart(section)), {}), *found] if found else []
    caption = sentences(
        [
            phrase(
                "How to read: each row has its own scale from zero, so compare dots within a row; the values "
                "stand at the right, in the order of the legend. ▲ marks measures of which more is better, ▼ "
                "those of which less is."
            ),
            interval_note(content),
        ]
    )
    if not rows:
        return Exhibit("measures", topic, caption, [], phrase("No measure has a value in this run."))
    figure = go.Figure(
        layout=layout(
            ROW_HEIGHT * len(rows) + 90,
            xaxis=axis(range=[_lowest(rows), 1.03], showticklabels=False, ticks="", zeroline=True),
            yaxis=_row_axis(rows),
            annotations=_row_values(rows, content.arms),
            hovermode="closest",
            margin={"l": 8, "r": 8 + VALUE_WIDTH * len(content.arms), "t": 36, "b": 8},
        )
    )
    for arm in content.arms:
        _add_dots(figure, arm, rows, len(content.arms))
    narrow = labels_above(*_phone_texts(rows), 64)
    finding = in_short(content) or phrase("How the arms compare in key measures")
    return Exhibit(
        "measures", topic, caption, [View("", finding, figure, narrow, data=_measures_table(content, rows))]
    )


def marked(measure: str) -> str:
    """Label of a measure with the sign of what is better."""
    sign = {1: "▲", -1: "▼", 0: ""}[direction(measure)]
    return f"{measure_name(measure)}\N{NO-BREAK SPACE}{sign}" if sign else measure_name(measure)


def _phone_texts(rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> tuple[list[str], list[str]]:
    """Labels and values above the rows of a phone."""
    values = [
        " · ".join(amount(value.mean, measure_unit(name)) for value in found.values()) for name, found in rows
    ]
    return [marked(name) if found else name for name, found in rows], values


def _measures_table(content: Content, rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> DataTable:
    return estimates_table(
        content, phrase("Key measures, means over worlds"), {name: found for name, found in rows if found}
    )


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


def _lowest(rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> float:
    lowest = min(
        (_ends(value)[0] / _scale(values) for _, values in rows for value in values.values()), default=0.0
    )
    return min(lowest, 0.0) - 0.03


def _row_axis(rows: list[tuple[str, dict[NamedArm, Estimate]]]) -> dict:
    labels = [wrapped(marked(name), LABEL_WIDTH) if values else name for name, values in rows]
    return axis(
        tickvals=[-place for place in range(len(rows))],
        ticktext=labels,
        ticks="",
        zeroline=False,
        range=[0.6 - len(rows), 0.7],
    )


def _row_values(rows: list[tuple[str, dict[NamedArm, Estimate]]], arms: list[NamedArm]) -> list[dict]:
    """Columns of values at the right, one an arm in its colour."""
    return [
        {
            "text": amount(values[arm].mean, measure_unit(name)).replace(" million", f"{BREAK}million"),
            "x": 1,
            "xshift": 8 + VALUE_WIDTH * place,
            "y": -row,
            "xref": "paper",
            "yref": "y",
            "xanchor": "left",
            "align": "left",
            "showarrow": False,
            "font": {"size": 11, "color": arm.colour},
        }
        for row, (name, values) in enumerate(rows)
        for place, arm in enumerate(arms)
        if arm in values
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
        words.append(hover_words(measure_name(name), arm, value, unit))
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
    by_days: dict[str, list[Effect]] = {}
    for choices in SHORT:
        measure = content.as_claimed(*choices)
        effect = paired_effect(content, second, first, measure)
        if effect and effect.has_interval:
            by_days.setdefault(without_days(measure)[1], []).append(effect)
    if not by_days:
        return ""
    said = [
        _of_days(clauses(effects), days) if any(by_days) else clauses(effects)
        for days, effects in by_days.items()
    ]
    return phrase(
        "Compared with {base}, {arm} {clauses}",
        base=first.label,
        arm=second.label,
        clauses=counterpart("; ").join(said),
    )


def _of_days(said: str, days: str) -> str:
    """Which days something is of: ``" (days 31 to 180)"``."""
    if not days:
        return phrase("{said} (the whole run)", said=said)
    first, _, last = days.partition("-")
    return phrase("{said} (days {first} to {last})", said=said, first=first, last=last)


def funnel_exhibit(content: Content) -> Exhibit:
    """From offers to visits, orders, follows and shares."""
    topic = phrase("The funnel")
    caption = phrase(
        "How to read: each step follows from the one before it; follows and shared links come from visits. "
        "The scale is logarithmic: every gridline is ten times the one before. A missing mark is a zero. "
        "Rates are taken in each world; what is shown is their mean."
    )
    arms = [arm for arm in content.arms if content.level(arm.name, "reach") > 0]
    if not arms:
        return Exhibit("funnel", topic, caption, [], phrase("No room was offered to anybody."))
    steps = [counterpart(label) for _, label in FUNNEL]
    counts = {arm: [content.level(arm.name, name) for name, _ in FUNNEL] for arm in arms}
    rates = {arm: [content.ratio(arm, part, whole) for part, whole, _ in STEPS] for arm in arms}
    names = [counterpart(label) for *_, label in STEPS]
    visits, orders = phrase("Orders per visit"), phrase("Visits per offer")
    findings = (
        spread(content, visits, _rates(content, arms, "orders", "visits"), percent),
        spread(content, orders, _rates(content, arms, "visits", "reach"), percent),
    )
    narrow = {"height": 420, "annotations": []}
    views = [
        View(
            phrase("Persons"),
            findings[0],
            _dots(counts, steps, phrase("Persons, log scale"), ""),
            narrow,
            data=_steps_table(counts, steps, ""),
            better=1,
        ),
        View(
            phrase("Rates from step to step"),
            findings[1],
            _dots(rates, names, phrase("Rate, log scale"), "share"),
            narrow,
            data=_steps_table(rates, names, "share"),
            better=1,
        ),
    ]
    return Exhibit("funnel", topic, caption, views, choose=phrase("Show"))


def _rates(content: Content, arms: list[NamedArm], part: str, whole: str) -> dict[NamedArm, np.ndarray]:
    """One measure by another in each world that has any of the latter."""
    runs, found = content.run.results.runs, {}
    for arm in arms:
        above, below = (replicate_values(runs, arm.name, name) for name in (part, whole))
        found[arm] = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return found


def _steps_table(values: dict[NamedArm, list[float]], labels: list[str], unit: str) -> DataTable:
    rows = [
        (label, [value_cell(numbers[place], unit) for numbers in values.values()])
        for place, label in enumerate(labels)
    ]
    return DataTable(
        phrase("Steps of the funnel, means over worlds"),
        [phrase("Step"), *(arm.label for arm in values)],
        rows,
    )


def _dots(values: dict[NamedArm, list[float]], labels: list[str], title: str, unit: str) -> go.Figure:
    """A mark for each step and arm on a logarithmic axis, zeros left out, with its value."""
    gap = min(ARM_GAP, 0.75 / len(values))
    form = ".3~p" if unit else ".3~s"
    figure = go.Figure(
        layout=layout(
            with_legend(400, [arm.label for arm in values], WIDE),
            hovermode="closest",
            xaxis=axis(
                ticklabeloverflow="allow",
                tickvals=list(range(len(labels))),
                range=[-0.5, len(labels) - 0.5],
                showgrid=False,
                zeroline=False,
                ticktext=[wrapped(label, 14) for label in labels],
                tickangle=0,
            ),
            yaxis=axis(title, type="log", **_powers(values, unit)),
        )
    )
    notes = []
    for place, (arm, numbers) in enumerate(values.items()):
        shift = gap * (place - (len(values) - 1) / 2)
        x = [round(step + shift, 3) for step in range(len(labels))]
        figure.add_scatter(
            x=x,
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
        notes += [
            _above(at, number, amount(number, unit), arm.colour)
            for at, number in zip(x, numbers, strict=True)
            if number > 0 and len(values) < MANY
        ]
    figure.layout.annotations = notes
    return figure


def _powers(values: dict[NamedArm, list[float]], unit: str) -> dict:
    """Ticks at powers of ten, of numbers in the language's units."""
    known = [math.log10(number) for numbers in values.values() for number in numbers if number > 0]
    if unit or not known:
        return {"tickformat": "~%", "dtick": 1}
    return number_ticks(min(known) - 1, max(known) + 1, True)


def _above(x: float, y: float, text: str, colour: str) -> dict:
    """A value above its mark on a logarithmic axis."""
    return {
        "x": x,
        "y": math.log10(y),
        "text": text.replace(" million", " M"),
        "name": UPRIGHT,
        "yshift": 16,
        "showarrow": False,
        "font": {"size": 11, "color": colour},
    }
