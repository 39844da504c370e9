"""The commands ``sweep``, ``rerun`` and ``analyse``; heavy parts are imported when they are needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..ensembles.execution.options import Execution
from ..errors import FOUND_BYTES, shortened
from ..languages.speaking import phrase, told
from ..resources import COMMAND, RESULTS_FOLDER
from ..terminal.console import err, out
from ..words import counted
from .common import AtOnce, Cluster, OtherVersion, Resume, Settings, TrustPlugins, at_work, how_to_go_on

if TYPE_CHECKING:  # which imports the model
    from ..ensembles.bookkeeping import Progress

SweepFolderArgument = Annotated[Path, typer.Argument(metavar="SWEEP", help="Folder of a sweep.")]


def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A scenario file with a [sweep].")],
    settings: Settings = None,
    plausible: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="WORLDS",
            help="Run it, whatever its sweep, in so many of the worlds that look like the facts: in what "
            "share of them its claims hold.",
        ),
    ] = None,
    resume: Resume = False,
    other_version: OtherVersion = False,
    trust_plugins: TrustPlugins = False,
    workers: AtOnce = None,
    cluster: Cluster = None,
    out_folder: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Folder of the sweep; results/SCENARIO/sweep (or plausible) if not given."
        ),
    ] = None,
) -> None:
    """Run a scenario at every point of its sweep.

    It may be stopped at any time, and goes on with --resume.
    """
    from ..ensembles.sweep import run_sweep
    from ..laboratory.work import executor_for
    from .questions import read_over_plausible, read_question

    if plausible:
        question = read_over_plausible(scenario, plausible, settings or [], trust_plugins)
    else:
        question = read_question(scenario, settings, trusted=trust_plugins)
    folder = out_folder or RESULTS_FOLDER / question.name / ("plausible" if plausible else "sweep")
    executor, at_once = executor_for(workers, cluster)
    told: list[Progress] = []
    with at_work(phrase("Sweeping"), folder, how_to_go_on(folder)) as tell:

        def report(progress: Progress) -> None:
            told[:] = [progress]
            tell(progress.share, progress.failures)

        data = run_sweep(question, folder, Execution(executor, at_once, resume, other_version, report))
    _say_data(folder, len(data), told)
    _say_failures(folder)
    page = phrase(" {command} analyse {folder} writes the page", command=COMMAND, folder=folder)
    out.say((phrase("Next"), "bold"), page)


def _say_data(folder: Path, rows: int, told: list[Progress]) -> None:
    """How many runs were there, and where the data are."""
    if told and told[0].kept:
        out.say(
            (phrase("Kept"), "bold"),
            phrase(
                " {kept:,} of {runs}, which were there", kept=told[0].kept, runs=counted(told[0].total, "run")
            ),
        )
    out.say(
        (phrase("Data"), "bold"),
        phrase(" {folder}: {count:,} rows", folder=folder / "sweep.parquet", count=rows),
    )


def _say_failures(folder: Path) -> None:
    """A word on runs that failed, if any did."""
    failures = folder / "failures.parquet"
    if failures.is_file():
        from pandas import read_parquet

        from ..ensembles.execution.failures import reason_of

        failed = read_parquet(failures)
        out.say(
            (phrase("Failures"), "bold"),
            phrase(
                " {failures}: {runs}, the first of them "
                "{identity}: {error}. "
                "See {command} rerun {folder} RUN",
                failures=failures,
                runs=counted(len(failed), "run"),
                identity=failed["identity"].iloc[0],
                error=shortened(told(reason_of(failed.iloc[0].to_dict())), FOUND_BYTES),
                command=COMMAND,
                folder=folder,
            ),
        )


def rerun(
    folder: SweepFolderArgument,
    run: Annotated[str, typer.Argument(metavar="RUN", help="Identity of the run, or how it begins.")],
    trust_plugins: TrustPlugins = False,
) -> None:
    """Run one run of a sweep again, here: say, one that failed."""
    from ..ensembles.execution.failures import reason_of
    from ..ensembles.sweep import rerun as rerun_one
    from ..ensembles.sweep import still_counting
    from .questions import ask_for_trust

    if not trust_plugins:
        ask_for_trust(still_counting(folder))
    finished = rerun_one(folder, run)
    if finished.error:
        err.say_lines(finished.trace)
        err.say(
            phrase(
                "Point {point}, replicate {replicate} failed again: {error}",
                point=finished.point,
                replicate=finished.replicate,
                error=told(reason_of(finished.as_record())),
            )
        )
        raise typer.Exit(1)
    out.say(
        phrase(
            "Point {point}, replicate {replicate} is done and in the data.",
            point=finished.point,
            replicate=finished.replicate,
        )
    )


def analyse(
    folder: SweepFolderArgument,
    decide: Annotated[
        str,
        typer.Option(
            metavar="MEASURE",
            help="Weigh the arms as choices by this measure: regret, and what to know first.",
        ),
    ] = "",
) -> None:
    """Say what drives a sweep's outcome and where its claims fail.

    Of a sweep that was stopped, as far as its finished runs tell.
    """
    from ..laboratory.sweep import analyse as write_analysis

    if decide:
        from ..ensembles.analysis.decision import decide as weigh
        from ..ensembles.results import SweepResults
        from ..storage.files import write_csv

        decision, file = weigh(SweepResults.read(folder), decide), folder / "decision.csv"
        write_csv(file, decision.settings.reset_index(), digits=6)
        out.say(told(decision.sentence))
        out.say_where(phrase("Table"), file)
    out.say_where(phrase("Page"), write_analysis(folder).page)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (sweep, rerun, analyse):
        app.command()(command)
