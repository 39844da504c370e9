"""The figure of who makes a profit, merchant by merchant."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ...languages.speaking import phrase, sentences
from ..kit.figure_text import BREAK, bold
from ..kit.names import NamedArm
from ..kit.style import (
    INK,
    PAPER,
    PART_SYMBOLS,
    SOFT,
    Exhibit,
    View,
    axis,
    faded,
    layout,
    panel_axes,
    panels,
    thin,
)
from ..kit.tables.data_table import NOTHING, Cell, DataTable, value_cell
from ..kit.words import fixed, is_number, percent, short, whole
from .content import Content
from .telling import measured, spread

POINTS = 1500
"""Merchants drawn at most, all platforms together."""
MANY_FANS, MONTH = 1000, 30
LINEAR_CNY = 1000.0
"""Profits nearer to zero than this are drawn on a nearly straight scale, others on a logarithmic."""
PROFIT_TICKS = (-100_000, -10_000, -1_000, 0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
FAN_TICKS = (0, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
HOVER_COLUMNS = ("name", "merchant", "starting_fans", "fans", "visits", "orders", "profit")
MANY_PANELS = 6
PHONE, AROUND, TICK = 300, 80, 18.0
"""Height of a panel on a phone, what of it is no plot, and height of a tick's number, in pixels."""


