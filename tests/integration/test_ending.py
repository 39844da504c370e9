"""Programs are ended from outside: no process stays, no draft, and the exit status says what happened."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from simulation.claims.reading import read_scenario
from simulation.laboratory import store_run
from simulation.resources import PROJECT_FOLDER
from tests.support.questions import small_question

DEADLINE = 120.0
SWEEP = """
[sweep]
points = 4
[[sweep.factors]]
key = "trust.half_life"
low = 10.0
high = 100.0
"""
SEARCH = """
[policy_search]
population = 4
generations = 2
replications = 1
[[policy_search.levers]]
key = "trust.half_life"
low = 10.0
high = 100.0
[[policy_search.goals]]
measure = "gmv"
arm = "links"
direction = "higher"
[[policy_search.goals]]
measure = "visits"
arm = "links"
direction = "lower"
"""
SCRIPT = """
import sys
from pathlib import Path
from simulation.laboratory import store_run
from simulation import read_scenario
if __name__ == "__main__":
    store_run(read_scenario(Path(sys.argv[1])), Path(sys.argv[2]), workers=2)
"""


def endless(folder: Path, more: str = "") -> Path:
    """A scenario whose worlds take hours."""
    file = folder / "little.toml"
    text = small_question().replace("viewers = 60", "viewers = 3000").replace("days = 3", "days = 3000")
    file.write_text(text + more, encoding="utf-8")
    return file


def until(happens: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def started(*words: str | Path, errors: Path) -> Iterator[psutil.Popen]:
    """A program in a session of its own, of which nothing is left in the end."""
    command = [sys.executable, *map(str, words)]
    with errors.open("w", encoding="utf-8") as log:
        program = psutil.Popen(
            command,
            cwd=PROJECT_FOLDER,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,
            # A shell that runs the tests in the background has its children ignore Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
    try:
        yield program
    finally:
        with suppress(psutil.NoSuchProcess):
            for process in [*program.children(recursive=True), program]:
                process.kill()
        program.wait()


def at_work(program: psutil.Popen, count: int) -> list[psutil.Process]:
    """All processes that `program` has begun, once there are `count`."""
    until(lambda: program.poll() is not None or len(program.children(recursive=True)) >= count)
    return program.children(recursive=True)


def drafts_in(folder: Path) -> list[Path]:
    return [*folder.rglob(".*.partial"), *folder.rglob(".in_use")]


@pytest.mark.parametrize(
    ("words", "number", "processes"),
    [
        (["run", "--record"], signal.SIGTERM, 5),  # an heir, a tracker of resources, a server, two workers
        (["sweep"], signal.SIGHUP, 4),  # the heir, the tracker and two workers
        (["search"], signal.SIGINT, 4),
    ],
)
def test_a_command_ends_in_order_with_all_its_processes(
    words: list[str], number: signal.Signals, processes: int, tmp_path: Path
) -> None:
    command, *options = words
    scenario, results, errors = endless(tmp_path, SWEEP + SEARCH), tmp_path / "results", tmp_path / "errors"
    with started(
        "run.py", command, scenario, *options, "--workers", "2", "--out", results, errors=errors
    ) as program:
        begun = at_work(program, processes)
        assert len(begun) == processes, errors.read_text(encoding="utf-8")
        program.send_signal(number)
        assert program.wait(DEADLINE) == 128 + number
        _, alive = psutil.wait_procs(begun, DEADLINE)
    said = errors.read_text(encoding="utf-8")
    assert not alive and "Stopped" in said and "Traceback" not in said, said
    assert not drafts_in(results)


def test_all_processes_go_when_the_whole_group_is_signalled(tmp_path: Path) -> None:
    """As by a terminal that closes or a scheduler: workers may end before the driver hears of it."""
    errors = tmp_path / "errors"
    with started(
        "run.py", "run", endless(tmp_path), "--workers", "2", "--out", tmp_path / "results", errors=errors
    ) as program:
        begun = at_work(program, 5)
        subprocess.run(["kill", "-TERM", "--", f"-{program.pid}"], check=True)
        assert program.wait(DEADLINE) == 128 + signal.SIGTERM
        _, alive = psutil.wait_procs(begun, DEADLINE)
    assert not alive and "Traceback" not in errors.read_text(encoding="utf-8")
    assert not drafts_in(tmp_path / "results")


def test_a_program_killed_while_its_workers_begin_takes_them_along(tmp_path: Path) -> None:
    with started(
        "run.py",
        "run",
        endless(tmp_path),
        "--workers",
        "2",
        "--out",
        tmp_path / "results",
        errors=tmp_path / "errors",
    ) as program:
        begun = at_work(program, 3)  # the heir and the server, which is importing
        program.kill()
        _, alive = psutil.wait_procs(begun, DEADLINE)
    assert not alive


def test_a_killed_script_takes_its_workers_along_and_its_draft(tmp_path: Path) -> None:
    script, results = tmp_path / "script.py", tmp_path / "results"
    script.write_text(f"import sys\nsys.path.insert(0, {str(PROJECT_FOLDER)!r})\n{SCRIPT}", encoding="utf-8")
    little = tmp_path / "short.toml"
    little.write_text(small_question(), encoding="utf-8")
    short = read_scenario(little, {"run.replications": 1, "world.days": 1})
    with started(script, endless(tmp_path), results, errors=tmp_path / "errors") as program:
        begun = at_work(program, 5)
        assert store_run(short, results).is_dir() and drafts_in(results), "it lives"
        program.kill()
        _, alive = psutil.wait_procs(begun, DEADLINE)
        assert not alive
    assert not drafts_in(results)


def test_a_worker_that_is_killed_ends_its_run_in_words(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with started(
        "run.py", "run", endless(tmp_path), "--workers", "2", "--out", tmp_path / "results", errors=errors
    ) as program:
        begun = at_work(program, 5)
        next(process for process in begun if process.ppid() != program.pid).kill()
        assert program.wait(DEADLINE) == 2
        _, alive = psutil.wait_procs(begun, DEADLINE)
    said = errors.read_text(encoding="utf-8")
    assert not alive and "fewer workers" in said and "Traceback" not in said, said
    assert not drafts_in(tmp_path / "results")


LOST_IN_A_FINALISER = """
import signal, time
from simulation.terminal.stopping import stoppable

class Kept:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.01)

with stoppable(is_all=True):
    Kept()
    print("went on", flush=True)
    time.sleep(3600)
    print("to the end", flush=True)
"""


def test_a_signal_that_comes_in_a_finaliser_is_neither_lost_nor_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOST_IN_A_FINALISER],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        cwd=PROJECT_FOLDER,
    )
    assert done.returncode == 130 and "to the end" not in done.stdout
    assert "went on" in done.stdout and done.stderr == ""
