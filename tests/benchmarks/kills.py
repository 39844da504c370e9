"""Kills run, sweep, search and calibrate with SIGKILL at random moments, and looks at what is left.

Run with ``uv run tests/benchmarks/kills.py`` (``--kills 50 --seed 1``; ``--only calibrate`` for one command).
After each kill no process and no draft may be there ten seconds later, and no run that was on disk may be
gone; in the end what was killed again and again must have come to the same bytes as what was left alone.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from simulation.resources import PROJECT_FOLDER
from simulation.storage.record_log import RecordLog
from tests.support.questions import small_question

PATIENCE = 10.0
KILLS_IN_A_ROW = 4
SECTIONS = """
[sweep]
points = 30
replications = 1
[[sweep.factors]]
key = "sharing.base_rate"
low = 0.01
high = 0.3
[policy_search]
population = 6
generations = 3
replications = 1
[[policy_search.levers]]
key = "sharing.base_rate"
low = 0.01
high = 0.3
[[policy_search.goals]]
measure = "gmv"
arm = "links"
[calibration]
facts = "facts.csv"
waves = 2
wave_points = 30
worlds = 5
larger_points = 6
[calibration.larger]
"world.viewers" = 90
"""
FACTS = "id,measure,arm,low,high,use\nrate,conversion_rate,links,0,1,target\n"
ENDS = {
    "run": ["runs.parquet", "daily.parquet", "claims.json"],
    "sweep": ["sweep.parquet"],
    "search": ["candidates.parquet"],
    "calibrate": ["wave_*.csv", "plausible_worlds.csv", "calibration.json"],
}
"""Patterns of the files that must be the same bytes in the end."""


def started(command: str, scenario: Path, folder: Path) -> subprocess.Popen:
    """The command as a program with a session of its own, by which what it begins is found."""
    resume = ["--resume"] if command != "run" and folder.exists() else []
    return subprocess.Popen(
        [sys.executable, "run.py", command, str(scenario), "--workers", "2", "--out", str(folder), *resume],
        cwd=PROJECT_FOLDER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )


def processes_of(session: int) -> list[int]:
    """Living processes of a session."""
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def left_in(folder: Path) -> list[str]:
    """Drafts and marks of work in a folder."""
    hidden = [*folder.rglob(".*.partial"), *folder.rglob(".in_use")] if folder.exists() else []
    return [str(path.relative_to(folder)) for path in hidden]


def kept_in(folder: Path) -> set[str]:
    """Identities of runs on disk, by the log that holds them, and folders of whole runs."""
    logs = folder.rglob("runs.jsonl") if folder.exists() else ()
    kept = {f"{log.parent.name}/{identity}" for log in logs for identity in RecordLog(log).index()[0]}
    return kept | {file.parent.name for file in folder.glob("*/*/manifest.json")}


def killed(command: str, scenario: Path, folder: Path, seconds: float) -> list[str]:
    """Kill a command after so many seconds; what is wrong then."""
    before, program = kept_in(folder), started(command, scenario, folder)
    time.sleep(seconds)
    os.kill(program.pid, signal.SIGKILL)
    program.communicate()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and (processes_of(program.pid) or left_in(folder)):
        time.sleep(0.1)
    faults = [f"process {number} is left" for number in processes_of(program.pid)]
    faults += [f"{name} is left" for name in left_in(folder)]
    return faults + [f"{identity} is lost" for identity in sorted(before - kept_in(folder))]


def finished(command: str, scenario: Path, folder: Path) -> float:
    """Let a command end; how long that takes."""
    begun, program = time.monotonic(), started(command, scenario, folder)
    said = program.communicate()[1]
    assert program.returncode == 0, said
    return time.monotonic() - begun


def contents(command: str, folder: Path) -> list[bytes]:
    """What it comes to, without times."""
    place = max(folder.glob("*/*/manifest.json")).parent if command == "run" else folder
    files = [file for pattern in ENDS[command] for file in sorted(place.glob(pattern))]
    return [file.name.encode() + file.read_bytes() for file in files]


def main() -> None:
    """Print every fault, and how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=ENDS, action="append", help="a command; all if not given")
    options = parser.parse_args()
    commands = options.only or list(ENDS)
    luck = np.random.default_rng(options.seed)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        scenario = place / "little.toml"
        scenario.write_text(small_question(days=20) + SECTIONS, encoding="utf-8")
        (place / "facts.csv").write_text(FACTS, encoding="utf-8")
        whole = {command: place / f"whole_{command}" for command in commands}
        takes = {command: finished(command, scenario, folder) for command, folder in whole.items()}
        print("Left alone they take " + ", ".join(f"{name} {took:.0f} s" for name, took in takes.items()))
        kills, faults, same, rounds = 0, 0, 0, 0
        while kills < options.kills:
            command = commands[rounds % len(commands)]
            folder = place / f"killed_{rounds}"
            for _ in range(min(KILLS_IN_A_ROW, options.kills - kills)):
                seconds = float(luck.uniform(0.2, takes[command]))
                found = killed(command, scenario, folder, seconds)
                kills, faults = kills + 1, faults + bool(found)
                for fault in found:
                    print(f"  {command} killed after {seconds:.2f} s: {fault}", flush=True)
            finished(command, scenario, folder)
            same += contents(command, folder) == contents(command, whole[command])
            rounds += 1
        print(f"{kills} kills, {faults} with faults; {same} of {rounds} ended in the same bytes.")


if __name__ == "__main__":
    main()
