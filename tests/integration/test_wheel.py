"""The built wheel, installed into an empty environment and used from another folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulation import __version__
from simulation.resources import DISTRIBUTION, PROJECT_FOLDER, SCENARIOS_FOLDER

SMALL = ["--days", "3", "--replications", "1", "--set", "world.viewers=130", "--set", "world.merchants=8"]


@dataclass
class Installed:
    """An environment with the wheel in it, and a working folder elsewhere."""

    environment: Path
    folder: Path

    def run(self, *words: str, status: int = 0) -> str:
        """What a program of the environment prints."""
        ours = {
            "PATH": str(self.environment / "bin"),
            "HOME": str(self.folder.parent / "home"),
            "NUMBA_DISABLE_JIT": "1",
            "COLUMNS": "200",
            "PYTHONPYCACHEPREFIX": str(self.folder.parent / "bytecode"),
        }
        program = self.environment / ("Scripts" if os.name == "nt" else "bin") / words[0]
        done = subprocess.run(
            [str(program), *words[1:]],
            cwd=self.folder,
            env=ours,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PROJECT_FOLDER,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """The wheel with what it asks for in an environment that was empty."""
    place = tmp_path_factory.mktemp("elsewhere")
    made = Installed(place / "environment", place / "work")
    made.folder.mkdir()
    (place / "home").mkdir()
    uv = shutil.which("uv")
    assert uv is not None
    subprocess.run([uv, "venv", "-q", "--python", sys.executable, str(made.environment)], check=True)
    subprocess.run(
        [uv, "pip", "install", "-q", str(wheel)],
        check=True,
        env=os.environ | {"VIRTUAL_ENV": str(made.environment)},
    )
    yield made
    shutil.rmtree(made.environment)


def contents(folder: Path) -> set[Path]:
    """All files under `folder`."""
    return {file for file in folder.rglob("*") if file.is_file()}


def test_everything_that_the_package_and_its_questions_need_is_in_the_wheel(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "simulation", "scenarios"],
        cwd=PROJECT_FOLDER,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    wanted = {re.sub("^scenarios/", "simulation/_scenarios/", name) for name in tracked}
    assert len(wanted) > 300 and wanted <= held
    assert not [name for name in held if "__pycache__" in name]


def test_an_installed_laboratory_runs_and_leaves_results_where_it_was_called(installed):
    before = contents(installed.environment)
    installed.run("live-commerce", "run", "fruit_vendor", *SMALL)
    [report] = (installed.folder / "results" / "fruit_vendor").glob("*/report.html")
    assert report.stat().st_size > 10_000
    assert contents(installed.environment) == before
    assert str(report.parent.relative_to(installed.folder)) in installed.run("live-commerce", "report")


def test_the_package_runs_as_a_module_and_knows_the_questions_that_come_with_it(installed):
    listed = installed.run("python", "-m", "simulation", "list")
    assert all(file.stem in listed for file in SCENARIOS_FOLDER.glob("*.toml"))
    assert installed.run("live-commerce", "--version").startswith(f"{DISTRIBUTION} {__version__},")
    made = installed.run("live-commerce", "new", "mine.toml")
    assert "live-commerce run mine.toml" in made and "run.py" not in (
        installed.folder / "mine.toml"
    ).read_text(encoding="utf-8")


def test_compiled_rules_are_kept_in_the_user_s_own_folder(installed):
    code = "from simulation.state.compiled import CACHE_FOLDER; print(CACHE_FOLDER)"
    cache = Path(installed.run("python", "-c", code).strip())
    assert installed.folder.parent / "home" in cache.parents


def test_evidence_of_an_installed_laboratory_is_not_written_over(installed):
    said = installed.run("live-commerce", "validate", "--scale", status=2)
    assert "checkout" in said and "Traceback" not in said
