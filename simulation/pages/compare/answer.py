"""What the page on two runs answers first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ...archive.two_runs import BETWEEN, TwoRuns
from ...languages.speaking import phrase, template
from ...measures import MEASURES as KNOWN
from ...runs.bounds import base_measure, measure_unit
from ...words import counted
from ..kit.first_screen import FirstScreen, Number, Row
from ..kit.names import Names, factor_label
from ..kit.words import MINUS, amount, change, is_number, signed_short
from ..run.comparison_table import MEASURES

SALES = "gmv"
MOST_ROWS = 6
ONE_IN_TWENTY = 0.05
WORLDS_ONLY = ("run.replications", "run.probe_replications", "run.record", "run.record_replications")
"""Keys that change how many worlds there are and what is written of them, and nothing in them."""


def first_screen(runs: TwoRuns, names: Names) -> FirstScreen:
    """The largest differences beyond luck, sales first."""
    known, clear = _known(runs)
    leading = _leading(known, clear)
    shown = _relative(known, leading, names)
    return FirstScreen(
        sentence_on(runs, names),
        [_sales(runs, known), _keys(runs), _sure(runs, len(clear), len(known))],
        _advice(runs, len(clear)),
        phrase("{arm}: the second run against the first, in per cent", arm=arm_title(runs, leading["arm"]))
        if shown
        else "",
        phrase(
            "The dot is the difference, the line its 95% interval; right is more. "
            "▲ better and ▼ worse beyond luck."
        ),
        shown,
        (phrase("What"), phrase("Difference")),
    )


def _leading(known: pd.DataFrame, clear: pd.DataFrame) -> Any:
    """The difference that is told first: of sales if it is beyond luck, else what a run's page has first."""
    found = _ordered(clear if len(clear) else known)
    return found.iloc[0] if len(found) else {"arm": "", "measure": ""}


def _known(runs: TwoRuns) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Differences that have an interval, and those of them that it leaves beyond luck."""
    known = runs.differences[runs.differences["low"].notna()]
    return known, known[(known["low"] > 0) | (known["high"] < 0)]


def sentence_on(runs: TwoRuns, names: Names) -> str:
    """What differs most, after how many days, and how surely."""
    known, clear = _known(runs)
    if clear.empty:
        return phrase(
            "The two runs do not differ beyond luck after {days}: none of {known} measures does.",
            days=counted(runs.second.scenario.world.days, "day"),
            known=len(known),
        )
    row = _leading(known, clear)
    text = (
        template(
            "“{measure}” of {arm} is {size} higher in the second run than in the first after {days}, beyond "
            "luck; so are {clear} of {known} differences in all."
        )
        if row["difference"] > 0
        else template(
            "“{measure}” of {arm} is {size} lower in the second run than in the first after {days}, beyond "
            "luck; so are {clear} of {known} differences in all."
        )
    )
    return phrase(
        text,
        measure=names.measure(str(row["measure"])),
        arm=arm_title(runs, row["arm"]),
        size=_change(row).lstrip(f"+{MINUS}"),
        days=counted(runs.second.scenario.world.days, "day"),
        clear=len(clear),
        known=len(known),
    )


def _sales(runs: TwoRuns, known: pd.DataFrame) -> Number:
    """Sales of the first arm, whether they differ or not."""
    rows = known[known["measure"] == SALES]
    if rows.empty:
        return Number("", phrase("Sales"), "–", phrase("Neither run counts them."))
    row = rows.iloc[0]
    kind = "gain" if row["low"] > 0 else "loss" if row["high"] < 0 else "unsure"
    text = phrase(
        "Sales of {arm}: {before} in the first run, {after} in the second",
        arm=arm_title(runs, row["arm"]),
        before=amount(row["first"], measure_unit(SALES)),
        after=amount(row["second"], measure_unit(SALES)),
    )
    return Number(kind, phrase("Sales"), _change(row) if kind != "unsure" else phrase("within luck"), text)


def _keys(runs: TwoRuns) -> Number:
    text = (
        phrase("Settings that differ; which of them did it cannot be told.")
        if len(_acting(runs)) > 1
        else phrase("What was asked differs in this many settings.")
    )
    if len(runs.unlike) == 1:
        (only,) = runs.unlike
        text = phrase(
            "{key}: {before} → {after}", key=factor_label(only.key), before=only.first, after=only.second
        )
    return Number("", phrase("Settings that differ"), f"{len(runs.unlike):,}", text)


def _acting(runs: TwoRuns) -> list[str]:
    """Keys that differ and act in worlds."""
    return [entry.key for entry in runs.unlike if entry.key not in WORLDS_ONLY]


def _sure(runs: TwoRuns, clear: int, known: int) -> Number:
    by_chance = f"{ONE_IN_TWENTY * known:.0f}"
    text = (
        phrase(
            "differences are beyond luck; by chance alone about {by_chance} would be. Worlds are compared "
            "pair by pair on the same luck.",
            by_chance=by_chance,
        )
        if runs.common_luck
        else phrase(
            "differences are beyond luck; by chance alone about {by_chance} would be. Worlds have luck of "
            "their own, so that differences are less certain.",
            by_chance=by_chance,
        )
    )
    kind = "sure" if runs.common_luck else "unsure"
    return Number(kind, phrase("How sure"), phrase("{met} of {of}", met=f"{clear:,}", of=f"{known:,}"), text)


def _advice(runs: TwoRuns, clear: int) -> list[str]:
    lines = []
    if len(_acting(runs)) > 1:
        lines.append(phrase("Change one setting at a time to learn which of them matters."))
    if not runs.common_luck:
        lines.append(phrase("Run both with one seed: on the same luck smaller differences show."))
    if not clear:
        lines.append(phrase("Run more worlds if a smaller difference would matter."))
    return lines or [phrase("Look at the tables below for what is won and what it costs.")]


def _relative(known: pd.DataFrame, leading: Any, names: Names) -> list[Row]:
    """The difference that is told first, then measures of a run's page in its arm, in per cent of the first
    run."""
    told, found = str(leading["measure"]), []
    rows = _ordered(known[known["arm"] == leading["arm"]])
    for _, row in rows.sort_values("measure", key=lambda names: names != told, kind="stable").iterrows():
        if not is_number(row["first"]) or row["first"] <= 0 or str(row["measure"]) not in (told, *MEASURES):
            continue
        middle, low, high = (float(row[end]) / float(row["first"]) for end in ("difference", "low", "high"))
        text = f"{signed_short(float(f'{100 * middle:.2g}'))}%"
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


def arm_title(runs: TwoRuns, arm: str) -> str:
    """An arm as readers call it; a pair of one role by the names of both."""
    first, second = Names(runs.first.scenario), Names(runs.second.scenario)
    left, _, right = arm.partition(BETWEEN)
    if right:
        return f"{first.arm(left)}{BETWEEN}{second.arm(right)}"
    in_second = any(each.name == arm for each in second.arms)
    return (second if in_second else first).arm(arm)


def _change(row: Any) -> str:
    unit, first = measure_unit(str(row["measure"])), float(row["first"])
    if first > 0 and unit != "share":
        return f"{signed_short(float(f'{100 * float(row.difference) / first:.2g}'))}%"
    return change(row["difference"], unit, False, float(row["high"] - row["low"]))
