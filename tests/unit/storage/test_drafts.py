"""What is half-written never takes the place of what is whole, and never outlives its owner for long."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.archive.archive import new_folder, next_number, runs_in, write_json
from simulation.storage import locks
from simulation.storage.drafts import remove_abandoned, replacing
from simulation.storage.files import write_whole
from simulation.storage.work_folders import held_folder


def names_in(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_folders_written_at_once_are_all_kept_and_none_is_mixed(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target) as first, new_folder(target) as second:
        for new, word in ((first, "first"), (second, "second")):
            (new.draft / word).touch()
    assert names_in(tmp_path) == ["run", "run-2"] and {first.target, second.target} == {
        target,
        tmp_path / "run-2",
    }
    assert names_in(first.target) == ["first"] and names_in(second.target) == ["second"]
    with new_folder(target) as third:
        pass
    assert third.target == tmp_path / "run-3"


def test_a_place_taken_at_the_last_moment_is_left_to_whoever_took_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def taken_first(self: Path, target: Path) -> Path:
        if target.name == "run":
            (target / "theirs").mkdir(parents=True)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", taken_first)
    with new_folder(tmp_path / "run") as new:
        (new.draft / "ours").touch()
    assert names_in(tmp_path / "run") == ["theirs"] and names_in(tmp_path / "run-2") == ["ours"]


def test_nothing_is_left_of_what_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path / "run") as new:
        (new.draft / "table").touch()
        raise ZeroDivisionError
    (tmp_path / "file").write_text("as it was", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "file") as draft:
        draft.write_text("half", encoding="utf-8")
        raise ZeroDivisionError
    assert names_in(tmp_path) == ["file"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "as it was"


def test_a_file_with_the_longest_name_can_be_written(tmp_path: Path) -> None:
    write_whole(tmp_path / ("x" * 255), "whole")
    assert (tmp_path / ("x" * 255)).read_text(encoding="utf-8") == "whole\n"


def test_what_only_looks_like_a_draft_stays(tmp_path: Path) -> None:
    (tmp_path / ".notes.partial").mkdir()
    (tmp_path / ".list.12.partial").write_text("a file", encoding="utf-8")
    (tmp_path / ".x.12-0a1b2c3d.partial").mkdir()
    (tmp_path / ".x.12-0a1b2c3d.partial" / "something").touch()
    before = names_in(tmp_path)
    remove_abandoned(tmp_path)
    assert names_in(tmp_path) == before


def test_a_folder_made_for_nothing_is_removed_again(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), held_folder(tmp_path / "new"):
        raise ZeroDivisionError
    assert not (tmp_path / "new").exists()


def test_where_files_cannot_be_locked_work_goes_on_and_no_draft_is_taken_for_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(file: int) -> None:
        raise locks.CannotTell

    monkeypatch.setattr(locks, "_lock", no_locks)
    with held_folder(tmp_path), new_folder(tmp_path / "run") as new:
        remove_abandoned(tmp_path)
        assert new.draft.is_dir()
    assert "run" in names_in(tmp_path) and not list(tmp_path.glob(".*.partial"))


def test_runs_are_in_the_order_in_which_they_were_started_whatever_the_clock(tmp_path: Path) -> None:
    def store(name: str, **about: object) -> Path:
        folder = tmp_path / "question" / name
        folder.mkdir(parents=True)
        write_json(folder / "manifest.json", about)
        return folder

    old = [
        store("2024-b", started="2024-01-02T00:00:00+00:00"),
        store("2024-a", started="2024-01-03T00:00:00+00:00"),
    ]
    assert next_number(tmp_path) == 1 and runs_in(tmp_path) == old
    new = [
        store("2026", number=1, started="2026-01-01T00:00:00.000000+00:00"),
        store("2025", number=2, started="2025-01-01T00:00:00.000000+00:00"),  # set back
        store("2025-2", number=2, started="2025-01-01T00:00:00.500000+00:00"),
    ]
    assert next_number(tmp_path) == 3 and runs_in(tmp_path) == old + new
    (store("torn", number=9) / "manifest.json").write_text("{", encoding="utf-8")
    assert runs_in(tmp_path)[-1] == new[-1] and next_number(tmp_path) == 3
