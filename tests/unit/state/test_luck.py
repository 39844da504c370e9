"""Luck: the published generator, numbers without structure, decisions that do not share numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

from simulation.resources import PACKAGE_FOLDER
from simulation.scenario import Scenario
from simulation.state.luck import (
    Draw,
    decision,
    four_uniforms,
    philox,
    replicate_key,
    roll,
    short_unit,
    uniform,
    uniform_array,
    unit,
)
from simulation.world.cast import cast, friends
from simulation.world.cast import merchants as roster
from simulation.world.cast import viewers as people

ONES = 0xFFFFFFFF
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
"""Counter, key and output of philox4x32 with 10 rounds, from Random123's kat_vectors."""

KEY = np.uint64(20200720)
PINNED_DECISION, PINNED_KEY = 3842489009, 12264550866982449992
LITERAL = re.compile(r'decision\(\s*"([^"]+)"')


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_philox_gives_the_published_words(
    counter: tuple[int, ...], key: tuple[int, int], expected: tuple[int, ...]
) -> None:
    whole_key = np.uint64(key[0] | key[1] << 32)
    assert tuple(philox(whole_key, *(np.uint64(word) for word in counter))) == expected


def test_counter_words_are_who_whom_day_and_decision() -> None:
    words = philox(KEY, np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4))
    expected = tuple((word + 0.5) / 2.0**32 for word in words)
    assert tuple(four_uniforms(KEY, np.uint64(4), 3, 1, 2)) == expected
    assert uniform(KEY, np.uint64(4), 3, 1, 2) == expected[0]


def test_rolled_words_are_those_of_single_calls() -> None:
    who, whom = np.array([0, 7, ONES, 12], np.uint32), np.array([3, 0, 5, 99_999], np.int32)
    words = np.zeros((4, len(who)), np.uint32)
    for row in range(len(who)):
        roll(words, row, Draw(KEY, decision("rolled"), 11), who[row], whom[row])
        single = four_uniforms(KEY, decision("rolled"), 11, who[row], whom[row])
        assert tuple(unit(word) for word in words[:, row]) == single
        assert short_unit(words[1, row]) == np.float32(single[1])


def test_uniforms_lie_strictly_inside_the_unit_interval() -> None:
    smallest, largest = 0.5 * 2.0**-32, (ONES + 0.5) * 2.0**-32
    assert 0.0 < smallest < largest < 1.0
    numbers = uniform_array(KEY, decision("x"), 0, 200_000, 0)
    assert numbers.min() >= smallest and numbers.max() <= largest


def streams() -> dict[str, np.ndarray]:
    """Numbers along each word of the counter, and from neighbouring keys."""
    what, many = decision("test"), 40_000
    return {
        "who": uniform_array(KEY, what, 5, many, 9),
        "whom": np.array([uniform(KEY, what, 5, 9, whom) for whom in range(many)]),
        "day": np.array([uniform(KEY, what, day, 5, 9) for day in range(many)]),
        "key": np.array([uniform(np.uint64(key), what, 5, 9, 1) for key in range(many)]),
        "decision": np.array([uniform(KEY, np.uint64(name), 5, 9, 1) for name in range(many)]),
    }


@pytest.fixture(scope="module")
def all_streams() -> dict[str, np.ndarray]:
    return streams()


@pytest.mark.parametrize("word", ["who", "whom", "day", "key", "decision"])
def test_numbers_are_uniform_and_independent_along_every_counter(
    word: str, all_streams: dict[str, np.ndarray]
) -> None:
    numbers = all_streams[word]
    counts = np.bincount((numbers * 100).astype(int), minlength=100)
    assert stats.chisquare(counts).pvalue > 1e-3
    cells = (numbers[:-1] * 10).astype(int) * 10 + (numbers[1:] * 10).astype(int)
    pairs = np.bincount(cells[::2], minlength=100)
    assert stats.chisquare(pairs).pvalue > 1e-3
    assert abs(np.corrcoef(numbers[:-1], numbers[1:])[0, 1]) < 4 / np.sqrt(len(numbers))


def test_the_four_lanes_are_independent() -> None:
    lanes = np.array([four_uniforms(KEY, decision("lanes"), 0, who, 0) for who in range(20_000)]).T
    off_diagonal = np.corrcoef(lanes)[~np.eye(4, dtype=bool)]
    assert np.abs(off_diagonal).max() < 4.5 / np.sqrt(lanes.shape[1])
    cells = (lanes * 4).astype(int).T @ np.array([64, 16, 4, 1])
    assert stats.chisquare(np.bincount(cells, minlength=256)).pvalue > 1e-3


def test_luck_depends_on_nobody_else() -> None:
    few, many = (uniform_array(KEY, decision("x"), 3, count, 1) for count in (10, 1000))
    np.testing.assert_array_equal(few, many[:10])


def test_numbers_of_decisions_and_keys_are_pinned() -> None:
    """Another hash would silently change every result; then raise MODEL_VERSION and this."""
    assert int(decision("x")) == PINNED_DECISION
    assert int(replicate_key(2020, 0)) == PINNED_KEY
    assert len({int(replicate_key(seed, replicate)) for seed in range(50) for replicate in range(50)}) == 2500


def recorder(seen: list[str]) -> Callable[[str], np.uint64]:
    def record(name: str) -> np.uint64:
        seen.append(name)
        return decision(name)

    return record


def drawn_with(monkeypatch: pytest.MonkeyPatch, module: ModuleType, settings: Scenario) -> list[str]:
    """Names of decisions that `module` makes while a cast is drawn."""
    seen: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(module, "decision", recorder(seen))
        cast.draw_cast(settings)
    return seen


def test_no_two_decisions_of_the_package_share_a_number(
    monkeypatch: pytest.MonkeyPatch, three_platforms: Scenario
) -> None:
    sources = [file.read_text(encoding="utf-8") for file in PACKAGE_FOLDER.rglob("*.py")]
    written = Counter(name for source in sources for name in LITERAL.findall(source))
    assert len(written) >= 10
    assert [name for name, times in written.items() if times > 1] == []
    drawn = {
        name
        for module in (people, roster, friends)
        for name in drawn_with(monkeypatch, module, three_platforms)
    }
    assert len(drawn) > 20
    names = set(written) | drawn
    assert len({int(decision(name)) for name in names}) == len(names)


def test_casting_asks_each_question_once(monkeypatch: pytest.MonkeyPatch, three_platforms: Scenario) -> None:
    """Two traits drawn under one name would be perfectly correlated."""
    for module in (people, roster, friends):
        times = Counter(drawn_with(monkeypatch, module, three_platforms))
        per_category = "traits: interest in a side category"
        assert [name for name, many in times.items() if many > 1 and name != per_category] == []
