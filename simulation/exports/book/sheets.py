"""What a run answers as tables: the answer, verdicts, measures of each arm, and what columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ...languages.speaking import counterpart, phrase, spoken, template
from ...pages.kit.words import known
from ...pages.run.about import limits, run_line
from ...pages.run.answer.answer import answer
from ...pages.run.answer.picture import row_label
from ...pages.run.comparison_table import MARKET_MEASURES, MEASURES, NAMED_MEASURES
from ...pages.run.content import Content
from ...pages.run.verdict_cards import concerned
from ...runs.bounds import measure_unit
from ...scenario.sections.claim import reading_label
from .forms import number_form, read_by_people, round_form
from .told_tables import sheet_name, told_table

KEYS = {
    "arm": template("Arm"),
    "replicate": template("World"),
    "day": template("Day"),
    "merchant": template("Merchant, number"),
    "name": template("Merchant, name"),
    "archetype": template("Kind of merchant"),
    "channel": template("Channel"),
    "platform": template("Platform"),
    "private": template("Whether the channel is private"),
    "fan_survival": template("Fans still there so many days after joining"),
    "merchant_survival": template("Merchants still in business so many days after opening"),
    "arrival_day": template("Day of opening"),
    "starting_fans": template("Fans at the start"),
    "starting_fans_brought": template("Fans at the start that it brought along"),
    "starting_fans_back": template("Fans at the start that came back"),
    "profit": template("Profit, in CNY"),
    "first_order_day": template("Day of the first order"),
    "last_day": template("Last day in business"),
    "in_business": template("Whether in business at the end"),
    "what": template("Who moves"),
    "from": template("From platform"),
    "to": template("To platform"),
    "count": template("How many"),
    "stores": template("Shops open"),
    "attention": template("Share of attention"),
}
"""Columns that say of what a row is, as readers call them."""
Sheets = dict[str, pd.DataFrame]


def with_answer(content: Content, tables: Mapping[str, pd.DataFrame]) -> Sheets:
    """The tables of a run below what it answers, in the language that is spoken.

    In English tables are as their files have them; in another language sheets and columns are headed by what
    they mean, cells have labels for keys, and a sheet says which name each column has.
    """
    names = {column: heading(content, column) for table in tables.values() for column in map(str, table)}
    front = {
        phrase("Answer"): _answer(content),
        phrase("Verdicts"): _verdicts(content),
        phrase("Summary"): _summary(content),
        phrase("Columns"): _columns(content, tables, names),
    }
    return {name: table for name, table in front.items() if len(table)} | {
        sheet_name(name): told_table(content, table, names) for name, table in tables.items()
    }


def heading(content: Content, column: str) -> str:
    """What a column is called by readers."""
    return counterpart(KEYS[column]) if column in KEYS else content.names.measure(column)


def _answer(content: Content) -> pd.DataFrame:
    """Question, answer, its numbers and differences, what to do, and limits."""
    found = answer(content)
    rows: list[tuple[object, ...]] = [
        (phrase("Question"), found.question),
        (phrase("Answer"), found.sentence),
        *((number.title, number.value, number.text) for number in found.numbers),
        *((phrase("What to do"), line) for line in found.advice),
        (phrase("Simulated"), run_line(content)),
        *((phrase("What this does not show"), line) for line in limits(content)),
    ]
    if found.asked:
        said = (phrase("What"), phrase("This"), phrase("Compared with"))
        rows += [(), (*said, phrase("Difference"), phrase("95% interval"))]
        rows += [
            (row_label(row, found.asked), *row.levels, row.difference, row.interval) for row in found.effects
        ]
    wide = max(map(len, rows))
    heads = [phrase("Topic"), phrase("In words"), *[""] * (wide - 2)]
    cells = [[*row, *[None] * (wide - len(row))] for row in rows]
    return read_by_people(pd.DataFrame(cells, columns=pd.Index(heads)))


def _verdicts(content: Content) -> pd.DataFrame:
    """A row for each test of each reading of a claim."""
    rows, forms = [], []
    for claim in concerned(content.claims["claims"]):
        title = claim.get(f"title_{spoken()}") or claim["title"]
        for reading in claim["readings"]:
            for test in reading["tests"] or [{}]:
                forms.append(_effect_forms(test))
                measure = test.get("test", {}).get("measure", "")
                rows.append(
                    {
                        phrase("Claim"): title,
                        phrase("Verdict"): counterpart(claim["word"]),
                        phrase("Provisional"): phrase("provisional") if reading.get("provisional") else "",
                        phrase("Reading"): reading_label(reading["id"]),
                        phrase("Status"): counterpart(reading["status"]),
                        phrase("Measure"): content.names.measure(measure) if measure else "",
                        phrase("Effect"): known(test.get("effect")),
                        phrase("Lower end"): known(test.get("low")),
                        phrase("Upper end"): known(test.get("high")),
                        phrase("Smallest effect that matters"): known(test.get("test", {}).get("margin")),
                        phrase("Unit of the effect"): _effect_unit(test.get("test", {})),
                    }
                )
    columns = (
        *(phrase("Effect"), phrase("Lower end"), phrase("Upper end")),
        phrase("Smallest effect that matters"),
    )
    return read_by_people(pd.DataFrame(rows), dict(zip(columns, zip(*forms, strict=True), strict=False)))


def _effect_forms(test: Mapping[str, Any]) -> tuple[str, ...]:
    """Formats of an effect, of both ends of its interval, and of the smallest that matters."""
    asked = test.get("test", {})
    percent = bool(asked.get("relative"))
    effect = number_form([known(test.get(key)) for key in ("effect", "low", "high")], percent, signed=True)
    return effect, effect, effect, round_form(known(asked.get("margin")), percent)


def _effect_unit(test: Mapping[str, Any]) -> str:
    """In what an effect is told: relative to the other side, or in the unit of its measure."""
    if not test:
        return ""
    return phrase("relative") if test["relative"] else _unit(test["measure"])


def _summary(content: Content) -> pd.DataFrame:
    """A row a measure, with its unit; of each arm the mean over worlds and its 95% interval."""
    rows: list[dict[str, object]] = []
    forms: dict[str, list[str]] = {}
    for measure in _shown(content):
        row: dict[str, object] = {
            phrase("Measure"): content.names.measure(measure),
            phrase("Unit"): _unit(measure),
            phrase("Column"): measure,
        }
        for arm in content.arms:
            found = content.estimate(arm, measure)
            values = {
                arm.label: found.mean,
                phrase("{label}: lower end", label=arm.label): found.low,
                phrase("{label}: upper end", label=arm.label): found.high,
            }
            form = number_form(list(values.values()), percent=measure_unit(measure) == "share")
            for column in values:
                forms.setdefault(column, []).append(form)
            row |= values
        rows.append(row)
    return read_by_people(pd.DataFrame(rows), forms)


def _shown(content: Content) -> Iterator[str]:
    """Measures of the page's tables of which the run has a column."""
    runs = content.run.results.runs
    parts = [f"{name}_{platform}" for platform in content.names.platforms for name in MARKET_MEASURES]
    parts += [f"{name}_{merchant}" for merchant in content.names.named for name in NAMED_MEASURES]
    for measure in dict.fromkeys([*map(content.as_claimed, MEASURES), *parts]):
        if measure in runs and runs[measure].notna().any():
            yield measure


def _unit(measure: str) -> str:
    unit = measure_unit(measure)
    return counterpart(unit) if unit else ""


def _unit_of(column: str) -> str:
    """Unit of a column of a table; those that say of what a row is have none."""
    return "" if column in KEYS else _unit(column)


def _columns(content: Content, tables: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> pd.DataFrame:
    """A row for each column of each table: what it is called, what it means, its unit."""
    heads = [phrase("Table"), phrase("Column"), phrase("Meaning"), phrase("Unit"), phrase("File")]
    rows = [
        (sheet_name(name), column, names[column], _unit_of(column), f"{name}.parquet")
        for name, table in tables.items()
        for column in map(str, table)
    ]
    return read_by_people(pd.DataFrame(rows, columns=pd.Index(heads)))
