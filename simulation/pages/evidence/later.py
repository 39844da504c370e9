"""What was foretold beside what was published later: rows, a picture that needs no script, and quarters."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from markupsafe import Markup

from ...languages.speaking import counterpart, own_entry, phrase
from ...measures.registry import FORETOLD, MEASURES
from ...resources import PLATFORMS_FOLDER
from ...validation.foretelling.foretold import SHARE, WHOLE, Published
from ...words import plain
from ..kit.first_screen import LEFT, LINE, ROW, Sheet, label_lines, on_every_sheet
from ..kit.names import measure_name
from ..kit.words import amount, fixed, is_number, percent

BOTTOM = 24.0
WRONG_START = 0.1
"""A share that was off by more than this when it was last known was not foretold, whatever came."""
MONTHS_SHOWN = "Q4"
"""Quarters in the table: the last of each year."""


@dataclass(frozen=True)
class LaterRow:
    """A figure published later, beside the worlds that did not know it.

    Attributes
    ----------
    title : str
    low, high : float
        Of the figure.
    median, lowest, highest : float
        Of the worlds: nine in ten lie between.
    hit : bool
    away : float
        The median less the nearest end of the figure, 0 within it.
    as_before : float
        What it would be if all had stayed as last known; missing if nothing was known.
    start : float
        What the worlds had when that was known.
    what_if : float
        The median with the later change of a platform; missing without one.
    kind, reading, source : str
    """

    title: str
    low: float
    high: float
    median: float
    lowest: float
    highest: float
    hit: bool
    away: float
    as_before: float
    start: float
    what_if: float
    kind: str
    reading: str
    source: str

    def said(self, value: float) -> str:
        """A value in the unit of the figure."""
        return fixed(value, 2) if self.kind == "change" else percent(value)

    @property
    def published(self) -> str:
        """The figure."""
        return phrase("{low} to {high}", low=self.said(self.low), high=self.said(self.high))

    @property
    def interval(self) -> str:
        """What nine in ten worlds lie between."""
        return phrase("{low} to {high}", low=self.said(self.lowest), high=self.said(self.highest))

    @property
    def counts(self) -> bool:
        """Whether it is a hit that counts: one from a start that was as wrong as this is luck."""
        known = is_number(self.start) and is_number(self.as_before)
        return self.hit and not (known and abs(self.start - self.as_before) > WRONG_START)

    @property
    def verdict(self) -> str:
        """Hit, or on which side it is missed."""
        if self.counts:
            return phrase("hit")
        if self.hit:
            return phrase("no hit: right by luck, from {start} in 2020", start=self.said(self.start))
        return phrase("missed, too high") if self.lowest > self.high else phrase("missed, too low")

    @property
    def distance(self) -> str:
        """How far the median lies from the figure."""
        if self.away == 0:
            return phrase("within it")
        if self.kind == "change":
            return fixed(self.away, 2, sign=True)
        return phrase("{points} points", points=fixed(100 * self.away, 1, sign=True))

    @property
    def against_before(self) -> str:
        """Whether the median or what was last known comes nearer; empty where nothing was known."""
        if not is_number(self.as_before):
            return phrase("nothing known before")
        then = self.as_before - min(max(self.as_before, self.low), self.high)
        said = self.said(self.as_before)
        if abs(self.away) < abs(then):
            return phrase("{value}: farther off", value=said)
        return phrase("{value}: nearer", value=said) if abs(then) < abs(self.away) else said


def later_rows(beside: pd.DataFrame | None, published: list[Published]) -> list[LaterRow]:
    """One row per figure that something in the model speaks to, in the order of the file."""
    if beside is None or beside.empty:
        return []
    arms = list(dict.fromkeys(beside["arm"]))
    known = {arm: beside[beside["arm"] == arm].set_index("id") for arm in arms}
    main, other = known[arms[0]], known[arms[1]] if len(arms) > 1 else None
    rows = []
    for entry in published:
        if entry.id not in main.index:
            continue
        row = main.loc[entry.id]
        rows.append(
            LaterRow(
                _own(entry, "label"),
                float(row["published_low"]),
                float(row["published_high"]),
                float(row["median"]),
                float(row["low"]),
                float(row["high"]),
                bool(row["hit"]),
                float(row["distance"]),
                float(row["as_before"]),
                float(row["start"]),
                float("nan") if other is None else float(other.loc[entry.id, "median"]),
                entry.kind,
                _own(entry, "reading"),
                entry.source,
            )
        )
    return rows


def not_compared(published: list[Published]) -> list[dict[str, str]]:
    """What was published and nothing speaks to, and why."""
    return [
        {
            "title": _own(entry, "label"),
            "figure": counterpart(entry.figure),
            "why": _own(entry, "reading"),
            "source": entry.source,
        }
        for entry in published
        if not entry.kind
    ]


def _own(entry: Published, name: str) -> str:
    return own_entry(entry.model_dump(), name)


def later_picture(rows: list[LaterRow]) -> Markup:
    """SVG: of each share the figure as a band, the worlds as a line with the median as a dot, 0 to 100%."""
    shown = [row for row in rows if row.kind != "change"]
    if not shown:
        return Markup("")
    lines = [phrase("{label}: {value}", label=row.title, value=row.verdict) for row in shown]
    return on_every_sheet(lambda sheet: _drawn_on(sheet, shown), counterpart("; ").join(lines), "later")


def _drawn_on(sheet: Sheet, rows: list[LaterRow]) -> tuple[float, Markup]:
    """How high the picture is on a sheet, and what is in it."""

    def at(share: float) -> float:
        return LEFT + min(max(share, 0.0), 1.0) * (sheet.width - 2 * LEFT)

    top, parts = 6.0, []
    for row in rows:
        lines = sheet.lines(f"{'✓' if row.counts else '✗'} {row.title}")
        further = LINE * (len(lines) - 1)
        parts.append(_drawn(row, top + further, at, label_lines(lines, LEFT, top + 16)))
        top += ROW + further
    return top + BOTTOM, _ticks(top + BOTTOM, at) + Markup("").join(parts)


def _ticks(height: float, at: Callable[[float], float]) -> Markup:
    line = Markup('<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{:.0f}"/>')
    text = Markup('<text class="tick" x="{:.1f}" y="{:.0f}" text-anchor="{}">{}%</text>')
    return Markup("").join(
        line.format(height - BOTTOM + 4, x=at(tick / 100))
        + text.format(at(tick / 100), height - 6, _side(tick), tick)
        for tick in (0, 25, 50, 75, 100)
    )


def _side(tick: int) -> str:
    return {0: "start", 100: "end"}.get(tick, "middle")


def _drawn(row: LaterRow, top: float, at: Callable[[float], float], label: Markup) -> Markup:
    middle = top + 30
    kind = "gain" if row.counts else "loss"
    band = Markup('<rect class="published" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="13"/>').format(
        at(row.low), middle - 6.5, max(at(row.high) - at(row.low), 3.0)
    )
    line = Markup('<line class="span" x1="{:.1f}" x2="{:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>').format(
        at(row.lowest), at(row.highest), y=middle
    )
    dot = Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="5"/>').format(at(row.median), middle)
    return Markup('<g class="{}">{}</g>').format(kind, label + band + line + dot)


def platform_label(name: str) -> str:
    """What a platform that comes with the project is called; other ones by name."""
    file = PLATFORMS_FOLDER / f"{name}.toml"
    return (
        own_entry(tomllib.loads(file.read_text(encoding="utf-8")), "label") if file.is_file() else plain(name)
    )


def quarter_table(table: pd.DataFrame) -> dict[str, Any]:
    """What is foretold of the last quarter of each year: heads, and rows of a name and its values.

    Parameters
    ----------
    table : DataFrame
        See `foretelling.foretold_table`.
    """
    rows = table[(table["arm"] == table["arm"].iloc[0]) & table["quarter"].str.endswith(MONTHS_SHOWN)]
    quarters = list(dict.fromkeys(rows["quarter"]))
    wanted = [
        (SHARE, name, platform_label(name)) for name in dict.fromkeys(rows["platform"]) if name != WHOLE
    ]
    wanted += [(name, WHOLE, measure_name(name)) for name in FORETOLD]
    found = {(row["measure"], row["platform"], row["quarter"]): row for row in rows.to_dict("records")}
    lines = []
    for measure, platform, label in wanted:
        unit = "share" if measure == SHARE else MEASURES[measure].unit
        cells = [_cell(found.get((measure, platform, quarter)), unit) for quarter in quarters]
        title = (
            phrase("{label}: {arm}", label=phrase("Share of sales"), arm=label) if measure == SHARE else label
        )
        lines.append((title, cells))
    return {"quarters": quarters, "lines": lines}


def _cell(row: dict[Any, Any] | None, unit: str) -> str:
    if row is None:
        return "–"
    middle, low, high = (amount(float(row[name]), unit) for name in ("median", "low", "high"))
    return f"{middle} ({phrase('{low} to {high}', low=low, high=high)})"
