"""Text in figures, which Plotly reads as HTML: labels are shown letter by letter, whatever is in them.

Figures are made of plain text and of the marks below, which are letters that nobody writes. `as_written`
turns marks into HTML, and everything else into what shows as it stands.
"""

from __future__ import annotations

from textwrap import wrap
from typing import Any

BREAK, _BOLD, _BOLD_END, _ITALIC, _ITALIC_END = "\ue000\ue001\ue002\ue003\ue004"
"""The marks: a line break, and the ends of `bold` and `italic`."""
_AS_HTML = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        BREAK: "<br>",
        _BOLD: "<b>",
        _BOLD_END: "</b>",
        _ITALIC: "<i>",
        _ITALIC_END: "</i>",
    }
)


NEVER_FIRST = "）。，、：；！？)%▲▼\N{NO-BREAK SPACE}"
"""What no line of Chinese begins with."""


def bold(text: str) -> str:
    """Text that stands out."""
    return f"{_BOLD}{text}{_BOLD_END}"


def italic(text: str) -> str:
    """Text that stands back."""
    return f"{_ITALIC}{text}{_ITALIC_END}"


def wide_letters(text: str) -> int:
    """How wide a text is, in letters; a Chinese one takes the room of two."""
    return sum(2 if letter > "\u2e80" else 1 for letter in text)


def wrapped(text: str, width: int) -> str:
    """Text on lines of at most `width` letters; Chinese parts anywhere."""
    if wide_letters(text) == len(text):
        return BREAK.join(wrap(text, width))
    lines = [""]
    for letter in text:
        if wide_letters(lines[-1] + letter) > width and letter not in NEVER_FIRST:
            lines.append("")
        lines[-1] += letter
    return BREAK.join(lines)


def as_written(part: Any) -> Any:
    """A part of a figure, as nested lists and tables, in the form that Plotly takes.

    Templates of what is shown under the pointer (``hovertemplate``) are ours and stay; labels come into
    them by name.
    """
    if isinstance(part, str):
        return part.translate(_AS_HTML)
    if isinstance(part, dict):
        return {key: value if key == "hovertemplate" else as_written(value) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [as_written(entry) for entry in part]
    return part
