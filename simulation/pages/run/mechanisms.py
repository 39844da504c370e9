"""The figure of what each mechanism carries."""

from __future__ import annotations

import plotly.graph_objects as go

from ...languages.speaking import counterpart, phrase, sentences
from ...measures.registry import without_days
from ..kit.figure_text import BREAK, bold, wrapped
from ..kit.names import measure_name
from ..kit.style import INK, PART_SYMBOLS, SOFT, Exhibit, View, axis, labels_above, layout, thin, whiskers
from ..kit.tables.data_table import NOTHING, Cell, DataTable, with_intervals
from ..kit.words import change, is_number, known, percent
from .content import Content
from .figures.causes import causes_apply, of_days
from .telling import interval_note

MECHANISM_COLOURS = (INK, "#7A8796", "#4D4D4D", "#566270")
"""Mechanisms are known by their marks: colours belong to platforms and channels."""
LABEL_WIDTH = 20


def mechanisms_exhibit(content: Content) -> Exhibit | None:
    """What share of each measure goes when a mechanism is switched off; None if not looked for."""
    if not causes_apply(content):
        return None
    every = content.claims.get("mechanisms") or []
    entries = [entry for entry in every if is_number(entry["effect"])]
    topic = phrase("What each mechanism carries")
    caption = _mechanisms_caption(content, len(entries) < len(every))
    if not entries:
        missing = (
            phrase("No measure has a value that can be told from zero.")
            if every
            else phrase(
                "Mechanisms are switched off one by one only where a centralised and a decentralised "
                "platform are compared and the article's claims are tested."
            )
        )
        return Exhibit("mechanisms", topic, caption, [], missing)
    measures = list(dict.fromkeys(entry["measure"] for entry in entries))
    kinds = list(dict.fromkeys(entry["mechanism"] for entry in entries))
    figure = go.Figure(layout=_mechanisms_layout(measures))
    figure.layout.xaxis.range = _reach(entries)
    for place, kind in enumerate(kinds):
        offset = 0.24 * (place - (len(kinds) - 1) / 2)
        _add_marks(figure, [e for e in entries if e["mechanism"] == kind], measures, place, offset)
    narrow = labels_above([measure_name(name) for name in measures], [], 62)
    finding = _mechanisms_finding(content, entries)
    data = _mechanisms_table(entries, measures, kinds)
    return Exhibit("mechanisms", topic, caption, [View("", finding, figure, narrow, data=data)])


def _reach(entries: list[dict]) -> list[float]:
    """Ends of the axis, with room for the values."""
    ends = [known(entry[end]) for entry in entries for end in ("effect", "low", "high")]
    known_ends = [0.0, *(end for end in ends if is_number(end))]
    low, high = min(known_ends), max(known_ends)
    room = 0.12 * (high - low) or 0.1
    return [low - room, high + room]


def _mechanisms_finding(content: Content, entries: list[dict]) -> str:
    """The largest effect that luck cannot explain."""
    sure = [
        entry
        for entry in entries
        if entry["low"] is None or not entry["low"] <= 0 <= entry["high"] or content.worlds < 2
    ]
    if not sure:
        return phrase("Luck can explain all that changes when a mechanism is switched off")
    top = max(sure, key=lambda entry: abs(entry["effect"]))
    told = {
        "mechanism": counterpart(top["label"]),
        "arm": content.names.arm(top["arm"]),
        "measure": _lower(measure_name(without_days(top["measure"])[0])),
        "size": percent(abs(top["effect"])),
    }
    if top["effect"] > 0:
        said = phrase(
            "The largest effect: without {mechanism}, {measure} of {arm} would be {size} lower", **told
        )
    else:
        said = phrase(
            "The largest effect: without {mechanism}, {measure} of {arm} would be {size} higher", **told
        )
    return of_days(said, top["measure"])


