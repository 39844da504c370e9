"""Figures about merchants: how unequal they are, and who makes a profit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....words import counted
from ...kit.colours import coloured
from ...kit.figure_text import BREAK, bold
from ...kit.names import FEW, NamedArm
from ...kit.style import (
    PART_COLOURS,
    PART_SYMBOLS,
    PHONE,
    SOFT,
    WIDE,
    Exhibit,
    View,
    arm_dash,
    axis,
    layout,
    panel_axes,
    panels,
    thin,
    with_legend,
)
from ...kit.words import fixed, percent, whole
from ..content import Content

POINTS = 1500
"""Merchants drawn at most, all platforms together."""
MANY_FANS, MONTH = 1000, 30
LINEAR_CNY = 1000.0
"""Profits nearer to zero than this are drawn on a nearly straight scale, others on a logarithmic."""
PROFIT_TICKS = (-100_000, -10_000, -1_000, 0, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
FAN_TICKS = (0, 10, 100, 1_000, 10_000, 100_000, 1_000_000)
HOVER_COLUMNS = ("name", "merchant", "starting_fans", "fans", "visits", "orders", "profit")
GRID_POINTS = 100
MANY_PANELS = 6


def inequality_exhibit(content: Content) -> Exhibit:
    """Lorenz curves of audience and sales, and the same from the largest merchant down."""
    caption = (
        "How to read: merchants are lined up by size; the curve says what share of the whole the "
        "smallest (or largest) of them hold together. Were all alike, it would be the thin grey line."
    )
    views = [
        view
        for column, label in (("visits", "audience"), ("gmv", "sales"))
        for largest in (False, True)
        if (view := _inequality_view(content, column, label, largest))
    ]
    missing = "" if views else "No merchant had any audience, so there is nothing to share out."
    return Exhibit("inequality", "Who gets the audience", caption, views, missing, "Share of")


def _inequality_view(content: Content, column: str, label: str, largest: bool) -> View | None:
    curves = {arm: curve for arm in content.arms if (curve := _curve(content, arm, column, largest))}
    if not curves:
        return None
    across = "Merchants, the largest first (log scale)" if largest else "Merchants, the smallest first"
    scale = {"type": "log", "dtick": 1} if largest else {"range": [0, 1.01]}
    figure = go.Figure(
        layout=layout(
            with_legend(420, [arm.label for arm in curves], WIDE),
            hovermode="x unified",
            xaxis=axis(across, tickformat="~%", **scale),
            yaxis=axis(f"Share of all {label}", tickformat=".0%", range=[0, 1.02]),
        )
    )
    for arm, (shares, held) in curves.items():
        figure.add_scatter(
            x=thin(shares),
            y=thin(held),
            mode="lines",
            name=arm.label,
            line={"color": arm.colour, "width": 2.2, "dash": arm_dash(arm.place)},
            hovertemplate="%{y:.1%}",
        )
    even = [float(share) for share in next(iter(curves.values()))[0]]
    figure.add_scatter(
        x=thin(even),
        y=thin(even),
        mode="lines",
        showlegend=False,
        hoverinfo="skip",
        line={"color": SOFT, "width": 1},
    )
    tenths = {arm: _largest_tenth(content, arm, column) for arm in curves}
    spread = content.names.across(tenths, percent)
    finding = f"Share of all {label} of the largest tenth of merchants: {spread}"
    order = "largest first" if largest else "Lorenz curve"
    narrow = {"height": with_legend(380, [arm.label for arm in curves], PHONE)}
    return View(f"{label.capitalize()}, {order}", finding, figure, narrow)


def _worlds(content: Content, arm: NamedArm, column: str) -> list[np.ndarray]:
    """Amounts of merchants in ascending order, world by world, where there are any."""
    rows = content.merchants(arm)
    sorted_ = [np.sort(world[column].to_numpy(float)) for _, world in rows.groupby("replicate")]
    return [amounts for amounts in sorted_ if amounts.sum() > 0]


def _curve(
    content: Content, arm: NamedArm, column: str, largest: bool
) -> tuple[np.ndarray, np.ndarray] | None:
    """Shares of merchants and what they hold together, the mean over worlds."""
    worlds = _worlds(content, arm, column)
    if not worlds:
        return None
    least = 1.0 / min(len(amounts) for amounts in worlds)
    grid = (
        np.geomspace(least, 1.0, GRID_POINTS)
        if largest
        # The curve bends where the largest are, so points stand closer there.
        else 1.0 - np.concatenate([np.geomspace(1.0, least / 2, GRID_POINTS), [0.0]])
    )
    held = []
    for amounts in worlds:
        ordered = amounts[::-1] if largest else amounts
        shares = np.arange(len(ordered) + 1) / len(ordered)
        held.append(np.interp(grid, shares, np.concatenate([[0.0], ordered.cumsum() / ordered.sum()])))
    return grid, np.mean(held, axis=0)


def _largest_tenth(content: Content, arm: NamedArm, column: str) -> float:
    worlds = _worlds(content, arm, column)
    return float(
        np.mean([amounts[-max(1, round(len(amounts) / 10)) :].sum() / amounts.sum() for amounts in worlds])
    )


def profit_exhibit(content: Content) -> Exhibit:
    """Profit against starting fans, one dot per merchant, one panel per platform."""
    first = {
        arm: rows[rows["replicate"] == rows["replicate"].min()]
        for arm in content.arms
        if len(rows := content.merchants(arm))
    }
    most = max(POINTS // max(len(first), 1), 1)
    sampled = {arm: rows.sample(min(most, len(rows)), random_state=0) for arm, rows in first.items()}
    part = "a sample of merchants" if any(len(rows) > most for rows in first.values()) else "all merchants"
    caption = (
        f"How to read: each dot is a merchant ({part} of the first world); right is more fans at the "
        "start, up is more profit over the whole run in CNY. Both scales are logarithmic but pass "
        "through zero. Hover for the merchant's numbers. Shares in the title are of merchants who opened at "
        "least 30 days before the end, in all worlds."
    )
    if not sampled:
        return Exhibit("profit", "Who makes a profit", caption, [], "There were no merchants.")
    titles = [arm.label for arm in sampled]
    grid = (3, 380) if len(titles) <= MANY_PANELS else (4, 260)
    x, y = _fan_axis(list(sampled.values())), _profit_axis(list(sampled.values()))
    figure = go.Figure(layout=layout(0, hovermode="closest") | panels(titles, *grid, x, y))
    kinds = list(dict.fromkeys(kind for rows in sampled.values() for kind in rows["archetype"]))
    order = list(content.names.archetypes)
    marks = _marks(content)
    shown: set[str] = set()
    for panel, rows in enumerate(sampled.values()):
        for kind in sorted(kinds, key=order.index):
            chosen = rows[rows["archetype"] == kind]
            if len(chosen):
                called = chosen.assign(name=chosen["name"].map(content.names.named))
                _add_merchants(figure, called, panel, marks[kind], kind not in shown)
                shown.add(kind)
    narrow = panels(titles, 1, 300, x, y)
    return Exhibit(
        "profit", "Who makes a profit", caption, [View("", _profit_finding(content), figure, narrow)]
    )


def _bent(profit: np.ndarray | float) -> np.ndarray:
    """Profit on a scale that is straight near zero and logarithmic far from it."""
    return np.sign(profit) * np.log10(1.0 + np.abs(profit) / LINEAR_CNY)


def _fan_axis(tables: list[pd.DataFrame]) -> dict:
    most = max(float(rows["starting_fans"].max()) for rows in tables)
    ticks = [tick for tick in FAN_TICKS if tick <= max(most, 10)]
    return axis(
        "Starting fans",
        zeroline=False,
        tickvals=[float(np.log10(1 + tick)) for tick in ticks],
        ticktext=[_short(tick) for tick in ticks],
        range=[-0.15, float(np.log10(1 + max(most, 10))) + 0.15],
    )


def _profit_axis(tables: list[pd.DataFrame]) -> dict:
    low = min(float(rows["profit"].min()) for rows in tables)
    high = max(float(rows["profit"].max()) for rows in tables)
    ticks = [tick for tick in PROFIT_TICKS if 10 * low <= tick <= max(10 * high, 0)] or [0]
    return axis(
        "Profit (CNY)",
        tickvals=[float(_bent(tick)) for tick in ticks],
        ticktext=[_short(tick) for tick in ticks],
        zeroline=True,
        zerolinecolor=SOFT,
        zerolinewidth=1.5,
        range=[float(_bent(min(low, 0))) - 0.2, float(_bent(max(high, 0))) + 0.2],
    )


def _short(tick: int) -> str:
    size = abs(tick)
    text = f"{size // 1_000_000}M" if size >= 1_000_000 else f"{size // 1000}k" if size >= 1000 else str(size)
    return ("−" if tick < 0 else "") + text


def _marks(content: Content) -> dict[str, tuple[str, str, str]]:
    """Label, colour and symbol of each kind of merchant, by name."""
    labels = content.names.archetypes
    own = dict(zip(labels, PART_COLOURS, strict=False))
    colours = coloured({name: own.get(name, "") for name in labels})
    return {
        name: (label, colours[name], PART_SYMBOLS[place % len(PART_SYMBOLS)])
        for place, (name, label) in enumerate(labels.items())
    }


def _add_merchants(
    figure: go.Figure, rows: pd.DataFrame, panel: int, mark: tuple[str, str, str], legend: bool
) -> None:
    kind, colour, symbol = mark
    words = [
        bold(f"Merchant {merchant}, {kind}" if pd.isna(name) else f"{name} (merchant {merchant}, {kind})")
        + f"{BREAK}starting fans {whole(start)}{BREAK}fans at the end {whole(fans)}"
        f"{BREAK}visits {whole(visits)}{BREAK}orders {whole(orders)}{BREAK}profit {fixed(profit, 0)} CNY"
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
        showlegend=legend,
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


def _profit_finding(content: Content) -> str:
    """Shares in profit of those with and without fans, the mean over worlds.

    Of merchants who had 30 days, as in the measure of all of them (`profitable_merchant_share`).
    """
    shares: dict[NamedArm, tuple[float, float]] = {}
    for arm in content.arms:
        rows = content.merchants(arm)
        rows = rows[rows["arrival_day"] <= max(0, content.days - MONTH)]
        groups = [rows[rows["starting_fans"] >= MANY_FANS], rows[rows["starting_fans"] < MANY_FANS]]
        if all(len(group) for group in groups):
            many, few = (
                float((group["profit"] > 0).groupby(group["replicate"]).mean().mean()) for group in groups
            )
            shares[arm] = (many, few)
    if not shares:
        merchants = counted(content.run.scenario.world.merchants, "merchant")
        return f"Profit of {merchants} against their starting fans"
    names = content.names
    if len(shares) > FEW:
        ends = [names.across({arm: pair[side] for arm, pair in shares.items()}, percent) for side in (0, 1)]
        return (
            f"Who makes a profit: of merchants with at least {MANY_FANS:,} starting fans {ends[0]}; "
            f"of others {ends[1]}"
        )
    parts = [
        f"{names.on(arm.label)} {percent(many)} and {percent(few)}" for arm, (many, few) in shares.items()
    ]
    parts[0] = (
        parts[0].replace(" and ", f" of merchants with at least {MANY_FANS:,} starting fans and ", 1)
        + " of others"
    )
    return f"Who makes a profit: {'; '.join(parts)}"
