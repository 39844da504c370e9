"""Many platforms side by side: a map of private traffic against what it brings, and a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, template
from ....runs.bounds import measure_unit
from ....runs.comparison import Estimate, compare
from ...kit.figure_text import BREAK, bold
from ...kit.label_places import Spot, label_annotations
from ...kit.names import NamedArm
from ...kit.style import Exhibit, View, axis, faded, layout, thin, whiskers
from ...kit.words import amount, is_number, three_digits
from ..content import Content

LEAST = 4
"""Arms of a single platform from which on they are mapped and tabled."""
PRIVATE = "private_traffic_share"
CLEAR_LINK, LEAST_FOR_LINK = 0.7, 6
"""Rank correlation, and platforms, from which on a link with private traffic is spoken of."""
MARKERS = (9.0, 24.0)
ACROSS = (-0.16, 1.14)
"""Ends of the x axis, beyond all and nothing private to leave room for labels."""
WIDE_PLOT, NARROW_PLOT = (905.0, 430.0), (254.0, 420.0)
"""Size of the area inside the axes on a desktop and on a phone, in pixels."""
MARGINS = {"l": 76, "r": 24, "t": 16, "b": 56}
NARROW_MARGINS = {"l": 54, "r": 26, "t": 16, "b": 56}


@dataclass(frozen=True)
class Height:
    """What stands on the map's y axis: its measure, label, and whether its complement is shown."""

    measure: str
    label: str
    log: bool = False
    complement: bool = False


HEIGHTS = (
    Height("profitable_merchant_share", "Merchants who make a profit"),
    Height("newcomer_first_week_visits", "Newcomer's visits in its first week", log=True),
    Height("profit_per_merchant", "Profit per merchant"),
    Height("conversion_rate", "Orders per visit"),
    Height("revisit_rate_30d", "Back in the room within 30 days"),
    Height("unreached_demand_share", "Viewers offered a fitting room", complement=True),
    Height("top1_audience_share", "Audience of the largest room"),
)


def map_exhibit(content: Content) -> Exhibit | None:
    """Private traffic against what merchants and viewers get; None without several platforms."""
    if not content.names.are_platforms or len(content.arms) < LEAST:
        return None
    interval = " Thin lines are 95% intervals." if content.worlds > 1 else " One world gives no intervals."
    caption = (
        "How to read: each mark is a platform; right of another means that more of its visits come by "
        "ways that belong to the merchant (groups, followers, friends' links), higher means more of what "
        f"is chosen above the figure. The larger the mark, the larger the platform's sales.{interval}"
    )
    views = [view for height in HEIGHTS if (view := _map_view(content, height))]
    missing = "" if views else "No platform had visits, so there is nothing to map."
    return Exhibit("map", "Public or private traffic, and who gains", caption, views, missing, "Up means")


def _value(content: Content, arm: NamedArm, height: Height) -> Estimate:
    found = content.estimate(arm, height.measure)
    if not height.complement:
        return found
    return Estimate(1 - found.mean, 1 - found.high, 1 - found.low, found.replications)


def _map_view(content: Content, height: Height) -> View | None:
    values = {arm: _value(content, arm, height) for arm in content.arms}
    across = {arm: content.estimate(arm, PRIVATE) for arm in content.arms}
    shown = [arm for arm in content.arms if is_number(across[arm].mean) and is_number(values[arm].mean)]
    if len(shown) < LEAST - 1:
        return None
    scale = _scale([values[arm] for arm in shown], height)
    sizes = _sizes(content, shown)
    marks = {arm: MapMark(across[arm], values[arm], sizes[arm]) for arm in shown}
    figure = go.Figure(
        layout=layout(
            int(WIDE_PLOT[1]) + 72,
            showlegend=False,
            hovermode="closest",
            margin=MARGINS,
            xaxis=_private_axis(6),
            yaxis=_height_axis(height, scale),
            annotations=_labels(marks, scale, WIDE_PLOT, 13),
        )
    )
    for arm, mark in marks.items():
        _add_mark(figure, arm, mark, height, scale)
    narrow = {
        "height": int(NARROW_PLOT[1]) + 72,
        "margin": NARROW_MARGINS,
        "xaxis": _private_axis(3),
        "annotations": _labels(marks, scale, NARROW_PLOT, 11),
    }
    left_out = [arm for arm in content.arms if arm not in shown]
    return View(height.label, _map_finding(content, height, shown, across, values, left_out), figure, narrow)


