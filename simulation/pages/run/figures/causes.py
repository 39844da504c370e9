"""Figures about causes: what the conversion gap consists of, what each mechanism carries."""

from __future__ import annotations

from dataclasses import asdict
from typing import NamedTuple

import plotly.graph_objects as go

from ....measures.registry import without_days
from ....runs.comparison import compare
from ....words import counted
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import NamedArm, measure_name
from ...kit.style import (
    INK,
    PART_COLOURS,
    PART_SYMBOLS,
    SOFT,
    Exhibit,
    View,
    axis,
    labels_above,
    layout,
    thin,
    whiskers,
)
from ...kit.words import change, is_number, known, percent, precision_width
from ..content import Content

PART_COLOUR = "#7A8796"
LABEL_WIDTH = 20


def _causes_apply(content: Content) -> bool:
    """Whether causes are looked for: the article's claims, on a centralised and another platform."""
    scenario = content.run.scenario
    roles = {arm.role for arm in scenario.arms}
    return scenario.article_claims and {"centralised", "decentralised"} <= roles


def gap_exhibit(content: Content) -> Exhibit | None:
    """The gap in orders per visit between two platforms, part by part; None if not looked for."""
    if not _causes_apply(content):
        return None
    split = content.claims.get("decomposition")
    caption = (
        "How to read: from the top bar to the bottom one, each floating bar adds (or takes) one part of "
        "the gap; parts are Shapley values of switching mechanisms off, and what remains is who "
        f"arrives at which room{_of_some(content)}"
        + ("; thin lines are 95% intervals." if content.worlds > 1 else "; one world gives no intervals.")
    )
    topic = "Why conversion differs"
    if not split or split["gap"]["effect"] is None or any(p["effect"] is None for p in split["parts"]):
        return Exhibit(
            "gap",
            topic,
            caption,
            [],
            (
                "The gap in conversion is split only where a centralised and a decentralised platform are "
                "compared, the article's claims are tested, and visits occur on both."
            ),
        )
    ends = {arm.name: arm for arm in content.arms}
    start, end = ends[split["against"]], ends[split["arm"]]
    measure = split.get("measure", "conversion_rate")  # in runs of before it is not said
    levels = content.level(start.name, measure), content.level(end.name, measure)
    parts = split["parts"][::-1] + _rest(content, split["parts"], levels[1] - levels[0])
    figure, narrow = _waterfall(_bars(parts, start, end, levels))
    largest = max(split["parts"], key=lambda part: abs(part["effect"]))
    whole = compare(content.run.results.runs, end.name, start.name, measure).difference
    finding = (
        f"Of the gap of {_points(asdict(whole) | {'effect': levels[1] - levels[0]})} between {end.label} and "
        f"{start.label}{_of_days(measure)}, the largest part is {largest['label']}: {_points(largest)}"
    )
    return Exhibit("gap", topic, caption, [View("", finding, figure, narrow)])


def _of_days(measure: str) -> str:
    """`` in days 31 to 180`` of a measure of some days; empty if of all."""
    days = without_days(measure)[1]
    return f" in days {days.replace('-', ' to ')}" if days else ""


def _of_some(content: Content) -> str:
    """What a caption says of worlds that were not run again with mechanisms off; empty without any."""
    run = content.run.scenario.run
    if run.probe_replications >= run.replications:
        return ""
    return (
        f"; parts were found{content.some_worlds(run.probe_replications)}, and the last of them is by "
        "how much the gap in all worlds differs from that in these, by luck"
    )


def _rest(content: Content, parts: list[dict], gap: float) -> list[dict]:
    """What the gap in all worlds has more than `parts`, which were found in some of the worlds."""
    run = content.run.scenario.run
    if run.probe_replications >= run.replications:
        return []
    others = counted(run.replications - run.probe_replications, "other world")
    rest = gap - sum(part["effect"] for part in parts)
    return [{"label": f"luck of the {others}", "effect": rest, "low": None, "high": None}]


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
        [start.label, *(part["label"] for part in parts), end.label],
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
    narrow["xaxis"] = axis("Orders per visit", tickformat=".2~%", nticks=5)
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
        xaxis=axis("Orders per visit", tickformat=".2~%", range=[min(0.0, *bars.bases), 1.3 * max(ends)]),
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


