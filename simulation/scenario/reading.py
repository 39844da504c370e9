"""Reading a scenario file: presets, overrides, and errors that help."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import tomlkit
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ..paths import PLATFORMS_FOLDER, SCENARIOS_FOLDER
from .plugins import channels_named_in
from .problems import Problem, ScenarioError, nearest
from .scenario import Scenario

UNBOUNDED = ("-inf", "inf")


def scenario_files() -> list[Path]:
    """Scenario files that come with the project."""
    return sorted(SCENARIOS_FOLDER.glob("*.toml"))


def platform_files() -> list[Path]:
    """Platform presets that come with the project."""
    return sorted(PLATFORMS_FOLDER.glob("*.toml"))


def find_scenario(name: str) -> Path:
    """Path of the scenario called `name`: a file, or one of the project's by name.

    Raises
    ------
    ScenarioError
        If there is none.
    """
    path = Path(name)
    if path.is_file():
        return path
    shipped = {file.stem: file for file in scenario_files()}
    if name in shipped:
        return shipped[name]
    raise ScenarioError(
        name,
        [Problem("scenario", f"no file '{name}'{nearest(name, shipped)}",
                 f"a path to a .toml file, or one of {', '.join(shipped)}")],
    )


def read_scenario(
    path: Path, overrides: Mapping[str, Any] | None = None
) -> Scenario:
    """Read, complete and check a scenario.

    Parameters
    ----------
    path : Path
        A TOML file.
    overrides : mapping of str to Any, optional
        Dotted keys and their values, checked like the file; list entries with a name or id
        are reached by it (``arms.tencent_live.platform.pool``).

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With all problems found, if anything is wrong.
    """
    text, table = _read_toml(path)
    _place_plugins(table, path.resolve().parent)
    problems = _insert_presets(table, [path.resolve().parent / "platforms", PLATFORMS_FOLDER])
    if not problems:
        problems = [p for key, value in (overrides or {}).items() for p in _override(table, key, value)]
    if problems:
        raise ScenarioError(str(path), problems)
    return check_table(table, str(path), text, overridden=tuple(overrides or ()))


def check_table(
    table: dict[str, Any], source: str, text: str = "", overridden: Iterable[str] = ()
) -> Scenario:
    """Check a scenario given as nested tables; see `read_scenario`."""
    try:
        return Scenario.model_validate(table, context=channels_named_in(table))
    except ValidationError as error:
        problems = [_problem(entry, text, table, tuple(overridden)) for entry in error.errors()]
        raise ScenarioError(source, _without_echoes(problems)) from None


def changed_scenario(scenario: Scenario, changes: Mapping[str, Any], source: str = "sweep") -> Scenario:
    """The scenario with dotted keys set to other values, checked as a whole; see `read_scenario`.

    Raises
    ------
    ScenarioError
        If a key or value is not allowed.
    """
    table = scenario.model_dump(mode="json", exclude_none=True)
    problems = [problem for key, value in changes.items() for problem in _override(table, key, value)]
    if problems:
        raise ScenarioError(source, problems)
    return check_table(table, source, overridden=tuple(changes))


def resolved_toml(scenario: Scenario) -> str:
    """The scenario with every default and preset written out, as TOML."""
    return tomlkit.dumps(scenario.model_dump(mode="json", exclude_none=True))


def parse_value(text: str) -> Any:
    """Value of a ``--set key=value``: TOML if it is TOML, else a string."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        line = int(match.group(1)) if match else None
        problem = Problem("(the file)", f"no valid TOML: {error}", "TOML, see scenarios/*.toml", line)
    except UnicodeDecodeError:
        problem = Problem("(the file)", "bytes that are no UTF-8 text", "a UTF-8 text file")
    except OSError as error:
        problem = Problem("(the file)", error.strerror or str(error), "a readable file")
    raise ScenarioError(str(path), [problem])


