"""What commands that run for long have in common: options, where runs execute, and how they are stopped."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import LaboratoryError, Problem
from ..languages.speaking import LANGUAGES, either, phrase, speak
from ..terminal.console import err
from ..terminal.progress import Teller, teller

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""

Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change any scenario key, e.g. "
        "--set people.homophily=0.2 or --set arms.tencent_live.platform.pool=2. Repeatable.",
    ),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with what is in the folder.")]
OtherVersion = Annotated[
    bool, typer.Option("--other-version", help="Go on although another version made what is there.")
]
TrustPlugins = Annotated[
    bool,
    typer.Option("--trust-plugins", help="Run plugins' files that are not under the working folder unasked."),
]
AtOnce = Annotated[int | None, typer.Option(min=1, help="Runs at once; as many as processors if not given.")]
Cluster = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Dask scheduler: tcp://host:port.")]


def speak_as_asked(language: str | None) -> str | None:
    """Speak the language that was asked for; without a wish, whatever was spoken before."""
    if language is None:
        return None
    if language not in LANGUAGES:
        raise LaboratoryError(
            "--lang", [Problem(language, "a language without a catalogue", either(LANGUAGES))]
        )
    speak(language)
    return language


Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANGUAGE",
        callback=speak_as_asked,
        help=f"{' or '.join(LANGUAGES)}; the system's language if not given.",
    ),
]


@contextmanager
def at_work(what: str, folder: Path, stopped: str) -> Iterator[Teller]:
    """Tell the progress of something long; end it with a word on Ctrl-C or a disk that takes nothing.

    Parameters
    ----------
    what : str
        For the progress: "Sweeping".
    folder : Path
        Where it writes.
    stopped : str
        What is said after Ctrl-C.
    """
    tell = teller(err, what)
    try:
        with _warnings_said():
            yield tell
    except KeyboardInterrupt:
        err.say()
        err.say(phrase("Stopped; {stopped}", stopped=stopped))
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        raise LaboratoryError(
            "--out",
            [
                Problem(
                    str(folder), error.strerror or str(error), "a folder that can be written to and has room"
                )
            ],
        ) from None
    finally:
        tell.stop()


@contextmanager
def _warnings_said() -> Iterator[None]:
    """Say what a sweep warns of in one line, without the place in the code."""
    from ..ensembles.resuming import SweepWarning

    with warnings.catch_warnings():
        warnings.simplefilter("always", SweepWarning)
        usual = warnings.showwarning

        def say(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if issubclass(category, SweepWarning):
                err.say(str(message))
            else:
                usual(message, category, *place, **more)

        warnings.showwarning = say
        yield


def say_what_was_added(*runs: Path) -> None:
    """A word on measures that were added after runs were made."""
    from ..archive.added_since import added_in_words, added_since
    from ..storage.folders import MANIFEST

    for run in runs:
        said = added_in_words(added_since(run)) if (run / MANIFEST).is_file() else ""
        if said:
            err.say((phrase("note"), "yellow"), f"  {as_seen(run)}: {said}")


def how_to_go_on(folder: Path, begun_with: Path | None = None) -> str:
    """What is said after Ctrl-C of what can be resumed; with the tables that it has begun with, if any."""
    if begun_with:
        return phrase(
            "finished runs are kept. Go on with --resume --begin-with {tables} --out {folder}",
            tables=begun_with,
            folder=folder,
        )
    return phrase("finished runs are kept. Go on with --resume --out {folder}", folder=folder)


def our_scenarios(begun: str) -> list[str]:
    """Names of scenarios that come with the project and begin so, and files here that do, for shells."""
    from ..scenario.reading.read import scenario_files

    names = [file.stem for file in scenario_files()]
    return sorted(name for name in [*names, *map(str, Path().glob("*.toml"))] if name.startswith(begun))


def as_seen(path: Path) -> str:
    """Path relative to the present folder where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, FileNotFoundError):  # the latter where the present folder has been removed
        return str(path.resolve())
