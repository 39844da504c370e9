"""What there is to run, and files to start from; heavy parts are imported when they are needed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import nearest
from ..languages.speaking import counterpart, own_entry, phrase, sentence, told
from ..resources import TYPED
from ..terminal.console import out
from .common import Language, as_seen
from .questions import mistake

ALIKE = 0.7
"""Likeness from which another word may be meant."""

if TYPE_CHECKING:
    from ..measures.registry import Measure


def list_command(language: Language = None) -> None:
    """List our scenarios, and the command that each wants."""
    from rich.table import Table

    from ..claims.catalogue import article_claims
    from ..scenario.reading.presets import label_in, mix, platform_files
    from ..scenario.reading.read import scenario_files, summary

    table = Table(title=phrase("Scenarios"), title_justify="left")
    for heading in (phrase("name"), phrase("command"), phrase("question")):
        table.add_column(heading)
    for file in scenario_files():
        table.add_row(file.stem, command_of(file), summary(file))
    out.show(table)
    table = Table(title=phrase("Platforms"), title_justify="left")
    for heading in (phrase("name"), phrase("Platform"), phrase("channels and their weights")):
        table.add_column(heading)
    for file in platform_files():
        table.add_row(file.stem, label_in(file), mix(file))
    out.show(table)
    table = Table(title=phrase("Claims of the article"), title_justify="left")
    for heading in (phrase("id"), phrase("claim"), phrase("readings with tests"), phrase("run")):
        table.add_column(heading)
    for claim in article_claims():
        tested = ", ".join(reading.id for reading in claim.readings if reading.tests)
        entry = {"title": claim.title, "title_zh": claim.title_zh}
        table.add_row(claim.id, own_entry(entry, "title"), tested or phrase("none yet"), claim.run)
    out.show(table)


def command_of(file: Path) -> str:
    """The command that a scenario file is written for: what to type in its place, but for the file."""
    from ..errors import ScenarioError
    from ..scenario.purpose import PARTS
    from ..scenario.reading.files import read_toml

    try:
        table = read_toml(file)[1]
    except ScenarioError:
        return "check"
    found = [command for part, (command, _) in PARTS.items() if part in table]
    return "calibrate" if "calibrate" in found else (found or ["run"])[-1]


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file to make.")],
    like: Annotated[
        str | None, typer.Option(metavar="SCENARIO", help="A scenario that comes with the project, to copy.")
    ] = None,
    shop: Annotated[bool, typer.Option("--shop", help="With one merchant of your own in it.")] = False,
) -> None:
    """Make a scenario file to start from."""
    from ..scenario.generated.template import like_another, new_scenario, with_a_shop

    target = file if file.suffix == ".toml" else Path(f"{file}.toml")
    if file.name in ("", ".."):
        mistake(
            "new", "FILE", sentence("'{file}', a folder", file=file), "the name of a file: my_question.toml"
        )
    try:
        text = like_another(target, like) if like else new_scenario(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as made:
            made.write(with_a_shop(text) if shop else text)
    except FileExistsError as error:
        taken = error.filename if error.filename != str(target) else target
        mistake("new", "FILE", sentence("{taken} exists already", taken=taken), "a name that is not taken")
    except OSError as error:
        mistake("new", "FILE", error.strerror or str(error), "a file in a folder that can be written to")
    except ValueError:
        mistake(
            "new", "FILE", "a name with a character that file names cannot have", "letters, digits, _ and -"
        )
    out.say(phrase("Made {target}. To check it, and to run it:", target=as_seen(target)))
    for command in ("check", "run"):
        out.say(f"  {TYPED} {command} {_as_typed(as_seen(target))}")  # a line by itself, to be copied


def _as_typed(path: str) -> str:
    """A path as a shell takes it."""
    return path if re.fullmatch(r"[\w@%+=:,./-]+", path) else shlex.quote(path)


def schema() -> None:
    """Print the JSON Schema of scenario files."""
    from ..scenario.generated.schema import scenario_schema

    out.say_lines(json.dumps(scenario_schema(), indent=1, ensure_ascii=not out.encoding.startswith("utf")))


def parameters(
    word: Annotated[
        str | None,
        typer.Argument(metavar="WORD", help="Only those whose key, meaning or source has it, such as fans."),
    ] = None,
    language: Language = None,
) -> None:
    """Print every parameter, or those with a WORD in them.

    With its default, unit, range and source.
    """
    from rich.table import Table

    from ..scenario.generated.parameters import parameter_table
    from ..scenario.generated.parameters import parameters as declared

    if word is None:
        out.say_lines(parameter_table())
        return
    found = [entry for entry in declared() if entry.speaks_of(word)]
    if not found:
        mistake(
            "parameters",
            "WORD",
            sentence("'{word}', which no key, meaning or source has", word=word)
            + nearest(word, sorted({part for entry in declared() for part in entry.key.split(".")}), ALIKE),
            _instead_of_a_parameter(word),
        )
    table = Table(
        title=phrase("Parameters with “{word}”: {count}", word=word, count=len(found)), title_justify="left"
    )
    for heading in ("key", "default", "range", "meaning"):
        table.add_column(counterpart(heading))
    for entry in found:
        table.add_row(entry.key, entry.start_with_unit, entry.limits, told(entry.about))
    out.show(table)


def _instead_of_a_parameter(word: str) -> str:
    """What may be meant by a word that no parameter has."""
    from ..runs.bounds import measures_with
    from ..scenario.reading.presets import platform_files

    if file := next((file for file in platform_files() if file.stem == word), None):
        return sentence(
            "“parameters platform”, which explains platforms' numbers; those of '{word}' stand in {file}",
            word=word,
            file=as_seen(file),
        )
    if measures_with(word):
        return sentence("another word: fans; “measures {word}” explains measures", word=word)
    return "another word: fans; “measures” explains what claims speak of"


def measures(
    word: Annotated[
        str | None,
        typer.Argument(metavar="WORD", help="Only those whose name or meaning has it, such as fans."),
    ] = None,
    language: Language = None,
) -> None:
    """Print what measures mean, all or those with a WORD in them.

    Those that claims and goals can speak of, with their units.
    """
    from ..pages.kit.words import unit_name
    from ..runs.bounds import measures_near, measures_with

    found = measures_with(word or "")
    if not found:
        close = measures_near(word or "")
        mistake(
            "measures",
            "WORD",
            sentence("'{word}', which no measure's name or meaning has", word=word),
            sentence("one of {ours}", ours=", ".join(close))
            if close
            else "another word: fans; without one, all measures",
        )
    out.say(
        phrase("Measures with “{word}”: {count}", word=word, count=len(found))
        if word
        else phrase("Measures: {count}", count=len(found))
    )
    for entry in found:
        label = phrase("{label} ({unit})", label=counterpart(entry.label), unit=unit_name(entry.unit))
        out.say((entry.name, "bold"), f"  {label}")
        out.say(f"    {_meaning(entry)}")


def _meaning(entry: Measure) -> str:
    """What a measure is, and how its parts are called where it is taken of parts as well."""
    from ..measures.registry import NAMED

    said = counterpart(entry.meaning)
    if entry.split == NAMED:
        return phrase("{said} Of one merchant with a name: {name}_NAME.", said=said, name=entry.name)
    part = {"channel": "CHANNEL", "archetype": "KIND", "platform": "PLATFORM"}.get(entry.split)
    return phrase("{said} Of a part: {name}_{part}.", said=said, name=entry.name, part=part) if part else said


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("list")(list_command)
    for command in (new, schema, parameters, measures):
        app.command()(command)
