"""How figures look: colours that colour-blind readers can tell apart, axes, panels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np
import plotly.graph_objects as go
from markupsafe import Markup

from ...languages.speaking import ENGLISH, phrase, spoken
from .colours import PALETTE
from .figure_text import BREAK, bold, wide_letters, wrapped
from .tables.data_table import DataTable
from .words import short

FONT = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Hiragino Sans GB", '
    '"Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
)
INK, SOFT, GRID, PAPER = "#1d2733", "#5b6775", "#e6e9ee", "#ffffff"

# More than anybody tells apart, so dashes and symbols tell as well.
ARM_DASHES = (
    "solid",
    "dash",
    "dot",
    "dashdot",
    "longdash",
    "longdashdot",
    "12px,3px",
    "2px,5px",
    "9px,3px,2px,3px,2px,3px",
    "5px,2px",
)
ARM_SYMBOLS = (
    "circle",
    "diamond",
    "square",
    "triangle-up",
    "x",
    "cross",
    "star",
    "triangle-down",
    "pentagon",
    "hourglass",
)
PART_COLOURS = ("#E69F00", "#56B4E9", "#CC79A7", "#4D4D4D", "#009E73", "#F0E442")
PART_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "x", "cross")
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
MARGIN = {"l": 8, "r": 12, "t": 36, "b": 8}
DIGITS = 5
WIDE, PHONE = 980, 335
"""Width of a figure on a desktop and on a phone, in pixels."""
LETTER, LEGEND_ROW, LEGEND_MARK = 7.2, 30, 45
"""Size of a legend's letters, rows and line samples, in pixels."""
NO_TABLE = Markup("")
TITLE_LETTER, TITLE_LINE = 7.7, 17
"""Width of a letter and height of a line of a panel's title, in pixels."""
PHONE_LETTERS, PHONE_LINE = 43, 15
"""Letters that a phone has room for beside one another above a row, and height of such a line in pixels."""
ALONG, UPRIGHT = "along", "upright"
"""Names of notes that are values: where they would hide another text, the page moves them along their bar,
or up and down beside their mark, or leaves them out."""
MOST_BANDS = 4
"""Arms whose intervals can be shaded in one figure; more would hide one another."""


def panel_columns(many: int) -> int:
    """Panels side by side: rows of four where these come out even, else of three."""
    return 4 if many in (4, 7, 8) or many > 9 else 3


def phone_panel(many: int, height: int) -> int:
    """Height of one of several panels on a phone, where they stand below one another."""
    return height if many <= 4 else round(0.75 * height)


@dataclass(frozen=True)
class View:
    """One way of showing a figure.

    Attributes
    ----------
    label : str
        In the list to choose from, if there are several.
    finding : str
        What is seen, as the figure's title.
    figure : go.Figure
    narrow : dict
        Parts of the layout that differ on a phone.
    table : Markup
        HTML of a table that stands below the figure.
    data : DataTable, optional
        What it draws, to be unfolded and saved.
    better : int
        1 if up or right is better, -1 if down or left is, 0 where neither is by itself.
    """

    label: str
    finding: str
    figure: go.Figure
    narrow: dict[str, Any] = field(default_factory=dict)
    table: Markup = NO_TABLE
    data: DataTable | None = None
    better: int = 0

    @property
    def direction(self) -> str:
        """Which way is better, in words; empty where neither is."""
        if not self.better:
            return ""
        return phrase("▲ higher is better") if self.better > 0 else phrase("▼ lower is better")


@dataclass(frozen=True)
class Exhibit:
    """A figure with its caption, folded where it says `how` it is computed, or why there is none."""

    id: str
    topic: str
    caption: str
    views: list[View]
    missing: str = ""
    choose: str = "Show"
    how: bool = False


def line_colour(place: int) -> str:
    """Colour of whatever has no colour of its own, such as a line at that place of a figure."""
    return PALETTE[place % len(PALETTE)]


def arm_dash(place: int) -> str:
    """Line style of the arm at that place."""
    return ARM_DASHES[place % len(ARM_DASHES)]


def arm_symbol(place: int) -> str:
    """Marker of the arm at that place."""
    return ARM_SYMBOLS[place % len(ARM_SYMBOLS)]


