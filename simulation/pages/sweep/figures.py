"""Pictures of a sweep: claims over the points, factors, maps, dependence, convergence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ...ensembles.analysis.findings import OutcomeFindings, SweepFindings
from ...ensembles.analysis.verdicts import STATUSES, ClaimOverPoints, FlipMap
from ...ensembles.analysis.wording import factor_name
from ...runs.bounds import measure_unit
from ...words import counted
from ..kit.figure_text import BREAK, wrapped
from ..kit.names import Names, measure_name
from ..kit.style import Exhibit, View, axis, faded, labels_above, layout, panel_axes, panels, thin, whiskers
from ..kit.words import amount, percent

COLOURS = {"supported": "#00684f", "undecided": "#c9a800", "contradicted": "#a5370a"}
MARKS = {"supported": "circle", "undecided": "diamond-open", "contradicted": "x"}
STRONG, PALE = "#0072B2", "#56B4E9"
ROW = 44
INDEX_NAMES = {
    "S1": "By itself (first order)",
    "ST": "With all its interplay (total order)",
    "delta": "Delta",
    "pawn": "PAWN",
}


def outcome_name(outcome: OutcomeFindings, names: Names) -> str:
    """An outcome for readers: a measure in an arm, or the difference of two."""
    measure, arm = measure_name(outcome.measure), names.arm(outcome.arm)
    if outcome.against is None:
        return f"{measure}, {arm}"
    return f"{measure}: {arm} minus {names.arm(outcome.against)}"


def claims_exhibit(findings: SweepFindings) -> Exhibit:
    """Of each claim, the share of points at which it is supported, undecided, contradicted."""
    topic = "Claims over the whole range"
    claims = sorted(findings.claims, key=lambda claim: claim.shares["supported"].share)[::-1]
    if not claims:
        return Exhibit("claims", topic, "", [], "No claim of this scenario can be weighed over a sweep.")
    figure = go.Figure()
    for name in STATUSES:
        shares = [claim.shares[name] for claim in claims]
        figure.add_bar(
            orientation="h",
            name=name.capitalize(),
            x=thin([100 * share.share for share in shares]),
            y=[-place for place in range(len(claims))],
            marker={"color": COLOURS[name]},
            width=0.42,
            text=[f"{100 * share.share:.0f}%" if share.share >= 0.08 else "" for share in shares],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#1d2733" if name == "undecided" else "#ffffff"},
            hovertext=[
                f"{claim.claim.title}{BREAK}{name} at {share.count} of {len(claim.status)} points: "
                f"{_interval(share.share, share.low, share.high)}"
                for claim, share in zip(claims, shares, strict=True)
            ],
            hoverinfo="text",
        )
    labels = [claim.claim.title for claim in claims]
    wide = {
        "yaxis": axis(
            tickvals=[-place for place in range(len(claims))],
            showgrid=False,
            zeroline=False,
            ticktext=[wrapped(label, 44) for label in labels],
        )
    }
    across = axis("Share of points", range=[0, 101], ticksuffix="%")
    figure.update_layout(layout(ROW * len(claims) + 110, barmode="stack", xaxis=across) | wide)
    figure.update_layout(legend_traceorder="normal")
    narrow = labels_above([wrapped(label, 48) for label in labels], [""] * len(labels), 66)
    # Labels stand above the thinner bars of a phone.
    narrow["annotations"] = [
        note | {"align": "left", "y": note["y"] - 0.06} for note in narrow["annotations"]
    ]
    best = claims[0]
    finding = (
        f"“{best.claim.title}” holds at {percent(best.shares['supported'].share)} of the points, "
        f"“{claims[-1].claim.title}” at {percent(claims[-1].shares['supported'].share)}"
    )
    if len(claims) == 1:
        finding = f"“{best.claim.title}” holds at {percent(best.shares['supported'].share)} of the points"
    caption = (
        "How to read: at every point the claim is weighed as in a single run, against the smallest "
        "effect that matters. Hover for counts and 95% intervals (Wilson) of the shares, which "
        "say how well these points stand for the whole range, not how likely it is in the world."
    )
    return Exhibit("claims", topic, caption, [View("", finding, figure, narrow)])


def tornado_exhibit(findings: SweepFindings, names: Names) -> Exhibit:
    """Indices of all factors, an outcome at a time."""
    views = [_tornado(outcome, names) for outcome in findings.outcomes if outcome.indices is not None]
    if findings.results.is_sobol:
        read = (
            "How to read: dark is the share of the outcome's variance that a factor causes by itself, "
            "pale that with all its interplay with others; pale well beyond dark means interplay. "
        )
    else:
        read = (
            "How to read: both indices say how much the distribution of the outcome shifts once the "
            "factor is known, from 0 (not at all) to 1. Right of the dotted line, PAWN is larger "
            "than a factor without any effect would reach in 95 of 100 samples of this size. "
        )
    reasons = sorted({outcome.reason for outcome in findings.outcomes if outcome.reason})
    return Exhibit(
        "factors",
        "What moves the outcomes",
        read + "Whiskers are 95% intervals.",
        views,
        " ".join(reasons) or "No outcome has a value.",
        "Outcome",
    )


def _tornado(outcome: OutcomeFindings, names: Names) -> View:
    table = outcome.indices
    assert table is not None
    kinds = [name for name in ("ST", "S1", "delta", "pawn") if name in table]
    table = table.sort_values(kinds[0], ascending=False)
    labels = [factor_name(str(key)) for key in table.index]
    figure = go.Figure()
    for place, kind in enumerate(kinds):
        value = table[kind].to_numpy(float)
        strong = kind in ("S1", "delta")
        figure.add_bar(
            orientation="h",
            name=INDEX_NAMES[kind],
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
                f"{label}{BREAK}{INDEX_NAMES[kind]}: {found:.2f}"
                for label, found in zip(labels, value, strict=True)
            ],
            hoverinfo="text",
            legendrank=10 - place,
        )
    if "floor" in table:
        floor = float(table["floor"].iloc[0])
        figure.add_scatter(
            x=[floor, floor],
            y=[0.5, 0.5 - len(table)],
            mode="lines",
            hoverinfo="skip",
            name="PAWN without effect",
            line={"color": "#5b6775", "dash": "dot"},
        )
    wide = axis(
        tickvals=[-row for row in range(len(table))],
        ticktext=labels,
        showgrid=False,
        zeroline=False,
        range=[0.4 - len(table), 0.4],
    )
    figure.update_layout(layout(50 * len(table) + 120, xaxis=axis("Index", rangemode="tozero"), yaxis=wide))
    narrow = labels_above(labels, [""] * len(labels), 64)
    narrow["height"] += 60
    name = outcome_name(outcome, names)
    sure = table[f"{kinds[0]}_low"].iloc[0] > 0
    found = f"{labels[0].capitalize()} matters most for" if sure else "No factor stands out for"
    return View(name, f"{found} {_lower(name)}", figure, narrow)


def map_exhibit(findings: SweepFindings) -> Exhibit:
    """Where over two factors each claim holds."""
    by_id = {claim.claim.id: claim for claim in findings.claims}
    views = [_flip(findings, entry, by_id[entry.claim_id]) for entry in findings.maps]
    caption = (
        "How to read: each mark is a point of the sweep; all other factors vary as well, so that "
        "marks of different kinds can lie side by side. The axes are the two factors that move "
        "the claim's first effect most."
    )
    return Exhibit("map", "Where a claim flips", caption, views, "There is no claim to map.", "Claim")


def _flip(findings: SweepFindings, entry: FlipMap, claim: ClaimOverPoints) -> View:
    figure = go.Figure()
    up = factor_name(entry.factor_y).capitalize() if entry.factor_y else "Effect found"
    for name in STATUSES:
        rows = entry.points[entry.points["status"] == name]
        figure.add_scatter(
            x=_values(rows["x"]),
            y=_values(rows["y"]),
            mode="markers",
            name=f"{name} ({len(rows)})",
            marker={
                "color": COLOURS[name],
                "symbol": MARKS[name],
                "size": 9,
                "line": {"width": 1.5, "color": COLOURS[name]},
            },
            text=[f"point {point}" for point in rows.index],
            hovertemplate="%{text}<br>%{x}, %{y}<extra>" + name + "</extra>",
        )
    figure.update_layout(
        layout(
            460,
            hovermode="closest",
            xaxis=_scale(findings, entry.factor_x),
            yaxis=_scale(findings, entry.factor_y) if entry.factor_y else axis(up),
        )
    )
    shares = claim.shares
    finding = (
        f"{claim.claim.title}: supported at {shares['supported'].count}, contradicted at "
        f"{shares['contradicted'].count} of {counted(len(claim.status), 'point')}"
    )
    return View(claim.claim.title, finding, figure, {"height": 440})


def dependence_exhibit(findings: SweepFindings, names: Names) -> Exhibit:
    """Mean outcome along each factor, small multiples."""
    views = [
        _dependence(findings, outcome, names)
        for outcome in findings.outcomes
        if outcome.dependence is not None
    ]
    caption = (
        "How to read: a dot is the mean over the points in a tenth of the factor's range, with its "
        "95% interval; everything else varies as designed. A flat row means no effect on average."
    )
    return Exhibit("dependence", "Along each factor", caption, views, "No outcome has a value.", "Outcome")


def _dependence(findings: SweepFindings, outcome: OutcomeFindings, names: Names) -> View:
    table = outcome.dependence
    assert table is not None
    factors = [factor.key for factor in findings.results.factors]
    titles = [wrapped(factor_name(key), 30) for key in factors]
    # In percentage points, as differences of shares are read.
    share = measure_unit(outcome.measure) == "share"
    size = 100.0 if share else 1.0
    unit = (
        "percentage points" if share and outcome.against else "%" if share else measure_unit(outcome.measure)
    )
    figure = go.Figure()
    for place, key in enumerate(factors):
        rows = table[table["factor"] == key]
        mean = rows["mean"].to_numpy(float) * size
        choices = bool(findings.results.factor(key).choices)  # which have nothing between them
        figure.add_scatter(
            x=_values(rows["value"]),
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
        mean_text = f"{100 * outcome.mean:+.2f} percentage points".replace("-", "−")
    return View(name, f"{name}, {mean_text} on average over all points", figure, narrow)


def _panels(
    findings: SweepFindings, factors: list[str], titles: list[str], columns: int, unit: str
) -> dict[str, Any]:
    """Panels on a common scale, each with its own factor's axis."""
    across = axis(unit, matches="y")
    made = panels(titles, columns, 230, axis(), across)
    for place, key in enumerate(factors):
        name = "xaxis" + (str(place + 1) if place else "")
        own = _scale(findings, key)
        made[name] = own | {key: made[name][key] for key in ("domain", "anchor")} | {"title": {"text": ""}}
        if place == 0:
            made["yaxis"].pop("matches", None)
    return made


