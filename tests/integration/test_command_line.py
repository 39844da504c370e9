"""The command line as a user meets it: as a process of its own where that is what is looked at."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from simulation.resources import PROJECT_FOLDER
from tests.support.command_lines import told

SMALL = ["--set", "world.viewers=300", "--set", "world.merchants=10", "--days", "8", "--replications", "2"]


def run(*words: str, cwd: Path = PROJECT_FOLDER) -> subprocess.CompletedProcess[str]:
    """Run the command line and collect what it prints."""
    command = [sys.executable, str(PROJECT_FOLDER / "run.py"), *words]
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
    )


def test_help_needs_no_heavy_imports():
    code = (
        "import sys; from simulation.commands.app import app; "
        "heavy = {'numba', 'mesa', 'pandas', 'plotly', 'scipy'} & set(sys.modules); print(sorted(heavy))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
    shown = run("--help")
    assert shown.returncode == 0
    assert all(word in shown.stdout for word in ("run", "check", "list", "new", "schema", "report"))


NEEDED = """
import sys
from simulation.commands.app import app
for command in (["list"], ["parameters"], ["schema"], ["check", "tencent_live_2020"]):
    app(command, standalone_mode=False)
    heavy = {"numba", "mesa", "pandas", "plotly", "scipy"} & set(sys.modules)
    print(command[0], sorted(heavy), file=sys.stderr)
"""


def test_commands_that_run_nothing_need_nothing_that_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NEEDED], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines() == ["list []", "parameters []", "schema []", "check []"]


@pytest.mark.parametrize(
    ("module", "superfluous"),
    [
        ("simulation.pages.run.page", {"mesa", "scipy.stats", "simulation.world.model"}),
        ("simulation.laboratory", {"sklearn", "optuna", "SALib", "simulation.calibration.calibrate"}),
    ],
    ids=["a page that is written again", "a run"],
)
def test_nothing_is_imported_that_is_not_needed(module: str, superfluous: set[str]) -> None:
    code = f"import sys, {module}; print(sorted({superfluous} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_FOLDER, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_run_leaves_a_whole_folder_and_says_where(tmp_path: Path):
    done = run("run", "fruit_vendor", *SMALL, "--seed", "5", "--workers", "2", "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    folders = list((tmp_path / "fruit_vendor").iterdir())
    assert len(folders) == 1 and str(folders[0] / "report.html") in done.stdout
    assert sorted(file.name for file in folders[0].iterdir()) == [
        "SHA256SUMS",
        "channels.parquet",
        "claims.json",
        "daily.parquet",
        "manifest.json",
        "merchants.parquet",
        "moves.parquet",
        "platforms.parquet",
        "report.html",
        "report.zh.html",
        "runs.parquet",
        "scenario.toml",
    ]
    assert json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))["seed"] == 5
    assert pd.read_parquet(folders[0] / "runs.parquet")["replicate"].max() == 1
    again = told("report", str(folders[0]))
    assert again.returncode == 0 and "report.html" in again.stdout
    resolved = told("check", str(folders[0] / "scenario.toml"))
    assert resolved.returncode == 0 and "300 viewers" in resolved.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["run", "nonsense"], "no file 'nonsense'"),
        (["run", "fruit_vendr"], "did you mean 'fruit_vendor'"),
        (["run", "--set", "world.viewrs=3"], "did you mean 'viewers'"),
        (["run", "--set", "world.viewers"], "no key=value"),
        (["run", "--days", "0"], "world.days"),
        (["check", "fruit_vendor", "--set", "people.homophily=2"], "from 0 to 1"),
        (["report", "no_such_folder"], "holds no whole run"),
        (["run", "--out", "LICENSE/x"], "is a file"),
        (["run", "--workers", "0"], "workers"),
        (["new", "scenarios/fruit_vendor.toml"], "exists already"),
    ],
)
def test_a_mistake_ends_with_status_2_and_a_word_and_writes_nothing(
    words: list[str], expected: str, tmp_path: Path
):
    out = [] if "--out" in words or words[0] != "run" else ["--out", str(tmp_path / "results")]
    done = told(*words, *out)
    assert done.returncode == 2 and expected in done.stderr and not done.stdout, done.stderr
    assert "Traceback" not in done.stderr and not list(tmp_path.iterdir())


def test_a_process_ends_with_the_same_words_and_status():
    words = ("run", "fruit_vendr", "--set", "world.viewrs=3")
    apart, within = run(*words), told(*words)
    assert (apart.returncode, apart.stdout, apart.stderr) == (2, "", within.stderr)
    assert within.returncode == 2


def test_new_makes_a_scenario_that_runs(tmp_path: Path):
    file = tmp_path / "my question.toml"
    assert told("new", str(file)).returncode == 0
    assert told("check", str(file)).returncode == 0
    done = told("run", str(file), "--set", "world.viewers=200", "--days", "5", "--out", str(tmp_path / "r"))
    assert done.returncode == 0 and "The share-driven platform sells more" in done.stdout, done.stderr


def test_schema_list_and_parameters_print():
    assert json.loads(told("schema").stdout)["title"] == "Scenario"
    listed = told("list").stdout
    assert all(word in listed for word in ("tencent_live_2020", "taobao_live", "no_superstars"))
    assert "`people.homophily`" in told("parameters").stdout


@pytest.mark.parametrize("workers", ["1", "2"])
def test_interrupt_leaves_nothing_half_written(workers: str, tmp_path: Path):
    command = [
        sys.executable,
        str(PROJECT_FOLDER / "run.py"),
        "run",
        "--days",
        "3000",
        "--replications",
        "2",
        "--set",
        "world.viewers=2000",
        "--workers",
        workers,
        "--out",
        str(tmp_path),
    ]
    process = subprocess.Popen(
        command,
        cwd=PROJECT_FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that runs the tests in the background has its children ignore Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob("*/.*.partial")) and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(1.0)
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130 and "Stopped" in errors and "Traceback" not in errors, errors
    assert not [file for file in tmp_path.rglob("*") if file.is_file() or file.name.startswith(".")]
