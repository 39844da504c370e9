"""Several platforms in one market: who has the visits, sales, users and stores."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import counterpart, listing, phrase, sentences, template
from ...kit.day_marks import mark_panels, marks_in
from ...kit.names import NamedArm
from ...kit.periods import WEEK, broken, by_period, period_cuts, seen_alone, split_periods
from ...kit.style import (
    Exhibit,
    View,
    arm_dash,
    axis,
    layout,
    number_ticks,
    panel_axes,
    panel_columns,
    panels,
    phone_panel,
    thin,
)
from ...kit.tables.data_table import DataTable, value_cell
from ...kit.words import percent, three_digits
from ..content import Content
from .channels import (
    SHARES_OF_VISITS,
    STACKED,
    add_share_labels,
    add_shares,
    arm_periods,
    mean_shares,
    new_periods,
    room_for_legend,
    shares_table,
    whole_shares,
)

MONTH, HEIGHT = 30, 250
"""Days of a month, and height of a panel on a desktop in pixels."""
MOST_PANELS = 8
STOCKS = (
    ("users", template("Users"), "persons"),
    ("stores", template("Stores open"), "stores"),
    ("gmv", template("Sales a day"), "CNY"),
)
"""Columns of platforms' days, with their labels and units."""
FAR_APART = 20.0


@dataclass(frozen=True)
class Shared:
    """What platforms share out among them: a column of their days, its measure, and how it is told."""

    column: str
    measure: str
    label: str
    one_leads: str
    several_lead: str
    nothing: str
    caption: str


SHARED = (
    Shared(
        "visits",
        "visit_share",
        template("Share of visits"),
        template("{platform} has the most visits: {values}"),
        template("Most visits: {platforms}"),
        template("Nobody visited a room in the last 30 days"),
        SHARES_OF_VISITS,
    ),
    Shared(
        "gmv",
        "market_share",
        template("Share of sales"),
        template("{platform} sells most: {values}"),
        template("Sell most: {platforms}"),
        template("Nobody sold anything in the last 30 days"),
        template("Shares of sales, means over worlds"),
    ),
)


def market_arms(content: Content) -> list[NamedArm]:
    """Arms with several platforms, as many as are drawn."""
    several = {arm.name for arm in content.run.scenario.arms if len(arm.platforms) > 1}
    return [arm for arm in content.arms if arm.name in several][:MOST_PANELS]


def launches(content: Content, arm: NamedArm) -> dict[str, int]:
    """Launch days of an arm's platforms by name."""
    found = content.run.scenario.arm(arm.name)
    return {platform.name: platform.launch_day for platform in found.all_platforms} if found else {}


def shares_exhibit(content: Content) -> Exhibit | None:
    """Each platform's share of visits and of sales over time, one panel per arm; None without a market."""
    arms = market_arms(content)
    if not arms:
        return None
    caption = sentences(
        [
            phrase(
                "How to read: the colours share out all visits of the market, or all its sales, among its "
                "platforms."
            ),
            phrase("Numbers are shares over the whole run."),
            new_periods(content, arms),
            _left_out(content, arms),
        ]
    )
    views = [view for shared in SHARED if (view := _shares_view(content, arms, shared))]
    missing = "" if views else phrase("Nobody visited a room, so there is no market to share.")
    return Exhibit("shares", phrase("Who has the market"), caption, views, missing, phrase("Show"))


def _shares_view(content: Content, arms: list[NamedArm], shared: Shared) -> View | None:
    tables = {arm: _shares(content, arm, shared) for arm in arms}
    tables = {arm: table for arm, table in tables.items() if not table.empty}
    if not tables:
        return None
    x = axis(phrase("Day"), range=[0, content.days])
    y = axis(counterpart(shared.label), tickformat=".0%", range=[0, 1])
    titles = [arm.label for arm in tables]
    columns, low = panel_columns(len(titles)), phone_panel(len(titles), 200)
    figure = go.Figure(layout=layout(0, **STACKED) | panels(titles, columns, HEIGHT, x, y))
    for panel, (arm, table) in enumerate(tables.items()):
        for name in table.columns:
            add_shares(
                figure,
                panel,
                table[name],
                arm_periods(content, arm),
                content.names.platform_colours[name],
                legendgroup=name,
                name=content.names.platforms[name],
            )
    _add_legend(figure, content, filled=True)
    narrow = mark_panels(figure, panels(titles, 1, low, x, y), content, list(tables), columns, (HEIGHT, low))
    whole = {arm: whole_shares(content, content.platform_worlds(arm, shared.column)) for arm in tables}
    narrow = add_share_labels(figure, narrow, content, whole)
    narrow = room_for_legend(narrow)
    data = _ends_table(content, tables, whole, shared)
    return View(
        counterpart(shared.label), _shares_finding(content, tables, shared), figure, narrow, data=data
    )


