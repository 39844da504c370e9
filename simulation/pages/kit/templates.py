"""Page templates of any room; all have one frame (`base.html`), and parts that lie in this folder."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from ...languages.speaking import LANGUAGES, phrase, phrase_of, spoken, told
from ...resources import COMMAND, RESULTS_FOLDER
from .figure_text import as_written
from .style import Exhibit, in_full

SHARED = Path(__file__).parent
EVIDENCE_PAGES = {"en": "evidence/evidence.html", "zh": "evidence/evidence.zh.html"}
"""By language, where under the results the evidence page is written if no other folder is asked for."""
BUNDLE = SHARED / "plotly-basic.min.js"
"""Of plotly.js what draws lines, marks and bars: its package plotly.js-basic-dist-min."""


def page_in(
    folder: Path, name: str, exhibits: Sequence[Exhibit] = (), at: str | Path = "", **values: Any
) -> str:
    """A page as HTML: the template `name` of `folder` in the frame that all pages share.

    Parameters
    ----------
    folder : Path
        Where the template lies.
    name : str
        Its file.
    exhibits : sequence of Exhibit
        All figures of the page; without any it needs no script that draws them.
    at : str or Path
        Folder that the page goes to, from which the evidence page is linked if there is one.
    **values
        What the template speaks of.
    """
    values = {"translations": []} | values
    return _template_in(folder, name).render(
        exhibits=exhibits,
        figures=figures_json(exhibits),
        plotly=_bundle() if any(exhibit.views for exhibit in exhibits) else Markup(""),
        language=spoken(),
        phrase=phrase,
        phrase_of=phrase_of,
        told=told,
        evidence_command=f"{COMMAND} validate",
        evidence_link=link_to_evidence(at),
        **values,
    )


def link_to_evidence(at: str | Path) -> str:
    """Where the evidence page lies, as seen from a page in the folder `at`; empty if it is not there."""
    page = RESULTS_FOLDER / EVIDENCE_PAGES[spoken()]
    if not at or not page.is_file():
        return ""
    try:
        return Path(os.path.relpath(page, at)).as_posix()
    except ValueError:  # on another drive
        return ""


def other_languages(pages: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Code, own name and page of every language but the one that is spoken.

    Parameters
    ----------
    pages : mapping of str to str
        Files beside the page by language.
    """
    return [(code, LANGUAGES[code], file) for code, file in pages.items() if code != spoken()]


def figures_json(exhibits: Sequence[Exhibit]) -> Markup:
    """Data and layouts of all figures, safe inside a script element."""
    figures = {
        exhibit.id: [
            {
                "finding": view.finding,
                "table": view.table,
                "better": view.direction,
                "numbers": view.data.html() if view.data else "",
                "narrow": in_full(as_written(view.narrow)),
                "data": [as_written(trace.to_plotly_json()) for trace in view.figure.data],
                "layout": in_full(as_written(view.figure.layout.to_plotly_json())),
            }
            for view in exhibit.views
        ]
        for exhibit in exhibits
        if exhibit.views
    }
    text = json.dumps(figures, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


@cache
def _template_in(folder: Path, name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


@cache
def _bundle() -> Markup:
    return Markup(BUNDLE.read_text(encoding="utf-8"))
