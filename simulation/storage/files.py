"""Files of results: written whole or not at all, and refused with a word where they are torn or altered."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.types import is_numeric_dtype
from pydantic import TypeAdapter, ValidationError

from ..errors import ArchiveError, Problem, Remedy, ScenarioError
from ..languages.speaking import sentence
from ..scenario.reading.files import HALVES, NAME_IN_UTF_8, parsed, read_text
from ..scenario.reading.read import stored_table
from ..scenario.scenario import Scenario
from .checksums import check_sum, list_sums
from .drafts import replacing

UNREADABLE = (OSError, ValueError, KeyError, TypeError, NotImplementedError, pa.ArrowException)
"""What the readers of Parquet say of a file that is not Parquet."""
_OPENING = re.compile("^.*Could not open Parquet input source '.*?': ")
NO_JSON = sentence("torn or altered, no JSON")


def write_whole(path: Path, text: str, lasting: bool = True) -> None:
    """Write a text file so that it is there whole or not at all, whenever the process is killed.

    Parameters
    ----------
    path : Path
        The file; if its folder has a list of checksums, it is put there.
    text : str
        Without the end of its last line.
    lasting : bool
        False for what is written anew all the time: the disk is not waited for, nor is it listed.
    """
    with replacing(path, lasting) as draft:
        draft.write_text(text + "\n", encoding="utf-8")
    if lasting:
        list_sums(path.parent, [path.name])


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a Parquet file in the same way, with its `attrs`: which scenario it belongs to."""
    with replacing(path) as draft:
        table.to_parquet(draft, index=False)
    list_sums(path.parent, [path.name])


def read_json(path: Path, shape: Any, remedy: Remedy, checked: bool = True) -> Any:
    """What a JSON file holds, as plain values.

    Parameters
    ----------
    path : Path
        The file.
    shape : type
        What it must hold at least, as pydantic checks it; numbers and texts are not taken for one another.
    remedy : Remedy
        What makes the file again.
    checked : bool
        Whether it must agree with its checksum.

    Raises
    ------
    ArchiveError
        If it cannot be read, is no JSON, holds something else, or has been altered.
    """
    try:
        content = path.read_bytes()
        _checker(shape).validate_json(content, strict=True)
        there = json.loads(content)
        if checked:
            check_sum(path, remedy)
        return there
    except OSError as error:
        found = error.strerror or str(error)
    except ValidationError as error:
        found = _misfit(error)
    except (ValueError, RecursionError) as error:
        found = sentence("{no_json}: {error}", no_json=NO_JSON, error=error)
    raise unusable(path, found, remedy)


def _misfit(error: ValidationError) -> str:
    """What is wrong with a JSON file, the first thing of it."""
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"{NO_JSON}: {first['ctx']['error']}"
    place = ".".join(str(part) for part in first["loc"])
    return sentence(
        "not what such a file holds{place}: {msg}",
        place=sentence(", at {place}", place=place) if place else "",
        msg=first["msg"],
    )


