"""From what is written on the command line to a checked scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import LaboratoryError, Problem, shown

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

HEADLINE = "tencent_live_2020"


def read_question(
    name: str,
    settings: list[str] | None = None,
    days: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
) -> Scenario:
    """The scenario called `name` with the command line's changes, checked."""
    from ..claims.reading import read_scenario
    from ..scenario.reading.read import find_scenario

    given = {"world.days": days, "run.replications": replications, "run.seed": seed}
    overrides = parse_overrides(settings) | {
        key: number for key, number in given.items() if number is not None
    }
    return read_scenario(find_scenario(name), overrides)


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
        found = f"{problem.found}: {shown(text)}"
        raise LaboratoryError("the command line", [Problem(f"--set {key}", found, problem.allowed)])
    return text


def mistake(source: str, key: str, found: str, allowed: str) -> NoReturn:
    """Refuse an option or argument."""
    raise LaboratoryError(source, [Problem(key, found, allowed)])
