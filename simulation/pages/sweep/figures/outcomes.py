"""Outcomes of a sweep: what moves them, along each factor, and whether there are points enough."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ....ensembles.analysis.findings import OutcomeFindings, SweepFindings
from ....ensembles.analysis.wording import factor_name
from ....languages.speaking import counterpart, phrase, sentences, template, told
from ....runs.bounds import measure_unit
from ....words import counted
from ...kit.figure_text import BREAK, wrapped
from ...kit.names import Names, measure_name
from ...kit.style import Exhibit, View, axis, faded, labels_above, layout, panel_axes, panels, thin, whiskers
from ...kit.words import amount
from .axes import factor_axis, factor_values

STRONG, PALE = "#0072B2", "#56B4E9"
INDEX_NAMES = {
    "S1": template("By itself"),
    "ST": template("With all its interplay"),
    "delta": template("How far it shifts the outcome"),
    "pawn": template("Its largest shift"),
}


def outcome_name(outcome: OutcomeFindings, names: Names) -> str:
    """An outcome for readers: a measure in an arm, or the difference of two."""
    measure, arm = measure_name(outcome.measure), names.arm(outcome.arm)
    if outcome.against is None:
        return f"{measure}, {arm}"
    return phrase(
        "{measure}: {arm} minus {arm_2}", measure=measure, arm=arm, arm_2=names.arm(outcome.against)
    )


def tornado_exhibit(findings: SweepFindings, names: Names) -> Exhibit:
    """Indices of all factors, an outcome at a time."""
    views = [_tornado(outcome, names) for outcome in findings.outcomes if outcome.indices is not None]
    if findings.results.is_sobol:
        read = phrase(
            "How to read: dark is the share of the outcome's variance that a factor causes by itself "
            "(first order), pale (total order) that with all its interplay with others; pale well beyond "
            "dark means interplay. "
        )
    else:
        read = phrase(
            "How to read: both indices, Delta (dark) and PAWN (pale), say how much the distribution of the "
            "outcome shifts once the factor is known, from 0 (not at all) to 1. Right of the dotted line, "
            "PAWN is larger than a factor without any effect would reach in 95 of 100 samples of this size. "
        )
    reasons = sorted({_reason(outcome) for outcome in findings.outcomes if outcome.reason})
    return Exhibit(
        "factors",
        phrase("What moves the outcomes"),
        read + phrase("Whiskers are 95% intervals."),
        views,
        sentences(reasons) or phrase("No outcome has a value."),
        phrase("Outcome"),
    )


def _reason(outcome: OutcomeFindings) -> str:
    """Why there is nothing to say of an outcome, called as everywhere on the page."""
    return told(outcome.reason).replace(outcome.measure, measure_name(outcome.measure), 1)


def _tornado(outcome: OutcomeFindings, names: Names) -> View:
    table = outcome.indices
    assert table is not None
    kinds = [name for name in ("ST", "S1", "delta", "pawn") if name in table]
    table = table.sort_values(kinds[0], ascending=False)
    labels = [told(factor_name(str(key))) for key in table.index]
    figure = go.Figure()
    for place, kind in enumerate(kinds):
        _add_index(figure, table, kind, place)
    if "floor" in table:
        _add_floor(figure, table)
    wide = axis(
        tickvals=[-row for row in range(len(table))],
        ticktext=labels,
        showgrid=False,
        zeroline=False,
        range=[0.4 - len(table), 0.4],
    )
    figure.update_layout(
        layout(50 * len(table) + 120, xaxis=axis(phrase("Effect, 0 to 1"), rangemode="tozero"), yaxis=wide)
    )
    narrow = labels_above(labels, [""] * len(labels), 64)
    narrow["height"] += 60
    name = outcome_name(outcome, names)
    sure = table[f"{kinds[0]}_low"].iloc[0] > 0
    said = {"factor": labels[0].capitalize(), "outcome": _lower(name)}
    finding = (
        phrase("{factor} matters most for {outcome}", **said)
        if sure
        else phrase("No factor stands out for {outcome}", **said)
    )
    return View(name, finding, figure, narrow)


def _add_index(figure: go.Figure, table: pd.DataFrame, kind: str, place: int) -> None:
    """Bars of one index, a factor each, from the top row down."""
    labels = [told(factor_name(str(key))) for key in table.index]
    value = table[kind].to_numpy(float)
    strong = kind in ("S1", "delta")
    figure.add_bar(
        orientation="h",
        name=counterpart(INDEX_NAMES[kind]),
        x=thin(value),
        width=0.2,
        y=[-row + (0.11 if strong else -0.11) for row in range(len(table))],
        marker={"color": STRONG if strong else PALE},
        error_x=whiskers(
            value,
            table[f"{kind}_low"].to_numpy(),
            table[f"{kind}_high"].to_numpy(),
            color="#5b6775",
            thickness=1.3,
            width=3,
        ),
        hovertext=[
            f"{label}{BREAK}{counterpart(INDEX_NAMES[kind])}: {found:.2f}"
            for label, found in zip(labels, value, strict=True)
        ],
        hoverinfo="text",
        legendrank=10 - place,
    )


def _add_floor(figure: go.Figure, table: pd.DataFrame) -> None:
    """The line that PAWN of a factor without any effect would hardly reach."""
    floor = float(table["floor"].iloc[0])
    figure.add_scatter(
        x=[floor, floor],
        y=[0.5, 0.5 - len(table)],
        mode="lines",
        hoverinfo="skip",
        name=phrase("Largest shift by chance alone"),
        line={"color": "#5b6775", "dash": "dot"},
    )


def dependence_exhibit(findings: SweepFindings, names: Names) -> Exhibit:
    """Mean outcome along each factor, small multiples."""
    views = [
        _dependence(findings, outcome, names)
        for outcome in findings.outcomes
        if outcome.dependence is not None
    ]
    caption = phrase(
        "How to read: a dot is the mean over the points in a tenth of the factor's range, with its "
        "95% interval; everything else varies as designed. A flat row means no effect on average."
    )
    return Exhibit(
        "dependence",
        phrase("Along each factor"),
        caption,
        views,
        phrase("No outcome has a value."),
        phrase("Outcome"),
    )


def _dependence(findings: SweepFindings, outcome: OutcomeFindings, names: Names) -> View:
    table = outcome.dependence
    assert table is not None
    factors = [factor.key for factor in findings.results.factors]
    titles = [wrapped(told(factor_name(key)), 30) for key in factors]
    # In percentage points, as differences of shares are read.
    share = measure_unit(outcome.measure) == "share"
    size = 100.0 if share else 1.0
    unit = (
        phrase("percentage points")
        if share and outcome.against
        else "%"
        if share
        else measure_unit(outcome.measure)
    )
    figure = go.Figure()
    for place, key in enumerate(factors):
        rows = table[table["factor"] == key]
        mean = rows["mean"].to_numpy(float) * size
        choices = bool(findings.results.factor(key).choices)  # which have nothing between them
        figure.add_scatter(
            x=factor_values(rows["value"]),
            y=thin(mean),
            mode="markers" if choices else "lines+markers",
            showlegend=False,
            line={"color": faded(STRONG, 0.45)},
            marker={"color": STRONG, "size": 7},
            error_y=_whiskers(mean, rows["low"], rows["high"], size, width=0),
            hovertemplate="%{x}: %{y:.4g}<extra></extra>" if choices else "%{x:.4g}: %{y:.4g}<extra></extra>",
            **panel_axes(place),
        )
    wide, narrow = (_panels(findings, factors, titles, columns, unit) for columns in (3, 1))
    figure.update_layout(layout(0, showlegend=False) | wide)
    name = outcome_name(outcome, names)
    mean_text = amount(outcome.mean, measure_unit(outcome.measure))
    if share and outcome.against:
        mean_text = phrase("{mean:+.2f} percentage points", mean=100 * outcome.mean).replace("-", "−")
    return View(
        name,
        phrase("{name}, {mean_text} on average over all points", name=name, mean_text=mean_text),
        figure,
        narrow,
    )


def _panels(
    findings: SweepFindings, factors: list[str], titles: list[str], columns: int, unit: str
) -> dict[str, Any]:
    """Panels on a common scale, each with its own factor's axis."""
    across = axis(unit, matches="y")
    made = panels(titles, columns, 230, axis(), across)
    for place, key in enumerate(factors):
        name = "xaxis" + (str(place + 1) if place else "")
        own = factor_axis(findings, key)
        made[name] = own | {key: made[name][key] for key in ("domain", "anchor")} | {"title": {"text": ""}}
        if place == 0:
            made["yaxis"].pop("matches", None)
    return made


