"""What decides how a file from outside behaves: its content and that of what it needs, not where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulation.scenario.plugged_files import files_behind, fingerprint
from simulation.scenario.plugins import plugged_in

RULE = """
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import steps_of_the_test
sys.path.pop(0)

PRICES = (HERE / "tables" / "prices.csv").read_text()


def RULE(merchants, due, settings):
    return steps_of_the_test.STEP, PRICES
"""


def rule_in(file: Path) -> Any:
    return plugged_in("merchant_rules", "own", str(file))


def made(folder: Path, step: int = 1, prices: str = "1,2") -> Path:
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "tables" / "prices.csv").write_text(prices)
    (folder / "steps_of_the_test.py").write_text(f"STEP = {step}\n")
    (folder / "unused.csv").write_text("3")
    rule = folder / "rule.py"
    rule.write_text(RULE)
    return rule


def test_imports_and_files_that_are_named_belong_to_a_file(tmp_path: Path) -> None:
    names = {path.name for path in files_behind(made(tmp_path))}
    assert names == {"rule.py", "steps_of_the_test.py", "prices.csv"}


def test_the_same_content_is_the_same_wherever_it_lies_and_whatever_it_is_called(tmp_path: Path) -> None:
    first, second = made(tmp_path / "a"), made(tmp_path / "b")
    assert fingerprint(first) == fingerprint(second)
    assert fingerprint(second.rename(second.with_name("other.py"))) == fingerprint(first)


@pytest.mark.parametrize("changed", ["rule.py", "steps_of_the_test.py", "tables/prices.csv"])
def test_a_change_of_any_file_that_is_needed_is_another_content(changed: str, tmp_path: Path) -> None:
    rule = made(tmp_path)
    before = fingerprint(rule)
    (tmp_path / "unused.csv").write_text("4")
    assert fingerprint(rule) == before, "no file that it needs"
    file = tmp_path / changed
    file.write_text(file.read_text() + " ")
    assert fingerprint(rule) != before


@pytest.mark.parametrize(
    "content",
    [
        b"def RULE(:",
        b"x = 1\0",
        b"\xff\xfe",
        b"(" * 5000,
        b'LONG = "' + b"x" * 9000 + b'"',
        b'import rule\nNAME = "rule.py"\n',
        b'from . import *\nfrom .. import up\nUP = ".."\nNONE = ""\n',
    ],
)
def test_any_bytes_have_a_fingerprint(content: bytes, tmp_path: Path) -> None:
    rule = tmp_path / "rule.py"
    rule.write_bytes(content)
    assert len(fingerprint(rule)) == 20
    assert files_behind(rule) == [rule]


def test_an_edited_file_is_loaded_anew_with_what_it_imports(tmp_path: Path) -> None:
    rule = made(tmp_path, step=1)
    assert rule_in(rule)(None, None, None) == (1, "1,2")
    assert rule_in(rule) is rule_in(rule), "loaded once"
    made(tmp_path, step=22)
    assert rule_in(rule)(None, None, None) == (22, "1,2")
    made(tmp_path, step=22, prices="3,4")
    assert rule_in(rule)(None, None, None) == (22, "3,4")


KERNEL = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from lift_of_the_test import lift
sys.path.pop(0)

from simulation.state.compiled import kernel


@kernel
def lifted(values):
    for place in range(values.shape[0]):
        values[place] = lift(values[place])


RULE = lifted
"""
LIFT = """
from simulation.state.compiled import rule


@rule
def lift(value):
    return value + {step}
"""


def test_compiled_code_follows_the_files_that_are_pasted_into_it(tmp_path: Path) -> None:
    (tmp_path / "kernel_of_the_test.py").write_text(KERNEL)
    for step in (1.0, 20.0):
        (tmp_path / "lift_of_the_test.py").write_text(LIFT.format(step=step))
        values = np.zeros(2)
        rule_in(tmp_path / "kernel_of_the_test.py")(values)
        assert values.tolist() == [step, step]
