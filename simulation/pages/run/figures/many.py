"""Measures by arm in panels: key measures of many arms, and what becomes of merchants with a name.

One panel per measure, one row per arm, without a legend.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, sentences
from ....measures import MEASURES
from ....runs.bounds import base_measure, measure_unit
from ....runs.comparison import Estimate
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import NamedArm, measure_name
from ...kit.style import INK, Exhibit, View, arm_symbol, axis, layout, panel_axes, panels, thin, whiskers
from ...kit.words import amount, is_number
from ..content import Content
from ..telling import direction, estimates_table, interval_note, measured, spread

MANY = 5
"""Arms from which on they have rows of their own rather than sharing one."""
ROW, TITLE_WIDTH, NAME_WIDTH = 27, 22, 17
TITLE_ROOM = 52
MOST_COLUMNS = 4
"""Panels side by side; more would leave no room for their titles and values."""


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
    views = [
        view
        for section, measures in sections.items()
        if (view := _section(content, counterpart(section), measures))
    ]
    caption = sentences(
        [rows_note(content), interval_note(content), phrase("Choose the measures above the figure.")]
    )
    missing = "" if views else phrase("No measure has a value in this run.")
    return Exhibit("measures", topic, caption, views, missing, phrase("Measures"))


def rows_note(content: Content) -> str:
    """How panels of rows are read."""
    if content.names.are_platforms:
        return phrase("How to read: a row is a platform, a panel is a measure with its own scale.")
    return phrase("How to read: a row is an arm, a panel is a measure with its own scale.")


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
    caption = sentences(
        [
            rows_note(content),
            interval_note(content),
            phrase("A month is 30 days since the merchant opened, days after closing included."),
        ]
    )
    missing = "" if views else phrase("None of them came before the end of the run.")
    topic = phrase("Merchants with a name")
    return Exhibit("named_merchants", topic, caption, views, missing, phrase("Merchants"))


def _section(content: Content, section: str, measures: tuple[str, ...]) -> View | None:
    every = {name: {arm: content.estimate(arm, name) for arm in content.arms} for name in measures}
    values = {
        name: known
        for name, row in every.items()
        if (known := {arm: value for arm, value in row.items() if value.replications})
    }
    if not values:
        return None
    titles = [wrapped(_marked(name), TITLE_WIDTH) for name in values]
    tall = ROW * len(content.arms)
    wide, narrow = (
        _layout(content, titles, list(values), columns, tall, width)
        for columns, width in ((MOST_COLUMNS, 60), (1, NAME_WIDTH))
    )
    figure = go.Figure(layout=layout(0, hovermode="closest", showlegend=False) | wide)
    notes: list[dict[str, Any]] = []
    for panel, (name, row) in enumerate(values.items()):
        _room_for_values(figure, narrow, panel, list(row.values()))
        for arm, value in row.items():
            _add_dot(figure, panel, arm, name, value)
        notes += _values_noted(panel, name, row)
    figure.layout.annotations = [*figure.layout.annotations, *notes]
    narrow["annotations"] = [*narrow["annotations"], *notes]
    first = next(iter(values))
    worlds = {arm: measured(content, first)[arm] for arm in values[first]}
    finding = spread(
        content, content.names.measure(first), worlds, lambda value: amount(value, measure_unit(first))
    )
    caption = phrase("{section}, means over worlds", section=section)
    data = estimates_table(content, caption, values)
    return View(section, finding, figure, narrow, data=data)


def _title(measure: str) -> str:
    """Label of a measure; of one merchant's without saying whose, as the whole figure is about it."""
    base = base_measure(measure)
    return measure_name(measure if MEASURES[base].of_all else base)


def _marked(measure: str) -> str:
    """A panel's title with the sign of what is better."""
    sign = {1: "▲", -1: "▼", 0: ""}[direction(measure)]
    return f"{_title(measure)}\N{NO-BREAK SPACE}{sign}" if sign else _title(measure)


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
    chosen["margin"] |= {"r": 16}
    return chosen


def _add_dot(figure: go.Figure, panel: int, arm: NamedArm, name: str, value: Estimate) -> None:
    known, unit = is_number(value.low), measure_unit(name)
    figure.add_scatter(
        x=thin([value.mean]),
        y=[-arm.place],
        mode="markers",
        name=arm.label,
        **panel_axes(panel),
        text=[hover_words(_title(name), arm, value, unit)],
        hovertemplate="%{text}<extra></extra>",
        marker={"color": arm.colour, "size": 10, "symbol": arm_symbol(arm.place)},
        error_x=whiskers([value.mean], [value.low], [value.high], color=arm.colour, thickness=2, width=0)
        if known
        else None,
    )


def _room_for_values(figure: go.Figure, narrow: dict[str, Any], panel: int, values: list[Estimate]) -> None:
    """Leave the right third of a panel to the numbers."""
    ends = [0.0, *(end for value in values for end in (value.mean, value.low, value.high) if is_number(end))]
    low, high = min(ends), max(ends)
    span = (high - low) or 1.0
    reach = [low - 0.06 * span, high + 0.55 * span]
    name = f"xaxis{panel_axes(panel)['xaxis'][1:]}"
    figure.layout[name].range = reach
    narrow[name] = narrow[name] | {"range": reach}


def _values_noted(panel: int, measure: str, row: dict[NamedArm, Estimate]) -> list[dict[str, Any]]:
    """The values of a panel's rows at its right edge."""
    axes, unit = panel_axes(panel), measure_unit(measure)
    return [
        {
            "text": amount(value.mean, unit).replace(" million", " M"),
            "x": 0.995,
            "y": -arm.place,
            "xref": f"{axes['xaxis']} domain",
            "yref": axes["yaxis"],
            "xanchor": "right",
            "showarrow": False,
            "font": {"size": 11, "color": INK},
        }
        for arm, value in row.items()
    ]


def hover_words(label: str, arm: NamedArm, value: Estimate, unit: str) -> str:
    """What stands under the pointer at a value of an arm."""
    lines = [bold(label), phrase("{label}: {value}", label=arm.label, value=amount(value.mean, unit))]
    if is_number(value.low) and value.high > value.low:
        lines.append(
            phrase("95% interval {low} to {high}", low=amount(value.low, unit), high=amount(value.high, unit))
        )
    return BREAK.join(lines)
