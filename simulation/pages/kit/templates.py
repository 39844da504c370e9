"""Page templates of any room; all have one frame (`base.html`), and parts that lie in this folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from ...languages.speaking import say, say_of, spoken
from .figure_text import as_written
from .style import Exhibit

SHARED = Path(__file__).parent
BUNDLE = SHARED / "plotly-basic.min.js"
"""Of plotly.js what draws lines, marks and bars: its package plotly.js-basic-dist-min."""


def page_in(folder: Path, name: str, exhibits: Sequence[Exhibit] = (), **values: Any) -> str:
    """A page as HTML: the template `name` of `folder` in the frame that all pages share.

    Parameters
    ----------
    folder : Path
        Where the template lies.
    name : str
        Its file.
    exhibits : sequence of Exhibit
        All figures of the page; without any it needs no script that draws them.
    **values
        What the template speaks of.
    """
    return _template_in(folder, name).render(
        exhibits=exhibits,
        figures=figures_json(exhibits),
        plotly=_bundle() if any(exhibit.views for exhibit in exhibits) else Markup(""),
        language=spoken(),
        say=say,
        say_of=say_of,
        **values,
    )


def figures_json(exhibits: Sequence[Exhibit]) -> Markup:
    """Data and layouts of all figures, safe inside a script element."""
    figures = {
        exhibit.id: [
            {
                "finding": view.finding,
                "table": view.table,
                "narrow": as_written(view.narrow),
                "data": [as_written(trace.to_plotly_json()) for trace in view.figure.data],
                "layout": as_written(view.figure.layout.to_plotly_json()),
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
