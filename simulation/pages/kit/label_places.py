"""Where labels of points stand so that they hide neither one another nor a point."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .figure_text import bold, wide_letters
from .style import INK, SOFT

LETTER, LINE = 0.58, 1.35
"""Width and height of a letter, relative to its size."""
REACHES = (4, 14, 26, 40, 56, 74, 94, 116, 140)
"""Distances tried, in pixels beyond the point's edge."""
FAR = 14
"""Beyond this distance a thin line leads from the label to its point."""
GAP = 2.0
END_ROW = 15.0
"""Least distance of labels at the ends of lines, in pixels."""
ROUNDS = 4
"""Times that every label is placed anew among the others."""
NEARER = 15.0
"""Cost of standing nearer to another point, or of a line across one, in pixels of distance."""


@dataclass(frozen=True)
class Spot:
    """A point with its label: position in axis units and in pixels from the top left, and radius."""

    x: float
    y: float
    left: float
    top: float
    radius: float
    label: str


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: _Box) -> float:
        """Area in common, with a little room between the two."""
        across = min(self.right, other.right) - max(self.left, other.left) + GAP
        down = min(self.bottom, other.bottom) - max(self.top, other.top) + GAP
        return max(across, 0.0) * max(down, 0.0)

    def away(self, spot: Spot) -> float:
        """Distance from the edge of a point's mark."""
        across = max(self.left - spot.left, spot.left - self.right, 0.0)
        down = max(self.top - spot.top, spot.top - self.bottom, 0.0)
        return math.hypot(across, down) - spot.radius


def label_annotations(spots: list[Spot], width: float, height: float, size: int) -> list[dict[str, Any]]:
    """Annotations, each placed where it hides least, several times over.

    Parameters
    ----------
    spots : list of Spot
    width, height : float
        Of the plot, in pixels.
    size : int
        Of the letters, in pixels.
    """
    marks = [_Box(s.left - s.radius, s.top - s.radius, s.left + s.radius, s.top + s.radius) for s in spots]
    crowd = sorted(range(len(spots)), key=lambda place: -sum(_near(spots[place], other) for other in spots))
    boxes: dict[int, tuple[_Box, float]] = {}
    for _ in range(ROUNDS):
        for place in crowd:
            others = [box for other, (box, _) in boxes.items() if other != place]
            boxes[place] = _best(place, spots, marks + others, (width, height), size)
    return [_annotation(spots[place], *boxes[place], size) for place in range(len(spots))]


def _near(spot: Spot, other: Spot) -> float:
    return 1.0 / (10.0 + math.hypot(spot.left - other.left, spot.top - other.top))


def _best(
    place: int, spots: list[Spot], taken: list[_Box], plot: tuple[float, float], size: int
) -> tuple[_Box, float]:
    """Box of a label, and its distance from its point, where it costs least."""
    spot = spots[place]
    wide, tall = LETTER * size * wide_letters(spot.label), LINE * size
    best, least, chosen = _Box(0, 0, 0, 0), math.inf, 0.0
    for reach in REACHES:
        for step in range(16):
            angle = 2 * math.pi * step / 16
            away = spot.radius + reach
            # The label's edge, rather than its middle, keeps the distance.
            x = spot.left + math.cos(angle) * (away + wide / 2)
            y = spot.top - math.sin(angle) * (away + tall / 2)
            box = _Box(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
            outside = max(-box.left, 0) + max(box.right - plot[0], 0) + max(-box.top, 0)
            outside += max(box.bottom - plot[1], 0)
            nearer = sum(box.away(other) < box.away(spot) for other in spots if other is not spot)
            cost = sum(box.overlap(other) for other in taken) * 20 + outside * 400 + reach
            cost += NEARER * (nearer + (_crossed(spot, x, y, spots) if reach > FAR else 0))
            if cost < least:
                best, least, chosen = box, cost, reach
    return best, chosen


def _crossed(spot: Spot, x: float, y: float, spots: list[Spot]) -> int:
    """Other points that the line from a point to its label at `x` and `y` passes over."""
    along = (x - spot.left, y - spot.top)
    length = math.hypot(*along) or 1.0
    crossed = 0
    for other in spots:
        to = (other.left - spot.left, other.top - spot.top)
        reach = (to[0] * along[0] + to[1] * along[1]) / length
        beside = abs(to[0] * along[1] - to[1] * along[0]) / length
        crossed += other is not spot and 0 < reach < length and beside < other.radius
    return crossed


def _annotation(spot: Spot, box: _Box, reach: float, size: int) -> dict[str, Any]:
    middle = ((box.left + box.right) / 2 - spot.left, (box.top + box.bottom) / 2 - spot.top)
    line = {
        "showarrow": True,
        "ax": round(middle[0], 1),
        "ay": round(middle[1], 1),
        "arrowhead": 0,
        # Of no width where the label touches its point, as Plotly places by arrows only.
        "arrowwidth": 0.8 if reach > FAR else 0.1,
        "arrowcolor": SOFT if reach > FAR else "rgba(0,0,0,0)",
        "standoff": spot.radius,
    }
    return {
        "x": spot.x,
        "y": spot.y,
        "text": spot.label,
        "font": {"size": size, "color": INK},
        "bgcolor": "rgba(255,255,255,0.7)",
        "borderpad": 0,
        **line,
    }


@dataclass(frozen=True)
class EndLabel:
    """What stands at the end of a line: the value there as the axis has it, its text, its colour."""

    value: float
    text: str
    colour: str


def end_labels(labels: list[EndLabel], axis: tuple[float, float], height: float) -> list[dict[str, Any]]:
    """Annotations right of a plot, each as near to its line's end as leaves them apart.

    Parameters
    ----------
    labels : list of EndLabel
    axis : (float, float)
        Ends of the y axis, in its units; logarithms on a logarithmic one.
    height : float
        Of the plot, in pixels.
    """
    low, high = axis
    wanted = {label: (label.value - low) / (high - low) * height for label in labels}
    placed: dict[EndLabel, float] = {}
    foot = -math.inf
    for label in sorted(labels, key=lambda entry: wanted[entry]):
        placed[label] = foot = max(wanted[label], foot + END_ROW)
    over = max(foot - height, 0.0) if labels else 0.0
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 5,
            "y": label.value,
            "yref": "y",
            "yanchor": "middle",
            "yshift": round(place - over - wanted[label], 1),
            "text": bold(label.text),
            "showarrow": False,
            "font": {"size": 12, "color": label.colour},
        }
        for label, place in placed.items()
    ]


def end_room(labels: list[EndLabel]) -> int:
    """Margin that labels at the right need, in pixels."""
    return 14 + round(7.6 * max((wide_letters(label.text) for label in labels), default=0))
