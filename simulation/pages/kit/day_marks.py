"""Days on which a policy begins or ends or a platform opens, as lines and labels in figures over days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from ...languages.speaking import phrase
from ..run.content import Content
from .figure_text import BREAK, wide_letters, wrapped
from .names import NamedArm
from .periods import Mark, collect_marks, period_cuts
from .style import INK, LEGEND, PHONE, WIDE, panel_axes

LABEL_ROW, LETTER = 19, 6.3
"""Height of a row of labels above a figure, and width of a letter, in pixels."""
PANEL_ROW, PHONE_PANEL = 15, PHONE - 60
"""Height of a line of a label inside a panel, and width of a panel on a phone, in pixels."""
SPAN = "rgba(86,180,233,0.16)"


def marks_in(content: Content, arms: Sequence[NamedArm]) -> list[Mark]:
    """What begins in any of the arms, each once; first of all counting, where first days are left out."""
    scenario = content.run.scenario
    when = phrase("day {day}", day=content.left_out)
    found = [Mark(content.left_out, None, phrase("Counting begins"), when)]
    found = found if content.left_out else []
    for arm in arms:
        entry = scenario.arm(arm.name)
        if entry:
            launches = {
                content.names.platforms[platform.name]: platform.launch_day
                for platform in entry.all_platforms
            }
            found += collect_marks(scenario.arm_policies(entry), launches, content.days)
    return list(dict.fromkeys(found))


def day_lines(
    marks: Sequence[Mark], xref: str = "x", yref: str = "paper", before: float = 0.0
) -> list[dict[str, Any]]:
    """A dashed line at each day on which something begins or ends, from 0 to 1 on `yref`.

    It stands `before` days ahead, half a day where what happens on a day is drawn around it.
    """
    return [
        {
            "type": "line",
            "x0": day - before,
            "x1": day - before,
            "y0": 0,
            "y1": 1,
            "xref": xref,
            "yref": yref,
            "line": {"color": INK, "width": 1.2, "dash": "dash"},
        }
        for day in period_cuts(marks)
    ]


def panel_lines(marks: Sequence[Mark], axes: dict[str, str], before: float = 0.0) -> list[dict[str, Any]]:
    """`day_lines` in the panel of these axes, see `panel_axes`."""
    return day_lines(marks, axes["xaxis"], f"{axes['yaxis']} domain", before)


def spans(marks: Sequence[Mark], days: int) -> list[dict[str, Any]]:
    """Shading over the days on which something is in force."""
    ends = sorted({(mark.day, days if mark.end is None else mark.end) for mark in marks})
    return [
        {
            "type": "rect",
            "x0": start,
            "x1": end,
            "y0": 0,
            "y1": 1,
            "xref": "x",
            "yref": "paper",
            "fillcolor": SPAN,
            "line": {"width": 0},
            "layer": "below",
        }
        for start, end in ends
    ]


def heading(marks: Sequence[Mark], days: int, width: int, plot: int) -> dict[str, Any]:
    """A row above the plot for each mark: its name where it begins; and the legend above these.

    Where a name has room on neither side of its day, it stands at the right edge, without an arrow.

    Parameters
    ----------
    marks : sequence of Mark
    days : int
        Days on the axis.
    width, plot : int
        Width and height of the area inside the axes, in pixels.
    """
    rows = []
    for place, mark in enumerate(marks[::-1]):
        text = phrase("{label}, {when}", label=mark.name, when=mark.when)
        at = mark.day / days * width
        long = LETTER * (wide_letters(text) + 2)
        side: dict[str, Any] = {"text": text, "x": 1, "xref": "paper", "xanchor": "right"}
        if at + long <= width:
            side = {"text": f"▸ {text}", "x": mark.day, "xref": "x", "xanchor": "left"}
        elif long <= at:
            side = {"text": f"{text} ◂", "x": mark.day, "xref": "x", "xanchor": "right"}
        rows.append(
            side
            | {
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "yshift": 3 + LABEL_ROW * place,
                "showarrow": False,
                "font": {"size": 11, "color": INK},
            }
        )
    above = 1 + (LABEL_ROW * len(marks) + 10) / plot
    return {
        "annotations": rows,
        "legend": LEGEND | {"y": above},
        "margin": {"l": 8, "r": 12, "t": 36 + LABEL_ROW * len(marks), "b": 8},
    }


def mark_labels(
    marks: Sequence[Mark], days: int, width: float, height: int, axes: dict[str, str]
) -> list[dict[str, Any]]:
    """Names of what begins, at the foot of a panel, one above the other.

    Parameters
    ----------
    marks : sequence of Mark
    days : int
        Days on the axis.
    width, height : float, int
        Of the panel, in pixels.
    axes : dict of str to str
        See `panel_axes`.
    """
    found, foot = [], 4
    for mark in marks:
        lines = wrapped(mark.name, max(int(width / LETTER), 8)).split(BREAK)
        found.append(
            _label(mark, lines, mark.day / days * width, width)
            | {"xref": axes["xaxis"], "yref": f"{axes['yaxis']} domain", "y": 0, "yshift": foot}
        )
        foot = min(foot + PANEL_ROW * len(lines) + 3, height - PANEL_ROW)
    return found


def _label(mark: Mark, lines: list[str], at: float, width: float) -> dict[str, Any]:
    """A label beside its line, on the side on which there is room; else at the panel's left edge."""
    long = LETTER * max(wide_letters(line) for line in lines)
    side = {"x": 0, "xanchor": "left"}
    if at + long <= width:
        side = {"x": mark.day, "xanchor": "left", "xshift": 3}
    elif long <= at:
        side = {"x": mark.day, "xanchor": "right", "xshift": -3}
    return {
        "text": BREAK.join(lines),
        "showarrow": False,
        "yanchor": "bottom",
        "align": "left",
        "font": {"size": 11, "color": INK},
        "bgcolor": "rgba(255,255,255,0.8)",
        "borderpad": 1,
        **side,
    }


def mark_panels(
    figure: go.Figure,
    narrow: dict[str, Any],
    content: Content,
    arms: Sequence[NamedArm],
    columns: int,
    heights: tuple[int, int],
) -> dict[str, Any]:
    """Mark the days of every arm in its panel, and give back the phone's layout with its labels.

    Parameters
    ----------
    figure : Figure
        Of panels, one an arm.
    narrow : dict
        The layout on a phone; the lines are those of the figure.
    content : Content
    arms : sequence of Arm
    columns : int
        Panels side by side on a desktop.
    heights : (int, int)
        Of a panel on a desktop and on a phone, in pixels.
    """
    axes = [panel_axes(place) for place in range(len(arms))]
    marks = [marks_in(content, [arm]) for arm in arms]
    figure.layout.shapes = [
        line for found, panel in zip(marks, axes, strict=True) for line in panel_lines(found, panel)
    ]

    def labels(width: float, height: int) -> list[dict[str, Any]]:
        return [
            label
            for found, panel in zip(marks, axes, strict=True)
            for label in mark_labels(found, content.days, width, height, panel)
        ]

    wide = labels((WIDE - 60) / columns - 30, heights[0])
    figure.layout.annotations = [*figure.layout.annotations, *wide]
    return narrow | {"annotations": [*narrow["annotations"], *labels(PHONE_PANEL, heights[1])]}
