"""The commands ``sweep``, ``rerun`` and ``analyse``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .long_commands import (
    AtOnce,
    Cluster,
    OtherVersion,
    Resume,
    Settings,
    at_work,
    err,
    how_to_go_on,
    out,
    place_of,
)
from .paths import RESULTS_FOLDER

SweepFolderArgument = Annotated[Path, typer.Argument(metavar="SWEEP", help="Folder of a sweep.")]


def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file with a [sweep].")],
    settings: Settings = None,
    resume: Resume = False,
    other_version: OtherVersion = False,
    workers: AtOnce = None,
    cluster: Cluster = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of the sweep; results/SCENARIO/sweep if not given.")
    ] = None,
) -> None:
    """Run a scenario at every point of its sweep; may be stopped and resumed at any time."""
    from .cli import read_question
    from .experiments.sweeps.sweeping import run_sweep

    question = read_question(scenario, settings)
    folder = out_folder or RESULTS_FOLDER / question.name / "sweep"
    executor, at_once = place_of(workers, cluster)
    with at_work("Sweeping", folder, how_to_go_on(folder)) as tell:
        data = run_sweep(question, folder, executor, at_once, resume, other_version,
                         lambda progress: tell(progress.share, progress.failures))
    out.print(f"[bold]Data[/] {folder / 'sweep.parquet'}: {len(data):,} rows", soft_wrap=True)
    failures = folder / "failures.parquet"
    if failures.is_file():
        out.print(f"[bold]Failures[/] {failures}: see run.py rerun {folder} RUN", soft_wrap=True)


def rerun(
    folder: SweepFolderArgument,
    run: Annotated[str, typer.Argument(metavar="RUN", help="Identity of the run, or how it begins.")],
) -> None:
    """Run one run of a sweep again, here: say, one that failed."""
    from .experiments.sweeps.sweeping import rerun as rerun_one

    finished = rerun_one(folder, run)
    if finished.error:
        err.print(finished.trace, markup=False, highlight=False)
        err.print(f"Point {finished.point}, replicate {finished.replicate} failed again: {finished.error}",
                  markup=False, highlight=False)
        raise typer.Exit(1)
    out.print(f"Point {finished.point}, replicate {finished.replicate} is done and in the data.")


def analyse(folder: SweepFolderArgument) -> None:
    """Say what drives the outcome of a sweep, and where its claims hold and fail."""
    from .experiments.sweeps.analysis import analyse as analyse_sweep

    page = analyse_sweep(folder)
    out.print(f"[bold]Page[/] {page}", soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (sweep, rerun, analyse):
        app.command()(command)
