"""Ways in which a file on disk can be torn or altered, and what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from simulation.commands.wording import COMMAND_LINE
from simulation.errors import ArchiveError, LaboratoryError
from simulation.storage.checksums import begin_sums, known_sums
from simulation.storage.folders import RUNS


def cut(path: Path) -> None:
    """Half of it was written."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    """Nothing was written, as after a power cut."""
    path.write_bytes(b"")


def garbled(path: Path) -> None:
    """It holds something that is no text."""
    path.write_bytes(bytes(range(256)) * 20)


def another_kind(path: Path) -> None:
    """It is whole, but holds something else."""
    if path.suffix == ".parquet":
        pd.DataFrame({"other": [1]}).to_parquet(path)
    else:
        path.write_text("[1, 2]\n", encoding="utf-8")


def flip(path: Path, bit: int) -> None:
    """One bit of it is another."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << (bit % 8)
    path.write_bytes(content)


def sealed(folder: Path) -> None:
    """Let what was changed on purpose count as written."""
    begin_sums(folder, known_sums(folder))


def without_runs(folder: Path, lost: slice) -> int:
    """Take finished runs out of a sweep's folder; how many that are."""
    file = folder / RUNS
    lines = file.read_bytes().splitlines(keepends=True)
    gone = lines[lost]
    file.write_bytes(b"".join(line for line in lines if line not in gone))
    return len(gone)


TEARS = (cut, emptied, garbled, another_kind)
torn = pytest.mark.parametrize("tear", TEARS, ids=lambda tear: tear.__name__)
"""A test of each way, as `tear`."""


def refused(
    read: Callable[[Path], Any], folder: Path, error: type[LaboratoryError] = ArchiveError, problems: int = 1
) -> str:
    """What `read` says of `folder` on the command line; from Python no option is named."""
    with pytest.raises(error) as caught:
        read(folder)
    assert len(caught.value.problems) == problems
    assert not re.search(r"--\w|run\.py |live-commerce ", str(caught.value)), str(caught.value)
    return caught.value.as_text(COMMAND_LINE)
