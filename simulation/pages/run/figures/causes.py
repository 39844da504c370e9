"""Figures about causes: what the conversion gap consists of, what each mechanism carries."""

from __future__ import annotations

from dataclasses import asdict
from typing import NamedTuple

import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, phrase_of, sentences
from ....measures.registry import without_days
from ....runs.comparison import compare
from ...kit.figure_text import wrapped
from ...kit.names import NamedArm
from ...kit.style import INK, Exhibit, View, axis, labels_above, layout, thin
from ...kit.tables.data_table import NOTHING, Cell, DataTable, value_cell
from ...kit.words import change, is_number, known, percent, precision_width
from ..content import Content

PART_COLOUR = "#7A8796"
LABEL_WIDTH = 20


def causes_apply(content: Content) -> bool:
    """Whether causes are looked for: the article's claims, on a centralised and another platform."""
    scenario = content.run.scenario
    roles = {arm.role for arm in scenario.arms}
    return scenario.article_claims and {"centralised", "decentralised"} <= roles


def gap_exhibit(content: Content) -> Exhibit | None:
    """The gap in orders per visit between two platforms, part by part; None if not looked for."""
    if not causes_apply(content):
        return None
    split = content.claims.get("decomposition")
    caption = sentences(
        [
            phrase(
                "How to read: from the top bar to the bottom one, each floating bar adds (or takes) one part "
                "of the gap; parts are Shapley values of switching mechanisms off, and what remains is who "
                "arrives at which room."
            ),
            _of_some(content),
            phrase("Thin lines are 95% intervals.")
            if content.worlds > 1
            else phrase("One world gives no intervals."),
        ]
    )
    topic = phrase("Why conversion differs")
    if not split or split["gap"]["effect"] is None or any(p["effect"] is None for p in split["parts"]):
        missing = phrase(
            "The gap in conversion is split only where a centralised and a decentralised platform are "
            "compared, the article's claims are tested, and visits occur on both."
        )
        return Exhibit("gap", topic, caption, [], missing)
    ends = {arm.name: arm for arm in content.arms}
    start, end = ends[split["against"]], ends[split["arm"]]
    measure = split.get("measure", "conversion_rate")  # in runs of before it is not said
    levels = content.level(start.name, measure), content.level(end.name, measure)
    parts = split["parts"][::-1] + _rest(content, split["parts"], levels[1] - levels[0])
    figure, narrow = _waterfall(_bars(parts, start, end, levels))
    finding = _gap_finding(content, split["parts"], (start, end), measure)
    data = _gap_table(content, parts, (start, end), levels)
    return Exhibit("gap", topic, caption, [View("", finding, figure, narrow, data=data)])


def _gap_finding(content: Content, parts: list[dict], ends: tuple[NamedArm, NamedArm], measure: str) -> str:
    """How large the gap is and what its largest part, as far as luck can tell."""
    start, end = ends
    whole = compare(content.run.results.runs, end.name, start.name, measure).difference
    apart = content.level(end.name, measure) - content.level(start.name, measure)
    told = {"gap": _points(asdict(whole) | {"effect": apart}), "arm": end.label, "base": start.label}
    if whole.has_interval and not whole.beyond_luck:
        said = phrase("Luck cannot tell {arm} from {base} in orders per visit ({gap})", **told)
        return of_days(said, measure)
    largest = max(parts, key=lambda part: abs(part["effect"]))
    told |= {"part": counterpart(largest["label"]), "points": _points(largest)}
    low, high = known(largest["low"]), known(largest["high"])
    if is_number(low) and low <= 0 <= high:
        said = phrase("Of the gap of {gap} between {arm} and {base}, luck can tell no part from none", **told)
    else:
        said = phrase(
            "Of the gap of {gap} between {arm} and {base}, the largest part is {part}: {points}", **told
        )
    return of_days(said, measure)


def _gap_table(
    content: Content, parts: list[dict], ends: tuple[NamedArm, NamedArm], levels: tuple[float, float]
) -> DataTable:
    """Both levels, and the parts between them with their intervals."""
    rows = [(ends[0].label, [value_cell(levels[0], "share"), Cell(NOTHING)])]
    for part in parts:
        low, high = known(part["low"]), known(part["high"])
        interval = Cell(NOTHING)
        if is_number(low) and is_number(high):
            texts = [_points(part | {"effect": end}) for end in (low, high)]
            interval = Cell(f"{texts[0]} – {texts[1]}", (low, high))
        rows.append((counterpart(part["label"]), [Cell(_points(part), (float(part["effect"]),)), interval]))
    rows.append((ends[1].label, [value_cell(levels[1], "share"), Cell(NOTHING)]))
    head = [phrase("Part"), phrase("Orders per visit"), phrase("95% interval")]
    return DataTable(phrase("Parts of the gap in orders per visit"), head, rows)


