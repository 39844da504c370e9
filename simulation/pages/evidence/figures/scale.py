"""What the world's size does to measures, as a figure and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from markupsafe import Markup

from ....languages.speaking import counterpart, phrase, template
from ....runs.bounds import measure_unit
from ....validation.scale import (
    CANNOT_TELL,
    DRIFTS,
    LARGEST,
    MARGIN,
    POWER,
    POWER_LAWS,
    STABLE,
    comparable,
    drift,
)
from ....words import plain
from ...kit.figure_text import BREAK, bold, wrapped
from ...kit.names import measure_name
from ...kit.style import (
    Exhibit,
    View,
    arm_dash,
    arm_symbol,
    axis,
    faded,
    layout,
    line_colour,
    panel_axes,
    panels,
    thin,
)
from ...kit.words import MISSING_TEXT, amount, fixed, is_number, short

SHOWN = (
    "conversion_rate",
    "revisit_rate_30d",
    "top1_audience_share",
    LARGEST,
    "audience_gini",
    "merchant_survival_90d",
    "unreached_demand_share",
    "newcomer_first_week_visits",
)
"""Key measures; those without any value are left out."""
HEIGHT, PHONE_HEIGHT, COLUMNS, TITLE_WIDTH = 190, 150, 3, 36
LARGEST_LABEL = template("Audience of the largest stream")
MOST_TICKS = 4
WORDS = {STABLE: template("stable"), DRIFTS: template("drifts"), CANNOT_TELL: template("unclear")}


def scale_exhibit(frame: pd.DataFrame, labels: dict[str, str] | None = None) -> Exhibit:
    """The figure with its finding, caption and table of drift.

    Parameters
    ----------
    frame : DataFrame
        Of `scale.measure_scale`, with at least one arm.
    labels : dict of str to str, optional
        Labels of arms by name; names as words if not given.
    """
    arms = [str(arm) for arm in frame["arm"].unique()]
    labels = {arm: (labels or {}).get(arm, plain(arm)) for arm in arms}
    measures = shown_measures(frame)
    trends = {arm: drift(frame, arm).set_index("measure") for arm in arms}
    caption = phrase(
        "How to read: a pale mark is one world, the line joins the means of worlds of one size; all have as "
        "many viewers to a merchant. Measures of the largest of all have a logarithmic upright axis, on "
        "which a power of size is straight. In the table, with 95% intervals, a measure is stable if its "
        "change per factor of ten of viewers is surely within {margin}, and drifts if it is surely "
        "beyond; a bent line is judged step by step.",
        margin=f"{MARGIN:.0%}",
    )
    view = View(
        "",
        finding(trends, labels, measures),
        scale_figure(frame, labels),
        _panels(frame, measures, 1),
        drift_table(trends, labels, measures),
    )
    return Exhibit("scale", phrase("Larger and smaller worlds"), caption, [view])


def shown_measures(frame: pd.DataFrame) -> list[str]:
    """Those of the measures `SHOWN` that have a value."""
    return [name for name in SHOWN if name in frame and frame[name].notna().any()]


def scale_figure(frame: pd.DataFrame, labels: dict[str, str]) -> go.Figure:
    """Measures over viewers: one panel per measure, one line per arm, one pale mark per world.

    Parameters
    ----------
    frame : DataFrame
        Of `scale.measure_scale`.
    labels : dict of str to str
        Labels of arms by name, in order.
    """
    measures = shown_measures(frame)
    figure = go.Figure(layout=layout(0, hovermode="closest") | _panels(frame, measures, COLUMNS))
    for panel, measure in enumerate(measures):
        for place, (arm, label) in enumerate(labels.items()):
            rows = frame[(frame["arm"] == arm) & frame[measure].notna()]
            values = comparable(rows, measure)[0]
            _add_worlds(figure, panel, place, label, rows["viewers"], values)
            # With all sizes, so that no line joins those around one without a value.
            means = values.groupby(rows["viewers"]).mean().reindex(np.unique(frame["viewers"]))
            _add_means(figure, panel, place, label, measure, means)
    return figure


def measure_label(measure: str) -> str:
    """Label of a measure for readers."""
    return counterpart(LARGEST_LABEL) if measure == LARGEST else measure_name(measure)


def _shown(value: float, measure: str) -> str:
    return amount(value, "persons" if measure == LARGEST else measure_unit(measure))


def _add_worlds(
    figure: go.Figure, panel: int, place: int, label: str, viewers: pd.Series, values: pd.Series
) -> None:
    figure.add_scatter(
        x=viewers.tolist(),
        y=thin(values.to_numpy()),
        mode="markers",
        name=label,
        legendgroup=label,
        showlegend=False,
        **panel_axes(panel),
        hoverinfo="skip",
        marker={"size": 6, "color": faded(line_colour(place), 0.35), "symbol": arm_symbol(place)},
    )


def _add_means(figure: go.Figure, panel: int, place: int, label: str, measure: str, means: pd.Series) -> None:
    sizes = [int(str(size)) for size in means.index]
    texts = [
        phrase(
            "{measure}{line}{arm}, {size:,} viewers: {value}",
            measure=bold(measure_label(measure)),
            line=BREAK,
            arm=label,
            size=size,
            value=_shown(mean, measure),
        )
        for size, mean in zip(sizes, means, strict=True)
    ]
    figure.add_scatter(
        x=sizes,
        y=thin(means.to_numpy()),
        mode="lines+markers",
        name=label,
        legendgroup=label,
        showlegend=panel == 0,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        **panel_axes(panel),
        line={"color": line_colour(place), "dash": arm_dash(place), "width": 2},
        marker={"size": 9, "color": line_colour(place), "symbol": arm_symbol(place)},
    )


def _panels(frame: pd.DataFrame, measures: Sequence[str], columns: int) -> dict[str, Any]:
    """Panels in `columns` columns, each with its own upright scale."""
    titles = [wrapped(measure_label(measure), TITLE_WIDTH) for measure in measures]
    sizes = sorted({int(size) for size in frame["viewers"]})
    room = 0.08 * np.log10(sizes[-1] / sizes[0]) or 0.1
    ticks = sizes if len(sizes) <= MOST_TICKS else [sizes[0], sizes[-1]]
    x = axis(
        type="log",
        tickvals=ticks,
        ticktext=[short(size) for size in ticks],
        tickangle=0,
        range=[np.log10(sizes[0]) - room, np.log10(sizes[-1]) + room],
    )
    chosen = panels(titles, columns, HEIGHT if columns > 1 else PHONE_HEIGHT, x, axis(nticks=5))
    formats = {"share": ".3~%", "Gini": ".2~f"}
    for place, measure in enumerate(measures):
        number = str(place + 1) if place else ""
        chosen[f"yaxis{number}"] |= {
            "showticklabels": True,
            "tickformat": formats.get(measure_unit(measure), "~s"),
            **_upright(frame[measure].dropna(), measure),
        }
        if place >= len(measures) - columns:
            chosen[f"xaxis{number}"] |= {"title": axis(phrase("Viewers"))["title"]}
    return chosen


def _upright(values: pd.Series, measure: str) -> dict[str, Any]:
    """Scale of a panel: logarithmic for power laws, else from zero, so that a line that looks level is."""
    if measure not in POWER_LAWS or (values <= 0).any():
        return {"rangemode": "tozero"}
    powers = range(int(np.floor(np.log10(values.min()))), int(np.ceil(np.log10(values.max()))) + 1)
    ticks = [step * 10.0**power for power in powers for step in (1, 2, 5)]
    ticks = [tick for tick in ticks if values.min() <= tick <= values.max()]
    # Round powers of ten are enough where there are several.
    whole = [tick for tick in ticks if float(np.log10(tick)).is_integer()]
    return {"type": "log", "tickvals": ticks if len(ticks) <= MOST_TICKS else whole}


def finding(trends: dict[str, pd.DataFrame], labels: dict[str, str], measures: Sequence[str]) -> str:
    """How many of the key measures are stable, and how many drift, by arm, in a sentence."""
    parts = []
    for arm, table in trends.items():
        verdicts = table["verdict"].reindex(list(measures)).dropna()
        counts = {verdict: int((verdicts == verdict).sum()) for verdict in (STABLE, DRIFTS, CANNOT_TELL)}
        parts.append(
            phrase(
                "{arm} {stable} stable, {drifting} drift, {unclear} unclear",
                arm=labels[arm],
                stable=counts[STABLE],
                drifting=counts[DRIFTS],
                unclear=counts[CANNOT_TELL],
            )
        )
    return phrase(
        "Of {many} key measures, as the world grows: {arms}",
        many=len(measures),
        arms=counterpart("; ").join(parts),
    )


def drift_table(trends: dict[str, pd.DataFrame], labels: dict[str, str], measures: Sequence[str]) -> Markup:
    """Relative change of each measure per factor of ten of viewers, by arm, and the verdict on it.

    Parameters
    ----------
    trends : dict of str to DataFrame
        Of `scale.drift` by arm, with the measure as index.
    labels : dict of str to str
        Labels of arms by name.
    measures : sequence of str
        In the order in which they stand in the table.
    """
    heads = (phrase("Measure"), phrase("Change per factor of ten"), phrase("Verdict"))
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in heads)
    body = Markup("").join(_group(trends, labels, measure) for measure in measures)
    return Markup("<table><thead><tr>{}</tr></thead>{}</table>").format(head, body)


def _group(trends: dict[str, pd.DataFrame], labels: dict[str, str], measure: str) -> Markup:
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td></tr>').format(
            labels[arm], *_cells(table.loc[[measure]].iloc[0])
        )
        for arm, table in trends.items()
        if measure in table.index
    )
    name = Markup('<tr><th scope="rowgroup" colspan="3"><b>{}</b></th></tr>').format(measure_label(measure))
    return Markup("<tbody>{}{}</tbody>").format(name, rows)


def _cells(row: pd.Series) -> tuple[str, Markup]:
    """Change with its interval and law below it, and the verdict."""
    verdict = Markup("{}").format(counterpart(WORDS[row["verdict"]]))
    if row["bent"]:
        verdict += Markup("<br><small>{}</small>").format(phrase("bent"))
    if not is_number(row.get("relative")):
        return counterpart(MISSING_TEXT), verdict
    value, low, high = (_percent(row[name]) for name in ("relative", "relative_low", "relative_high"))
    change = Markup("{}%").format(value)
    if is_number(row["relative_low"]):
        change += Markup("<br><small>{}</small>").format(phrase("{low} to {high}%", low=low, high=high))
    if row["law"] == POWER:
        change += Markup("<br><small>{}<sup>{}</sup></small>").format(
            phrase("size"), fixed(row["exponent"], 2)
        )
    return change, verdict


def _percent(value: float) -> str:
    return fixed(100 * value, 1 if abs(value) < 0.1 else 0, sign=True) if is_number(value) else ""
