"""The command line. Heavy parts are imported when a command needs them, so help answers at once."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.main import get_command

from ..errors import MOST_SHOWN, LaboratoryError, Problem
from ..languages.speaking import counterpart, of_system, phrase, sentence, speak, told
from ..resources import RESULTS_FOLDER
from ..terminal.console import err, out
from ..terminal.help import in_words, language_apart, mistake_in_words
from ..terminal.stopping import stoppable
from ..terminal.streams import patient_streams
from .common import (
    INTERRUPTED,
    Language,
    Settings,
    TrustPlugins,
    as_seen,
    our_scenarios,
    say_what_was_added,
    speak_as_asked,
)
from .compare import register as register_compare
from .evidence import register as register_evidence
from .export import register as register_export
from .gallery import register as register_gallery
from .questions import HEADLINE, mistake, parse_overrides, read_question
from .search import register as register_search
from .sizes import register as register_sizes
from .sweep import register
from .wording import COMMAND_LINE

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

MISTAKE = 2
"""Exit status when the user must put something right."""

app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="The live-commerce laboratory: claims about centralised and share-driven platforms, "
    "tested in simulated worlds. Without a command it answers the headline question.",
)
UsageError: Any = typer.BadParameter.__base__
"""Any mistake on the command line, of whichever Click it is that Typer brings along."""

ScenarioName = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file, or the name of a scenario that comes with the project.",
        autocompletion=our_scenarios,
    ),
]
Days = Annotated[int | None, typer.Option(help="Days simulated (world.days).")]
Replications = Annotated[int | None, typer.Option(help="Worlds per arm (run.replications).")]
Seed = Annotated[int | None, typer.Option(help="Seed of all luck (run.seed).")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; as many as processors if not given.")]
StoredRun = Annotated[
    Path | None,
    typer.Argument(metavar="RUN", help="Folder of a run; the latest under results/ if not given."),
]
Threads = Annotated[
    int | None, typer.Option(min=1, help="Threads of each world; useful for one very large world.")
]


def main() -> None:
    """Run the command line; mistakes of the user end in a message and exit status 2."""
    with stoppable():
        sys.exit(_run_patiently())


def _run_patiently() -> int:
    """The exit status of what the command line asks for, and whether it could be told."""
    with patient_streams() as lost:
        status = _run()
        if failure := lost():
            status = status or MISTAKE
            err.say_lines(
                str(
                    LaboratoryError(
                        "standard output",
                        [
                            Problem(
                                "what was printed",
                                sentence("it could not be written: {strerror}", strerror=failure.strerror),
                                "a file or program that accepts it; "
                                "files that the command wrote are in their folder all the same",
                            )
                        ],
                    )
                ),
                "red",
            )
    return status


def _run() -> int:
    """The exit status of what the command line asks for."""
    speak(of_system())
    language, arguments = language_apart(sys.argv[1:])
    try:
        speak_as_asked(language)
        return in_words(get_command(app))(arguments, standalone_mode=False) or 0
    except LaboratoryError as error:
        err.say_lines(error.as_text(COMMAND_LINE), "red")
    except UsageError as error:
        text = io.StringIO()
        error.show(text)
        err.say_lines(mistake_in_words(text.getvalue().rstrip()))
    except OSError as error:
        err.say_lines(str(_of_system(error)), "red")
    return MISTAKE


def _of_system(error: OSError) -> LaboratoryError:
    """A file that cannot be read or written, as a mistake that the user can put right."""
    return LaboratoryError(
        str(error.filename or "a file"),
        [
            Problem(
                "(the file)",
                error.strerror or str(error),
                "a file that can be read, or a folder that can be written to",
            )
        ],
    )


def _say_version(wanted: bool) -> None:
    """Say which laboratory, model and Python this is, and end."""
    if wanted:
        import platform

        from .. import __version__
        from ..resources import DISTRIBUTION
        from ..storage.manifest import MODEL_VERSION

        out.say(
            phrase(
                "{distribution} {version}, model {model_version}, Python {python_version}",
                distribution=DISTRIBUTION,
                version=__version__,
                model_version=MODEL_VERSION,
                python_version=platform.python_version(),
            )
        )
        raise typer.Exit


@app.callback(invoke_without_command=True)
def headline(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_say_version, help="Say which version this is."),
    ] = False,
    language: Language = None,
) -> None:
    """Run the headline scenario when no command is given."""
    if context.invoked_subcommand is None:
        run_command(HEADLINE)


@app.command("run")
def run_command(
    scenario: ScenarioName = HEADLINE,
    settings: Settings = None,
    days: Days = None,
    replications: Replications = None,
    seed: Seed = None,
    trust_plugins: TrustPlugins = False,
    workers: Workers = None,
    threads: Threads = None,
    record: Annotated[
        bool, typer.Option("--record", help="Write a line list of visits, orders, ties and shares too.")
    ] = False,
    out_folder: Annotated[
        Path, typer.Option("--out", show_default=False, help="Folder for results; results/ if not given.")
    ] = RESULTS_FOLDER,
    language: Language = None,
) -> None:
    """Run a scenario, judge its claims and write results and page."""
    settings = [*(settings or []), *(["run.record=true"] if record else [])]
    question = read_question(scenario, settings, days, replications, seed, trust_plugins)
    _check_folder(out_folder)
    _say_what_else(question)
    if workers != 1:
        from ..runs.processes import prepare_processes

        prepare_processes()
    from .progress import simulate

    try:
        folder = simulate(question, out_folder, workers, threads, out, err)
    except KeyboardInterrupt:
        err.say_lines(phrase("\nStopped; nothing half-written was left behind."))
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        mistake(
            "--out",
            str(out_folder),
            error.strerror or str(error),
            "a folder that can be written to and has room",
        )
    from ..pages.run.page import page_of
    from .progress import print_answer

    print_answer(folder)
    out.say()
    out.say_where(phrase("Results"), as_seen(folder))
    out.say_where(phrase("Page   "), as_seen(page_of(folder)))


@app.command()
def check(scenario: ScenarioName, settings: Settings = None) -> None:
    """Check a scenario without running it.

    Finds whatever run, sweep, search and calibrate would refuse.
    """
    from ..checking.problems import check_scenario
    from ..pages.run.figures.policy_words import amounts_in_words
    from ..scenario.reading.read import find_scenario

    checked = check_scenario(find_scenario(scenario), parse_overrides(settings))
    question = checked.scenario
    world, run = question.world, question.run
    fine = phrase("{name} is fine", name=question.name)
    content = phrase(
        ": {viewers:,} viewers, {merchants:,} merchants, {days:,} days, "
        "worlds of each arm: {worlds:,} ({arms}).",
        viewers=world.viewers,
        merchants=world.merchants,
        days=world.days,
        worlds=run.replications,
        arms=", ".join(arm.name for arm in question.arms),
    )
    out.say((fine, "green"), content)
    for line in amounts_in_words(question):
        out.say(line)
    for remark in checked.remarks[:MOST_SHOWN]:
        line = phrase(" (line {line})", line=remark.line) if remark.line else ""
        out.say((phrase("note"), "yellow"), _remark(remark, line))
    if len(checked.remarks) > MOST_SHOWN:
        out.say(phrase("... and {count:,} notes more", count=len(checked.remarks) - MOST_SHOWN))


register_gallery(app)


@app.command()
def report(run: StoredRun = None, language: Language = None) -> None:
    """Write the page of a finished run again."""
    from ..pages.run.page import write_report

    run = run or _latest_run("report")
    out.say_where(phrase("Page"), as_seen(write_report(run)))
    say_what_was_added(run)


@app.command()
def inspect(
    run: StoredRun = None,
    merchant: Annotated[str | None, typer.Option(help="Name or number of the merchant to follow.")] = None,
    viewer: Annotated[int | None, typer.Option(help="Number of the viewer to follow.")] = None,
    arm: Annotated[str | None, typer.Option(help="Arm; the first one if not given.")] = None,
    replicate: Annotated[int | None, typer.Option(help="Replication; 0 if not given.")] = None,
    day: Annotated[int | None, typer.Option(help="Only this day, and its largest cascade.")] = None,
) -> None:
    """Follow a merchant's or a viewer's life in a recorded run.

    Recorded are runs made with --record.
    """
    from ..pages.life.inspect import Subject, inspect_run

    numbered = int(merchant) if merchant and merchant.isdecimal() else merchant
    subject = Subject(numbered, viewer)
    page = inspect_run(run or _latest_run("inspect", recorded=True), out, subject, arm, replicate, day)
    out.say()
    out.say_where(phrase("Page"), as_seen(page))


def _latest_run(command: str, recorded: bool = False) -> Path:
    """The run under results/ that was started last, or the last that has a line list."""
    from ..archive.archive import runs_in
    from ..runs.line_lists import AGENTS_FOLDER

    stored = runs_in(RESULTS_FOLDER)
    if not stored:
        mistake(command, "RUN", "no run under results/", "the folder of a run; or run a scenario first")
    if not recorded:
        return stored[-1]
    return next((run for run in reversed(stored) if (run / AGENTS_FOLDER).is_dir()), stored[-1])


def _say_what_else(question: Scenario) -> None:
    """A word to whoever runs a scenario that is written for another command, is too coarse for a merchant, or
    whose worlds share people."""
    from ..checking.remarks import coarse_merchants, shared_pasts
    from ..scenario.purpose import hint

    if instead := hint(question):
        err.say(
            (phrase("note"), "yellow"),
            phrase(
                "  this scenario describes more than one run; this one is at the values in the file; "
                "for the rest: {instead}",
                instead=instead,
            ),
        )
    for remark in (*coarse_merchants(question), *shared_pasts(question)):
        err.say((phrase("note"), "yellow"), _remark(remark))


def _remark(remark: Problem, line: str = "") -> str:
    """What is allowed but hardly meant, in one line."""
    return f"  {remark.key}{line}: {told(remark.found)}{counterpart('; ')}{told(remark.allowed)}"


def _check_folder(folder: Path) -> None:
    """Refuse a folder for results that cannot be one, before anything is simulated."""
    at = folder
    while not at.exists() and at != at.parent:
        at = at.parent
    if not at.is_dir():
        mistake("--out", str(folder), sentence("{at} is a file", at=at), "a folder")


register(app)
register_search(app)
register_sizes(app)
register_evidence(app)
register_compare(app)
register_export(app)