def _ends_table(
    content: Content, tables: dict[NamedArm, pd.DataFrame], whole: dict[NamedArm, pd.Series], shared: Shared
) -> DataTable:
    """Shares over the whole run and by period, and those of the title."""
    table = shares_table(content, tables, whole, content.names.platforms, phrase("Platform"), shared.caption)
    last = [
        value_cell(content.level(arm.name, f"{shared.measure}_{name}"), "share")
        for arm, shares in tables.items()
        for name in shares.columns
    ]
    rows = [(label, [*cells, cell]) for (label, cells), cell in zip(table.rows, last, strict=True)]
    return DataTable(table.caption, [*table.head, phrase("Last 30 days")], rows)


def _left_out(content: Content, arms: list[NamedArm]) -> str:
    several = [arm for arm in content.run.scenario.arms if len(arm.platforms) > 1]
    if len(several) <= len(arms):
        return ""
    return phrase("Arms drawn: {drawn} of {count}.", drawn=len(arms), count=len(several))


def _place(content: Content, platform: str) -> int:
    return list(content.names.platforms).index(platform)


def _shares(content: Content, arm: NamedArm, shared: Shared) -> pd.DataFrame:
    """Share of each platform in visits or sales by period."""
    return mean_shares(content.platform_worlds(arm, shared.column), arm_periods(content, arm))


def _shares_finding(content: Content, tables: dict[NamedArm, pd.DataFrame], shared: Shared) -> str:
    """Who is largest at the end, and how the platform that opens late fares."""
    labels = content.names.platforms
    ends = {
        arm: pd.Series({name: content.level(arm.name, f"{shared.measure}_{name}") for name in table})
        for arm, table in tables.items()
    }
    ends = {arm: shares for arm, shares in ends.items() if shares.notna().any()}
    if not ends:
        return phrase(shared.nothing)
    largest = {arm: str(share.idxmax()) for arm, share in ends.items()}
    leaders = set(largest.values())
    if len(leaders) == 1:
        leader = leaders.pop()
        spread = content.names.across({arm: float(share[leader]) for arm, share in ends.items()}, percent)
        said = phrase(shared.one_leads, platform=labels[leader], values=spread)
    else:
        leader = ""
        kinds = [
            phrase("{platform} {where}", platform=labels[name], where=content.names.on(arm.label))
            for arm, name in list(largest.items())[:4]
        ]
        said = phrase(shared.several_lead, platforms=listing(kinds))
    late = [name for name in labels if any(launches(content, arm).get(name, 0) > 0 for arm in ends)]
    parts = [said]
    for name in late[:1]:
        if name != leader:
            values = {arm: float(share[name]) for arm, share in ends.items() if name in share}
            parts.append(
                phrase(
                    "{platform}, which opens later, has {values}",
                    platform=labels[name],
                    values=content.names.across(values, percent),
                )
            )
    told = counterpart("; ").join(parts)
    if content.days_counted > MONTH:
        return phrase("In the last 30 days {said}", said=told)
    return phrase("Over the run {said}", said=told)


def _add_legend(figure: go.Figure, content: Content, filled: bool) -> None:
    """Each platform once, whichever panels have it."""
    for place, (name, label) in enumerate(content.names.platforms.items()):
        colour = content.names.platform_colours[name]
        line = {"width": 8, "color": colour} if filled else _line(place, colour)
        figure.add_scatter(
            x=[None], y=[None], mode="lines", name=label, legendgroup=name, hoverinfo="skip", line=line
        )


def _line(place: int, colour: str) -> dict[str, Any]:
    """How the platform at that place is drawn as a line."""
    return {"color": colour, "width": 2.2, "dash": arm_dash(place)}


def stocks_exhibit(content: Content) -> Exhibit | None:
    """Users, stores and sales of each platform over time; None without a market."""
    arms = market_arms(content)
    if not arms:
        return None
    caption = sentences(
        [
            phrase(
                "How to read: one line per platform, the mean over worlds. Users visited a room of the "
                "platform in the last 30 days; somebody who uses two platforms counts on both, and so does a "
                "merchant with two stores. Sales are the mean of the days since the point before. Lines are "
                "broken at dashed days, on which a platform opens or a policy begins or ends."
            ),
            _left_out(content, arms),
        ]
    )
    views = [view for stock in STOCKS if (view := _stock_view(content, arms, *stock))]
    missing = "" if views else phrase("No platform had users or stores.")
    topic = phrase("Users and stores of each platform")
    return Exhibit("stocks", topic, caption, views, missing, phrase("Show"))


