"""Reading a scenario file: presets, overrides, and errors that help."""

from __future__ import annotations

import copy
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from ...errors import SET, Problem, ScenarioError, nearest
from ...languages.speaking import own_entry, sentence, told
from ...resources import SCENARIOS_FOLDER
from ..checks.between import problems_between
from ..entries import dotted_key
from ..fields import flattened
from ..keys import put, reach
from ..plugins import channels_named_in, plugin_problems
from ..scenario import Scenario
from .expected import declared_at
from .files import absolute, file_fault, plain, read_toml, unusable
from .presets import PRESET, Presets
from .wording import problems_in, with_lines
from .written import Written

SUFFIX = ".toml"
MOST_LEFT_OUT = 50
"""Wrong values without which a scenario is still looked at."""

Source = str | os.PathLike[str] | Mapping[str, Any] | Scenario
"""What a scenario can be read from."""

Check = Callable[[Scenario], Iterable[Problem]]
"""Finds what is wrong with a scenario that is right by itself."""


def scenario_files() -> list[Path]:
    """Scenario files that come with the project."""
    return sorted(SCENARIOS_FOLDER.glob(f"*{SUFFIX}"))


def find_scenario(name: str) -> Path:
    """Path of the scenario called `name`: a file, with or without its suffix, or one of the project's.

    Raises
    ------
    ScenarioError
        If there is none, or if it is not plain which is meant.
    """
    path, beside = Path(name), Path(f"{name}{SUFFIX}")
    shipped = {file.stem: file for file in scenario_files()}
    if not file_fault(path):
        return path
    if name and not file_fault(beside):
        if name in shipped and not beside.samefile(shipped[name]):
            raise ScenarioError(
                name,
                [
                    Problem(
                        "scenario",
                        sentence(
                            "'{beside}' here, and one of that name that comes with the project", beside=beside
                        ),
                        sentence("'./{beside}' or '{shipped}'", beside=beside, shipped=shipped[name]),
                    )
                ],
            )
        return beside
    if name in shipped:
        return shipped[name]
    fault = file_fault(path)
    found = (
        sentence("no file '{name}'{near}", name=name, near=nearest(name, [*shipped, *_scenarios_near(path)]))
        if (fault == "no such file")
        else sentence("'{name}': {fault}", name=name, fault=fault)
    )
    raise ScenarioError(
        name or "scenario",
        [
            Problem(
                "scenario",
                found,
                sentence(
                    "a path to a {suffix} file, or one of {shipped}",
                    suffix=SUFFIX,
                    shipped=", ".join(shipped),
                ),
            )
        ],
    )


def _scenarios_near(path: Path) -> list[str]:
    """Files that may be meant by `path`."""
    try:
        return sorted(str(file) for file in path.parent.glob(f"*{SUFFIX}"))
    except (OSError, ValueError):
        return []


def summary(path: Path) -> str:
    """What a scenario file asks, or why that cannot be told."""
    try:
        table = read_toml(path)[1]
    except ScenarioError as error:
        return f"({told(error.problems[0].found)})"
    return own_entry({"question": table.get("title") or ""} | table, "question")


def read_checked(source: Source, overrides: Mapping[str, Any] | None, checks: Iterable[Check]) -> Scenario:
    """Read, complete and check a scenario, its claims and whatever else is left to `checks`.

    For `simulation.claims.reading.read_scenario`, which knows what claims can speak of.

    Parameters
    ----------
    source, overrides
        As for `read_scenario`.
    checks : iterable of callable
        What is to be checked beyond tables and plugins, in the same go.

    Raises
    ------
    ScenarioError
        With all problems found, if anything is wrong.
    TypeError
        If `source` is nothing of which a scenario can be read.
    """
    name, text, table, folder = _given(source)
    presets = Presets(folder / "platforms")
    faults = presets.write_out(table)
    _flatten(table)
    _place_files(table, folder)
    problems = [
        problem
        for key, value in (overrides or {}).items()
        for problem in _override(table, presets, key, plain(value))
    ]
    if overrides:
        faults = presets.write_out(table)
        _place_files(table, Path.cwd(), folder)
    written = Written(name, text, tuple(overrides or ()), presets.origins)
    problems += [Problem(dotted_key(location, table), found, allowed) for location, found, allowed in faults]
    if problems:
        raise ScenarioError(name, with_lines(written, problems, table))
    _refuse_unusable(table, written)  # paths have become absolute, and folders may be no text
    return _checked(table, written, [_plugin_problems, *checks])


