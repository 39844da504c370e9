"""Processes that begin together where nothing is compiled begin with different rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.behaviour.responding import respond
from simulation.state.compilation.kept import first_to
from simulation.warm_up import compiling
from tests.support.worlds import finished, platform, scenario


def test_only_the_first_is_first_until_it_is_done(tmp_path: Path) -> None:
    path = tmp_path / "turn.lock"
    with first_to(path) as first, first_to(path) as second:
        assert first and not second
    with first_to(path) as again:
        assert again


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """Models made to compile something, where nothing is kept."""
    made: list[object] = []
    make = compiling.LiveCommerceModel

    def remembered(*about: object) -> object:
        made.append(make(*about))
        return made[-1]

    monkeypatch.setattr(compiling, "LiveCommerceModel", remembered)
    monkeypatch.setattr(compiling, "CACHE_FOLDER", tmp_path)
    monkeypatch.setattr(compiling, "is_kept", lambda function: False)
    return made


def test_whoever_comes_first_begins_in_the_middle_of_the_day_and_others_at_its_beginning(
    begun: list[object], tmp_path: Path
) -> None:
    with first_to(tmp_path / compiling.LOCK):
        compiling.compile_the_longest_first.__wrapped__()
    assert not begun
    compiling.compile_the_longest_first.__wrapped__()
    assert len(begun) == 1


def test_where_it_is_kept_nobody_compiles(
    begun: list[object], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(compiling, "is_kept", lambda function: True)
    compiling.compile_the_longest_first.__wrapped__()
    assert not begun


def test_worlds_find_what_was_compiled_for_nobody(begun: list[object]) -> None:
    """Were its types others than a world's, there would be code for both."""
    compiling.compile_the_longest_first.__wrapped__()
    assert len(begun) == 1
    finished(scenario({"groups": platform({"push": 0.5, "share": 0.5})}, viewers=20, shops=2, days=2))
    finished(scenario({"feed": platform({"recommend": 1.0})}, viewers=20, shops=2, days=2))
    assert len(respond.signatures) == 1
