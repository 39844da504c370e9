"""The figure of who stays: merchants in business, fans who still follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ...languages.speaking import counterpart, phrase, sentences, template
from ...measures.registry import FRACTION
from ...runs.comparison import estimate, replicate_values
from ..kit.label_places import EndLabel, end_labels
from ..kit.names import NamedArm
from ..kit.periods import WEEK
from ..kit.style import MOST_BANDS, PAPER, SOFT, WIDE, Exhibit, View, axis, faded, layout, with_legend
from ..kit.tables.data_table import DataTable, value_cell
from ..kit.words import is_number, percent
from .content import Band, Content, mean_band
from .figures.daily import MONTH, PLOT, add_line, narrow_lines
from .telling import spread

QUARTER = 90


@dataclass(frozen=True)
class Survival:
    """One survival curve: its daily column, label, titles of axes, and what a title says of an age.

    `measures` are measures by the age of which they say the same.
    """

    column: str
    label: str
    title: str
    across: str
    words: str
    measures: dict[int, str]


SURVIVALS = (
    Survival(
        "merchant_survival",
        template("Merchants"),
        template("Merchants still in business"),
        template("Days since opening"),
        template("Merchants still in business after {days} days"),
        {QUARTER: "merchant_survival_90d"},
    ),
    Survival(
        "fan_survival",
        template("Fans"),
        template("Fans who still follow"),
        template("Days since following"),
        template("Fans who still follow after {days} days"),
        {},
    ),
)


def survival_exhibit(content: Content) -> Exhibit:
    """How long merchants stay in business and fans stay fans."""
    caption = [
        phrase(
            "How to read: of all who began, the share still there after a number of days (Kaplan-Meier, "
            "which counts those who are still there when the run ends for as long as they were seen). Values "
            "stand at the dotted line."
        )
    ]
    views = [view for curve in SURVIVALS if (view := _survival_view(content, curve))]
    if _age_told(content) == QUARTER:
        caption.append(
            phrase(
                "Merchants in business after 90 days, as in the title and in tables, are counted among those "
                "who opened that long before the end; the curve also uses the others, and may differ."
            )
        )
    missing = "" if views else phrase("There were neither merchants nor fans whose survival could be drawn.")
    return Exhibit("survival", phrase("Who stays"), sentences(caption), views, missing, phrase("Survival of"))


def _age_told(content: Content) -> int:
    """The age of which titles speak; 0 in runs of a week."""
    return max((age for age in (QUARTER, MONTH, WEEK) if age < content.days), default=0)


def _survival_view(content: Content, curve: Survival) -> View | None:
    tables = {arm: content.daily(arm, curve.column) for arm in content.arms}
    tables = {arm: table for arm, table in tables.items() if table.notna().any(axis=None)}
    bands = {arm: mean_band(table, FRACTION) for arm, table in tables.items()}
    if not bands:
        return None
    age = _age_told(content)
    told = {arm: _survivors(content, curve, arm, tables[arm], age) for arm in bands} if age else {}
    told = {arm: values for arm, values in told.items() if np.isfinite(values).any()}
    figure = go.Figure(
        layout=layout(
            with_legend(400, [arm.label for arm in bands], WIDE),
            hovermode="x unified",
            xaxis=axis(counterpart(curve.across), rangemode="tozero"),
            yaxis=axis(counterpart(curve.title), tickformat=".0%", range=[0, 1.02]),
            **_at_age(age, {arm: estimate(values).mean for arm, values in told.items()}),
        )
    )
    for arm, band in bands.items():
        add_line(figure, arm, band, ".1%", len(bands) <= MOST_BANDS)
    what = phrase(curve.words, days=age)
    finding = spread(content, what, told, percent) if told else counterpart(curve.title)
    data = _survival_table(content, curve, bands, told)
    better = 1 if curve.measures else 0
    return View(
        counterpart(curve.label), finding, figure, narrow_lines(270, list(bands)), data=data, better=better
    )


def _survivors(content: Content, curve: Survival, arm: NamedArm, table: pd.DataFrame, age: int) -> np.ndarray:
    """The share still there at an age in each world, as the measure has it where there is one."""
    if age in curve.measures:
        return replicate_values(content.run.results.runs, arm.name, curve.measures[age])
    return table.iloc[age].to_numpy(float)


def _at_age(age: int, told: dict[NamedArm, float]) -> dict[str, Any]:
    """A dotted line at an age with the values there."""
    if not told:
        return {}
    line = {"type": "line", "x0": age, "x1": age, "y0": 0, "y1": 1, "yref": "paper"}
    labels = [EndLabel(value, percent(value), arm.colour) for arm, value in told.items() if is_number(value)]
    return {
        "shapes": [line | {"line": {"color": SOFT, "width": 1, "dash": "dot"}}],
        "annotations": [
            label | {"x": age, "xref": "x", "bgcolor": faded(PAPER, 0.85)}
            for label in end_labels(labels, (0.0, 1.02), PLOT)
        ],
    }


def _survival_table(
    content: Content, curve: Survival, bands: dict[NamedArm, Band], told: dict[NamedArm, np.ndarray]
) -> DataTable:
    """Curves every 15 days, and the values of the title."""
    step = 15 if content.days > MONTH else 1
    most = max(len(band.mean) for band in bands.values())
    rows = [
        (f"{day}", [value_cell(float(band.mean[day]), "share") for band in bands.values()])
        for day in range(0, most, step)
    ]
    if told:
        nothing = np.array([np.nan])
        cells = [value_cell(estimate(told.get(arm, nothing)).mean, "share") for arm in bands]
        rows.append((phrase(curve.words, days=_age_told(content)), cells))
    head = [counterpart(curve.across), *(arm.label for arm in bands)]
    return DataTable(phrase("{measure}, means over worlds", measure=counterpart(curve.title)), head, rows)
