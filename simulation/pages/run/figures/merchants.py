"""Figures about merchants: how unequal they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, template
from ....runs.comparison import estimate
from ...kit.figure_text import BREAK, bold, wide_letters
from ...kit.names import NamedArm
from ...kit.style import (
    INK,
    PAPER,
    SOFT,
    WIDE,
    Exhibit,
    View,
    arm_dash,
    axis,
    faded,
    layout,
    thin,
    with_legend,
)
from ...kit.tables.data_table import DataTable, value_cell
from ...kit.words import percent
from ..content import Content
from ..telling import spread

GRID_POINTS = 100
MOST_NOTED = 10
PHONE_NOTED, PHONE_NOTE = 4, 34
"""Arms, and letters of a line, up to which a phone has a corner for what the largest tenth holds."""
"""Arms whose numbers have room in a corner."""
PARTS = (0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.95, 0.99)
"""Parts of all merchants in the table."""


def inequality_exhibit(content: Content) -> Exhibit:
    """Lorenz curves of audience and sales, and the same from the largest merchant down."""
    caption = phrase(
        "How to read: merchants are lined up by size; the curve says what share of the whole the smallest "
        "(or largest) of them hold together. Were all alike, it would be the thin grey line. Numbers in the "
        "figure are shares of the largest tenth of merchants."
    )
    views = [
        view
        for kind in INEQUALITIES
        for largest in (False, True)
        if (view := _inequality_view(content, kind, largest))
    ]
    missing = "" if views else phrase("No merchant had any audience, so there is nothing to share out.")
    topic = phrase("Who gets the audience")
    return Exhibit("inequality", topic, caption, views, missing, phrase("Share of"))


@dataclass(frozen=True)
class Inequality:
    """What is shared out among merchants: its column, and what is said of it."""

    column: str
    lorenz: str
    largest: str
    share: str
    finding: str


INEQUALITIES = (
    Inequality(
        "visits",
        template("Audience, Lorenz curve"),
        template("Audience, largest first"),
        template("Share of all audience"),
        template("Share of all audience of the largest tenth of merchants"),
    ),
    Inequality(
        "gmv",
        template("Sales, Lorenz curve"),
        template("Sales, largest first"),
        template("Share of all sales"),
        template("Share of all sales of the largest tenth of merchants"),
    ),
)


def _inequality_view(content: Content, kind: Inequality, largest: bool) -> View | None:
    column = kind.column
    curves = {arm: curve for arm in content.arms if (curve := _curve(content, arm, column, largest))}
    if not curves:
        return None
    across = (
        phrase("Merchants, the largest first (log scale)")
        if largest
        else phrase("Merchants, the smallest first")
    )
    scale = {"type": "log", "dtick": 1} if largest else {"range": [0, 1.01]}
    tenths = {arm: _largest_tenths(content, arm, column) for arm in curves}
    means = {arm: estimate(values).mean for arm, values in tenths.items()}
    figure = go.Figure(
        layout=layout(
            with_legend(420, [arm.label for arm in curves], WIDE),
            hovermode="x unified",
            xaxis=axis(across, tickformat="~%", **scale),
            yaxis=axis(counterpart(kind.share), tickformat=".0%", range=[0, 1.02]),
            annotations=_tenths_noted(means, largest),
        )
    )
    for arm, (shares, held) in curves.items():
        figure.add_scatter(
            x=thin(shares),
            y=thin(held),
            mode="lines",
            name=arm.label,
            line={"color": arm.colour, "width": 2.2, "dash": arm_dash(arm.place)},
            hovertemplate="%{y:.1%}",
        )
    even = [float(share) for share in next(iter(curves.values()))[0]]
    figure.add_scatter(
        x=thin(even),
        y=thin(even),
        mode="lines",
        showlegend=False,
        hoverinfo="skip",
        line={"color": SOFT, "width": 1},
    )
    finding = spread(content, counterpart(kind.finding), tenths, percent)
    narrow: dict[str, Any] = {"height": 380}
    if len(means) > PHONE_NOTED or max(map(wide_letters, _tenths_lines(means))) > PHONE_NOTE:
        narrow["annotations"] = []
    label = counterpart(kind.largest if largest else kind.lorenz)
    data = _curves_table(kind, curves, means, largest)
    return View(label, finding, figure, narrow, data=data)


def _tenths_noted(means: dict[NamedArm, float], largest: bool) -> list[dict]:
    """What the largest tenth holds, in a corner that no curve enters."""
    if len(means) > MOST_NOTED:
        return []
    lines = _tenths_lines(means)
    at = {"x": 0.98, "xanchor": "right", "y": 0.04, "yanchor": "bottom", "align": "right"}
    if not largest:
        at = {"x": 0.02, "xanchor": "left", "y": 0.96, "yanchor": "top", "align": "left"}
    note = {"xref": "paper", "yref": "paper", "showarrow": False, "text": BREAK.join(lines)}
    return [note | at | {"font": {"size": 12, "color": INK}, "bgcolor": faded(PAPER, 0.85)}]


def _tenths_lines(means: dict[NamedArm, float]) -> list[str]:
    lines = [bold(phrase("Largest tenth of merchants"))]
    return lines + [
        phrase("{label}: {value}", label=arm.label, value=percent(mean)) for arm, mean in means.items()
    ]


def _curves_table(
    kind: Inequality,
    curves: dict[NamedArm, tuple[np.ndarray, np.ndarray]],
    means: dict[NamedArm, float],
    largest: bool,
) -> DataTable:
    """What parts of all merchants hold together, and what the largest tenth does."""
    rows = [
        (
            f"{part:.0%}",
            [value_cell(float(np.interp(part, shares, held)), "share") for shares, held in curves.values()],
        )
        for part in PARTS
    ]
    rows.append((phrase("Largest tenth of merchants"), [value_cell(means[arm], "share") for arm in curves]))
    first = phrase("Merchants, the largest first") if largest else phrase("Merchants, the smallest first")
    caption = phrase("{measure} held together, means over worlds", measure=counterpart(kind.share))
    return DataTable(caption, [first, *(arm.label for arm in curves)], rows)


def _worlds(content: Content, arm: NamedArm, column: str) -> list[np.ndarray]:
    """Amounts of merchants in ascending order, world by world, where there are any."""
    rows = content.merchants(arm)
    sorted_ = [np.sort(world[column].to_numpy(float)) for _, world in rows.groupby("replicate")]
    return [amounts for amounts in sorted_ if amounts.sum() > 0]


def _curve(
    content: Content, arm: NamedArm, column: str, largest: bool
) -> tuple[np.ndarray, np.ndarray] | None:
    """Shares of merchants and what they hold together, the mean over worlds."""
    worlds = _worlds(content, arm, column)
    if not worlds:
        return None
    least = 1.0 / min(len(amounts) for amounts in worlds)
    grid = (
        np.geomspace(least, 1.0, GRID_POINTS)
        if largest
        # The curve bends where the largest are, so points stand closer there.
        else 1.0 - np.concatenate([np.geomspace(1.0, least / 2, GRID_POINTS), [0.0]])
    )
    held = []
    for amounts in worlds:
        ordered = amounts[::-1] if largest else amounts
        shares = np.arange(len(ordered) + 1) / len(ordered)
        held.append(np.interp(grid, shares, np.concatenate([[0.0], ordered.cumsum() / ordered.sum()])))
    return grid, np.mean(held, axis=0)


def _largest_tenths(content: Content, arm: NamedArm, column: str) -> np.ndarray:
    """What the largest tenth of merchants holds in each world."""
    rows, found = content.merchants(arm), {}
    worlds = np.sort(content.run.results.runs["replicate"].unique())
    for replicate, world in rows.groupby("replicate"):
        amounts = np.sort(world[column].to_numpy(float))
        if amounts.sum() > 0:
            found[replicate] = amounts[-max(1, round(len(amounts) / 10)) :].sum() / amounts.sum()
    return pd.Series(found, dtype=float).reindex(worlds).to_numpy(float)
