"""Flips single bits of all stored files of a sweep and of a run, and counts those that pass unnoticed.

Run with ``uv run tests/benchmarks/bit_flips.py`` (``--flips 200 --seed 1``). Files are drawn evenly, small
ones too; the sweep is then gone on with, and must end in the same bytes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulation.archive.integrity import check_folder
from simulation.claims.reading import read_scenario
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.sweep import run_sweep
from simulation.errors import ArchiveError
from simulation.laboratory import analyse, store_run
from simulation.scenario import Scenario, find_scenario
from simulation.storage.folders import DATA
from tests.support.here import here
from tests.support.tearing import flip

TINY = {"world.viewers": 200, "world.merchants": 6, "world.days": 5, "run.replications": 2}


def made(folder: Path) -> tuple[Scenario, Path, Path]:
    """A question, its sweep with page, and a recorded run."""
    scenario = read_scenario(
        find_scenario("what_drives_it"),
        TINY | {"sweep.points": 24, "sweep.replications": 1, "run.record": True},
    )
    sweep = folder / "sweep"
    run_sweep(scenario, sweep, Execution(here, 1))
    analyse(sweep)
    return scenario, sweep, store_run(scenario.model_copy(update={"sweep": None}), folder / "runs")


def one_flip(whole: Path, copy: Path, luck: np.random.Generator) -> tuple[str, int, bool]:
    """Flip a bit of some file in a copy of `whole`: which, and whether that is found."""
    shutil.copytree(whole, copy)
    files = sorted(file for file in copy.rglob("*") if file.is_file())
    file = files[int(luck.integers(len(files)))]
    bit = int(luck.integers(file.stat().st_size * 8))
    flip(file, bit)
    try:
        check_folder(copy)
    except ArchiveError:
        return file.relative_to(copy).as_posix(), bit, True
    return file.relative_to(copy).as_posix(), bit, False


def main() -> None:
    """Print how many were found, and which files were hit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    luck = np.random.default_rng(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        scenario, sweep, run = made(Path(temporary))
        found, same, resumed, hit = 0, 0, 0, dict[str, int]()
        for number in range(options.flips):
            whole = (sweep, run)[number % 2]
            copy = Path(temporary) / "copy"
            name, bit, noticed = one_flip(whole, copy, luck)
            found += noticed
            hit[name] = hit.get(name, 0) + 1
            if not noticed:
                print(f"  passed unnoticed: bit {bit} of {name}")
            if whole is sweep:
                run_sweep(scenario, copy, Execution(here, 1, resume=True))
                resumed += 1
                same += (copy / DATA).read_bytes() == (sweep / DATA).read_bytes()
            shutil.rmtree(copy)
    print(f"{found} of {options.flips} flipped bits found.")
    print(f"{same} of {resumed} sweeps went on to the same bytes.")
    print("Files hit: " + ", ".join(f"{name} {many}" for name, many in sorted(hit.items())))


if __name__ == "__main__":
    main()