def convergence_exhibit(findings: SweepFindings, names: Names) -> Exhibit:
    """The mean and the largest index from more and more points."""
    views = [_convergence(outcome, names) for outcome in findings.outcomes if outcome.convergence is not None]
    caption = (
        "How to read: if the last dots lie within one another's 95% intervals and these are narrow "
        "enough for the question, more points would not change the answer."
    )
    reasons = " ".join(sorted({outcome.reason for outcome in findings.outcomes if outcome.reason}))
    return Exhibit("convergence", "Are there points enough?", caption, views, reasons, "Outcome")


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
    kind = "Total order" if index == "ST" else "Delta"
    unit = ", percentage points" if share else ""
    titles = [f"Mean outcome{unit}", f"{kind} of {factor_name(top)}"]
    made = []
    for columns in (2, 1):
        chosen = panels(titles, columns, 240, axis("Points"), axis())
        for name in ("yaxis", "yaxis2"):
            chosen[name]["showticklabels"] = True
        if columns == 2:  # room for the second panel's numbers
            chosen["xaxis"]["domain"], chosen["xaxis2"]["domain"] = [0, 0.45], [0.55, 1]
            chosen["annotations"][1]["x"] = 0.55
        made.append(chosen)
    figure.update_layout(layout(0, showlegend=False) | made[0])
    last = table.iloc[-1]
    finding = (
        f"From {counted(int(last['points']), 'point')}, {kind.lower()} of {factor_name(top)} is "
        f"{last['value']:.2f} ({last['value_low']:.2f} to {last['value_high']:.2f})".replace("-", "−")
    )
    return View(outcome_name(outcome, names), finding, figure, made[1])


