"""Early or late: what a platform reaches in a market, against the day on which it opens."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from ....languages.speaking import counterpart, listing, phrase, sentences, template
from ....runs.bounds import measure_unit
from ....runs.comparison import Comparison, compare
from ....scenario.scenario import Scenario
from ....scenario.tables import Arm as ScenarioArm
from ...kit.names import NamedArm
from ...kit.style import Exhibit, View, arm_dash, arm_symbol, axis, layout, line_colour, thin, whiskers
from ...kit.tables.data_table import NOTHING, Cell, DataTable, span_cell, value_cell
from ...kit.words import amount, change, change_ends, is_number, precision_width, unit_name
from ..content import Content
from .many import hover_words

MEASURES = (
    ("settled_share", template("Share of visits half a year after the launch")),
    ("visit_share", template("Share of visits in the last 30 days")),
    ("market_share", template("Share of sales in the last 30 days")),
    ("merchants_served", template("Merchants that found a buyer there")),
    ("platform_gmv", template("Sales over the whole run")),
)
CONNECTING = ("after", "on", "day", "days", "at", "from", "launch", "opens", "since", "with", "in")
"""Words at the end of what labels of arms have in common that lead to the day."""


@dataclass(frozen=True)
class Line:
    """Arms that differ in nothing but the day on which `platform` opens, by that day."""

    platform: str
    label: str
    arms: dict[int, NamedArm]


def entry_lines(content: Content) -> list[Line]:
    """Lines of the entry curve: arms of the same market and policies, by one platform's launch day."""
    scenario = content.run.scenario
    arms = {arm.name: arm for arm in content.arms}
    found = []
    for platform in content.names.platforms:
        groups: dict[str, dict[int, NamedArm]] = {}
        for arm in scenario.arms:
            days = [entry.launch_day for entry in arm.platforms if entry.name == platform]
            if days and len(arm.platforms) > 1:
                groups.setdefault(_all_else(scenario, arm, platform), {})[days[0]] = arms[arm.name]
        lines = [dict(sorted(group.items())) for group in groups.values() if len(group) > 1]
        for group in lines:
            label = _label(scenario, list(group.values())) if len(lines) > 1 else ""
            found.append(Line(platform, label, group))
    return found


def _all_else(scenario: Scenario, arm: ScenarioArm, platform: str) -> str:
    """What an arm is, apart from the day on which `platform` opens."""
    markets = [
        entry.model_dump(mode="json") | ({"launch_day": None} if entry.name == platform else {})
        for entry in arm.platforms
    ]
    policies = [policy.name for policy in scenario.arm_policies(arm)]
    return repr((markets, sorted(arm.changes.items()), policies))


def _label(scenario: Scenario, arms: list[NamedArm]) -> str:
    """What labels of arms have in common or, failing that, the policies that act in them."""
    labels = [arm.label.replace(",", " ,").split() for arm in arms]
    words: list[str] = []
    for found in zip(*labels, strict=False):
        if len(set(found)) > 1:
            break
        words.append(found[0])
    while words and (words[-1] in CONNECTING or words[-1] == ","):
        words.pop()
    if words:
        return " ".join(words).replace(" ,", ",")
    first = scenario.arm(arms[0].name)
    policies = scenario.arm_policies(first) if first else []
    return listing([policy.title for policy in policies]) or phrase("Without policies")


