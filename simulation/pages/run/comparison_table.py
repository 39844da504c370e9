"""The tables of platforms side by side and of paired comparisons, in natural units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...languages.speaking import counterpart, phrase, template
from ...runs.bounds import measure_unit
from ...runs.comparison import compare
from ..kit.names import NamedArm
from ..kit.words import amount, change, change_ends, fixed, is_number, known, precision_width, three_digits
from .content import Content
from .figures.platforms import LEAST

MEASURES = (
    "conversion_rate",
    "buyer_conversion",
    "gmv",
    "gmv_per_visit",
    "return_rate",
    "revisit_rate_7d",
    "revisit_rate_30d",
    "repurchase_rate_30d",
    "fans_back_31_60",
    "fan_half_life_days",
    "dau_mau",
    "repeat_gmv_share",
    "newcomer_first_week_visits",
    "counter_newcomer_first_week_visits",
    "days_to_first_order",
    "empty_room_share",
    "merchant_survival_90d",
    "profitable_merchant_share",
    "profit_per_merchant",
    "fan_dependence",
    "break_even_private_domain",
    "top1_audience_share",
    "top1pct_audience_share",
    "audience_gini",
    "gmv_gini",
    "crowded_unconverting_share",
    "visits",
    "orders",
    "fans_gained",
    "fans_lost",
    "private_traffic_share",
    "outside_share",
    "k_factor",
    "loop_gain",
    "unreached_demand_share",
)
MARKET_MEASURES = (
    "visit_share",
    "market_share",
    "settled_share",
    "users",
    "merchants_served",
    "platform_gmv",
)
"""Measures of each platform of a market."""
NAMED_MEASURES = ("named_profit", "named_members", "named_visits", "named_orders")
"""Measures of each merchant with a name."""
MOST_TIMES = 1000
"""Beyond so many times fewer worlds it is one whether pairs save more."""
LONG_UNITS = {
    "CNY/30 days": template("CNY per 30 days"),
    "person-visits/30 days": template("visits per 30 days"),
    "orders placed/30 days": template("orders per 30 days"),
    "fans per fan": template("fans per fan"),
}
"""Units that stand once, beside the measure, because they would widen every column."""


@dataclass(frozen=True)
class Row:
    """One measure of two arms, as text."""

    measure: str
    arm: str
    against: str
    difference: str
    interval: str
    correlation: str
    reduction: str


@dataclass(frozen=True)
class Table:
    """All measures of one arm against the first."""

    arm: str
    against: str
    rows: list[Row]


def comparison_tables(content: Content) -> list[Table]:
    """A table for each arm but the first, empty if there is only one."""
    shares = [f"{name}_{platform}" for name in MARKET_MEASURES for platform in content.names.platforms]
    named = [f"{measure}_{name}" for name in content.names.named for measure in NAMED_MEASURES]
    measures = [*MEASURES, *named, "multi_homing_viewers", "multi_homing_merchants", *shares]
    labels = {arm.name: arm.label for arm in content.arms}
    tables = []
    for arm in content.arms[1:]:
        found = {
            entry["measure"]: entry
            for entry in content.claims["comparisons"]
            if entry["arm"] == arm.name and entry["arm_mean"] is not None
        }
        rows = [_row(found[name], content) for name in map(content.as_claimed, measures) if name in found]
        if rows:
            tables.append(Table(arm.label, labels[content.arms[0].name], rows))
    return tables


def _row(entry: dict[str, Any], content: Content) -> Row:
    """Levels of the arms over all of their worlds, and their difference over those that both have."""
    unit, difference, names = measure_unit(entry["measure"]), entry["difference"], content.names
    low, high = known(difference["low"]), known(difference["high"])
    width = precision_width(low, high)
    name = names.measure(entry["measure"])
    if unit in LONG_UNITS:
        name, unit = phrase("{measure}, {unit}", measure=name, unit=counterpart(LONG_UNITS[unit])), ""
    interval = ""
    if width == width:
        low_end, high_end = change_ends(low, high, unit, False, width)
        interval = phrase("{low} to {high}", low=low_end, high=high_end)
    correlation, reduction = known(entry["correlation"]), known(entry["variance_reduction"])
    arm, against = (amount(content.level(entry[side], entry["measure"]), unit) for side in ("arm", "against"))
    return Row(
        name,
        arm,
        against,
        change(difference["mean"], unit, False, width) + content.some_worlds(difference["replications"]),
        interval or "–",
        fixed(correlation, 2) if correlation == correlation else "–",
        _times(reduction),
    )


def _times(reduction: float) -> str:
    """How many times fewer worlds pairs take, as far as anything hangs on it."""
    if not is_number(reduction):
        return "–"
    if reduction > MOST_TIMES:
        return phrase("over {times}×", times=f"{MOST_TIMES:,}")
    return f"{three_digits(reduction)}×"


@dataclass(frozen=True)
class PlatformCell:
    """A value of the table: its text, whether it is the best, and whether it might be."""

    text: str
    best: bool
    near: bool


@dataclass(frozen=True)
class PlatformTable:
    """All platforms in the most asked measures."""

    title: str
    columns: list[str]
    rows: list[tuple[str, list[PlatformCell]]]


COLUMNS = (
    ("gmv", template("Sales (CNY)"), 1),
    ("visits", template("Visits"), 1),
    ("conversion_rate", template("Orders per visit"), 1),
    ("private_traffic_share", template("Private traffic"), 0),
    ("revisit_rate_30d", template("Back within 30 days"), 1),
    ("newcomer_first_week_visits", template("First-week visits of newcomers"), 1),
    ("profitable_merchant_share", template("Merchants in profit"), 1),
    ("merchant_survival_90d", template("In business after 90 days"), 1),
    ("top1_audience_share", template("Largest room's audience"), -1),
)
"""Measure, heading, and which end is best: 1 the highest, -1 the lowest, 0 neither."""


def platform_table(content: Content) -> PlatformTable | None:
    """Values of all platforms; None unless there are several arms of a single platform."""
    single = {arm.name for arm in content.run.scenario.arms if len(arm.all_platforms) == 1}
    arms = [arm for arm in content.arms if arm.name in single]
    if len(arms) < LEAST:
        return None
    columns = [_column(content, arms, measure, side) for measure, _, side in COLUMNS]
    rows = [(arm.label, [column[place] for column in columns]) for place, arm in enumerate(arms)]
    return PlatformTable(
        phrase("Platforms side by side") if content.names.are_platforms else phrase("Arms side by side"),
        [counterpart(heading) for _, heading, _ in COLUMNS],
        rows,
    )


def _column(content: Content, arms: list[NamedArm], measure: str, side: int) -> list[PlatformCell]:
    means = {arm: content.estimate(arm, measure).mean for arm in arms}
    known = {arm: value for arm, value in means.items() if is_number(value)}
    best = max(known, key=lambda arm: side * known[arm]) if known and side else None
    cells = []
    for arm in arms:
        near = False
        if best is not None and arm in known and known[arm] != known[best]:
            apart = compare(content.run.results.runs, arm.name, best.name, measure).difference
            near = apart.has_interval and not apart.beyond_luck
        is_best = best is not None and known.get(arm) == known[best]
        cells.append(PlatformCell(_short(means[arm], measure), is_best, near))
    return cells


def _short(value: float, measure: str) -> str:
    """A value without its unit, which stands in the heading."""
    if not is_number(value):
        return "–"
    text = amount(value, "share") if measure_unit(measure) == "share" else three_digits(value)
    return text.replace(" million", "\N{NO-BREAK SPACE}M").replace(" billion", "\N{NO-BREAK SPACE}bn")
