"""Many platforms side by side: a map of private traffic against what it brings, and a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import counterpart, listing, phrase, sentences, template
from ....runs.bounds import measure_unit
from ....runs.comparison import Estimate
from ...kit.figure_text import BREAK, bold
from ...kit.label_places import Spot, label_annotations
from ...kit.names import NamedArm
from ...kit.style import Exhibit, View, axis, faded, layout, thin, whiskers
from ...kit.tables.data_table import DataTable, span_cell, value_cell, with_intervals
from ...kit.words import amount, is_number, three_digits, unit_name
from ..content import Content
from ..telling import direction, measured, spread, within_luck

LEAST = 4
"""Arms of a single platform from which on they are mapped and tabled."""
PRIVATE = "private_traffic_share"
CLEAR_LINK, LEAST_FOR_LINK = 0.7, 6
"""Rank correlation, and platforms, from which on a link with private traffic is spoken of."""
MARKERS = (9.0, 24.0)
ACROSS = (-0.16, 1.14)
"""Ends of the x axis, beyond all and nothing private to leave room for labels."""
WIDE_PLOT, NARROW_PLOT = (905.0, 430.0), (242.0, 420.0)
"""Size of the area inside the axes on a desktop and on a phone, in pixels."""
MARGINS = {"l": 76, "r": 24, "t": 16, "b": 56}
NARROW_MARGINS = {"l": 70, "r": 22, "t": 16, "b": 56}


@dataclass(frozen=True)
class Height:
    """What stands on the map's y axis: its measure, label, and whether its complement is shown."""

    measure: str
    label: str
    log: bool = False
    complement: bool = False

    @property
    def name(self) -> str:
        """Its label in the language that is spoken."""
        return counterpart(self.label)

    @property
    def better(self) -> int:
        """1 if up is better, -1 if down is, 0 if neither."""
        return -direction(self.measure) if self.complement else direction(self.measure)


HEIGHTS = (
    Height("profitable_merchant_share", template("Merchants who make a profit")),
    Height("newcomer_first_week_visits", template("First-week visits of newcomers"), log=True),
    Height("profit_per_merchant", template("Profit per merchant")),
    Height("conversion_rate", template("Orders per visit")),
    Height("revisit_rate_30d", template("Back in the room within 30 days")),
    Height("unreached_demand_share", template("Viewers offered a fitting room"), complement=True),
    Height("top1_audience_share", template("Audience of the largest room")),
)


def map_exhibit(content: Content) -> Exhibit | None:
    """Private traffic against what merchants and viewers get; None without several platforms."""
    if not content.names.are_platforms or len(content.arms) < LEAST:
        return None
    caption = sentences(
        [
            phrase(
                "How to read: each mark is a platform; right of another means that more of its visits come "
                "by ways that belong to the merchant (groups, followers, friends' links), higher means more "
                "of what is chosen above the figure. The larger the mark, the larger the platform's sales."
            ),
            phrase("Thin lines are 95% intervals.")
            if content.worlds > 1
            else phrase("One world gives no intervals."),
        ]
    )
    views = [view for height in HEIGHTS if (view := _map_view(content, height))]
    missing = "" if views else phrase("No platform had visits, so there is nothing to map.")
    topic = phrase("Public or private traffic, and who gains")
    return Exhibit("map", topic, caption, views, missing, phrase("Up means"))


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
            annotations=_labels(marks, (height, scale), WIDE_PLOT, 13),
        )
    )
    for arm, mark in marks.items():
        _add_mark(figure, arm, mark, height, scale)
    narrow = {
        "height": int(NARROW_PLOT[1]) + 72,
        "margin": NARROW_MARGINS,
        "xaxis": _private_axis(3),
        "annotations": _labels(marks, (height, scale), NARROW_PLOT, 11),
    }
    left_out = [arm for arm in content.arms if arm not in shown]
    finding = _map_finding(content, height, shown, across, values, left_out)
    data = _map_table(height, marks, content.worlds > 1)
    return View(height.name, finding, figure, narrow, data=data, better=height.better)


