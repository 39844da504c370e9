"""Facts: published (or one's own) figures, and what in the model speaks to each."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import numpy as np
import pandas as pd
from pydantic import Field, ValidationError, field_validator, model_validator

from ..claims.checking import measure_names
from ..errors import UNKNOWN, AnalysisError, Problem, Remedy, ScenarioError, nearest, shown
from ..languages.speaking import sentence
from ..runs.bounds import is_signed, measure_bounds
from ..scenario.entries import dotted_key
from ..scenario.fields import NAME_PATTERN, LastDay, Name, Section, doubled
from ..scenario.reading.expected import Place, described
from ..scenario.reading.files import read_text, read_toml, unusable
from ..scenario.reading.lines import line_number
from ..scenario.reading.sheet_files import is_sheet, read_sheet
from ..scenario.reading.spreadsheets import Sheet
from ..scenario.scenario import Scenario
from .sessions import are_sessions, summarised

ALLOWED = sentence(
    "one table per fact ([[facts]]) or one row per fact, with id, measure, arm, use, and either value and "
    "tolerance or low and high"
)


def _as_share(percent: float) -> str:
    """How a share is written of which percent are meant."""
    return sentence(": {share:g} for {percent:g}%", share=percent / 100, percent=percent)


class Fact(Section):
    """One figure, and the measure that must come near it.

    It is met by values from `lowest` to `highest`: the value plus or minus the tolerance, or a range.
    """

    id: Name = Field(description="Short name.")
    label: str = Field("", description="Name for readers.")
    value: float | None = Field(None, description="The figure, if it is one number.")
    tolerance: float | None = Field(None, description="How far off is near enough, as a share of it.")
    low: float | None = Field(None, description="Lower end, if it is a range.")
    high: float | None = Field(None, description="Upper end.")
    measure: str = Field(description="Measure of the model, named as in runs.parquet.")
    over: str = Field("", description="Measure that it is divided by; none if empty.")
    arm: str = Field(description="Arm in which it is measured, by name or role.")
    reading: str = Field("", description="What the measure counts, of whom, over which days.")
    unit: str = Field("", description="Unit of the figure.")
    population: str = Field("", description="Of whom or what.")
    period: str = Field("", description="When.")
    date: LastDay | None = Field(
        None, description="Last day of what it is of, as 2021-08-31, 2021-08 or 2021."
    )
    source: str = Field("", description="Where it stands.")
    confidence: Literal["high", "medium", "low", ""] = Field("", description="How far to trust it.")
    family: Annotated[str, Field(pattern=f"{NAME_PATTERN}|^$", max_length=64)] = Field(
        "", description="Facts that stand or fall together; its own id if empty."
    )
    use: Literal["target", "check"] = Field("target", description="Tuned to, or only compared with.")
    why: str = Field("", description="Why this tolerance.")
    miss: str = Field("", description="Supposed reason why the model misses it, where it does.")

    @field_validator("tolerance")
    @classmethod
    def _is_a_share(cls, tolerance: float | None) -> float | None:
        if tolerance is not None and not 0 < tolerance < 1:
            met_by = sentence("nearly everything") if tolerance > 0 else sentence("nothing")
            percent = _as_share(tolerance) if tolerance > 0 else ""
            raise ValueError(
                sentence(
                    "{tolerance:g}, with which a fact would be met by {met_by}; "
                    "a share of the value above 0 and below 1{percent}",
                    tolerance=tolerance,
                    met_by=met_by,
                    percent=percent,
                )
            )
        return tolerance

    @model_validator(mode="after")
    def _complete(self) -> Fact:
        one = self.value is not None and self.tolerance is not None
        several = self.low is not None and self.high is not None
        if one == several:
            raise ValueError(
                sentence("fact '{id}' has no figure; give value and tolerance, or low and high", id=self.id)
            )
        if self.lowest >= self.highest:
            raise ValueError(sentence("the range of fact '{id}' is empty; let high exceed low", id=self.id))
        return self

    @property
    def stands_with(self) -> str:
        """Its family: facts of one source for one thing, which are one piece of evidence."""
        return self.family or self.id

    @property
    def lowest(self) -> float:
        """Smallest value that meets it."""
        if self.value is None or self.tolerance is None:
            return float(self.low or 0.0)
        return self.value - abs(self.value) * self.tolerance

    @property
    def highest(self) -> float:
        """Largest value that meets it."""
        if self.value is None or self.tolerance is None:
            return float(self.high or 0.0)
        return self.value + abs(self.value) * self.tolerance

    @property
    def middle(self) -> float:
        """The value, or the middle of the range."""
        return (self.lowest + self.highest) / 2

    @property
    def title(self) -> str:
        """Name for readers."""
        return self.label or self.id.replace("_", " ")


Entry = TypeVar("Entry", bound=Section)


def read_facts(path: Path, arms: Sequence[str] = ()) -> list[Fact]:
    """Read facts from a TOML file, or from a table with one column per key (CSV or a workbook).

    A table of sessions is summarised into facts; see `sessions`.

    Parameters
    ----------
    path : Path
        The file.
    arms : sequence of str, optional
        Names of the arms that sessions can be of.

    Raises
    ------
    ScenarioError
        With all problems found, if it cannot be read or a fact is not complete.
    """
    if is_sheet(path) and are_sessions((sheet := read_sheet(path)).columns):
        rows, problems = summarised(sheet, arms)
        if problems:
            raise ScenarioError(str(path), problems)
        return [Fact.model_validate(row) for row in rows]
    return read_tables(path, Fact, "facts")


def read_tables(path: Path, kind: type[Entry], name: str) -> list[Entry]:
    """Read the tables `name` of a TOML file, or the rows of a CSV file, each with an ``id`` of its own.

    Raises
    ------
    ScenarioError
        With all problems found.
    """
    sheet = read_sheet(path) if is_sheet(path) else None
    text = "" if sheet else read_text(path)
    rows, lines = (_rows_of_sheet(path, sheet), sheet.lines) if sheet else (read_toml(path)[1].get(name), [])
    if not isinstance(rows, list) or not rows:
        raise ScenarioError(str(path), [Problem(name, "no facts", ALLOWED)])
    problems: list[Problem] = []
    entries: list[Entry] = []
    for number, row in enumerate(rows):
        try:
            entries.append(kind.model_validate(row))
        except ValidationError as error:
            for entry in error.errors():
                location = (name, number, *entry["loc"])
                line = lines[number] if lines else line_number(location, text)
                about = _problem(dotted_key(location, {name: rows}), entry, kind)
                problems.append(replace(about, line=line))
    if twice := doubled(str(entry.model_dump()["id"]) for entry in entries):
        problems.append(
            Problem(name, sentence("named twice: {twice}", twice=", ".join(twice)), "a different id for each")
        )
    if problems:
        raise ScenarioError(str(path), problems)
    return entries


def _rows_of_sheet(path: Path, sheet: Sheet) -> list[dict[str, Any]]:
    needed = [name for name, field in Fact.model_fields.items() if field.is_required()]
    if sheet.columns and not {*needed} & {*sheet.columns}:
        found = sentence(
            "a table with the columns {columns}", columns=", ".join(map(repr, sheet.columns[:8]))
        )
        raise ScenarioError(
            str(path),
            [
                Problem(
                    "facts",
                    found,
                    sentence("{allowed}; needed: {needed}", allowed=ALLOWED, needed=", ".join(needed)),
                )
            ],
        )
    words = {name: str for name, field in Fact.model_fields.items() if field.annotation is str}
    words["date"] = str
    try:
        # Only what is empty is missing: 'null' and 'NA' may be names.
        table = pd.read_csv(io.StringIO(sheet.text), dtype=words, keep_default_na=False, na_values=[""])
    except ValueError as error:
        raise ScenarioError(str(path), [Problem("facts", str(error), ALLOWED)]) from None
    rows = [
        {str(key): value for key, value in row.items() if not pd.isna(value)}
        for row in table.to_dict("records")
    ]
    if faults := unusable(rows):
        raise ScenarioError(
            str(path),
            [
                Problem(dotted_key(("facts", *location), {"facts": rows}), *fault)
                for location, fault in faults
            ],
        )
    return rows


def _problem(key: str, entry: Any, kind: type[Section]) -> Problem:
    """One pydantic error in words."""
    fact, name = Place(None, kind), str(entry["loc"][-1]) if entry["loc"] else ""
    about = described(fact.inner(name)) or "a table"
    if entry["type"] == "extra_forbidden":
        found = sentence(
            "{unknown} '{name}'{near}", unknown=UNKNOWN, name=name, near=nearest(name, fact.names)
        )
        return Problem(key, found, sentence("one of {names}", names=", ".join(fact.names)))
    if entry["type"] == "value_error":
        found, _, allowed = str(entry["ctx"]["error"]).partition("; ")
        return Problem(key, found, allowed)
    if entry["type"] == "missing":
        return Problem(key, "nothing", sentence("this key is needed: {about}", about=about))
    return Problem(key, shown(entry.get("input")), about)


def check_facts(facts: list[Fact], scenario: Scenario, source: str) -> None:
    """Refuse facts of arms and measures that do not exist, and shares of what can be negative.

    Raises
    ------
    ScenarioError
        With all of them.
    """
    arms = {arm.name for arm in scenario.arms} | {arm.role for arm in scenario.arms if arm.role}
    names = measure_names(scenario)
    problems = [
        Problem(
            f"facts.{fact.id}.arm",
            sentence("'{arm}'{near}", arm=fact.arm, near=nearest(fact.arm, arms)),
            sentence("an arm of {name}: {arms}", name=scenario.name, arms=", ".join(sorted(arms))),
        )
        for fact in facts
        if fact.arm not in arms
    ]
    problems += [
        Problem(
            f"facts.{fact.id}",
            sentence("'{name}'{near}", name=name, near=nearest(name, names)),
            "a measure, or one by channel or archetype (gmv_push): see simulation/measures",
        )
        for fact in facts
        for name in filter(None, (fact.measure, fact.over))
        if name not in names
    ]
    problems += [problem for fact in facts for problem in (*_ratios_of(fact), *_out_of_bounds(fact))]
    if problems:
        raise ScenarioError(source, problems)


def _ratios_of(fact: Fact) -> Iterator[Problem]:
    """What is given as a share of a measure that can be negative."""
    if is_signed(fact.over):
        yield Problem(
            f"facts.{fact.id}.over",
            sentence("'{over}', which can be negative", over=fact.over),
            "a measure that cannot be negative, since dividing by a loss gives the wrong sign",
        )
    if is_signed(fact.measure) and fact.tolerance is not None:
        yield Problem(
            f"facts.{fact.id}.tolerance",
            sentence("a share of '{measure}', which can be negative", measure=fact.measure),
            "low and high instead of value and tolerance",
        )


def _out_of_bounds(fact: Fact) -> Iterator[Problem]:
    """Figures that the measure cannot reach, such as 3.2 of a share of which 3.2% are meant."""
    bounds = measure_bounds(fact.measure)
    for part in ("value", "low", "high"):
        figure = getattr(fact, part)
        if fact.over or figure is None or bounds.lowest <= figure <= bounds.highest:
            continue
        percent = _as_share(figure) if bounds.highest == 1 < figure else ""
        yield Problem(
            f"facts.{fact.id}.{part}",
            sentence("{figure:g}, for '{measure}'", figure=figure, measure=fact.measure),
            sentence(
                "a number from {lowest:g} to {highest:g}{percent}",
                lowest=bounds.lowest,
                highest=bounds.highest,
                percent=percent,
            ),
        )


def measured(facts: list[Fact], data: pd.DataFrame, scenario: Scenario) -> pd.DataFrame:
    """What the model has for each fact.

    Parameters
    ----------
    data : DataFrame
        One row per point, replicate and arm, one column per measure: a sweep's data set.

    Returns
    -------
    DataFrame
        One row per point (its index), one column per fact (by id): the mean over replicates. Missing where
        the measure has no value.

    Raises
    ------
    AnalysisError
        If some runs were made before a fact's measure was added, so that the data has it not.
    """
    _check_measured(facts, data, scenario)
    levels = data[data["against"] == ""]
    columns = {}
    for fact in facts:
        arm = scenario.arm(fact.arm)
        rows = levels[levels["arm"] == (arm.name if arm else fact.arm)]
        values = rows[fact.measure].astype(float)
        if fact.over:
            below = rows[fact.over].astype(float)
            values = values / below.where(below != 0)
        columns[fact.id] = values.groupby(rows["point"]).mean()
    return pd.DataFrame(columns)


def _check_measured(facts: list[Fact], data: pd.DataFrame, scenario: Scenario) -> None:
    problems = [
        Problem(
            f"facts.{fact.id}",
            sentence("'{measure}', which some of the runs there were made too early to have", measure=name),
            "",
            remedy=Remedy("elsewhere"),
        )
        for fact in facts
        for name in (fact.measure, fact.over)
        if name and name not in data
    ]
    if problems:
        raise AnalysisError(scenario.name, problems)


def misses(facts: list[Fact], values: pd.DataFrame) -> pd.DataFrame:
    """How far each value lies outside its fact's range, in half-widths of it; 0 inside.

    Missing values miss by infinity: a world without any purchase says nothing for itself.
    """
    found = {}
    for fact in facts:
        value = values[fact.id].to_numpy(float)
        outside = np.maximum(np.maximum(fact.lowest - value, value - fact.highest), 0.0)
        half = (fact.highest - fact.lowest) / 2
        found[fact.id] = np.where(np.isnan(value), math.inf, outside / half)
    return pd.DataFrame(found, index=values.index)
