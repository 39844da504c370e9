"""The commands ``sweep``, ``rerun`` and ``analyse``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from .paths import RESULTS_FOLDER

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

out = Console()
err = Console(stderr=True)

SweepFolderArgument = Annotated[Path, typer.Argument(metavar="SWEEP", help="Folder of a sweep.")]


def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file with a [sweep].")],
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change any scenario key. Repeatable."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")] = False,
    other_version: Annotated[
        bool, typer.Option("--other-version", help="Go on although another version made what is there.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Runs at once; as many as processors if not given.")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler: tcp://host:port.")
    ] = None,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of the sweep; results/SCENARIO/sweep if not given.")
    ] = None,
) -> None:
    """Run a scenario at every point of its sweep; may be stopped and resumed at any time."""
    from .cli import read_question
    from .experiments.execution import usable_processors
    from .experiments.sweeps.executors import dask_executor, local_executor
    from .experiments.sweeps.sweeping import Progress, run_sweep
    from .progress import Bar, teller

    question = read_question(scenario, settings)
    folder = out_folder or RESULTS_FOLDER / question.name / "sweep"
    at_once = workers or usable_processors()
    tell = teller(err, "Sweeping")

    def report(progress: Progress) -> None:
        note = f", {progress.failed} failed" if progress.failed else ""
        tell(progress.done / progress.total, note)

    def executor():
        return dask_executor(cluster) if cluster else local_executor(at_once)

    try:
        data = run_sweep(question, folder, executor, at_once, resume, other_version, report)
    except KeyboardInterrupt:
        err.print(f"\nStopped; finished runs are kept. Go on with --resume --out {folder}", soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None
    finally:
        if isinstance(tell, Bar):
            tell.stop()
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
