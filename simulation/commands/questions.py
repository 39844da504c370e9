"""From what is written on the command line to a checked scenario."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from ..errors import LaboratoryError, Problem, shown
from ..languages.speaking import phrase, sentence
from ..terminal.console import err

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

HEADLINE = "tencent_live_2020"


def read_question(
    name: str,
    settings: list[str] | None = None,
    days: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    trusted: bool | None = None,
) -> Scenario:
    """The scenario called `name` with the command line's changes, checked.

    Its plugins must be `trusted` or at home where that is not None: they are about to be run.
    """
    from ..claims.reading import read_scenario
    from ..scenario.reading.read import find_scenario

    given = {"world.days": days, "run.replications": replications, "run.seed": seed}
    overrides = parse_overrides(settings) | {
        key: number for key, number in given.items() if number is not None
    }
    question = read_scenario(find_scenario(name), overrides)
    if trusted is False:
        ask_for_trust(question)
    return question


def read_over_plausible(name: str, worlds: int, settings: list[str], trusted: bool) -> Scenario:
    """The scenario called `name`, changed by `settings`, as a sweep over so many plausible worlds."""
    from ..calibration.over_plausible_worlds import over_plausible_worlds

    of_sweep = [setting for setting in settings if setting.startswith("sweep.")]
    question = read_question(
        name, [setting for setting in settings if setting not in of_sweep], trusted=trusted
    )
    return over_plausible_worlds(question, worlds, parse_overrides(of_sweep))


def ask_for_trust(question: Scenario) -> None:
    """Ask whether code from elsewhere may be run; where nobody can be asked it may not."""
    from ..platforms.plugged_in import from_elsewhere
    from ..scenario.reading.read import refusal

    foreign = from_elsewhere(question, Path.cwd())
    if not foreign:
        return
    if sys.stdin is not None and sys.stdin.isatty() and err.is_terminal:
        for key, path in foreign.items():
            err.say((key, "bold"), f": {path}")
        if typer.confirm(
            phrase("These files are not under this folder and will be run as code. Run them?"), err=True
        ):
            return
    raise refusal(
        question,
        [
            Problem(
                key,
                sentence("'{path}': code from outside the working folder, which would be run", path=path),
                "--trust-plugins once you have read it, or a copy of it in the working folder",
            )
            for key, path in foreign.items()
        ],
    )


def parse_overrides(settings: list[str] | None) -> dict[str, Any]:
    """Keys and values of ``--set``."""
    overrides: dict[str, Any] = {}
    for setting in settings or []:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip():
            mistake("--set", setting, "no key=value", "a dotted key, =, and a value: world.days=30")
        overrides[key.strip()] = parse_value(value.strip(), key.strip())
    return overrides


def parse_value(text: str, key: str = "value") -> Any:
    """Value of a ``--set key=value``: TOML if it is TOML, else a string.

    Raises
    ------
    LaboratoryError
        If it is TOML that cannot be read.
    """
    from ..scenario.reading.files import NO_TOML, parsed

    table, problem = parsed(f"value = {text}")
    if problem is None and len(table) == 1:
        return table["value"]
    if problem is not None and not problem.found.startswith(NO_TOML):
        found = sentence("{found}: {value}", found=problem.found, value=shown(text))
        raise LaboratoryError("the command line", [Problem(f"--set {key}", found, problem.allowed)])
    return text


def mistake(source: str, key: str, found: str, allowed: str) -> NoReturn:
    """Refuse an option or argument."""
    raise LaboratoryError(source, [Problem(key, found, allowed)])
