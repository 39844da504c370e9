"""What the page on two runs answers first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...archive.two_runs import TwoRuns
from ...languages.speaking import phrase
from ...measures import MEASURES as KNOWN
from ...runs.bounds import base_measure, measure_unit
from ..kit.first_screen import FirstScreen, Number, Row
from ..kit.names import Names
from ..kit.words import amount, change, is_number, precision_width, signed_short
from ..run.comparison_table import MEASURES

SALES = "gmv"
MOST_ROWS = 6


def first_screen(runs: TwoRuns, names: Names) -> FirstScreen:
    """The largest differences beyond luck, sales first."""
    rows = runs.differences
    known = rows[rows["low"].notna()]
    clear = known[(known["low"] > 0) | (known["high"] < 0)]
    shown = _relative(known, names)
    return FirstScreen(
        _sentence(runs, clear, len(known), names),
        [_sales(known, names), _keys(runs), _sure(runs, len(clear), len(known))],
        _advice(runs, len(clear)),
        phrase("The second run against the first, in per cent"),
        phrase(
            "The dot is the difference, the line its 95% interval; right is more. "
            "▲ better and ▼ worse beyond luck."
        ),
        shown,
        (phrase("What"), phrase("Difference")),
    )


def _sentence(runs: TwoRuns, clear: pd.DataFrame, known: int, names: Names) -> str:
    """What differs most, after how many days, and how surely."""
    days = runs.second.scenario.world.days
    if clear.empty:
        return phrase(
            "The two runs do not differ beyond luck after {days} days: none of {known} measures does.",
            days=days,
            known=known,
        )
    first = clear[clear["measure"] == SALES]
    row = first.iloc[0] if len(first) else _ordered(clear).iloc[0]
    return phrase(
        "In the second run {measure} of {arm} is {size} after {days} days, beyond luck; "
        "so are {clear} of {known} differences in all.",
        measure=names.measure(str(row["measure"])),
        arm=_arm(row, names),
        size=_change(row),
        days=days,
        clear=len(clear),
        known=known,
    )


def _sales(known: pd.DataFrame, names: Names) -> Number:
    """Sales of the first arm, whether they differ or not."""
    rows = known[known["measure"] == SALES]
    if rows.empty:
        return Number("", phrase("Sales"), "–", phrase("Neither run counts them."))
    row = rows.iloc[0]
    kind = "gain" if row["low"] > 0 else "loss" if row["high"] < 0 else "unsure"
    text = phrase(
        "Sales of {arm}: {before} before, {after} now",
        arm=_arm(row, names),
        before=amount(row["first"], measure_unit(SALES)),
        after=amount(row["second"], measure_unit(SALES)),
    )
    return Number(kind, phrase("Sales"), _change(row) if kind != "unsure" else phrase("within luck"), text)


def _keys(runs: TwoRuns) -> Number:
    text = (
        phrase("Settings that differ; which of them did it cannot be told.")
        if len(runs.unlike) > 1
        else phrase("What was asked differs in this many settings.")
    )
    return Number("", phrase("Settings that differ"), f"{len(runs.unlike):,}", text)


def _sure(runs: TwoRuns, clear: int, known: int) -> Number:
    text = (
        phrase("Worlds are compared pair by pair on the same luck; one in twenty would differ by chance.")
        if runs.common_luck
        else phrase("Worlds have luck of their own, so that differences are less certain.")
    )
    return Number(
        "sure" if runs.common_luck else "unsure", phrase("How sure"), f"{clear:,} / {known:,}", text
    )


def _advice(runs: TwoRuns, clear: int) -> list[str]:
    lines = []
    if len(runs.unlike) > 1:
        lines.append(phrase("Change one setting at a time to learn which of them matters."))
    if not runs.common_luck:
        lines.append(phrase("Run both with one seed: on the same luck smaller differences show."))
    if not clear:
        lines.append(phrase("Run more worlds if a smaller difference would matter."))
    return lines or [phrase("Look at the tables below for what is won and what it costs.")]


def _relative(known: pd.DataFrame, names: Names) -> list[Row]:
    """The measures of a run's page in the first arm, in per cent of the first run."""
    arm = known["arm"].iloc[0] if len(known) else None
    found = []
    for _, row in _ordered(known[known["arm"] == arm]).iterrows():
        if not is_number(row["first"]) or row["first"] <= 0 or str(row["measure"]) not in MEASURES:
            continue
        middle, low, high = (float(row[end]) / float(row["first"]) for end in ("difference", "low", "high"))
        text = f"{signed_short(float(f'{100 * middle:.3g}'))}%"
        found.append(Row(names.measure(str(row["measure"])), middle, low, high, text, _worth(row)))
    return found[:MOST_ROWS]


def _worth(row: Any) -> str:
    """Whether a difference is better or worse, beyond luck."""
    base = base_measure(str(row["measure"])) or str(row["measure"])
    better = KNOWN[base].better if base in KNOWN else ""
    way = 1 if row["low"] > 0 else -1 if row["high"] < 0 else 0
    if not way or not better:
        return "told" if way else "open"
    return "gain" if (way > 0) == (better == "higher") else "loss"


def _ordered(rows: pd.DataFrame) -> pd.DataFrame:
    order = {measure: place for place, measure in enumerate((SALES, *MEASURES))}
    return rows.assign(place=rows["measure"].map(order).fillna(len(order))).sort_values(
        "place", kind="stable"
    )


def _arm(row: Any, names: Names) -> str:
    labels = {arm.name: arm.label for arm in names.arms}
    return labels.get(str(row["arm"]), str(row["arm"]))


def _change(row: Any) -> str:
    unit, first = measure_unit(str(row["measure"])), float(row["first"])
    if first > 0 and unit != "share":
        return f"{signed_short(float(f'{100 * float(row.difference) / first:.3g}'))}%"
    return change(row["difference"], unit, False, precision_width(row["low"], row["high"]))
