"""The command ``export``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..languages.speaking import phrase
from ..resources import RESULTS_FOLDER
from ..terminal.console import out
from ..words import counted
from .common import Language, as_seen
from .questions import mistake


def export(
    run: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN",
            help="Folder of a run, sweep or policy search; the latest run under results/ if not given.",
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="csv, xlsx, slides or whole.")] = "csv",
    target: Annotated[
        Path | None, typer.Option("--out", help="File to write; in the folder if not given.")
    ] = None,
    language: Language = None,
) -> None:
    """Write a run's tables, or what it answers, for other programs.

    Tables as csv (a zip file) or xlsx; the answer as PowerPoint slides; or all files of the folder, to be
    handed on (whole).
    """
    from ..archive.archive import runs_in
    from ..exports.exporting import export as write

    latest = [run] if run else runs_in(RESULTS_FOLDER)[-1:]
    if not latest:
        mistake("export", "RUN", "no run under results/", "the folder of a run; or run a scenario first")
    out.say_where(phrase("File"), as_seen(write(latest[0], format_, target)))


def integrity(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Folder of a run, sweep, policy search or calibration.")
    ],
) -> None:
    """Compare every file of results with its checksum.

    What is missing, torn or altered is named.
    """
    from ..archive.integrity import check_folder

    out.say(phrase("{files} as written.", files=counted(check_folder(folder), "file")))


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (export, integrity):
        app.command()(command)
