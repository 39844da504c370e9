"""Pictures of a policy search: the front between two goals, and how levers lead to goals."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from ...ensembles.search.candidates import TODAY, oriented
from ...languages.speaking import listing, phrase
from ...runs.bounds import measure_unit
from ...scenario.sections.policy_search import Goal, Lever
from ..kit.figure_text import BREAK, bold, italic, wrapped
from ..kit.style import (
    INK,
    LEGEND_ROW,
    Exhibit,
    View,
    axis,
    faded,
    layout,
    numbers_in_full,
    panel_axes,
    panel_columns,
    panels,
    thin,
)
from ..kit.words import unit_beside
from .sentences import SearchFindings, change_text, goal_text, lever_text, lowered

FRONT, TRIED, TODAYS = "#0072B2", "#b9c2cc", "#D55E00"
COLOUR_SCALE = "Viridis"
"""Even in lightness, also to colour-blind readers."""
FEWEST_RANKED, WEAK = 5, 0.3
"""Settings below which ranks say nothing, and a rank correlation that is called little."""
MARGIN_LOG = 0.1
"""Room at the ends of a log axis, in powers of ten."""


def front_exhibit(found: SearchFindings) -> Exhibit:
    """All settings between each two goals, a third as colour; the front and today's stand out."""
    goals = found.search.goals
    if found.done.empty:
        return Exhibit("front", phrase("The front"), "", [], phrase("No setting has a value for all goals."))
    if len(goals) == 1:
        views = [_front(found, goals[0], None, None)]
    else:
        views = [
            _front(found, first, second, next((g for g in goals if g not in (first, second)), None))
            for first, second in combinations(goals, 2)
        ]
    caption = phrase(
        "How to read: each mark is a setting of the levers, placed by its means over the same worlds. "
        "On the front no other setting tried is as good in every goal and better in one; seen along "
        "two goals, a setting may look beaten that is ahead in another. Hover for levers, goals and "
        "changes from today's with 95% intervals."
    )
    return Exhibit("front", phrase("The front"), caption, views, choose=phrase("Goals"))


def _front(found: SearchFindings, first: Goal, second: Goal | None, third: Goal | None) -> View:
    front = found.front
    rest = found.done[~found.done["on_front"] & (found.done["candidate"] != TODAY)]
    figure = go.Figure()
    _add(
        figure,
        found,
        rest,
        (first, second),
        phrase("Other settings"),
        {"color": TRIED, "size": 6, "opacity": 0.7},
    )
    marker: dict[str, Any] = {"color": FRONT, "size": 10, "line": {"width": 1, "color": INK}}
    if third:
        marker |= {
            "color": _numbers(third, front),
            "colorscale": COLOUR_SCALE,
            "colorbar": _bar(found, third),
            "reversescale": third.direction == "lower",
        }
    name = phrase("On the front") + (
        phrase(" (colour: {lowered})", lowered=lowered(found.goal_name(third))) if third else ""
    )
    _add(figure, found, front, (first, second), name, marker)
    today = found.done[found.done["candidate"] == TODAY]
    _add(
        figure,
        found,
        today,
        (first, second),
        phrase("Today"),
        {"color": TODAYS, "size": 16, "symbol": "x-thin", "line": {"width": 4, "color": TODAYS}},
    )
    figure.update_layout(
        layout(
            560,
            hovermode="closest",
            xaxis=_scale(found, first),
            yaxis=_scale(found, second)
            if second
            else axis(phrase("Generation in which it came up"), dtick=1),
        )
    )
    figure.update_layout(legend={"traceorder": "normal"})
    names = [found.goal_name(goal) for goal in (first, second) if goal]
    return View(listing(names), _finding(found, first, second), figure, _narrow(found, third))


def _narrow(found: SearchFindings, third: Goal | None) -> dict[str, Any]:
    """A phone's layout: the legend takes more rows, above the figure."""
    return {"height": 560, "margin": {"l": 4, "r": 8, "t": 90 if third else 60, "b": 8}}


