"""English sentences on pages that ought to be in another language, section by section."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

SENTENCE = re.compile(r"[A-Za-z][a-z']+(?:,? [A-Za-z][a-z']+){2,}")
"""Three English words in a row; names such as “WeChat” alone are none."""
ALLOWED = re.compile(
    r"The Complete Journey|Salganik, Dodds|Schmitt, Skiera|Van den Bulte|"
    r"run\.py [a-z]+( [A-Za-z0-9_./-]+)*|来源：.*"
)
"""Names of people, commands as they are typed, and sources, which stand in their own language."""
QUOTED = ("code", "cite")
"""Elements that hold keys and names of files, or quotes and sources."""


class Sections(HTMLParser):
    """Text of a page by the section in which it stands; what stands before all is of "first"."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {"first": []}
        self._now, self._silent = "first", False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag in ("section", "footer"):
            self._now = found.get("aria-labelledby") or "first"
        self._silent = tag in ("script", "style", *QUOTED)
        for name in ("aria-label", "title", "data-label"):
            self.texts.setdefault(self._now, []).append(found.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.setdefault(self._now, []).append(data)


def sections(page: str) -> dict[str, str]:
    """Text of a page by section."""
    found = Sections()
    found.feed(page)
    return {name: "\n".join(texts) for name, texts in found.texts.items()}


def english(text: str) -> list[str]:
    """English sentences of a text, but for what is allowed."""
    return [found[0] for found in SENTENCE.finditer(ALLOWED.sub("", text))]


def english_in(page: str) -> dict[str, list[str]]:
    """English sentences of a whole page by section; those of its figures are of "figures"."""
    found = {name: english(text) for name, text in sections(page).items()}
    found["figures"] = [each for text in _strings(figures(page)) for each in english(text)]
    return {name: texts for name, texts in found.items() if texts}


def figures(page: str) -> Any:
    """What a page's script draws."""
    held = re.search(r'id="figures-data">(.*?)</script>', page, re.DOTALL)
    return json.loads(held[1]) if held else {}


def _strings(value: Any) -> Iterator[str]:
    """Texts within a value, without what is quoted in them."""
    if isinstance(value, str):
        yield re.sub(r"<br>", " ", value)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _strings(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _strings(entry)
