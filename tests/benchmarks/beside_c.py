"""Three kernels beside C on the same columns: ``uv run tests/benchmarks/beside_c.py``.

A world of the headline's Taobao arm lives for `DAYS` days. On the next one, each of the kernels is called
in turn with the same in C (``in_c/``, compiled on the spot), both from the same state; whatever they write
must be the same to the byte. The C is what a C programmer would make of them: luck, order of sums and counts
are those of the rules, while slots of a slate are drawn four at a time and each tie is looked for once. Of
`ROUNDS` calls of each the one that took least CPU time counts; calls take turns, so that what else the
machine does slows both.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from rich.console import Console
from rich.table import Table

from simulation.behaviour import choosing, counting, occasions
from simulation.claims.reading import read_scenario
from simulation.platforms.channels import recommend
from simulation.scenario import find_scenario
from simulation.state import columns, ledger, surfaces, ties, waves
from simulation.world import model as whole_model
from simulation.world.model import LiveCommerceModel
from tests.benchmarks.c_columns import arrays_in, as_struct, header, unheld

SOURCES = Path(__file__).resolve().parent / "in_c"
SCENARIO, ARM = "tencent_live_2020", "taobao_live"
SIZES = ((20_000, 400), (200_000, 4_000))
"""Viewers and merchants."""
DAYS, ROUNDS = 20, 31
OPTIONS = ("-std=c99", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math")
"""Of the compiler; none of them changes a result."""
NO_OUTCOME = ("scratch.", "relevances")
"""Beginnings of the names of columns that kernels only work with."""


def constants() -> dict[str, int]:
    """Whole numbers that C has to know, by name."""
    named = {
        ledger: "REACH VISITS OUTSIDE ADS LOST MEMBERS_LOST OCCASIONS KNOWN_VISITS LOST_TO_CLOSING "
        "FIT FIT_UNIT FIT_CLASSES PRIVATE_VISITS STRANGERS",
        ties: "EMPTY SUBSCRIBED MUTED STARTING FOLLOWER MEMBER MET_OUTSIDE REFERRED",
        columns: "NEVER CLOSED ABSENT",
        occasions: "OCCASIONS_OF_A_DAY LOOK_FOR_NOTICES OF_A_PLATFORM FOR_NOTICES BEYOND_THREE",
        choosing: "CHOOSE HIGHEST_UTILITY",
        waves: "NO_ROOM MAX_OPTIONS",
    }
    found = {name: int(getattr(module, name)) for module, names in named.items() for name in names.split()}
    return found | {
        "FINENESS": recommend.FINENESS,
        "NO_SURFACE": surfaces.NO_SURFACE,
        "MONTH": counting.MONTH,
    }


def compiler() -> str:
    """The C compiler of this machine, or the one that ``CC`` names."""
    names = [os.environ["CC"]] if os.environ.get("CC") else ["cc", "gcc", "clang"]
    for name in names:
        if found := shutil.which(name):
            return found
    sys.exit(f"There is no C compiler here ({', '.join(names)}): install one, or name one in CC.")


def compiled_c(file: str, given: list[Any]) -> ctypes.CDLL:
    """The C of a `file`, compiled for the named tuples that its kernel is `given`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "columns.h").write_text(header(given, constants()), encoding="utf-8")
        library = Path(folder, f"{file}.so")
        options = [*OPTIONS, *os.environ.get("CFLAGS", "").split(), "-I", folder, "-shared", "-fPIC"]
        subprocess.run(
            [compiler(), *options, str(SOURCES / f"{file}.c"), "-o", str(library), "-lm"], check=True
        )
        return ctypes.CDLL(str(library))


class State:
    """All columns of `given` named tuples, as they stand before a call."""

    def __init__(self, given: list[Any]):
        self.arrays = {name: array for each in given for name, array in arrays_in(each)}
        self.before = {name: array.copy() for name, array in self.arrays.items()}

    def restore(self, names: list[str] | None = None) -> None:
        """Set columns back, all or those of some `names`."""
        for name in self.arrays if names is None else names:
            np.copyto(self.arrays[name], self.before[name])

    def changed(self) -> dict[str, np.ndarray]:
        """Columns that are not as before, as they are now."""
        return {
            name: array.copy()
            for name, array in self.arrays.items()
            if not same_bytes(array, self.before[name])
        }