def entry_exhibit(content: Content) -> Exhibit | None:
    """Long-run share against the launch day; None unless arms differ in one."""
    lines = entry_lines(content)
    if not lines:
        return None
    caption = sentences(
        [
            phrase("How to read: right is a later launch, up is more of what is chosen above the figure."),
            phrase("Lines at the marks are 95% intervals.")
            if content.worlds > 1
            else phrase("One world gives no intervals."),
            phrase(
                "Whether a later launch does worse is told from differences between the same worlds, which "
                "are more precise than the intervals at the marks; these differences stand in brackets, with "
                "their 95% intervals. No loss shown is not the same as no loss: what could have gone unseen "
                "stands in the title."
            ),
        ]
    )
    by_platform: dict[str, list[Line]] = {}
    for line in lines:
        by_platform.setdefault(line.platform, []).append(line)
    several = len(by_platform) > 1
    views = [
        view
        for found in by_platform.values()
        for measure, label in MEASURES
        if (view := _view(content, found, measure, label, several))
    ]
    topic = phrase("Early or late: what a platform reaches by the day it opens")
    missing = "" if views else phrase("The run is too short to tell what a platform reaches.")
    return Exhibit("entry", topic, caption, views, missing, phrase("Show"))


def _view(content: Content, lines: list[Line], measure: str, label: str, several: bool) -> View | None:
    platform = lines[0].platform
    name = f"{measure}_{platform}"
    known = [
        Line(
            line.platform,
            line.label,
            {day: arm for day, arm in line.arms.items() if is_number(content.estimate(arm, name).mean)},
        )
        for line in lines
    ]
    known = [line for line in known if line.arms]
    if not known:
        return None
    unit, label = measure_unit(name), counterpart(label)
    title = label
    if unit not in ("share", ""):
        title = phrase("{measure} ({unit})", measure=label, unit=unit_name(unit))
    days = sorted({day for line in known for day in line.arms})
    room = 0.06 * (days[-1] - days[0] or 1)
    figure = go.Figure(
        layout=layout(
            400,
            hovermode="closest",
            xaxis=axis(
                phrase("Day on which it opens"),
                tickvals=days,
                zeroline=False,
                range=[days[0] - room, days[-1] + room],
            ),
            yaxis=axis(title, rangemode="tozero", tickformat="~%" if unit == "share" else "~s"),
        )
    )
    for place, line in enumerate(known):
        _add_curve(figure, content, line, name, place)
    of = content.names.platforms[platform]
    narrow = {"height": 380}
    shown = phrase("{measure}, {platform}", measure=label, platform=of) if several else label
    finding = entry_finding(
        content, known, name, phrase("{measure} of {platform}", measure=label, platform=of)
    )
    data = _entry_table(content, known, name, label)
    return View(shown, finding, figure, narrow, data=data, better=1)


def _entry_table(content: Content, lines: list[Line], measure: str, label: str) -> DataTable:
    """What is reached by launch day, and the difference to the earliest launch, world by world."""
    unit, rows = measure_unit(measure), []
    for line in lines:
        first = next(iter(line.arms.values()))
        for day, arm in line.arms.items():
            value = content.estimate(arm, measure)
            apart = compare(content.run.results.runs, arm.name, first.name, measure).difference
            width = precision_width(apart.low, apart.high)
            cells = [value_cell(value.mean, unit), span_cell(value.low, value.high, unit), Cell(NOTHING)]
            if arm != first and is_number(apart.low):
                cells[-1] = Cell(change(apart.mean, unit, False, width), (apart.mean,))
            of = phrase("Day {day}", day=day)
            rows.append((phrase("{label}: {arm}", label=line.label, arm=of) if line.label else of, cells))
    head = [phrase("Launch"), label, phrase("95% interval"), phrase("Difference from the earliest")]
    return DataTable(phrase("{measure}, means over worlds", measure=label), head, rows)


def _add_curve(figure: go.Figure, content: Content, line: Line, measure: str, place: int) -> None:
    unit, colour = measure_unit(measure), line_colour(place)
    values = [content.estimate(arm, measure) for arm in line.arms.values()]
    means, lows, highs = ([getattr(value, end) for value in values] for end in ("mean", "low", "high"))
    words = [
        hover_words(arm.label, arm, value, unit)
        for arm, value in zip(line.arms.values(), values, strict=True)
    ]
    figure.add_scatter(
        x=list(line.arms),
        y=thin(means),
        mode="lines+markers+text",
        name=line.label,
        showlegend=bool(line.label),
        text=[amount(mean, unit) for mean in means],
        textposition="top right" if place % 2 == 0 else "bottom right",
        textfont={"size": 12, "color": colour},
        cliponaxis=False,
        hovertext=words,
        hovertemplate="%{hovertext}<extra></extra>",
        line={"color": colour, "width": 2.2, "dash": arm_dash(place)},
        marker={"color": colour, "size": 10, "symbol": arm_symbol(place)},
        error_y=whiskers(means, lows, highs, color=colour, thickness=1.6, width=4),
    )


