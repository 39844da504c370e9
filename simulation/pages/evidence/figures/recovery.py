"""Parameters as a figure: what of each range is plausible, and whether facts can tell it at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ....calibration.recovery import NARROW
from ....ensembles.sampling.factors import value_at
from ....languages.speaking import phrase, template
from ....scenario.sections.sweep import Factor
from ...kit.figure_text import BREAK, bold
from ...kit.names import factor_label
from ...kit.style import GRID, INK, SOFT, Exhibit, View, axis, faded, labels_above, layout, thin
from ...kit.words import percent, three_digits

ROW, PHONE_ROW = 34, 50
TOLD, UNTOLD = "#00684f", "#8c6d00"
CAPTION = template(
    "How to read: the pale bar is the range that was allowed, the strong one holds nine in ten of the "
    "plausible worlds, the upright mark is their middle. Whether facts can tell a parameter is tested on "
    "worlds that the model itself has made, of which its true value is known: calibrated to their figures, "
    "an interval is given that should hold the true value in nine cases of ten. “Left” is the width of that "
    "interval, as a share of what it is when nothing is known; “held” is how often it holds the truth. A "
    "parameter counts as told if no more than {narrow} is left and the truth is held often enough."
)


@dataclass(frozen=True)
class ParameterRow:
    """One free parameter: its range, what is plausible, and whether facts can tell it.

    Attributes
    ----------
    low, middle, high : float
        Of the plausible worlds the 5%, 50% and 95% points, as positions 0 to 1 in the range.
    width, coverage : float
        See `recovery.recover`.
    """

    factor: Factor
    low: float
    middle: float
    high: float
    width: float
    coverage: float
    identified: bool

    @property
    def name(self) -> str:
        """For readers."""
        return factor_label(self.factor.key)

    @property
    def allowed(self) -> str:
        """The range that was allowed."""
        return phrase("{low} to {high}", low=f"{self.factor.low:g}", high=f"{self.factor.high:g}")

    @property
    def plausible(self) -> str:
        """Middle of the plausible worlds, and the span of nine in ten, in the parameter's own unit."""
        low, middle, high = (
            three_digits(value)
            for value in value_at(self.factor, np.array([self.low, self.middle, self.high]))
        )
        return phrase("{middle} ({low} to {high})", middle=middle, low=low, high=high)


def parameter_rows(calibration: dict[str, Any]) -> list[ParameterRow]:
    """One row per free parameter, those told by facts first, the narrowest at the top."""
    recovery = {entry["key"]: entry for entry in calibration["recovery"]}
    rows = []
    for table in calibration["factors"]:
        factor, entry = Factor.model_validate(table), recovery[table["key"]]
        low, middle, high = calibration["spread"][factor.key]
        rows.append(
            ParameterRow(
                factor, low, middle, high, entry["width"], entry["coverage"], bool(entry["identified"])
            )
        )
    return sorted(rows, key=lambda row: (not row.identified, row.width))


def recovery_exhibit(rows: list[ParameterRow]) -> Exhibit:
    """The figure with its finding and caption."""
    figure = go.Figure()
    places = [-place for place in range(len(rows))]
    figure.add_bar(
        orientation="h",
        x=[1.0] * len(rows),
        y=places,
        width=0.3,
        marker={"color": GRID},
        name=phrase("Range allowed"),
        hoverinfo="skip",
    )
    for told, name, colour in (
        (True, phrase("Plausible; facts can tell it"), TOLD),
        (False, phrase("Plausible; facts cannot tell it"), UNTOLD),
    ):
        _add_spans(
            figure,
            [(place, row) for place, row in zip(places, rows, strict=True) if row.identified == told],
            name,
            colour,
        )
    figure.add_scatter(
        x=thin([row.middle for row in rows]),
        y=places,
        mode="markers",
        name=phrase("Middle"),
        marker={"symbol": "line-ns", "size": 14, "line": {"width": 2.5, "color": INK}},
        hoverinfo="skip",
    )
    figure.update_layout(_wide(rows, places))
    view = View("", finding(rows), figure, _narrow(rows))
    return Exhibit(
        "parameters", phrase("What the facts leave open"), phrase(CAPTION, narrow=f"{NARROW:.0%}"), [view]
    )


def _wide(rows: list[ParameterRow], places: list[int]) -> dict[str, Any]:
    """Layout of a desktop, with columns of numbers at the right."""
    return layout(
        ROW * len(rows) + 120,
        barmode="overlay",
        hovermode="closest",
        xaxis=_across() | {"domain": [0, 0.78]},
        annotations=_columns(rows),
        yaxis=axis(
            tickvals=places,
            ticktext=[row.name for row in rows],
            showgrid=False,
            zeroline=False,
            range=[0.5 - len(rows), 0.9],
        ),
    )


def _narrow(rows: list[ParameterRow]) -> dict[str, Any]:
    """Layout of a phone, with labels above the rows."""
    left = [phrase("{share} left", share=f"{row.width:.0%}") for row in rows]
    narrow = labels_above([row.name for row in rows], left, PHONE_ROW)
    narrow["height"] += 40
    narrow["xaxis"] = _across() | {"domain": [0, 1], "tickvals": [0, 0.5, 1], "ticktext": ["0", "½", "1"]}
    return narrow


def finding(rows: list[ParameterRow]) -> str:
    """How many parameters can be told."""
    told = sum(row.identified for row in rows)
    return phrase(
        "{told} of {many} parameters can be told from the facts; the others stay wide",
        told=told,
        many=len(rows),
    )


def _across() -> dict[str, Any]:
    return axis(
        phrase("Place in the range that was allowed"),
        range=[0, 1],
        zeroline=False,
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[phrase("lowest"), "¼", "½", "¾", phrase("highest")],
    )


def _add_spans(figure: go.Figure, chosen: list[tuple[int, ParameterRow]], name: str, colour: str) -> None:
    figure.add_bar(
        orientation="h",
        base=thin([row.low for _, row in chosen]),
        x=thin([row.high - row.low for _, row in chosen]),
        y=[place for place, _ in chosen],
        width=0.42,
        marker={"color": faded(colour, 0.55)},
        name=name,
        hoverinfo="text",
        hovertext=[
            phrase(
                "{name}{line}allowed: {allowed}{line}plausible: {plausible}{line}left: {left}, truth held: "
                "{held}",
                name=bold(row.name),
                line=BREAK,
                allowed=row.allowed,
                plausible=row.plausible,
                left=percent(row.width),
                held=percent(row.coverage),
            )
            for _, row in chosen
        ],
    )


def _columns(rows: list[ParameterRow]) -> list[dict[str, Any]]:
    """Numbers at the right of the rows, with a word above each column."""
    common = {
        "xref": "paper",
        "yref": "y",
        "showarrow": False,
        "xanchor": "right",
        "yanchor": "middle",
        "font": {"size": 12, "color": SOFT},
    }
    notes = [
        common | {"x": x, "y": 0.75, "text": bold(text)}
        for x, text in ((0.86, phrase("Left")), (0.93, phrase("Held")), (1.0, phrase("Told")))
    ]
    for place, row in enumerate(rows):
        values = (
            f"{row.width:.0%}",
            f"{row.coverage:.0%}",
            phrase("yes") if row.identified else phrase("no"),
        )
        notes += [
            common | {"x": x, "y": -place, "text": text}
            for x, text in zip((0.86, 0.93, 1.0), values, strict=True)
        ]
    return notes
