"""The page of a policy search: one file that opens offline."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...ensembles.planning import with_typed_choices
from ...ensembles.search.candidates import TODAY
from ...languages.speaking import counterpart, own, phrase, speaking, spoken
from ...scenario.scenario import Scenario
from ...scenario.sections.policy_search import OPTIMISERS
from ...storage.files import write_whole
from ...words import counted
from ..kit.style import Exhibit
from ..kit.templates import other_languages, page_in
from .answer import first_screen
from .figures import front_exhibit, levers_exhibit
from .sentences import SearchFindings, change_text, goal_text, in_short, lever_text, offers

MOST_ROWS = 25
MOST_FAILURES = 20
PAGE = "policy_search.html"
PAGES = {"en": PAGE, "zh": "policy_search.zh.html"}


def write_page(scenario: Scenario, table: pd.DataFrame, folder: Path) -> Path:
    """Write the page into `folder`, in every language, and return its path in the one that is spoken."""
    for language, name in PAGES.items():
        with speaking(language):
            write_whole(Path(folder) / name, render_page(with_typed_choices(scenario), table, folder))
    return Path(folder) / PAGES[spoken()]


def render_page(scenario: Scenario, table: pd.DataFrame, at: str | Path = "") -> str:
    """The whole page as HTML.

    Parameters
    ----------
    scenario : Scenario
        With its policy search.
    table : DataFrame
        See `candidate_table`.
    at : str or Path
        Folder that it goes to, from which the evidence page is linked.
    """
    found = search_findings(scenario, table)
    search, exhibits = found.search, page_exhibits(found)
    failed = table[table["reason"] != ""]
    return page_in(
        Path(__file__).parent,
        "page.html",
        at=at,
        title=own(scenario, "title"),
        question=own(scenario, "question") or own(scenario, "title"),
        translations=other_languages(PAGES),
        screen=first_screen(found),
        size=size_in_words(found),
        short=in_short(found),
        offers=[_row(found, offer.row, offer.price) for offer in offers(found)],
        first_goal=found.goal_name(search.goals[0]),
        exhibits=exhibits,
        goals=[found.goal_name(goal) for goal in search.goals],
        levers=[lever_row(lever, found) for lever in search.levers],
        why=[
            (found.goal_name(goal), counterpart(goal.direction), counterpart(goal.why))
            for goal in search.goals
        ],
        rows=front_rows(found),
        on_front=len(found.front),
        most=MOST_ROWS,
        failures=[
            (int(row["candidate"]), found.reason(row["reason"]))
            for _, row in failed.head(MOST_FAILURES).iterrows()
        ],
        failed=len(failed),
        replications=search.replications,
    )


def search_findings(scenario: Scenario, table: pd.DataFrame) -> SearchFindings:
    """What a search found, as sentences and figures need it."""
    assert scenario.policy_search is not None  # or there would be no table
    return SearchFindings(scenario, scenario.policy_search, table)


def page_exhibits(found: SearchFindings) -> list[Exhibit]:
    """Figures of the page, in its order."""
    made = [front_exhibit(found), levers_exhibit(found)]
    return [replace(exhibit, how=True) for exhibit in made]


def size_in_words(found: SearchFindings) -> str:
    """How large the search was."""
    search, world = found.search, found.scenario.world
    return phrase(
        "{settings} of {levers} in "
        "{generations} by {label}, each in the "
        "same {worlds} of {days} days with {viewers:,} viewers "
        "and {merchants:,} merchants. Intervals are 95% over worlds; changes are from today's setting "
        "on the same luck.",
        settings=counted(len(found.table), "setting"),
        levers=counted(len(search.levers), "lever"),
        generations=counted(search.generations, "generation"),
        label=counterpart(OPTIMISERS[search.optimiser].label),
        worlds=counted(search.replications, "world"),
        days=world.days,
        viewers=world.viewers,
        merchants=world.merchants,
    )


def lever_row(lever: Any, found: SearchFindings) -> tuple[str, str, str, str, str]:
    """Name, key, today's value, range and source of a lever."""
    if lever.choices:
        span = ", ".join(str(choice) for choice in lever.choices)
    else:
        span = phrase("{low:g} to {high:g}", low=lever.low, high=lever.high) + (
            phrase(", log scale") if lever.scale == "log" else ""
        )
    today = found.table.loc[found.table["candidate"] == TODAY, lever.key].iloc[0]
    return found.lever_name(lever), lever.key, lever_text(today), span, counterpart(lever.source)


def front_rows(found: SearchFindings) -> list[dict[str, Any]]:
    """Today's setting, then at most `MOST_ROWS` of the front, evenly along its first goal."""
    front = found.front
    chosen = (
        front.iloc[sorted({round(place) for place in np.linspace(0, len(front) - 1, MOST_ROWS)})]
        if len(front) > MOST_ROWS
        else front
    )
    rows = [] if found.today is None else [_row(found, found.today)]
    return rows + [_row(found, row) for _, row in chosen.iterrows() if int(row["candidate"]) != TODAY]


def _row(found: SearchFindings, row: pd.Series, price: str = "") -> dict[str, Any]:
    number = int(row["candidate"])
    return {
        "name": phrase("Today") if number == TODAY else phrase("Setting {number}", number=number),
        "today": number == TODAY,
        "price": price,
        "levers": [(found.lever_name(lever), lever_text(row[lever.key])) for lever in found.search.levers],
        "goals": [
            (
                found.goal_name(goal),
                goal_text(goal, row[goal.name]),
                "" if number == TODAY else change_text(goal, row),
            )
            for goal in found.search.goals
        ],
    }