def legend_height(labels: Sequence[str], width: int) -> int:
    """Pixels that a legend of `labels` takes in a figure of `width`.

    Plotly gives all entries the width of the longest once they do not fit into one row.
    """
    sizes = [LEGEND_MARK + LETTER * wide_letters(label) for label in labels]
    if sum(sizes) <= width or not sizes:
        return LEGEND_ROW
    in_row = max(1, int(width // max(sizes)))
    return LEGEND_ROW * -(-len(labels) // in_row)


def with_legend(height: int, labels: Sequence[str], width: int) -> int:
    """`height` of a figure whose legend takes one row, enlarged for a legend of `labels`."""
    legend = legend_height(labels, width)
    # A legend that takes more than half of its figure is cut off.
    return max(height + legend - LEGEND_ROW, 2 * legend + 40)


def faded(colour: str, strength: float) -> str:
    """A ``#rrggbb`` colour, partly transparent."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength:g})"


def thin(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """Numbers with five significant digits, missing ones as None, to keep the page small."""
    numbers = np.asarray(values, float)
    usable = np.isfinite(numbers) & (numbers != 0)
    size = np.floor(np.log10(np.abs(numbers), out=np.zeros(len(numbers)), where=usable))
    return [
        None if not np.isfinite(number) else round(float(number), int(DIGITS - 1 - order))
        for number, order in zip(numbers, size, strict=True)
    ]


def whiskers(
    middle: Sequence[float] | np.ndarray,
    low: Sequence[float] | np.ndarray,
    high: Sequence[float] | np.ndarray,
    **look: Any,
) -> dict[str, Any]:
    """Error bars that end where intervals do, as the marks at `middle` are drawn; none where an end is
    missing.

    Parameters
    ----------
    middle, low, high : sequence of float
        In units of the axis, of one length.
    **look
        Colour, thickness and width.
    """

    def reach(ends: list[float | None]) -> list[float | None]:
        return [
            None if value is None or end is None else round(abs(end - value), 12)
            for value, end in zip(thin(middle), ends, strict=True)
        ]

    return {
        "type": "data",
        "symmetric": False,
        "array": reach(thin(high)),
        "arrayminus": reach(thin(low)),
        **look,
    }


def axis(title: str = "", **more: Any) -> dict[str, Any]:
    """A quiet axis."""
    return {
        "title": {"text": title, "standoff": 8, "font": {"size": 13}},
        "gridcolor": GRID,
        "zerolinecolor": "#c5ccd5",
        "linecolor": "#c5ccd5",
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "#c5ccd5",
        "automargin": True,
        "fixedrange": True,
        **more,
    }


def number_ticks(low: float, high: float, log: bool = False) -> dict[str, Any]:
    """Ticks of an axis of amounts, in the larger units of the language: 10k, or 1万.

    Parameters
    ----------
    low, high : float
        Ends of the axis; of a logarithmic one, their logarithms.
    log : bool
        Whether it is logarithmic.
    """
    if log:
        powers = range(math.ceil(low), math.floor(high) + 1)
        values = [10.0**power for power in powers]
    else:
        rough = (high - low) / 6
        power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
        step = next((power * times for times in (1, 2, 5, 10) if power * times >= rough), power)
        values = [step * place for place in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return {"tickvals": values, "ticktext": [short(value) for value in values]}


def in_full(chosen: dict[str, Any]) -> dict[str, Any]:
    """A layout whose axes write large numbers in full where k and M are not the language's own."""
    if spoken() == ENGLISH:
        return chosen
    return {
        name: numbers_in_full(part) if name.startswith(("xaxis", "yaxis")) else part
        for name, part in chosen.items()
    }


def numbers_in_full(chosen: dict[str, Any]) -> dict[str, Any]:
    """An axis or a colour bar that does, as `in_full`."""
    if spoken() == ENGLISH:
        return chosen
    shortened = {"tickformat": ",~f"} if chosen.get("tickformat") == "~s" else {}
    return {"exponentformat": "none", "separatethousands": True} | chosen | shortened


def layout(height: int, **more: Any) -> dict[str, Any]:
    """Layout that all figures share; the legend stands above, so that it covers nothing."""
    return {
        "height": height,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": MARGIN,
        "legend": LEGEND,
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
        "dragmode": False,
        **more,
    }


def panels(
    titles: Sequence[str], columns: int, height: int, x: dict[str, Any], y: dict[str, Any]
) -> dict[str, Any]:
    """Axes and titles of small multiples in `columns` columns.

    Traces say which panel they belong to with `panel_axes`.

    Parameters
    ----------
    titles : sequence of str
        One a panel.
    columns : int
        Panels side by side.
    height : int
        Height of a row of panels, in pixels.
    x, y : dict
        Axes shared by all panels.
    """
    columns = max(1, min(columns, len(titles)))
    rows = -(-len(titles) // columns)
    titles = [_title_lines(title, columns) for title in titles]
    more = TITLE_LINE * max((title.count(BREAK) for title in titles), default=0)
    tall_all = rows * (height + more) + 80
    gap_x, gap_y = 0.05, (80 + more) / tall_all
    width, tall = (1 - gap_x * (columns - 1)) / columns, (1 - gap_y * (rows - 1)) / rows
    chosen: dict[str, Any] = {"height": tall_all, "annotations": []}
    # Above the panels' titles, so that it covers none.
    chosen["legend"] = LEGEND | {"y": 1 + (30 + more) / (tall_all - 100)}
    chosen["margin"] = MARGIN | {"t": MARGIN["t"] + more}
    corner = {"xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 4}
    corner |= {"showarrow": False, "align": "left"}
    for index, title in enumerate(titles):
        row, column = divmod(index, columns)
        left, top = column * (width + gap_x), 1 - row * (tall + gap_y)
        number = _axis_number(index)
        chosen[f"xaxis{number}"] = x | {"domain": [left, left + width], "anchor": f"y{number}"}
        across = y | {"domain": [max(top - tall, 0.0), top], "anchor": f"x{number}"}
        if column:
            across |= {"showticklabels": False, "title": {"text": ""}}
        chosen[f"yaxis{number}"] = across
        chosen["annotations"].append(corner | {"text": bold(title), "x": left, "y": top})
    return chosen


def _title_lines(title: str, columns: int) -> str:
    """A panel's title on lines that are no wider than one of `columns` panels.

    A phone's panels stand below one another; the width of axes' numbers is taken off.
    """
    room = PHONE - 50 if columns == 1 else (WIDE - 60) / columns - 50
    return BREAK.join(wrapped(line, int(room / TITLE_LETTER)) for line in title.split(BREAK))


def _above_row(label: str, value: str) -> tuple[str, str, int]:
    """A row's label and value, and the lines by which the label stands above the value.

    None of these, 0, where a phone is wide enough for both beside one another.
    """
    label, value = (
        BREAK.join(wrapped(line, PHONE_LETTERS) for line in text.split(BREAK)) for text in (label, value)
    )
    wide = wide_letters(label.split(BREAK)[-1]) + wide_letters(value) + 2
    beside = BREAK not in value and wide <= PHONE_LETTERS
    return label, value, 0 if beside or not value else 1 + value.count(BREAK)


def labels_above(labels: Sequence[str], values: Sequence[str], height: int) -> dict[str, Any]:
    """A phone's layout of rows at 0, -1, -2, ...: labels above the rows, where they leave room.

    Parameters
    ----------
    labels, values : sequence of str
        Text at the left and at the right end of each row's upper edge; values may be empty.
    height : int
        Height of a row, in pixels.
    """
    texts = [_above_row(*pair) for pair in zip_longest(labels, values, fillvalue="")]
    lines = 1 + max((label.count(BREAK) + raised for label, _, raised in texts), default=0)
    # Labels of more than two lines push the rows apart.
    tall = height + PHONE_LINE * max(lines - 2, 0)
    foot, top = 0.3 * height / tall, max(0.5 * height, PHONE_LINE * lines) / tall
    common = {"xref": "paper", "yanchor": "bottom", "showarrow": False, "bgcolor": faded(PAPER, 0.85)}
    left = common | {"x": 0, "xanchor": "left", "align": "left", "font": {"size": 12}}
    right = common | {"x": 1, "xanchor": "right", "align": "right", "font": {"size": 12, "color": SOFT}}
    notes = [
        left | {"y": foot - place, "text": label, "yshift": PHONE_LINE * raised}
        for place, (label, _, raised) in enumerate(texts)
    ]
    notes += [
        right | {"y": foot - place, "text": value} for place, (_, value, _) in enumerate(texts) if value
    ]
    rows = axis(showticklabels=False, zeroline=False, showgrid=False, range=[0.55 - len(labels), foot + top])
    return {"yaxis": rows, "annotations": notes, "height": tall * len(labels) + 130, "margin": MARGIN}


def panel_axes(index: int) -> dict[str, str]:
    """Axes of the panel at that place in `panels`, counted from zero."""
    number = _axis_number(index)
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}


def _axis_number(index: int) -> str:
    return str(index + 1) if index else ""
