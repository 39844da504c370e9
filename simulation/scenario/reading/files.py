"""Files that a user names: read whole and as text, or refused with a word on what they are."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from ...errors import Problem, ScenarioError, shown
from ...languages.speaking import sentence
from ..entries import dotted_key
from .lines import Location, line_number

MOST_BYTES = 2_000_000
"""Longest text that is read: many times the longest of ours, and read in seconds whatever is in it."""
DEEPEST = 12
"""Most tables and lists within each other; scenarios need six."""
_ENDLESS_KEY = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){60}")
"""Such a key takes parsers the square of its length; it is looked for before they see it."""
LARGEST_WHOLE = 2**63 - 1
"""Whole numbers of TOML have 64 bits."""
BOM, UTF_16 = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
WHOLE_FILE = "(the file)"
NO_TOML = sentence("no valid TOML")
HALVES = {chr(code) for code in range(0xD800, 0xE000)}
"""What Python makes of bytes of a name that are no text in the present locale."""
NAME_IN_UTF_8 = "a name in UTF-8, with PYTHONUTF8=1 where the locale uses another encoding"
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that steer terminals or turn the writing round, which nobody means to write."""


def file_fault(path: Path | str) -> str:
    """Why there is no regular file at `path`; empty if there is one.

    Devices and pipes are never opened, since reading them might not end.
    """
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  any text may be meant for a path, whatever is in it
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return error.strerror or str(error)
    except ValueError:
        return "not a file name: it has a character that file names cannot have"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "" if stat.S_ISREG(mode) else "a pipe or device, not a regular file"


def absolute(folder: Path, name: str) -> str:
    """Absolute path of `name` as seen from `folder`; does not fail where links go in circles."""
    return os.path.realpath(folder / name)


def read_bytes(path: Path, key: str = WHOLE_FILE, source: str = "") -> bytes:
    """What a file holds.

    Parameters
    ----------
    path : Path
        The file.
    key, source : str
        Where the file is named, for messages; the file itself if not given.

    Raises
    ------
    ScenarioError
        If it is no file, cannot be read or is far too long.
    """
    fault, content = file_fault(path), b""
    if not fault:
        try:
            with path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except OSError as error:
            fault = error.strerror or str(error)
    if len(content) > MOST_BYTES:
        fault = sentence(
            "more than {most_bytes:.0f} MB (points of a sweep can stand in a CSV file)",
            most_bytes=MOST_BYTES / 1e6,
        )
    if fault:
        found = sentence("'{path}': {fault}", path=path, fault=fault) if source else fault
        raise ScenarioError(source or str(path), [Problem(key, found, "a readable file")])
    return content


def read_text(path: Path, key: str = WHOLE_FILE, source: str = "") -> str:
    """Text of a UTF-8 file, with or without a byte-order mark; see `read_bytes`."""
    content = read_bytes(path, key, source)
    line = None
    try:
        return content.removeprefix(BOM).decode()
    except UnicodeDecodeError as error:
        if content.startswith(UTF_16):
            found = "UTF-16 text"
        else:
            line = error.object.count(b"\n", 0, error.start) + 1
            found = sentence("a byte that is not UTF-8 ({object:#04x})", object=error.object[error.start])
    raise ScenarioError(
        source or str(path),
        [
            Problem(
                key,
                found,
                "a UTF-8 text file: save it again with this encoding",
                line,
                str(path) if source else "",
            )
        ],
    )


def read_toml(path: Path, key: str = WHOLE_FILE, source: str = "") -> tuple[str, dict[str, Any]]:
    """Text and content of a TOML file; see `read_bytes`.

    Raises
    ------
    ScenarioError
        Also if it is no TOML, or holds what no scenario can hold; see `unusable`.
    """
    text = read_text(path, key, source)
    table, problem = parsed(text)
    if problem is None:
        faults = [(location, *fault) for location, fault in unusable(table)]
        if not faults:
            return text, table
        problems = [
            Problem(dotted_key(location, table), found, allowed, line_number(location, text))
            for location, found, allowed in faults
        ]
        raise ScenarioError(str(path), problems)
    raise ScenarioError(str(path), [problem])


def parsed(text: str) -> tuple[dict[str, Any], Problem | None]:
    """Content of TOML, or what is wrong with it."""
    allowed, line = "TOML, see scenarios/*.toml", None
    if endless := _ENDLESS_KEY.search(text):
        return {}, Problem(
            WHOLE_FILE,
            "a key with far too many parts",
            sentence("at most {deepest} levels", deepest=DEEPEST),
            text.count("\n", 0, endless.start()) + 1,
        )
    try:
        return tomllib.loads(text), None
    except tomllib.TOMLDecodeError as error:
        found = sentence("{no_toml}: {error}", no_toml=NO_TOML, error=error)
        if match := re.search(r"line (\d+)", str(error)):
            line = int(match.group(1))
    except RecursionError:
        found, allowed = (
            "tables or lists nested too deeply",
            sentence("at most {deepest} levels", deepest=DEEPEST),
        )
    except ValueError:  # Python refuses to read thousands of digits
        found, allowed = "a number of thousands of digits", "whole numbers of at most 64 bits"
        if long := re.search(r"[0-9_]{4000}", text):
            line = text.count("\n", 0, long.start()) + 1
    return {}, Problem(WHOLE_FILE, found, allowed, line)


def plain(value: Any, depth: int = 0) -> Any:
    """Nested tables from Python as a file would hold them, so that the same checks fit; a copy.

    Sections, numbers of NumPy, tuples and paths become tables, numbers, lists and text; what no file can
    hold stays as it is, for the checks to find.
    """
    if depth > DEEPEST + 1:  # `unusable` tells of it
        return value
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_none=True)
    if isinstance(value, Mapping):
        return {key: plain(entry, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry, depth + 1) for entry in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def unusable(value: Any) -> list[tuple[Location, tuple[str, str]]]:
    """Values within `value` that no scenario can hold, with what was found and what is allowed.

    These are numbers that are none or have more than 64 bits, characters that do not show, and
    tables deeper than `DEEPEST`. What is deeper still is not looked at.
    """
    faults: list[tuple[Location, tuple[str, str]]] = []
    stack: list[tuple[Location, Any]] = [((), value)]
    while stack:
        location, at = stack.pop()
        if isinstance(at, dict | list):
            if len(location) > DEEPEST:
                faults.append(
                    (location[:DEEPEST], ("a table or list nested too deeply", f"at most {DEEPEST} levels"))
                )
                continue
            entries = at.items() if isinstance(at, dict) else enumerate(at)
            stack += [((*location, key), entry) for key, entry in entries]
            if isinstance(at, dict):
                faults += [((*location, key), fault) for key in at if (fault := _fault(key))]
        elif fault := _fault(at):
            faults.append((location, fault))
    return faults[::-1]


def _fault(value: Any) -> tuple[str, str] | None:
    if isinstance(value, str):
        if match := _UNSEEN.search(value):
            if match.group() in HALVES:
                return sentence(
                    "bytes that are not text in this locale in {value}", value=shown(value)
                ), NAME_IN_UTF_8
            return sentence(
                "the character U+{ord:04X} in {value}", ord=ord(match.group()), value=shown(value)
            ), "text without it"
    elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        return shown(value), "a whole number of at most 64 bits"
    elif isinstance(value, float) and value - value != 0:
        return shown(value), "a finite number"
    return None
