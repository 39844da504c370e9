"""The page of one life: the story's main lines and its pictures in one file that opens offline."""

from __future__ import annotations

from pathlib import Path

from ...storage.drafts import replacing
from ..kit.style import Exhibit
from ..kit.templates import page_in


def write_life_page(path: Path, title: str, scenario: str, facts: list[str], exhibits: list[Exhibit]) -> None:
    """Write the page of one merchant or viewer.

    Parameters
    ----------
    path : Path
        File to write.
    title, scenario : str
        Who it is about, and in which world.
    facts : list of str
        Sentences above the pictures.
    exhibits : list of Exhibit
        Pictures.
    """
    text = page_in(
        Path(__file__).parent, "page.html", title=title, scenario=scenario, facts=facts, exhibits=exhibits
    )
    with replacing(path) as draft:
        draft.write_text(text, encoding="utf-8")