def _stock_view(content: Content, arms: list[NamedArm], column: str, label: str, unit: str) -> View | None:
    tables = {arm: _sampled(content, arm, column) for arm in arms}
    tables = {arm: table for arm, table in tables.items() if np.nan_to_num(table.to_numpy()).any()}
    if not tables:
        return None
    ends = {arm: _end(content, arm, column) for arm in tables}
    means = np.concatenate([end[end > 0].to_numpy() for end in ends.values()])
    log = len(means) > 0 and float(means.max()) > FAR_APART * float(means.min())
    x = axis(phrase("Day"), range=[0, content.days])
    title = phrase("{measure} (CNY)", measure=counterpart(label)) if unit == "CNY" else counterpart(label)
    y = axis(
        phrase("{title}, log scale", title=title) if log else title,
        tickformat="~s",
        **({"type": "log", "dtick": 1} if log else {"rangemode": "tozero"}),
    )
    if log:
        top = _highest(tables)
        reach = float(np.log10(max(means.min() / 10, top / 1e4))), float(np.log10(top * 1.5))
        y |= {"range": list(reach)} | number_ticks(reach[0], reach[1], True)
    titles = [arm.label for arm in tables]
    y = _same(y, tables)
    columns, low = panel_columns(len(titles)), phone_panel(len(titles), 200)
    figure = go.Figure(layout=layout(0, hovermode="x unified") | panels(titles, columns, HEIGHT, x, y))
    for panel, (arm, table) in enumerate(tables.items()):
        cuts = period_cuts(marks_in(content, [arm]))
        for name in table.columns:
            shown = table[name].where(table[name] > 0) if log else table[name]
            days, values = broken([int(day) for day in shown.index], thin(shown.to_numpy()), cuts)
            figure.add_scatter(
                x=days,
                y=values,
                **panel_axes(panel),
                **seen_alone(values),
                legendgroup=name,
                name=content.names.platforms[name],
                showlegend=False,
                line=_line(_place(content, name), content.names.platform_colours[name]),
                hovertemplate="%{y:,.3~s}",
            )
    _add_legend(figure, content, filled=False)
    narrow = mark_panels(figure, panels(titles, 1, low, x, y), content, list(tables), columns, (HEIGHT, low))
    narrow = room_for_legend(narrow)
    finding = _stock_finding(content, counterpart(label), column, ends)
    data = _stock_table(content, counterpart(label), ends)
    return View(counterpart(label), finding, figure, narrow, data=data, better=1)


def _stock_table(content: Content, label: str, ends: dict[NamedArm, pd.Series]) -> DataTable:
    """What each platform has at the end, by arm."""
    names = [name for name in content.names.platforms if any(name in end for end in ends.values())]
    rows = [
        (arm.label, [value_cell(float(end.get(name, math.nan)), "") for name in names])
        for arm, end in ends.items()
    ]
    head = [phrase("Arm"), *(content.names.platforms[name] for name in names)]
    return DataTable(phrase("{measure} at the end, means over worlds", measure=label), head, rows)


def _end(content: Content, arm: NamedArm, column: str) -> pd.Series:
    """What each platform has at the end: users, stores on the last day, sales a day in the last month."""
    table = content.platforms(arm, column)
    if column == "users":
        return pd.Series({name: content.estimate(arm, f"users_{name}").mean for name in table})
    return table.iloc[-1] if column == "stores" else table.iloc[-MONTH:].mean()


def _sampled(content: Content, arm: NamedArm, column: str) -> pd.DataFrame:
    """A column of platforms at the ends of periods, and where each spell begins.

    Sales, which come day by day, are means over the period that ends there.
    """
    table = content.platforms(arm, column)
    cuts = period_cuts(marks_in(content, [arm]))
    periods = split_periods(content.days, WEEK if content.days >= 8 * WEEK else 1, cuts)
    if column != "gmv":
        return table.loc[sorted({end - 1 for _, end in periods} | {0, *cuts})]
    means = by_period(table, periods).div([end - first for first, end in periods], axis=0)
    return means.set_axis([end - 1 for _, end in periods])


def _highest(tables: dict[NamedArm, pd.DataFrame]) -> float:
    return max(float(np.nanmax(table.to_numpy())) for table in tables.values())


def _same(y: dict[str, Any], tables: dict[NamedArm, pd.DataFrame]) -> dict[str, Any]:
    """The same range in all panels, as only the first shows its numbers."""
    if "range" in y:
        return y
    top = 1.05 * _highest(tables)
    return y | {"range": [0, top]} | number_ticks(0.0, top)


def _stock_finding(content: Content, label: str, column: str, ends: dict[NamedArm, pd.Series]) -> str:
    """What each platform has at the end, from the least to the most over arms."""
    parts = []
    for name, title in content.names.platforms.items():
        values = [float(end[name]) for end in ends.values() if name in end]
        if not values:
            continue
        low, high = three_digits(min(values)), three_digits(max(values))
        if low == high:
            parts.append(phrase("{platform} {value}", platform=title, value=low))
        else:
            parts.append(phrase("{platform} {low} to {high}", platform=title, low=low, high=high))
    told = {"label": label, "values": listing(parts)}
    if column == "gmv":
        return phrase(
            "{label} in the last 30 days, from the arm with the least to that with the most: {values}", **told
        )
    return phrase(
        "{label} at the end of the run, from the arm with the least to that with the most: {values}", **told
    )
