"""The command ``export``; heavy parts are imported when they are needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..languages.speaking import phrase, sentence
from ..resources import RESULTS_FOLDER
from ..terminal.console import err, out
from ..terminal.progress import teller
from ..words import counted
from .common import Language, as_seen, our_scenarios, say_what_was_added
from .questions import mistake


def export(
    run: Annotated[
        Path | None,
        typer.Argument(
            metavar="RUN",
            help="Folder of a run, sweep or policy search; the latest run under results/ if not given.",
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="csv, xlsx, slides, crate or whole.")] = "csv",
    target: Annotated[
        Path | None, typer.Option("--out", help="File to write; in the folder if not given.")
    ] = None,
    language: Language = None,
) -> None:
    """Write a run's tables, or what it answers, for other programs.

    Tables as csv (a zip file) or xlsx; the answer as PowerPoint slides; or all files of the folder, to be
    handed on (whole), or archived with a description (crate, an RO-Crate).
    """
    from ..archive.archive import runs_in
    from ..exports.exporting import export as write

    latest = [run] if run else runs_in(RESULTS_FOLDER)[-1:]
    if not latest:
        mistake("export", "RUN", "no run under results/", "the folder of a run; or run a scenario first")
    out.say_where(phrase("File"), as_seen(write(latest[0], format_, target)))
    say_what_was_added(latest[0])


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


def finished(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO", help="Whose finished run; a list if not given.", autocompletion=our_scenarios
        ),
    ] = None,
    anew: Annotated[
        bool, typer.Option("--refresh", help="Compute it, or all of them, anew (in a checkout).")
    ] = False,
    language: Language = None,
) -> None:
    """Open a finished run that comes with the laboratory.

    Nothing is computed; its pages are written under results/, where export, compare and report find it.
    """
    from ..laboratory.finished import open_finished

    if anew:
        _compute_anew([scenario] if scenario else [])
        return
    if scenario is None:
        _list_finished()
        return
    run, _ = open_finished(scenario, RESULTS_FOLDER)
    from ..pages.run.page import page_of

    _say_version(json.loads((run / "manifest.json").read_text(encoding="utf-8"))["model_version"])
    out.say_where(phrase("Results"), as_seen(run))
    out.say_where(phrase("Page   "), as_seen(page_of(run)))
    say_what_was_added(run)


def _say_version(version: str) -> None:
    """A word where another version of the model made a run."""
    from ..storage.manifest import MODEL_VERSION

    if version != MODEL_VERSION:
        text = phrase(
            "Model version {there} made it; under the present one, {here}, it may come out otherwise.",
            there=version,
            here=MODEL_VERSION,
        )
        err.say(text)


def _list_finished() -> None:
    """Which finished runs there are, and how they were made."""
    from rich.table import Table

    from ..laboratory.finished import finished_runs

    table = Table(title=phrase("Finished runs"), title_justify="left")
    for heading in (phrase("name"), phrase("worlds"), phrase("model version")):
        table.add_column(heading)
    for name, about in finished_runs().items():
        table.add_row(name, str(about["replications"]), about["model_version"])
    out.show(table)


def _compute_anew(names: list[str]) -> None:
    """Compute finished runs, one after the other, into the folder that is handed on."""
    from ..laboratory.finished import compute_finished, wanted
    from ..resources import IN_CHECKOUT
    from ..runs.processes import prepare_processes

    if not IN_CHECKOUT:
        mistake(
            "finished",
            "--refresh",
            sentence("an installation, which is never written to"),
            sentence("a checkout"),
        )
    prepare_processes()
    for name in names or wanted():
        tell = teller(err, name)
        try:
            size = compute_finished(name, tell)
        finally:
            tell.stop()
        out.say(f"{name}: {size / 1e6:.2f} MB")


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (export, integrity, finished):
        app.command()(command)
