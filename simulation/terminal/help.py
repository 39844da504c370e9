"""Help of commands, and what is wrong with how they were typed, in the language that is spoken.

Words that Click and Typer say themselves are looked up in our catalogue like all others; what is declared
in English stays as it is where the catalogue lacks it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from ..languages.retelling import retold
from ..languages.speaking import ENGLISH, counterpart, phrase, spoken, template

Formatter: Any = typer.Context.formatter_class
HEADINGS = (template("Arguments"), template("Options"), template("Commands"))
REQUIRED, SHOWN = template("[required]"), template("Show this message and exit.")
DEFAULT = re.compile(r"\[default: (.*)\]$")
MISTAKES = (
    template("Usage: {usage}"),
    template("Try '{command}' for help."),
    template("Error: {mistake}"),
    template("No such command '{name}'."),
    template("No such command '{name}'. Did you mean {near}?"),
    template("No such option: {name} Did you mean {near}?"),
    template("No such option: {name} (Possible options: {near})"),
    template("No such option: {name}"),
    template("Missing argument '{name}'."),
    template("Missing option '{name}'."),
    template("Missing command."),
    template("Option '{name}' requires an argument."),
    template("Option '{name}' does not take a value."),
    template("Got unexpected extra argument(s) ({extra})"),
    template("Invalid value for {name}: {why}"),
    template("Input should be a valid integer, unable to parse string as an integer"),
    template("Input should be greater than or equal to {limit}"),
    template("Input should be less than or equal to {limit}"),
)
"""What Click says of a line that it cannot read: whole lines. Values that are such lines are told too."""


def language_apart(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """What ``--lang`` asks for on a command line, wherever it stands, and the other arguments."""
    language, rest = None, []
    coming = iter(arguments)
    for argument in coming:
        name, equals, value = argument.partition("=")
        if argument == "--":
            rest += [argument, *coming]
        elif name != "--lang":
            rest.append(argument)
        elif value := value if equals else next(coming, ""):
            language = value
        else:
            rest.append(argument)  # which is then told what it lacks
    return language, rest


def in_words(command: Any) -> Any:
    """A command of Click whose help, and that of all below it, is in the language spoken."""
    if spoken() != ENGLISH:
        of_click = next(kind for kind in typer.Context.__mro__ if "formatter_class" in vars(kind))
        of_click.formatter_class = SpokenHelp  # type: ignore[attr-defined]
        for entry in _below(command):
            parts = paragraphs(entry.help)
            entry.help = "\n\n".join(counterpart(part) for part in parts)
            entry.short_help = counterpart(parts[0]) if parts else ""
            for parameter in entry.params:
                parameter.help = counterpart(getattr(parameter, "help", None) or "")
    return command


def texts_of(command: Any) -> Iterator[str]:
    """Everything that help says of a command and of those below it, as it is declared."""
    for entry in _below(command):
        yield from paragraphs(entry.help)
        yield from (getattr(parameter, "help", None) or "" for parameter in entry.params)


def paragraphs(text: str | None) -> list[str]:
    """Paragraphs of a docstring, each as one line."""
    found = re.split(r"\n\s*\n", inspect.cleandoc(text or ""))
    return [" ".join(part.split()) for part in found if part.strip()]


def _below(command: Any) -> Iterator[Any]:
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from _below(inner)


def mistake_in_words(text: str) -> str:
    """What Click says of a line that it cannot read: whole lines. Values that are such lines are told too."""
    return "\n".join(retold(line, MISTAKES) for line in text.split("\n"))


class SpokenHelp(Formatter):
    """Click's help, with its own words in the language that is spoken and lines as wide as they show."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """As Click does."""
        super().write_usage(prog, args, prefix if prefix is not None else phrase("Usage: {usage}", usage=""))

    def write_heading(self, heading: str) -> None:
        """As Click does."""
        self.write(phrase("{heading}:", heading=counterpart(heading)) + "\n")

    def write_text(self, text: str) -> None:
        """Paragraphs, indented as far as the present section is."""
        margin = " " * self.current_indent
        for part in paragraphs(text):
            self.write("".join(f"{margin}{line}\n" for line in self._lines(part, self.width - len(margin))))
            self.write("" if part == paragraphs(text)[-1] else "\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Names and their meanings in two columns."""
        margin = self.current_indent
        first = min(max((len(name) for name, _ in rows), default=0), col_max) + col_spacing
        for name, about in rows:
            told = DEFAULT.sub(lambda found: phrase("[default: {value}]", value=found.group(1)), about)
            told = told.replace(REQUIRED, counterpart(REQUIRED))
            lines = self._lines(counterpart(told), self.width - first - margin)
            end = f"\n{'':>{first + margin}}"
            self.write(
                f"{'':>{margin}}" + (f"{name:{first}}" if len(name) <= first - col_spacing else name + end)
            )
            self.write(end.join(lines) + "\n")

    @staticmethod
    def _lines(text: str, width: int) -> list[str]:
        """Lines that take at most `width` columns; a Chinese character takes two."""
        wrapped = Text(text).wrap(Console(width=width), max(width, 10))
        return [line.plain.rstrip() for line in wrapped] or [""]