def _insert_presets(table: dict[str, Any], folders: list[Path]) -> list[Problem]:
    """Replace each platform given by name with its preset file's content.

    A platform may be a name, a table with a `preset` and what is changed in it, or written out.
    """
    files = {file.stem: file for folder in reversed(folders) for file in sorted(folder.glob("*.toml"))}
    problems: list[Problem] = []
    arms = table.get("arms", [])
    for index, arm in enumerate(arms if isinstance(arms, list) else []):
        if not isinstance(arm, dict):
            continue
        key = f"arms.{arm.get('name', index)}"
        if "platform" in arm:
            arm["platform"] = _preset(arm["platform"], files, f"{key}.platform", problems)
        if isinstance(arm.get("platforms"), list):
            arm["platforms"] = [
                _preset(entry, files, f"{key}.platforms", problems) for entry in arm["platforms"]
            ]
    return problems


def _preset(entry: Any, files: dict[str, Path], key: str, problems: list[Problem]) -> Any:
    """The platform that `entry` speaks of, written out; adds to `problems` if there is none."""
    changes = dict(entry) if isinstance(entry, dict) else {}
    name = changes.pop("preset", None) if changes else entry
    if not isinstance(name, str):
        return entry
    if name not in files:
        allowed = f"one of {', '.join(sorted(files))}, or a table"
        problems.append(Problem(key, f"'{name}'{nearest(name, files)}", allowed))
        return entry
    return _merged(_read_toml(files[name])[1], changes)


