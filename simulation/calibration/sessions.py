"""A table of live sessions, as platforms export it, summarised into facts with their sampling error.

Each fact is a ratio of sums over sessions. Its 95% interval is that of a ratio of clustered totals: sessions
of one host are alike, so hosts are the clusters where there are five or more of them, and sessions else
(Cochran 1977, Sampling Techniques, chapter 6). The hosts are taken for a sample of the arm's merchants.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from ..errors import Problem
from ..languages.speaking import sentence
from ..scenario.fields import last_day
from ..scenario.reading.spreadsheets import Sheet

HEADINGS = {
    "host": "host anchor streamer account shop 直播间 主播 达人 账号 店铺 直播间名称 "
    "主播昵称 达人昵称 账号名称",
    "date": "date day start started 日期 时间 开播时间 开播日期 直播时间 直播日期",
    "hours": "hours duration length 时长 直播时长 开播时长",
    "visits": "views viewers visits visitors 观看 观看人数 观看人次 场观 观看次数 "
    "累计观看 累计观看人数 累计观看人次",
    "orders": "orders sold items 订单 订单数 成交订单数 成交件数 销量 成交人数",
    "sales": "sales gmv revenue 销售额 成交金额 成交额 支付金额 直播销售额",
    "followers": "followers newfollowers 涨粉 新增粉丝 新增粉丝数 涨粉数 新增关注",
    "arm": "arm platform 平台 渠道",
}
"""Headings by what they mean, without spaces, capitals and what stands in brackets."""
NUMBERS = ("hours", "visits", "orders", "sales", "followers")
TOTALS = {"合计", "总计", "小计", "汇总", "total", "sum", "totals", "grandtotal"}
FEWEST, FEWEST_CLUSTERS = 2, 5
NARROWEST = 0.02
"""Least half-width of a fact, as a share of it: no table is surer than how it was counted."""
Z = 1.959964
_BRACKETS = re.compile(r"[(（\[].*?[)）\]]|[\s_\-·/]")
_CLOCK = re.compile(r"(?:(\d+) days?,? )?(\d+):(\d{2})(?::(\d{2}))?")
_PARTS = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*(?:小时|时|h(?:ours?|r)?))?\s*(?:(\d+(?:\.\d+)?)\s*(?:分钟?|m(?:in(?:utes?)?)?))?"
    r"\s*(?:(\d+(?:\.\d+)?)\s*(?:秒|s(?:ec(?:onds?)?)?))?"
)


@dataclass(frozen=True)
class Ratio:
    """One fact that sessions tell: a sum over another, and the measure that is the same in the model."""

    name: str
    label: str
    above: str
    below: str
    measure: str
    unit: str
    over: str = ""


RATIOS = (
    Ratio("own_conversion", "Own orders per view", "orders", "visits", "conversion_rate", "orders / views"),
    Ratio("own_sales_per_view", "Own sales per view", "sales", "visits", "gmv_per_visit", "CNY / view"),
    Ratio("own_price", "Own price of an order", "sales", "orders", "gmv", "CNY / order", "orders"),
    Ratio(
        "own_views_per_session", "Own views of a session", "visits", "sessions", "visits_per_stream", "views"
    ),
    Ratio("own_sales_per_hour", "Own sales an hour", "sales", "hours", "gmv_per_hour", "CNY / hour"),
    Ratio(
        "own_new_followers",
        "Own new followers per view",
        "followers",
        "visits",
        "join_rate",
        "share of views",
    ),
)


@dataclass
class _Table:
    """Columns of sessions, by what they mean."""

    columns: dict[str, np.ndarray] = field(default_factory=dict)
    hosts: list[str] = field(default_factory=list)
    arms: list[str] = field(default_factory=list)
    dates: list[Any] = field(default_factory=list)


def meant(heading: str) -> str:
    """What a heading means, of `HEADINGS`; empty if nothing that is known."""
    plain = _BRACKETS.sub("", heading.lower())
    return next((name for name, words in HEADINGS.items() if plain in words.split()), "")


def are_sessions(columns: Sequence[str]) -> bool:
    """Whether a table with these headings is one of sessions: views, and orders or sales."""
    known = {meant(column) for column in columns}
    return "visits" in known and bool(known & {"orders", "sales"})


def summarised(sheet: Sheet, arms: Sequence[str] = ()) -> tuple[list[dict[str, Any]], list[Problem]]:
    """Facts that a table of sessions tells, as rows of a table of facts, and what is wrong with it.

    Parameters
    ----------
    sheet : Sheet
        One row a session; rows of totals are left out.
    arms : sequence of str
        Names that a column of arms may hold; where it has no such column they must be one.
    """
    table, problems = _read(sheet)
    if not problems and len(table.columns["visits"]) < FEWEST:
        found = sentence("{count} sessions", count=len(table.columns["visits"]))
        problems = [
            Problem(
                "facts",
                found,
                sentence("at least {fewest}, since a single one tells no spread", fewest=FEWEST),
            )
        ]
    if not problems and not table.arms and len(arms) != 1:
        allowed = sentence(
            "a column 'arm' (平台) that says of which: {arms}",
            arms=", ".join(arms) or sentence("an arm of the scenario"),
        )
        problems = [Problem("facts", "sessions without a column for the arm that they are of", allowed)]
    if problems:
        return [], problems
    rows = []
    of = table.arms or list(arms) * len(table.columns["visits"])
    for arm in dict.fromkeys(of):
        inside = np.array([one == arm for one in of])
        if inside.sum() >= FEWEST:
            suffix = f"_{arm}" if len(set(of)) > 1 else ""
            rows += [fact | {"id": fact["id"] + suffix} for fact in _facts(table, arm, inside)]
    return rows, []


def _read(sheet: Sheet) -> tuple[_Table, list[Problem]]:
    """The sheet's columns, with a problem for each cell that is no number (at most five)."""
    places: dict[str, int] = {}
    for place, heading in enumerate(sheet.columns):
        places.setdefault(meant(heading), place)
    places.pop("", None)
    rows = [(line, row) for line, row in zip(sheet.lines, sheet.rows, strict=True) if not _is_total(row)]
    table, problems = _Table(), list[Problem]()
    for name in NUMBERS:
        if name not in places:
            continue
        read = _hours(sheet.columns[places[name]]) if name == "hours" else _number
        values = []
        for line, row in rows:
            cell = row[places[name]] if places[name] < len(row) else ""
            values.append(read(cell))
            if math.isnan(values[-1]):
                heading = sheet.columns[places[name]]
                about = (
                    "a duration, as 2:15, 2h15m or 2小时15分" if name == "hours" else "a number, 0 or more"
                )
                found = (
                    sentence("'{cell}' in column '{heading}'", cell=cell, heading=heading)
                    if cell
                    else sentence("an empty cell in column '{heading}'", heading=heading)
                )
                problems.append(Problem("facts", found, about, line))
        table.columns[name] = np.array(values)
    table.columns["sessions"] = np.ones(len(rows))
    for name, column in (("host", table.hosts), ("arm", table.arms), ("date", table.dates)):
        if name in places:
            column += [row[places[name]] if places[name] < len(row) else "" for _, row in rows]
    return table, problems[:5]


