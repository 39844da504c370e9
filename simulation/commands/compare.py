"""The command ``compare``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..languages.speaking import phrase, phrase_of, told
from ..terminal.console import out
from .common import Language, as_seen, say_what_was_added

MOST_KEYS = 12


def compare(
    first: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a run.")],
    second: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of the run to compare with it.")],
    page: Annotated[
        Path | None, typer.Option("--out", help="Page to write; in the second folder if not given.")
    ] = None,
    language: Language = None,
) -> None:
    """Say what differs between two runs.

    In what was asked, and in what came out, with its doubt: pair by pair of worlds where both have the same
    seed, so that luck is common.
    """
    from ..laboratory.compare import compare as compare_runs
    from ..scenario.generated.parameters import meaning_of

    answer = compare_runs(first, second, page=page)
    say_what_was_added(first, second)
    out.say((answer.sentence, "bold"))
    out.say(phrase("{label}.", label=answer.in_words[0].upper() + answer.in_words[1:]))
    unlike = answer.two.unlike
    for entry in unlike[:MOST_KEYS]:
        meaning = told(meaning_of(entry.key))
        about = phrase(" ({more})", more=meaning.rstrip(".。")) if meaning else ""
        changed = phrase(": {before} -> {after}", before=entry.first, after=entry.second)
        out.say((entry.key, "bold"), changed, (about, "dim"))
    if len(unlike) > MOST_KEYS:
        out.say(phrase_of("... and {count} more key", "... and {count} more keys", len(unlike) - MOST_KEYS))
    for arm, measure, before, after, apart in answer._table()[1]:
        line = {"arm": arm, "measure": measure, "before": before, "after": after, "apart": apart}
        out.say(phrase("{arm}, {measure}: {before} -> {after}, {apart}", **line))
    out.say_where(phrase("Page"), as_seen(answer.page))


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(compare)
