"""Facts and the model as a figure: one row per fact, its range as a band, the model as a mark."""

from __future__ import annotations

import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, template
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.style import Exhibit, View, axis, faded, labels_above, layout
from ...kit.words import MISSING_TEXT, fixed, three_digits
from ..fact_rows import GROUPS, FactRow

ROW, PHONE_ROW = 32, 62
EDGE = 3.0
"""Half-widths of a range beyond which a miss is drawn as an arrow at the edge."""
MET, MISSED, BAND = "#00684f", "#a5370a", "#56B4E9"
CAPTION = template(
    "How to read: the band is what a fact allows, drawn equally wide for all. The mark is the default world, "
    "which has the middle value of every unknown parameter among the plausible worlds; its line is the 95% "
    "interval over worlds that differ by luck alone. An arrow stands for a value further out, with its "
    "number. Hover for values, units and sources."
)


def facts_exhibit(rows: list[FactRow]) -> Exhibit:
    """The figure with its finding and caption."""
    lines = _lines(rows)
    figure = go.Figure()
    _add_bands(figure, lines)
    for met, name, colour, symbol in (
        (True, phrase("Met"), MET, "circle"),
        (False, phrase("Missed"), MISSED, "diamond"),
    ):
        _add_marks(figure, lines, met, name, colour, symbol)
    labels = [line if isinstance(line, str) else line.title for line in lines]
    names = [
        bold(label) if isinstance(line, str) else wrapped(label, 44)
        for line, label in zip(lines, labels, strict=True)
    ]
    figure.update_layout(
        layout(
            ROW * len(lines) + 110,
            hovermode="closest",
            barmode="overlay",
            xaxis=_across(phrase("Published range from −1 to 1, its middle at 0")),
            yaxis=axis(
                tickvals=[-place for place in range(len(lines))],
                ticktext=names,
                showgrid=False,
                zeroline=False,
                range=[0.6 - len(lines), 0.6],
            ),
        )
    )
    # Where bands are thinner, labels stand above them.
    narrow = labels_above(
        [bold(line) if isinstance(line, str) else wrapped(line.title, 38) for line in lines],
        ["" if isinstance(line, str) else _short(line) for line in lines],
        PHONE_ROW,
    )
    narrow["annotations"] = [note | {"align": "left"} for note in narrow["annotations"]]
    narrow["xaxis"] = _across(phrase("Published range: −1 to 1"))
    return Exhibit(
        "facts",
        phrase("Facts and the model"),
        counterpart(CAPTION),
        [View("", finding(rows), figure, narrow)],
    )


def finding(rows: list[FactRow]) -> str:
    """How many facts of each group are met."""
    parts = []
    for use, name in GROUPS:
        group = [row for row in rows if row.fact.use == use]
        parts.append(
            phrase(
                "{use}: {met} of {of} met",
                use=counterpart(name).lower(),
                met=sum(row.met for row in group),
                of=len(group),
            )
        )
    text = counterpart("; ").join(parts)
    return text[:1].upper() + text[1:]


def _lines(rows: list[FactRow]) -> list[FactRow | str]:
    """Rows with a heading before each group."""
    lines: list[FactRow | str] = []
    for use, name in GROUPS:
        group = [row for row in rows if row.fact.use == use]
        lines += [counterpart(name), *group] if group else []
    return lines


def _across(title: str) -> dict[str, object]:
    return axis(
        title,
        range=[-EDGE - 0.45, EDGE + 0.45],
        tickvals=[-3, -2, -1, 0, 1, 2, 3],
        ticktext=["−3", "−2", "−1", "0", "1", "2", "3"],
    )


def _add_bands(figure: go.Figure, lines: list[FactRow | str]) -> None:
    places = [-place for place, line in enumerate(lines) if not isinstance(line, str)]
    figure.add_bar(
        orientation="h",
        base=[-1] * len(places),
        x=[2] * len(places),
        y=places,
        width=0.42,
        marker={"color": faded(BAND, 0.35)},
        name=phrase("What the fact allows"),
        hoverinfo="skip",
    )


def _add_marks(
    figure: go.Figure, lines: list[FactRow | str], met: bool, name: str, colour: str, symbol: str
) -> None:
    """Marks of facts that are met, or of those that are missed."""
    chosen = [
        (-place, line) for place, line in enumerate(lines) if not isinstance(line, str) and line.met == met
    ]
    middles = [row.position(row.mean) for _, row in chosen]
    at = [0.0 if middle is None else max(-EDGE, min(EDGE, middle)) for middle in middles]
    out = [middle is not None and abs(middle) > EDGE for middle in middles]
    arrows = [
        ("triangle-right" if place > 0 else "triangle-left")
        if far
        else ("x-thin-open" if middle is None else symbol)
        for place, far, middle in zip(at, out, middles, strict=True)
    ]
    reach = [_reach(row, place) for (_, row), place in zip(chosen, at, strict=True)]
    figure.add_scatter(
        x=at,
        y=[place for place, _ in chosen],
        mode="markers+text",
        name=name,
        marker={"color": colour, "size": 11, "symbol": arrows},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [right for _, right in reach],
            "arrayminus": [left for left, _ in reach],
            "color": faded(colour, 0.7),
            "thickness": 2,
            "width": 0,
        },
        text=[
            three_digits(row.mean)
            if far and row.mean is not None
            else counterpart(MISSING_TEXT)
            if middle is None
            else ""
            for (_, row), far, middle in zip(chosen, out, middles, strict=True)
        ],
        textposition=["middle left" if place > 0 else "middle right" for place in at],
        textfont={"color": colour},
        hovertext=[_hover(row) for _, row in chosen],
        hoverinfo="text",
    )


def _reach(row: FactRow, place: float) -> tuple[float, float]:
    """How far the interval goes to the left and to the right of a mark, within the figure."""
    ends = [row.position(end) for end in (row.low, row.high)]
    if ends[0] is None or ends[1] is None:
        return 0.0, 0.0
    low, high = (max(-EDGE - 0.3, min(EDGE + 0.3, end)) for end in (ends[0], ends[1]))
    return max(place - low, 0.0), max(high - place, 0.0)


def _short(row: FactRow) -> str:
    return row.model_value[0]


def _with_span(value: str, span: str) -> str:
    return phrase("{arm}, {number}", arm=value, number=span) if span else value


def _hover(row: FactRow) -> str:
    parts = [
        bold(row.title),
        phrase("model: {value}", value=_with_span(*row.model_value)),
        phrase("published: {value}", value=_with_span(*row.published)),
    ]
    parts += [wrapped(phrase("unit: {unit}", unit=row.unit), 70)] if row.unit else []
    parts.append(wrapped(phrase("source: {source}", source=row.source), 70))
    if row.met_in is not None:
        share = f"{fixed(100 * row.met_in, 0)}%"
        parts.append(phrase("met in {share} of the plausible worlds", share=share))
    return BREAK.join(parts)