def _given(source: Source) -> tuple[str, str, dict[str, Any], Path]:
    """How a scenario is called in messages, its text and tables, and the folder from which it sees files."""
    if isinstance(source, str | os.PathLike):
        path = find_scenario(source) if isinstance(source, str) else Path(source)
        return str(path), *read_toml(path), Path(absolute(Path(), str(path))).parent
    table = plain(source)
    if not isinstance(table, dict):
        raise TypeError(
            "a scenario is read from a path, from the name of one that comes with the project, "
            f"or from nested tables; not from a {type(source).__name__}"
        )
    name = table.get("name")
    name = name if isinstance(name, str) and name else "(the scenario)"
    _refuse_unusable(table, Written(name))
    return name, "", table, Path.cwd()


def checked_table(table: dict[str, Any], source: str, text: str, checks: Iterable[Check]) -> Scenario:
    """Check a scenario given as nested tables; see `read_checked`."""
    _refuse_unusable(table, Written(source, text))
    return _checked(table, Written(source, text), [_plugin_problems, *checks])


def _plugin_problems(scenario: Scenario) -> Iterable[Problem]:
    return plugin_problems(scenario.plugins)


def _refuse_unusable(table: dict[str, Any], written: Written) -> None:
    """Raise `ScenarioError` if there are values in `table` that no scenario can hold."""
    if faults := unusable(table):
        problems = [Problem(dotted_key(location, table), *fault) for location, fault in faults]
        raise ScenarioError(written.source, with_lines(written, problems, table))


def stored_table(table: dict[str, Any], source: str, text: str = "") -> Scenario:
    """A scenario that was checked when it was stored: what it names outside need not be there."""
    return _checked(table, Written(source, text), [])


def changed_scenario(scenario: Scenario, changes: Mapping[str, Any], source: str = "sweep") -> Scenario:
    """The scenario with dotted keys set to other values, checked as a whole; see `read_checked`.

    Raises
    ------
    ScenarioError
        If a key or value is not allowed.
    """
    table = scenario.model_dump(mode="json", exclude_none=True)
    problems = [problem for key, value in changes.items() if (problem := put(table, key, value))]
    if any(isinstance(arm.get("platform"), str) for arm in table["arms"]):
        problems += [
            Problem(dotted_key(location, table), found, allowed)
            for location, found, allowed in Presets().write_out(table)
        ]
    if problems:
        raise ScenarioError(source, problems)
    return _checked(table, Written(source), [])


def as_checked(scenario: Scenario) -> Scenario:
    """The scenario itself, if it is as it was when it was checked; else checked again.

    One may be made of classes instead of read, copied with other values (`model_copy`), or have lists and
    tables that were written to.

    Raises
    ------
    ScenarioError
        If something is wrong with it now.
    """
    if scenario._checked == contents(scenario):
        return scenario
    checked = read_checked(scenario, None, [])
    checked._written = scenario._written
    return checked


def contents(scenario: Scenario) -> bytes:
    """A hash of all that a scenario says."""
    return hashlib.blake2b(scenario.model_dump_json(warnings=False).encode(), digest_size=16).digest()


def refusal(scenario: Scenario, problems: list[Problem]) -> ScenarioError:
    """The error for problems of a scenario that has been read, with the lines on which they stand."""
    written = scenario._written or Written(scenario.name)
    table = scenario.model_dump(mode="json", exclude_none=True)
    return ScenarioError(written.source, with_lines(written, problems, table))


def resolved_toml(scenario: Scenario) -> str:
    """The scenario with every default and preset written out, as TOML."""
    return tomlkit.dumps(scenario.model_dump(mode="json", exclude_none=True))


def value_at(scenario: Scenario, key: str) -> Any:
    """What the scenario has at a dotted key; None if nothing."""
    return value_in(scenario.model_dump(mode="json", exclude_none=True), key)


