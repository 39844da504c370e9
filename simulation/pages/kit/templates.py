"""Page templates of any room, with the parts that all pages share (this folder's)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

SHARED = Path(__file__).parent


@cache
def template_in(folder: Path, name: str) -> Template:
    """The template `name` of `folder`, which may include parts of pages from this one."""
    environment = Environment(
        loader=FileSystemLoader([folder, SHARED]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
