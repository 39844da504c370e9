"""Ordinary machines that are unlike the one at hand: Windows, a home or checkout that cannot be written."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from simulation.claims.reading import check_table, read_scenario
from simulation.resources import DISTRIBUTION, PROJECT_FOLDER
from simulation.scenario import find_scenario
from simulation.state.compilation import cache_places
from simulation.state.compilation.cache_places import first_writable
from tests.support.worlds import everything_written, finished, preset

TINY = {"world.viewers": 120, "world.merchants": 12, "world.days": 20}
WORLDS = [
    ("own_rules", "feed_and_wheel"),
    ("platform_lineup", "pinduoduo"),
    ("support_plan", "for_newcomers"),
    ("tencent_live_2020", "tencent_live_plus_feed"),
]
AS_ON_WINDOWS = """
import multiprocessing, os, signal, sys
for name in ("fcntl", "grp", "pwd", "resource", "termios", "readline"):
    sys.modules[name] = None
for module, names in ((os, ("sched_getaffinity", "getuid", "killpg", "setsid")),
                      (signal, ("SIGHUP", "pthread_sigmask"))):
    for name in names:
        delattr(module, name)
multiprocessing.get_all_start_methods = lambda: ["spawn"]
sys.path.insert(0, {project!r})
if __name__ == "__main__":
    from simulation.commands.app import main
    main()
"""
COMPILES = """
from simulation.behaviour.merchants.adapting import revised_direction
found = revised_direction(1.0, 2, 3)
print(sum(revised_direction.stats.cache_misses.values()), found)
"""
NOTHING_CAN_BE_WRITTEN = """
import tempfile
def refused(*_, **__):
    raise PermissionError(13, "Permission denied")
tempfile.TemporaryFile = refused
from simulation.state.compiled import CACHE_FOLDER
from simulation.behaviour.merchants.adapting import revised_direction
print(CACHE_FOLDER, revised_direction(1.0, 2, 3))
"""


def python(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=PROJECT_FOLDER,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def fingerprints() -> list[str]:
    """All that is left of a few tiny worlds, to the byte; with every channel that there is."""
    market = check_table(
        {
            "name": "market",
            "title": "Market",
            "article_claims": False,
            "world": {key.removeprefix("world."): value for key, value in TINY.items()},
            "arms": [
                {
                    "name": "market",
                    "platforms": [
                        preset("taobao_live"),
                        preset("douyin"),
                        preset("kuaishou") | {"launch_day": 10},
                    ],
                }
            ],
        },
        "test",
    )
    asked = [(market, "market")] + [(read_scenario(find_scenario(name), TINY), arm) for name, arm in WORLDS]
    found = []
    for scenario, arm in asked:
        which = [known.name for known in scenario.arms].index(arm)
        content = hashlib.sha256()
        for key, values in sorted(everything_written(finished(scenario, which)).items()):
            content.update(f"{key} {values.dtype} {values.tolist()}".encode())
        found.append(content.hexdigest())
    return found


def test_plain_python_gives_what_compiled_code_gives_to_the_byte() -> None:
    code = "from tests.integration.test_machines import fingerprints; print(*fingerprints())"
    done = python("-c", code, NUMBA_DISABLE_JIT="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == fingerprints()


def test_a_run_needs_nothing_that_windows_does_not_have(tmp_path: Path) -> None:
    script = tmp_path / "as_on_windows.py"
    script.write_text(AS_ON_WINDOWS.format(project=str(PROJECT_FOLDER)), encoding="utf-8")
    small = [word for key, value in TINY.items() for word in ("--set", f"{key}={value}")]
    done = python(
        str(script),
        "run",
        "fruit_vendor",
        *small,
        "--replications",
        "2",
        "--workers",
        "2",
        "--out",
        str(tmp_path / "results"),
    )
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "results").glob("fruit_vendor/*/report.html"))) == 1


def test_rules_compile_where_nothing_can_be_written() -> None:
    done = python("-c", NOTHING_CAN_BE_WRITTEN)
    assert done.stdout == "None -1.0\n", done.stderr


def test_processes_that_start_together_compile_once(tmp_path: Path) -> None:
    together = [
        subprocess.Popen(
            [sys.executable, "-c", COMPILES],
            cwd=PROJECT_FOLDER,
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=300)[0].split() for process in together]
    assert [words[1:] for words in said] == [["-1.0"], ["-1.0"]]
    assert sorted(int(words[0]) for words in said) == [0, 1]
    assert [file.suffix for file in (tmp_path / "kernels").iterdir()] == [".code"]


def test_a_folder_with_another_package_of_our_name_is_not_taken_for_ours(tmp_path: Path) -> None:
    (tmp_path / "simulation").mkdir()
    (tmp_path / "simulation" / "__init__.py").write_text("raise AssertionError('not ours')", encoding="utf-8")
    small = [word for key, value in TINY.items() for word in ("--set", f"{key}={value}")]
    done = subprocess.run(
        [
            sys.executable,
            str(PROJECT_FOLDER / "run.py"),
            "run",
            "fruit_vendor",
            *small,
            "--replications",
            "2",
            "--workers",
            "2",
            "--out",
            str(tmp_path / "results"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0 and "not ours" not in done.stderr, done.stderr


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """A user's home and folder for temporary files."""
    places = {"home": tmp_path / "home", "temporary": tmp_path / "temporary"}
    for place in places.values():
        place.mkdir()
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(places["home"]))
    monkeypatch.setattr("tempfile.tempdir", str(places["temporary"]))
    return places


