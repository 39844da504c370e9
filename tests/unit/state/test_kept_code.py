"""Compiled code is kept by what it follows from: never stale, compiled once, wherever the sources lie."""

from __future__ import annotations

import fcntl
import importlib
import os
import pkgutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from numba.core.errors import TypingError

import simulation
from simulation.state import compiled as compiling
from simulation.state.compilation import kept
from simulation.state.compilation.content import Unknown, content_of, said_of_type

SOURCE = '''
RATE = {rate}

@rule
def grown(value):
    """{doc}"""
    return value * RATE

@kernel
def grow(values):
    {comment}for place in range(values.shape[0]):
        values[place] = grown(values[place])
'''


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiling, "CACHE_FOLDER", tmp_path)
    return tmp_path


def module(source: str = SOURCE, name: str = "plugged", **words: Any) -> dict[str, Any]:
    """The names of a file with this source, as another process has them."""
    known: dict[str, Any] = {"__name__": name, "rule": compiling.rule, "kernel": compiling.kernel}
    words = {"rate": 2.0, "doc": "Grown.", "comment": ""} | words
    exec(source.format(**words), known)
    return known


def grown(source: str = SOURCE, **words: Any) -> tuple[float, int]:
    """What the kernel makes of 3, and how often it was compiled for that."""
    grow, values = module(source, **words)["grow"], np.array([3.0])
    grow(values)
    return values[0], sum(grow.stats.cache_misses.values())


def content(source: str = SOURCE, **words: Any) -> str:
    return content_of(module(source, **words)["grow"].py_func)


def test_code_is_compiled_once() -> None:
    assert grown() == (6.0, 1) and grown() == (6.0, 0)


def test_a_constant_of_a_rule_that_is_pasted_in_decides() -> None:
    assert grown(rate=2.0) == (6.0, 1)
    assert grown(rate=5.0) == (15.0, 1), "a file that has not changed would give 6"
    assert grown(rate=2.0) == (6.0, 0)


def test_comments_docstrings_and_lines_do_not_decide() -> None:
    grown()
    for words in ({"doc": "Other words."}, {"comment": "# a comment\n    "}):
        assert content(**words) == content() and grown(**words) == (6.0, 0)
    assert content("\n\n\n" + SOURCE) == content()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value * RATE", "value + RATE"),
        ("RATE = {rate}", "RATE = [{rate}]"),
        ("return value * RATE", "return value * RATE if value else 0.0"),
        ("def grown(value):", "def grown(value, RATE=7.0):"),
        ("grown(values[place])", "grown(values[0])"),
    ],
)
def test_whatever_code_does_decides(old: str, new: str) -> None:
    assert old in SOURCE and content(SOURCE.replace(old, new)) != content()


def test_constants_in_arrays_tuples_and_closures_decide() -> None:
    def made(limit: Any) -> Callable[[], Any]:
        def bounded() -> Any:
            return limit

        return bounded

    limits = [1, 1.0, (1, 2), (1, 2.0), np.array([1, 2]), np.array([1, 3]), np.float32(1), np.float64(1)]
    hashes = [content_of(made(limit)) for limit in limits]
    assert len(set(hashes)) == len(limits) and hashes[4] == content_of(made(np.array([1, 2])))


def test_functions_that_call_one_another_are_read_once() -> None:
    known: dict[str, Any] = {"__name__": "plugged"}
    exec("def a(n):\n    return b(n)\n\ndef b(n):\n    return a(n - 1) if n else 0\n", known)
    assert content_of(known["a"]) != content_of(known["b"])


class There(NamedTuple):
    day: Any
    days: Any


class Swapped(NamedTuple):
    days: Any
    day: Any


Swapped.__qualname__ = There.__qualname__


def test_the_order_of_fields_decides() -> None:
    """Code knows fields by their place, and Numba's own words for the two types are the same."""
    first, second = numba.typeof(There(1, 2)), numba.typeof(Swapped(1, 2))
    assert said_of_type(first) != said_of_type(second)
    mixed = numba.typeof((There(1.5, 2), 3))
    assert said_of_type(mixed) != said_of_type(numba.typeof((Swapped(1.5, 2), 3)))
    assert said_of_type(mixed) == said_of_type(numba.typeof((There(0.5, 7), 9)))