@cache
def _checker(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def read_toml(path: Path, remedy: Remedy) -> tuple[str, dict[str, Any]]:
    """Text and content of a TOML file.

    Raises
    ------
    ArchiveError
        If it cannot be read or is no TOML.
    """
    try:
        text = read_text(path)
        table, problem = parsed(text)
    except ScenarioError as error:
        problem = error.problems[0]
    if problem:
        raise unusable(path, sentence("torn or altered: {found}", found=problem.found), remedy)
    check_sum(path, remedy)
    return text, table


def scenario_in(path: Path, table: dict[str, Any], remedy: Remedy, text: str = "") -> Scenario:
    """The scenario that a file holds, in one table.

    Raises
    ------
    ArchiveError
        If it is no scenario of this version; with the first thing that is wrong.
    """
    try:
        return stored_table(table, str(path), text)
    except ScenarioError as error:
        first = error.problems[0]
        found = sentence(
            "torn or altered, no scenario of this version: {key}: {found}", key=first.key, found=first.found
        )
        raise unusable(path, found, remedy) from None


def read_table(path: Path, needed: Iterable[str], remedy: Remedy) -> pd.DataFrame:
    """What a Parquet file holds.

    Parameters
    ----------
    path : Path
        The file.
    needed : iterable of str
        Columns that it must have.
    remedy : Remedy
        What makes the file again.

    Raises
    ------
    ArchiveError
        If it cannot be read, is torn, or lacks a column.
    """
    with reading(path, remedy):
        table = pd.read_parquet(path)
    _check_columns(path, needed, table, remedy)
    check_sum(path, remedy)
    return table


def read_rows(
    path: Path,
    needed: Iterable[str],
    remedy: Remedy,
    filters: list[tuple[str, str, Any]],
    columns: list[str] | None = None,
) -> pa.Table:
    """Rows of a Parquet file that pass `filters`; row groups without any are not read.

    Parameters
    ----------
    path, needed, remedy
        As for `read_table`.
    filters : list of (str, str, value)
        Column, ``"="`` or ``"in"``, and value.
    columns : list of str, optional
        Those to read; all if not given.
    """
    with reading(path, remedy):
        there = pq.read_schema(path).names
    _check_columns(path, needed, there, remedy)
    with reading(path, remedy):
        return pq.read_table(path, columns=columns, filters=filters)


def _check_columns(path: Path, needed: Iterable[str], there: Iterable[Any], remedy: Remedy) -> None:
    known = set(there)
    if lacking := [name for name in needed if name not in known]:
        raise unusable(path, sentence("no column {lacking}", lacking=", ".join(lacking)), remedy)


def write_csv(path: Path, table: pd.DataFrame, digits: int | None = None) -> None:
    """Write a CSV file in the same way, numbers with `digits` significant digits."""
    form = None if digits is None else f"%.{digits}g"
    write_whole(path, table.to_csv(index=False, float_format=form, lineterminator="\n").rstrip("\n"))


def read_csv(path: Path, needed: Iterable[str], remedy: Remedy, texts: Sequence[str] = ()) -> pd.DataFrame:
    """What a CSV file holds that `write_csv` wrote.

    Parameters
    ----------
    path : Path
        The file.
    needed : iterable of str
        Columns that it must have, with a value in every row.
    remedy : Remedy
        What makes the file again.
    texts : sequence of str
        Columns of text; all others are of numbers.

    Raises
    ------
    ArchiveError
        If it cannot be read, is torn, or lacks a column or value.
    """
    try:
        content = path.read_bytes()
        table = pd.read_csv(io.BytesIO(content), encoding="utf-8", dtype=dict.fromkeys(texts, str))
    except OSError as error:
        raise unusable(path, error.strerror or str(error), remedy) from None
    except ValueError as error:
        raise unusable(
            path, sentence("torn or altered, no CSV: {error}", error=str(error).strip()), remedy
        ) from None
    names = list(needed)
    _check_columns(path, names, table, remedy)
    strange = [name for name in table if name not in texts and not is_numeric_dtype(table[name])]
    if strange:
        raise unusable(
            path, sentence("altered: column {strange} does not hold numbers", strange=strange[0]), remedy
        )
    check_sum(path, remedy)
    holes = table.index[table[names].isna().any(axis=1)]
    if len(holes) or not content.endswith(b"\n"):
        where = sentence("line {holes}", holes=holes[0] + 2) if len(holes) else "its last line"
        raise unusable(path, sentence("torn or altered: {where} is not whole", where=where), remedy)
    return table


@contextmanager
def reading(path: Path, remedy: Remedy) -> Iterator[None]:
    """Refuse the Parquet file at `path` if reading it fails; see `read_table`."""
    try:
        yield
    except UNREADABLE as error:
        system = error.strerror if isinstance(error, OSError) and error.errno else ""
        words = _OPENING.sub("", str(error).partition("\n")[0])
        found = system or sentence("torn or altered, no Parquet: {words}", words=words)
        raise unusable(path, found, remedy) from None


def check_name(folder: Path) -> None:
    """Refuse a folder whose name is no text here: files of results could not be written in it.

    Raises
    ------
    ArchiveError
    """
    if not HALVES.isdisjoint(str(folder.absolute())):
        raise ArchiveError(
            str(folder),
            [
                Problem(
                    "(the folder)",
                    "bytes in its name, or in that of a folder around it, that are not text in this locale",
                    NAME_IN_UTF_8,
                )
            ],
        )


def unusable(path: Path, found: str, remedy: Remedy) -> ArchiveError:
    """What is said of a file that cannot be used."""
    return ArchiveError(
        str(path), [Problem("(the file)", found, "the file as it was written", remedy=remedy)]
    )