def _finding(found: SearchFindings, first: Goal, second: Goal | None) -> str:
    """Whether two goals pull apart along the front, by Spearman's rank correlation."""
    name, front = found.goal_name(first), found.front
    if second is None:
        return phrase("{name}, generation by generation", name=name)
    both = phrase("“{name}” and “{goal_name}”", name=name, goal_name=found.goal_name(second))
    if len(front) < FEWEST_RANKED or front[[first.name, second.name]].nunique().min() < 2:
        return phrase("{both} on the front", both=both)
    ranks = oriented(front[[first.name, second.name]].to_numpy(float), (first, second))
    along = float(pd.Series(ranks[:, 0]).corr(pd.Series(ranks[:, 1]), method="spearman"))
    if not np.isfinite(along) or abs(along) < WEAK:
        return phrase("Along the front, {both} have little to do with each other", both=both)
    how = phrase("come together") if along > 0 else phrase("pull apart: more of one costs the other")
    return phrase("Along the front, {both} {how}", both=both, how=how)


def _add(
    figure: go.Figure,
    found: SearchFindings,
    rows: pd.DataFrame,
    goals: tuple[Goal, Goal | None],
    name: str,
    marker: dict[str, Any],
) -> None:
    first, second = goals
    if rows.empty:
        return
    figure.add_scatter(
        x=_numbers(first, rows),
        name=name,
        mode="markers",
        marker=marker,
        hoverinfo="text",
        y=_numbers(second, rows) if second else [int(value) for value in rows["generation"]],
        hovertext=[_hover(found, row) for _, row in rows.iterrows()],
    )


def _hover(found: SearchFindings, row: pd.Series) -> str:
    number = int(row["candidate"])
    lines = [bold(phrase("Today") if number == TODAY else phrase("Setting {number}", number=number))]
    for goal in found.search.goals:
        changed = "" if number == TODAY else change_text(goal, row)
        lines.append(f"{found.goal_name(goal)}: {goal_text(goal, row[goal.name])}")
        lines += [phrase("   from today: {changed}", changed=changed)] if changed else []
    lines += [f"{found.lever_name(lever)}: {lever_text(row[lever.key])}" for lever in found.search.levers]
    return BREAK.join(lines)


def _numbers(goal: Goal, rows: pd.DataFrame) -> list[float | None]:
    return thin(rows[goal.name].to_numpy(float) * _size(goal))


def _size(goal: Goal) -> float:
    return 100.0 if measure_unit(goal.measure) == "share" else 1.0


def unit_text(goal: Goal) -> str:
    """Unit as it stands on an axis; shares are in percent, differences of them in points."""
    unit = measure_unit(goal.measure)
    if unit == "share":
        return phrase("percentage points") if goal.against else "%"
    return unit_beside(unit)


def _title(found: SearchFindings, goal: Goal) -> str:
    name, unit = found.goal_name(goal), unit_text(goal)
    return phrase("{measure} ({unit})", measure=name, unit=unit) if unit else name


def _scale(found: SearchFindings, goal: Goal) -> dict[str, Any]:
    """A goal's axis, which says which way is better."""
    arrow = phrase("higher is better") if goal.direction == "higher" else phrase("lower is better")
    return axis(f"{wrapped(_title(found, goal), 46)}{BREAK}{italic(arrow)}")


def _bar(found: SearchFindings, goal: Goal) -> dict[str, Any]:
    """A colour bar below the figure, which leaves the width to it."""
    chosen = {
        "orientation": "h",
        "y": -0.2,
        "yanchor": "top",
        "x": 0.5,
        "xanchor": "center",
        "len": 1.0,
        "thickness": 12,
        "outlinewidth": 0,
        "nticks": 5,
        "title": {"text": _title(found, goal), "side": "bottom", "font": {"size": 13}},
    }
    return numbers_in_full(chosen)


def levers_exhibit(found: SearchFindings) -> Exhibit:
    """Each goal along each lever, small multiples; one view per goal."""
    views = [] if found.done.empty else [_along(found, goal) for goal in found.search.goals]
    caption = phrase(
        "How to read: one panel per lever, all on the same scale; the other levers differ from mark to "
        "mark, and the dashed line is what today's setting brings. Where marks on the front gather at "
        "one end of a panel, every good compromise wants the lever there; where they spread, the "
        "lever is what trades one goal for another."
    )
    return Exhibit(
        "levers",
        phrase("Levers and goals"),
        caption,
        views,
        phrase("No setting has a value for all goals."),
        phrase("Goal"),
    )


