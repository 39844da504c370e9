"""Measures by arm in panels: key measures of many arms, and what becomes of merchants with a name.

One panel per measure, one row per arm, without a legend.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from ....measures import MEASURES
from ....runs.bounds import base_measure, measure_unit
from ....runs.comparison import Estimate
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import NamedArm, measure_name
from ...kit.style import Exhibit, View, arm_symbol, axis, layout, panel_axes, panels, thin, whiskers
from ...kit.words import amount, is_number
from ..content import Content

MANY = 5
"""Arms from which on they have rows of their own rather than sharing one."""
ROW, TITLE_WIDTH, NAME_WIDTH = 27, 24, 17
TITLE_ROOM = 52


def all_arms_exhibit(content: Content, topic: str, sections: dict[str, tuple[str, ...]]) -> Exhibit:
    """Arms in each key measure, with intervals; a section of measures at a time.

    Parameters
    ----------
    content : Content
        A run of at least `MANY` arms.
    topic : str
        Of the exhibit.
    sections : dict of str to tuple of str
        Measures by section.
    """
    views = [view for section, measures in sections.items() if (view := _section(content, section, measures))]
    interval = "; lines are 95% intervals" if content.worlds > 1 else "; one world gives no intervals"
    caption = (
        f"How to read: a row is {'a platform' if content.names.are_platforms else 'an arm'}, a panel is "
        f"a measure with its own scale{interval}. Choose the measures above the figure; hover for values."
    )
    missing = "" if views else "No measure has a value in this run."
    return Exhibit("measures", topic, caption, views, missing, "Measures")


def named_exhibit(content: Content) -> Exhibit | None:
    """Profit, members, visits and orders of each merchant with a name, by arm; none without any."""
    if not content.names.named:
        return None
    measures = [name for name, entry in MEASURES.items() if not entry.of_all]
    views = [
        view
        for name, title in content.names.named.items()
        if (view := _section(content, title, tuple(f"{measure}_{name}" for measure in measures)))
    ]
    interval = "; lines are 95% intervals over worlds" if content.worlds > 1 else ""
    caption = (
        "How to read: a row is "
        f"{'a platform' if content.names.are_platforms else 'an arm'}, a panel is a measure of one merchant, "
        f"with its own scale{interval}. A month is 30 days since it opened, days after closing included."
    )
    missing = "" if views else "None of them came before the end of the run."
    return Exhibit("named_merchants", "Merchants with a name", caption, views, missing, "Merchants")


def _section(content: Content, section: str, measures: tuple[str, ...]) -> View | None:
    every = {name: {arm: content.estimate(arm, name) for arm in content.arms} for name in measures}
    values = {
        name: known
        for name, row in every.items()
        if (known := {arm: value for arm, value in row.items() if value.replications})
    }
    if not values:
        return None
    titles = [wrapped(_title(name), TITLE_WIDTH) for name in values]
    tall = ROW * len(content.arms)
    wide, narrow = (
        _layout(content, titles, list(values), columns, tall, width)
        for columns, width in ((len(values), 60), (1, NAME_WIDTH))
    )
    figure = go.Figure(layout=layout(0, hovermode="closest", showlegend=False) | wide)
    for panel, (name, row) in enumerate(values.items()):
        for arm, value in row.items():
            _add_dot(figure, panel, arm, name, value)
    first = next(iter(values))
    means = {arm: value.mean for arm, value in values[first].items()}
    spread = content.names.across(means, lambda value: amount(value, measure_unit(first)))
    luck = content.within_luck(first, means)
    return View(section, f"{content.names.measure(first)}: {spread}{luck}", figure, narrow)


def _title(measure: str) -> str:
    """Label of a measure; of one merchant's without saying whose, as the whole figure is about it."""
    base = base_measure(measure)
    return measure_name(measure if MEASURES[base].of_all else base)


def _layout(
    content: Content, titles: list[str], measures: list[str], columns: int, tall: int, width: int
) -> dict[str, Any]:
    """Panels with the arms' names at the left, wrapped to `width` letters."""
    names = [wrapped(arm.label, width) for arm in content.arms]
    rows = axis(
        tickvals=[-arm.place for arm in content.arms],
        ticktext=names,
        zeroline=False,
        range=[0.5 - len(names), 0.5],
        tickfont={"size": 12 if width > NAME_WIDTH else 11},
    )
    row_height = tall + TITLE_ROOM if columns > 1 else max(tall, 33 * len(names)) + 20
    chosen = panels(titles, columns, row_height, axis(), rows)
    for place, name in enumerate(measures):
        number = str(place + 1) if place else ""
        chosen[f"xaxis{number}"] |= {
            "tickformat": ".2~%" if measure_unit(name) == "share" else "~s",
            "nticks": 5,
            "rangemode": "tozero",
            "tickangle": 0,
        }
    chosen["margin"] = {"l": 8, "r": 16, "t": TITLE_ROOM, "b": 8}
    return chosen


def _add_dot(figure: go.Figure, panel: int, arm: NamedArm, name: str, value: Estimate) -> None:
    known, unit = is_number(value.low), measure_unit(name)
    interval = f"{BREAK}95% interval {amount(value.low, unit)} to {amount(value.high, unit)}" if known else ""
    figure.add_scatter(
        x=thin([value.mean]),
        y=[-arm.place],
        mode="markers",
        name=arm.label,
        **panel_axes(panel),
        text=[f"{bold(_title(name))}{BREAK}{arm.label}: {amount(value.mean, unit)}{interval}"],
        hovertemplate="%{text}<extra></extra>",
        marker={"color": arm.colour, "size": 10, "symbol": arm_symbol(arm.place)},
        error_x=whiskers([value.mean], [value.low], [value.high], color=arm.colour, thickness=2, width=0)
        if known
        else None,
    )
