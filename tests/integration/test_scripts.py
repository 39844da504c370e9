"""Scripts that run experiments: with and without the line that processes need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.resources import PROJECT_FOLDER
from tests.support.questions import small_question

SWEEP = '[sweep]\npoints = 2\n[[sweep.factors]]\nkey = "trust.half_life"\nlow = 10.0\nhigh = 90.0\n'
BARE = "import simulation as lab\nprint(lab.{call}('question.toml', workers=2))\n"
GUARDED = BARE.replace("print(", "if __name__ == '__main__':\n    print(")


def run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "question.toml").write_text(small_question() + SWEEP, encoding="utf-8")
    (folder / "script.py").write_text(script, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "script.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT_FOLDER)},
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("call", ["run_experiment", "run_sweep"])
def test_a_script_without_the_guard_is_told_what_to_write(call: str, tmp_path: Path) -> None:
    done = run(BARE.format(call=call), tmp_path)
    assert done.returncode == 1 and done.stderr.count("Traceback") == 1, done.stderr
    assert 'below a line if __name__ == "__main__"' in done.stderr and "freeze_support" not in done.stderr


def test_a_script_with_it_runs_in_processes(tmp_path: Path) -> None:
    done = run(GUARDED.format(call="run_experiment"), tmp_path)
    assert done.returncode == 0 and done.stdout.startswith("<Experiment 'little': 2 worlds of feed, links;")
    assert len(list(tmp_path.glob("results/little/*/report.html"))) == 1


def test_what_is_typed_in_runs_in_processes_too(tmp_path: Path) -> None:
    (tmp_path / "question.toml").write_text(small_question() + SWEEP, encoding="utf-8")
    typed = BARE.format(call="run_experiment") + BARE.format(call="run_sweep")
    done = subprocess.run(
        [sys.executable, "-"],
        input=typed,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT_FOLDER)},
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "<Experiment 'little'" in done.stdout and "<Sweep 'little': 2 points" in done.stdout
