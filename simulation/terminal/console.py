"""All that is said to the user goes through here: text is shown as it is written, wherever it comes from.

Titles, labels, paths and messages of others may hold brackets, escape codes and letters that turn the
line round. Nothing of that is taken for markup, and lines are never cut: a terminal breaks them itself,
and in a pipe or a log a path stays whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleDimensions, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from ..errors import shortened
from ..visible import visible

Part = str | tuple[str, str]
"""Words, or words and their style."""

UNLIMITED = 100_000
"""Letters in a line where there is no terminal."""


def words(*parts: Part) -> Text:
    """One line of text to show, every part as it is written.

    Parameters
    ----------
    *parts : str or (str, str)
        Words, or words and their style.
    """
    text = Text()
    for part in parts:
        written, style = (part, "") if isinstance(part, str) else part
        text.append(visible(written), style)
    return text


class PlainConsole(Console):
    """A console without markup, emoji codes, highlighting or wrapping.

    Parameters
    ----------
    longest : int, optional
        Bytes of a part of a line, in UTF-8, beyond which it is cut short.
    **more
        As for `rich.console.Console`.
    """

    def __init__(self, longest: int | None = None, **more: Any):
        self._longest = longest
        super().__init__(markup=False, emoji=False, highlight=False, soft_wrap=True, **more)

    def say(self, *parts: Part) -> None:
        """Print one line; see `words`."""
        if self._longest:
            styled = [(part, "") if isinstance(part, str) else part for part in parts]
            parts = tuple((shortened(text, self._longest), style) for text, style in styled)
        self.print(words(*parts))

    def say_where(self, what: str, where: object) -> None:
        """Print where something lies that was made."""
        self.say((what, "bold"), f" {where}")

    def say_lines(self, text: str, style: str = "") -> None:
        """Print text that has several lines."""
        for line in text.split("\n"):
            self.say((line, style))

    def show(self, *renderables: RenderableType) -> None:
        """Print tables and trees, as wide as the terminal or, without one, as they need; no cell is cut."""
        for renderable in renderables:
            for column in renderable.columns if isinstance(renderable, Table) else ():
                column.overflow = "fold"
            self.print(renderable, soft_wrap=False)

    @property
    def size(self) -> ConsoleDimensions:
        """Columns and lines; where there is no terminal, lines may be of any length."""
        found = super().size
        return found if self.is_terminal else ConsoleDimensions(UNLIMITED, found.height)

    @size.setter
    def size(self, new_size: tuple[int, int]) -> None:
        self._width, self._height = new_size

    def render_str(self, text: str, **more: Any) -> Text:
        """Text of a string, such as a table's cell."""
        return super().render_str(visible(text, kept="\n"), **more)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Everything that is printed, with hidden characters written out that came by another way."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else segment._replace(text=visible(segment.text, kept="\n"))


out = PlainConsole()
"""What was asked for."""
err = PlainConsole(stderr=True, longest=2_500)
"""Progress, and what went wrong."""