def _private_axis(ticks: int) -> dict[str, Any]:
    places = np.linspace(0, 1, ticks)
    words = [f"{100 * place:.0f}%" for place in places]
    words[0], words[-1] = f"0%{BREAK}all public", f"100%{BREAK}all private"
    return axis(
        "Visits by private ways",
        tickvals=places.tolist(),
        ticktext=words,
        range=list(ACROSS),
        automargin=False,
        zeroline=False,
        ticklabeloverflow="allow",
    )


def _ends(value: Estimate, height: Height) -> tuple[float, float]:
    """Ends of the interval, or the mean twice."""
    low, high = (value.low, value.high) if is_number(value.low) else (value.mean, value.mean)
    if height.log:
        return max(low, value.mean / 10), high  # the interval may reach zero
    return low, high


@dataclass(frozen=True)
class Scale:
    """From values to heights: as they are, or their logarithms with zero just below the least.

    Attributes
    ----------
    low, high : float
        Ends of the axis.
    zero : float
        Where zero stands on a logarithmic scale; missing if the scale is not logarithmic.
    """

    low: float
    high: float
    zero: float = math.nan

    def __call__(self, value: float) -> float:
        """Height of a value."""
        if math.isnan(self.zero):
            return value
        return math.log10(value) if value > 0 else self.zero


def _scale(values: list[Estimate], height: Height) -> Scale:
    ends = [end for value in values for end in _ends(value, height)]
    low, high = min(ends), max(ends)
    zero = math.nan
    if height.log:
        positive = [math.log10(end) for end in ends if end > 0] or [0.0]
        high = max(positive)
        zero = math.floor(min(positive) * 2 - 0.6) / 2
        low = zero if min(value.mean for value in values) <= 0 else min(positive)
    elif measure_unit(height.measure) == "share" and low < 0.5 * high:
        low = 0.0
    room = 0.08 * (high - low) or 0.1
    return Scale(low - room, high + room, zero)


def _height_axis(height: Height, scale: Scale) -> dict[str, Any]:
    unit = measure_unit(height.measure)
    title = height.label + (f" ({unit})" if unit not in ("share", "") else "")
    if not height.log:
        return axis(
            title,
            range=[scale.low, scale.high],
            automargin=False,
            tickformat=".2~%" if unit == "share" else "~s",
        )
    powers = range(math.floor(scale.low), math.ceil(scale.high) + 1)
    ticks = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    ticks = [tick for tick in ticks if max(scale.low, scale.zero + 0.25) < math.log10(tick) < scale.high]
    ticks = [tick for tick in ticks if len(ticks) <= 9 or math.log10(tick).is_integer()]
    return axis(
        f"{title}, log scale",
        range=[scale.low, scale.high],
        automargin=False,
        zeroline=False,
        tickvals=[scale.zero, *map(math.log10, ticks)],
        ticktext=["0", *(f"{tick:,.6g}" for tick in ticks)],
    )


def _sizes(content: Content, arms: list[NamedArm]) -> dict[NamedArm, float]:
    """Diameter of marks, in pixels; their area grows with sales."""
    sales = {arm: max(content.estimate(arm, "gmv").mean, 0.0) for arm in arms}
    most = max(sales.values()) or 1.0
    small, large = MARKERS
    return {arm: round(small + (large - small) * math.sqrt(value / most), 1) for arm, value in sales.items()}


class MapMark(NamedTuple):
    """Where a platform stands on the map, and how large."""

    across: Estimate
    value: Estimate
    size: float


def _labels(
    marks: dict[NamedArm, MapMark], scale: Scale, plot: tuple[float, float], letters: int
) -> list[dict[str, Any]]:
    left, right = ACROSS
    spots = []
    for arm, mark in marks.items():
        x, y = mark.across.mean, scale(mark.value.mean)
        spots.append(
            Spot(
                round(x, 5),
                float(f"{y:.6g}"),
                (x - left) / (right - left) * plot[0],
                (scale.high - y) / (scale.high - scale.low) * plot[1],
                mark.size / 2,
                arm.label,
            )
        )
    return label_annotations(spots, *plot, letters)


def _add_mark(figure: go.Figure, arm: NamedArm, mark: MapMark, height: Height, scale: Scale) -> None:
    across, value, size = mark
    unit, colour = measure_unit(height.measure), arm.colour
    low, high = _ends(value, height)
    left, right = _ends(across, Height(PRIVATE, ""))
    interval = f" ({amount(low, unit)} to {amount(high, unit)})" if high > low else ""
    middle = scale(value.mean)
    bars: dict[str, Any] = {"color": faded(colour, 0.5), "thickness": 1, "width": 0}
    figure.add_scatter(
        x=thin([across.mean]),
        y=thin([middle]),
        mode="markers",
        name=arm.label,
        text=[
            f"{bold(arm.label)}{BREAK}private ways: {amount(across.mean, 'share')}{BREAK}"
            f"{height.label}: {amount(value.mean, unit)}{interval}"
        ],
        hovertemplate="%{text}<extra></extra>",
        marker={"color": faded(colour, 0.8), "size": size, "line": {"color": "white", "width": 1}},
        error_x=whiskers([across.mean], [left], [right], **bars),
        error_y=whiskers([middle], [scale(low)], [scale(high)], **bars),
    )


