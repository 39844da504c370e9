"""Checks against known mathematics as figures: what came out, and the law as a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from ....languages.speaking import counterpart, phrase, template, told
from ....validation.mathematics.checks import Check
from ...kit.periods import outline
from ...kit.style import INK, PHONE, axis, faded, layout, line_colour, panel_axes, panels, thin, with_legend

HEIGHT, PANEL_HEIGHT = 320, 130
OBSERVED, LAW = line_colour(1), line_colour(0)
BAND = template("95% of such worlds")
PARTS = {
    "visits": (template("Visits a day"), 1.0),
    "orders": (template("Orders a day"), 1.0),
    "money": (template("Merchants' gains so far (CNY)"), 100.0),
    "followers": (template("Followers"), 1.0),
}
"""Part of the accounts -> title of its panel, and by what its numbers are divided."""


@dataclass(frozen=True)
class Words:
    """What stands at a figure: its axes, the law's name, and the format of its numbers."""

    x: str
    y: str
    law: str
    form: str = ""


WORDS = {
    "poisson_audiences": Words(
        template("Visits to one room on one day"), template("Rooms and days"), template("Poisson law")
    ),
    "polya_urn": Words(template("Visits to one room, of 20"), template("Worlds"), template("Polya's urn")),
    "winner_takes_all": Words(
        template("Visits to the leading room, of 100"), template("Worlds"), template("Urn with squared heat")
    ),
    "cascade_sizes": Words(
        template("Adopters of one shared link"), template("Cascades"), template("Branching process")
    ),
    "half_life": Words(
        template("Days without contact"), template("Trust left"), template("Exponential"), ".0%"
    ),
    "bass_curve": Words(
        template("Day"), template("Viewers who have found the shop"), template("Bass curve"), ".0%"
    ),
}


def figures(checks: Sequence[Check]) -> list[tuple[str, str, go.Figure]]:
    """Title, sentence and figure of each check.

    Parameters
    ----------
    checks : sequence of Check
        Of `mathematics.checks.run_checks`.

    Returns
    -------
    list of (str, str, Figure)
        In the order of `checks`. The sentence says what theory expects, whether it came out, and by which
        number. Figures have one layout that fits a phone as well.
    """
    return [(told(check.title), sentence(check), check_figure(check)) for check in checks]


def sentence(check: Check) -> str:
    """What theory expects, whether it came out, and the number that says so."""
    bounds = {True: template("at least {threshold:.2g}"), False: template("at most {threshold:.2g}")}
    found = {
        "statement": told(check.statement),
        "statistic": told(check.statistic),
        "value": f"{check.value:.2g}",
        "bound": phrase(bounds[check.at_least], threshold=check.threshold),
    }
    if check.passed:
        return phrase("{statement} Passed: {statistic} is {value} ({bound} needed).", **found)
    return phrase("{statement} Failed: {statistic} is {value} ({bound} needed).", **found)


def _said(words: Words) -> Words:
    """Words in the language that is spoken."""
    return Words(counterpart(words.x), counterpart(words.y), counterpart(words.law), words.form)


def check_figure(check: Check) -> go.Figure:
    """The figure of one check: bars of counts, dots of a curve, or one panel per part of the accounts."""
    if "part" in check.observed:
        return _accounts(check)
    words = _said(WORDS[check.id])
    in_classes = isinstance(check.observed["x"].iloc[0], str)
    figure = go.Figure(
        layout=layout(
            with_legend(HEIGHT, [phrase("Simulated"), words.law, counterpart(BAND)], PHONE),
            hovermode="x unified",
            bargap=0.25,
            xaxis=axis(words.x, type="category" if in_classes else "linear"),
            yaxis=axis(words.y, rangemode="tozero", tickformat=words.form),
        )
    )
    if in_classes:
        _add_bars(figure, check, words)
    else:
        _add_curve(figure, check, words)
    return figure