CLASSES = """
from enum import IntEnum
from typing import NamedTuple

class Side(IntEnum):
    LEFT = {left}

class Step(NamedTuple):
    size: float
    times: float = {times}

def grown(value):
    return Step(value).times * Side.LEFT
"""


def test_classes_decide_by_what_code_can_know_of_them() -> None:
    """Their names are the same whatever their defaults and members are."""
    asked = ((1, 2.0), (1, 2.0), (3, 2.0), (1, 4.0))
    hashes = [content_of(module(CLASSES, left=left, times=times)["grown"]) for left, times in asked]
    assert hashes[0] == hashes[1] and len(set(hashes)) == 3


@pytest.mark.parametrize("what", ["class Other:\n    size = 2.0", "import simulation.words as Other"])
def test_other_classes_and_modules_that_may_change_are_not_told_by_their_names(what: str) -> None:
    known = module(what + "\n\ndef grown(value):\n    return Other.size * value\n")
    with pytest.raises(Unknown):
        content_of(known["grown"])


def test_what_cannot_be_told_is_not_kept(folder: Path) -> None:
    known = module(SOURCE.replace("RATE = {rate}", "RATE = object()"))
    with pytest.raises(Unknown):
        content_of(known["grow"].py_func)
    known["grown"].py_func.__globals__["RATE"] = 2.0
    known["grown"].py_func.__globals__["unused"] = object()
    values = np.array([3.0])
    known["grow"](values)
    assert values[0] == 6.0 and len(list(folder.iterdir())) == 1


def test_a_file_that_is_torn_is_compiled_again(folder: Path) -> None:
    grown()
    [file] = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert grown() == (6.0, 1) and grown() == (6.0, 0)


def test_who_comes_while_another_compiles_waits_and_takes_what_that_has_made(folder: Path) -> None:
    grown()
    [file] = folder.iterdir()
    made, lock = file.read_bytes(), os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT)
    file.unlink()
    fcntl.flock(lock, fcntl.LOCK_EX)
    found: list[tuple[float, int]] = []
    waiting = threading.Thread(target=lambda: found.append(grown()))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive() and not found
    file.write_bytes(made)
    os.close(lock)
    waiting.join(60)
    assert found == [(6.0, 0)] and [path.suffix for path in folder.iterdir()] == [kept.ENDING]


def test_nobody_waits_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grown()
    [file] = folder.iterdir()
    file.unlink()
    lock = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_EX)
    monkeypatch.setattr(kept, "LONGEST_WAIT", 0.2)
    assert grown() == (6.0, 1)
    os.close(lock)


def test_code_that_cannot_be_compiled_keeps_nobody_waiting(folder: Path) -> None:
    broken = SOURCE.replace("value * RATE", "value.nothing")
    for _ in range(2):
        with pytest.raises(TypingError):
            grown(broken)
    assert not list(folder.iterdir())


def test_code_that_nobody_has_asked_for_in_months_is_removed(folder: Path) -> None:
    grown()
    [file] = folder.iterdir()
    months_ago = time.time() - 91 * kept.DAY
    os.utime(file, (months_ago, months_ago))
    assert grown() == (6.0, 0)
    kept.remove_old(folder)
    assert file.exists(), "it has just been asked for"
    os.utime(file, (months_ago, months_ago))
    grown(rate=5.0)
    assert not file.exists() and len(list(folder.iterdir())) == 1


def test_whether_a_kernel_is_kept_can_be_asked() -> None:
    grow = module()["grow"]
    assert not compiling.is_kept(grow)
    grow(np.array([3.0]))
    assert compiling.is_kept(grow) and not compiling.is_kept(module(rate=3.0)["grow"])


def compiled_functions() -> list[FunctionType]:
    """All rules and kernels of the package."""
    found = []
    for room in ("behaviour", "platforms", "state", "world", "validation"):
        entry = importlib.import_module(f"{simulation.__name__}.{room}")
        for info in pkgutil.walk_packages(entry.__path__, f"{entry.__name__}."):
            names = vars(importlib.import_module(info.name)).values()
            found += [name.py_func for name in names if isinstance(name, Dispatcher)]
    return list(dict.fromkeys(found))


def test_of_every_rule_and_kernel_can_be_told_what_it_follows_from() -> None:
    functions = compiled_functions()
    assert len(functions) > 100
    assert len({content_of(function) for function in functions}) == len(functions)
