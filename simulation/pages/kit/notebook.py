"""What answers look like in a notebook: a short table and a link to the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from ...visible import visible


def card(
    title: str, words: str, head: Sequence[str], rows: Sequence[Sequence[str]], page: Path | None
) -> Markup:
    """HTML of an answer: title, what was found, a table, and where its page is.

    Parameters
    ----------
    title, words : str
        Text, as it is written.
    head, rows : sequences of str
        Cells of the table.
    page : Path, optional
        Linked, if it is given.
    """

    def line(cells: Sequence[str], tag: str) -> Markup:
        return Markup("<tr>{}</tr>").format(
            Markup("").join(
                Markup("<{0} style='text-align:left'>{1}</{0}>").format(Markup(tag), visible(cell))
                for cell in cells
            )
        )

    link = (
        Markup("<p><a href='{}' target='_blank'>{}</a></p>").format(page.absolute().as_uri(), str(page))
        if page
        else Markup("")
    )
    return Markup(
        "<div><p><strong>{}</strong><br>{}</p><table><thead>{}</thead><tbody>{}</tbody></table>{}</div>"
    ).format(
        visible(title),
        visible(words),
        line(head, "th"),
        Markup("").join(line(row, "td") for row in rows),
        link,
    )
