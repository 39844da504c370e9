"""One tree of errors: each where it belongs, and in the words of whoever is told."""

from __future__ import annotations

import ast
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from simulation import errors
from simulation.commands.wording import COMMAND_LINE
from simulation.commands.wording import REMEDIES as TYPED_REMEDIES
from simulation.errors import (
    PYTHON,
    REMEDIES,
    SET,
    AnalysisError,
    ArchiveError,
    ExecutionError,
    LaboratoryError,
    Problem,
    Remedy,
    ScenarioError,
)
from simulation.resources import PACKAGE_FOLDER

TREE = (LaboratoryError, ScenarioError, ArchiveError, ExecutionError, AnalysisError)
TYPED = re.compile(r"(?<![-\w])--\w|run\.py |live-commerce ")
"""What only those can type who use the command line."""

MAY_SAY_SCENARIO = (
    "errors.py",
    "scenario/",
    "claims/",
    "checking/",
    "world/agents/arguments.py",  # a model is made from a scenario
    "platforms/",  # plugins are files that a scenario names
    "validation/reasons.py",  # files written by hand, as those of facts
    "validation/foretelling/foretold.py",
    "ensembles/planning.py",
    "ensembles/sampling/",  # the sweep of a scenario, and its file of points
    "calibration/asked.py",
    "calibration/facts.py",  # its file of facts
    "measures/registry.py",  # measures that a scenario names
    "storage/files.py",  # what was stored is read as a scenario, and refused as an archive
    "__init__.py",  # the public name
)
"""Rooms and files in which scenarios are refused."""


@pytest.mark.parametrize("kind", TREE)
def test_an_error_survives_the_way_between_processes(kind: type[LaboratoryError]) -> None:
    error = kind("here", [Problem("key", "found", "allowed", 3, "file", Remedy("gather", "there"))])
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind and (again.source, again.problems) == (error.source, error.problems)
    assert str(again) == str(error)


def test_the_tree_has_one_root() -> None:
    assert all(issubclass(kind, LaboratoryError) for kind in TREE)
    assert all(kind.__base__ is LaboratoryError for kind in TREE[1:])
    public = {
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, LaboratoryError)
    }
    assert public == set(TREE)


def test_remedies_are_told_to_everybody_in_their_own_words() -> None:
    assert REMEDIES.keys() == TYPED_REMEDIES.keys()
    for key, words in REMEDIES.items():
        assert not TYPED.search(words), f"{key} tells those who call functions what to type: {words}"
        assert not re.search(r"\w=True|\w\(", TYPED_REMEDIES[key]), f"{key} tells what to call"
        assert ("{about}" in words) >= ("{about}" in TYPED_REMEDIES[key])


def test_a_remedy_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no remedy 'pray'"):
        Remedy("pray")


def test_what_to_do_next_stands_beside_what_is_allowed() -> None:
    error = ArchiveError("folder", [Problem("RUN", "half of one", "a whole one", remedy=Remedy("run", "it"))])
    assert "allowed: a whole one; run_experiment('it/scenario.toml') makes the run again" in str(error)
    assert re.search(
        r"allowed: a whole one; \S+ run it/scenario.toml makes the run again", error.as_text(COMMAND_LINE)
    )
    alone = ArchiveError("folder", [Problem("sweep", "runs", "", remedy=Remedy("resume_or_elsewhere"))])
    assert "allowed: resume=True to go on, or another folder" in str(alone)
    assert "allowed: --resume to go on, or another --out" in alone.as_text(COMMAND_LINE)


def test_a_name_in_braces_is_told_as_it_is() -> None:
    error = ArchiveError("{x}", [Problem("RUN", "{about}", "{0}", remedy=Remedy("gather", "{folder}"))])
    assert "in {folder} writes it again" in str(error) and "--out {folder}" in error.as_text(COMMAND_LINE)


@pytest.mark.parametrize(
    ("key", "called", "typed"),
    [
        ("arm=", "arm=", "--arm"),
        ("other_version=", "other_version=", "--other-version"),
        ("folder=", "folder=", "--out"),
        ("merchant=, viewer=", "merchant=, viewer=", "--merchant, --viewer"),
        (f"{SET}world.days", "overrides: world.days", "--set world.days"),
        ("arms.feed.label", "arms.feed.label", "arms.feed.label"),
        ("tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786", "tcp://127.0.0.1:8786"),
        ("a=b", "a=b", "a=b"),
    ],
)
def test_arguments_go_by_the_names_that_one_knows(key: str, called: str, typed: str) -> None:
    assert (PYTHON.named(key), COMMAND_LINE.named(key)) == (called, typed)
    error = AnalysisError("somewhere", [Problem(key, "found", "allowed")])
    assert f"  {called}\n" in str(error) and f"  {typed}\n" in error.as_text(COMMAND_LINE)


def test_an_error_that_is_raised_in_a_thread_is_the_same_error() -> None:
    error = ExecutionError("workers=", [Problem("processes", "killed", "fewer")])

    def fail() -> None:
        raise error

    with ThreadPoolExecutor(1) as pool, pytest.raises(ExecutionError) as caught:
        pool.submit(fail).result()
    assert caught.value is error


# ---- where errors are raised


def raised_in(text: str) -> set[str]:
    """Errors that are made somewhere in a file."""
    return {
        node.func.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def files_that_make(name: str) -> list[str]:
    return [
        path.relative_to(PACKAGE_FOLDER).as_posix()
        for path in sorted(PACKAGE_FOLDER.rglob("*.py"))
        if name in raised_in(path.read_text(encoding="utf-8"))
    ]


def test_only_what_is_about_a_scenario_says_so() -> None:
    strays = [file for file in files_that_make("ScenarioError") if not file.startswith(MAY_SAY_SCENARIO)]
    assert not strays, (
        f"{', '.join(strays)}: raise ArchiveError for files and folders of results, "
        "ExecutionError for runs, AnalysisError for questions to results"
    )
    assert raised_in("raise ScenarioError('a', [])") == {"ScenarioError"}, "the test itself can see one"


@pytest.mark.parametrize(
    ("name", "rooms"),
    [
        ("ArchiveError", ("storage/", "archive/", "ensembles/", "exports/", "laboratory/finished.py")),
        ("ExecutionError", ("runs/", "ensembles/", "measures/", "laboratory/")),
        ("AnalysisError", ("ensembles/", "calibration/", "validation/", "pages/", "laboratory/")),
        ("LaboratoryError", ("commands/", "scenario/registry.py")),  # files of the house itself
    ],
)
def test_every_other_error_has_its_rooms(name: str, rooms: tuple[str, ...]) -> None:
    files = files_that_make(name)
    assert files and all(file.startswith(rooms) for file in files), files


def test_nothing_below_the_command_line_tells_what_to_type() -> None:
    """Texts of problems outside commands/ name no option and no command."""
    strays = []
    for path in sorted(PACKAGE_FOLDER.rglob("*.py")):
        file = path.relative_to(PACKAGE_FOLDER).as_posix()
        if file.startswith("commands/"):
            continue
        for text, line in texts_of_problems(path):
            if TYPED.search(text):
                strays.append(f"{file}:{line}: {text}")
    assert not strays, "\n".join(strays)


def texts_of_problems(path: Path) -> list[tuple[str, int]]:
    """Texts within calls of `Problem` and of the errors."""
    made = {"Problem", *(kind.__name__ for kind in TREE)}
    return [
        (text.value, text.lineno)
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in made
        for text in ast.walk(call)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]
