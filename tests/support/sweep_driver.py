"""A sweep's driver in a process of its own, to be killed: ``sweep_driver.py SCENARIO FOLDER [--resume]``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from simulation.claims.reading import read_scenario
from simulation.ensembles.execution.executors import local_executor
from simulation.ensembles.execution.options import Execution
from simulation.ensembles.sweep import run_sweep
from tests.support.sweep_models import slow_line

if __name__ == "__main__":
    scenario, folder = read_scenario(Path(sys.argv[1])), Path(sys.argv[2])
    run_sweep(
        scenario, folder, Execution(lambda: local_executor(2), 2, "--resume" in sys.argv, model=slow_line)
    )