def profit_exhibit(content: Content) -> Exhibit:
    """Profit against starting fans, one dot per merchant, one panel per platform."""
    first = {
        arm: rows[rows["replicate"] == rows["replicate"].min()]
        for arm in content.arms
        if len(rows := content.merchants(arm))
    }
    most = max(POINTS // max(len(first), 1), 1)
    sampled = {arm: rows.sample(min(most, len(rows)), random_state=0) for arm, rows in first.items()}
    sampled_some = any(len(rows) > most for rows in first.values())
    caption = sentences(
        [
            phrase("How to read: each mark is a merchant, of a sample of those of the first world.")
            if sampled_some
            else phrase("How to read: each mark is a merchant of the first world."),
            phrase(
                "Right is more fans at the start, up is more profit over the whole run. Both scales are "
                "logarithmic but pass through zero. Shares are of merchants who opened at least 30 days "
                "before the end, in all worlds."
            ),
        ]
    )
    topic = phrase("Who makes a profit")
    if not sampled:
        return Exhibit("profit", topic, caption, [], phrase("There were no merchants."))
    titles = [arm.label for arm in sampled]
    grid = (3, 380) if len(titles) <= MANY_PANELS else (4, 260)
    tables = list(sampled.values())
    x, y, low = _fan_axis(tables), _profit_axis(tables, grid[1]), _profit_axis(tables, PHONE)
    figure = go.Figure(layout=layout(0, hovermode="closest") | panels(titles, *grid, x, y))
    kinds = list(dict.fromkeys(kind for rows in sampled.values() for kind in rows["archetype"]))
    order = list(content.names.archetypes)
    for kind in sorted(kinds, key=order.index):
        label, symbol = content.names.archetypes[kind], PART_SYMBOLS[order.index(kind) % len(PART_SYMBOLS)]
        _add_legend(figure, label, symbol)
        for panel, (arm, rows) in enumerate(sampled.items()):
            chosen = rows[rows["archetype"] == kind]
            if len(chosen):
                called = chosen.assign(name=chosen["name"].map(content.names.named))
                _add_merchants(figure, called, panel, (label, arm.colour, symbol))
    narrow = panels(titles, 1, PHONE, x, low)
    shares = {arm: _shares_in_profit(content, arm) for arm in sampled}
    notes = [note for panel, arm in enumerate(sampled) for note in _noted(panel, shares[arm])]
    figure.layout.annotations = [*figure.layout.annotations, *notes]
    narrow["annotations"] = [*narrow["annotations"], *notes]
    worlds = {arm: measured(content, "profitable_merchant_share")[arm] for arm in sampled}
    finding = spread(content, phrase("Merchants who make a profit"), worlds, percent)
    view = View("", finding, figure, narrow, data=_profit_table(content, shares), better=1)
    return Exhibit("profit", topic, caption, [view])


def _noted(panel: int, shares: tuple[float, float, float]) -> list[dict]:
    """Shares in profit, in the upper left corner of a panel."""
    axes = panel_axes(panel)
    lines = [
        phrase("in profit: {share}", share=_percent(shares[0])),
        phrase("{count} starting fans or more: {share}", count=whole(MANY_FANS), share=_percent(shares[1])),
        phrase("fewer: {share}", share=_percent(shares[2])),
    ]
    return [
        {
            "text": BREAK.join(lines),
            "x": 0.02,
            "y": 0.99,
            "xref": f"{axes['xaxis']} domain",
            "yref": f"{axes['yaxis']} domain",
            "xanchor": "left",
            "yanchor": "top",
            "align": "left",
            "showarrow": False,
            "font": {"size": 12, "color": INK},
            "bgcolor": faded(PAPER, 0.85),
        }
    ]


def _percent(share: float) -> str:
    return percent(share) if is_number(share) else NOTHING


def _shares_in_profit(content: Content, arm: NamedArm) -> tuple[float, float, float]:
    """Shares in profit of all merchants, of those with many fans at the start, and of the others.

    Means over worlds, of merchants who had 30 days, as in the measure of all of them.
    """
    rows = content.merchants(arm)
    rows = rows[rows["arrival_day"] <= max(0, content.days - MONTH)]
    many = rows["starting_fans"] >= MANY_FANS
    groups = [rows[many], rows[~many]]
    found = [
        float((group["profit"] > 0).groupby(group["replicate"]).mean().mean()) if len(group) else math.nan
        for group in groups
    ]
    return content.level(arm.name, "profitable_merchant_share"), found[0], found[1]


def _profit_table(content: Content, shares: dict[NamedArm, tuple[float, float, float]]) -> DataTable:
    """Shares in profit and median profits, by arm and kind of merchant, in all worlds."""
    rows: list[tuple[str, list[Cell]]] = []
    groups = (
        phrase("all merchants"),
        phrase("{count} starting fans or more", count=whole(MANY_FANS)),
        phrase("fewer"),
    )
    for arm, found in shares.items():
        for group, share in zip(groups, found, strict=True):
            cells = [value_cell(share, "share"), Cell(NOTHING), Cell(NOTHING)]
            rows.append((phrase("{label}: {arm}", label=arm.label, arm=group), cells))
        merchants = content.merchants(arm)
        for kind, label in content.names.archetypes.items():
            of = merchants[merchants["archetype"] == kind]
            if len(of):
                number = len(of) / content.worlds
                middle = float(of["profit"].median())
                cells = [
                    value_cell(float((of["profit"] > 0).mean()), "share"),
                    Cell(f"{fixed(middle, 0)}", (middle,)),
                    Cell(f"{fixed(number, 1)}", (number,)),
                ]
                rows.append((phrase("{label}: {arm}", label=arm.label, arm=label), cells))
    head = [
        phrase("Merchants"),
        phrase("In profit"),
        phrase("Median profit (CNY)"),
        phrase("Merchants a world"),
    ]
    return DataTable(phrase("Who makes a profit, all worlds"), head, rows)


def _bent(profit: np.ndarray | float) -> np.ndarray:
    """Profit on a scale that is straight near zero and logarithmic far from it."""
    return np.sign(profit) * np.log10(1.0 + np.abs(profit) / LINEAR_CNY)


def _fan_axis(tables: list[pd.DataFrame]) -> dict:
    most = max(float(rows["starting_fans"].max()) for rows in tables)
    ticks = [tick for tick in FAN_TICKS if tick <= max(most, 10)]
    return axis(
        phrase("Starting fans"),
        zeroline=False,
        tickvals=[float(np.log10(1 + tick)) for tick in ticks],
        ticktext=[_short(tick) for tick in ticks],
        range=[-0.15, float(np.log10(1 + max(most, 10))) + 0.15],
    )


def _profit_axis(tables: list[pd.DataFrame], height: int) -> dict:
    """The axis of profits in panels that are `height` pixels high, with as many ticks as have room there."""
    low = min(float(rows["profit"].min()) for rows in tables)
    high = max(float(rows["profit"].max()) for rows in tables)
    # Room above for the shares in profit.
    ends = [float(_bent(min(low, 0))) - 0.2, float(_bent(max(high, 0))) + 1.3]
    inside = [tick for tick in PROFIT_TICKS if 10 * low <= tick <= max(10 * high, 0)]
    ticks = ticks_apart(inside, TICK / (height - AROUND) * (ends[1] - ends[0]))
    return axis(
        phrase("Profit (CNY)"),
        tickvals=[float(_bent(tick)) for tick in ticks],
        ticktext=[_short(tick) for tick in ticks],
        zeroline=True,
        zerolinecolor=SOFT,
        zerolinewidth=1.5,
        range=ends,
    )


def ticks_apart(ticks: list[int], least: float) -> list[int]:
    """Zero, and those of `ticks` that lie at least so far from it and from each other, the farthest first."""
    kept = [0]
    for tick in sorted(ticks, key=lambda tick: -abs(tick)):
        if all(abs(float(_bent(tick) - _bent(other))) >= least for other in kept):
            kept.append(tick)
    return sorted(kept)


def _short(tick: int) -> str:
    return ("−" if tick < 0 else "") + short(abs(tick))


def _add_legend(figure: go.Figure, label: str, symbol: str) -> None:
    """A kind of merchant, known by its mark; the colour is the platform's."""
    figure.add_scatter(
        x=[None],
        y=[None],
        mode="markers",
        name=label,
        legendgroup=label,
        hoverinfo="skip",
        marker={"color": SOFT, "size": 9, "symbol": symbol},
    )


def _add_merchants(figure: go.Figure, rows: pd.DataFrame, panel: int, mark: tuple[str, str, str]) -> None:
    kind, colour, symbol = mark
    words = [
        bold(
            phrase("Merchant {number}, {kind}", number=merchant, kind=kind)
            if pd.isna(name)
            else phrase("{name} (merchant {number}, {kind})", name=name, number=merchant, kind=kind)
        )
        + BREAK
        + BREAK.join(
            [
                phrase("starting fans {count}", count=whole(start)),
                phrase("fans at the end {count}", count=whole(fans)),
                phrase("visits {count}", count=whole(visits)),
                phrase("orders {count}", count=whole(orders)),
                phrase("profit {amount} CNY", amount=fixed(profit, 0)),
            ]
        )
        for name, merchant, start, fans, visits, orders, profit in zip(
            *(rows[name].tolist() for name in HOVER_COLUMNS), strict=True
        )
    ]
    figure.add_scatter(
        x=thin(np.log10(1.0 + rows["starting_fans"].to_numpy(float))),
        y=thin(_bent(rows["profit"].to_numpy(float))),
        **panel_axes(panel),
        mode="markers",
        name=kind,
        legendgroup=kind,
        showlegend=False,
        text=words,
        hovertemplate="%{text}<extra></extra>",
        marker={
            "color": colour,
            "size": 6.5,
            "opacity": 0.75,
            "symbol": symbol,
            "line": {"width": 0.5, "color": "white"},
        },
    )
