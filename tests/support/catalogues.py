"""What is said anywhere in the package, and what a language's catalogue has for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from simulation.languages.speaking import FOLDER, KEYWORDS
from simulation.measures import MEASURES
from simulation.measures.daily import DAILY_MEASURES
from simulation.measures.registry import PAIRED_MEASURES
from simulation.platforms.channel import our_channels
from simulation.resources import PACKAGE_FOLDER

READERS = [("**.py", "python"), ("**.html", "jinja2")]
"""How templates are found in files of a kind."""
TRIMMED = {"jinja2": {"trim_blocks": "true"}}


def templates() -> dict[str, list[str]]:
    """Every template that is said, of a plural that of several, with where it stands."""
    found: dict[str, list[str]] = {}
    for file, line, message, *_ in extract_from_dir(
        PACKAGE_FOLDER, READERS, {}, KEYWORDS, directory_filter=lambda _: True
    ):
        text = message[-1] if isinstance(message, tuple) else message
        found.setdefault(text, []).append(f"{file}:{line}")
    return found


def labels() -> set[str]:
    """Names of measures and channels, which are declared where they are defined."""
    measures = {**MEASURES, **PAIRED_MEASURES, **DAILY_MEASURES}
    found = {entry.label for entry in measures.values()}
    return found | {channel.label for channel in our_channels().values()}


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it lies in the package."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def entries(language: str) -> Iterator[tuple[str, str]]:
    """Templates and their counterparts."""
    for message in catalogue(language):
        if message.id:
            several = isinstance(message.id, tuple)
            yield (
                (message.id[1] if several else message.id),
                (message.string[0] if several else message.string),
            )


def values_in(text: str) -> set[str]:
    """Names of values in a template."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def files() -> list[Path]:
    """All catalogues."""
    return sorted(FOLDER.glob("*.po"))
