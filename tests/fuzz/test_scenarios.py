"""A few files of the fuzzing program, and that it would notice what it looks for."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from simulation.errors import Problem
from simulation.scenario import ScenarioError
from tests.fuzz import scenarios
from tests.fuzz.scenarios import Place, TooLong, fuzz, time_limit, tried

FILES, SEED = 150, 20


def test_whatever_calls_itself_a_scenario_is_read_or_refused_in_words() -> None:
    told: list[str] = []
    assert fuzz(FILES, SEED, told.append) == []
    assert f"{FILES} files" in told[-1] and " 0 faults" in told[-1]


def test_files_are_made_again_from_seed_and_number(tmp_path: Path) -> None:
    place = Place(tmp_path)
    made = [(place.file(number, 1)[0].read_bytes(), place.file(number, 1)[1]) for number in range(40)]
    again = [(place.file(number, 1)[0].read_bytes(), place.file(number, 1)[1]) for number in range(40)]
    assert made == again
    assert len({content for content, _ in made}) > 35, "now and then two changes come to the same"


def test_every_fault_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path)

    def does(what: BaseException) -> str:
        def check(*_: object) -> None:
            raise what

        monkeypatch.setattr(scenarios, "check_scenario", check)
        return tried(place, 0, 1)[2]

    assert "RecursionError" in does(RecursionError("deep"))
    assert "SystemExit" in does(SystemExit(0))
    assert "hidden" in does(_told_with("\x1b"))
    assert "bytes" in does(_told_with("a" * 5000)) and does(_told_with("in words")) == ""
    with pytest.raises(TooLong), time_limit(0.05):
        time.sleep(5)
    (place.folder / "plugins" / "cautious.py.ran").write_text("x", encoding="utf-8")
    assert "cautious.py.ran" in str(place.traces())


def _told_with(text: str) -> ScenarioError:
    class Said(ScenarioError):
        def __str__(self) -> str:
            return text

    return Said("file", [Problem("key", "found", "allowed")])
