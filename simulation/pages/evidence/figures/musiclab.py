"""The MusicLab experiment as a figure: inequality and unpredictability by condition."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, sentences, template
from ....validation.musiclab.experiment import (
    CONDITIONS,
    COUNTS_IN_GRID,
    INDEPENDENT,
    INDEPENDENT_IN_COLUMN,
    RANKED_BY_COUNTS,
)
from ....validation.musiclab.published import UNKNOWN, published
from ....validation.musiclab.repetitions import STATISTICS, orderings, summary
from ...kit.style import INK, SOFT, Exhibit, View, axis, faded, layout, line_colour, panel_axes, panels, thin

LABELS = {
    INDEPENDENT: template("No counts, grid"),
    COUNTS_IN_GRID: template("Counts, grid"),
    INDEPENDENT_IN_COLUMN: template("No counts, column"),
    RANKED_BY_COUNTS: template("Ranked by counts"),
}
TITLES = {"gini": template("Inequality (Gini)"), "unpredictability": template("Unpredictability")}
HEIGHT = 230
COLOURS = dict(zip(CONDITIONS, (5, 2, 4, 0), strict=True))
"""Places of the conditions' colours in `kit.style.line_colour`."""


def condition_name(condition: str) -> str:
    """A condition for readers."""
    return counterpart(LABELS[condition])


def musiclab_figure(frame: pd.DataFrame) -> go.Figure:
    """Both statistics by condition.

    Parameters
    ----------
    frame : DataFrame
        Of `repeat_musiclab`.

    Returns
    -------
    Figure
        One panel per statistic, one row per condition: one dot per repetition, an upright line at their
        mean, and a diamond at the experiment's own value where one is known.
    """
    figure = go.Figure(layout=layout(0, hovermode="closest") | _panels(2))
    for panel, statistic in enumerate(STATISTICS):
        for place, condition in enumerate(CONDITIONS):
            values = frame.loc[frame["condition"] == condition, statistic]
            _add_dots(figure, panel, place, condition, values)
            _add_mean(figure, panel, place, condition, float(values.mean()))
            _add_published(figure, panel, place, statistic, condition)
    return figure


def musiclab_exhibit(frame: pd.DataFrame) -> Exhibit:
    """The figure with its finding and caption.

    Parameters
    ----------
    frame : DataFrame
        Of `repeat_musiclab`, with at least one repetition.
    """
    caption = phrase(
        "How to read: a dot is one repetition of the experiment with new songs and people, an upright "
        "line the mean, a diamond the real experiment."
    )
    view = View("", finding(frame), musiclab_figure(frame), _panels(1))
    return Exhibit(
        "musiclab", phrase("An experiment run again"), sentences([caption, counterpart(UNKNOWN)]), [view]
    )


def finding(frame: pd.DataFrame) -> str:
    """How many of the paper's orderings come out, and both statistics' means, in a sentence."""
    every = orderings(frame)
    held = sum(entry.holds for entry in every)
    means = summary(frame, "gini")
    levels = [
        phrase("{label} ({part})", label=f"{means[name].mean:.2f}", part=condition_name(name).lower())
        for name in CONDITIONS
    ]
    return phrase(
        "{held} of {many} orderings of the experiment come out; inequality is {levels}",
        held=held,
        many=len(every),
        levels=counterpart(", ").join(levels),
    )


def _panels(columns: int) -> dict[str, Any]:
    rows = axis(
        tickvals=[-place for place in range(len(CONDITIONS))],
        ticktext=[condition_name(name) for name in LABELS],
        zeroline=False,
        range=[0.5 - len(CONDITIONS), 0.5],
    )
    return panels(
        [counterpart(title) for title in TITLES.values()],
        columns,
        HEIGHT,
        axis(rangemode="tozero", nticks=6),
        rows,
    )


def _add_dots(figure: go.Figure, panel: int, place: int, condition: str, values: pd.Series) -> None:
    # Dots are shifted up and down in turn, so that they do not hide one another.
    heights = [-place + 0.09 * (number % 5 - 2) for number in range(len(values))]
    figure.add_scatter(
        x=thin(values.to_numpy(float)),
        y=heights,
        mode="markers",
        name=phrase("One repetition"),
        legendgroup="repetition",
        showlegend=panel == place == 0,
        **panel_axes(panel),
        marker={"size": 6, "color": faded(line_colour(COLOURS[condition]), 0.45)},
        hovertemplate=phrase("{label}: {value}", label=condition_name(condition), value="%{x:.3g}")
        + "<extra></extra>",
    )


def _add_mean(figure: go.Figure, panel: int, place: int, condition: str, mean: float) -> None:
    figure.add_scatter(
        x=thin([mean]),
        y=[-place],
        mode="markers",
        name=phrase("Mean"),
        legendgroup="mean",
        showlegend=panel == place == 0,
        **panel_axes(panel),
        marker={"symbol": "line-ns", "size": 30, "line": {"width": 2.5, "color": INK}},
        hovertemplate=phrase(
            "{condition}, mean: {value}", condition=condition_name(condition), value="%{x:.3g}"
        )
        + "<extra></extra>",
    )


def _add_published(figure: go.Figure, panel: int, place: int, statistic: str, condition: str) -> None:
    known = published(statistic, condition)
    if known is None:
        return
    figure.add_scatter(
        x=[known.value],
        y=[-place],
        mode="markers",
        name=phrase("Real experiment"),
        legendgroup="published",
        showlegend=condition == COUNTS_IN_GRID,
        **panel_axes(panel),
        marker={"symbol": "diamond-open", "size": 13, "color": SOFT, "line": {"width": 2.5}},
        hovertemplate=phrase(
            "{condition}, real experiment: about {value}",
            condition=condition_name(condition),
            value="%{x:.2f}",
        )
        + "<extra></extra>",
    )
