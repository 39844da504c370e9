"""Who moves where between platforms of one market: viewers who change, stores opened and given up."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import NamedArm
from ...kit.style import INK, SOFT, Exhibit, View, axis, faded, layout, thin
from ...kit.tables.data_table import NOTHING, Cell, DataTable
from ...kit.words import three_digits
from ..content import Content
from .market import launches, market_arms

OPENED, LEFT, MOVED = "#0072B2", "#D55E00", "#3c86bd"
CELL = 0.94
"""Side of a cell of the table of moves, of which neighbours are one apart."""


def moves_exhibit(content: Content) -> Exhibit | None:
    """Who moves where, an arm at a time; None without a market or without moves."""
    arms = [arm for arm in market_arms(content) if len(content.moves(arm))]
    if not arms:
        return None
    caption = phrase(
        "How to read: in the table, viewers whose favourite platform changed from that of the row to that of "
        "the column, month by month, added up over the run (a person may change more than once). The bars "
        "are stores that merchants opened on a further platform (right) and gave up (left). Both are means "
        "over worlds."
    )
    views = [_moves_view(content, arm) for arm in arms]
    return Exhibit("moves", phrase("Who moves where"), caption, views, "", phrase("In"))


class Moves(NamedTuple):
    """Moves between the platforms of one arm, as means over worlds.

    Attributes
    ----------
    labels : list of str
        Of the platforms, for readers.
    flows : array, shape (platforms, platforms)
        Viewers whose favourite platform changed from that of the row to that of the column.
    opened, left : list of float
        Stores opened on each platform, and given up.
    """

    labels: list[str]
    flows: np.ndarray
    opened: list[float]
    left: list[float]


def _moves(content: Content, arm: NamedArm) -> Moves:
    names = list(launches(content, arm))
    rows = content.moves(arm)
    worlds = max(content.worlds, 1)
    viewers = rows[rows["what"] == "viewers"].groupby(["from", "to"])["count"].sum() / worlds
    flows = np.array([[float(viewers.get((left, right), 0.0)) for right in names] for left in names])
    opened, left = (
        [
            float(rows.loc[(rows["what"] == what) & (rows[end] == name), "count"].sum()) / worlds
            for name in names
        ]
        for what, end in (("opened", "to"), ("left", "from"))
    )
    return Moves([content.names.platforms[name] for name in names], flows, opened, left)


def _moves_view(content: Content, arm: NamedArm) -> View:
    moves = _moves(content, arm)
    size = len(moves.labels)
    figure = go.Figure(
        layout=layout(
            max(340, 62 * size + 130),
            showlegend=False,
            hovermode="closest",
            barmode="overlay",
            margin={"l": 8, "r": 12, "t": 56, "b": 8},
            **_moves_axes(moves, Pane([0, 0.5], [0, 1]), Pane([0.66, 1], [0, 1])),
        )
    )
    _add_table(figure, moves.flows)
    _add_stores(figure, moves)
    # Room for the numbers beyond the bars.
    most = 1.3 * max(*moves.opened, *moves.left, 1.0)
    figure.layout.xaxis2.range = [-most, most]
    narrow = _moves_axes(moves, Pane([0, 1], [0.5, 1]), Pane([0, 1], [0, 0.36]), 10)
    narrow |= {"height": 2 * (50 * size + 110), "margin": {"l": 8, "r": 12, "t": 70, "b": 8}}
    narrow["xaxis2"]["range"] = [-most, most]
    finding = _moves_finding(content, arm, moves)
    return View(arm.label, finding, figure, narrow, data=_moves_table(arm, moves))


def _moves_table(arm: NamedArm, moves: Moves) -> DataTable:
    """Viewers from platform to platform, and stores opened and given up."""
    rows = []
    for row, label in enumerate(moves.labels):
        cells = [
            Cell(NOTHING) if column == row else _counted(float(value))
            for column, value in enumerate(moves.flows[row])
        ]
        rows.append((label, [*cells, _counted(moves.opened[row]), _counted(moves.left[row])]))
    to = [phrase("Viewers to {platform}", platform=label) for label in moves.labels]
    head = [phrase("From"), *to, phrase("Stores opened"), phrase("Stores given up")]
    return DataTable(phrase("{arm}: moves, means over worlds", arm=arm.label), head, rows)


def _counted(value: float) -> Cell:
    return Cell(_count(value), (value,))


def _add_table(figure: go.Figure, flows: np.ndarray) -> None:
    """Viewers who moved, as a table whose cells are the darker the more of them there are."""
    size = len(flows)
    cells = [(row, column) for row in range(size) for column in range(size) if row != column]
    most = max((flows[cell] for cell in cells), default=0.0) or 1.0
    figure.add_bar(
        orientation="h",
        base=[column - CELL / 2 for _, column in cells],
        x=[CELL] * len(cells),
        y=[-row for row, _ in cells],
        width=CELL,
        marker={"color": [faded(MOVED, 0.06 + 0.94 * flows[cell] / most) for cell in cells]},
        showlegend=False,
        hoverinfo="skip",
    )


def _add_stores(figure: go.Figure, moves: Moves) -> None:
    """Stores opened as bars to the right, and given up as bars to the left."""
    for values, sign, title, colour in (
        (moves.opened, 1, phrase("Stores opened"), OPENED),
        (moves.left, -1, phrase("Stores given up"), LEFT),
    ):
        figure.add_bar(
            x=thin([sign * value for value in values]),
            y=[-place for place in range(len(values))],
            orientation="h",
            xaxis="x2",
            yaxis="y2",
            marker={"color": colour},
            name=title,
            width=0.55,
            text=[_count(value) if value else "" for value in values],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{fullData.name}: %{text}<extra></extra>",
        )


class Pane(NamedTuple):
    """Part of a figure, as shares of its width and height."""

    x: list[float]
    y: list[float]


def _moves_axes(moves: Moves, table: Pane, bars: Pane, letters: int = 14) -> dict[str, Any]:
    """Axes of the table of viewers and the bars of stores, with the numbers of the table."""
    short = [wrapped(label, letters) for label in moves.labels]
    columns = list(range(len(short)))
    rows: dict[str, Any] = {
        "tickvals": [-place for place in columns],
        "ticktext": short,
        "showgrid": False,
        "range": [0.5 - len(short), 0.5],
        "zeroline": False,
    }
    above = 24 + 15 * max(name.count(BREAK) for name in short)
    return {
        "xaxis": axis(
            ticklabeloverflow="allow",
            tickvals=columns,
            ticktext=short,
            side="top",
            domain=table.x,
            anchor="y",
            showgrid=False,
            zeroline=False,
            tickangle=0,
        ),
        "yaxis": axis(**rows, domain=table.y, anchor="x"),
        "xaxis2": axis(
            domain=bars.x,
            anchor="y2",
            tickformat="~s",
            zeroline=True,
            zerolinecolor=SOFT,
            zerolinewidth=1.5,
            nticks=5,
        ),
        "yaxis2": axis(**rows, domain=bars.y, anchor="x2"),
        "annotations": [
            *_numbers(moves.flows),
            _pane_title(table, above, phrase("Viewers, from row to column")),
            _pane_title(bars, 6, phrase("Stores given up, and opened")),
        ],
    }


def _numbers(flows: np.ndarray) -> list[dict[str, Any]]:
    """The numbers in the table of viewers, but for its diagonal."""
    return [
        {
            "x": column,
            "y": -row,
            "text": _count(flows[row, column]),
            "showarrow": False,
            "xref": "x",
            "yref": "y",
            "font": {"size": 12, "color": INK},
        }
        for row in range(len(flows))
        for column in range(len(flows))
        if row != column
    ]


def _pane_title(pane: Pane, shift: int, text: str) -> dict[str, Any]:
    """A title above a part of the figure, `shift` pixels up."""
    return {
        "x": pane.x[0],
        "y": pane.y[1],
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": shift,
        "showarrow": False,
        "text": bold(text),
    }


def _count(value: float) -> str:
    """A mean count, with three digits or as a whole number."""
    return three_digits(float(value)) if value >= 100 else f"{value:.0f}"


def _moves_finding(content: Content, arm: NamedArm, moves: Moves) -> str:
    labels, flows, opened, left = moves
    parts = []
    if flows.sum() > 0:
        net = flows.sum(axis=0) - flows.sum(axis=1)
        gain, loss = int(net.argmax()), int(net.argmin())
        largest = np.unravel_index(int(flows.argmax()), flows.shape)
        parts.append(
            phrase(
                "viewers move most from {start} to {end} ({changes} changes)",
                start=labels[largest[0]],
                end=labels[largest[1]],
                changes=_count(flows.max()),
            )
        )
        if round(net[gain]) > 0:
            parts.append(
                phrase(
                    "on balance {gains} gains {gained} and {loses} loses {lost}",
                    gains=labels[gain],
                    gained=_count(net[gain]),
                    loses=labels[loss],
                    lost=_count(-net[loss]),
                )
            )
    if sum(opened) > 0:
        most = int(np.argmax(np.array(opened) - np.array(left)))
        parts.append(
            phrase(
                "stores opened by merchants on {platform}: {opened}, given up: {left}",
                platform=labels[most],
                opened=_count(opened[most]),
                left=_count(left[most]),
            )
        )
    text = counterpart("; ").join(parts) or phrase("nobody moves")
    if len(content.arms) > 1:
        return phrase("{label}: {arm}", label=arm.label, arm=text)
    return text[0].upper() + text[1:]