def _mechanisms_table(entries: list[dict], measures: list[str], kinds: list[str]) -> DataTable:
    """Falls by measure and mechanism with their intervals."""
    labels = {entry["mechanism"]: counterpart(entry["label"]) for entry in entries}
    by = {(entry["measure"], entry["mechanism"]): entry for entry in entries}
    rows = []
    for measure in measures:
        cells = []
        for kind in kinds:
            entry = by.get((measure, kind))
            cells += [Cell(NOTHING), Cell(NOTHING)] if entry is None else _fall_cells(entry)
        rows.append((measure_name(measure), cells))
    head = [phrase("Measure"), *with_intervals([labels[kind] for kind in kinds], True)]
    return DataTable(phrase("By how much measures fall without a mechanism"), head, rows)


def _fall_cells(entry: dict) -> list[Cell]:
    effect, low, high = (known(entry[end]) for end in ("effect", "low", "high"))
    fall = Cell(_fall(entry), (effect,))
    if not (is_number(low) and is_number(high)):
        return [fall, Cell(NOTHING)]
    ends = [_fall(entry | {"effect": end}) for end in (low, high)]
    return [fall, Cell(f"{ends[0]} – {ends[1]}", (low, high))]


def _fall(entry: dict) -> str:
    """By how much a measure falls, as precise as its interval."""
    width = known(entry["high"]) - known(entry["low"])
    return change(entry["effect"], "", True, width if is_number(width) else abs(entry["effect"]))


def _mechanisms_caption(content: Content, incomplete: bool) -> str:
    """How to read the marks, and why some are missing if they are `incomplete`."""
    parts = [
        phrase(
            "How to read: each mark says by how much a measure falls (to the right of zero) or rises (to the "
            "left) when one mechanism is switched off and all else stays."
        )
    ]
    many = content.run.scenario.run.probe_replications
    if 0 < many < content.worlds:
        parts.append(phrase("Found in {many} of {count} worlds.", many=many, count=content.worlds))
    parts.append(interval_note(content))
    if incomplete:
        parts.append(
            phrase(
                "Where a mark is missing, the measure has no value or cannot be told from zero, so that "
                "nothing is a share of it."
            )
        )
    return sentences(parts)


def _mechanisms_layout(measures: list[str]) -> dict:
    """Layout of a desktop, a row for each measure."""
    return layout(
        66 * len(measures) + 110,
        hovermode="closest",
        xaxis=axis(
            phrase("Fall when switched off"),
            tickformat=".0%",
            zeroline=True,
            zerolinecolor=SOFT,
            zerolinewidth=1.5,
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
    colour = MECHANISM_COLOURS[place % len(MECHANISM_COLOURS)]
    words = [
        bold(measure_name(entry["measure"]))
        + BREAK
        + phrase(
            "without {mechanism}: {change}",
            mechanism=counterpart(entry["label"]),
            change=change(-entry["effect"], "", True, known(entry["high"]) - known(entry["low"])),
        )
        for entry in entries
    ]
    effects, lows, highs = ([known(entry[end]) for entry in entries] for end in ("effect", "low", "high"))
    figure.add_scatter(
        x=thin(effects),
        y=[-measures.index(entry["measure"]) - offset for entry in entries],
        mode="markers",
        name=counterpart(entries[0]["label"]),
        text=words,
        hovertemplate="%{text}<extra></extra>",
        marker={"color": colour, "size": 10, "symbol": PART_SYMBOLS[place % len(PART_SYMBOLS)]},
        error_x=whiskers(effects, lows, highs, color=colour, thickness=2, width=0),
    )
    figure.layout.annotations = [
        *figure.layout.annotations,
        *(
            _beside(_fall(entry), -measures.index(entry["measure"]) - offset, ends, colour)
            for entry, ends in zip(entries, zip(effects, lows, highs, strict=True), strict=True)
            if is_number(ends[0])
        ),
    ]


def _beside(text: str, y: float, ends: tuple[float, float, float], colour: str) -> dict:
    """A value beyond its interval, on the side that is farther from zero."""
    known_ends = [value for value in ends if is_number(value)]
    left = ends[0] < 0
    return {
        "x": min(known_ends) if left else max(known_ends),
        "y": y,
        "text": text,
        "xanchor": "right" if left else "left",
        "xshift": -8 if left else 8,
        "showarrow": False,
        "font": {"size": 11, "color": colour},
    }
