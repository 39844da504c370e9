"""What the page of a policy search answers first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...ensembles.search.candidates import TODAY, oriented
from ...languages.speaking import listing, phrase
from ...runs.bounds import measure_unit
from ...scenario.sections.policy_search import Goal
from ..kit.first_screen import FirstScreen, Number, Row
from ..kit.words import change, precision_width, signed_short
from .sentences import SearchFindings, goal_text, has_shares, lever_text, offers

SALES = "gmv"
FEWEST_WORLDS = 8


def first_screen(found: SearchFindings) -> FirstScreen:
    """How far the first goal can go for nothing and at any price, and which levers bring it."""
    made = offers(found)
    if not made:
        why = phrase("No setting can be compared with today's; the reasons are below.")
        return FirstScreen(why, [], [phrase("Look below at what went wrong.")])
    free, dearest = made[0].row, made[-1].row
    is_free = int(free["candidate"]) != TODAY
    rows = _rows(found, free if is_free else dearest)
    return FirstScreen(
        _sentence(found, free, dearest),
        [_won(found, free), _cost(found, dearest), _sure(found)],
        _advice(found, free, dearest),
        phrase("The best setting that costs no other goal, against today")
        if is_free
        else phrase("The setting that is best in the first goal, against today"),
        phrase(
            "The dot is the change in per cent of today's, the line its 95% interval; "
            "▲ better and ▼ worse beyond luck."
        ),
        rows,
        (phrase("Goal"), phrase("Change from today")),
    )


def _sentence(found: SearchFindings, free: pd.Series, dearest: pd.Series) -> str:
    """The first goal today, for nothing, and at any price, after so many days."""
    goal, today = found.search.goals[0], found.today
    assert today is not None  # or there would be no offers
    said = {
        "goal": found.goal_name(goal),
        "today": goal_text(goal, today[goal.name]),
        "days": found.scenario.world.days,
        "worlds": found.search.replications,
    }
    if int(dearest["candidate"]) == TODAY:
        return phrase(
            "Of all settings tried, “{goal}” is best as it is today: {today} ({days} days, {worlds} worlds).",
            **said,
        )
    at_most = _reached(goal, dearest)
    if int(free["candidate"]) == TODAY:
        return phrase(
            "Without giving up anything else “{goal}” stays at {today}; at any price it reaches {most} "
            "({days} days, {worlds} worlds).",
            most=at_most,
            **said,
        )
    return phrase(
        "Without giving up anything else “{goal}” goes from {today} to {free}, and at any price to {most} "
        "({days} days, {worlds} worlds).",
        free=_reached(goal, free),
        most=at_most,
        **said,
    )


def _reached(goal: Goal, row: pd.Series) -> str:
    """What a setting comes to, and whether its distance from today may be luck."""
    value = goal_text(goal, row[goal.name])
    return value if _is_clear(goal, row) else phrase("{value} (may be luck)", value=value)


def _won(found: SearchFindings, free: pd.Series) -> Number:
    goal = found.search.goals[0]
    title = phrase("What is won")
    if int(free["candidate"]) == TODAY:
        return Number("", title, phrase("Nothing"), phrase("no setting betters it and costs nothing"))
    value = _middle(goal, free)
    kind = "gain" if _is_clear(goal, free) > 0 else "unsure"
    return Number(
        kind, title, value, phrase("“{goal}”, with no other goal worse", goal=found.goal_name(goal))
    )


def _cost(found: SearchFindings, dearest: pd.Series) -> Number:
    """What becomes of sales, or else of the second goal, where the first is best."""
    others = [goal for goal in found.search.goals[1:] if goal.measure == SALES] or found.search.goals[1:]
    if not others or int(dearest["candidate"]) == TODAY:
        return Number(
            "", phrase("What it costs at any price"), phrase("Nothing"), phrase("no other goal is given up")
        )
    goal = others[0]
    way = _is_clear(goal, dearest)
    kind = "gain" if way > 0 else "loss" if way < 0 else "unsure"
    title = phrase("What it costs at any price") if way < 0 else phrase("What else changes at any price")
    text = phrase("“{goal}”, where the first goal is best", goal=found.goal_name(goal))
    return Number(kind, title, _middle(goal, dearest), text)


def _sure(found: SearchFindings) -> Number:
    worlds, settings = found.search.replications, len(found.done)
    text = phrase(
        "worlds for each of {settings} settings, the same for all: what was chosen in them is flattered",
        settings=settings,
    )
    return Number(
        "sure" if worlds >= FEWEST_WORLDS else "unsure", phrase("How sure: worlds"), f"{worlds:,}", text
    )


def _advice(found: SearchFindings, free: pd.Series, dearest: pd.Series) -> list[str]:
    lines = []
    for row, text in ((free, phrase("To lose nothing: ")), (dearest, phrase("To go as far as possible: "))):
        if int(row["candidate"]) != TODAY:
            levers = [
                phrase("{lever} {value}", lever=found.lever_name(lever), value=lever_text(row[lever.key]))
                for lever in found.search.levers
            ]
            lines.append(text + listing(levers))
    if len({int(free["candidate"]), int(dearest["candidate"])}) == 1 and len(lines) == 2:
        lines = lines[1:]
    lines.append(phrase("Run the setting that you like in other worlds before you rely on it."))
    return lines


def _middle(goal: Goal, row: pd.Series) -> str:
    """A change beyond luck without its interval."""
    if not _is_clear(goal, row):
        return phrase("within luck")
    middle, low, high = (float(row[f"{goal.name}.{end}"]) for end in ("change", "change_low", "change_high"))
    return change(middle, measure_unit(goal.measure), False, precision_width(low, high))


def _is_clear(goal: Goal, row: pd.Series) -> int:
    """1 if a goal is better than today beyond luck, -1 if worse, else 0."""
    ends = np.array([[row[f"{goal.name}.change_low"]], [row[f"{goal.name}.change_high"]]], float)
    low, high = sorted(oriented(ends, [goal])[:, 0])
    return 1 if low > 0 else -1 if high < 0 else 0


def _rows(found: SearchFindings, row: pd.Series) -> list[Row]:
    """Changes of goals that have shares, in shares of today's values."""
    today, made = found.today, []
    assert today is not None
    if int(row["candidate"]) == TODAY:
        return []
    for goal in found.search.goals:
        now = float(today[goal.name])
        if not has_shares(goal) or not now > 0:
            continue
        middle, low, high = (
            float(row[f"{goal.name}.{end}"]) / now for end in ("change", "change_low", "change_high")
        )
        kind = {1: "gain", -1: "loss"}.get(_is_clear(goal, row), "open")
        made.append(
            Row(
                found.goal_name(goal),
                middle,
                low,
                high,
                f"{signed_short(float(f'{100 * middle:.3g}'))}%",
                kind,
            )
        )
    return made