def of_days(said: str, measure: str) -> str:
    """What is said of a measure of some days, with these; as it is if of all."""
    first, _, last = without_days(measure)[1].partition("-")
    if not first:
        return said
    return phrase("{said} (days {first} to {last})", said=said, first=first, last=last)


def _of_some(content: Content) -> str:
    """What a caption says of worlds that were not run again with mechanisms off; empty without any."""
    run = content.run.scenario.run
    if run.probe_replications >= run.replications:
        return ""
    return phrase(
        "Parts were found in {many} of {count} worlds; the last of them is by how much the gap in all worlds "
        "differs from that in these, by luck.",
        many=run.probe_replications,
        count=content.worlds,
    )


def _rest(content: Content, parts: list[dict], gap: float) -> list[dict]:
    """What the gap in all worlds has more than `parts`, which were found in some of the worlds."""
    run = content.run.scenario.run
    if run.probe_replications >= run.replications:
        return []
    label = phrase_of(
        "luck of the {count} other world",
        "luck of the {count} other worlds",
        run.replications - run.probe_replications,
    )
    rest = gap - sum(part["effect"] for part in parts)
    return [{"label": label, "effect": rest, "low": None, "high": None}]


def _points(part: dict) -> str:
    """A part in percentage points, as precise as its interval."""
    width = precision_width(known(part["low"]), known(part["high"]))
    return change(part["effect"], "share", False, width if is_number(width) else abs(part["effect"]))


class Bars(NamedTuple):
    """Floating bars from one conversion to another; `reach` is how far an interval goes beyond an end."""

    labels: list[str]
    values: list[str]
    colours: list[str]
    bases: list[float]
    lengths: list[float]
    reach: list[float]


def _bars(parts: list[dict], start: NamedArm, end: NamedArm, levels: tuple[float, float]) -> Bars:
    """A bar for each platform's conversion, which `levels` gives, and for each part between them."""
    bases, lengths, reach = [0.0], [levels[0]], [0.0]
    for part in parts:
        bases.append(bases[-1] + lengths[-1])
        lengths.append(part["effect"])
        width = known(part["high"]) - known(part["effect"])
        reach.append(width if width == width else 0.0)
    lengths.append(levels[1])
    return Bars(
        [start.label, *(counterpart(part["label"]) for part in parts), end.label],
        [percent(lengths[0]), *(_points(part) for part in parts), percent(lengths[-1])],
        [start.colour, *[PART_COLOUR] * len(parts), end.colour],
        [*bases, 0.0],
        lengths,
        [*reach, 0.0],
    )


def _waterfall(bars: Bars) -> tuple[go.Figure, dict]:
    """Bars from one platform's conversion to the other's, and a phone's layout of them."""
    rows = [-place for place in range(len(bars.labels))]
    figure = go.Figure(layout=_waterfall_layout(bars, rows))
    figure.add_bar(
        x=thin(bars.lengths),
        y=rows,
        base=thin(bars.bases),
        orientation="h",
        marker={"color": bars.colours},
        hovertext=[f"{label}: {value}" for label, value in zip(bars.labels, bars.values, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    _add_intervals(figure, bars, rows)
    narrow = labels_above(bars.labels, bars.values, 62)
    narrow["xaxis"] = axis(phrase("Orders per visit"), tickformat=".2~%", nticks=5)
    return figure, narrow


def _waterfall_layout(bars: Bars, rows: list[int]) -> dict:
    """Layout of a desktop, with each bar's value at its right."""
    ends = [
        max(base, base + length) + more
        for base, length, more in zip(bars.bases, bars.lengths, bars.reach, strict=True)
    ]
    return layout(
        64 * len(rows) + 70,
        showlegend=False,
        hovermode="closest",
        bargap=0.35,
        # Room at the right for the longest value.
        xaxis=axis(
            phrase("Orders per visit"), tickformat=".2~%", range=[min(0.0, *bars.bases), 1.3 * max(ends)]
        ),
        yaxis=axis(
            tickvals=rows, zeroline=False, ticktext=[wrapped(label, LABEL_WIDTH) for label in bars.labels]
        ),
        annotations=[
            {"x": end, "y": row, "text": text, "xanchor": "left", "xshift": 8, "showarrow": False}
            for end, row, text in zip(ends, rows, bars.values, strict=True)
        ],
    )


def _add_intervals(figure: go.Figure, bars: Bars, rows: list[int]) -> None:
    """Intervals apart from the bars, as one without would have it drawn as if it had no width."""
    sure = [place for place, more in enumerate(bars.reach) if more > 0]
    figure.add_scatter(
        x=thin([bars.bases[place] + bars.lengths[place] for place in sure]),
        y=[rows[place] for place in sure],
        mode="markers",
        marker={"size": 1, "color": INK},
        hoverinfo="skip",
        error_x={
            "type": "data",
            "array": thin([bars.reach[place] for place in sure]),
            "color": INK,
            "thickness": 1.4,
            "width": 5,
        },
    )
