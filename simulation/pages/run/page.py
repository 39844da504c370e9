"""The page: verdicts first, then figures, then how it was run; one file that opens offline."""

from __future__ import annotations

from pathlib import Path

from ...archive.archive import read_run
from ...claims.whole import UNTESTED
from ...languages.speaking import ENGLISH, LANGUAGES, own, speaking, spoken
from ...storage.checksums import list_sums
from ...storage.drafts import replacing
from ..kit.style import Exhibit
from ..kit.templates import other_languages, page_in
from .about import about_run, days_note, limits, run_line
from .answer.answer import answer
from .comparison_table import comparison_tables, platform_table
from .content import Content
from .figures.arms import funnel_exhibit, measures_exhibit
from .figures.causes import gap_exhibit
from .figures.channels import channels_exhibit
from .figures.daily import series_exhibit
from .figures.entry import entry_exhibit
from .figures.many import named_exhibit
from .figures.market import shares_exhibit, stocks_exhibit
from .figures.merchants import inequality_exhibit
from .figures.moves import moves_exhibit
from .figures.platforms import map_exhibit
from .figures.policies import policies_exhibit
from .mechanisms import mechanisms_exhibit
from .months import months_exhibit
from .profit import profit_exhibit
from .survival import survival_exhibit
from .verdict_cards import KINDS, MEANINGS, SYMBOLS, WORD_MEANINGS, claim_cards, group_cards, summary

EXHIBITS = (
    map_exhibit,
    entry_exhibit,
    policies_exhibit,
    shares_exhibit,
    stocks_exhibit,
    moves_exhibit,
    measures_exhibit,
    series_exhibit,
    months_exhibit,
    channels_exhibit,
    funnel_exhibit,
    inequality_exhibit,
    profit_exhibit,
    named_exhibit,
    survival_exhibit,
    gap_exhibit,
    mechanisms_exhibit,
)
"""Figures in the order in which they stand on the page; those that do not apply are left off."""


PAGES = {code: "report.html" if code == ENGLISH else f"report.{code}.html" for code in LANGUAGES}
"""Files of the page by language."""


def write_report(folder: Path) -> Path:
    """Write ``report.html`` for the run stored in `folder`.

    Parameters
    ----------
    folder : Path
        A run's folder, with its tables, claims.json and manifest.json.

    Returns
    -------
    Path
        The page in the language that is spoken; beside it lies one in each other language.

    Raises
    ------
    ArchiveError
        If `folder` holds no whole run.
    """
    run = read_run(folder)
    for language, name in PAGES.items():
        with speaking(language):
            page = render_page(Content(run))
        with replacing(folder / name) as draft:
            draft.write_text(page, encoding="utf-8")
    list_sums(folder, list(PAGES.values()))
    return page_of(folder)


def page_of(folder: Path) -> Path:
    """The page of the run in `folder`, in the language that is spoken."""
    return folder / PAGES[spoken()]


def render_page(content: Content) -> str:
    """The whole page as HTML."""
    exhibits = page_exhibits(content)
    cards = claim_cards(content)
    tested = [card for card in cards if card.word != UNTESTED]
    return page_in(
        Path(__file__).parent,
        "page.html",
        at=content.run.folder,
        scenario=content.run.scenario,
        answer=answer(content),
        translations=other_languages(PAGES),
        title=own(content.run.scenario, "title"),
        cards=cards,
        run_line=run_line(content),
        summary=summary(cards, content.names),
        groups=group_cards(cards),
        tested=tested,
        untested=[card for card in cards if card not in tested],
        symbols=SYMBOLS,
        several=any(card.others for card in cards),
        kinds=KINDS,
        meanings=MEANINGS,
        word_meanings=WORD_MEANINGS,
        exhibits=exhibits,
        tables=comparison_tables(content),
        noun=content.names.noun,
        platforms=platform_table(content),
        about=about_run(content),
        limits=limits(content),
        days_note=days_note(content),
    )


def page_exhibits(content: Content) -> list[Exhibit]:
    """Figures of the page, in its order."""
    made = [make(content) for make in EXHIBITS]
    return [exhibit for exhibit in made if exhibit is not None]