def _add_bars(figure: go.Figure, check: Check, words: Words) -> None:
    observed, law = check.observed, check.expected
    figure.add_bar(
        x=observed["x"],
        y=observed["observed"],
        name=phrase("Simulated"),
        marker={"color": faded(OBSERVED, 0.55)},
        hovertemplate="%{y:,}",
    )
    expected, low, high = (law[name].to_numpy(float) for name in ("expected", "low", "high"))
    figure.add_scatter(
        x=law["x"],
        y=thin(expected),
        mode="lines+markers",
        name=phrase("{law}, with 95% interval", law=words.law),
        line={"color": LAW, "width": 2},
        marker={"size": 6},
        hovertemplate="%{y:,.1f}",
        error_y={
            "type": "data",
            "symmetric": False,
            "array": thin(high - expected),
            "arrayminus": thin(expected - low),
            "color": LAW,
            "thickness": 1.5,
            "width": 4,
        },
    )


def _add_curve(figure: go.Figure, check: Check, words: Words) -> None:
    observed, law = check.observed, check.expected
    if "low" in law:
        x, y = outline(law["x"].tolist(), law["low"].to_numpy(float), law["high"].to_numpy(float))
        figure.add_scatter(
            x=x,
            y=y,
            fill="toself",
            fillcolor=faded(LAW, 0.25),
            line={"width": 0},
            mode="lines",
            name=counterpart(BAND),
            hoverinfo="skip",
        )
    number = "%{y:.2%}" if words.form.endswith("%") else "%{y:.3g}"
    figure.add_scatter(
        x=law["x"],
        y=thin(law["expected"].to_numpy(float)),
        mode="lines",
        name=words.law,
        line={"color": LAW, "width": 2},
        hovertemplate=number,
    )
    figure.add_scatter(
        x=observed["x"],
        y=thin(observed["observed"].to_numpy(float)),
        mode="markers",
        name=phrase("Simulated"),
        marker={"color": OBSERVED, "size": 5},
        hovertemplate=number,
    )


def _accounts(check: Check) -> go.Figure:
    """One panel per part, all below one another; one line per world for the books, dots for people."""
    worlds = list(dict.fromkeys(check.observed["world"]))
    figure = go.Figure(
        layout=layout(0, hovermode="closest")
        | panels(
            [counterpart(title) for title, _ in PARTS.values()],
            1,
            PANEL_HEIGHT,
            axis(),
            axis(rangemode="tozero", tickformat="~s", nticks=4),
        )
    )
    for panel, part in enumerate(PARTS):
        for place, world in enumerate(worlds):
            _add_account(figure, check, panel, part, place, world)
    figure.add_scatter(
        x=[None], y=[None], mode="markers", name=phrase("Dots: with people"), marker={"color": INK, "size": 5}
    )
    figure.update_layout({f"xaxis{len(PARTS)}": {"title": {"text": phrase("Day")}}})
    figure.update_layout(height=figure.layout.height + 30, legend={"tracegroupgap": 0})
    return figure


def _add_account(figure: go.Figure, check: Check, panel: int, part: str, place: int, world: str) -> None:
    def of_part(table: pd.DataFrame) -> pd.DataFrame:
        return table[(table["part"] == part) & (table["world"] == world)]

    books, people, unit = of_part(check.expected), of_part(check.observed), PARTS[part][1]
    common = {
        "legendgroup": world,
        **panel_axes(panel),
        "hovertemplate": phrase("Day {day}: {value}", day="%{x}", value="%{y:,}"),
    }
    figure.add_scatter(
        x=books["x"],
        y=(books["expected"] / unit).tolist(),
        mode="lines",
        name=phrase("{world}, books", world=counterpart(world)),
        showlegend=panel == 0,
        line={"color": faded(line_colour(place), 0.6), "width": 2},
        **common,
    )
    figure.add_scatter(
        x=people["x"],
        y=(people["observed"] / unit).tolist(),
        mode="markers",
        name=phrase("{world}, people", world=counterpart(world)),
        showlegend=False,
        marker={"color": line_colour(place), "size": 4},
        **common,
    )