def _merged(table: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`table` with `changes` on top, section by section; a mix of channels is replaced as a whole."""
    merged = dict(table)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict) and key != "channels"
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _place_plugins(table: dict[str, Any], folder: Path) -> None:
    """Make paths of further files absolute: they are written as seen from the scenario file."""
    plugins = table.get("plugins")
    for section, key in (("sweep", "csv"), ("calibration", "facts")):
        named = table.get(section)
        if isinstance(named, dict) and isinstance(named.get(key), str) and named[key]:
            named[key] = str((folder / named[key]).resolve())
    for files in plugins.values() if isinstance(plugins, dict) else ():
        if isinstance(files, dict):
            files.update({name: str((folder / path).resolve()) for name, path in files.items()
                          if isinstance(path, str)})


def value_at(scenario: Scenario, key: str) -> Any:
    """What the scenario has at a dotted key, list entries being reached by name; None if nothing."""
    at: Any = scenario.model_dump(mode="json", exclude_none=True)
    for part in key.split("."):
        if isinstance(at, list):
            at = {_name_of(entry): entry for entry in at}
        at = at.get(part) if isinstance(at, dict) else None
    return at


def _override(table: dict[str, Any], key: str, value: Any) -> list[Problem]:
    """Set dotted `key` in `table`; unknown keys are left to the check of the whole."""
    *path, last = key.split(".")
    at: Any = table
    for part in path:
        if isinstance(at, list):
            named = {_name_of(entry): entry for entry in at}
            if part not in named:
                return [Problem(f"--set {key}", f"'{part}'{nearest(part, named)}",
                                f"one of {', '.join(sorted(named))}")]
            at = named[part]
        else:
            at = at.setdefault(part, {})
        if not isinstance(at, dict | list):
            return [Problem(f"--set {key}", f"'{part}' is a value, not a table", "a key of a table")]
    if isinstance(at, list):
        return [Problem(f"--set {key}", f"'{last}' names a whole entry", "a key inside the entry")]
    at[last] = value
    return []


def _name_of(entry: Any) -> str:
    return str(entry.get("name", entry.get("id", ""))) if isinstance(entry, dict) else ""


def _problem(
    entry: Any, text: str, table: dict[str, Any], overridden: tuple[str, ...]
) -> Problem:
    """Turn one pydantic error into words for the user."""
    location = tuple(part for part in entry["loc"])
    key = ".".join(_readable_path(location, table)) or "(the scenario)"
    kind, context = entry["type"], entry.get("ctx", {})
    value = entry.get("input")
    found = f"{value!r}" if not isinstance(value, dict | list | BaseModel) else f"a {_kind_of(value)}"
    if kind == "extra_forbidden":
        valid = _valid_names(location[:-1])
        found = f"unknown key '{location[-1]}'{nearest(str(location[-1]), valid)}"
        allowed = f"one of {', '.join(valid)}"
    elif kind == "missing":
        found, allowed = "nothing", f"this key is needed: {_describe(location)}"
    elif kind == "value_error":
        found, _, allowed = str(context["error"]).partition("; ")
        allowed = allowed or _describe(location)
    else:
        allowed = _describe(location) or entry["msg"]
    shown = f"--set {key}" if key in overridden else key
    line = None if key in overridden else _line_of(location, text)
    return Problem(shown, found, allowed, line)


def _kind_of(value: Any) -> str:
    return "list" if isinstance(value, list) else "table"


def _readable_path(location: tuple[Any, ...], table: dict[str, Any]) -> list[str]:
    """Location with list positions replaced by the names of the entries."""
    parts: list[str] = []
    at: Any = table
    for part in location:
        try:
            at = at[part]
        except (KeyError, IndexError, TypeError):
            at = None
        parts.append((_name_of(at) or str(part)) if isinstance(part, int) else str(part))
    return parts


def _field_at(location: tuple[Any, ...]) -> tuple[Any, Any]:
    """Field and annotation at `location` in the scenario's models."""
    model: Any = Scenario
    field = None
    for part in location:
        if isinstance(part, int):
            continue
        fields = getattr(model, "model_fields", {})
        if part not in fields:
            return None, None
        field = fields[part]
        model = field.annotation
        arguments = [a for a in getattr(model, "__args__", ()) if isinstance(a, type)]
        if not hasattr(model, "model_fields") and arguments:
            model = arguments[0]
    return field, model


def _valid_names(location: tuple[Any, ...]) -> list[str]:
    model = _field_at(location)[1] if location else Scenario
    return list(getattr(model, "model_fields", {}))


def _describe(location: tuple[Any, ...]) -> str:
    """Range, type, unit and meaning of the parameter at `location`."""
    field, model = _field_at(location)
    if field is None:
        return ""
    if get_origin(field.annotation) is Literal:
        return f"one of {', '.join(get_args(field.annotation))}. {field.description or ''}".strip()
    words = {float: "a number", int: "a whole number", bool: "true or false", str: "text"}
    kind = words.get(model, "a list" if str(field.annotation).startswith("list") else "a table")
    low, high = bounds_of(field)
    if (low, high) != UNBOUNDED:
        kind += f" from {low} to {high}"
    if any(getattr(limit, "pattern", None) for limit in field.metadata):
        kind += " of small letters, digits and _, starting with a letter"
    unit = (field.json_schema_extra or {}).get("unit", "1")
    kind += f" ({unit})" if unit != "1" else ""
    return f"{kind}. {field.description or ''}".strip()


def bounds_of(field: FieldInfo) -> tuple[str, str]:
    """Smallest and largest value that `field` allows, as people write numbers."""
    limits = {name: getattr(limit, name) for limit in field.metadata for name in ("ge", "le")
              if hasattr(limit, name)}
    low, high = (
        f"{limits[name]:,.10g}" if name in limits else unbounded
        for name, unbounded in zip(("ge", "le"), UNBOUNDED, strict=True)
    )
    return low, high


def _line_of(location: tuple[Any, ...], text: str) -> int | None:
    """Line on which the last key of `location` stands, if it stands on one line only."""
    names = [str(part) for part in location if not isinstance(part, int)]
    if not names:
        return None
    pattern = re.compile(rf"^\s*(\[*\s*([\w-]+\s*\.\s*)*)?{re.escape(names[-1])}\s*(=|\])")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)]
    return lines[0] if len(lines) == 1 else None


def _without_echoes(problems: list[Problem]) -> list[Problem]:
    """Each key path once."""
    seen: dict[tuple[str, str], Problem] = {}
    for problem in problems:
        seen.setdefault((problem.key, problem.found), problem)
    return list(seen.values())
