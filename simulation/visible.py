"""Text as it can be shown safely: what would steer a terminal or turn its letters round is written out."""

from __future__ import annotations

import unicodedata

HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories of what is no letter: control, formatting (bidirectional), half characters, breaks."""
JOINERS = "\u200c\u200d"
"""Formatting that belongs to letters: Persian and emoji are misspelt without."""


def visible(text: str, kept: str = "") -> str:
    """`text` on one line, with every hidden character as its escape: a line break as ``\\n``.

    Parameters
    ----------
    text : str
        Of a user, of a file, of the system.
    kept : str
        Hidden characters to leave as they are.
    """
    if text.isprintable():
        return text
    return "".join(_written_out(char) if _is_hidden(char, kept) else char for char in text)


def _is_hidden(char: str, kept: str) -> bool:
    return unicodedata.category(char) in HIDDEN and char not in JOINERS and char not in kept


def _written_out(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
