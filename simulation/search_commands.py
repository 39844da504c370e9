"""The command ``search``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .paths import RESULTS_FOLDER
from .scenario.problems import Problem, ScenarioError
from .sweep_commands import INTERRUPTED, err, out


def search(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario file with a [policy_search].")
    ],
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
        Path | None,
        typer.Option("--out", help="Folder of the search; results/SCENARIO/policy_search if not given."),
    ] = None,
) -> None:
    """Look for the best compromises between goals; may be stopped and resumed at any time."""
    from .cli import read_question
    from .experiments.execution import usable_processors
    from .experiments.sweeps.executors import dask_executor, local_executor
    from .experiments.sweeps.policy_search import CANDIDATES, PAGE, search_policies
    from .experiments.sweeps.sweeping import Progress
    from .progress import Bar, teller

    question = read_question(scenario, settings)
    folder = out_folder or RESULTS_FOLDER / question.name / "policy_search"
    at_once = workers or usable_processors()
    tell = teller(err, "Searching")

    def report(progress: Progress) -> None:
        note = f", {progress.failed} failed" if progress.failed else ""
        tell(progress.done / progress.total, note)

    def executor():
        return dask_executor(cluster) if cluster else local_executor(at_once)

    try:
        table = search_policies(question, folder, executor, at_once, resume, other_version, report)
    except KeyboardInterrupt:
        err.print(f"\nStopped; finished runs are kept. Go on with --resume --out {folder}", soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        raise ScenarioError("--out", [Problem(
            str(folder), error.strerror or str(error), "a folder with room to write in"
        )]) from None
    finally:
        if isinstance(tell, Bar):
            tell.stop()
    failed = int((table["reason"] != "").sum())
    out.print(f"{len(table):,} settings tried, {int(table['on_front'].sum()):,} on the front"
              + (f", {failed:,} failed" if failed else ""), highlight=False)
    out.print(f"[bold]Data[/] {folder / CANDIDATES}", soft_wrap=True)
    out.print(f"[bold]Page[/] {folder / PAGE}", soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(search)