def _map_table(height: Height, marks: dict[NamedArm, MapMark], known: bool) -> DataTable:
    """Where each platform stands."""
    unit = measure_unit(height.measure)
    rows = []
    for arm, mark in marks.items():
        cells = []
        for value, of in ((mark.across, "share"), (mark.value, unit)):
            cells.append(value_cell(value.mean, of))
            cells += [span_cell(value.low, value.high, of)] if known else []
        rows.append((arm.label, cells))
    head = [phrase("Platform"), *with_intervals([phrase("Visits by private ways"), height.name], known)]
    caption = phrase("{measure} and private traffic, means over worlds", measure=height.name)
    return DataTable(caption, head, rows)


def _private_axis(ticks: int) -> dict[str, Any]:
    places = np.linspace(0, 1, ticks)
    words = [f"{100 * place:.0f}%" for place in places]
    public, private = phrase("all public"), phrase("all private")
    words[0], words[-1] = f"0%{BREAK}{public}", f"100%{BREAK}{private}"
    return axis(
        phrase("Visits by private ways"),
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
    title = height.name
    if unit not in ("share", ""):
        title = phrase("{measure} ({unit})", measure=title, unit=unit_name(unit))
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
        phrase("{title}, log scale", title=title),
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
    marks: dict[NamedArm, MapMark], up: tuple[Height, Scale], plot: tuple[float, float], letters: int
) -> list[dict[str, Any]]:
    left, right = ACROSS
    height, scale = up
    unit = measure_unit(height.measure)
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
                f"{arm.label} {_short_amount(mark.value.mean, unit)}",
            )
        )
    return label_annotations(spots, *plot, letters)


def _add_mark(figure: go.Figure, arm: NamedArm, mark: MapMark, height: Height, scale: Scale) -> None:
    across, value, size = mark
    unit, colour = measure_unit(height.measure), arm.colour
    low, high = _ends(value, height)
    left, right = _ends(across, Height(PRIVATE, ""))
    told = {"low": amount(low, unit), "high": amount(high, unit)}
    interval = [phrase("95% interval {low} to {high}", **told)] if high > low else []
    middle = scale(value.mean)
    bars: dict[str, Any] = {"color": faded(colour, 0.5), "thickness": 1, "width": 0}
    figure.add_scatter(
        x=thin([across.mean]),
        y=thin([middle]),
        mode="markers",
        name=arm.label,
        text=[
            BREAK.join(
                [
                    bold(arm.label),
                    phrase("private ways: {share}", share=amount(across.mean, "share")),
                    phrase("{label}: {value}", label=height.name, value=amount(value.mean, unit)),
                    *interval,
                ]
            )
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
    worlds = measured(content, height.measure)
    shares = {arm: 1 - worlds[arm] if height.complement else worlds[arm] for arm in shown}
    said = [spread(content, height.name, shares, lambda value: amount(value, unit))]
    if len(shown) >= LEAST_FOR_LINK and not within_luck(content, shares):
        means = [values[arm].mean for arm in shown]
        said.append(link_with_private([across[arm].mean for arm in shown], means))
    if left_out:
        said.append(phrase("no value on {platforms}", platforms=listing([arm.label for arm in left_out])))
    return counterpart("; ").join(said)


def link_with_private(private: list[float], values: list[float]) -> str:
    """Whether what is shown goes with private traffic, from rank correlation."""
    ranks, others = (pd.Series(of).rank().to_numpy() for of in (private, values))
    if min(ranks.std(), others.std()) == 0:
        return phrase("no link with private traffic")
    link = float(np.corrcoef(ranks, others)[0, 1])
    if abs(link) < CLEAR_LINK:
        return phrase("no clear link with private traffic")
    if link > 0:
        return phrase("higher where more traffic is private")
    return phrase("lower where more traffic is private")


def _short_amount(value: float, unit: str) -> str:
    """A value beside its name on the map."""
    return amount(value, unit) if unit == "share" else three_digits(value)
