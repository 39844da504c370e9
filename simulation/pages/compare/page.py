"""The page that compares two runs: what differs in their scenarios, and in what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from ...archive.added_since import added_in_words
from ...archive.two_runs import TwoRuns
from ...languages.speaking import (
    ENGLISH,
    LANGUAGES,
    listing,
    own,
    phrase,
    phrase_of,
    sentences,
    speaking,
    spoken,
    template,
    told,
)
from ...runs.bounds import measure_unit
from ...scenario.generated.parameters import meaning_of
from ...storage.files import write_whole
from ...words import counted
from ..kit.names import Names
from ..kit.templates import other_languages, page_in
from ..kit.words import amount, change, change_ends, is_number, precision_width
from ..run.comparison_table import MEASURES
from .answer import arm_title, first_screen

NO_INTERVAL = "–"


@dataclass(frozen=True)
class Line:
    """One measure of an arm in both runs, as text; `clear` if its interval leaves no effect out."""

    measure: str
    first: str
    second: str
    difference: str
    interval: str
    clear: bool


def pages_of(page: Path) -> dict[str, Path]:
    """Files of the page by language: in English as it is called, in another with that one's code.

    Parameters
    ----------
    page : Path
        ``page.html``; ``page.zh.html`` names the same two files.
    """
    stem, code = page.stem, page.suffixes[-2].removeprefix(".") if len(page.suffixes) > 1 else ""
    if code in LANGUAGES:
        stem = stem.removesuffix(f".{code}")
    return {
        each: page.with_name(f"{stem}{'' if each == ENGLISH else f'.{each}'}{page.suffix}")
        for each in LANGUAGES
    }


def write_page(runs: TwoRuns, page: Path) -> Path:
    """Write the page that compares two runs, in every language, and return it in the one that is spoken."""
    pages = pages_of(page)
    links = {language: quote(file.name) for language, file in pages.items()}
    for language, file in pages.items():
        with speaking(language):
            write_whole(file, render_page(runs, page.parent, links))
    return pages[spoken()]


def render_page(runs: TwoRuns, at: str | Path = "", pages: Mapping[str, str] | None = None) -> str:
    """The whole page as HTML.

    Parameters
    ----------
    runs : TwoRuns
    at : str or Path
        Folder that it goes to, from which the evidence page is linked.
    pages : mapping of str to str, optional
        Files of the page beside it by language, to switch between.
    """
    names = Names(runs.second.scenario)
    tables = []
    for arm, rows in runs.differences.groupby("arm", sort=False):
        lines = lines_of(rows, names)
        tables.append((arm_title(runs, str(arm)), lines, [line for line in lines if line.clear]))
    return page_in(
        Path(__file__).parent,
        "page.html",
        at=at,
        title=own(runs.second.scenario, "title"),
        translations=other_languages(pages or {}),
        screen=first_screen(runs, names),
        first=runs.first.folder,
        second=runs.second.folder,
        luck=sentences([luck_in_words(runs), added_in_words(runs.lacking)]),
        unlike=[(told(meaning_of(entry.key)), entry) for entry in runs.unlike],
        alone=[arm_title(runs, arm) for arm in runs.alone],
        tables=tables,
    )


def lines_of(rows: pd.DataFrame, names: Names) -> list[Line]:
    """Rows of `TwoRuns.differences` as text, the measures of a run's own page first."""
    order = {measure: place for place, measure in enumerate(MEASURES)}
    ordered = rows.assign(place=rows["measure"].map(order).fillna(len(order))).sort_values(
        "place", kind="stable"
    )
    return [_line(row, names) for _, row in ordered.iterrows() if is_number(row["difference"])]


def luck_in_words(runs: TwoRuns) -> str:
    """Whether worlds are compared pair by pair, and why."""
    first, second = runs.first.scenario.run, runs.second.scenario.run
    if runs.common_luck:
        many = min(first.replications, second.replications)
        return phrase(
            "Both have seed {seed}, so that worlds of one number share their luck: differences are "
            "taken in {pairs} of worlds, and means are of these{left_out_in_words}.",
            seed=first.seed,
            pairs=counted(many, "pair"),
            left_out_in_words=left_out_in_words(runs),
        )
    why = (
        phrase(
            "Both have seed {seed}, but are of two versions of the model ({versions})",
            seed=first.seed,
            versions=listing(list(runs.versions)),
        )
        if runs.one_seed
        else phrase("Their seeds differ ({seed} and {seed_2})", seed=first.seed, seed_2=second.seed)
    )
    narrow = (
        phrase(
            " Versions before 4.2 cut worlds of such seeds from the same pasts, in which people are the "
            "same: intervals may be too narrow."
        )
        if runs.may_share_templates
        else ""
    )
    return phrase(
        "{why}, so that luck is not shared and differences are the less certain: {replications} worlds "
        "against {others}.{narrow}",
        why=why,
        replications=first.replications,
        others=counted(second.replications, "other"),
        narrow=narrow,
    )


def left_out_in_words(runs: TwoRuns) -> str:
    """How many worlds have no counterpart, as the end of a sentence; empty if none."""
    one = template("; {count} world of the longer run is left out")
    several = template("; {count} worlds of the longer run are left out")
    return phrase_of(one, several, runs.left_out) if runs.left_out else ""


def _line(row: pd.Series, names: Names) -> Line:
    unit, low, high = measure_unit(row["measure"]), float(row["low"]), float(row["high"])
    width = precision_width(low, high)
    known = is_number(low) and is_number(high)
    ends = change_ends(low, high, unit, False, width) if known else ("", "")
    return Line(
        names.measure(row["measure"]),
        amount(row["first"], unit),
        amount(row["second"], unit),
        change(row["difference"], unit, False, width),
        phrase("{low} to {high}", low=ends[0], high=ends[1]) if known else NO_INTERVAL,
        known and (low > 0 or high < 0),
    )