def same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two columns are the same to the byte."""
    return np.array_equal(one.reshape(-1).view(np.uint8), other.reshape(-1).view(np.uint8))


@dataclass(frozen=True)
class Measured:
    """What was measured of one kernel: for how many of what, and seconds of the fastest call."""

    kernel: str
    count: int
    of: str
    ours: float
    in_c: float


def same_outcomes(state: State, ours: Callable[[], Any], in_c: Callable[[], Any]) -> list[str]:
    """Columns that a call of either changes.

    Raises
    ------
    AssertionError
        If the two write other outcomes.
    """
    written = []
    for call in (ours, in_c):
        call()
        written.append(state.changed())
        state.restore()
    changing = sorted(written[0].keys() | written[1].keys())
    differ = [
        name
        for name in changing
        if not name.startswith(NO_OUTCOME)
        and not same_bytes(*(columns.get(name, state.before[name]) for columns in written))
    ]
    assert not differ, f"C writes other outcomes: {', '.join(differ)}"
    return changing


def fastest(
    state: State, changing: list[str], calls: tuple[Callable[[], Any], ...], rounds: int
) -> list[float]:
    """Seconds of CPU of the fastest of `rounds` calls of each, all from the same `state`."""
    seconds = [float("inf")] * len(calls)
    for turn in range(rounds):
        for which in range(len(calls)) if turn % 2 else reversed(range(len(calls))):
            state.restore(changing)
            start = time.thread_time()
            calls[which]()
            seconds[which] = min(seconds[which], time.thread_time() - start)
    state.restore(changing)
    return seconds


def beside(ours: Callable[..., Any], file: str, given: tuple[Any, ...], rounds: int) -> list[float]:
    """Seconds of the fastest call of a kernel and of the same in C, which write the same outcomes."""
    tuples = [each for each in given if isinstance(unheld(each), tuple)]
    library = compiled_c(file, [*tuples, recommend.Draw(np.uint64(0), np.uint64(0), 0)])
    in_c = getattr(library, ours.__name__)
    in_c.restype = None
    state = State(tuples)
    arguments = [as_argument(each) for each in given]
    calls = (lambda: ours(*given), lambda: in_c(*arguments))
    return fastest(state, same_outcomes(state, *calls), calls, rounds)


def as_argument(given: Any) -> Any:
    """An argument of a kernel as C takes it."""
    return ctypes.byref(as_struct(given)) if isinstance(unheld(given), tuple) else ctypes.c_int64(given)


@contextmanager
def listening(found: list[Measured], rounds: int) -> Iterator[None]:
    """Have each of the kernels measured where the model calls it; what was measured is added to `found`."""
    hand_out, fill, respond = occasions.hand_out_occasions, recommend.fill_slates, whole_model.respond

    def measured_hand_out(world: Any, shard: Any, most: int) -> None:
        seconds = beside(hand_out, "occasions", (world, shard, most), rounds)
        found.append(Measured("hand_out_occasions", shard.last - shard.first, "viewer", *seconds))
        hand_out(world, shard, most)

    def measured_fill(*given: Any) -> None:
        wave, surface = given[1], given[-1]
        seconds = beside(fill, "recommend", given, rounds)
        slates = np.count_nonzero(wave.surface[: wave.rows[0]] == surface)
        found.append(Measured("fill_slates", int(slates), "slate", *seconds))
        fill(*given)

    def measured_respond(world: Any, shard: Any, links: Any, wave_number: int, travel: bool) -> None:
        def choose_rooms(world: Any, shard: Any) -> None:
            choosing.choose_rooms(world, shard, links, False)

        if wave_number == 0:
            seconds = beside(choose_rooms, "choosing", (world, shard), rounds)
            found.append(Measured("choose_rooms", int(shard.wave.rows[0]), "occasion", *seconds))
        respond(world, shard, links, wave_number, travel)

    with (
        mock.patch.object(whole_model, "hand_out_occasions", measured_hand_out),
        mock.patch.object(recommend, "fill_slates", measured_fill),
        mock.patch.object(whole_model, "respond", measured_respond),
    ):
        yield


def measure(viewers: int, merchants: int, rounds: int) -> list[Measured]:
    """All three kernels in a world of that size, on the day after `DAYS`."""
    changes = {"world.viewers": viewers, "world.merchants": merchants, "world.days": DAYS + 1}
    model = LiveCommerceModel(read_scenario(find_scenario(SCENARIO), changes), ARM)
    assert model.rules.attention.appointment == 0.0, "appointments are not in C"
    found: list[Measured] = []
    for _ in range(DAYS):
        model.step()
    with listening(found, rounds):
        model.step()
    return found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rounds", type=int, default=ROUNDS, help="calls of each kernel")
    options.add_argument("--small", action="store_true", help="the smaller world only")
    chosen = options.parse_args()
    version = subprocess.run([compiler(), "--version"], check=True, capture_output=True, text=True).stdout
    table = Table(title=f"Nanoseconds, one thread; C by {version.splitlines()[0]}")
    for heading in ("viewers", "kernel", "count", "of", "ours", "C", "ours / C"):
        table.add_column(heading, justify="left" if heading in ("kernel", "of") else "right", no_wrap=True)
    for viewers, merchants in SIZES[:1] if chosen.small else SIZES:
        for it in measure(viewers, merchants, chosen.rounds):
            each = [f"{1e9 * seconds / it.count:.1f}" for seconds in (it.ours, it.in_c)]
            ratio = f"{it.ours / it.in_c:.2f}"
            table.add_row(f"{viewers:,}", it.kernel, f"{it.count:,}", it.of, *each, ratio)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