def entry_finding(content: Content, lines: list[Line], measure: str, label: str) -> str:
    """Whether what a platform reaches falls with delay by more than the intervals, line by line.

    Parameters
    ----------
    content : Content
    lines : list of Line
        With values of `measure` on all their days.
    measure : str
        As in runs.parquet.
    label : str
        What it is, for the sentence.
    """
    parts = [_line_finding(content, line, measure) for line in lines]
    labelled = [
        phrase("{label}: {arm}", label=line.label, arm=part) if line.label else part
        for line, part in zip(lines, parts, strict=True)
    ]
    return sentences([phrase("{label}.", label=text) for text in (label, *labelled)]).rstrip(".。")


def _line_finding(content: Content, line: Line, measure: str) -> str:
    unit = measure_unit(measure)
    days = list(line.arms)
    means = {day: content.estimate(arm, measure).mean for day, arm in line.arms.items()}
    first, last = days[0], days[-1]
    told = {"early": amount(means[first], unit), "first": first}
    if len(days) == 1:
        return phrase("{early} if it opens on day {first}, and no value for later days", **told)
    told |= {"late": amount(means[last], unit), "last": last}
    ends = phrase("{early} if it opens on day {first}, {late} on day {last}", **told)
    runs = content.run.results.runs
    apart = {day: compare(runs, line.arms[day].name, line.arms[first].name, measure) for day in days[1:]}
    if not all(is_number(entry.difference.low) for entry in apart.values()):
        return phrase("{said}; one world cannot tell whether that is luck", said=ends)
    worlds = content.some_worlds(min(entry.difference.replications for entry in apart.values()))
    return phrase("{said}, {verdict}{worlds}", said=ends, verdict=_verdict(apart, unit), worlds=worlds)


def _verdict(apart: dict[int, Comparison], unit: str) -> str:
    """What paired differences from the earliest launch say of later ones, by day."""
    days, last = list(apart), apart[max(apart)].difference
    low, high = last.low, last.high
    width = precision_width(low, high)
    ends = dict(zip(("low", "high"), change_ends(low, high, unit, False, width), strict=True))
    told = {"found": change(last.mean, unit, False, width)} | ends
    lower = [day for day in days if apart[day].difference.beyond_luck < 0]
    if last.beyond_luck > 0:
        return phrase("a rise beyond luck ({found}, {low} to {high})", **told)
    if last.beyond_luck == 0:
        said = phrase("no change beyond luck ({found}, {low} to {high})", **told)
        if not lower:
            return said
        return phrase(
            "{said}, though less on day {days}", said=said, days=listing([str(day) for day in lower])
        )
    said = phrase("a fall beyond luck ({found}, {low} to {high})", **told)
    if window := [day for day in days if day < min(lower)]:
        return phrase(
            "{said}; no loss shows up to day {day}, though one of {loss} is not ruled out",
            said=said,
            day=max(window),
            loss=_most_loss(apart[max(window)], unit),
        )
    return phrase("{said}; already less on day {day}", said=said, day=days[0]) if len(days) > 1 else said


def _most_loss(entry: Comparison, unit: str) -> str:
    """The largest loss that an interval does not exclude, without a sign."""
    low = min(entry.difference.low, 0.0)
    width = precision_width(entry.difference.low, entry.difference.high)
    return change(low, unit, False, width)[1:]