def _map_finding(
    content: Content,
    height: Height,
    shown: list[NamedArm],
    across: dict[NamedArm, Estimate],
    values: dict[NamedArm, Estimate],
    left_out: list[NamedArm],
) -> str:
    unit = measure_unit(height.measure)
    means = {arm: values[arm].mean for arm in shown}
    spread = content.names.across(means, lambda value: amount(value, unit))
    link = content.within_luck(
        height.measure, {arm: content.level(arm.name, height.measure) for arm in shown}
    )
    if not link and len(shown) >= LEAST_FOR_LINK:
        link = "; " + link_with_private([across[arm].mean for arm in shown], list(means.values()))
    none = f"; no value on {' and '.join(arm.label for arm in left_out)}" if left_out else ""
    return f"{height.label}: {spread}{link}{none}"


def link_with_private(private: list[float], values: list[float]) -> str:
    """Whether what is shown goes with private traffic, from rank correlation."""
    ranks, others = (pd.Series(of).rank().to_numpy() for of in (private, values))
    if min(ranks.std(), others.std()) == 0:
        return "no link with private traffic"
    link = float(np.corrcoef(ranks, others)[0, 1])
    if abs(link) < CLEAR_LINK:
        return "no clear link with private traffic"
    return f"{'higher' if link > 0 else 'lower'} where more traffic is private"


@dataclass(frozen=True)
class Cell:
    """A value of the table: its text, whether it is the best, and whether it might be."""

    text: str
    best: bool
    near: bool


@dataclass(frozen=True)
class PlatformTable:
    """All platforms in the most asked measures."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[Cell]]]


COLUMNS = (
    ("gmv", template("Sales (CNY)"), 1),
    ("visits", template("Visits"), 1),
    ("conversion_rate", template("Orders per visit"), 1),
    (PRIVATE, template("Private traffic"), 0),
    ("revisit_rate_30d", template("Back within 30 days"), 1),
    ("newcomer_first_week_visits", template("First-week visits of newcomers"), 1),
    ("profitable_merchant_share", template("Merchants in profit"), 1),
    ("merchant_survival_90d", template("In business after 90 days"), 1),
    ("top1_audience_share", template("Largest room's audience"), -1),
)
"""Measure, heading, and which end is best: 1 the highest, -1 the lowest, 0 neither."""


def platform_table(content: Content) -> PlatformTable | None:
    """Values of all platforms; None unless there are several arms of a single platform."""
    single = {arm.name for arm in content.run.scenario.arms if len(arm.all_platforms) == 1}
    arms = [arm for arm in content.arms if arm.name in single]
    if len(arms) < LEAST:
        return None
    columns = [_column(content, arms, measure, side) for measure, _, side in COLUMNS]
    rows = [(arm.label, [column[place] for column in columns]) for place, arm in enumerate(arms)]
    return PlatformTable(
        phrase("Platforms side by side") if content.names.are_platforms else phrase("Arms side by side"),
        [counterpart(heading) for _, heading, _ in COLUMNS],
        rows,
    )


def _column(content: Content, arms: list[NamedArm], measure: str, side: int) -> list[Cell]:
    means = {arm: content.estimate(arm, measure).mean for arm in arms}
    known = {arm: value for arm, value in means.items() if is_number(value)}
    best = max(known, key=lambda arm: side * known[arm]) if known and side else None
    cells = []
    for arm in arms:
        near = False
        if best is not None and arm in known and known[arm] != known[best]:
            apart = compare(content.run.results.runs, arm.name, best.name, measure).difference
            near = is_number(apart.low) and apart.low <= 0 <= apart.high
        is_best = best is not None and known.get(arm) == known[best]
        cells.append(Cell(_short(means[arm], measure), is_best, near))
    return cells


def _short(value: float, measure: str) -> str:
    """A value without its unit, which stands in the heading."""
    if not is_number(value):
        return "–"
    text = amount(value, "share") if measure_unit(measure) == "share" else three_digits(value)
    return text.replace(" million", "\N{NO-BREAK SPACE}M").replace(" billion", "\N{NO-BREAK SPACE}bn")