def convergence_exhibit(findings: SweepFindings, names: Names) -> Exhibit:
    """The mean and the largest index from more and more points."""
    views = [_convergence(outcome, names) for outcome in findings.outcomes if outcome.convergence is not None]
    caption = phrase(
        "How to read: if the last dots lie within one another's 95% intervals and these are narrow "
        "enough for the question, more points would not change the answer."
    )
    reasons = sentences(
        [
            told(reason)
            for reason in sorted({outcome.reason for outcome in findings.outcomes if outcome.reason})
        ]
    )
    return Exhibit(
        "convergence", phrase("Are there points enough?"), caption, views, reasons, phrase("Outcome")
    )


def _convergence(outcome: OutcomeFindings, names: Names) -> View:
    table = outcome.convergence
    assert table is not None
    top, index = str(table["factor"].iloc[0]), str(table["index"].iloc[0])
    share = measure_unit(outcome.measure) == "share"
    figure = go.Figure()
    for place, (middle, low, high) in enumerate(
        (("mean", "low", "high"), ("value", "value_low", "value_high"))
    ):
        size = 100.0 if share and not place else 1.0
        value = table[middle].to_numpy(float) * size
        figure.add_scatter(
            x=table["points"].tolist(),
            y=thin(value),
            mode="lines+markers",
            showlegend=False,
            line={"color": STRONG},
            marker={"size": 8},
            error_y=_whiskers(value, table[low], table[high], size),
            hovertemplate="%{x} points: %{y:.4g}<extra></extra>",
            **panel_axes(place),
        )
    kind = counterpart(INDEX_NAMES["ST" if index == "ST" else "delta"])
    unit = phrase(", percentage points") if share else ""
    titles = [
        phrase("Mean outcome{unit}", unit=unit),
        phrase("{kind} of {factor_name}", kind=kind, factor_name=factor_name(top)),
    ]
    made = []
    for columns in (2, 1):
        chosen = panels(titles, columns, 240, axis(phrase("Points")), axis())
        for name in ("yaxis", "yaxis2"):
            chosen[name]["showticklabels"] = True
        if columns == 2:  # room for the second panel's numbers
            chosen["xaxis"]["domain"], chosen["xaxis2"]["domain"] = [0, 0.45], [0.55, 1]
            chosen["annotations"][1]["x"] = 0.55
        made.append(chosen)
    figure.update_layout(layout(0, showlegend=False) | made[0])
    last = table.iloc[-1]
    finding = phrase(
        "From {points}, {kind} of {factor_name} is {value:.2f} ({value_low:.2f} to {value_high:.2f})",
        points=counted(int(last["points"]), "point"),
        kind=kind.lower(),
        factor_name=factor_name(top),
        value=last["value"],
        value_low=last["value_low"],
        value_high=last["value_high"],
    ).replace("-", "−")
    return View(outcome_name(outcome, names), finding, figure, made[1])


def _whiskers(
    middle: np.ndarray, low: pd.Series, high: pd.Series, size: float, **look: Any
) -> dict[str, Any]:
    """Error bars from `middle` to an interval's ends times `size`."""
    ends = (end.to_numpy(float) * size for end in (low, high))
    return whiskers(middle, *ends, color=faded(STRONG, 0.6), **look)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
