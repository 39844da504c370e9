"""The command ``compare``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..languages.speaking import phrase
from ..terminal.console import out

MOST_KEYS = 12


def compare(
    first: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    second: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run to compare with it.")],
    page: Annotated[
        Path | None, typer.Option("--out", help="Page to write; in the second folder if not given.")
    ] = None,
) -> None:
    """Say what differs between two runs.

    In what was asked, and in what came out, with its doubt: pair by pair of worlds where both have the same
    seed, so that luck is common.
    """
    from ..laboratory.compare import compare as compare_runs

    answer = compare_runs(first, second, page=page)
    out.say(f"{answer.in_words[0].upper()}{answer.in_words[1:]}.")
    unlike = answer.two.unlike
    for entry in unlike[:MOST_KEYS]:
        out.say((entry.key, "bold"), f": {entry.first} -> {entry.second}")
    if len(unlike) > MOST_KEYS:
        out.say(phrase("... and {count:,} more keys", count=len(unlike) - MOST_KEYS))
    for arm, measure, before, after, apart in answer._table()[1]:
        out.say(f"{arm}, {measure}: {before} -> {after}, {apart}")
    out.say_where(phrase("Page"), answer.page)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(compare)