def value_in(table: dict[str, Any], key: str) -> Any:
    """As `value_at`, of a scenario given as nested tables."""
    reached = reach(table, key)
    return None if reached.rest else reached.at


def _checked(table: dict[str, Any], written: Written, checks: Iterable[Check]) -> Scenario:
    """The scenario in `table`, if neither models nor `checks` find anything wrong with it."""
    problems: list[Problem] = []
    scenario: Scenario | None
    try:
        scenario = _validated(table)
    except ValidationError as error:
        problems = list(problems_in(error, table))
        scenario, checks = _as_far_as_right(table, error), list(checks)
        if scenario is not None and checks:
            problems += problems_between(scenario)
    if scenario is not None:
        problems += [problem for check in checks for problem in check(scenario)]
    if problems or scenario is None:
        raise ScenarioError(written.source, with_lines(written, problems, table))
    scenario._written, scenario._checked = written, contents(scenario)
    return scenario


def _validated(table: dict[str, Any], together: bool = True) -> Scenario:
    context = channels_named_in(table) | {"together": together}
    return Scenario.model_validate(table, context=context)


def _as_far_as_right(table: dict[str, Any], error: ValidationError) -> Scenario | None:
    """The scenario without what is wrong with single values, to see what else is wrong.

    None if it takes more than to leave values out, or if sections do not fit together: then what
    else were found might come of that.
    """
    right = copy.deepcopy(table)
    for entry in error.errors(include_url=False)[:MOST_LEFT_OUT]:
        place = declared_at(entry["loc"])
        location = entry["loc"][: place.depth] if place else entry["loc"]
        if location and not _left_out(right, location):
            return None
    try:
        return _validated(right, together=False)
    except ValidationError:
        return None


def _left_out(table: Any, location: tuple[Any, ...]) -> bool:
    """Whether what stands at `location` could be taken out of `table`."""
    *holder, last = location
    at = table
    for part in holder:
        if not isinstance(at, dict | list) or (isinstance(at, dict) and part not in at):
            return False
        at = at[part]
    if isinstance(at, dict) and last in at:
        del at[last]
        return True
    return False


def _override(table: dict[str, Any], presets: Presets, key: str, value: Any) -> Iterable[Problem]:
    """Set `key`; platforms may be set by the name of a preset, as in the file."""
    if faults := unusable(value):
        yield Problem(f"{SET}{key}", *faults[0][1])
        return
    platform, _, last = key.rpartition(".")
    location = reach(table, platform).location
    if last == PRESET and location in presets.origins:
        presets.choose(table, location, value)
    elif problem := put(table, key, copy.deepcopy(value)):
        yield replace(problem, key=f"{SET}{problem.key}")
    presets.write_out(table)


def _flatten(table: dict[str, Any]) -> None:
    """Give keys with dots one form, so that what is set beside the file meets what the file says."""
    arms, sweep = table.get("arms"), table.get("sweep")
    rows = sweep.get("rows") if isinstance(sweep, dict) else None
    holders: list[tuple[Any, str | int]] = []
    for arm in arms if isinstance(arms, list) else ():
        holders += [(arm, "changes")] if isinstance(arm, dict) and "changes" in arm else []
    holders += [(rows, number) for number in range(len(rows))] if isinstance(rows, list) else []
    for holder, key in holders:
        with suppress(ValueError):  # told by the check of the whole
            holder[key] = flattened(holder[key])


def _place_files(table: dict[str, Any], *folders: Path) -> None:
    """Make paths of further files absolute, as seen from the first of `folders` that holds them."""
    plugins = table.get("plugins")
    places: list[tuple[Any, str]] = [(table.get("sweep"), "csv"), (table.get("calibration"), "facts")]
    for files in plugins.values() if isinstance(plugins, dict) else ():
        places += [(files, name) for name in files] if isinstance(files, dict) else []
    for holder, key in places:
        name = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(name, str) and name:
            paths = [absolute(folder, name) for folder in folders]
            holder[key] = next((path for path in paths if not file_fault(path)), paths[0])


def default_at(key: str) -> Any:
    """The default of a section's key, such as ``purchase.cycle``."""
    section, _, field = key.partition(".")
    return getattr(Scenario.model_fields[section].get_default(call_default_factory=True), field)