def _is_total(row: list[str]) -> bool:
    return any(_BRACKETS.sub("", cell.lower()).rstrip(":：") in TOTALS for cell in row)


def _number(cell: str) -> float:
    """A number, 0 or more; missing if it is none."""
    try:
        number = float(cell)
    except ValueError:
        return math.nan
    return number if 0 <= number < math.inf else math.nan


def _hours(heading: str) -> Callable[[str], float]:
    """How durations under a heading are read: bare numbers in the unit that it names, hours if none."""
    unit = 1.0 / 60.0 if re.search(r"分|min", heading.lower()) else 1.0

    def read(cell: str) -> float:
        if not math.isnan(number := _number(cell)):
            return number * unit
        if clock := _CLOCK.fullmatch(cell):
            days, hours, minutes, seconds = (float(part or 0) for part in clock.groups())
            return 24 * days + hours + minutes / 60 + seconds / 3600
        parts = _PARTS.fullmatch(cell.strip().lower())
        if not cell or parts is None or not any(parts.groups()):
            return math.nan
        hours, minutes, seconds = (float(part or 0) for part in parts.groups())
        return hours + minutes / 60 + seconds / 3600

    return read


def ratio_with_error(above: np.ndarray, below: np.ndarray, cluster: np.ndarray) -> tuple[float, float]:
    """A ratio of sums and its standard error, of clusters.

    ``R = sum y / sum x``; with e the sums of ``y - R x`` by cluster, n of them,
    ``se = sqrt(n / (n - 1) sum e^2) / sum x``.
    """
    ratio = float(above.sum() / below.sum())
    rest = np.bincount(np.unique(cluster, return_inverse=True)[1], weights=above - ratio * below)
    many = len(rest)
    return ratio, math.sqrt(many / (many - 1) * float((rest**2).sum())) / float(below.sum())


def _facts(table: _Table, arm: str, inside: np.ndarray) -> list[dict[str, Any]]:
    """Facts of the sessions of one arm."""
    hosts = np.array(table.hosts or [""] * len(inside))[inside]
    by_host = len(set(hosts)) >= FEWEST_CLUSTERS
    cluster, of = (hosts, "hosts") if by_host else (np.arange(len(hosts)), "sessions")
    written = [last_day(re.split(r"[ T]", cell.replace("/", "-"))[0]) for cell in table.dates]
    days = [day for day, mine in zip(written, inside, strict=False) if mine and isinstance(day, date)]
    rows = []
    for asked in RATIOS:
        if not {asked.above, asked.below} <= table.columns.keys():
            continue
        above, below = table.columns[asked.above][inside], table.columns[asked.below][inside]
        if above.sum() <= 0 or below.sum() <= 0:
            continue
        found, error = ratio_with_error(above, below, cluster)
        half = max(Z * error, NARROWEST * found)
        rows.append(
            {
                "id": asked.name,
                "label": asked.label,
                "low": max(0.0, found - half),
                "high": found + half,
                "measure": asked.measure,
                "over": asked.over,
                "arm": arm,
                "reading": f"{asked.unit}, sums over sessions; 95% interval of {of}",
                "unit": f"{asked.unit}: {found:.4g}",
                "population": f"{len(hosts):,} sessions of {len(set(hosts)):,} hosts",
                "source": "own table of sessions",
                "use": "target",
                "why": "sampling error of the table",
            }
            | ({"date": max(days)} if days else {})
        )
    return rows