def _scale(findings: SweepFindings, key: str) -> dict[str, Any]:
    """A factor's axis: logarithmic where its values are even on a log scale, choices as they stand."""
    factor = findings.results.factor(key)
    title = factor_name(key).capitalize()
    if factor.choices:
        order = [str(choice) for choice in factor.choices]
        return axis(title, type="category", categoryorder="array", categoryarray=order)
    if factor.scale == "log":
        assert factor.low is not None and factor.high is not None  # checked with the scenario
        ticks = [float(f"{value:.1g}") for value in np.geomspace(factor.low, factor.high, 4)]
        return axis(title, type="log", tickvals=ticks, ticktext=[f"{tick:g}" for tick in ticks])
    return axis(title)


def _values(values: pd.Series) -> list[Any]:
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.notna().all() and not all(isinstance(value, bool | np.bool_) for value in values):
        return thin(numbers.to_numpy(float))
    return [str(value) for value in values]


def _whiskers(
    middle: np.ndarray, low: pd.Series, high: pd.Series, size: float, **look: Any
) -> dict[str, Any]:
    """Error bars from `middle` to an interval's ends times `size`."""
    ends = (end.to_numpy(float) * size for end in (low, high))
    return whiskers(middle, *ends, color=faded(STRONG, 0.6), **look)


def _interval(middle: float, low: float, high: float) -> str:
    return f"{100 * middle:.0f}% ({100 * low:.0f} to {100 * high:.0f}%)"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