def _along(found: SearchFindings, goal: Goal) -> View:
    levers = found.search.levers
    rest = found.done[~found.done["on_front"] & (found.done["candidate"] != TODAY)]
    figure = go.Figure()
    for place, lever in enumerate(levers):
        for rows, name, marker in (
            (rest, phrase("Other settings"), {"color": TRIED, "size": 5, "opacity": 0.6}),
            (found.front, phrase("On the front"), {"color": faded(FRONT, 0.85), "size": 7}),
        ):
            figure.add_scatter(
                x=_lever_numbers(lever, rows),
                y=_numbers(goal, rows),
                mode="markers",
                name=name,
                marker=marker,
                legendgroup=name,
                showlegend=place == 0,
                hoverinfo="text",
                hovertext=[
                    phrase(
                        "Setting {candidate}{value}{lever_name}: {lever_text}{value}{goal_text}",
                        candidate=int(row["candidate"]),
                        value=BREAK,
                        lever_name=found.lever_name(lever),
                        lever_text=lever_text(row[lever.key]),
                        goal_text=goal_text(goal, row[goal.name]),
                    )
                    for _, row in rows.iterrows()
                ],
                **panel_axes(place),
            )
        if found.today is not None:
            _add_today(figure, found, goal, lever, place)
    wide, narrow = (_panels(found, columns, unit_text(goal)) for columns in (panel_columns(len(levers)), 1))
    figure.update_layout(layout(0) | wide)
    return View(found.goal_name(goal), _strongest(found, goal), figure, narrow)


def _add_today(figure: go.Figure, found: SearchFindings, goal: Goal, lever: Lever, place: int) -> None:
    """A line at today's value of the goal, since today's lever may lie outside the panel."""
    today = found.today
    assert today is not None  # or nothing would be added
    ends = [str(lever.choices[0]), str(lever.choices[-1])] if lever.choices else [lever.low, lever.high]
    value = _numbers(goal, today.to_frame().T)[0]
    figure.add_scatter(
        x=ends,
        y=[value, value],
        mode="lines",
        name=phrase("Today"),
        legendgroup=phrase("Today"),
        showlegend=place == 0,
        line={"color": TODAYS, "dash": "dash", "width": 2},
        hoverinfo="text",
        hovertext=phrase(
            "Today{value}{lever_name}: {lever_text}{value}{goal_text}",
            value=BREAK,
            lever_name=found.lever_name(lever),
            lever_text=lever_text(today[lever.key]),
            goal_text=goal_text(goal, today[goal.name]),
        ),
        **panel_axes(place),
    )


def _strongest(found: SearchFindings, goal: Goal) -> str:
    """Which lever a goal goes with most, by Spearman's rank correlation over all settings tried."""
    name = found.goal_name(goal)
    found_by = {}
    for lever in found.search.levers:
        numbers = pd.to_numeric(found.done[lever.key], errors="coerce").astype(float)
        if numbers.nunique() > 1 and found.done[goal.name].nunique() > 1:
            found_by[found.lever_name(lever)] = float(numbers.corr(found.done[goal.name], method="spearman"))
    if not found_by:
        return name
    strongest = max(found_by, key=lambda name: abs(found_by[name]))
    return phrase("“{name}” goes most with “{strongest}”", name=name, strongest=strongest)


def _panels(found: SearchFindings, columns: int, unit: str) -> dict[str, Any]:
    """Panels on a common vertical scale, each with its own lever's axis."""
    levers = found.search.levers
    made = panels(
        [found.lever_name(lever) for lever in levers], columns, 220, axis(), axis(unit, matches="y")
    )
    made["margin"]["t"] += LEGEND_ROW
    for place, lever in enumerate(levers):
        name = "xaxis" + (str(place + 1) if place else "")
        if lever.choices:
            order = [str(choice) for choice in lever.choices]
            made[name] |= {"type": "category", "categoryorder": "array", "categoryarray": order}
        elif lever.scale == "log":
            assert lever.low is not None and lever.high is not None  # checked with the scenario
            ticks = [float(f"{value:.1g}") for value in np.geomspace(lever.low, lever.high, 3)]
            span = np.log10([lever.low, lever.high]) + MARGIN_LOG * np.array([-1, 1])
            made[name] |= {
                "type": "log",
                "tickvals": ticks,
                "ticktext": [f"{tick:g}" for tick in ticks],
                "range": [float(end) for end in span],
            }
    made["yaxis"].pop("matches", None)
    return made


def _lever_numbers(lever: Lever, rows: pd.DataFrame) -> list[Any]:
    if lever.choices:
        return [str(value) for value in rows[lever.key]]
    return thin(rows[lever.key].to_numpy(float))
