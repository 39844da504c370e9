"""Settings that all tests share."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from simulation.scenario import Scenario
from simulation.warm_up.compiling import compile_the_longest_first
from tests.support.worlds import preset, scenario

for _name in ("SIGHUP", "SIGINT"):  # programs that are tested inherit what a shell in the background ignores
    _number = getattr(signal, _name, None)
    if _number and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)

# Tests begin over a hundred processes. Where modules are not kept compiled, as images of Python often ask,
# each compiles NumPy, pandas, Numba and all of ours again, which takes longer than what most tests look at.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

FAST = Path(__file__).parent / "unit"
LONGEST = (
    "test_twelve_changes",
    "test_wheel",
    "test_line_list",
    "test_ending",
    "test_sweeps",
    "test_claims_both_ways",
    "test_million_viewers",
)
"""Files that take longest come first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the unit tests, so that ``-m fast`` runs what a quick look needs; begin with `LONGEST`."""
    for item in items:
        if FAST in item.path.parents:
            item.add_marker(pytest.mark.fast)
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def both_halves_compiled() -> None:
    """Where nothing is compiled yet, processes that test side by side begin with different rules."""
    compile_the_longest_first()


@pytest.fixture(scope="session")
def three_platforms() -> Scenario:
    """A small stated world under the three platforms that come with the project."""
    names = ("taobao_live", "tencent_live", "tencent_live_plus_feed")
    return scenario(
        {name: preset(name) for name in names},
        viewers=400,
        shops=40,
        days=40,
        replications=2,
        world={"isolated_viewers": 20},
    )
