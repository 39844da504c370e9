"""The page of one life: the story's main lines and its pictures in one file that opens offline."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from ..report import page as report_page
from ..report.style import Exhibit


def write_life_page(
    path: Path, title: str, scenario: str, facts: list[str], exhibits: list[Exhibit]
) -> None:
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
    text = _template().render(
        title=title, scenario=scenario, facts=facts, exhibits=exhibits,
        figures=report_page.figures_json(exhibits), plotly=Markup(get_plotlyjs()),
    )
    path.write_text(text, encoding="utf-8")


@cache
def _template() -> Any:
    folders = [Path(__file__).parent, Path(report_page.__file__).parent]
    environment = Environment(
        loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    return environment.get_template("life.html")