def mechanisms_exhibit(content: Content) -> Exhibit | None:
    """What share of each measure goes when a mechanism is switched off; None if not looked for."""
    if not _causes_apply(content):
        return None
    every = content.claims.get("mechanisms") or []
    entries = [entry for entry in every if entry["effect"] is not None]
    topic, caption = "What each mechanism carries", _mechanisms_caption(content, len(entries) < len(every))
    if not entries:
        missing = (
            "No measure has a value that can be told from zero."
            if every
            else "Mechanisms are switched off one by one only where a centralised and a decentralised "
            "platform are compared and the article's claims are tested."
        )
        return Exhibit("mechanisms", topic, caption, [], missing)
    measures = list(dict.fromkeys(entry["measure"] for entry in entries))
    kinds = list(dict.fromkeys(entry["mechanism"] for entry in entries))
    figure = go.Figure(layout=_mechanisms_layout(measures))
    for place, kind in enumerate(kinds):
        offset = 0.2 * (place - (len(kinds) - 1) / 2)
        _add_marks(figure, [e for e in entries if e["mechanism"] == kind], measures, place, offset)
    top = max(entries, key=lambda entry: abs(entry["effect"]))
    verb = "lower" if top["effect"] > 0 else "higher"
    what = _lower(measure_name(without_days(top["measure"])[0]))
    finding = (
        f"Without {top['label']}, {content.names.arm(top['arm'])}'s {what} "
        f"would be {percent(abs(top['effect']))} {verb}{_of_days(top['measure'])}: the largest effect of "
        f"{counted(len(kinds), 'mechanism')} on {counted(len(measures), 'measure')}"
    )
    narrow = labels_above([measure_name(name) for name in measures], [], 62)
    return Exhibit("mechanisms", topic, caption, [View("", finding, figure, narrow)])


def _mechanisms_caption(content: Content, incomplete: bool) -> str:
    """How to read the marks, and why some are missing if they are `incomplete`."""
    worlds = content.some_worlds(content.run.scenario.run.probe_replications)
    return (
        "How to read: each mark says by how much a measure falls (to the right of zero) or rises (to the "
        "left) when one mechanism is switched off and all else stays"
        f"{', as found' + worlds if worlds else ''}"
        + ("; lines are 95% intervals." if content.worlds > 1 else "; one world gives no intervals.")
        + (
            " Where a mark is missing, the measure has no value or cannot be told from zero, so that "
            "nothing is a share of it."
            if incomplete
            else ""
        )
    )


def _mechanisms_layout(measures: list[str]) -> dict:
    """Layout of a desktop, a row for each measure."""
    return layout(
        62 * len(measures) + 110,
        hovermode="closest",
        xaxis=axis(
            "Fall when switched off", tickformat=".0%", zeroline=True, zerolinecolor=SOFT, zerolinewidth=1.5
        ),
        yaxis=axis(
            tickvals=[-place for place in range(len(measures))],
            zeroline=False,
            ticktext=[wrapped(measure_name(name), LABEL_WIDTH) for name in measures],
            range=[0.5 - len(measures), 0.5],
        ),
    )


def _lower(label: str) -> str:
    """A label inside a sentence."""
    return label[0].lower() + label[1:]


def _add_marks(
    figure: go.Figure, entries: list[dict], measures: list[str], place: int, offset: float
) -> None:
    colour = PART_COLOURS[place % len(PART_COLOURS)]
    words = [
        f"{bold(measure_name(entry['measure']))}{BREAK}without {entry['label']}: "
        f"{change(-entry['effect'], '', True, known(entry['high']) - known(entry['low']))}"
        for entry in entries
    ]
    effects, lows, highs = ([known(entry[end]) for entry in entries] for end in ("effect", "low", "high"))
    figure.add_scatter(
        x=thin(effects),
        y=[-measures.index(entry["measure"]) - offset for entry in entries],
        mode="markers",
        name=entries[0]["label"],
        text=words,
        hovertemplate="%{text}<extra></extra>",
        marker={"color": colour, "size": 10, "symbol": PART_SYMBOLS[place % len(PART_SYMBOLS)]},
        error_x=whiskers(effects, lows, highs, color=colour, thickness=2, width=0),
    )