def unwritable(place: Path) -> Path:
    """A folder in which nothing can be made, not even by root: it is a file."""
    place.write_text("no folder", encoding="utf-8")
    return place


def test_compiled_code_goes_where_it_may(own_places: dict[str, Path], tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    assert first_writable([checkout], "kernels") == checkout / "kernels"
    sealed = unwritable(tmp_path / "sealed")
    assert first_writable([sealed, checkout], "kernels") == checkout / "kernels"
    name = DISTRIBUTION
    assert first_writable([sealed], "kernels") == own_places["home"] / ".cache" / name / "kernels"
    assert first_writable([], "kernels", [checkout]) == own_places["home"] / ".cache" / name / "kernels"


def test_without_a_home_compiled_code_goes_where_only_its_owner_may_write(
    own_places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed, home = unwritable(tmp_path / "sealed"), tmp_path / "nowhere"
    monkeypatch.setenv("HOME", str(home))
    found = first_writable([sealed], "kernels")
    assert found is not None and found.parents[1] == own_places["temporary"]
    assert found.parent.stat().st_mode & 0o077 == 0 and not home.exists()
    assert first_writable([], "kernels", [tmp_path / "beside"]) == tmp_path / "beside" / "kernels"
    found.parent.chmod(0o777)  # somebody else may have put code there
    assert first_writable([sealed], "kernels") is None
    monkeypatch.setenv("HOME", "relative")
    assert first_writable([sealed], "kernels") is None


def test_what_was_compiled_for_a_checkout_that_can_only_be_read_is_brought_along(
    own_places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_before = tmp_path / "checkout" / "kernels"
    (made_before / "behaviour").mkdir(parents=True)
    (made_before / "behaviour" / "code.nbi").write_text("compiled", encoding="utf-8")
    takes_files = cache_places._takes_files
    monkeypatch.setattr(
        cache_places, "_takes_files", lambda folder: folder != made_before and takes_files(folder)
    )
    found = first_writable([tmp_path / "checkout"], "kernels")
    assert found is not None and own_places["home"] in found.parents
    assert (found / "behaviour" / "code.nbi").read_text(encoding="utf-8") == "compiled"
    (found / "behaviour" / "code.nbi").write_text("newer", encoding="utf-8")
    assert first_writable([tmp_path / "checkout"], "kernels") == found
    assert (found / "behaviour" / "code.nbi").read_text(encoding="utf-8") == "newer"
