"""What is left behind is what was begun and never ended; nothing of it stays but what others hold."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from simulation.storage.heir import left_behind, remove_all
from simulation.storage.locks import locked


class InPieces(io.BytesIO):
    """What comes through a pipe, three bytes at a time."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(3)


@pytest.mark.parametrize("pipe", [io.BytesIO, InPieces])
def test_what_was_begun_and_not_ended_is_left_behind_the_last_first(pipe: type[io.BytesIO]) -> None:
    told = b"+/a/first\0+/a/\xe7\xac\xac\xff\0-/a/first\0+/a/third\n\0-/never\0+/half"
    assert left_behind(pipe(told)) == [Path("/a/third\n"), Path(os.fsdecode(b"/a/\xe7\xac\xac\xff"))]


def test_files_and_folders_are_removed_and_what_others_hold_is_not(tmp_path: Path) -> None:
    (tmp_path / "folder" / "within").mkdir(parents=True)
    (tmp_path / "folder" / "within" / "file").touch()
    (tmp_path / "file").touch()
    names = ("folder", "file", "held", "never_there")
    with locked(tmp_path / "held"):
        remove_all([tmp_path / name for name in names], patience=0.0)
    assert [entry.name for entry in tmp_path.iterdir()] == ["held"]
